"""The page of variations: which kind, six pictures, other six, on from one."""

from __future__ import annotations

from typing import Any, Optional, Sequence

from ...dockparts import Line
from ...guard import guarded
from ...qt import QHBoxLayout, Qt, QVBoxLayout, QWidget, Signal
from ...texts import explain, tr
from ...widgets import Switch, named, push
from ...wire.editor.variations.labels import nothing_to_walk_to, on_words, others_words, painting_words, use_words
from ...wire.editor.variations.session import Session
from ...wire.editor.variations.variants import Variant, kinds
from ...wire.protocol.errors import ScumbleError
from ...wire.request.recipe import Recipe
from .variationgrid import VariationGrid


class VariationsPage(QWidget):
    """The shelf of a `wire.editor.variations.session.Session`. `looked` at one, then `taken` or `left`.

    Its buttons `use` and `back` lie in the dialog's foot.
    """

    looked = Signal(int)
    taken = Signal(int)
    left = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.session: Optional[Session] = None
        self.tabs = Switch(kinds(Recipe()))
        self.grid, self.note = VariationGrid(), Line(dim=True)
        self.others, self.on = push(others_words()[0]), push(on_words()[0])
        named(self.others, *others_words())
        named(self.on, *on_words())
        self.use, self.back = push(use_words()[0]), push(tr("Back"))
        named(self.use, *use_words())
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        column.addWidget(self.grid, 1)
        foot.addWidget(self.others)
        foot.addWidget(self.on)
        foot.addWidget(self.note, 1)
        column.addLayout(foot)
        self.tabs.changed.connect(guarded(lambda: self._session().turn_to(self.tabs.value())))
        self.grid.looked.connect(guarded(self._look))
        self.grid.taken.connect(guarded(lambda at: self.taken.emit(at)))
        self.others.clicked.connect(guarded(lambda: self._session().others()))
        self.on.clicked.connect(guarded(lambda: self._session().walk_on(self.grid.currentRow())))
        self.use.clicked.connect(guarded(self.take_current))
        self.back.clicked.connect(guarded(lambda: self.left.emit()))

    def begin(self, recipe: Recipe, before: Any) -> None:
        """Open for a recipe; `before` is the untouched picture."""
        self.grid.before = before
        there = [kind for kind, _ in kinds(recipe)]
        for kind, button in zip([kind for kind, _ in kinds(Recipe())], self.tabs.buttons()):
            button.setEnabled(kind in there)
        self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_current(self) -> None:
        """Take the chosen one."""
        self.grid.take_current()

    def _session(self) -> Session:
        assert self.session is not None  # it is given before the page is shown
        return self.session

    def _look(self, at: int) -> None:
        for button in (self.use, self.on):
            button.setEnabled(True)
        self.looked.emit(at)

    # what the session tells

    def put(self, shown: Sequence[Variant]) -> None:
        self.tabs.set_value(self._session().kind)
        self.grid.put(shown)
        for button in (self.use, self.on):
            button.setEnabled(False)
        self.note.set_text("" if shown else nothing_to_walk_to())

    def hang(self, at: int, picture: Any) -> None:
        self.grid.hang(at, picture)
        if at == self.grid.currentRow():
            self.looked.emit(at)

    def fail(self, at: int, error: ScumbleError) -> None:
        self.note.set_text(explain(error))

    def work_on(self, at: Optional[int]) -> None:
        self.grid.work_on(at)
        if at is not None:
            self.note.set_text(painting_words(at, self.grid.count()))
        elif self.note.text and len(self._session().pictures) == self.grid.count() > 0:
            self.note.set_text("")

    def keyPressEvent(self, event: Any) -> None:
        """Escape goes back to the dialog's own page."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
