"""The docker's scrolling area, and buttons whose words are always whole."""

from __future__ import annotations

from typing import Any, List, Optional

from ..dockparts import GAP, LEADING, shade
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets
from ..wire.words.jobs import pause_words

_MIDDLE = int(QtCore.Qt.AlignmentFlag.AlignVCenter)
SPACE = "\u00a0"  # in place of a word: without any a button is as high as an icon


def scrolling(inner: Any) -> Any:
    """`inner` in an area that scrolls up and down, with the window's own colour; it may become as low as need be."""
    area = QtWidgets.QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    area.setMinimumSize(1, 1)
    area.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
    return area


class ButtonRow(QtWidgets.QWidget):
    """Buttons side by side, the first the widest; one below the other where their words would be cut off."""

    def __init__(self, buttons: List[Any], parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._row = QtWidgets.QBoxLayout(QtWidgets.QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        for i, button in enumerate(buttons):
            self._row.addWidget(button, 3 if i == 0 else 2)

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """Every word is to be read."""
        super().resizeEvent(event)
        hints = [self._row.itemAt(i).widget().sizeHint().width() for i in range(self._row.count())]
        fits = sum(hints) + GAP * (len(hints) - 1) <= self.width()
        directions = QtWidgets.QBoxLayout.Direction
        wanted = directions.LeftToRight if fits else directions.TopToBottom
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)

    def minimumSizeHint(self) -> Any:
        """As wide as one button, as high as they are now."""
        return QtCore.QSize(40, self._row.minimumSize().height())


class MenuButton(QtWidgets.QToolButton):
    """A quiet word with a menu, and a small arrow after it: styles paint theirs over the word."""

    ARROW = 7  # pixels

    def __init__(self, text: str, menu: Any) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setAutoRaise(True)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QtWidgets.QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(menu)

    def sizeHint(self) -> Any:
        """The word, and room for the arrow."""
        words = self.fontMetrics().size(0, self.text())
        return QtCore.QSize(words.width() + self.ARROW + 3 * GAP, words.height() + GAP)

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The style's button without its arrow, then the word and ours."""
        option = QtWidgets.QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features, option.text = QtWidgets.QStyleOptionToolButton.ToolButtonFeature(0), ""
        painter = QtWidgets.QStylePainter(self)
        painter.drawComplexControl(QtWidgets.QStyle.ComplexControl.CC_ToolButton, option)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.setPen(self.palette().color(QtGui.QPalette.ColorRole.WindowText))
        room = QtCore.QRectF(self.rect()).adjusted(GAP, 0, -GAP, 0)
        painter.drawText(room, int(LEADING) | _MIDDLE, self.text())
        left, top = room.right() - self.ARROW + 1, room.center().y() - 0.5
        points = [(left, top), (left + self.ARROW / 2, top + self.ARROW / 2), (left + self.ARROW, top)]
        painter.setPen(QtGui.QPen(shade(self.palette(), 0.7), 1.3))
        painter.drawPolyline(QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in points]))


def push_button(text: str, tip: str) -> Any:
    """A button of the docker."""
    button = QtWidgets.QPushButton(text)
    button.setToolTip(tip)
    button.setMinimumWidth(40)
    return button


class PauseButton(QtWidgets.QToolButton):
    """“Pause” while a job can be let rest, “Resume” while it rests; not there where neither can be done.

    Where a word has no room two bars, or a triangle, stand for it.
    """

    MARK = 9  # pixels

    def __init__(self) -> None:
        super().__init__()
        self._word, self._short, self._rests = "", False, False
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.TabFocus)
        self.setVisible(False)

    def show_job(self, job: Any, can_pause: bool) -> None:
        """Take over where `job` is; `can_pause`: the engine lets jobs rest."""
        pausing = bool(getattr(job, "pausing", False))
        wanted = can_pause and (job.state == "paused" or pausing or bool(getattr(job, "may_pause", False)))
        word, about = pause_words(job)
        if self._word != word:
            self._word, self._rests = word, job.state == "paused"
            self.setText(SPACE if self._short else word)
            self.setToolTip(about)
            self.setAccessibleName(word)
        if self.isEnabled() == pausing:
            self.setEnabled(not pausing)
        if self.isHidden() == wanted:
            self.setVisible(wanted)

    def fit(self, room: int) -> None:
        """Have the word where it is not wider than `room` (pixels), else the mark."""
        short = self.fontMetrics().size(0, self._word).width() + 3 * GAP > room
        if short != self._short:
            self._short = short
            self.setText(SPACE if short else self._word)

    @guarded
    def paintEvent(self, event: Any) -> None:
        """The button, and the mark where there is no word."""
        super().paintEvent(event)
        if not self._short:
            return
        painter, half = QtGui.QPainter(self), self.MARK / 2
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() / 2, self.height() / 2)
        painter.setPen(QtCore.Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QtGui.QPalette.ColorRole.ButtonText))
        if self._rests:
            points = [(-half, -half), (half, 0.0), (-half, half)]
            painter.drawPolygon(QtGui.QPolygonF([QtCore.QPointF(x, y) for x, y in points]))
        else:
            for left in (-half, half / 3):
                painter.drawRect(QtCore.QRectF(left, -half, self.MARK / 3, self.MARK))
        painter.end()


def buttons_row(*buttons: Any) -> Any:
    """Buttons side by side, at the right."""
    layout = QtWidgets.QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP - 2)
    layout.addStretch(1)
    for button in buttons:
        layout.addWidget(button)
    return layout
