"""The docker's small parts: colours mixed from the palette, a line that ends in “…”, a card, a thin bar, a picture."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from .guard import guarded
from .qt import QtCore, QtGui, QtWidgets

GAP = 6  # pixels between things in the docker
RADIUS = 5.0  # pixels: the corners of cards and pictures
LEAST_TALL, TALLEST = 72, 200  # pixels: a preview in a low docker, and in a high one

# Hues in degrees; their strength comes from the palette's highlight, so that they belong to its theme.
GREEN, AMBER, RED = 140, 40, 6

LEADING = QtCore.Qt.AlignmentFlag.AlignLeading


def mix(first: Any, second: Any, part: float) -> Any:
    """The colour `part` (0 to 1) of the way from `first` to `second`."""
    a, b = first.getRgbF(), second.getRgbF()
    return QtGui.QColor.fromRgbF(*(x + (y - x) * part for x, y in zip(a[:3], b[:3])))


def shade(palette: Any, part: float) -> Any:
    """The window's colour, `part` of the way to its text's: light or dark as the theme is."""
    return mix(palette.color(QtGui.QPalette.ColorRole.Window), palette.color(QtGui.QPalette.ColorRole.WindowText), part)


def accent(palette: Any, hue: int) -> Any:
    """The highlight turned to `hue` (degrees), and as bright as the window behind it asks for."""
    highlight = palette.color(QtGui.QPalette.ColorRole.Highlight)
    dark = palette.color(QtGui.QPalette.ColorRole.Window).lightnessF() < 0.5
    strength = min(0.75, max(0.45, highlight.hslSaturationF()))
    return QtGui.QColor.fromHslF(hue / 360.0, strength, 0.62 if dark else 0.4)


def scaled(image: Any, size: Any, ratio: float, cover: bool = False) -> Any:
    """`image` as a smooth QPixmap for `size` (logical pixels): stretched to it, or with `cover` cut to its shape."""
    real = QtCore.QSize(max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio)))
    fit = QtCore.Qt.AspectRatioMode.KeepAspectRatioByExpanding if cover else QtCore.Qt.AspectRatioMode.IgnoreAspectRatio
    image = image.scaled(real, fit, QtCore.Qt.TransformationMode.SmoothTransformation)
    if cover:
        left, top = (image.width() - real.width()) // 2, (image.height() - real.height()) // 2
        image = image.copy(left, top, real.width(), real.height())
    pixmap = QtGui.QPixmap.fromImage(image)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_rounded(painter: Any, rect: Any, pixmap: Any) -> None:
    """`pixmap` in `rect` (QRectF) with the house's corners."""
    path = QtGui.QPainterPath()
    path.addRoundedRect(rect, RADIUS - 1, RADIUS - 1)
    painter.save()
    painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
    painter.setClipPath(path)
    painter.drawPixmap(rect.topLeft(), pixmap)
    painter.restore()


class Line(QtWidgets.QWidget):
    """One line of text. What does not fit ends in “…”, and the tooltip has the whole."""

    def __init__(self, dim: bool = False, bold: bool = False, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._dim, self._bold = dim, bold
        self.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Fixed)

    def set_text(self, text: str) -> None:
        """Show `text`; nothing is painted anew when it is the same."""
        if text != self.text:
            self.text = text
            self.setAccessibleName(text)
            self._set_tip()
            self.update()

    def sizeHint(self) -> Any:
        """Wide enough for some words, one line high."""
        metrics = QtGui.QFontMetrics(self._own_font())
        return QtCore.QSize(min(160, metrics.horizontalAdvance(self.text)), metrics.height())

    def minimumSizeHint(self) -> Any:
        """It may shrink to a few letters."""
        return QtCore.QSize(24, self.sizeHint().height())

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """The tooltip is there only when words are missing."""
        self._set_tip()

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The text, from the left."""
        painter = QtGui.QPainter(self)
        font = self._own_font()
        painter.setFont(font)
        painter.setPen(shade(self.palette(), 0.62 if self._dim else 1.0))
        text = QtGui.QFontMetrics(font).elidedText(self.text, QtCore.Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(QtCore.Qt.AlignmentFlag.AlignVCenter | LEADING), text)

    def _own_font(self) -> Any:
        font = QtGui.QFont(self.font())
        font.setBold(self._bold)
        return font

    def _set_tip(self) -> None:
        fits = QtGui.QFontMetrics(self._own_font()).horizontalAdvance(self.text) <= self.width()
        self.setToolTip("" if fits else self.text)


def small_button(text: str, tip: str = "") -> Any:
    """A quiet button of words, without a frame until the pointer or the keyboard is on it."""
    button = QtWidgets.QToolButton()
    button.setAutoRaise(True)
    button.setText(text)
    button.setToolTip(tip)
    button.setAccessibleName(tip or text)
    button.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
    return button


def column(parent: Any, margins: Tuple[int, int, int, int] = (0, 0, 0, 0), gap: int = GAP) -> Any:
    """A layout from top to bottom; `margins` are left, top, right, bottom."""
    layout = QtWidgets.QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(gap)
    return layout


def row(*things: Any, gap: int = GAP) -> Any:
    """A layout from left to right; the first thing takes the room that is left."""
    layout = QtWidgets.QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for at, thing in enumerate(things):
        layout.addWidget(thing, 1 if at == 0 else 0)
    return layout
