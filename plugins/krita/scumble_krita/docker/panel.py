"""All that the docker shows, as one widget over a studio; two windows of Krita have two of them on one studio."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import GAP, column
from ..guard import guarded
from ..qt import QtCore, QtWidgets
from ..texts import tr
from .arrangement import CARD, EDGE, NARROWEST, arrange
from .controls import ButtonRow, push_button, scrolling
from .emptyview import EmptyView
from .engineview import EngineView
from .historyview import HistoryView
from .messagestrip import MessageStrip
from .queueview import QueueView
from .updates import Updates

LOWEST = CARD + EDGE  # pixels: the job that is painted is always seen whole
AGES_MS = 30_000  # between two looks at the clock


class ScumblePanel(QtWidgets.QWidget):
    """The engine, the two buttons, the job that is painted; below them, scrolled, what waits and what was painted.

    In a low docker the job alone stays in place, and engine and buttons are scrolled with the rest.
    """

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.studio = studio
        self.engine, self.queue, self.history = EngineView(studio), QueueView(studio), HistoryView(studio)
        self.empty, self._strip = EmptyView(), MessageStrip(studio)
        self.message = self._strip.message
        self.updates = Updates(self.refresh, self.is_seen, self)
        self._jobs_then, self._stale = list(studio.jobs), False  # when the last sentence was said; whether it is old
        self._clock = QtCore.QTimer(self)
        self._clock.timeout.connect(guarded(self._on_clock))
        self._lay_out()
        self.setTabOrder(self.engine.button, self.transfer)
        self.setTabOrder(self.transfer, self.repeat)
        self.history.current_moved.connect(self._keep_in_sight)
        studio.said.connect(self._on_said)
        for happened in (studio.changed, self.queue.gone):
            happened.connect(self.updates.note)
        self.updates.note()

    def is_seen(self) -> bool:
        """Whether anybody can see it: a docker behind another one's tab is shown to nobody."""
        return self.isVisible() and not self.visibleRegion().isEmpty()

    def refresh(self) -> None:
        """Take over what changed in the studio."""
        self.queue.refresh()
        self.engine.refresh(self.queue.tells)
        self.history.refresh()
        idle = not self.queue.cards and not self.history.model.rowCount()
        if idle == self.empty.isHidden():
            self.empty.setVisible(idle)
        said = self.studio.message
        told = said == self.engine.trouble or self.queue.tells(said)  # once is enough
        self._stale = self._stale or any(job not in self._jobs_then for job in self.studio.jobs)
        self._strip.say("" if told or self._stale else said)
        self._arrange()

    def _lay_out(self) -> None:
        self._content, self._head = QtWidgets.QWidget(), QtWidgets.QWidget()
        head = column(self._head, gap=EDGE)
        head.addWidget(self.engine)
        head.addWidget(self._buttons())
        self._inner = column(self._content, (EDGE, 0, EDGE, 0), gap=2 * GAP)
        for part in (self.queue, self.history):
            self._inner.addWidget(part)
        self._inner.addWidget(self.empty, 100)
        self._inner.addStretch(1)
        self._middle = scrolling(self._content)
        self._outer = column(self, (0, EDGE, 0, 0), gap=EDGE)
        self._outer.addWidget(self._beside_edges(self.queue.front))
        self._outer.addWidget(self._middle, 1)
        self._places = (True, True)
        self._put(*self._places)

    def _beside_edges(self, part: Any) -> Any:
        part.setContentsMargins(EDGE, 0, EDGE, 0)
        return part

    def _put(self, head_stays: bool, foot_stays: bool) -> None:
        """Keep head and message in place, or let them scroll below what waits: what was said, then the head."""
        self._places = (head_stays, foot_stays)
        for part, stays, first in ((self._head, head_stays, True), (self._strip, foot_stays, False)):
            side, below = (EDGE, 0 if first else EDGE) if stays else (0, 0)
            part.setContentsMargins(side, 0, side, below)
            for layout in (self._outer, self._inner):
                layout.removeWidget(part)
            if stays:
                self._outer.insertWidget(0 if first else self._outer.count(), part)
            else:
                self._inner.insertWidget(1, part)

    def _arrange(self) -> None:
        """Share the room out. Pictures follow the docker's width, not what a scroll bar leaves: it would flicker."""
        metric, metrics = self.style().pixelMetric, QtWidgets.QStyle.PixelMetric
        bar = metric(metrics.PM_ScrollBarExtent) + max(0, metric(metrics.PM_ScrollView_ScrollBarSpacing))
        head = self._head.sizeHint().height()
        plan = arrange(self.width(), self.height(), head, self._places[0], bar)
        self.queue.set_rooms(plan.front, plan.rest)
        self.history.set_basis(plan.rest.width)
        if self._places != (plan.head_stays, plan.foot_stays):
            self._put(plan.head_stays, plan.foot_stays)

    def _buttons(self) -> Any:
        self.transfer = push_button(tr("Style Transfer…"), tr("Choose styles and see a preview"))
        self.transfer.clicked.connect(guarded(lambda: self.studio.open_dialog()))
        self.repeat = push_button(tr("Repeat last"), tr("The styles chosen last, on the layer that is active now"))
        self.repeat.clicked.connect(guarded(lambda: self.studio.repeat_last()))
        return ButtonRow([self.transfer, self.repeat])

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """Everything finds its place anew."""
        super().resizeEvent(event)
        self._arrange()

    @guarded
    def showEvent(self, event: Any) -> None:
        """Bring up to date what changed while nobody looked."""
        super().showEvent(event)
        self._clock.start(AGES_MS)
        QtCore.QTimer.singleShot(0, self.updates.look)

    @guarded
    def hideEvent(self, event: Any) -> None:
        """No clock for nobody."""
        super().hideEvent(event)
        self._clock.stop()

    def sizeHint(self) -> Any:
        """Narrow, and as high as Krita likes."""
        return QtCore.QSize(240, 400)

    def minimumSizeHint(self) -> Any:
        """It may become low, since it scrolls."""
        return QtCore.QSize(NARROWEST, LOWEST)

    def _on_clock(self) -> None:
        if self.is_seen():
            self.history.age()

    @guarded
    def _on_said(self, text: str) -> None:
        self._jobs_then, self._stale = list(self.studio.jobs), False

    @guarded
    def _keep_in_sight(self, rect: Any) -> None:
        where = self.history.mapTo(self._content, rect.center())
        self._middle.ensureVisible(where.x(), where.y(), 0, rect.height() // 2 + GAP)
