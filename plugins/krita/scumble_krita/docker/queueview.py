"""The jobs under way: one card each, in the order in which they were asked for."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ..dockparts import TALLEST, Line, column, keep_room, row, small_button
from ..guard import guarded
from ..qt import QtWidgets, Signal
from ..texts import tr
from .jobview import STAYS, JobCard


class QueueView(QtWidgets.QWidget):
    """Cards for `studio.jobs`. Only what changed is touched: a card stays where it is until its job is over."""

    gone = Signal()  # a card, after it has faded

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._cards: Dict[Any, JobCard] = {}
        self._basis = (200, TALLEST)
        self._heading = Line(dim=True)
        self._heading.set_text(tr("Queue"))
        self._cancel_all = small_button(tr("Cancel all"))
        keep_room(self._cancel_all)
        self._cancel_all.clicked.connect(self._on_cancel_all)
        layout, self._layout = column(self), column(None)
        layout.addLayout(row(self._heading, self._cancel_all))
        layout.addLayout(self._layout)
        layout.addStretch(1)
        self.setVisible(False)

    @property
    def cards(self) -> List[JobCard]:
        """The cards that are there, from the top."""
        return list(self._cards.values())

    def tells(self, text: str) -> bool:
        """Whether a card says `text` already."""
        return any(job.state == "failed" and job.error == text for job in self._cards)

    def set_basis(self, width: int, tallest: int = TALLEST) -> None:
        """The docker's inner width and the most that a picture may take of its height, in pixels."""
        self._basis = (width, tallest)
        for card in self.cards:
            card.set_basis(width, tallest)

    def refresh(self) -> None:
        """Bring the cards up to the jobs."""
        jobs = list(self._studio.jobs)
        starting = self._studio.link.state == "starting"
        for job in jobs:
            self._show(job, starting)
        for job, card in list(self._cards.items()):
            if job not in jobs or (job.ended and job.state != "failed"):
                card.show_job(job, starting)
                card.leave(after=STAYS if job.state == "done" else 0)
        waiting = sum(not job.ended for job in jobs)
        self._cancel_all.setVisible(waiting > 1)
        self.setVisible(bool(self._cards))

    def _show(self, job: Any, starting: bool) -> None:
        card = self._cards.get(job)
        over = job.ended and job.state != "failed"
        if card is None:
            if over:
                return
            card = self._add(job)
        card.show_job(job, starting)

    def _add(self, job: Any) -> JobCard:
        card = JobCard(document_name(job))
        card.set_basis(*self._basis)
        card.cancel_asked.connect(guarded(lambda: self._studio.cancel(job)))
        card.again_asked.connect(guarded(lambda: self._run_again(job)))
        card.dismiss_asked.connect(guarded(lambda: self._dismiss(job)))
        card.gone.connect(guarded(lambda: self._drop(job)))
        self._cards[job] = card
        self._layout.addWidget(card)
        return card

    def _run_again(self, job: Any) -> None:
        if self._studio.run(job.recipe) is not None:
            self._dismiss(job)

    def _dismiss(self, job: Any) -> None:
        self._studio.cancel(job)  # a failed one goes out of sight
        self.refresh()

    def _drop(self, job: Any) -> None:
        card = self._cards.pop(job, None)
        if card is not None:
            self._layout.removeWidget(card)
            card.setVisible(False)
            card.deleteLater()
        self.setVisible(bool(self._cards))
        self.gone.emit()

    @guarded
    def _on_cancel_all(self) -> None:
        self._studio.cancel_all()


def document_name(job: Any) -> str:
    """The name of a job's document; empty where it is gone."""
    from ..pictures.document import name_of  # here, since it needs Krita

    try:
        return str(name_of(job.source.document))
    except Exception:
        return ""
