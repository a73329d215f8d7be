"""What Krita does, asked step by step: each step is sent to the real one, or called with the fake in its place.

Between two steps the event loop goes round. What a step returns is compared; `document` is a fresh one of 8 × 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Step = Callable[[], Any]


def handles():
    from krita import Krita

    document = Krita.instance().activeDocument()
    node = document.activeNode()
    found = [node == document.activeNode(), node is document.activeNode(), node == document.rootNode()]
    found.append(document == Krita.instance().activeDocument())
    try:
        return [*found, hash(node)]
    except TypeError:
        return [*found, "unhashable"]


def a_new_document():
    from krita import Krita

    document = Krita.instance().activeDocument()
    node = document.activeNode()
    box = node.bounds()
    names = [n.name() for n in document.topLevelNodes()]
    return [
        [document.width(), document.height(), document.colorModel(), document.colorDepth(), document.colorProfile()],
        [names, node.type(), node.parentNode().name(), node.parentNode().type(), node.opacity(), node.locked()],
        [box.x(), box.y(), box.width(), box.height(), list(bytes(node.pixelData(0, 0, 1, 1)))],
        [document.modified(), document.selection(), document.fileName(), document.annotationTypes()],
        [document.rootNode().parentNode(), document.nodeByName("no such"), Krita.instance().action("no such")],
    ]


def a_layer_is_made():
    from krita import Krita

    document = Krita.instance().activeDocument()
    layer = document.createNode("made", "paintlayer")
    found = [layer.parentNode(), layer.bounds().width()]
    layer.setPixelData(bytes([1, 2, 3, 255] * 4), 2, 1, 2, 2)
    layer.setPixelData(b"too short", 0, 0, 2, 2)
    document.rootNode().addChildNode(layer, document.activeNode())
    box = layer.bounds()
    return [*found, box.x(), box.y(), box.width(), box.height()]


def it_is_there():
    from krita import Krita

    document = Krita.instance().activeDocument()
    layer = document.nodeByName("made")
    outside = list(bytes(layer.pixelData(-1, 0, 4, 2)))
    names = [n.name() for n in document.topLevelNodes()]
    return [names, document.activeNode().name(), document.modified(), outside, len(layer.pixelData(0, 0, -3, 5))]


def undo():
    from krita import Krita

    Krita.instance().action("edit_undo").trigger()


def redo():
    from krita import Krita

    Krita.instance().action("edit_redo").trigger()


def names_and_pixels():
    from krita import Krita

    document = Krita.instance().activeDocument()
    layer = document.nodeByName("made")
    pixel = list(bytes(layer.pixelData(2, 1, 1, 1))) if layer else None
    return [[n.name() for n in document.topLevelNodes()], pixel]


def written_over():
    from krita import Krita

    document = Krita.instance().activeDocument()
    document.activeNode().setPixelData(bytes([9, 9, 9, 255]), 0, 0, 1, 1)
    return document.modified()


def still_written_over():
    from krita import Krita

    document = Krita.instance().activeDocument()
    return [list(bytes(document.activeNode().pixelData(0, 0, 1, 1))), document.modified()]


def colours():
    import struct

    from krita import Krita

    document = Krita.instance().activeDocument()
    data = bytes([50, 100, 200, 128, 255, 255, 255, 255, 0, 0, 0, 0, 0, 255, 0, 64])
    srgb, linear = "sRGB-elle-V2-srgbtrc.icc", "sRGB-elle-V2-g10.icc"
    gray, gray_linear = "Gray-D50-elle-V2-srgbtrc.icc", "Gray-D50-elle-V2-g10.icc"
    found = []
    spaces = [("RGBA", "U16", srgb), ("RGBA", "U16", linear), ("RGBA", "F32", linear), ("RGBA", "F32", srgb)]
    spaces += [("RGBA", "F16", linear), ("GRAYA", "U8", gray), ("GRAYA", "U16", gray_linear)]
    spaces += [("GRAYA", "F32", gray_linear), ("RGBA", "U8", "no such.icc"), ("RGBA", "U8", "")]
    for space in spaces:
        layer = document.createNode("colours", "paintlayer")
        layer.setPixelData(data, 0, 0, 4, 1)
        known = layer.setColorSpace(*space)
        raw = bytes(layer.pixelData(0, 0, 4, 1))
        form = {"U8": "B", "U16": "H", "F16": "e", "F32": "f"}[space[1]]
        top = {"U8": 255, "U16": 65535}.get(space[1], 1)
        values = [v / top for v in struct.unpack(f"<{len(raw) // struct.calcsize(form)}{form}", raw)]
        layer.setColorSpace("RGBA", "U8", srgb)
        found.append([known, values, [v / 255 for v in bytes(layer.pixelData(0, 0, 4, 1))]])
    return found


def a_group_and_a_vector_layer():
    from krita import Krita

    document = Krita.instance().activeDocument()
    group, inner = document.createGroupLayer("group"), document.createNode("inner", "paintlayer")
    inner.setPixelData(bytes([10, 20, 30, 255] * 12), 1, 1, 4, 3)
    group.addChildNode(inner, None)
    document.rootNode().addChildNode(group, None)
    document.rootNode().addChildNode(document.createVectorLayer("vector"), None)
    document.refreshProjection()
    document.waitForDone()


def what_they_give():
    from krita import Krita

    document = Krita.instance().activeDocument()
    found = []
    for name in ("group", "vector"):
        node = document.nodeByName(name)
        box = node.bounds()
        found += [node.type(), len(node.pixelData(0, 0, 2, 2)), list(bytes(node.projectionPixelData(0, 0, 2, 2)))]
        found += [box.x(), box.y(), box.width(), box.height()]
    group = document.nodeByName("group")
    copy = group.duplicate()
    found += [copy.parentNode(), copy.uniqueId() == group.uniqueId(), [n.name() for n in copy.childNodes()]]
    found += [copy.setColorSpace("RGBA", "U16", "sRGB-elle-V2-srgbtrc.icc"), copy.colorDepth()]
    return found


def a_wrong_place():
    from krita import Krita

    document = Krita.instance().activeDocument()
    stray = document.createNode("stray", "paintlayer")
    said = document.rootNode().addChildNode(stray, document.nodeByName("inner"))
    return [said, stray.parentNode()]


def selections():
    from krita import Krita, Selection

    document = Krita.instance().activeDocument()
    mine = Selection()
    found = [[mine.x(), mine.y(), mine.width(), mine.height()]]
    mine.select(2, 1, 3, 2, 128)
    document.setSelection(mine)
    user = document.selection()
    found.append([user.x(), user.y(), user.width(), user.height(), list(bytes(user.pixelData(0, 0, 8, 3)))])
    mine.select(0, 0, 1, 1, 255)
    document.selection().select(12, 5, 1, 1, 7)
    copy = document.selection().duplicate()
    copy.clear()
    found.append([document.selection().x(), document.selection().width(), copy.width()])
    found.append([[n.name(), n.type()] for n in document.topLevelNodes()])
    other = Selection()
    other.setPixelData(bytes([0, 7, 9, 0]), 1, 1, 2, 2)
    found.append([other.x(), other.y(), other.width(), other.height()])
    return found


def no_selection():
    from krita import Krita, Selection

    document = Krita.instance().activeDocument()
    document.setSelection(Selection())
    empty = document.selection()
    found = [empty is None, empty.width()]
    document.setSelection(None)
    return [*found, document.selection() is None]


def annotations():
    from krita import Krita

    document = Krita.instance().activeDocument()
    document.setAnnotation("scumble/test", "what", b"a\x00b")
    found = [list(document.annotationTypes()), list(bytes(document.annotation("scumble/test")))]
    found += [list(bytes(document.annotation("no such"))), document.annotationDescription("scumble/test")]
    document.removeAnnotation("scumble/test")
    return [*found, list(document.annotationTypes())]


def a_layer_goes():
    from krita import Krita

    return Krita.instance().activeDocument().activeNode().remove()


def none_is_left():
    from krita import Krita

    document = Krita.instance().activeDocument()
    return [document.activeNode(), document.topLevelNodes()]


FACTS: dict[str, list[Step]] = {
    "handles": [handles],
    "a new document": [a_new_document],
    "making a layer is one step to undo": [
        *(a_layer_is_made, it_is_there, undo, names_and_pixels, redo, names_and_pixels, undo, names_and_pixels)
    ],
    "writing over a layer is no step": [written_over, still_written_over],
    "colours": [colours],
    "groups and vectors": [a_group_and_a_vector_layer, what_they_give, a_wrong_place],
    "selections": [selections, no_selection],
    "annotations": [annotations],
    "the last layer": [a_layer_goes, none_is_left],
}
