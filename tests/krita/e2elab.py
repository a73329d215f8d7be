# ruff: noqa: E402, F401, F821
"""Sent to Krita by the tests from end to end: a photograph, a feathered ellipse, and what the document holds."""

import sys

studio = sys.modules["scumble_krita.model.studio"].studio()
from scumble_krita.pictures import settings as keeping
from scumble_krita.wire.request.recipe import Recipe
from scumble_krita.wire.request.stylechoice import StyleChoice


def adopt():
    """Take the active document for ours."""
    global document
    document = Krita.instance().activeDocument()
    return document is not None and document.activeNode() is not None


def select_ellipse(x, y, width, height, feather):
    """A selection as an artist's, made of pixels: an ellipse with a soft edge."""
    mask = QtGui.QImage(document.width(), document.height(), QtGui.QImage.Format.Format_Grayscale8)
    mask.fill(0)
    painter = QtGui.QPainter(mask)
    painter.setBrush(QtGui.QColor(255, 255, 255))
    painter.drawEllipse(x, y, width, height)
    painter.end()
    lines = [mask.constScanLine(i).asstring(mask.width()) for i in range(mask.height())]
    selection = Selection()
    selection.setPixelData(b"".join(lines), 0, 0, mask.width(), mask.height())
    selection.feather(feather)
    document.setSelection(selection)


def layers():
    """The document's layers, lowest first."""
    return [n for n in document.topLevelNodes() if not n.type().endswith("mask")]


def names():
    return [n.name() for n in layers()]


def whole(thing):
    """All pixels of a layer, a selection or, merged, the document."""
    return bytes(thing.pixelData(0, 0, document.width(), document.height()))


def held():
    """All that the document holds and shows, to be compared."""
    document.waitForDone()
    chosen = document.selection()
    return [[n.name(), n.opacity(), n.visible(), whole(n)] for n in layers()] + [
        whole(document),
        whole(chosen) if chosen is not None else None,
    ]


def canvas():
    """The widget that the picture is painted on."""
    kinds = ("KisOpenGLCanvas2", "KisQPainterCanvas")
    inside = Krita.instance().activeWindow().qwindow().findChildren(QtWidgets.QWidget)
    return next(w for w in inside if w.metaObject().className() in kinds and w.isVisible())


def dialog():
    shown = [w for w in QtWidgets.QApplication.topLevelWidgets() if type(w).__name__ == "StyleDialog" and w.isVisible()]
    return shown[0] if shown else None


def dock():
    return next(d for d in Krita.instance().dockers() if d.objectName() == "scumble_docker")


def show_docker():
    """Give our docker the right side, beside the layers."""
    main = Krita.instance().activeWindow().qwindow()
    right = QtCore.Qt.DockWidgetArea.RightDockWidgetArea
    for other in Krita.instance().dockers():
        if main.dockWidgetArea(other) == right and other.objectName() not in ("KisLayerBox", "scumble_docker"):
            other.hide()
    dock().show()
    dock().raise_()


def button(text):
    """The docker's button of this name that can be seen."""
    found = dock().panel.findChildren(QtWidgets.QAbstractButton)
    return next((b for b in found if b.text().replace("&", "") == text and b.isVisible()), None)


def trigger(action):
    Krita.instance().action(action).trigger()
    document.waitForDone()
