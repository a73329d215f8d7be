"""One job as a card: what, how far, a live picture of it, Pause and Cancel."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from ..dockparts import GAP, RED, TALLEST, column, small_button
from ..guard import guarded
from ..qt import QtCore, QtWidgets, Signal
from ..texts import tr
from .cards import Bar, Card
from .controls import PauseButton, buttons_row
from .failureview import FailureView
from .jobwords import part_done, state_wordings
from .lines import FittingLine, Title
from .pictureview import PictureView

MARGIN = 9  # pixels inside a card
BESIDE = 0.42  # the part of a card's width that a picture beside the words may take
ONE_ROW = 250  # pixels of words: with less, Pause and Cancel stand below what they are for
STAYS = 900  # milliseconds that the end of a job can be read
FADES = 260  # milliseconds
WAITING = ("sending", "queued")
RESTING = (*WAITING, "paused")


class Room(NamedTuple):
    """What a card may take: its width, its picture's height (pixels), lines of its title; words beside the picture?"""

    width: int
    tall: int
    lines: int
    beside: bool


class JobCard(Card):
    """A job that was asked for. It fades away by itself when it ended well; a failure stays until it is dismissed."""

    cancel_asked = Signal()
    pause_asked = Signal()
    again_asked = Signal()
    dismiss_asked = Signal()
    gone = Signal()

    def __init__(self, where: str = "", parent: Optional[Any] = None) -> None:
        """`where` is the document's name."""
        super().__init__(parent)
        self.leaving = False
        self._where, self._room = where, Room(200, TALLEST, 2, False)
        self._title, self._state, self._bar, self._picture = Title(), FittingLine(), Bar(), PictureView()
        self._cancel = small_button(tr("Cancel"), tr("Stop it; no layer will come of it"))
        self._cancel.setAutoRaise(False)
        self._cancel.clicked.connect(self.cancel_asked)
        self._pause = PauseButton()
        self._pause.clicked.connect(self.pause_asked)
        self._failure = FailureView(self.again_asked, self.dismiss_asked)
        self._lay_out()
        for part in (self._failure, self._bar):
            part.setVisible(False)

    def _lay_out(self) -> None:
        directions = QtWidgets.QBoxLayout.Direction
        self._all = QtWidgets.QBoxLayout(directions.TopToBottom, self)
        self._all.setContentsMargins(MARGIN + 2, MARGIN - 1, MARGIN, MARGIN - 1)
        self._all.setSpacing(GAP + 4)
        self._foot = QtWidgets.QBoxLayout(directions.LeftToRight)
        self._foot.setSpacing(GAP - 2)
        self._foot.addWidget(self._state, 1)
        self._foot.addLayout(buttons_row(self._pause, self._cancel))
        words = column(None, gap=GAP - 1)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._bar)
        words.addLayout(self._foot)
        words.addWidget(self._failure)
        words.addStretch(1)
        self._all.addWidget(self._picture, 0, QtCore.Qt.AlignmentFlag.AlignVCenter)
        self._all.addLayout(words, 1)

    def set_room(self, room: Room) -> None:
        """Fit into `room`."""
        self._room = room
        directions = QtWidgets.QBoxLayout.Direction
        inner = room.width - 2 * MARGIN - 2
        self._all.setDirection(directions.LeftToRight if room.beside else directions.TopToBottom)
        self._all.setAlignment(self._picture, QtCore.Qt.AlignmentFlag.AlignVCenter if room.beside else _NOWHERE)
        self._title.set_most(room.lines)
        self._picture.set_room(int(inner * BESIDE) if room.beside else inner, room.tall, room.beside)
        self._fit()

    def _fit(self) -> None:
        """The buttons stand beside the state where all can be read."""
        words = self._room.width - 2 * MARGIN - 2
        if self._room.beside and not self._picture.isHidden():
            words -= self._picture.size_of_picture()[0] + self._all.spacing()
        directions = QtWidgets.QBoxLayout.Direction
        wanted = directions.LeftToRight if words >= ONE_ROW else directions.TopToBottom
        if self._foot.direction() != wanted:
            self._foot.setDirection(wanted)
        self._pause.fit(words - self._cancel.sizeHint().width() - GAP)

    def show_job(self, job: Any, starting: bool, busy: bool, can_pause: bool = False) -> None:
        """Take over what changed; the engine is `starting`, or `busy` with one of the jobs, and may let them rest."""
        if self.leaving:
            return
        self._title.set_text(job.title)
        self.setToolTip(self._where)
        failed = job.state == "failed"
        if failed != self._failure.isVisibleTo(self):
            self._show_failure(failed)
        if failed:
            self._failure.set_text(job.error)
            return
        self._state.set_wordings(state_wordings(job, starting, busy))
        self._bar.set_part(part_done(job))
        if self._bar.isVisibleTo(self) == (job.state in WAITING):
            self._bar.setVisible(job.state not in WAITING)
        if job.state == "running":
            self._picture.expect(_aspect(job))
            self._picture.set_image(job.image)
        self._pause.show_job(job, can_pause)
        self._fit()
        if job.ended == self._cancel.isEnabled():
            self._cancel.setEnabled(not job.ended)
            self._cancel.setVisible(not job.ended)

    def _show_failure(self, failed: bool) -> None:
        for part in (self._state, self._cancel):
            part.setVisible(not failed)
        self._pause.setVisible(False)
        self._bar.setVisible(False)
        self._picture.clear()
        self._failure.setVisible(failed)
        self.set_hue(RED if failed else None)

    def leave(self, after: int = STAYS) -> None:
        """Fade and shrink away after so many milliseconds; then `gone` is emitted."""
        if not self.leaving:
            self.leaving = True
            self.setFixedHeight(max(1, self.height()))  # it keeps its height until it goes
            for button in (self._cancel, self._pause):
                button.setVisible(False)
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


_NOWHERE = QtCore.Qt.AlignmentFlag(0)


def _aspect(job: Any) -> float:
    """The shape of what is painted, height over width; 0 where it is not known."""
    box = getattr(job.source, "box", None)
    return box.height / box.width if box is not None and box.width > 0 else 0.0
