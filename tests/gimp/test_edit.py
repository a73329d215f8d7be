"""A result painted anew, in a real GIMP with a real engine: of its own source, in its place, undone in one step."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..editors.engine import EngineHome, wait_until
from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")
MORE = """
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.transfer import transfer
from scumble_gimp.pictures.editing import result_among

def names():
    return [layer.get_name() for layer in image.get_layers()]

def pixels(drawable):
    rect = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return drawable.get_buffer().get(rect, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)

def mask():
    found = image.get_layers()[0].get_mask()
    return pixels(found) if found is not None else None
"""


def shoot(gimp: GimpProcess, name: str) -> None:
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        gimp.screenshot(Path(folder) / f"{name}.png")


def test_a_result_is_edited_in_its_place(make_gimp: Callable[..., GimpProcess], engine_home: EngineHome) -> None:
    engine_home.start()
    gimp = make_gimp(gui=True)
    gimp.wait_seconds = 150.0
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\n{MORE}\nimage = picture()")
    gimp.run("""
        quick = Recipe({'method': 'fast'}, (StyleChoice(name='starry-night'),))
        link = life.link(); link.start()
        transfer(Jobs(link), image, image.get_selected_layers(), quick)
        first, covered, source = pixels(image.get_layers()[0]), mask(), pixels(image.get_layers()[1])
        called = names()
        Gimp.Selection.none(image)
        image.undo_disable(); image.undo_enable()
        d = opened(); assert painted()
    """)
    told = gimp.get("d.parts.target.line.get_text(), d.parts.target.edit.get_active(), d.recipe() == quick")
    assert told == ["Layer: Photo · selection 110×90 · replaces “The Starry Night”", True, True]
    assert gimp.get("pump(20, lambda: d.parts.estimate.get_text().startswith('About'))")
    shoot(gimp, "gimp-edit")
    gimp.run("""
        d.parts.form.rows['strength'].editor.put(0.4); assert painted()
        choices = d.choices(); d.end()
        transfer(Jobs(link), image, image.get_selected_layers(), choices.recipe, result=choices.result)
    """)
    assert gimp.get("names() == called and mask() == covered and pixels(image.get_layers()[1]) == source")
    assert gimp.get("pixels(image.get_layers()[0]) != first")
    assert gimp.get("result_among(image, image.get_selected_layers()).recipe.value('strength')") == 0.4
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", gimp.wait_for_window("160x120"))
    gimp.display.key("ctrl+z")
    wait_until(lambda: gimp.get("names() == called and pixels(image.get_layers()[0]) == first"), "one step undoes it")
    gimp.run("d = opened(); d.parts.target.edit.set_active(False); pump(0.5)")
    assert gimp.get("d.parts.target.line.get_text()") == "Layer: The Starry Night"
    assert gimp.get("d.choices().result is None")
    gimp.run("dialog_ended()")
