"""Jobs and their history in a real GIMP: what is kept of results, also of those that become no layer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ..editors.engine import SLOW, EngineHome
from .callers import call, calling, style_file
from .gimpproc import GimpProcess
from .lab import pixels, teach

PAINT = """
from scumble_gimp.gimplib import GdkPixbuf
from scumble_gimp.guard import error_text
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.place import painted_before
from scumble_gimp.model.transfer import transfer
from scumble_gimp.pictures.again import apply_again, open_as_image
from scumble_gimp.wire.editor.link import Link

link = Link("gimp", "test")
quick = Recipe({"method": "fast", "strength": 0.0}, (StyleChoice(name="starry-night"),))

def paint(drawables, recipe, watch=lambda job: None):
    jobs = Jobs(link)
    jobs.watch = watch
    return transfer(jobs, image, drawables, recipe)

def outcome(*given):
    try:
        paint(*given)
    except Exception as e:
        return error_text(e)

def entries():
    return painted_before().entries

def size_of(png):
    loader = GdkPixbuf.PixbufLoader()
    loader.write(png)
    loader.close()
    found = loader.get_pixbuf()
    return [found.get_width(), found.get_height(), found.get_has_alpha()]
"""


@pytest.fixture
def lab(engine_home: EngineHome, make_gimp: Callable[..., GimpProcess]) -> GimpProcess:
    """GIMP without windows, with a link to an engine that it starts itself."""
    gimp = teach(make_gimp())
    gimp.wait_seconds = 90.0
    gimp.run(PAINT)
    return gimp


def test_what_was_painted_is_a_layer_once_more_also_elsewhere(lab: GimpProcess) -> None:
    lab.run("image = new_image(200, 120); base = added('base', None, (0, 0, 200, 120)); fill(base, colours(200, 120))")
    lab.run("select(40, 30, 80, 60, feather=8); made = paint([base], quick)[0]")
    (kept,) = lab.get("[[e.title, e.document_name, e.ref.x, e.ref.y, e.recipe == quick] for e in entries()]")
    assert kept[0] == "The Starry Night" and kept[4]
    lab.run("place = [*made.get_offsets()][1:]; width, height = made.get_width(), made.get_height()")
    assert lab.get("size_of(entries()[0].thumbnail) == [width, height, True] and width < 128")
    assert lab.get("place") == kept[2:4]
    lab.run("entry = entries()[0]; plain = whole(made); again = apply_again(image, made, entry)")
    assert lab.get("names()") == ["The Starry Night #1", "The Starry Night", "base"]
    assert lab.get("[[*again.get_offsets()][1:] == place, stored(again) == quick]") == [True, True]
    shape = (lab.get("height"), lab.get("width"), 4)
    first, second = pixels(lab, "plain", shape), pixels(lab, "whole(again)", shape)
    assert np.array_equal(first[..., :3][second[..., 3] > 0], second[..., :3][second[..., 3] > 0])
    assert len(np.unique(second[..., 3])) > 10, "the soft selection is its alpha"
    lab.run("image = new_image(64, 48, GRAY); gray = apply_again(image, None, entry)")
    assert lab.get(
        "[names(), gray.get_image() == image, refusal(apply_again, new_image(kind=INDEXED), None, entry)]"
    ) == [
        ["The Starry Night"],
        True,
        "image-indexed",
    ]


@pytest.mark.parametrize(("precision", "depth"), [("U16_NON_LINEAR", "u16"), ("FLOAT_LINEAR", "f32")])
def test_deep_results_keep_their_depth(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome, precision: str, depth: str
) -> None:
    lab = teach(make_gimp(gui=True))
    lab.wait_seconds = 90.0
    lab.run(PAINT)
    lab.run(f"image = new_image(64, 48, precision={precision!r}); base = added('base')")
    lab.run("fill(base, ramp(64, 48, 300), \"R'G'B'A u16\"); made = paint([base], quick)[0]; entry = entries()[0]")
    assert lab.get("[entry.ref.raw.depth, size_of(entry.thumbnail)]") == [depth, [64, 48, True]]
    lab.run("made_image = open_as_image(entry); alone = made_image.get_layers()[0]")
    assert lab.get("[alone.get_name(), stored(alone) == quick, made_image.get_width()]") == [
        "The Starry Night",
        True,
        64,
    ]
    there, here = (pixels(lab, f"whole({n}, \"R'G'B'A u16\")", (48, 64, 4), "u2") for n in ("alone", "made"))
    assert np.abs(there.astype(int) - here).max() <= 1


def test_nothing_that_was_painted_is_lost(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome, tmp_path: Path
) -> None:
    """The second layer fails, the image is closed at the last moment: what was painted is in the history."""
    engine_home.arguments += SLOW
    gimp = teach(make_gimp())
    gimp.run(PAINT)
    gimp.run(f"""
good, bad = {style_file(tmp_path)!r}, {style_file(tmp_path, "second")!r}
recipe = Recipe({{"iterations": 2}}, (StyleChoice("file", good),))
image = new_image(); base = added('base', [1, 2, 3, 255]); other = added('other', [4, 5, 6, 255])
seen = []
def break_second(job):
    if job not in seen:
        seen.append(job)
    if len(seen) == 2:
        raise ScumbleError("memory")
def close(job):
    if job.state == "adding" and image.is_valid():
        image.delete()
def cancelled(job):
    if job not in seen:
        seen.append(job)
    if len(seen) == 2:
        raise ScumbleError("cancelled")
told = outcome([base, other], recipe, break_second)
""")
    assert "The result is kept in the history. [memory]" in gimp.get("told")
    assert gimp.get("[names(), [e.title for e in entries()]]") == [["other", "base"], ["obey"]]
    gimp.run("seen = []; told = outcome([base, other], recipe, cancelled)")
    assert gimp.get("[told[-11:], names(), len(entries())]") == ["[cancelled]", ["other", "base"], 1]
    gimp.run("told = outcome([base], recipe, close)")
    assert gimp.get("told").endswith("The result is kept in the history. [document-closed]"), gimp.get("told")
    assert gimp.get("[len(entries()), entries()[0].document_name]") == [2, ""]


def test_what_a_script_paints_does_not_push_it_out(gimp: GimpProcess, engine_home: EngineHome) -> None:
    calling(gimp)
    assert call(gimp, style_1="starry-night", method="fast") == ("success", ["The Starry Night"])
    assert not (engine_home.folder / "cache/gimp-history").exists()
    again = "call('scumble-style-transfer', mode=Gimp.RunMode.WITH_LAST_VALS)"
    assert gimp.get(again, 60)[0] == "success"
    assert len(list((engine_home.folder / "cache/gimp-history").glob("*.pixels"))) == 2, "one for each layer"
