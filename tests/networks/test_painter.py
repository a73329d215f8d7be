"""Painters as files: what is written is read, and what is damaged or hostile is refused by name."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from torch import Tensor

from scumble.features import tensors
from scumble.networks.painter import SIZES, Painter, between, load_painter_file, read_painter, unload_painters
from scumble.networks.transform import TransformNet
from scumble.wire.protocol.errors import ScumbleError

OWN, VIVID = {"two": TransformNet()}, {"one": torch.tensor([1.25, 1.5])}
LOOKS = {"one": torch.eye(3)[0], "two": torch.eye(3)[1]}


@pytest.fixture(scope="module")
def painter() -> Painter:
    torch.manual_seed(0)
    net = TransformNet()
    codes = {"one": torch.randn(len(SIZES), net.code_size) * 0.1}
    return Painter(net, codes | {"two": codes["one"]}, own=OWN, vivid=VIVID, looks=LOOKS)


@pytest.fixture
def file(painter: Painter, tmp_path: Path) -> Path:
    unload_painters()
    path = tmp_path / "mine.safetensors"
    tensors.store(path, painter.state())
    return path


def test_a_file_holds_the_painter(painter: Painter, file: Path) -> None:
    read = load_painter_file(file)
    assert (
        read.name == "mine"
        and set(read.codes) == {"one", "two"}
        and set(read.own) == {"two"}
        and read.looks.keys() == LOOKS.keys()
    )
    assert torch.allclose(read.codes["one"], painter.codes["one"], atol=1e-3)
    assert all(
        torch.equal(a.half(), b.half()) for a, b in zip(read.net.parameters(), painter.net.parameters(), strict=True)
    )
    assert read.vivid.keys() == {"one"} and torch.equal(read.vivid["one"], VIVID["one"])
    assert load_painter_file(file) is read
    wanted, found = (p.kernels("two", 700) for p in (painter, read))
    assert all(torch.allclose(a.weight, b.weight, atol=2e-3) for a, b in zip(wanted, found, strict=True))
    assert not torch.allclose(found[0].weight, read.kernels("one", 700)[0].weight, atol=2e-3), "it adds to the weights"


def test_another_file_in_its_place_is_another_painter(painter: Painter, file: Path) -> None:
    read = load_painter_file(file)
    changed = {k: v * 2 if k.startswith("code.") else v for k, v in painter.state().items()}
    tensors.store(file, changed)
    again = load_painter_file(file)
    assert torch.allclose(again.codes["one"], read.codes["one"] * 2)
    tensors.store(file, painter.state())
    assert torch.equal(load_painter_file(file).codes["one"], read.codes["one"])
    file.with_suffix(".json").unlink()
    with pytest.raises(ScumbleError):
        load_painter_file(file)


def test_codes_between_sizes() -> None:
    codes = torch.tensor([[0.0], [1.0], [3.0]])
    wanted = {100: 0.0, 256: 0.0, 362.04: 0.5, 512: 1.0, 724.08: 2.0, 1024: 3.0, 9000: 3.0}
    assert {s: pytest.approx(float(between(codes, s)), abs=1e-3) for s in wanted} == wanted


Damage = Callable[[dict[str, Tensor]], object]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda s: s.pop("net.out.weight"), "out.weight"),
        (lambda s: s.update({"net.out.bias": torch.zeros(4)}), "out.bias"),
        (lambda s: s.update({"net.out.bias": torch.full((3,), float("nan"))}), "out.bias"),
        (lambda s: s.update({"code.one": torch.zeros(2, 7)}), "one"),
        (lambda s: s.update({"code.one": s["code.one"] * float("inf")}), "one"),
        (lambda s: s.update({"vivid.one": torch.zeros(3)}), "one"),
        (lambda s: s.update({"look.two": torch.zeros(4)}), "two"),
        (lambda s: s.update({"look.two": torch.full((3,), float("nan"))}), "two"),
        (lambda s: s.pop("own.two.out.weight"), "out.weight"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(painter: Painter, damage: Damage, said: str) -> None:
    state = painter.state()
    damage(state)
    with pytest.raises(ScumbleError) as caught:
        read_painter(state, "mine.safetensors")
    assert caught.value.code == "weights-damaged"
    assert "mine.safetensors" in str(caught.value) and said in str(caught.value)


def test_another_digest_is_refused(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(ScumbleError, match=r"mine\.safetensors.*digest"):
        load_painter_file(file)


@pytest.mark.parametrize(
    "header", [b"{" * 64, b"\xff" * 64, json.dumps({"a": {"dtype": "F64", "shape": [1 << 60]}}).encode()]
)
def test_a_hostile_header_is_refused(file: Path, header: bytes) -> None:
    """Its digest fits: only the parser stands between."""
    data = struct.pack("<Q", len(header)) + header
    file.write_bytes(data)
    import hashlib

    file.with_suffix(".json").write_text(json.dumps({"sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(ScumbleError) as caught:
        load_painter_file(file)
    assert caught.value.code == "weights-damaged"


def test_a_header_that_promises_too_much_is_refused(file: Path) -> None:
    import hashlib

    data = struct.pack("<Q", 1 << 62) + b"{}"
    file.write_bytes(data)
    file.with_suffix(".json").write_text(json.dumps({"sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(ScumbleError) as caught:
        load_painter_file(file)
    assert caught.value.code == "weights-damaged"
