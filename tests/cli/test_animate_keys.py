"""`scumble animate --key` with a real engine: frames painted by hand come out as they are, and others follow them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scumble.cli import main
from scumble.cli.animation.keys import Spool, keys_of
from scumble.frames.video import Video
from scumble.picture import decode_file
from scumble.wire.client.client import Client
from scumble.wire.protocol.errors import ScumbleError

from ..frames.scenes import HEIGHT, WIDTH, clip, passing
from ..frames.test_video import write
from .test_animate import HOW, breaks_off, painted

pytestmark = [pytest.mark.timeout(240), pytest.mark.usefixtures("own_engine")]  # its worker loads torch once
COUNT = 6


@pytest.fixture
def frames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Six frames in which a thing goes to the right, and a mark by hand on it in the second."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "frames").mkdir()
    for number, pixels in enumerate(passing(COUNT)[0]):
        Image.fromarray(pixels).save(tmp_path / "frames" / f"f{number + 8}.png")
    mark(1).save("mark.png")
    rng = np.random.default_rng(8)
    for number in (1, 5):
        Image.fromarray(rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8)).save(f"all{number}.png")
    return tmp_path / "frames"


def mark(number: int) -> Image.Image:
    data = np.zeros((HEIGHT, WIDTH, 4), np.uint8)
    data[50:70, 30 + 3 * number : 50 + 3 * number] = (255, 0, 255, 255)
    return Image.fromarray(data)


def is_marked(frame: np.ndarray) -> np.ndarray:
    found: np.ndarray = (frame[..., 0] > 235) & (frame[..., 1] < 25) & (frame[..., 2] > 235)
    return found


def test_a_mark_by_hand_leads_the_frames_before_and_after_it(frames: Path) -> None:
    assert main(["animate", "frames", *HOW, "-o", "out/", "--key", "f9=mark.png"]) == 0
    assert main(["animate", "frames", *HOW, "-o", "plain/"]) == 0
    found, plain = painted("out"), painted("plain")
    assert len(found) == COUNT and not any(is_marked(f).any() for f in plain)
    for number, frame in enumerate(found):
        there = np.zeros((HEIGHT, WIDTH), bool)
        there[50:70, 30 + 3 * number : 50 + 3 * number] = True
        seen = is_marked(frame)
        assert (seen & there).sum() > (399 if number == 1 else 300) and (seen & ~there).sum() < 20, number
    assert (found[0][90:] == plain[0][90:]).all(), "where the hand painted nothing all is as without it"


def test_keys_come_out_to_the_bit_at_their_own_depth_and_cost_no_painting(
    frames: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = np.random.default_rng(8).integers(0, 65535, (HEIGHT, WIDTH, 3), np.uint16)
    import cv2

    assert cv2.imwrite("deep.png", deep[..., ::-1])
    run, count = Client.run, 0

    def counted(*arguments):
        nonlocal count
        count += 1
        return run(*arguments)

    monkeypatch.setattr(Client, "run", counted)
    assert main(["animate", "frames", *HOW, "-o", "out/", "--key", "1=all1.png", "--key", "6=deep.png"]) == 0
    found = painted("out")
    assert count == COUNT - 2
    assert (found[0] == decode_file("all1.png").data).all() and (found[5] == deep).all()
    left = [np.abs(f[4:36, 4:-4].astype(int) - found[0][4:36, 4:-4]).mean() for f in found[:5]]
    assert left == sorted(left) and left[4] > 3 * left[1], "it goes over from the one to the other"


def test_broken_off_it_goes_on_with_the_same_bits(frames: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(frames.parent / "in.mp4", passing(COUNT)[0])
    how = [*HOW, "--key", "2=mark.png", "--key", "6=all5.png"]
    run = Client.run
    for name, words in (("files", ["frames"]), ("video", [str(source)])):
        monkeypatch.setattr(Client, "run", run)
        assert main(["animate", *words, *how, "-o", f"{name}/{{number}}.png"]) == 0
        breaks_off(monkeypatch, 4)
        assert main(["animate", *words, *how, "-o", f"{name}-broken/{{number}}.png"]) == 130
        assert len(painted(f"{name}-broken")) == 3
        assert main(["animate", *words, *how, "-o", f"{name}-broken/{{number}}.png"]) == 0
        pairs = zip(painted(name), painted(f"{name}-broken"), strict=True)
        assert all((a == b).all() for a, b in pairs), name
    assert not list(Path().glob("*.part"))


def test_other_keys_begin_anew(frames: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = breaks_off(monkeypatch, 3)
    assert main(["animate", "frames", *HOW, "-o", "out/", "--key", "2=mark.png"]) == 130
    assert main(["animate", "frames", *HOW, "-o", "out/", "--key", "3=mark.png", "--overwrite"]) == 0
    assert len(asked) == 3 + COUNT


def test_a_video_is_led_and_nothing_is_kept_of_it(frames: Path) -> None:
    source = write(frames.parent / "in.mp4", passing(COUNT)[0])
    assert main(["animate", str(source), *HOW, "-o", "out.mkv", "--key", "0002=mark.png"]) == 0
    last = [f for f, _ in Video("out.mkv").frames()][-1].astype(int)
    inside = last[54:66, 30 + 15 + 4 : 50 + 15 - 4]
    assert np.abs(inside - (255, 0, 255)).mean() < 25 and not list(Path().glob("*.part"))


def test_a_selection_keeps_the_hand_within_it(frames: Path) -> None:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    mask[:60] = 255
    Image.fromarray(mask).save("mask.png")
    assert main(["animate", "frames", *HOW, "-o", "out/", "--key", "2=all1.png", "--selection", "mask.png"]) == 0
    key, source = painted("out")[1], passing(COUNT)[0][1]
    assert (key[:60] == decode_file("all1.png").data[:60]).all() and (key[60:] == source[60:]).all()


def test_frames_of_another_size_are_another_scene(frames: Path) -> None:
    Image.fromarray(clip("pan", 1)[0][:80]).save(frames / "f12.png")
    assert main(["animate", "frames", *HOW, "-o", "out/", "--key", "2=mark.png"]) == 0
    assert main(["animate", "frames", *HOW, "-o", "plain/"]) == 0
    found, plain = painted("out"), painted("plain")
    assert is_marked(found[3]).sum() > 250 and (found[5] == plain[5]).all() and found[4].shape == (80, WIDTH, 3)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["7=mark.png"], "key-nowhere"),
        (["0=mark.png"], "key-nowhere"),
        (["f3.png=mark.png"], "key-nowhere"),
        (["f9=mark.png", "2=all1.png"], "key-twice"),
        (["2=small.png"], "key-differs"),
        (["2=gone.png"], "file-missing"),
        (["2=text.png"], "picture-unreadable"),
        (["mark.png"], "option-type"),
        (["empty"], "files-none"),
    ],
)
def test_what_is_no_key(frames: Path, words: list[str], code: str, capsys: pytest.CaptureFixture[str]) -> None:
    mark(0).resize((40, 30)).save("small.png")
    Path("text.png").write_text("no picture")
    Path("empty").mkdir()
    assert main(["animate", "frames", *HOW, "-o", "a/", *(w for key in words for w in ("--key", key))]) == 1
    said = capsys.readouterr().err
    assert code in said and "Traceback" not in said and not list(Path().glob("a*/*"))


def test_keys_are_found_by_number_by_name_and_in_a_folder(tmp_path: Path) -> None:
    files = ["f/0008.png", "f/0009.png", "f/take.a.png"]
    for given, number in (
        ("8=k.png", None),
        ("0008=k.png", 0),
        ("0009.png=k.png", 1),
        ("3=k.png", 2),
        ("take.a=a=b.png", 2),
    ):
        if number is None:
            with pytest.raises(ScumbleError, match="key-nowhere"):
                keys_of([given], files, 3)
        else:
            assert keys_of([given], files, 3) == {number: given.split("=", 1)[1]}
    (tmp_path / "keys").mkdir()
    for name in ("take.a.tif", "0008.png", "notes.txt"):
        (tmp_path / "keys" / name).write_bytes(b"")
    found = keys_of([str(tmp_path / "keys")], files, 3)
    assert {n: Path(f).name for n, f in found.items()} == {0: "0008.png", 2: "take.a.tif"}
    assert keys_of(["5=k.png"], [], 0) == {4: "k.png"}, "how many there are is not known"


def test_a_videos_frames_are_kept_until_they_are_forgotten(tmp_path: Path) -> None:
    source = write(tmp_path / "in.mp4", clip("pan", COUNT))
    spool = Spool(Video(str(source)), tmp_path / "seen")
    right = [f for f, _ in Video(str(source)).frames()]
    assert all((spool.look(n) == right[n]).all() for n in (3, 0, 2))
    spool.forget(2)
    assert sorted(p.name for p in (tmp_path / "seen").iterdir()) == ["000003.npy", "000004.npy"]
    assert (spool.look(5) == right[5]).all()
    with pytest.raises(ScumbleError, match="key-nowhere"):
        spool.look(COUNT)
