"""Whole runs in GIMP with the real engine: painted, cancelled, and undone in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scumble.wire import Client

from ..editors.engine import SLOW, EngineHome, wait_until
from .gimpproc import GimpProcess
from .lab import exported, pixels, teach

LINK = """
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.transfer import transfer
from scumble_gimp.wire.editor.link import Link

link, seen = Link("gimp", "test"), []

def recipe(strength=1.0, **more):
    return Recipe({"method": "fast", "strength": strength, **more}, (StyleChoice(name="starry-night"),))

def paint(drawables, recipe, selection_as="mask", watch=lambda job: seen.append(job.state)):
    global jobs
    jobs = Jobs(link)
    jobs.watch = watch
    return transfer(jobs, image, drawables, recipe, selection_as)
"""


@pytest.fixture
def lab(engine_home: EngineHome, make_gimp: Callable[..., GimpProcess]) -> GimpProcess:
    """GIMP with a link to an engine that it starts itself."""
    gimp = teach(make_gimp())
    gimp.run(LINK)
    return gimp


def test_a_selection_is_painted_by_the_engine(lab: GimpProcess, tmp_path: Path) -> None:
    lab.run("image = new_image(160, 120); base = added('base', None, (0, 0, 160, 120)); fill(base, colours(160, 120))")
    plain = exported(lab, tmp_path / "plain.png")
    lab.run("before = whole(base); select(40, 30, 80, 60, feather=10)")
    lab.run("layer = paint([base], recipe())[0]", 55)
    assert lab.get("[names(), whole(base) == before]") == [["The Starry Night", "base"], True]
    assert lab.get("stored(layer) == recipe()")
    states = lab.get("seen")
    assert states[0] == "sending" and states[-1] == "adding" and "running" in states
    chosen = pixels(lab, "selection()", (120, 160))
    painted = exported(lab, tmp_path / "painted.png")
    assert np.array_equal(painted[chosen == 0], plain[chosen == 0])
    inside = chosen == 255
    assert np.abs(painted[inside].astype(int) - plain[inside]).mean() > 10
    left, top, right, bottom = lab.get("bounds(layer)")
    made = np.zeros_like(painted)
    made[top:bottom, left:right] = pixels(lab, "whole(layer)", (bottom - top, right - left, 4))
    assert np.array_equal(made[inside], painted[inside])
    lab.run("layer.set_visible(False); paint([base], recipe(), 'alpha')")
    assert np.abs(exported(lab, tmp_path / "alpha.png").astype(int) - painted).max() <= 1


def test_a_gradient_of_16_bits_keeps_them(lab: GimpProcess) -> None:
    lab.run("image = new_image(64, 48, precision='U16_NON_LINEAR'); base = added('base')")
    lab.run("fill(base, ramp(64, 48, 300), \"R'G'B'A u16\"); select(4, 4, 56, 40)")
    lab.run("layer = paint([base], recipe(strength=0.0))[0]", 55)
    assert lab.get("encoding(layer)") == "R'G'B'A u16"
    levels = pixels(lab, "whole(layer, \"R'G'B'A u16\")", (40, 56, 4), "u2")[..., 0]
    assert len(np.unique(levels)) > 50 and np.count_nonzero(levels % 257) > levels.size // 2
    lab.run("channel = Gimp.Channel.new(image, 'where', 64, 48, 50.0, Gegl.Color.new('red'))")
    lab.run("image.insert_channel(channel, None, 0); fill(channel, (bytes([255]) * 20 + bytes(44)) * 48, 'Y u8')")
    lab.run("picture = added('style', [255, 160, 20, 255], (0, 0, 64, 48))")
    lab.run("ids = str(picture.get_id()), str(channel.get_id())")
    lab.run("where = {'mask': 'layer', 'mask_name': 'where', 'mask_layer': ids[1]}")
    lab.run("own = Recipe({'method': 'fast'}, (StyleChoice('layer', 'style', ids[0], **where),))")
    lab.run("layer = paint([base], own)[0]", 55)
    assert lab.get("[layer.get_name(), names()[1:]]") == ["style #1", ["The Starry Night", "style #1", "base"]]
    changed = pixels(lab, "whole(layer, \"R'G'B'A u16\")", (40, 56, 4), "u2")[..., :3].astype(int)
    source = pixels(lab, "whole(base, \"R'G'B'A u16\")", (48, 64, 4), "u2")[4:44, 4:60, :3].astype(int)
    apart = np.abs(changed - source).mean((0, 2))
    assert apart[:14].mean() > 4 * apart[30:].mean()
    lab.run("image.remove_layer(picture); two = names()")
    assert lab.get("[refusal(paint, [base], own), names() == two]") == ["layer-gone", True]


SOON = """
class Boom(Exception):
    pass

def fail(job):
    if job.state == "running":
        raise Boom

def stop(job):
    if job.state == "running":
        jobs.cancel()

def close(job):
    if job.state == "running" and image.is_valid():
        image.delete()

def outcome(watch, *drawables):
    try:
        paint(drawables, long, watch=watch)
    except Boom:
        return "boom"
    except ScumbleError as e:
        return e.code

long = Recipe({"method": "optimize", "iterations": 2000}, (StyleChoice(name="slow"),))
"""


def test_a_run_that_ends_early_leaves_no_trace(engine_home: EngineHome, make_gimp: Callable[..., GimpProcess]) -> None:
    engine_home.arguments += SLOW
    engine_home.start()
    gimp = teach(make_gimp())
    gimp.run(LINK + SOON)
    gimp.run("image = new_image(); base = added('base', [1, 2, 3, 255]); other = added('other', [4, 5, 6, 255])")
    with engine_home.client() as client:
        _check_endings(gimp, client)


def _check_endings(gimp: GimpProcess, client: Client) -> None:
    for watch, code in (("stop", "cancelled"), ("fail", "boom"), ("close", "document-closed")):
        assert gimp.get(f"[outcome({watch}, base, other), image.is_valid() and names()]", 55) == [
            code,
            code != "document-closed" and ["other", "base"],
        ]
        wait_until(lambda: {job["state"] for job in client.jobs()} == {"cancelled"}, "the engine has stopped the job")


def test_one_step_of_undo(make_gimp: Callable[..., GimpProcess], tmp_path: Path) -> None:
    gimp = teach(make_gimp(gui=True))
    gimp.run("image = new_image(400, 300, GRAY); base = added('base', [9, 9, 9, 255], (0, 0, 400, 300))")
    gimp.run("group = Gimp.GroupLayer.new(image, 'g'); image.insert_layer(group, None, 0)")
    gimp.run("child = added('child', [90, 90, 90, 255], (20, 20, 100, 100), group); select(30, 30, 50, 50, feather=5)")
    gimp.run("image.undo_disable(); image.undo_enable(); display = Gimp.Display.new(image); before = whole(base)")
    window = gimp.wait_for_window("GNU Image Manipulation Program|GIMP")
    gimp.run("sources = reading.sources_of(image, [child, base], 0.1)")
    gimp.run("add_results([PaintedLayer(s, *answer(s)) for s in sources], STYLES, 'Styled', convert=True)")
    now = [["g", "Styled #1", "base"], ["Styled", "child"], True]
    assert gimp.get("[names(), names(group), image.get_base_type() == RGB]") == now
    screen = gimp.display
    assert screen is not None
    screen.xdotool("windowfocus", window)
    screen.key("ctrl+z")
    then = [["g", "base"], ["child"], False]
    wait_until(lambda: gimp.get("[names(), names(group), image.get_base_type() == RGB]") == then, "one step undoes it")
    assert gimp.get("whole(base) == before")
    screen.key("ctrl+y")
    wait_until(lambda: gimp.get("[names(), names(group), image.get_base_type() == RGB]") == now, "and one redoes it")
    gimp.run("display.delete()")
