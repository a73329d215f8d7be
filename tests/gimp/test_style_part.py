"""What is taken of a style's own picture, in a real GIMP: chosen by the keyboard, or told by a script. What comes of it
is what the command line paints."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ..editors.engine import EngineHome
from ..editors.parts import SIZE, make_pictures, painted_by_command
from .callers import TRANSFER
from .gimpproc import GimpProcess
from .test_dialog import photograph

LAB, CALLING = (Path(__file__).with_name(f"{n}.py").read_text("utf-8") for n in ("dialoglab", "calling"))
LAYERS = """
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.transfer import transfer

def add(name, x, y, width, height, data):
    layer = Gimp.Layer.new(image, name, width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)
    layer.set_offsets(x, y)
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "R'G'B'A u8", data)
    buffer.flush(); layer.update(0, 0, width, height)
    return layer

def loaded(path):
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))

def whole(layer):
    place = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return bytes(layer.get_buffer().get(place, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))

def choices():
    return [row[0] for row in rows()[0].part.rows]

def painted_layer():
    return whole(transfer(Jobs(d.engine.link), image, [photo], d.recipe())[0])
"""


@pytest.fixture
def gimp(make_gimp: Callable[..., GimpProcess], engine_home: EngineHome, tmp_path: Path) -> GimpProcess:
    """A GIMP with a photograph open, beside which the painting lies."""
    make_pictures(tmp_path)
    engine_home.start()
    made = make_gimp(gui=True)
    made.wait_seconds = 150.0
    made.run(f"PLUGIN = {str(made.plugins / 'scumble')!r}\n{LAB}\n{LAYERS}")
    made.run(f"image = loaded({str(tmp_path / 'photo.png')!r}); photo = image.get_layers()[0]")
    made.run("window = Gimp.Display.new(image); image.clean_all()")
    return made


def choose(gimp: GimpProcess, text: str) -> None:
    """Go to an entry with the keys, from where the list is now."""
    assert gimp.display is not None
    window = gimp.wait_for_window("Scumble: Style Transfer")
    gimp.display.xdotool("windowraise", window)
    gimp.display.xdotool("windowfocus", "--sync", window)
    gimp.run("pump(0.3); rows()[0].part.combo.grab_focus(); pump(0.3)")
    steps = gimp.get(f"len([c for c in choices()[rows()[0].part.combo.get_active():choices().index({text!r})] if c])")
    for _ in range(steps):
        gimp.display.key("Down")
        gimp.run("pump(0.1)")
    assert gimp.get(f"pump(5, lambda: choices()[rows()[0].part.combo.get_active()] == {text!r})"), gimp.get(
        "choices()[rows()[0].part.combo.get_active()]"
    )


def as_pixels(data: Any) -> Any:
    return np.frombuffer(data, np.uint8).reshape(SIZE[1], SIZE[0], 4)


def test_the_sky_of_a_painting(gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path) -> None:
    painting = str(tmp_path / "painting.png")
    gimp.run("d = opened(); assert painted(), canvas().sentence()")
    assert gimp.get("rows()[0].part.widget.get_visible()") is False  # a named style
    photograph(gimp, "gimp-part-named")
    gimp.run(f"d.choosing.take(StyleChoice('file', {painting!r})); assert painted(); whole_picture = shown()")
    assert gimp.get("[rows()[0].part.widget.get_visible(), choices()[0]]") == [True, "The whole picture"]
    choose(gimp, "The sky")
    gimp.run("assert painted(), canvas().sentence()")
    assert gimp.get("[d.recipe().styles[0].part, shown() != whole_picture]") == ["sky", True]
    assert gimp.get("[d.config.get_property('style-1-from'), choices_of(d.config).recipe == d.recipe()]") == [
        "sky",
        True,
    ]
    gimp.run("d.window.resize(1, 1); pump(0.5)")
    photograph(gimp, "gimp-part-sky-narrow")
    layer, expected = (
        as_pixels(gimp.get("painted_layer()")),
        painted_by_command(engine_home, tmp_path, "painting.png,from=sky"),
    )
    assert np.array_equal(layer, expected)
    assert np.abs(layer.astype(int) - painted_by_command(engine_home, tmp_path, "painting.png")).mean() > 1
    assert gimp.get("settings.stored(image.get_layers()[0]).styles[0].part") == "sky"
    gimp.run("dialog_ended()")

    gimp.run(f"{CALLING}\nimage = photo.get_image()")  # and as a script does it
    for part, words in (("sky", "from=sky"), (str(tmp_path / "half.png"), "from=half.png")):
        told = gimp.get(
            f"call({TRANSFER!r}, drawables=[photo], style_1={painting!r}, style_1_from={part!r}, method='fast')"
        )
        assert told[0] == "success", told
        made = as_pixels(gimp.get("whole(image.get_layers()[image.get_item_position(photo) - 1])"))
        assert np.array_equal(made, painted_by_command(engine_home, tmp_path, f"painting.png,{words}"))
    for style, part, code in (
        ("scream", "sky", "style-no-part"),
        (str(tmp_path / "hill.png"), "sky", "style-place-missing"),
    ):
        status, words = gimp.get(
            f"call({TRANSFER!r}, drawables=[photo], style_1={style!r}, style_1_from={part!r}, method='fast')"
        )
        assert status != "success" and f"[{code}]" in words, words


def test_a_layer_tells_the_part_of_a_file_and_of_a_layer(
    gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path
) -> None:
    width, height = SIZE
    expected = painted_by_command(engine_home, tmp_path, "painting.png,from=half.png")
    gimp.run(f"""
        gray = bytes([90, 90, 90, 255]) * {width * height // 2}
        right = add('Right half', {width // 2}, 0, {width // 2}, {height}, gray)
        image.set_selected_layers([photo])
        d = opened(); assert painted(), canvas().sentence()
        d.choosing.take(StyleChoice('file', {str(tmp_path / "painting.png")!r})); assert painted()
    """)
    choose(gimp, "Right half")
    gimp.run("assert painted(), canvas().sentence()")
    photograph(gimp, "gimp-part-layer")
    assert np.array_equal(as_pixels(gimp.get("painted_layer()")), expected)
    assert gimp.get("choices_of(d.config).recipe == d.recipe()")
    gimp.run(f"""
        other = loaded({str(tmp_path / "painting.png")!r})
        style = add('Painting', {width // 2 - 100}, 60, 200, 120, whole(other.get_layers()[0]))
        d.look_again()
        d.choosing.take(StyleChoice('layer', 'Painting', str(style.get_id()))); assert painted()
    """)
    assert gimp.get("d.recipe().styles[0].part") == "all"
    choose(gimp, "Right half")
    gimp.run("assert painted(), canvas().sentence()")
    assert np.array_equal(as_pixels(gimp.get("painted_layer()")), expected)
    gimp.run("dialog_ended()")
