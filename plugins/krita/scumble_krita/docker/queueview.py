"""The jobs under way, a card each: the one that is painted in front, where it is always seen, the others below."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

from ..dockparts import TALLEST, Line, column, row, small_button
from ..guard import guarded
from ..qt import QtWidgets, Signal
from ..texts import tr
from .jobview import RESTING, STAYS, JobCard, Room


class QueueView(QtWidgets.QWidget):
    """Cards for `studio.jobs`: `front` is a widget of its own with the first, this one has the rest.

    Only what changed is touched: a card stays where it is until its job is over, or its turn to be in front has come.
    """

    gone = Signal()  # a card, after it has faded

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._cards: Dict[Any, JobCard] = {}
        self._first: Optional[Any] = None  # the job in front
        self.front = QtWidgets.QWidget()
        self._rooms = (Room(200, TALLEST, 2, False),) * 2
        self._front_layout, self._layout = column(self.front), column(None)
        self._heading = self._make_heading()
        layout = column(self)
        layout.addWidget(self._heading)
        layout.addLayout(self._layout)
        for part in (self, self.front, self._heading):
            part.setVisible(False)

    def _make_heading(self) -> Any:
        words, heading = Line(dim=True), QtWidgets.QWidget()
        words.set_text(tr("Queue"))
        cancel_all = small_button(tr("Cancel all"), tr("Stop everything that is painted or waits"))
        cancel_all.clicked.connect(self._on_cancel_all)
        column(heading).addLayout(row(words, cancel_all))
        return heading

    @property
    def cards(self) -> List[JobCard]:
        """The cards that are there, in the order in which they were asked for."""
        return list(self._cards.values())

    def tells(self, text: str) -> bool:
        """Whether a card says `text` already."""
        return any(job.state == "failed" and job.error == text for job in self._cards)

    def set_rooms(self, front: Room, rest: Room) -> None:
        """What the card in front may take, and each of the others."""
        self._rooms = (front, rest)
        for job, card in self._cards.items():
            card.set_room(self._rooms[job is not self._first])

    def refresh(self) -> None:
        """Bring the cards up to the jobs."""
        jobs = list(self._studio.jobs)
        link = self._studio.link
        engine = (link.state == "starting", any(_at_work(job) for job in jobs), link.can_pause)
        for job in jobs:
            self._show(job, engine)
        for job, card in list(self._cards.items()):
            if job not in jobs or (job.ended and job.state != "failed"):
                card.show_job(job, *engine)
                card.leave(after=STAYS if job.state == "done" else 0)
        self._choose_front()
        waiting = [job for job in jobs if not job.ended]
        self._heading.setVisible(len(waiting) > 1)
        self._show_what_is_there()

    def _show(self, job: Any, engine: Tuple[bool, bool, bool]) -> None:
        card = self._cards.get(job)
        over = job.ended and job.state != "failed"
        if card is None:
            if over:
                return
            card = self._add(job)
        card.show_job(job, *engine)

    def _add(self, job: Any) -> JobCard:
        card = JobCard(document_name(job))
        card.set_room(self._rooms[1])
        card.cancel_asked.connect(guarded(lambda: self._studio.cancel(job)))
        card.pause_asked.connect(guarded(lambda: self._studio.pause(job)))
        card.again_asked.connect(guarded(lambda: self._run_again(job)))
        card.dismiss_asked.connect(guarded(lambda: self._dismiss(job)))
        card.gone.connect(guarded(lambda: self._drop(job)))
        self._cards[job] = card
        self._layout.addWidget(card)
        return card

    def _choose_front(self) -> None:
        """The job that is painted, else the first that waits. It stays until it has faded, or failed."""
        first = self._first
        if first in self._cards and first is not None and (self._cards[first].leaving or _at_work(first)):
            return
        open_ = [job for job, card in self._cards.items() if not job.ended and not card.leaving]
        chosen = next((job for job in open_ if _at_work(job)), open_[0] if open_ else None)
        if chosen is first:
            return
        self._first = chosen
        if first in self._cards:
            before = list(self._cards)[: list(self._cards).index(first)]
            self._move(first, self._layout, sum(job is not chosen for job in before))
        if chosen is not None:
            self._move(chosen, self._front_layout, 0)

    def _move(self, job: Any, layout: Any, at: int) -> None:
        card = self._cards[job]
        card.set_room(self._rooms[job is not self._first])
        layout.insertWidget(at, card)

    def _show_what_is_there(self) -> None:
        in_front = self._first in self._cards
        for part, there in ((self.front, in_front), (self, len(self._cards) > in_front)):
            if part.isHidden() == there:
                part.setVisible(there)

    def _run_again(self, job: Any) -> None:
        how = {"result": job.result, "span": job.span or None, "by_hand": job.by_hand}
        if self._studio.run(job.recipe, **how) is not None:
            self._dismiss(job)

    def _dismiss(self, job: Any) -> None:
        self._studio.cancel(job)  # a failed one goes out of sight
        self.refresh()

    def _drop(self, job: Any) -> None:
        card = self._cards.pop(job, None)
        if card is not None:
            for layout in (self._layout, self._front_layout):
                layout.removeWidget(card)
            card.setVisible(False)
            card.deleteLater()
        self._choose_front()
        self._show_what_is_there()
        self.gone.emit()

    @guarded
    def _on_cancel_all(self) -> None:
        self._studio.cancel_all()


def _at_work(job: Any) -> bool:
    return not job.ended and job.state not in RESTING


def document_name(job: Any) -> str:
    """The name of a job's document; empty where it is gone."""
    from ..pictures.document import name_of  # here, since it needs Krita

    try:
        return str(name_of(job.source.document))
    except Exception:
        return ""
