"""What OK would take, and the button that takes a smaller size where it is long."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import Line
from ..guard import guarded
from ..qt import QHBoxLayout, QWidget, Signal
from ..texts import tr
from ..widgets import named, push
from ..wire.editor.estimates import Estimate, Estimates, estimate_words, smaller_words


class EstimateLine(QWidget):
    """Asks the engine of `link`; `smaller_taken` with the size that is offered."""

    smaller_taken = Signal(int)

    def __init__(self, link: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.estimates = Estimates(link, self._show)
        self.line, self.smaller = Line(), push("")
        self._size, self._count = 0, 1
        self._found: Optional[Estimate] = None  # of one frame
        self.smaller.setFlat(True)
        self.smaller.hide()
        self.smaller.clicked.connect(guarded(lambda: self.smaller_taken.emit(self._size)))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(self.smaller)

    def take_count(self, count: int) -> None:
        """As many frames are painted, one after another."""
        if count != self._count:
            self._count = count
            self._show(self._found)

    def _show(self, one: Optional[Estimate]) -> None:
        self._found = one
        found = one.times(self._count) if one is not None else None
        words = smaller_words(found)
        self._size = found.smaller_size if found is not None else 0
        self.line.set_text(estimate_words(found))
        self.smaller.setText(words)
        named(self.smaller, words, tr("Paint at {n} px").format(n=self._size))
        self.smaller.setVisible(bool(words))
