"""The fake itself: what test_fake_is_true.py cannot compare on one version, and what the fake adds."""

from __future__ import annotations

import numpy as np
import pytest

from krita import Krita, Selection

from ..facts import FACTS
from .conftest import answers_of_the_fake


def new_document(app, width=8, height=6, model="RGBA", depth="U8"):
    document = app.createDocument(width, height, "test", model, depth, "", 300.0)
    app.activeWindow().addView(document)
    return document


def test_every_fact_can_be_asked(krita_app):
    for steps in FACTS.values():
        assert len(answers_of_the_fake(steps, "5.1.5")) == len(steps)


def test_a_layer_built_first_and_added_once_is_one_step(krita_app):
    document = new_document(krita_app, depth="U16")
    layer = document.createNode("result", "paintlayer")
    assert layer.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
    layer.setPixelData(bytes([10, 20, 200, 255]) * 48, 0, 0, 8, 6)
    assert layer.setColorSpace(document.colorModel(), document.colorDepth(), document.colorProfile())
    assert krita_app.undo_steps() == 0
    document.rootNode().addChildNode(layer, document.activeNode())
    assert krita_app.undo_steps() == 1 and document.activeNode().name() == "Background"
    krita_app.turn()
    assert document.activeNode() == layer
    layer.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
    assert bytes(layer.pixelData(3, 3, 1, 1)) == bytes([10, 20, 200, 255])


def test_linear_documents_hold_light_not_levels(krita_app):
    background = new_document(krita_app, depth="F32").activeNode()
    background.setPixelData(np.float32([0.5, 0.25, 0, 1]).tobytes(), 0, 0, 1, 1)
    background.setColorSpace("RGBA", "U8", "sRGB-elle-V2-srgbtrc.icc")
    assert list(bytes(background.pixelData(0, 0, 1, 1))) == [0, 137, 188, 255]  # blue, green, red


def test_groups_show_what_lies_in_them(krita_app):
    document = new_document(krita_app)
    group, inner = document.createGroupLayer("G"), document.createNode("A", "paintlayer")
    inner.setPixelData(bytes([7, 8, 9, 255]) * 4, 0, 0, 2, 2)
    group.addChildNode(inner, None)
    document.rootNode().addChildNode(group, None)
    assert bytes(group.pixelData(0, 0, 1, 1)) == b""
    assert list(bytes(group.projectionPixelData(1, 0, 2, 1))) == [7, 8, 9, 255, 0, 0, 0, 0]
    inner.setOpacity(128)
    assert bytes(group.projectionPixelData(0, 0, 1, 1))[3] == 128
    assert bytes(inner.projectionPixelData(0, 0, 1, 1))[3] == 255  # its own opacity does not count
    inner.setVisible(False)
    assert bytes(group.projectionPixelData(0, 0, 1, 1)) == bytes(4)
    assert list(bytes(document.pixelData(0, 0, 1, 1))) == [255] * 4


def test_masks_exist_since_5_2_and_have_no_pixels(krita_app):
    old = new_document(Krita.reset("5.1.5"))
    assert not hasattr(old, "createTransparencyMask")
    assert old.activeNode().setPixelData(b"", 0, 0, 1, 1) is None
    document = new_document(Krita.reset("5.3.4"))
    layer, mask, half = document.activeNode(), document.createTransparencyMask("M"), Selection()
    half.select(0, 0, 4, 6, 255)
    mask.setSelection(half)
    layer.addChildNode(mask, None)
    assert bytes(mask.pixelData(0, 0, 2, 2)) == b"" == bytes(mask.projectionPixelData(0, 0, 2, 2))
    assert (mask.bounds().width(), mask.bounds().height()) == (8, 6) and mask.parentNode() == layer
    assert bytes(layer.projectionPixelData(3, 0, 2, 1))[3::4] == b"\xff\x00"
    assert bytes(layer.pixelData(3, 0, 2, 1))[3::4] == b"\xff\xff"
    assert layer.setPixelData(b"", 0, 0, 1, 1) is False  # 5.3 says so


@pytest.mark.parametrize("kind", ["filllayer", "selectionmask"])
def test_what_ends_krita_ends_the_test(krita_app, kind):
    with pytest.raises(AssertionError, match="ends Krita"):
        new_document(krita_app).createNode("X", kind)


def test_documents_without_a_view_have_no_active_layer(krita_app):
    document = krita_app.createDocument(8, 6, "test", "GRAYA", "U16", "", 300.0)
    assert krita_app.activeDocument() is None and document.activeNode() is None
    assert document.colorProfile() == "Gray-D50-elle-V2-g10.icc" and len(document.topLevelNodes()) == 1
    assert krita_app.activeWindow().activeView().document() is None
    document.close()
    assert krita_app.documents() == []


def test_pictures_are_in_srgb(krita_app, qt):
    document = new_document(krita_app, depth="U16")
    document.activeNode().setPixelData(np.uint16([0, 8352, 37852, 65535] * 48).tobytes(), 0, 0, 8, 6)
    for picture in (document.projection(), document.activeNode().thumbnail(4, 3)):
        color = picture.pixelColor(1, 1)
        assert abs(color.red() - 200) <= 1 and abs(color.green() - 100) <= 1 and color.blue() == 0
    assert picture.width() == 4
