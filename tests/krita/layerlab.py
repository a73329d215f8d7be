# ruff: noqa: F401, F821
"""Sent to Krita by the tests of layers, before tests/editors/standin.py: short words for what they do there."""

import struct

from krita import InfoObject, Krita, Selection
from scumble_krita.pictures import document as reading
from scumble_krita.pictures import layers as writing
from scumble_krita.pictures import settings as keeping
from scumble_krita.wire.protocol.errors import ScumbleError
from scumble_krita.wire.protocol.pixels import PictureRef, PixelFormat
from scumble_krita.wire.request.geometry import Box
from scumble_krita.wire.request.recipe import Recipe
from scumble_krita.wire.request.stylechoice import StyleChoice

STYLES = Recipe({"strength": 0.5}, (StyleChoice(name="starry-night"),))


def apply(name="Styled", as_mask=False, invert=True, margin=0.125):
    """Read the active layer and lay the stand-in's answer above it; the source."""
    source = reading.active_source(margin)
    writing.add_result(source, *answer(source, invert), name, as_mask)
    return source


def fill(layer, pixel, x=0, y=0, width=64, height=48):
    layer.setPixelData(bytes(pixel) * (width * height), x, y, width, height)
    return layer


def added(name, pixel=None, box=(0, 0, 64, 48), parent=None, above=None):
    """A paint layer of one colour, added on top."""
    layer = document.createNode(name, "paintlayer")
    if pixel:
        fill(layer, pixel, *box)
    (parent or document.rootNode()).addChildNode(layer, above)
    return layer


def named(name):
    return document.nodeByName(name)


def names(parent=None):
    return [n.name() for n in (parent or document.rootNode()).childNodes() if n.type() != "selectionmask"]


def whole(layer, width=64, height=48):
    return bytes(layer.pixelData(0, 0, width, height))


def pixel(layer, x, y):
    return list(bytes(layer.pixelData(x, y, 1, 1)))


def select(x, y, width, height, value=255, feather=0):
    selection = Selection()
    selection.select(x, y, width, height, value)
    if feather:
        selection.feather(feather)
    document.setSelection(selection)


def undo():
    Krita.instance().action("edit_undo").trigger()
    document.waitForDone()


def redo():
    Krita.instance().action("edit_redo").trigger()
    document.waitForDone()


def activate(layer):
    document.setActiveNode(layer)
    document.waitForDone()


def filled(name, color):
    info, everything = InfoObject(), Selection()
    info.setProperty("color", color)
    everything.select(0, 0, 64, 48, 255)
    return document.createFillLayer(name, "color", info, everything)


def ramp(layer):
    """Paint a picture of colours, light and dark, that any colour space holds, over 64×48."""
    data = bytearray()
    for y in range(48):
        for x in range(64):
            data += bytes((60 + 2 * x, 70 + 3 * y, 90 + x + y, 255))
    goal = layer.colorModel(), layer.colorDepth(), layer.colorProfile()
    layer.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
    layer.setPixelData(bytes(data), 0, 0, 64, 48)
    layer.setColorSpace(*goal)
    return layer


def numbers(layer):
    """A layer's values as Krita keeps them, integers as shares of 255."""
    code, full = {"U8": ("B", 255), "U16": ("H", 65535), "F16": ("e", 255), "F32": ("f", 255)}[layer.colorDepth()]
    data = whole(layer)
    return [v * 255 / full for v in struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data)]


def error(a, b, mask, channels):
    """Largest and mean difference of two layers' colours where the mask is full."""
    inside = [i for i, m in enumerate(mask) if m == 255]
    found = [abs(a[i * channels + c] - b[i * channels + c]) for i in inside for c in range(channels - 1)]
    return [max(found), sum(found) / len(found)]


def seen():
    """The active layer as it is read: its name, and the pixel at (10, 10) as RGBA."""
    source = reading.active_source(0.0)
    return [source.node.name(), list(source.content.data[4 * 650 : 4 * 650 + 4])]
