"""One job as a card: what, where, how far, a live picture of it, and Cancel."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import GAP, RED, Line, column, row, small_button
from ..guard import guarded
from ..passage import Passage
from ..qt import QtCore, QtWidgets, Signal
from ..texts import tr
from .cards import Bar, Card
from .jobwords import part_done, state_words
from .pictureview import PictureView

MARGIN = 9  # pixels inside a card
STAYS = 900  # milliseconds that the end of a job can be read
FADES = 260  # milliseconds


class JobCard(Card):
    """A job that was asked for. It fades away by itself when it ended well; a failure stays until it is dismissed."""

    cancel_asked = Signal()
    again_asked = Signal()
    dismiss_asked = Signal()
    gone = Signal()

    def __init__(self, where: str = "", parent: Optional[Any] = None) -> None:
        """`where` is the document's name."""
        super().__init__(parent)
        self.leaving = False
        self._title, self._where, self._state = Line(bold=True), Line(dim=True), Line()
        self._picture, self._bar = PictureView(), Bar()
        self._where.set_text(where)
        self._cancel = small_button(tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_asked)
        self._layout = column(self, (MARGIN + 2, MARGIN - 1, MARGIN, MARGIN - 3), GAP)
        for part in (self._title, self._picture, self._bar, self._state):
            self._layout.addWidget(part)
        self._layout.addLayout(row(self._where, self._cancel))
        self._failure = _Failure(self.again_asked, self.dismiss_asked)
        self._layout.addWidget(self._failure)
        self._failure.setVisible(False)
        self._bar.setVisible(False)

    def set_basis(self, width: int, tallest: int) -> None:
        """The docker's inner width and the most that a picture may take of its height, in pixels."""
        self._picture.set_basis(width - 2 * MARGIN - 2, tallest)

    def show_job(self, job: Any, starting: bool) -> None:
        """Take over what changed; `starting` while the engine is on its way up."""
        if self.leaving:
            return
        self._title.set_text(job.title)
        failed = job.state == "failed"
        if failed != self._failure.isVisibleTo(self):
            self._show_failure(failed)
        if failed:
            self._failure.set_text(job.error)
            return
        self._state.set_text(state_words(job, starting))
        self._bar.set_part(part_done(job))
        if self._bar.isVisibleTo(self) == (job.state in ("sending", "queued")):
            self._bar.setVisible(job.state not in ("sending", "queued"))
        self._picture.set_image(job.preview if job.state == "running" else None)
        if job.ended == self._cancel.isEnabled():
            self._cancel.setEnabled(not job.ended)
            self._cancel.setVisible(not job.ended)

    def _show_failure(self, failed: bool) -> None:
        for part in (self._state, self._cancel):
            part.setVisible(not failed)
        self._bar.setVisible(False)
        self._picture.setVisible(False)
        self._failure.setVisible(failed)
        self.set_hue(RED if failed else None)

    def leave(self, after: int = STAYS) -> None:
        """Fade and shrink away after so many milliseconds; then `gone` is emitted."""
        if not self.leaving:
            self.leaving = True
            self.setFixedHeight(max(1, self.height()))  # it keeps its height until it goes
            self._cancel.setVisible(False)
            QtCore.QTimer.singleShot(after, self._fade)

    @guarded
    def _fade(self) -> None:
        if not self.isVisible():
            self.gone.emit()
            return
        self.become_ghost(self.grab())
        fading = QtCore.QVariantAnimation(self)
        fading.setDuration(FADES)
        fading.setEasingCurve(QtCore.QEasingCurve.Type.InOutCubic)
        fading.setStartValue(float(self.height()))
        fading.setEndValue(1.0)
        fading.valueChanged.connect(guarded(lambda height: self.setFixedHeight(round(height))))
        fading.finished.connect(self.gone)
        fading.start()


class _Failure(QtWidgets.QWidget):
    """What went wrong and what to do, with Run again and Dismiss."""

    def __init__(self, again: Any, dismiss: Any) -> None:
        super().__init__()
        self._text = Passage()
        layout = column(self)
        layout.addWidget(self._text)
        buttons = QtWidgets.QHBoxLayout()
        for words, asked in ((tr("Run again"), again), (tr("Dismiss"), dismiss)):
            button = small_button(words)
            button.setAutoRaise(False)
            button.clicked.connect(asked)
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout.addLayout(buttons)

    def set_text(self, text: str) -> None:
        """A sentence and its remedy."""
        self._text.set_text(text)
