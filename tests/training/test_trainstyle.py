"""A style of one's own: learned, kept through interruptions, and put into the library whole."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from filelock import FileLock
from PIL import Image
from safetensors.torch import load_file

from scumble.features import tensors
from scumble.features.models import read_digest
from scumble.features.registry import load_encoder, weights_digest
from scumble.networks.painter import SIZES, read_painter
from scumble.styles.card import load_card
from scumble.styles.library import find_style, list_styles, own_style_file, remove_style
from scumble.styles.own import own_names
from scumble.styles.statistics import PictureStyle
from scumble.training.library.thumbnails import thumbnail
from scumble.training.loop.run import Report, ignore
from scumble.training.own import contents, newstyle, targets, trainstyle
from scumble.training.own.order import Order
from scumble.training.own.targets import read_painting
from scumble.training.own.trainstyle import Training
from scumble.wire.protocol.errors import ScumbleError

from .conftest import draw


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statistics are measured on small pictures."""
    real = PictureStyle.moments
    monkeypatch.setattr(PictureStyle, "moments", lambda self, e, side, taps: real(self, e, min(side, 64), taps))
    monkeypatch.setattr(targets, "SIZES", (64, 64, 64))
    monkeypatch.setattr(targets, "VARIANTS", 2)
    monkeypatch.setattr(contents, "BANK", 12)
    monkeypatch.setattr(trainstyle, "STEPS_A_PAIR", 10**6)
    monkeypatch.setattr(trainstyle, "SHEET_SECONDS", 10**6)  # or what is told would be by the clock


@pytest.fixture
def order(painting: Path, photos: Path, painter: Path) -> Order:
    return Order(painting, photos, "my-wave", "My Wave", steps=4, size=64, batch=2, device="cpu")


def train(order: Order, on_step: Callable[[Report], None] = ignore) -> dict[str, Any] | None:
    return Training(order, "1.2", lambda what, done, of: None).run(on_step)


@pytest.fixture
def learned(order: Order, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Order:
    """An order of one step that was carried out, once for all tests of this file: its style is in the library."""
    done, kept = replace(order, steps=1), tmp_path_factory.getbasetemp() / "learned"
    if not kept.exists():
        assert train(replace(done, title="old"))
        shutil.copytree(tmp_path / "data", kept)
    shutil.copytree(kept, tmp_path / "data", dirs_exist_ok=True)
    return done


def stop_at(step: int) -> Callable[[Report], None]:
    def on_step(report: Report) -> None:
        if report.step == step:
            os.kill(os.getpid(), signal.SIGINT)

    return on_step


def code_of(order: Order) -> str:
    with pytest.raises(ScumbleError) as error:
        train(order)
    return error.value.code


def test_a_code_joins_the_library(order: Order, painter: Path, tmp_path: Path) -> None:
    account = train(replace(order, steps=12, artist="Ann", year=1831, licence="mine", tags=("sea", "blue")))
    assert account and account["steps"] == 12 and account["device"] == "cpu" and account["version"] == "1.2"
    assert account["after"]["style"] < account["before"]["style"]
    listed = list_styles()[-1]
    assert (listed["name"], listed["title"], listed["artist"], listed["year"]) == ("my-wave", "My Wave", "Ann", 1831)
    assert listed["own"] and listed["tags"] == ["sea", "blue"] and listed["licence"] == "mine"
    assert find_style("my-wave")["account"]["before"] == account["before"]
    found = own_style_file("my-wave")
    assert found and found[1:] == ("code", read_digest(painter), "great-wave")
    state = tensors.load_checked(found[0])
    net = read_painter(load_file(painter), "x").net
    assert set(state) == {"code.my-wave"} and state["code.my-wave"].shape == (len(SIZES), net.code_size)
    moments = load_card("my-wave", weights_digest("slim")).moments(load_encoder("slim"), 512, ["conv3_1"])
    assert moments["conv3_1"].isfinite().all()
    shown = list_styles(thumbnails=True)[-1]["thumbnail"]
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.format == "JPEG" and picture.size == (96, 96)
    left = sorted(p.name for p in (tmp_path / "data" / "training" / "my-wave").iterdir())
    assert left == ["lock", "log.jsonl", "sheet.png"]


def test_it_begins_as_the_style_that_is_most_like_it(order: Order, painter: Path) -> None:
    lesson = Training(order, "", lambda what, done, of: None)._lesson(contents.read_contents(order.content, 64, 1, 12))
    known = read_painter(load_file(painter), "x")
    assert torch.equal(lesson.apprentice.codes, known.codes["great-wave"])
    summed = known.net.out.weight + known.own["great-wave"].out.weight
    assert torch.equal(lesson.apprentice.net.out.weight, summed)
    assert [n for n, p in lesson.apprentice.named_parameters() if p.requires_grad] == ["codes"]


@pytest.mark.timeout(240)
def test_pairs_are_painted_on_the_way(order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair for so many steps; a run that was stopped finds them again, and none is left at the end."""
    monkeypatch.setattr(trainstyle, "STEPS_A_PAIR", 3)
    asked = replace(order, out=tmp_path / "run", steps=6)
    assert train(asked, stop_at(2)) is None
    made = sorted((tmp_path / "run").glob("pairs-*/my-wave/*.png"))
    assert [p.name for p in made] == ["000-512.png", "001-1024.png"]
    with Image.open(made[0]) as pair:
        assert pair.size == (256, 128)
    account = train(asked)
    assert account and account["pairs"] == 2 and not list((tmp_path / "run").glob("pairs-*"))
    found = own_style_file("my-wave")
    assert found and set(tensors.load_checked(found[0])) == {"code.my-wave", "vivid.my-wave"}


def test_a_network_of_its_own(order: Order, painting: Path, painter: Path) -> None:
    account = train(replace(order, alone=True, steps=30))
    assert account and account["after"]["style"] < account["before"]["style"]
    found = own_style_file("my-wave")
    assert found and found[1] == "network"
    own = read_painter(tensors.load_checked(found[0]), "painter.safetensors")
    assert set(own.codes) == {"my-wave"}
    assert list_styles(thumbnails=True)[-1]["thumbnail"] == thumbnail(own, "my-wave", read_painting(painting)), (
        "it painted its own"
    )
    before = read_painter(load_file(painter), "x").net.state_dict()
    assert not torch.equal(before["out.weight"], own.net.state_dict()["out.weight"])


def test_without_a_generator(order: Order, painter: Path) -> None:
    painter.unlink()
    assert code_of(order) == "generator-missing"


def test_a_damaged_generator(order: Order, painter: Path) -> None:
    painter.write_bytes(painter.read_bytes()[:-4])
    assert code_of(order) == "weights-damaged" and own_names() == []


def test_stopped_it_goes_on(order: Order, tmp_path: Path) -> None:
    assert train(order, stop_at(2)) is None
    assert own_names() == [] and (tmp_path / "data" / "training" / "my-wave" / "checkpoint.safetensors").is_file()
    steps: list[int] = []
    assert train(replace(order, resume=True), lambda report: steps.append(report.step))
    assert steps == [3, 4] and own_names() == ["my-wave"]
    stopped = tensors.load_checked(own_style_file("my-wave")[0])  # type: ignore[index]
    remove_style("my-wave")
    assert train(order)
    whole = tensors.load_checked(own_style_file("my-wave")[0])  # type: ignore[index]
    assert torch.allclose(stopped["code.my-wave"], whole["code.my-wave"], atol=1e-3)


def test_it_is_not_gone_on_with_in_another_way(order: Order, tmp_path: Path) -> None:
    assert code_of(replace(order, resume=True)) == "checkpoint-missing"
    assert train(order, stop_at(2)) is None
    assert code_of(replace(order, alone=True)) == "checkpoint-unusable"
    other = replace(order, painting=draw(tmp_path / "other.png", (80, 64), 5))
    assert code_of(other) == "checkpoint-unusable"
    with pytest.raises(ScumbleError, match="another painting"):  # before a photograph is read
        Training(replace(other, content=tmp_path / "nowhere"), "", lambda what, done, of: None)
    assert train(order)


@pytest.mark.parametrize("call", ["mkdir", "store", "save_card", "write_text", "rename 1", "rename 2"])
def test_interrupted_while_it_is_stored(learned: Order, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    class Killed(BaseException):
        pass

    def dies(*args: Any, **more: Any) -> None:
        raise Killed

    renames = [int(call[-1]) if call.startswith("rename") else 0]
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        renames[0] -= 1
        return real(self, target) if renames[0] else dies()  # type: ignore[func-returns-value]

    again = replace(learned, replace=True, title="new")
    with monkeypatch.context() as patch:
        if call.startswith("rename"):
            patch.setattr(Path, "rename", rename)
        elif call == "mkdir":
            patch.setattr(newstyle.shutil, "rmtree", dies)
        elif call == "write_text":
            patch.setattr(Path, "write_text", dies)
        else:
            patch.setattr(*((newstyle, "save_card") if call == "save_card" else (newstyle.tensors, "store")), dies)
        with pytest.raises(Killed):
            train(again)
    titles = [s["title"] for s in list_styles() if s["own"]]
    assert titles == ([] if call == "rename 2" else ["old"])  # between the two renames the checkpoint is all there is
    assert train(replace(again, resume=True))
    assert find_style("my-wave")["title"] == "new" and load_card("my-wave", weights_digest("slim"))
    folder = own_style_file("my-wave")[0].parent  # type: ignore[index]
    assert [p.name for p in folder.parent.iterdir()] == ["my-wave"]


def test_a_full_disk_at_the_end_leaves_what_was_there(learned: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    real = newstyle.save_card

    def full(*args: Any) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(newstyle, "save_card", full)
    assert code_of(replace(learned, replace=True)) == "disk-full"
    assert own_names() == ["my-wave"]
    monkeypatch.setattr(newstyle, "save_card", real)
    steps: list[int] = []
    assert train(replace(learned, replace=True), lambda report: steps.append(report.step))
    assert steps == []  # nothing had to be learned again


def test_names(order: Order, learned: Order, tmp_path: Path) -> None:
    def name_of(order: Order) -> str:
        return Training(order, "", lambda what, done, of: None).name

    assert name_of(replace(order, name="")) == "the-wave-1831"
    odd = draw(tmp_path / "Ça, été — 夏.png", (64, 64), 1)
    assert name_of(replace(order, name="", painting=odd)) == "ca-ete"
    assert code_of(replace(order, name="", painting=draw(tmp_path / "夏.png", (64, 64), 1))) == "style-name"
    for name in ("Wave", "../x", "nul"):
        assert code_of(replace(order, name=name)) == "style-name"
    for replaced in (False, True):
        assert code_of(replace(order, name="scream", replace=replaced)) == "style-taken"
    assert code_of(learned) == "style-taken"


def test_what_is_wrong_is_said_before_anything_is_trained(order: Order, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    cases = {
        "file-missing": replace(order, painting=tmp_path / "none.png"),
        "painting-small": replace(order, painting=draw(tmp_path / "dot.png", (1, 1), 1)),
        "picture-unreadable": replace(order, painting=tmp_path / "file"),
        "contents-missing": replace(order, content=tmp_path / "empty"),
        "device-unavailable": replace(order, device="cuda:77"),
        "file-write": replace(order, out=tmp_path / "file" / "run"),
    }
    assert {code: code_of(case) for code, case in cases.items()} == {code: code for code in cases}
    assert own_names() == []


def test_two_at_once_in_a_folder(order: Order, tmp_path: Path) -> None:
    out = tmp_path / "run"
    out.mkdir()
    with FileLock(out / "lock"):
        assert code_of(replace(order, out=out)) == "training-running"
    assert train(replace(order, out=out, steps=1)) and (out / "sheet.png").is_file()
    shutil.rmtree(out)


def test_the_log_tells_the_losses(order: Order, tmp_path: Path) -> None:
    assert train(replace(order, steps=40))
    text = (tmp_path / "data" / "training" / "my-wave" / "log.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {20, 40} <= {line["step"] for line in lines}
    assert lines[-1]["style"] < lines[0]["style"] and set(lines[-1]["held_out"]) == {"style", "content", "lattice"}
