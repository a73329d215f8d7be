"""Many pictures in one command, with a real engine: what fails is told, and the rest is painted."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scumble.cli import main
from scumble.cli.places import find_pictures, is_one, places_for
from scumble.picture import decode_file
from scumble.wire.protocol.errors import ScumbleError

pytestmark = [pytest.mark.timeout(180), pytest.mark.usefixtures("own_engine")]  # its worker loads torch once

STYLE = ["--style", "scream", "--method", "fast", "--device", "cpu"]


@pytest.fixture
def photos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Eleven pictures, and three that cannot be painted."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "Fotos ä"
    folder.mkdir()
    rng = np.random.default_rng(1)
    for number in range(1, 12):
        Image.fromarray(rng.integers(0, 256, (24 + number, 40, 3), np.uint8)).save(folder / f"frame{number}.png")
    (folder / "broken.png").write_bytes((folder / "frame1.png").read_bytes()[:90])
    (folder / "empty.jpg").write_bytes(b"")
    Image.new("RGBA", (30, 30)).save(folder / "clear.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_a_folder_is_painted_and_what_fails_is_told(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stylize", str(photos), *STYLE, "-o", "painted/", "--json"]) == 1
    said = capsys.readouterr()
    lines = [json.loads(line) for line in said.out.splitlines()]
    assert lines[-1]["painted"] == 11 and lines[-1]["skipped"] == 0
    reasons = {Path(f["source"]).name: f["error"]["code"] for f in lines[-1]["failed"]}
    assert reasons == {
        "broken.png": "picture-truncated",
        "empty.jpg": "picture-truncated",
        "clear.png": "picture-transparent",
    }
    assert "3 failed" in said.err and "Traceback" not in said.err
    painted = sorted(p.name for p in Path("painted").iterdir())
    assert painted == sorted(f"frame{n}.png" for n in range(1, 12))
    before, after = (decode_file(f / "frame3.png") for f in (photos, Path("painted")))
    assert before.box == after.box and (before.data != after.data).mean() > 0.5


def test_what_is_there_is_asked_about_skipped_or_replaced(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("out").mkdir()
    Path("out/frame1.png").write_bytes(b"mine")
    words = ["stylize", f"{photos}/frame[12].png", *STYLE, "-o", "out"]
    assert main(words) == 1
    assert "file-there" in capsys.readouterr().err and not Path("out/frame2.png").exists()
    assert main([*words, "--skip-existing"]) == 0
    assert Path("out/frame1.png").read_bytes() == b"mine" and Path("out/frame2.png").exists()
    assert "1 painted, 1 skipped" in capsys.readouterr().err
    stamp = Path("out/frame2.png").stat().st_mtime_ns
    assert main([*words, "--skip-existing", "--quiet"]) == 0
    assert Path("out/frame2.png").stat().st_mtime_ns == stamp
    assert main([*words, "--overwrite", "--quiet"]) == 0
    assert decode_file("out/frame1.png").box == decode_file(photos / "frame1.png").box


def test_what_the_engine_remarks_is_told_once(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    style = ["--style", str(photos / "frame9.png"), "--method", "fast", "--device", "cpu"]
    assert main(["stylize", f"{photos}/frame[12].png", *style, "-o", "out/", "--json"]) == 0
    said = capsys.readouterr()
    told = [json.loads(line)["notes"] for line in said.out.splitlines()[:2]]
    assert all(any(note["code"] == "style-predicted" for note in notes) for notes in told)
    assert said.err.count("most similar style") == 1 and "frame1.png: " in said.err


def test_frames_are_counted_in_their_order(photos: Path) -> None:
    found = find_pictures([f"{photos}/frame*.png"])
    assert [Path(f).stem for f in found] == [f"frame{n}" for n in range(1, 12)]
    assert [p.target for p in places_for(found, "n/{number}-{name}.jpg")][8:10] == [
        "n/09-frame9.jpg",
        "n/10-frame10.jpg",
    ]
    assert is_one(["a.png"]) and is_one(["-"]) and not is_one([str(photos)]) and not is_one(["*.png"])


@pytest.mark.parametrize(
    ("output", "code"),
    [("one.png", "file-clash"), ("out/same-{suffix}.png", "file-clash"), ("out/{name}.bmp", "file-format")],
)
def test_places_that_cannot_be(photos: Path, output: str, code: str) -> None:
    with pytest.raises(ScumbleError) as caught:
        places_for(find_pictures([f"{photos}/frame*.png"]), output)
    assert caught.value.code == code


def test_no_picture_is_painted_over(photos: Path) -> None:
    with pytest.raises(ScumbleError) as caught:
        places_for(find_pictures([f"{photos}/frame*.png"]), str(photos))
    assert caught.value.code == "file-source"
    (photos.parent / "nothing").mkdir()
    for given in ("nothing", "none-*.png"):
        with pytest.raises(ScumbleError) as caught:
            find_pictures([given])
        assert caught.value.code == "files-none"


def test_what_no_picture_can_help_ends_it_at_once(photos: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["stylize", str(photos), "--style", "screem", "-o", "painted/"]) == 1
    said = capsys.readouterr().err
    assert "style-unknown" in said and "0 painted" in said


@pytest.mark.parametrize("words", [["-", "a.png", "-o", "out/"], ["-", "-o", "out/"], ["a.png", "b.png", "-o", "-"]])
def test_pipes_are_for_one_picture(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["stylize", *STYLE, *words])
    assert caught.value.code == 2 and "Traceback" not in capsys.readouterr().err


def test_from_stdin_to_stdout(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (photos / "frame4.png").read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    out = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", out)
    assert main(["stylize", "-", *STYLE, "-o", "-"]) == 0
    out.flush()
    painted = decode_file(out.buffer.getvalue())  # type: ignore[attr-defined]
    assert painted.box == decode_file(data).box and (painted.data != decode_file(data).data).mean() > 0.5
