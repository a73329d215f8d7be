# ruff: noqa: E402, F821
"""Sent to Krita by the tests of the docker: what it shows, what of that can be seen, and results that were kept."""

import sys

studio = sys.modules["scumble_krita.model.studio"].studio()
from scumble_krita.qt import png_of
from scumble_krita.wire.protocol.pixels import PictureRef, PixelFormat
from scumble_krita.wire.request.recipe import Recipe
from scumble_krita.wire.request.stylechoice import StyleChoice

dock = next(d for d in Krita.instance().dockers() if d.objectName() == "scumble_docker")
panel = dock.panel
main = Krita.instance().activeWindow().qwindow()


def float_at(x, y, width, height):
    """Take it out of the window."""
    dock.setFloating(True)
    dock.setGeometry(x, y, width, height)
    dock.show()


def recipe(**options):
    return Recipe(options, (StyleChoice(name="starry-night"),))


def button(text):
    return next(
        b for b in panel.findChildren(QtWidgets.QAbstractButton) if b.text().replace("&", "") == text and b.isVisible()
    )


def entry_of(menu, text):
    """Where an entry of a menu is on the screen."""
    return menu.mapToGlobal(
        menu.actionGeometry(next(a for a in menu.actions() if a.text().replace("&", "") == text)).center()
    )


def seen_whole(widget):
    """Whether all of it lies in the docker, and nothing covers any of it or has scrolled it away."""
    place = QtCore.QRect(widget.mapTo(panel, QtCore.QPoint(0, 0)), widget.size())
    hidden = QtGui.QRegion(widget.rect()).subtracted(widget.visibleRegion())
    return widget.isVisible() and panel.rect().contains(place) and hidden.isEmpty()


def too_long(widget, text, more=0):
    return widget.isVisible() and widget.width() < widget.fontMetrics().horizontalAdvance(text) + more


def cut_off():
    """Words that do not fit in their buttons and lines, and “sideways” where something scrolls so."""
    found = [b.text() for b in panel.findChildren(QtWidgets.QAbstractButton) if b.text() and too_long(b, b.text(), 6)]
    found += [
        w.shown() for w in panel.findChildren(QtWidgets.QWidget) if hasattr(w, "shown") and too_long(w, w.shown())
    ]
    areas = panel.findChildren(QtWidgets.QScrollArea)
    return found + ["sideways" for area in areas if area.horizontalScrollBar().maximum()]


def keep_results(number):
    """As many entries of the history."""
    image = QtGui.QImage(128, 96, QtGui.QImage.Format.Format_RGBA8888)
    image.fill(QtGui.QColor(120, 90, 60))
    ref = PictureRef("0" * 64, PixelFormat(128, 96, 4, "u8"))
    for _ in range(number):
        studio.history.add("The Great Wave off Kanagawa", recipe(), "a.png", ref, bytes(128 * 96 * 4), png_of(image))
    studio.changed.emit()
