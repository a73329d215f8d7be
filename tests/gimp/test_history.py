"""The history in the dialog of a real GIMP: what another GIMP painted before is taken up again, by keys."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ..editors.engine import EngineHome, wait_until
from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")
MORE = """
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.transfer import transfer
from scumble_gimp.pictures import again

soft = Recipe({'method': 'fast', 'strength': 0.4}, (StyleChoice(name='scream'),))
bold = Recipe({'method': 'fast', 'colors': 'luminance'}, (StyleChoice(name='great-wave'),))

def names():
    return [layer.get_name() for layer in image.get_layers()]

def page():
    return d.parts.history

def titles():
    return [page()._entries[cell].title for cell in page().flow.get_children()]
"""


def shoot(gimp: GimpProcess, name: str) -> None:
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        gimp.screenshot(Path(folder) / f"{name}.png")


def with_words(gimp: GimpProcess) -> GimpProcess:
    gimp.wait_seconds = 150.0
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\n{MORE}\nimage = picture(); image.scale(480, 360)")
    return gimp


def press(gimp: GimpProcess, *keys: str, until: str) -> None:
    assert gimp.display is not None
    gimp.display.key(*keys)
    assert gimp.get(f"pump(20, lambda: {until})"), until


def focus(gimp: GimpProcess, window: int) -> None:
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", window)


@pytest.fixture
def later(make_gimp: Callable[..., GimpProcess], engine_home: EngineHome) -> GimpProcess:
    """A GIMP with the dialog open, started after another one painted two pictures and was closed."""
    engine_home.start()
    first = with_words(make_gimp(gui=True))
    first.run("d = opened(); pump(0.5); nothing = d.parts.look_back.get_sensitive(); d.end()")
    assert first.get("nothing") is False, "there is nothing in it yet"
    first.run("""
        Gimp.Selection.none(image)
        for recipe in (soft, bold):
            transfer(Jobs(life.link()), image, image.get_layers()[-1:], recipe)
        life.end(); window.delete()
    """)
    assert first.quit() == 0
    gimp = with_words(make_gimp(gui=True))
    gimp.run("d = opened(); assert painted(); ok = d.window.get_widget_for_response(Gtk.ResponseType.OK)")
    focus(gimp, gimp.wait_for_window("Scumble: Style Transfer"))
    return gimp


def test_settings_and_a_result_are_taken_up_again(later: GimpProcess) -> None:
    press(later, "alt+y", until="d.past.open and page().current().title == 'The Great Wave off Kanagawa'")
    assert later.get("titles()") == ["The Great Wave off Kanagawa", "The Scream"]
    later.run("assert painted(); pump(0.5); wave = shown()")
    shoot(later, "gimp-history")
    press(later, "Right", until="page().current().title == 'The Scream'")
    later.run("assert painted(); pump(0.5)")
    assert later.get("[shown() != wave, ok.get_sensitive()]") == [True, False]
    press(later, "alt+g", until="names() == ['The Scream', 'Photo']")
    told = "Done: “The Scream” is a new layer."
    assert later.get(f"pump(5, lambda: page().told.get_text() == {told!r})"), later.get("page().told.get_text()")
    shoot(later, "gimp-history-applied")
    assert later.get("settings.stored(image.get_layers()[0]) == soft")
    press(later, "alt+u", until="not d.past.open and d.recipe() == soft and ok.get_sensitive()")
    later.run("assert painted()")
    shoot(later, "gimp-history-used")
    assert later.display is not None
    focus(later, later.wait_for_window("480x360"))
    later.display.key("ctrl+z")
    wait_until(lambda: later.get("names()") == ["Photo"], "one step undoes it")
    later.run("dialog_ended(); window.delete()")


def test_a_result_is_opened_and_forgotten(later: GimpProcess, engine_home: EngineHome) -> None:
    press(later, "alt+y", until="d.past.open and page().current() is not None")
    press(later, "alt+n", until="len(Gimp.get_images()) == 2")
    later.run("other = [i for i in Gimp.get_images() if i != image][0]")
    assert later.get("[other.get_width(), other.get_layers()[0].get_name()]") == [480, "The Great Wave off Kanagawa"]
    later.wait_for_window("480x360")
    shoot(later, "gimp-history-opened")
    focus(later, later.wait_for_window("Scumble: Style Transfer"))
    press(later, "Delete", until="titles() == ['The Scream']")
    press(later, "Escape", until="not d.past.open and d.window.get_visible() and d.parts.look_back.get_sensitive()")
    press(later, "alt+y", until="d.past.open")
    press(later, "alt+l", until="not d.past.open and not d.parts.look_back.get_sensitive()")
    assert not list((engine_home.folder / "cache/gimp-history").iterdir())
    later.run("dialog_ended(); window.delete()")
    later.forgive = True  # the image that was opened has a window of its own, which asks whether to keep it


def test_a_layer_of_another_gimp_is_not_taken_for_one_of_this(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome
) -> None:
    engine_home.start()
    gimp = with_words(make_gimp(gui=True))
    gimp.run("""
        photo = image.get_layers()[0]
        other = StyleChoice('layer', 'Of another', str(photo.get_id()))
        from scumble_gimp.model.place import painted_before
        from scumble_gimp.wire.protocol.pixels import PictureRef, PixelFormat
        red = PictureRef("0" * 64, PixelFormat(2, 2, 4), 5, 6)
        kept = Recipe({'method': 'fast'}, (other,)), "", red, bytes([200, 0, 0, 255] * 4), b""
        painted_before().add("Of another", *kept)
        d = opened(); assert painted(); before = plain()
        d.parts.look_back.clicked(); pump(0.5); said = canvas().sentence()
        page().use.clicked(); pump(0.3)
    """)
    assert "Of another" in gimp.get("said")
    assert gimp.get("[d.past.open, plain() == before]") == [True, True]
    shoot(gimp, "gimp-history-layer-gone")
    gimp.run("page().again.clicked(); pump(0.3)")
    assert gimp.get("[names(), image.get_layers()[0].get_offsets()[1:]]") == [["Of another", "Photo"], [5, 6]]
    gimp.run("d.past.leave(); dialog_ended(); window.delete()")
