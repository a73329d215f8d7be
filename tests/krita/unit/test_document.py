"""Reading with a fake Krita: routes, names, small pictures. What Krita itself makes of it is in ../test_layers.py."""

from __future__ import annotations

import struct

import pytest

from .plugin import plugin_module

krita = pytest.importorskip("krita")
document = plugin_module("pictures.document")
colorspaces = plugin_module("pictures.colorspaces")
nodes = plugin_module("pictures.nodes")
scaling = plugin_module("pictures.scaling")
smaller = plugin_module("wire.editor.preview.sizes")
errors = plugin_module("wire.protocol.errors")
geometry = plugin_module("wire.request.geometry")
recipes = plugin_module("wire.request.recipe")
formats = plugin_module("wire.protocol.pixels")

SRGB, LINEAR = "sRGB-elle-V2-srgbtrc.icc", "sRGB-elle-V2-g10.icc"


@pytest.fixture
def opened(krita_app, qt):
    """A document of 64 × 48 with a layer of one colour, as Krita shows it after some time."""

    def make(depth="U8", pixel=None, model="RGBA"):
        made = krita_app.createDocument(64, 48, "test", model, depth, "", 300.0)
        krita_app.activeWindow().addView(made)
        layer = made.activeNode()
        if pixel is not None:
            layer.setPixelData(pixel * 3072, 0, 0, 64, 48)
        krita_app.turn()
        return made

    return make


def refusal(function, *arguments):
    with pytest.raises(errors.ScumbleError) as caught:
        function(*arguments)
    return caught.value.code


@pytest.mark.parametrize(
    ("space", "sent"),
    [
        (("RGBA", "U8", SRGB), ("u8", "srgb")),
        (("RGBA", "U8", LINEAR), ("u8", "srgb")),
        (("RGBA", "U8", "ClayRGB-elle-V2-g22.icc"), ("u8", "srgb")),
        (("RGBA", "U16", SRGB), ("u16", "srgb")),
        (("RGBA", "U16", LINEAR), ("u16", "linear")),
        (("RGBA", "U16", "Rec2020-elle-V4-g10.icc"), ("u16", "linear")),
        (("RGBA", "F16", LINEAR), ("f32", "linear")),
        (("RGBA", "F16", SRGB), ("f32", "linear")),
        (("RGBA", "F32", SRGB), ("f32", "srgb")),
        (("GRAYA", "U16", "Gray-D50-elle-V2-g10.icc"), ("u16", "linear")),
        (("CMYKA", "U8", "Chemical proof"), ("u8", "srgb")),
        (("CMYKA", "U16", "Chemical proof"), ("u16", "srgb")),
        (("LABA", "U8", "Lab identity built-in"), ("u8", "srgb")),
        (("LABA", "U16", "Lab identity built-in"), ("f32", "linear")),
        (("XYZA", "F16", "XYZ identity built-in"), ("f32", "linear")),
    ],
)
def test_what_a_colour_space_travels_as(space, sent):
    assert colorspaces.sent_as(colorspaces.Space(*space)) == sent


def test_only_what_the_wire_has_a_name_for_goes_unconverted():
    native = [s for s in (SRGB, LINEAR, "sRGB IEC61966-2.1", "scRGB (linear)")]
    assert all(colorspaces.Space("RGBA", "U16", s).native for s in native)
    assert not colorspaces.Space("RGBA", "U8", LINEAR).native
    assert not colorspaces.Space("RGBA", "F16", LINEAR).native
    assert not colorspaces.Space("RGBA", "U16", "ACEScg-elle-V4-g10.icc").native
    assert not colorspaces.Space("GRAYA", "U8", "sRGB gray").native


def test_profiles_that_are_missing_are_replaced(krita_app, monkeypatch):
    offers = ["something", "sRGB built-in"]
    monkeypatch.setattr(krita_app, "profiles", lambda model, depth: offers)
    assert colorspaces.rgba("u8", "srgb").profile == "sRGB built-in"
    own = colorspaces.Space("RGBA", "U8", "sRGB IEC61966-2.1")
    assert colorspaces.rgba("u8", "srgb", own) == own
    assert colorspaces.rgba("u16", "srgb", own).profile == "sRGB built-in"


def test_a_space_that_krita_does_not_take_is_an_error(opened):
    layer = opened().createNode("x", "paintlayer")
    assert refusal(colorspaces.enter, layer, colorspaces.Space("HUHU", "U8", "nothing")) == "editor-refused"


@pytest.mark.parametrize("depth", ["U8", "U16", "F16", "F32"])
def test_content_has_the_depth_of_the_document(opened, depth):
    code = {"U8": "B", "U16": "H", "F16": "e", "F32": "f"}[depth]
    full = {"U8": 255, "U16": 65535}.get(depth, 1)
    opened(depth, struct.pack(f"<4{code}", 0, 0, full, full))  # red or, as floats, blue
    source = document.active_source(0.0)
    assert (source.canvas, source.box.bounds, source.selection) == ((64, 48), (0, 0, 64, 48), None)
    form = source.content.format
    assert (form.width, form.height, form.channels) == (64, 48, 4) and len(source.content.data) == form.nbytes
    wire = {"u8": "B", "u16": "H", "f32": "f"}[form.depth]
    first = struct.unpack(f"<4{wire}", source.content.data[: struct.calcsize(f"<4{wire}")])
    assert first == ((full, 0, 0, full) if depth.startswith("U") else (0, 0, full, full))


def test_nothing_open_no_layer_nothing_visible(krita_app, opened):
    assert refusal(document.active_source, 0.0) == "document-missing"
    made = opened("U8", b"\0\0\0\0")
    assert refusal(document.active_source, 0.0) == "layer-empty"
    assert refusal(document.small_active_source, 0.0, 16) == "layer-empty"
    made.activeNode().remove()
    krita_app.turn()
    assert refusal(document.active_source, 0.0) == "layer-missing"


def test_pixels_of_an_unknown_kind_are_refused(opened, monkeypatch):
    made = opened("U8", b"\1\2\3\xff")
    node = made.activeNode()
    monkeypatch.setattr(type(node), "projectionPixelData", lambda *_: b"odd")
    assert refusal(document.read_source, made, node, 0.0) == "layer-unsupported"


def test_what_is_too_large_is_not_even_read(krita_app):
    huge = krita_app.createDocument(8, 8, "huge", "RGBA", "U8", "", 300.0)
    box = geometry.Box(0, 0, 20_000, 20_000)
    assert refusal(document._node_bytes, huge, huge.rootNode(), box) == "picture-large"
    assert refusal(document._node_bytes, huge, huge.rootNode(), geometry.Box(0, 0, 70_000, 1)) == "picture-large"


@pytest.mark.parametrize(("width", "height"), [(4096, 4096), (5000, 3001), (384, 100), (100, 7), (1, 9000), (770, 1)])
def test_small_pictures_of_a_source_agree(width, height):
    box = geometry.Box(10, 20, width, height)
    thin = scaling.Thin(box, 384)
    assert max(thin.size) >= min(384, max(width, height))
    form = formats.PixelFormat(*thin.size, 1)
    mask = recipes.Pixels(form, bytes(form.nbytes), 10, 20)
    assert scaling.size_of(mask, box, 384) == smaller.fitting((width, height), 384)
    assert len(thin.of(bytes(width * height), 1)) == form.nbytes


def test_a_small_source_is_smooth_and_keeps_its_proportions(opened):
    opened("U8", b"\x0a\x14\x1e\xff")
    source = document.active_source(0.0)
    small = document.small_source(source, 16)
    assert (small.canvas, small.box.bounds) == ((16, 12), (0, 0, 16, 12))
    assert small.content.data == b"\x1e\x14\x0a\xff" * 192 and source.content.format.width == 64
    place, quick = document.small_active_source(0.0, 16)
    assert quick.content == small.content and place.content.data == b"" and place.box == source.box


def test_where_a_result_belongs(krita_app, opened):
    made = opened("U8", b"\1\2\3\xff")
    root, group = made.rootNode(), made.createGroupLayer("Group")
    inner = made.createNode("Inner", "paintlayer")
    group.addChildNode(inner, None)
    root.addChildNode(group, None)
    krita_app.turn()
    assert nodes.place_above(inner) == (group, inner)
    assert nodes.free_name(made, " Inner\n") == "Inner 2" and nodes.free_name(made, "") == "Scumble"
    assert [name.strip() for _, name in document.layers_of(made)] == ["Group", "Inner", "Background"]
    assert nodes.is_in(made, inner) and document.find_node(made, nodes.identity(inner)) == inner
    group.remove()
    krita_app.turn()
    assert not nodes.is_in(made, inner) and refusal(document.find_node, made, nodes.identity(inner)) == "layer-gone"
