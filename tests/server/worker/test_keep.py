"""What broken-off runs leave: they go on with the same bits, whatever they strove for and wherever they were."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from skimage.data import astronaut, chelsea

from scumble.methods.base import Plan
from scumble.methods.run import run
from scumble.picture import Picture
from scumble.server.worker import keep as keeping
from scumble.server.worker.keep import FolderKeep, run_key, tidy
from scumble.training.loop.unwatched import Unwatched
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

CONTENT = Picture(chelsea()[40:232:4, 100:356:4].copy())
STYLE = Picture(astronaut()[::5, ::5].copy())
PICTURES = {p.ref().digest: p for p in (CONTENT, STYLE)}


class Watched(Unwatched):
    """A run that is broken off at its `last` save, as if its process were gone."""

    def __init__(self, folder: Path, last: int = 0) -> None:
        self.last, self.steps = last, [0]
        self.keep = FolderKeep(folder, lambda: "k", self.told, lambda: False)

    def told(self, first: bool) -> None:
        if not first and self.keep.count == self.last:
            raise KeyboardInterrupt

    def progress(self, step: int, of: int, *_: Any) -> None:
        self.steps.append(step)


def paint(report: Unwatched, **options: Any) -> NDArray[Any]:
    request = Request(content=CONTENT.ref(), styles=(Style("a", picture=STYLE.ref()),), **options)
    return run(request, lambda ref: PICTURES[ref.digest], report, Plan()).layer.data


def broken_off(folder: Path, last: int, **options: Any) -> bool:
    try:
        paint(Watched(folder, last), **options)
    except KeyboardInterrupt:
        return True
    return False


@pytest.fixture(autouse=True)
def at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCUMBLE_KEEP_SECONDS", "0")


OTHERS: list[dict[str, Any]] = [
    {"objective": "gram"}, {"objective": "gram", "optimizer": "lbfgs"}, {"objective": "covariance"},
    {"objective": "sliced"}, {"objective": "patches", "iterations": 12},
]  # fmt: skip


@pytest.mark.parametrize("options", [{"strength": 0.8}, *OTHERS], ids=lambda o: "-".join(map(str, o.values())))
def test_a_run_that_was_broken_off_goes_on_with_the_same_bits(tmp_path: Path, options: dict[str, Any]) -> None:
    options = {"iterations": 3, **options}
    whole = paint(Unwatched(), **options)
    counting = Watched(tmp_path / "counted")
    assert np.array_equal(paint(counting, **options), whole), "keeping changes nothing"
    saves = counting.keep.count
    assert saves > 4
    for last in (saves // 3, saves - 1):
        folder = tmp_path / str(last)
        assert broken_off(folder, last, **options)
        resumed = Watched(folder)
        assert np.array_equal(paint(resumed, **options), whole), f"broken off at save {last} of {saves}"
        assert resumed.keep.resumed and resumed.keep.count <= saves - last
        assert resumed.steps[1] > 1 and resumed.steps[-1] == counting.steps[-1], "steps are counted on"
        assert sorted(resumed.steps) == resumed.steps


def test_broken_off_again_and_again(tmp_path: Path) -> None:
    options: dict[str, Any] = {"iterations": 1}
    tries = 0
    while broken_off(tmp_path, 4, **options):
        tries += 1
        assert tries < 100
    assert tries > 2 and np.array_equal(paint(Watched(tmp_path), **options), paint(Unwatched(), **options))


def test_tensors_come_back_as_they_lay(tmp_path: Path) -> None:
    keep = FolderKeep(tmp_path, lambda: "k", lambda _: None, lambda: False)
    last = torch.rand(1, 3, 5, 7).to(memory_format=torch.channels_last)
    given = {"a": last, "b": torch.arange(6), "c": torch.zeros(0), "d": torch.rand(4, 3).t(), "e": torch.tensor(0.1)}
    keep.save("x", given, {"n": 0.1, "list": [1, 2]})
    kept = FolderKeep(tmp_path, lambda: "k", lambda _: None, lambda: False).load("x")
    assert kept is not None and kept.state == {"n": 0.1, "list": [1, 2]}
    for name, tensor in given.items():
        assert torch.equal(kept.tensors[name], tensor) and kept.tensors[name].dtype == tensor.dtype
    assert kept.tensors["a"].is_contiguous(memory_format=torch.channels_last)
    assert not list(tmp_path.rglob(f"*.{os.getpid()}"))


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "words"])
def test_what_is_damaged_is_as_good_as_none(tmp_path: Path, damage: str) -> None:
    keep = FolderKeep(tmp_path, lambda: "k", lambda _: None, lambda: False)
    keep.save("x", {"a": torch.rand(50)}, {})
    path = keep.folder / "x.safetensors"
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes({"cut": data[:-9], "changed": data, "empty": b"", "words": b"not at all" * 9}[damage])
    assert keep.load("x") is None and not keep.resumed


def test_what_is_kept_is_bounded_and_old_things_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "KEEP_BYTES", 10_000)
    keeps = [FolderKeep(tmp_path, lambda name=name: name, lambda _: None, lambda: False) for name in "abc"]
    for i, keep in enumerate(keeps):
        keep.save("x", {"t": torch.zeros(1000)}, {})
        os.utime(keep.folder, (time.time() - 100 + i,) * 2)
    there = {p.name for p in (tmp_path / keeping.FOLDER).iterdir()}
    assert there == {"b", "c"}, "the oldest made room"
    keeps[1].save("x", {"t": torch.zeros(5000)}, {})
    assert keeps[1].load("x") is not None and keeps[1].load("x").tensors["t"].shape == (1000,), "too much: not kept"
    os.utime(keeps[2].folder, (time.time() - 86400 * 8,) * 2)
    tidy(tmp_path / keeping.FOLDER)
    assert {p.name for p in (tmp_path / keeping.FOLDER).iterdir()} == {"b"}
    keeps[1].drop()
    assert not keeps[1].folder.exists()


def test_a_full_disk_costs_no_picture(tmp_path: Path) -> None:
    (tmp_path / keeping.FOLDER).write_text("in the way")
    assert np.array_equal(paint(Watched(tmp_path), iterations=1), paint(Unwatched(), iterations=1))


def test_other_bits_have_another_name() -> None:
    assert run_key("a", 0, "cpu") == run_key("a", 0, "cpu")
    assert len({run_key("a", 0, "cpu"), run_key("b", 0, "cpu"), run_key("a", 1, "cpu"), run_key("a", 0, "mps")}) == 4


def test_a_run_is_cancelled_while_it_is_kept(tmp_path: Path) -> None:
    class Cancelled(Watched):
        def check(self) -> None:
            if self.keep.count >= 3:
                raise ScumbleError("cancelled")

    with pytest.raises(ScumbleError, match="cancelled"):
        paint(Cancelled(tmp_path), iterations=2)
    assert np.array_equal(paint(Watched(tmp_path), iterations=2), paint(Unwatched(), iterations=2))
