"""Weights that are fetched, given by hand, damaged or hostile."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
import time
from pathlib import Path

import pytest
import safetensors.torch
import torch

from scumble.features import models, registry, tensors, vgg, weights
from scumble.features.download import file_digest
from scumble.wire.protocol.errors import ScumbleError


@pytest.fixture(autouse=True)
def nothing_loaded():
    registry.unload_encoders()
    yield
    registry.unload_encoders()


@pytest.fixture
def published(web, pth, monkeypatch):
    """VGG19's file on our server instead of torchvision's."""
    url, digest = web.put("vgg19-test.pth", pth.read_bytes())
    monkeypatch.setattr(vgg, "source", lambda name: vgg.Source(url, "vgg19-test.pth", digest[:8]))
    return web


def code_of(call, *args, **more) -> str:
    with pytest.raises(ScumbleError) as caught:
        call(*args, **more)
    return caught.value.code


def put_vgg19(state) -> Path:
    """VGG19's weights in the data folder, as `fetch` leaves them."""
    path = models.weights_file("vgg19")
    path.parent.mkdir(exist_ok=True)
    tensors.store(path, vgg.from_torchvision("vgg19", state))
    return path


def test_vgg19_is_fetched_converted_and_loaded_once(published, states):
    told = []
    path = weights.fetch("vgg19", lambda done, total: told.append(done))
    kept = safetensors.torch.load_file(path)
    assert set(kept) == set(vgg.torchvision_keys("vgg19"))
    assert torch.equal(kept["convs.conv3_1.weight"], states["vgg19"]["features.10.weight"])
    assert told and sorted(p.name for p in path.parent.iterdir() if p.suffix != ".lock") == [
        "vgg19.json",
        "vgg19.safetensors",
    ]
    assert registry.load_encoder("vgg19") is registry.load_encoder("vgg19", torch.device("cpu"), torch.float32)
    assert weights.fetch("vgg19") == path and len(published.ranges) == 1


def test_two_who_ask_at_once_download_once(published):
    found = []
    threads = [threading.Thread(target=lambda: found.append(weights.fetch("vgg19"))) for _ in range(2)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(found) == 2 and len(published.ranges) == 1


@pytest.mark.parametrize("kind", ["pth", "theirs", "ours"])
def test_a_file_given_by_hand(kind, pth, states, tmp_path, monkeypatch):
    monkeypatch.setattr(vgg, "source", lambda name: vgg.Source("http://x/w.pth", "w.pth", file_digest(pth)[:8]))
    given = pth if kind == "pth" else tmp_path / "w.safetensors"
    if kind == "theirs":
        safetensors.torch.save_file(states["vgg19"], given)
    if kind == "ours":
        safetensors.torch.save_file(vgg.from_torchvision("vgg19", states["vgg19"]), given)
    assert weights.add_file("vgg19", str(given)) == models.weights_file("vgg19")
    encoder = registry.load_encoder("vgg19")
    assert torch.equal(encoder.state_dict()["convs.conv5_4.bias"], states["vgg19"]["features.34.bias"])
    assert given.exists()


def test_what_is_there_is_not_replaced_unless_asked(states, tmp_path):
    path = put_vgg19(states["vgg19"])
    before = path.read_bytes()
    other = {k: v + 1 for k, v in states["vgg19"].items()}
    safetensors.torch.save_file(other, tmp_path / "w.safetensors")
    assert code_of(weights.add_file, "vgg19", tmp_path / "w.safetensors") == "weights-present"
    assert path.read_bytes() == before
    weights.add_file("vgg19", tmp_path / "w.safetensors", replace=True)
    assert path.read_bytes() != before
    registry.load_encoder("vgg19")


def test_a_file_that_is_another_is_refused(pth, states, tmp_path):
    assert code_of(weights.add_file, "vgg19", pth) == "weights-digest"  # not torchvision's digest
    safetensors.torch.save_file(states["vgg16"], tmp_path / "w.safetensors")
    assert code_of(weights.add_file, "vgg19", tmp_path / "w.safetensors") == "weights-damaged"
    assert code_of(weights.add_file, "vgg19", tmp_path / "none.pth") == "file-missing"
    assert code_of(weights.add_file, "slim", pth) == "model-unsuited"
    assert code_of(weights.add_file, "vgg99", pth) == "option-choice"
    assert not models.weights_file("vgg19").exists()


class Mischief:
    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)


@pytest.mark.parametrize("zipped", [True, False])
def test_a_pth_that_would_run_something_runs_nothing(tmp_path, zipped):
    torch.save(
        {"features.0.weight": Mischief(tmp_path / "done")}, tmp_path / "w.pth", _use_new_zipfile_serialization=zipped
    )
    assert code_of(vgg.read_pth, tmp_path / "w.pth") == "weights-damaged"
    assert not (tmp_path / "done").exists()


@pytest.mark.parametrize("data", [b"", b"\x00" * 64, b"PK\x03\x04broken"])
def test_a_pth_that_is_none(tmp_path, data):
    (tmp_path / "w.pth").write_bytes(data)
    assert code_of(vgg.read_pth, tmp_path / "w.pth") == "weights-damaged"


def test_a_changed_byte_is_found_and_nothing_is_fetched_in_its_place(published, states):
    path = put_vgg19(states["vgg19"])
    with path.open("r+b") as file:
        file.seek(-5, os.SEEK_END)
        file.write(b"\x01")
    changed = path.read_bytes()
    with pytest.raises(ScumbleError, match="digest differs") as caught:
        registry.load_encoder("vgg19")
    assert caught.value.code == "weights-damaged"
    assert path.read_bytes() == changed and published.ranges == []


def slim_copy(tmp_path: Path, data: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ship `data` as slim's weights, with its right digest."""
    import hashlib

    (tmp_path / "slim.safetensors").write_bytes(data)
    (tmp_path / "slim.json").write_text(json.dumps({"sha256": hashlib.sha256(data).hexdigest()}))
    monkeypatch.setattr(models, "SHIPPED", tmp_path)


def header(text: bytes, rest: bytes = b"") -> bytes:
    return struct.pack("<Q", len(text)) + text + rest


HOSTILE = {
    "empty": b"",
    "short": b"\x01\x02",
    "header longer than the file": struct.pack("<Q", 1 << 62) + b"{}",
    "not JSON": header(b"{{{{"),
    "no tensors": header(b"{}"),
    "offsets beyond the end": header(b'{"convs.conv1_1.weight":{"dtype":"F16","shape":[9],"data_offsets":[0,18]}}'),
    "huge shape": header(b'{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}', b"1234"),
    "unknown type": header(b'{"a":{"dtype":"P64","shape":[1],"data_offsets":[0,4]}}', b"1234"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_header_is_refused_by_name(kind, tmp_path, monkeypatch):
    slim_copy(tmp_path, HOSTILE[kind], monkeypatch)
    with pytest.raises(ScumbleError, match=r"slim\.safetensors") as caught:
        registry.load_encoder("slim")
    assert caught.value.code == "weights-damaged"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t[:, :1].contiguous(), "shape"),
        (lambda t: t.to(torch.int16), "finite"),
        (lambda t: t * float("nan"), "finite"),
        (lambda t: None, "has no"),
    ],
)
def test_a_tensor_that_does_not_fit_is_named(change, words, tmp_path, monkeypatch):
    state = safetensors.torch.load_file(models.SHIPPED / "slim.safetensors")
    changed = change(state.pop("convs.conv3_2.weight"))
    extra = {} if changed is None else {"convs.conv3_2.weight": changed}
    slim_copy(tmp_path, safetensors.torch.save({**state, **extra}), monkeypatch)
    with pytest.raises(ScumbleError, match=rf"{words}.*conv3_2|conv3_2.*{words}") as caught:
        registry.load_encoder("slim")
    assert caught.value.code == "weights-damaged"


@pytest.mark.parametrize("record", [None, b"", b"[]", b"{}", b"\xff"])
def test_a_digest_file_that_is_none_is_named(record, tmp_path, monkeypatch):
    slim_copy(tmp_path, (models.SHIPPED / "slim.safetensors").read_bytes(), monkeypatch)
    registry.load_encoder("slim")
    registry.unload_encoders()
    (tmp_path / "slim.json").unlink()
    if record is not None:
        (tmp_path / "slim.json").write_bytes(record)
    with pytest.raises(ScumbleError, match=r"slim\.json"):
        registry.load_encoder("slim")


@pytest.mark.skipif(os.name == "nt", reason="/dev/full is Linux's")
def test_a_full_disk_leaves_no_half_file(tmp_path):
    target = tmp_path / "vgg19.safetensors"
    (tmp_path / "vgg19.safetensors.part").symlink_to("/dev/full")
    assert code_of(tensors.store, target, {"a": torch.zeros(1 << 20)}) == "disk-full"
    assert not target.exists()


def test_whoever_waits_for_weights_is_told_and_may_leave(published, monkeypatch):
    monkeypatch.setattr(weights, "WATCH_SECONDS", 0.01)
    told: list[tuple[int, int]] = []
    path = weights.fetch_watched("vgg19", lambda done, total: told.append((done, total)))
    assert path.exists() and told and told[0] == (0, 0) and told == sorted(told)
    told.clear()
    assert weights.fetch_watched("vgg19", lambda *at: told.append(at)) == path and not told, "nothing to wait for"
    assert weights.fetch_watched("slim", lambda *at: told.append(at)).exists() and not told


def test_a_wait_that_was_left_leaves_what_has_come(web, tmp_path, monkeypatch):
    """The server is silent: whoever waits leaves at once all the same."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/w"
        monkeypatch.setattr(vgg, "source", lambda name: vgg.Source(url, "w", "0" * 8))
        told = []

        def watch(done: int, total: int) -> None:
            told.append(done)
            if len(told) > 2:
                raise ScumbleError("cancelled")

        begun = time.monotonic()
        assert code_of(weights.fetch_watched, "vgg16", watch) == "cancelled"
        assert time.monotonic() - begun < 10


def test_what_a_download_met_is_told_to_who_watched(web, tmp_path, monkeypatch):
    monkeypatch.setattr(vgg, "source", lambda name: vgg.Source(f"{web.address}/none", "w", "0" * 8))
    assert code_of(weights.fetch_watched, "vgg16", lambda done, total: None) == "weights-missing"
