"""The styles of a recipe, one below the other, and the button that adds one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, List, Mapping, Optional, Sequence, Tuple

from ...arguments import STYLES
from ...texts import tr
from ...wire.editor.shares import balanced, percentages, with_another
from ...wire.editor.styles.chooser import row_title
from ...wire.request.stylechoice import StyleChoice
from ..gtkparts import GAP, box, push
from .row import PICTURE, StyleRow


class StyleBox:
    """Up to four rows, never none: `widget`. `changed` is called after each change, `pick` with a row's number.

    The number of rows itself is picked for a new one. `paint` is called with the row whose mask is to be painted,
    `make_layer` with the row, and the place that is wanted as a layer.
    """

    def __init__(
        self,
        thumbs: Any,
        changed: Callable[[], Any],
        pick: Callable[[int], Any],
        paint: Callable[[int], Any],
        make_layer: Callable[[StyleRow, str], Any],
    ) -> None:
        self.rows: List[StyleRow] = []
        self._thumbs, self._changed, self._pick, self._paint = thumbs, changed, pick, paint
        self._make_layer = make_layer
        self._layers: List[Tuple[str, str]] = []
        self._titles: Mapping[str, str] = {}
        about = tr("Mix in another style, or paint another region with it.")
        self.add = push(tr("Add style"), "a", about, lambda: pick(len(self.rows)))
        foot = box()
        foot.pack_start(self.add, False, False, 0)
        self._list = box(vertical=True, spacing=GAP)
        self.widget = box(vertical=True, spacing=GAP)
        self.widget.add(self._list)
        self.widget.add(foot)

    def styles(self) -> Tuple[StyleChoice, ...]:
        """The styles as they are set now."""
        return tuple(row.choice() for row in self.rows)

    def put(self, styles: Sequence[StyleChoice]) -> None:
        """Show styles without telling; rows are used again."""
        styles = styles[:STYLES]
        for choice in styles[len(self.rows) :]:
            self._append(choice)
        while len(self.rows) > len(styles):
            self._drop(self.rows[-1])
        for row, choice in zip(self.rows, styles):
            row.put(choice)
        self._share(percentages([row.choice().weight for row in self.rows]))
        self.refresh()

    def take(self, at: int, picked: StyleChoice) -> None:
        """The style that was picked for row `at`; a new row at their number."""
        if at < len(self.rows):
            self.rows[at].take(picked)
        elif at < STYLES:
            shares = with_another([row.choice().weight for row in self.rows])
            self._append(picked)
            self._share(shares)
        self.refresh()
        self._changed()

    def mask(self, row: StyleRow, name: str, identity: str, hinted: bool = False) -> None:
        """The layer that a row is masked by from now on, unless the row was removed; `hinted`: and what to paint."""
        if row not in self.rows:
            return
        row.put(replace(row.choice(), mask="layer", mask_name=name, mask_layer=identity))
        row.show_hint(identity if hinted else "")
        self._changed()

    def refresh(
        self, titles: Optional[Mapping[str, str]] = None, layers: Optional[List[Tuple[str, str]]] = None
    ) -> None:
        """Names, pictures and masks anew: the library's `titles` by name, what can be a mask."""
        self._titles = self._titles if titles is None else titles
        self._layers = self._layers if layers is None else layers
        for row in self.rows:
            if layers is not None:
                row.set_layers(layers, self._thumbs.of_mask)
            choice = row.choice()
            row.show_as(row_title(choice, self._titles), self._thumbs.of(choice, PICTURE))
            row.set_alone(len(self.rows) == 1)
        self.add.set_visible(len(self.rows) < STYLES)

    def _append(self, choice: StyleChoice) -> None:
        pick = lambda r: self._pick(self.rows.index(r))  # noqa: E731
        paint = lambda r: self._paint(self.rows.index(r))  # noqa: E731
        row = StyleRow(choice, lambda _: self._changed(), self._balance, pick, self._remove, paint, self._make_layer)
        row.set_layers(self._layers, self._thumbs.of_mask)
        self._list.add(row.widget)
        row.widget.show_all()
        self.rows.append(row)

    def _remove(self, row: StyleRow) -> None:
        self._drop(row)
        self._share(percentages([r.choice().weight for r in self.rows]))
        self.refresh()
        self._changed()

    def _balance(self, row: StyleRow) -> None:
        """The others give way to the share that was set."""
        self._share(balanced([r.choice().weight for r in self.rows], self.rows.index(row)))

    def _share(self, shares: Sequence[float]) -> None:
        for row, share in zip(self.rows, shares):
            row.set_share(share)

    def _drop(self, row: StyleRow) -> None:
        self.rows.remove(row)
        row.widget.destroy()
