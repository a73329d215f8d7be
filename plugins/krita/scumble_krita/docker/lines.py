"""Texts that fit: a line that says less where there is less room, and a title of a few lines."""

from __future__ import annotations

from typing import Any, List, Optional, Tuple

from ..dockparts import LEADING, Line, shade
from ..guard import guarded
from ..qt import QtCore, QtGui


class FittingLine(Line):
    """One line in several wordings, the longest first: the first that fits is shown, the tooltip has the longest."""

    def __init__(self, dim: bool = False, parent: Optional[Any] = None) -> None:
        super().__init__(dim, parent=parent)
        self.wordings: Tuple[str, ...] = ("",)

    def set_wordings(self, wordings: Tuple[str, ...]) -> None:
        """Show one of `wordings`; nothing is painted anew when they are the same."""
        if wordings != self.wordings:
            self.wordings = wordings
            self.set_text(wordings[0])

    def shown(self) -> str:
        """What is to be read."""
        metrics = self.fontMetrics()
        fitting = [w for w in self.wordings if metrics.horizontalAdvance(w) <= self.width()]
        return fitting[0] if fitting else self.wordings[-1]

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The wording, from the left."""
        painter = QtGui.QPainter(self)
        painter.setPen(shade(self.palette(), 0.62 if self._dim else 1.0))
        text = self.fontMetrics().elidedText(self.shown(), QtCore.Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), int(QtCore.Qt.AlignmentFlag.AlignVCenter | LEADING), text)


class Title(Line):
    """A bold text of at most `most` lines, as high as it needs; what is left over ends in “…”."""

    def __init__(self, most: int = 2, parent: Optional[Any] = None) -> None:
        super().__init__(bold=True, parent=parent)
        self._most = most

    def set_most(self, most: int) -> None:
        """Another number of lines."""
        if most != self._most:
            self._most = most
            self._fit()

    def set_text(self, text: str) -> None:
        """Show `text`."""
        if text != self.text:
            super().set_text(text)
            self._fit()

    def lines(self) -> List[str]:
        """The text as it is broken now."""
        return broken(self.text, self._own_font(), self.width(), self._most)

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """Its lines are broken anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    @guarded
    def changeEvent(self, event: Any) -> None:
        """It follows the font."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.FontChange:
            self._fit()

    @guarded
    def paintEvent(self, event: Any) -> None:
        """Line by line."""
        painter = QtGui.QPainter(self)
        painter.setFont(self._own_font())
        painter.setPen(shade(self.palette(), 1.0))
        high = painter.fontMetrics().height()
        for i, text in enumerate(self.lines()):
            painter.drawText(QtCore.QRect(0, i * high, self.width(), high), int(LEADING), text)

    def sizeHint(self) -> Any:
        """Some words wide."""
        hint = super().sizeHint()
        return QtCore.QSize(hint.width(), max(1, len(self.lines())) * hint.height())

    def _fit(self) -> None:
        self.setFixedHeight(self.sizeHint().height())
        self._set_tip()
        self.update()

    def _set_tip(self) -> None:
        whole = "".join(self.lines()).replace(" ", "") == self.text.replace(" ", "")
        self.setToolTip("" if whole else self.text)


def broken(text: str, font: Any, width: float, most: int) -> List[str]:
    """`text` in at most `most` lines of `width` pixels; the last ends in “…” where words are left over."""
    layout, option = QtGui.QTextLayout(text, font), QtGui.QTextOption()
    option.setWrapMode(QtGui.QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    found: List[str] = []
    layout.beginLayout()
    line = layout.createLine()
    while line.isValid():
        line.setLineWidth(max(1.0, width))
        start, length = line.textStart(), line.textLength()
        line = layout.createLine()
        if len(found) + 1 == most and line.isValid():
            elided = QtGui.QFontMetrics(font).elidedText(text[start:], QtCore.Qt.TextElideMode.ElideRight, int(width))
            found.append(elided)
            break
        found.append(text[start : start + length].strip())
    layout.endLayout()
    return found
