"""`scumble animate` with a real engine: frames and videos in and out, broken off and continued with the same bits."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import coffee

from scumble.cli import main
from scumble.frames.video import Video
from scumble.picture import decode_file
from scumble.wire.client.client import Client
from scumble.wire.protocol.errors import ScumbleError

from ..frames.scenes import clip, warping_error, ways
from ..frames.test_video import write
from ..methods.test_places import landscape

pytestmark = [pytest.mark.timeout(240), pytest.mark.usefixtures("own_engine")]  # its worker loads torch once

HOW = ["--style", "scream", "--method", "fast", "--device", "cpu", "--quiet"]


@pytest.fixture
def frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six frames of a camera that pans."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "frames"
    folder.mkdir()
    for number, pixels in enumerate(clip("pan", 6)):
        Image.fromarray(pixels).save(folder / f"f{number + 8}.png")
    return folder


def painted(folder: str) -> list[np.ndarray]:
    return [decode_file(p).data for p in sorted(Path(folder).iterdir(), key=lambda p: (len(p.name), p.name))]


def test_frames_hold_together(frames: Path) -> None:
    assert main(["animate", str(frames), *HOW, "-o", "held/"]) == 0
    assert main(["animate", str(frames), *HOW, "-o", "alone/", "--steady", "0"]) == 0
    held, alone, maps = painted("held"), painted("alone"), ways("pan", 6)
    assert len(held) == len(alone) == 6 and (held[0] == alone[0]).all()
    assert warping_error(held, maps) < 0.5 * warping_error(alone, maps)
    assert not Path("held.part").exists()


def test_what_the_engine_remarks_is_told_once(frames: Path, capsys: pytest.CaptureFixture[str]) -> None:
    style = ["--style", str(frames / "f8.png"), *HOW[2:-1]]
    assert main(["animate", str(frames), *style, "-o", "out/"]) == 0
    assert capsys.readouterr().err.count("most similar style") == 1


def test_a_frame_without_the_place_that_is_painted_stays_as_it_is(
    frames: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sky, room = landscape(), coffee()[:384:4, :512:4]
    for number, pixels in enumerate((sky, room, sky)):
        Image.fromarray(pixels).save(frames / f"s{number}.png")
    files = [str(frames / f"s{number}.png") for number in range(3)]
    assert main(["animate", *files, *HOW[:-1], "--where", "sky", "-o", "skies/"]) == 0
    found = painted("skies")
    assert (found[1] == room).all() and (found[0] != sky).mean() > 0.1 and (found[2] != sky).mean() > 0.1
    assert capsys.readouterr().err.count("the frame stays as it is") == 1


def breaks_off(monkeypatch: pytest.MonkeyPatch, at: int) -> list[object]:
    """Ctrl-C comes when the engine is asked for the frame `at`, from 1; what it was asked with, so far."""
    run, asked = Client.run, list[object]()

    def counted(*arguments):
        asked.append(arguments)
        if len(asked) == at:
            raise KeyboardInterrupt
        return run(*arguments)

    monkeypatch.setattr(Client, "run", counted)
    return asked


def test_broken_off_it_goes_on_with_the_same_bits(frames: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["animate", f"{frames}/*.png", *HOW, "-o", "whole/{number}.png"]) == 0
    asked = breaks_off(monkeypatch, 4)
    assert main(["animate", f"{frames}/*.png", *HOW, "-o", "broken/{number}.png"]) == 130
    assert len(painted("broken")) == 3
    assert main(["animate", f"{frames}/*.png", *HOW, "-o", "broken/{number}.png"]) == 0
    assert len(asked) == 4 + 3  # what was done is not painted again
    assert all((a == b).all() for a, b in zip(painted("whole"), painted("broken"), strict=True))


def test_a_video_in_and_out(frames: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(frames.parent / "in.mp4", clip("pan", 4), sound=True)
    assert main(["animate", str(source), *HOW, "-o", "out.mp4"]) == 0
    found = [f for f, _ in Video("out.mp4").frames()]
    assert len(found) == 4 and (np.abs(found[0].astype(int) - clip("pan", 1)[0]) > 10).mean() > 0.3
    assert main(["animate", str(source), *HOW, "-o", "out.mp4"]) == 1
    assert "file-there" in capsys.readouterr().err
    assert main(["animate", str(source), *HOW, "-o", "stills"]) == 0
    assert sorted(p.name for p in Path("stills").iterdir()) == ["0001.png", "0002.png", "0003.png", "0004.png"]
    assert main(["animate", str(frames), *HOW, "-o", "made.mkv", "--fps", "5"]) == 0
    assert Video("made.mkv").timing().rate == 5 and not list(Path().glob("*.part"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["nothing.mp4", "-o", "a.mp4"], "file-missing"),
        (["empty/", "-o", "a/"], "files-none"),
        (["frames/", "-o", "frames/"], "file-source"),
        (["frames/", "x.mp4", "-o", "a.mp4"], "file-clash"),
        (["frames/", "-o", "one.png"], "file-clash"),
    ],
)
def test_what_cannot_be(frames: Path, words: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("empty").mkdir()
    assert main(["animate", *words, *HOW]) == 1
    said = capsys.readouterr().err
    assert code in said and "Traceback" not in said


def test_without_the_extra_it_says_how_to_get_it(frames: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "scumble.frames.video", None)
    assert main(["animate", "frames/", *HOW, "-o", "a/"]) == 1
    with pytest.raises(ScumbleError, match="frames"):
        raise ScumbleError("extra-missing", package="av", what="Painting frames", extra="frames")
