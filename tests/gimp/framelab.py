# ruff: noqa: F401, F821
"""Sent to GIMP by the tests of animations: an image of frames, and what layers hold."""

import dataclasses

from scumble_gimp.model.frames import transfer_frames
from scumble_gimp.model.jobs import Jobs
from scumble_gimp.model.place import painted_before
from scumble_gimp.pictures.frames import frame_layers
from scumble_gimp.wire.protocol.errors import ScumbleError


def frame(image, number, width=96, height=64):
    """A disc that goes to the right over a slope; frame 4 has nothing on it."""
    name = f"Frame {number} ({number}0ms)"
    layer = Gimp.Layer.new(image, name, width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, None, 0)

    def pixel(x, y):
        inside = (x - 20 - 5 * number) ** 2 + (y - 32) ** 2 < 196
        return bytes([220, 90, 40, 255] if inside else [60 + x, 120 + y // 2, 120 + y, 255])

    data = b"".join(pixel(x, y) if number != 4 else bytes(4) for y in range(height) for x in range(width))
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "R'G'B'A u8", data)
    buffer.flush()
    layer.update(0, 0, width, height)
    return layer


def animation(count=10):
    made = Gimp.Image.new(96, 64, Gimp.ImageBaseType.RGB)
    for number in range(count):
        frame(made, number)
    made.set_selected_layers(made.get_layers()[:1])
    global window
    window = Gimp.Display.new(made)
    return made


def names(of):
    return [layer.get_name() for layer in of]


def pixels(drawable):
    rect = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return drawable.get_buffer().get(rect, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE)


def refused(*of):
    try:
        frame_layers(image, of)
    except ScumbleError as e:
        return e.code
