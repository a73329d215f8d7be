"""A group of painted frames painted anew, in a real GIMP: of the same layers, in its place, undone in one step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..editors.engine import EngineHome, wait_until
from .gimpproc import GimpProcess
from .test_animation import MORE, WORDS, shoot

PAINTED = """
from scumble_gimp.pictures.editing import result_among
from scumble_gimp.procedures import _frames

def masks(group):
    found = [layer.get_mask() for layer in group.get_children()]
    return [pixels(mask) if mask is not None else None for mask in found]

def held():
    return [names(image.get_layers()), [[names(g.get_children()), [pixels(n) for n in g.get_children()], masks(g)]
        for g in image.get_layers() if g.is_group()], [pixels(layer) for layer in sources]]

def paint(choices):
    chosen, keys = _frames(image, image.get_selected_layers(), choices)
    jobs = Jobs(link)
    jobs.watch = globals().get('watch', lambda job: None)
    return transfer_frames(jobs, image, chosen, choices.recipe, keys=keys, result=choices.result)

image = animation(6)
link = life.link(); link.start()
sources = image.get_layers()
image.select_ellipse(Gimp.ChannelOps.REPLACE, 10, 8, 70, 50)
paint(Choices(Recipe({'method': 'fast'}, (StyleChoice(name='starry-night'),)), frames=True))
Gimp.Selection.none(image)
group = image.get_layers()[0]
group.set_name('Mine')
group.set_opacity(50.0)
image.reorder_item(group, None, 2)
image.set_selected_layers([group])
"""


def begun(make_gimp: Callable[..., GimpProcess], engine_home: EngineHome) -> GimpProcess:
    """A GIMP with an animation of six frames of which all were painted, in a selection."""
    engine_home.start()
    gimp = make_gimp(gui=True)
    gimp.wait_seconds = 150.0
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\n{MORE}\n{PAINTED}")
    return gimp


def test_a_group_of_frames_is_edited_in_its_place(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome, tmp_path: Path
) -> None:
    gimp = begun(make_gimp, engine_home)
    path = str(tmp_path / "walk.xcf")
    gimp.run(f"""
        file = Gio.File.new_for_path({path!r})
        assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, image, file, None)
        window.delete()
        image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, file)
        window = Gimp.Display.new(image)
        group = next(layer for layer in image.get_layers() if layer.is_group())
        sources = [layer for layer in image.get_layers() if not layer.is_group()]
        image.set_selected_layers([group])
        before = held()
        d = opened(); assert painted()
    """)
    told = gimp.get("d.parts.target.line.get_text(), d.parts.target.edit.get_active(), d.recipe().styles[0].name")
    assert told == ["Layer: Frame 0 (00ms) · selection 70×50 · replaces “Mine”", True, "starry-night"]
    assert gimp.get("pump(20, lambda: d.parts.estimate.get_text().startswith('About'))")
    three = "len([c for c in d.parts.pane.strip.cells if c.painted])"
    assert gimp.get(f"pump(60, lambda: d.frames.strip.settled and {three} > 1)")
    assert gimp.get("d.frames.count(d.choices())") == 6
    shoot(gimp, "gimp-edit-frames")
    gimp.run("""
        d.adopt(dataclasses.replace(d.recipe(), styles=(StyleChoice(name='scream'),))); pump(0.5)
        choices = d.choices(); d.end()
        image.undo_disable(); image.undo_enable()
        made = paint(choices)
        after = held()
        old, new = before[1][0], after[1][0]
    """)
    assert gimp.get("after[0] == before[0] and after[2] == before[2] and len(after[1])") == 1
    assert gimp.get("new[0] == old[0] and new[2] == old[2]"), "the names, and the selection that it was painted in"
    assert gimp.get("[a != b for a, b in zip(new[1], old[1])]") == [n != 4 for n in range(5, -1, -1)]
    assert gimp.get("[made[0].get_parent().get_name(), made[0].get_parent().get_opacity()]") == ["Mine", 50.0]
    assert gimp.get("result_among(image, image.get_selected_layers()).recipe.styles[0].name") == "scream"
    shoot(gimp, "gimp-edit-frames-painted")
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", gimp.wait_for_window("96x64"))
    gimp.display.key("ctrl+z")
    wait_until(lambda: gimp.get("held() == before"), "one step undoes it")
    gimp.run("window.delete()")


def test_frames_that_are_gone_are_missed_and_a_part_takes_no_place(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome
) -> None:
    gimp = begun(make_gimp, engine_home)
    gimp.run("""
        image.remove_layer(sources.pop(0))
        before = held()
        choices = Choices(Recipe({'method': 'fast'}, (StyleChoice(name='scream'),)))
        choices = dataclasses.replace(choices, result=result_among(image, [group]))
        seen = names(choices.result.frames)
        def watch(job):
            if job.frame == 2 and sources[1].is_valid():
                image.remove_layer(sources[1])
        made = paint(choices)
    """)
    assert gimp.get("seen") == [f"Frame {n} ({n}0ms)" for n in range(5)]
    groups = gimp.get("[names(g.get_children()) for g in image.get_layers() if g.is_group()]")
    assert [len(names) for names in groups] == [3, 6] and gimp.get("names(image.get_layers()).count('Mine')") == 1
    gimp.run("del watch; sources = []")
    gimp.run("""
        for layer in image.get_layers():
            if not layer.is_group():
                image.remove_layer(layer)
    """)
    assert gimp.get("result_among(image, [group]) is None"), "what it was painted from is gone"
    gimp.run("window.delete()")
