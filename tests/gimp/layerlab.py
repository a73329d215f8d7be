# ruff: noqa: F401, F821
"""Sent to GIMP by the tests of layers, before tests/editors/standin.py: short words for what they do there."""

import struct
import sys

sys.path.insert(0, PLUGIN)

from scumble_gimp.gimplib import Babl
from scumble_gimp.pictures import source as reading
from scumble_gimp.pictures.result import PaintedLayer, add_result, add_results
from scumble_gimp.pictures.settings import store, stored
from scumble_gimp.pictures.views import bounds_of
from scumble_gimp.wire.protocol.errors import ScumbleError
from scumble_gimp.wire.protocol.pixels import PictureRef, PixelFormat
from scumble_gimp.wire.request.geometry import Box
from scumble_gimp.wire.request.recipe import Recipe
from scumble_gimp.wire.request.stylechoice import StyleChoice

STYLES = Recipe({"strength": 0.5}, (StyleChoice(name="starry-night"),))
RGB, GRAY, INDEXED = Gimp.ImageBaseType.RGB, Gimp.ImageBaseType.GRAY, Gimp.ImageBaseType.INDEXED
TYPES = {RGB: Gimp.ImageType.RGBA_IMAGE, GRAY: Gimp.ImageType.GRAYA_IMAGE, INDEXED: Gimp.ImageType.INDEXEDA_IMAGE}
OPAQUE = {RGB: Gimp.ImageType.RGB_IMAGE, GRAY: Gimp.ImageType.GRAY_IMAGE, INDEXED: Gimp.ImageType.INDEXED_IMAGE}


def apply(drawable, name="Styled", selection_as="mask", invert=True, margin=0.125, convert=False):
    """Read a layer and lay the stand-in's answer above it; the new layer."""
    source = reading.sources_of(image, [drawable], margin)[0]
    return add_result(source, *answer(source, invert), STYLES, name, selection_as, convert)


def code_of(function, *arguments):
    """The code of an error with the image's layers, which must be as before."""
    before = names()
    return [refusal(function, *arguments), names() == before]


def new_image(width=64, height=48, kind=RGB, precision="U8_NON_LINEAR"):
    return Gimp.Image.new_with_precision(width, height, kind, getattr(Gimp.Precision, precision))


def export(path):
    """Save the image: what shows as PNG, all as XCF."""
    shown = image.duplicate()
    if not path.endswith(".xcf"):
        shown.merge_visible_layers(Gimp.MergeType.CLIP_TO_IMAGE)
    assert Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, shown, Gio.File.new_for_path(path), None)
    shown.delete()


def opened(path):
    """A file as a new image."""
    return Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))


def added(name, pixel=None, box=(0, 0, 64, 48), parent=None, alpha=True):
    """A layer of one colour (R'G'B'A u8), added on top."""
    kind = (TYPES if alpha else OPAQUE)[image.get_base_type()]
    layer = Gimp.Layer.new(image, name, box[2], box[3], kind, 100.0, Gimp.LayerMode.NORMAL)
    if pixel:
        fill(layer, bytes(pixel) * (box[2] * box[3]))
    image.insert_layer(layer, parent, 0)
    layer.set_offsets(box[0], box[1])
    return layer


def fill(drawable, data, format="R'G'B'A u8"):
    buffer = drawable.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height()), format, data)
    buffer.flush()
    drawable.update(0, 0, drawable.get_width(), drawable.get_height())


def whole(drawable, format="R'G'B'A u8"):
    """All of a drawable's own pixels."""
    area = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    return drawable.get_buffer().get(area, 1.0, format, Gegl.AbyssPolicy.NONE)


def seen(format="R'G'B'A u8"):
    """What the image shows."""
    layer = Gimp.Layer.new_from_visible(image, image, "seen")
    data = whole(layer, format)
    layer.delete()
    return data


def bounds(layer):
    return list(bounds_of(layer).bounds)


def names(of=None):
    return [layer.get_name() for layer in (of.get_children() if of else image.get_layers())]


def select(x, y, width, height, feather=0):
    Gimp.context_set_feather(feather > 0)
    Gimp.context_set_feather_radius(feather, feather)
    image.select_rectangle(Gimp.ChannelOps.REPLACE, x, y, width, height)


def selection(format="Y u8"):
    return whole(image.get_selection(), format)


def colours(width, height):
    """Many opaque colours, none of which AdobeRGB and sRGB do not share."""
    places = [(x, y) for y in range(height) for x in range(width)]
    return bytes(v for x, y in places for v in (40 + 2 * x % 160, 60 + 3 * y % 140, 90 + (x + y) % 100, 255))


def native(layer):
    """The pixels as they are kept, in the image's own colours."""
    area = Gegl.Rectangle.new(0, 0, layer.get_width(), layer.get_height())
    return layer.get_buffer().get(area, 1.0, None, Gegl.AbyssPolicy.NONE)


def encoding(layer):
    """How its pixels are kept, such as “R'G'B'A u8”."""
    return Babl.format_get_encoding(layer.get_format())


def doubles(data):
    return struct.unpack(f"<{len(data) // 8}d", data)


def same(precision):
    """A gradient lent to the stand-in and laid back as it was: what became of it."""
    global image
    image = new_image(precision=precision)
    base = added("base")
    fill(base, ramp(64, 48, 300), "R'G'B'A u16")
    before, shown = native(base), doubles(seen("R'G'B'A double"))
    select(8, 8, 40, 30, feather=6)
    layer = apply(base, invert=False)
    left, top, right, bottom = bounds(layer)
    chosen, mask = doubles(selection("Y double")), doubles(whole(layer.get_mask(), "Y double"))
    chosen = [v for y in range(top, bottom) for v in chosen[64 * y + left : 64 * y + right]]
    pairs = zip(shown, doubles(seen("R'G'B'A double")), strict=True)
    found = {
        "encodings": [encoding(base), encoding(layer)],
        "kept": native(base) == before,
        "difference": max(abs(a - b) for a, b in pairs),
        "mask": max(abs(a - b) for a, b in zip(mask, chosen, strict=True)),
        "steps": len(set(doubles(whole(layer, "R'G'B'A double")))) - 1,
    }
    fill(base, struct.pack("<4f", 2.0, 2.0, 2.0, 1.0) * (64 * 48), "R'G'B'A float")
    sent = reading.sources_of(image, [base], 0.1)[0].content
    found["over"] = values(sent.data, sent.format.depth)[0] / CODES[sent.format.depth][1]
    image.delete()
    return found


def ramp(width, height, steps):
    """A gradient from left to right in 16 bits, in all colours."""
    row = b"".join(struct.pack("<4H", *[20000 + x * steps] * 3, 65535) for x in range(width))
    return row * height
