"""Writing with a fake Krita: one step, the right depth, and the mask where there can be one."""

from __future__ import annotations

import struct

import pytest

from .plugin import plugin_module

krita = pytest.importorskip("krita")
document = plugin_module("pictures.document")
layers = plugin_module("pictures.layers")
errors = plugin_module("wire.protocol.errors")
formats = plugin_module("wire.protocol.pixels")

RED = {"U8": b"\x00\x00\xff\xff", "F32": struct.pack("<4f", 1, 0, 0, 1)}


@pytest.fixture
def source(krita_app, qt):
    """Reads a document of 8 × 6 with one red layer."""

    def read(depth="U8", version="5.2.9"):
        krita_app.reset(version)
        app = krita.Krita.instance()
        made = app.createDocument(8, 6, "test", "RGBA", depth, "", 300.0)
        app.activeWindow().addView(made)
        made.activeNode().setPixelData(RED[depth] * 48, 0, 0, 8, 6)
        app.turn()
        return document.active_source(0.0)

    return read


def result(depth="u8", space="srgb"):
    """Two pixels at (3, 2): green, the second half covered."""
    code, full = ("B", 255) if depth == "u8" else ("f", 1.0)
    values = (0, full, 0, full, 0, full, 0, full * 128 / 255)
    data = struct.pack(f"<8{code}", *(int(v) if code == "B" else v for v in values))
    return formats.PictureRef("0" * 64, formats.PixelFormat(2, 1, 4, depth, space), 3, 2), data


def test_the_result_is_one_step_and_lies_where_it_belongs(source):
    read = source()
    app, before = krita.Krita.instance(), krita.Krita.instance().undo_steps()
    made = layers.add_result(read, *result(), "Starry Night")
    app.turn()
    assert app.undo_steps() == before + 1
    assert [n.name() for n in read.document.topLevelNodes()] == ["Background", "Starry Night"]
    assert bytes(made.pixelData(2, 2, 4, 1)) == b"\0\0\0\0" + b"\0\xff\0\xff" + b"\0\xff\0\x80" + b"\0\0\0\0"
    assert bytes(read.node.pixelData(0, 0, 8, 6)) == RED["U8"] * 48


def test_floats_stay_floats(source):
    read = source("F32")
    made = layers.add_result(read, *result("f32", "linear"), "x")
    assert (made.colorDepth(), made.colorProfile()) == (read.document.colorDepth(), read.document.colorProfile())
    assert struct.unpack("<4f", bytes(made.pixelData(3, 2, 1, 1))) == (0, 1, 0, 1)


def test_alpha_becomes_a_mask_where_krita_can_make_one(source):
    read = source(version="5.2.9")
    made = layers.add_result(read, *result(), "x", as_mask=True)
    assert bytes(made.pixelData(3, 2, 2, 1)) == b"\0\xff\0\xff" * 2
    assert [m.type() for m in made.childNodes()] == ["transparencymask"]
    read = source(version="5.1.5")
    made = layers.add_result(read, *result(), "x", as_mask=True)
    assert bytes(made.pixelData(3, 2, 2, 1)) == b"\0\xff\0\xff\0\xff\0\x80" and made.childNodes() == []


def refused(read, ref, data):
    with pytest.raises(errors.ScumbleError) as caught:
        layers.add_result(read, ref, data, "x")
    return caught.value.code


def test_what_went_meanwhile_is_said(source):
    read, (ref, data) = source(), result()
    assert refused(read, ref, data[:-1]) == "picture-truncated"
    read.node.remove()
    krita.Krita.instance().turn()
    assert refused(read, ref, data) == "layer-changed"
    read = source()
    read.document.close()
    krita.Krita.instance().turn()
    assert refused(read, ref, data) == "document-closed"
