"""`scumble sheet`: the layout with given cells, what goes wrong, and one small sheet through a real engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scumble.cli import main
from scumble.cli.looking import contact
from scumble.cli.looking.contact import PAPER, Tile, draw, fitted, font_of, gap_of, thumbnail
from scumble.cli.looking.sheet import parse_sweep
from scumble.picture import Picture, decode_file, save_file
from scumble.wire.protocol.errors import ScumbleError

RED, GREEN, BLUE, GRAY = (200, 0, 0), (0, 200, 0), (0, 0, 200), (120, 120, 120)


def plain(color, width=64, height=64):
    return Image.new("RGB", (width, height), color)


def box(sheet, column, row, width=64, height=64):
    """The pixels of one box of a sheet."""
    gap = gap_of(max(width, height))
    top, left = gap + row * (height + gap), gap + column * (width + gap)
    return sheet.data[top : top + height, left : left + width]


def shows(pixels, color):
    return (pixels == np.array(color)).all(axis=-1)


def test_every_cell_lies_in_its_place():
    head, side = [Tile("a", plain(GRAY)), Tile("b", plain(GRAY))], [Tile("x", plain(GRAY)), Tile("y")]
    sheet = draw(Tile(""), head, side, [[plain(RED), plain(GREEN)], [plain(BLUE), plain(RED)]])
    gap = gap_of(64)
    assert sheet.data.shape == (3 * (64 + gap) + gap, 3 * (64 + gap) + gap, 3)
    for column, row, color in [(1, 1, RED), (2, 1, GREEN), (1, 2, BLUE), (2, 2, RED)]:
        assert shows(box(sheet, column, row), color).all()
    assert shows(box(sheet, 0, 0), PAPER).all()
    rest = sheet.data.copy()
    for row in range(3):
        for column in range(3):
            box(Picture(rest), column, row)[:] = PAPER
    assert shows(rest, PAPER).all()  # nothing lies between the boxes


def test_heads_show_their_picture_and_below_it_their_label():
    sheet = draw(Tile(""), [Tile("photo", plain(RED))], [Tile("style")], [[plain(BLUE)]])
    head, side = box(sheet, 1, 0), box(sheet, 0, 1)
    assert shows(head[:40], RED).mean() > 0.4 and not shows(head[-12:], RED).any()
    assert (head[-16:].min(axis=-1) < 120).any()  # ink
    assert not shows(side, PAPER).all() and not shows(side, RED).any()
    inked = np.flatnonzero(~shows(side, PAPER).all(axis=1))
    assert abs((inked[0] + inked[-1]) / 2 - 31.5) < 6  # the middle of the box


def test_pictures_of_other_shapes_are_centred():
    sheet = draw(Tile(""), [Tile("a"), Tile("b")], [Tile("x")], [[plain(RED, 64, 32), plain(GREEN, 32, 64)]])
    wide, tall = box(sheet, 1, 1), box(sheet, 2, 1)
    assert shows(wide[16:48], RED).all() and shows(wide[:16], PAPER).all() and shows(wide[48:], PAPER).all()
    assert shows(tall[:, 16:48], GREEN).all() and shows(tall[:, :16], PAPER).all()


def test_rows_are_as_high_as_the_pictures():
    sheet = draw(Tile(""), [Tile("a")], [Tile("x", plain(RED, 20, 64))], [[plain(BLUE, 64, 32)]])
    assert sheet.height == 2 * (32 + gap_of(64)) + gap_of(64)
    assert shows(box(sheet, 1, 1, 64, 32), BLUE).all()


def test_thumbnails():
    small = thumbnail(Picture(np.full((10, 20, 3), 77, np.uint8)), 64)
    assert small.size == (64, 32) and small.getpixel((5, 5)) == (77, 77, 77)
    data = np.zeros((80, 80, 4), np.uint8)
    data[:40] = (200, 0, 0, 255)
    seen = thumbnail(Picture(data), 40)
    assert seen.getpixel((20, 4)) == RED and seen.getpixel((20, 36)) == PAPER
    linear = thumbnail(Picture(np.full((8, 8, 3), 0.2140, np.float32), "linear"), 32)
    assert linear.getpixel((3, 3)) == pytest.approx((128, 128, 128), abs=1)


def test_long_labels_are_cut():
    font, _ = font_of(12)
    assert fitted("short", 200, font) == "short"
    cut = fitted("a very long name indeed", 60, font)
    assert cut.endswith("…") and font.getlength(cut) <= 60 and cut.startswith("a v")


def test_without_a_font_of_the_system_labels_lose_their_accents(monkeypatch):
    monkeypatch.setattr(contact, "FONTS", ())
    font_of.cache_clear()
    try:
        accents, none = (draw(Tile(""), [Tile(n)], [Tile("")], [[plain(RED)]]).data for n in ("Bäume é", "Baume e"))
    finally:
        font_of.cache_clear()
    np.testing.assert_array_equal(accents, none)
    assert (box(Picture(accents), 1, 0).max(axis=-1) < 120).any()  # ink


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("strength=0,0.25, 1", ("strength", [0.0, 0.25, 1.0])),
        ("style-weight=2", ("style_weight", [2.0])),
        ("iterations=1,20", ("iterations", [1, 20])),
        ("colors=style,palette", ("colors", ["style", "palette"])),
        ("stroke-size=0.5,2", ("stroke_size", [0.5, 2.0])),
        ("content_layers=conv3_1:2 conv4_2,conv4_2", ("content_layers", [("conv3_1:2", "conv4_2"), ("conv4_2",)])),
    ],
)
def test_sweeps(text, expected):
    assert parse_sweep(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("magic=1", "option-unknown"),
        ("strength=2", "option-range"),
        ("strength=", "option-type"),
        ("strength", "option-type"),
        ("strength=0,,1", "option-type"),
        ("colors=blue", "option-choice"),
    ],
)
def test_sweeps_that_are_refused(text, code):
    with pytest.raises(ScumbleError) as e:
        parse_sweep(text)
    assert e.value.code == code


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with two contents and a style, and an engine of its own that is not running."""
    monkeypatch.chdir(tmp_path)
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    ramp = np.linspace(0, 200, 48)[None, :, None] * np.ones((36, 1, 3))
    save_file("a.png", Picture(ramp.astype(np.uint8)))
    save_file("b.png", Picture(255 - ramp.astype(np.uint8)))
    save_file("style.png", Picture(np.random.default_rng(1).integers(0, 256, (40, 40, 3), np.uint8)))
    save_file("clear.png", Picture(np.zeros((10, 12, 4), np.uint8)))
    Path("text.png").write_text("no picture")
    return tmp_path


BOTH = ["--content", "a.png", "--style", "style.png"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--content", "a.png", "missing.png", "--style", "style.png"], "file-missing"),
        (["--content", "text.png", "--style", "style.png"], "picture-unreadable"),
        (["--content", "a.png", "--style", "style.png", "starry-nigt"], "style-unknown"),
        (["--content", "a.png", "--style", "clear.png"], "picture-transparent"),
        ([*BOTH, "-o", "sheet.bmp"], "file-format"),
        ([*BOTH, "-o", "nowhere/sheet.png"], "file-write"),
        ([*BOTH, "--sweep", "magic=1"], "option-unknown"),
        ([*BOTH, "--cell", "2048", "--sweep", f"seed={','.join('1' * 20)}"], "picture-large"),
        (BOTH, "engine-missing"),
    ],
)
def test_errors_come_before_an_engine_is_needed(place, words, code, capsys, monkeypatch):
    monkeypatch.setenv("SCUMBLE_ENGINE", "/nowhere/scumble-engine")
    assert main(["sheet", *words]) == 1
    said = capsys.readouterr().err
    assert f"[{code}]" in said and said.count("\n") == 1
    assert not Path("sheet.png").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["--content", "a.png"],
        ["--style", "style.png"],
        [*BOTH, "--cell", "3"],
        [*BOTH, "--strength", "7"],
        ["--content", "a.png", "b.png", "--style", "style.png", "--sweep", "strength=0,1"],
    ],
)
def test_usage_errors(place, words, capsys):
    with pytest.raises(SystemExit) as e:
        main(["sheet", *words])
    assert e.value.code == 2 and "error" in capsys.readouterr().err


def test_sheets_painted_by_an_engine(place, shared_engine, capsys):
    tiny = ["--cell", "48", "--iterations", "2", "--min-size", "32", "--device", "cpu"]
    words = ["--content", "a.png", "b.png", "--style", "style.png", "starry-night", "-o", "all.png", *tiny]
    assert main(["sheet", *words]) == 0
    assert "all.png: 4 pictures in" in capsys.readouterr().out
    assert main(["sheet", *BOTH, "--sweep", "iterations=0,8", "-o", "sweep.png", "--quiet", *tiny]) == 0
    assert capsys.readouterr().out == ""
    sheet, sweep, content = decode_file("all.png"), decode_file("sweep.png"), decode_file("a.png").data
    gap = gap_of(48)
    assert (sheet.width, sheet.height) == (3 * (48 + gap) + gap, 3 * (36 + gap) + gap)
    cells = [box(sheet, x, y, 48, 36) for y in (1, 2) for x in (1, 2)]
    assert all((a != b).any() for i, a in enumerate(cells) for b in cells[i + 1 :])
    assert sum(float(np.corrcoef(c[..., 0].ravel(), content[..., 0].ravel())[0, 1]) > 0 for c in cells) == 2
    untouched, painted = box(sweep, 1, 1, 48, 36).astype(int), box(sweep, 2, 1, 48, 36).astype(int)
    assert np.abs(untouched - content).mean() < np.abs(painted - content).mean()
