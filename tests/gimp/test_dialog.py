"""The dialog in a real GIMP: opened by the test, looked at from inside."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ..editors.engine import EngineHome
from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")


WINDOWS = True


@pytest.fixture
def gimp(shared_gimp: GimpProcess, engine_of_all: EngineHome) -> Iterator[GimpProcess]:
    """With windows, an engine, and an image that has a selection."""
    if engine_of_all.connection() is None:
        engine_of_all.start()
    made = shared_gimp
    made.wait_seconds = 150.0  # a first preview takes its time where the machine is busy
    made.run(f"PLUGIN = {str(made.plugins / 'scumble')!r}\n{WORDS}\nimage = picture()")
    yield made
    made.run("dialog_ended(); window.delete()")


def test_the_preview_follows_what_is_set(gimp: GimpProcess) -> None:
    gimp.run("d = opened(); assert painted(), canvas().sentence(); first = shown()")
    assert gimp.get("[r.name.get_text() for r in rows()]") == ["The Starry Night"]
    assert gimp.get("first != canvas().before.get_pixels()")
    gimp.run("d.parts.form.rows['strength'].editor.put(0.3); assert painted()")
    assert gimp.get("shown() != first")
    assert gimp.get("[plain()['options']['strength'], d.config.get_property('strength')]") == [0.3, 0.3]
    gimp.run("d.parts.form.rows['strength'].editor.put(1.0); assert painted()")
    assert gimp.get("shown() == first"), "the same settings paint the same picture"
    assert gimp.get("image.get_layers()[0].get_name(), len(image.get_layers())") == ["Photo", 1]


def test_the_preview_is_refined_while_nothing_is_changed(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened(method='optimize')
        sent, real = [], d.preview._link.run
        def kept(request, *rest):
            sent.append([request.method, request.size, request.iterations])
            return real(request, *rest)
        d.preview._link.run = kept
        note = d.parts.pane.note.get_text
        assert pump(120, lambda: note() == 'Refining…' and canvas().picture is not None)
        pump(0.3)
    """)
    photograph(gimp, "gimp-refining")
    gimp.run("assert painted(); pump(0.3)")
    photograph(gimp, "gimp-refined")
    assert gimp.get("[sent, note()]") == [[["optimize", 256, 7], ["optimize", 256, 40]], ""]


def photograph(gimp: GimpProcess, name: str) -> None:
    """A picture of the screen, where someone wants to look at it."""
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        gimp.screenshot(Path(folder) / f"{name}.png")


def test_of_many_changes_the_newest_wins_and_one_is_in_flight(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened(); assert painted()
        sent, real = [], d.preview._link.run
        def counted(request, *rest):
            assert d.preview.previews.run is None or d.preview.previews.run.ended
            sent.append(request.strength)
            return real(request, *rest)
        d.preview._link.run = counted
        for n in range(40):
            d.parts.form.rows['strength'].editor.put(0.2 + n / 100)
            pump(0.01)
        assert painted()
    """)
    sent = gimp.get("sent")
    assert sent == sorted(sent) and sent[-1] == 0.59


def test_two_styles_with_a_mask_and_back_to_one(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened(); assert painted()
        d.choosing.pick(1)
        assert d.parts.choosing()
        assert pump(20, lambda: d.engine.styles)
        d.parts.chooser.search.set_text('hokusai'); pump(0.4)
        d.parts.chooser.use.clicked()
        assert painted(); first = shown()
        rows()[0].share.put(0.7); rows()[1].share.put(0.3)
        rows()[1].mask.combo.set_active([r[0] for r in rows()[1].mask.rows].index('The selection'))
        rows()[1].mask.invert.set_active(True)
        assert painted()
    """)
    photograph(gimp, "gimp-two")
    styles = gimp.get("plain()['styles']")
    assert [(s["name"], s["weight"]) for s in styles] == [("starry-night", 0.7), ("great-wave", 0.3)]
    assert (styles[1]["mask"], styles[1]["invert"]) == ("selection", True)
    assert gimp.get("shown() != first and not d.parts.choosing()")
    assert gimp.get("[d.config.get_property(n) for n in ('style-2', 'style-2-in-selection')]") == ["great-wave", True]
    gimp.run("rows()[1].away.clicked(); assert painted()")
    assert gimp.get("len(rows()), d.config.get_property('style-2'), rows()[0].away.get_visible()") == [1, "", False]


def test_the_chooser_previews_and_goes_back(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened(); assert painted(); assert pump(20, lambda: d.engine.styles); first = shown()
        d.choosing.pick(0); pump(0.2)
        grid = d.parts.chooser.grids['library']
        looked = grid.current().title
        grid.flow.select_child(grid.flow.get_child_at_index(0)); assert painted(); second = shown()
        d.choosing.leave(); assert painted()
    """)
    assert gimp.get("looked") == "The Starry Night"
    assert gimp.get("[first != second, shown() == first, plain()['styles'][0]['name']]") == [
        True,
        True,
        "starry-night",
    ]
    assert gimp.get("[e.picture is not None for e in grid._entries.values()].count(True)") >= 20


def test_layers_and_channels_as_styles_and_masks(gimp: GimpProcess) -> None:
    gimp.run("""
        layer = Gimp.Layer.new(image, 'Stripes', 64, 64, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
        image.insert_layer(layer, None, 0)
        data = b''.join(bytes([255 * (y // 4 % 2), 60, 255 * (x // 4 % 2), 255]) for y in range(64) for x in range(64))
        layer.get_buffer().set(Gegl.Rectangle.new(0, 0, 64, 64), "R'G'B'A u8", data); layer.get_buffer().flush()
        channel = Gimp.Selection.save(image); channel.set_name('Sky')
        image.set_selected_layers([image.get_layers()[1]])
        d = opened(); assert painted(); first = shown()
        d.choosing.pick(0); d.parts.chooser.turn_to('layer'); pump(0.2)
        d.choosing.take(StyleChoice('layer', 'Stripes', str(layer.get_id()))); assert painted(); second = shown()
        names = [row[0] for row in rows()[0].mask.rows]
        rows()[0].mask.combo.set_active(names.index('Sky (channel)')); assert painted()
    """)
    names: Any = gimp.get("names")
    assert names[0] == "None" and {"The selection", "The subject", "The sky"} <= set(names)
    assert names[-3:] == ["Sky (channel)", "Stripes", "Photo"]
    assert gimp.get("[first != second, rows()[0].name.get_text(), canvas().sentence()]") == [True, "Stripes", ""]
    assert gimp.get("choices_of(d.config).recipe.styles[0].mask_layer == str(channel.get_id())")


def test_what_cannot_be_previewed_is_told(gimp: GimpProcess) -> None:
    gimp.run("""
        photo = image.get_layers()[0]
        d = opened(); assert painted()
        image.select_rectangle(Gimp.ChannelOps.REPLACE, 0, 0, 10, 10); photo.set_offsets(80, 60)
        d.look_again(); pump(0.3); said = canvas().sentence(); held = d.parts.pane.hold.get_sensitive()
        photo.set_offsets(0, 0); image.select_rectangle(Gimp.ChannelOps.REPLACE, 5, 5, 60, 60)
        d.look_again(); assert painted(); pump(0.2)
    """)
    said: Any = gimp.get("said")
    assert said and "Traceback" not in said and gimp.get("held") is False
    assert gimp.get("canvas().sentence()") == ""


def test_presets_and_the_settings_of_a_layer(gimp: GimpProcess) -> None:
    gimp.run("""
        kept = Recipe({'method': 'fast', 'strength': 0.4}, (StyleChoice('library', 'scream', stroke_size=2.0),))
        settings.store(image.get_layers()[0], kept)
        d = opened(); assert painted()
        items = lambda: [i.get_label() for i in d.parts.presets.menu.get_children()]
        before = items(); d.parts.presets.menu.get_children()[0].activate(); assert painted()
        adopted = d.recipe() == kept
        d.parts.presets.presets.save('Sky & sea'); d.parts.form.rows['strength'].editor.put(0.9); pump(0.2)
        d.parts.presets.fill(); after = items()
        d.parts.presets.presets.load('Sky & sea'); pump(0.2); loaded = d.recipe() == kept
        d.parts.presets.presets.remove('Sky & sea'); d.parts.presets.fill()
    """)
    assert gimp.get("[before[0], adopted, loaded]") == ["Settings of this layer", True, True]
    assert "Sky & sea" in gimp.get("after") and "Sky & sea" not in gimp.get("items()")


def test_gimps_own_reset_and_bad_values(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened(strength=0.5, style_1='scream'); assert painted()
        begun = [plain()['options']['strength'], rows()[0].name.get_text()]
        d.config.set_property('strength', 0.25); d.config.set_property('style-1', ''); assert painted()
        reset = [plain()['options']['strength'], plain()['styles'][0]['name']]
        text = d.parts.form.rows['content_layers'].editor.widget
        text.set_text('conv4_2:x'); pump(0.3); said = canvas().sentence()
        text.set_text('conv4_2'); assert painted()
    """)
    assert gimp.get("[begun, reset]") == [[0.5, "The Scream"], [0.25, "starry-night"]]
    assert gimp.get("said") and gimp.get("canvas().sentence()") == ""


def test_by_keyboard(gimp: GimpProcess) -> None:
    gimp.run("d = opened(method='optimize'); assert painted()")
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", gimp.wait_for_window("Scumble: Style Transfer"))

    def press(*keys: str, until: str) -> None:
        assert gimp.display is not None
        gimp.display.key(*keys)
        assert gimp.get(f"pump(10, lambda: {until})"), until

    press("alt+a", until="d.parts.choosing() and d.parts.chooser.search.has_focus()")
    press("Escape", until="not d.parts.choosing() and d.window.get_visible()")
    press("alt+a", until="d.parts.choosing() and d.engine.styles and d.parts.chooser.search.has_focus()")
    press("m", "o", "n", "e", "t", until="len(d.parts.chooser._grid()._shown()) in (2, 3, 4)")
    press("Down", "Return", until="len(rows()) == 2 and not d.parts.choosing()")
    press("alt+m", "Right", "space", until="d.recipe().value('method') == 'fast'")
    press("alt+t", "ctrl+a", "4", "0", "Tab", until="d.recipe().value('strength') == 0.4")
    press("alt+u", "Down", until="d.recipe().value('colors') == 'luminance'")
    press("alt+d", until="d.parts.pane.hold.has_focus()")
    gimp.display.xdotool("keydown", "space")
    assert gimp.get("pump(10, lambda: canvas().comparing)")
    gimp.display.xdotool("keyup", "space")
    assert gimp.get("pump(10, lambda: not canvas().comparing)")
    press("alt+i", until="d.parts.form.more.get_expanded()")


def test_an_engine_that_does_not_start_is_told(make_gimp: Callable[..., GimpProcess]) -> None:
    gimp = make_gimp(gui=True, env={"SCUMBLE_ENGINE": '["/bin/false"]'})
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\nimage = picture()\nd = opened()")
    said = "canvas().sentence()"
    assert gimp.get(f"pump(30, lambda: {said} not in ('', 'Starting the engine…'))"), gimp.get(said)
    told = gimp.get(f"[{said}, d.parts.engine.get_text()]")
    assert told[0] == told[1] and "engine" in told[0] and "Traceback" not in told[0]
    assert gimp.get("canvas()._light.get_visible()") is False
    gimp.run("dialog_ended()")


def test_an_image_that_is_closed_meanwhile_is_told(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened(); assert painted()
        closed = image; window.delete(); d.look_again(); pump(0.3); said = canvas().sentence()
        there = closed.is_valid(); image = picture()
    """)
    assert gimp.get("there") is False
    assert "closed" in gimp.get("said"), gimp.get("said")
