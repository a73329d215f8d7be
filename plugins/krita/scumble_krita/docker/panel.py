"""All that the docker shows, as one widget over a studio; two windows of Krita have two of them on one studio."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import GAP, LEAST_TALL, TALLEST, column
from ..guard import guarded
from ..passage import Passage
from ..qt import QtCore, QtWidgets
from ..texts import tr
from .cards import Card
from .emptyview import EmptyView
from .engineview import EngineView
from .historyview import HistoryView
from .pulse import Pulse
from .queueview import QueueView

EDGE = 8  # pixels around everything
NARROWEST, LOWEST = 200, 70  # pixels
LOW = 260  # pixels: below it everything scrolls as one
AGES_MS = 30_000  # between two looks at the clock


class ScumblePanel(QtWidgets.QWidget):
    """The engine, the two buttons, the queue, the history, and the last sentence that was said."""

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.engine, self.queue, self.history = EngineView(studio), QueueView(studio), HistoryView(studio)
        self.empty = EmptyView()
        self.message = Passage()
        self.pulse = Pulse(self.refresh, self.is_seen, self)
        self._clock = QtCore.QTimer(self)
        self._clock.timeout.connect(guarded(self._on_clock))
        self._lay_out()
        self.history.current_moved.connect(self._keep_in_sight)
        for happened in (studio.changed, self.queue.gone):
            happened.connect(self.pulse.note)
        self.pulse.note()

    def is_seen(self) -> bool:
        """Whether anybody can see it: a docker behind another one's tab is shown to nobody."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def refresh(self) -> None:
        """Take over what changed in the studio."""
        self.queue.refresh()
        self.engine.refresh(self.queue.tells)
        self.history.refresh()
        idle = not self.queue.cards and not self.history.model.rowCount()
        if idle != self.empty.isVisibleTo(self._content):
            self.empty.setVisible(idle)
        said = self.studio.message
        told = said == self.engine.trouble or self.queue.tells(said)  # once is enough
        self.message.set_text("" if told else said)
        self._foot.setVisible(bool(self.message.text))

    def _lay_out(self) -> None:
        self._content, self._head, self._foot = QtWidgets.QWidget(), QtWidgets.QWidget(), self._make_strip()
        head = column(self._head, (0, EDGE, 0, 0), gap=EDGE)
        head.addWidget(self.engine)
        head.addLayout(self._buttons())
        self._inner = column(self._content, (EDGE, 0, EDGE, 0), gap=2 * GAP)
        for part in (self.empty, self.queue, self.history):
            self._inner.addWidget(part)
        self._inner.addStretch(1)
        self._middle = _scrolling(self._content)
        self._outer = column(self, gap=EDGE)
        self._outer.addWidget(self._middle, 1)
        self._pin(True)

    def _pin(self, pinned: bool) -> None:
        """Keep head and message in place around what scrolls; in a low docker everything scrolls as one."""
        self.pinned = pinned
        layout, side = (self._outer, EDGE) if pinned else (self._inner, 0)
        for part, at, below in ((self._head, 0, 0), (self._foot, -1 if pinned else 1, EDGE if pinned else 0)):
            part.setContentsMargins(side, 0, side, below)
            layout.insertWidget(at, part)

    def _buttons(self) -> Any:
        self.transfer = _button(tr("Style Transfer…"), tr("Choose styles and see a preview"))
        self.transfer.clicked.connect(guarded(lambda: self.studio.open_dialog()))
        self.repeat = _button(tr("Repeat last"), tr("The styles chosen last, on the layer that is active now"))
        self.repeat.clicked.connect(guarded(lambda: self.studio.repeat_last()))
        buttons = QtWidgets.QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.transfer, 3)
        buttons.addWidget(self.repeat, 2)
        return buttons

    def _make_strip(self) -> Any:
        self._strip = Card()
        column(self._strip, (EDGE, GAP, EDGE, GAP)).addWidget(self.message)
        around = QtWidgets.QWidget()
        column(around).addWidget(self._strip)
        around.setVisible(False)
        return around

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """Pictures follow the docker's width, and not that of what a scroll bar leaves: nothing swings."""
        super().resizeEvent(event)
        bar = self.style().pixelMetric(QtWidgets.QStyle.PixelMetric.PM_ScrollBarExtent)
        basis = max(80, self.width() - 2 * EDGE - bar)
        self.queue.set_basis(basis, max(LEAST_TALL, min(TALLEST, self.height() // 3)))
        self.history.set_basis(basis)
        if self.pinned != (self.height() >= LOW):
            self._pin(not self.pinned)

    @guarded
    def showEvent(self, event: Any) -> None:
        """What was missed while nobody looked is made up for."""
        super().showEvent(event)
        self._clock.start(AGES_MS)
        QtCore.QTimer.singleShot(0, self.pulse.look)

    @guarded
    def hideEvent(self, event: Any) -> None:
        """No clock for nobody."""
        super().hideEvent(event)
        self._clock.stop()

    def sizeHint(self) -> Any:
        """Narrow, and as high as Krita likes."""
        return QtCore.QSize(NARROWEST + 40, 400)

    def minimumSizeHint(self) -> Any:
        """It may become very low, since it scrolls."""
        return QtCore.QSize(NARROWEST, LOWEST)

    def _on_clock(self) -> None:
        if self.is_seen():
            self.history.age()

    @guarded
    def _keep_in_sight(self, rect: Any) -> None:
        where = self.history.mapTo(self._content, rect.center())
        self._middle.ensureVisible(where.x(), where.y(), 0, rect.height() // 2 + GAP)


def _scrolling(inner: Any) -> Any:
    """`inner` in an area that scrolls up and down, with the window's own colour."""
    area = QtWidgets.QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    area.setMinimumWidth(NARROWEST)
    area.setFocusPolicy(QtCore.Qt.FocusPolicy.NoFocus)
    return area


def _button(text: str, tip: str) -> Any:
    button = QtWidgets.QPushButton(text)
    button.setToolTip(tip)
    button.setMinimumWidth(40)
    return button
