"""The job under way over the canvas, with Pause and Cancel, for as long as no docker of ours can be seen.

Krita 5.3 and 6 hide new dockers, and an artist may have closed it: who pressed OK must see that something goes on.
"""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import GAP, column, row, small_button
from ..guard import guarded
from ..qt import QtCore, QtWidgets
from ..texts import tr
from .cards import Bar, Card
from .controls import PauseButton
from .jobview import RESTING
from .jobwords import part_done, state_wordings
from .lines import FittingLine, Title

WIDTH, EDGE, ABOVE = 340, 10, 14  # pixels: its width, inside its field, and off the canvas's lower edge


class CanvasProgress(QtCore.QObject):
    """Watches the studio. `window` gives the widget of Krita's window in use, None where there is none.

    `seen` says whether a docker of ours can be seen.
    """

    def __init__(self, studio: Any, window: Any, seen: Any) -> None:
        super().__init__()
        self.field: Optional[ProgressField] = None
        self._studio, self._window, self._seen = studio, window, seen
        studio.changed.connect(self._look)
        self._timer = QtCore.QTimer(self)
        self._timer.setInterval(500)  # dockers come and go without telling
        self._timer.timeout.connect(self._look)

    @guarded
    def _look(self) -> None:
        jobs = [job for job in self._studio.jobs if not job.ended]
        if not jobs:
            self._timer.stop()
            return self._hide()
        if not self._timer.isActive():
            self._timer.start()
        if self._seen():
            return self._hide()
        home = _canvas_of(self._window())
        if home is not None:
            self._show(home, jobs)

    def _hide(self) -> None:
        field, self.field = self.field, None
        if field is not None and not _is_gone(field):
            field.hide()
            field.deleteLater()

    def _show(self, home: Any, jobs: Any) -> None:
        if self.field is None or _is_gone(self.field) or self.field.parentWidget() is not home:
            self._hide()
            self.field = field = ProgressField(home)
            field.cancel.clicked.connect(guarded(lambda: self._studio.cancel(field.job)))
            field.pause.clicked.connect(guarded(lambda: self._studio.pause(field.job)))
        working = next((job for job in jobs if job.state not in RESTING), jobs[0])
        link = self._studio.link
        self.field.show_job(working, len(jobs), link.state == "starting", link.can_pause)


class ProgressField(Card):
    """One job: what, how far, Pause and Cancel; how many more there are."""

    def __init__(self, home: Any) -> None:
        super().__init__(home)
        self.job: Any = None
        self.title, self.state, self.bar = Title(1), FittingLine(), Bar()
        self.cancel = small_button(tr("Cancel"), tr("Stop it; no layer will come of it"))
        self.cancel.setAutoRaise(False)
        self.pause = PauseButton()
        self.setAccessibleName(tr("Progress"))
        inside = column(self, (EDGE, EDGE, EDGE, EDGE), gap=GAP)
        inside.addWidget(self.title)
        inside.addWidget(self.bar)
        inside.addLayout(row(self.state, self.pause, self.cancel))
        self.setAutoFillBackground(True)
        home.installEventFilter(self)

    def show_job(self, job: Any, count: int, starting: bool, can_pause: bool = False) -> None:
        """Show where `job` is, which is one of `count`."""
        self.job = job
        more = tr("{title} · {n} more").format(title=job.title, n=count - 1) if count > 1 else job.title
        self.title.set_text(more)
        self.state.set_wordings(state_wordings(job, starting))
        self.bar.set_part(part_done(job))
        self.pause.show_job(job, can_pause)
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """In the middle of the lower edge."""
        home = self.parentWidget()
        width = min(WIDTH, home.width() - 2 * EDGE)
        height = self.sizeHint().height()
        self.setGeometry((home.width() - width) // 2, home.height() - height - ABOVE, width, height)

    @guarded
    def eventFilter(self, watched: Any, event: Any) -> bool:
        """The canvas has another size."""
        if event.type() == QtCore.QEvent.Type.Resize and watched is self.parentWidget():
            self.place()
        return False


def _canvas_of(window: Any) -> Any:
    """The part of Krita's window in which pictures lie."""
    areas = window.findChildren(QtWidgets.QMdiArea) if window is not None else []
    return areas[0] if areas else getattr(window, "centralWidget", lambda: None)()


def _is_gone(widget: Any) -> bool:
    try:
        widget.isVisible()
    except RuntimeError:  # Qt has deleted it with its window
        return True
    return False
