"""The styles of a recipe, one below the other, and the button that adds one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, List, Mapping, Optional, Sequence, Tuple

from ..guard import guarded
from ..qt import QHBoxLayout, QVBoxLayout, QWidget, Signal
from ..texts import tr
from ..widgets import named, push
from ..wire.editor.shares import balanced, percentages, with_another
from ..wire.editor.styles.chooser import row_title
from ..wire.request.stylechoice import StyleChoice
from .stylerow import StyleRow

MOST = 8


class StyleRows(QWidget):
    """Up to eight rows; never none."""

    changed = Signal()
    paint = Signal(int)  # the row that a mask is to be painted for
    make_layer = Signal(object, str)  # the row whose mask, a place, is wanted as a layer
    pick = Signal(int)  # a row's number; the number of rows for a new one

    def __init__(self, thumbs: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.rows: List[StyleRow] = []
        self._thumbs = thumbs
        self._layers: List[Tuple[str, str]] = []
        self._titles: Mapping[str, str] = {}
        self.add = push("+  " + tr("Add style"))
        named(self.add, tr("Add style"), tr("Mix in another style, or paint another region with it."))
        self.add.clicked.connect(guarded(lambda: self.pick.emit(len(self.rows))))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        foot = QHBoxLayout()
        foot.addWidget(self.add)
        foot.addStretch(1)
        self._column.addLayout(foot)

    def styles(self) -> Tuple[StyleChoice, ...]:
        """The styles as they are set now."""
        return tuple(row.choice() for row in self.rows)

    def put(self, styles: Sequence[StyleChoice]) -> None:
        """Show styles without telling; rows are used again."""
        for choice in styles[len(self.rows) :]:
            self._append(choice)
        while len(self.rows) > len(styles):
            self._drop(self.rows[-1])
        for i, choice in enumerate(styles):
            self.rows[i].put(choice)
        self._share(percentages([row.choice().weight for row in self.rows]))
        self.refresh()

    def take(self, at: int, picked: StyleChoice) -> None:
        """The style that was picked for row `at`; a new row at their number."""
        if at < len(self.rows):
            self.rows[at].take(picked)
        elif at < MOST:
            shares = with_another([row.choice().weight for row in self.rows])
            self._append(picked)
            self._share(shares)
        self.refresh()
        self.changed.emit()

    def mask(self, row: StyleRow, name: str, identity: str, hinted: bool = False) -> None:
        """The layer that a row is masked by from now on, unless the row was removed; `hinted`: and what to paint."""
        if row not in self.rows:
            return
        row.put(replace(row.choice(), mask="layer", mask_name=name, mask_layer=identity))
        row.show_hint(identity if hinted else "")
        self.changed.emit()

    def at(self, window: Any, place: Any) -> int:
        """The number of the row at `place` in `window`; the first where that is none."""
        for number, row in enumerate(self.rows if place is not None else ()):
            if row.rect().contains(row.mapFrom(window, place)):
                return number
        return 0

    def refresh(
        self, titles: Optional[Mapping[str, str]] = None, layers: Optional[List[Tuple[str, str]]] = None
    ) -> None:
        """Names, pictures and masks anew: the library's `titles` by name, the document's `layers`."""
        self._titles = self._titles if titles is None else titles
        for row in self.rows:
            if layers is not None:
                row.set_layers(layers, self._thumbs.of_mask)
            choice = row.choice()
            row.show_as(row_title(choice, self._titles), self._thumbs.of(choice))
            row.set_alone(len(self.rows) == 1)
        self._layers = self._layers if layers is None else layers
        self.add.setVisible(len(self.rows) < MOST)

    def _append(self, choice: StyleChoice) -> None:
        row = StyleRow(choice)
        row.set_layers(self._layers, self._thumbs.of_mask)
        row.shared.connect(guarded(lambda: self._balance(row)))
        row.changed.connect(guarded(lambda: self.changed.emit()))
        row.pick.connect(guarded(lambda: self.pick.emit(self.rows.index(row))))
        row.paint.connect(guarded(lambda: self.paint.emit(self.rows.index(row))))
        row.make_layer.connect(guarded(lambda place: self.make_layer.emit(row, place)))
        row.remove.connect(guarded(lambda: self._remove(row)))
        self._column.insertWidget(len(self.rows), row)
        self.rows.append(row)

    def _remove(self, row: StyleRow) -> None:
        self._drop(row)
        self._share(percentages([row.choice().weight for row in self.rows]))
        self.refresh()
        self.changed.emit()

    def _balance(self, row: StyleRow) -> None:
        """The others give way to the share that was set."""
        self._share(balanced([r.choice().weight for r in self.rows], self.rows.index(row)))

    def _share(self, shares: Sequence[float]) -> None:
        for row, share in zip(self.rows, shares):
            row.set_share(share)

    def _drop(self, row: StyleRow) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
