"""The page of variations: which kind, six pictures, other six, on from one."""

from __future__ import annotations

from typing import Any, Callable, List, Optional, Sequence

from ...texts import explain, tr
from ...wire.editor.variations.labels import nothing_to_walk_to, on_words, others_words, painting_words, use_words
from ...wire.editor.variations.session import Session
from ...wire.editor.variations.variants import COUNT, Variant, kinds
from ...wire.protocol.errors import ScumbleError
from ...wire.request.recipe import Recipe
from ..gtklib import Gdk, Gtk
from ..gtkparts import GAP, box, guarded, line, push
from ..options.editors import Switch
from .tile import Tile

COLUMNS = 2

Told = Callable[[int], Any]


class VariationsPage:
    """The shelf of a `wire.editor.variations.session.Session`: `widget`.

    `looked` is told of the one that is looked at, by its number; then `taken` of the one, or `left`.
    """

    def __init__(self, looked: Told, taken: Told, left: Callable[[], Any]) -> None:
        self.session: Optional[Session] = None
        self._looked, self._taken, self._left, self._filling = looked, taken, left, False
        self._all = kinds(Recipe())
        self.tabs, self.note = Switch(self._all), line("", "dim-label")
        self.flow = Gtk.FlowBox(homogeneous=True, min_children_per_line=COLUMNS, max_children_per_line=COLUMNS)
        self.flow.set_selection_mode(Gtk.SelectionMode.BROWSE)
        self.flow.set_activate_on_single_click(False)
        self.flow.set_valign(Gtk.Align.START)
        self.tiles: List[Tile] = [Tile() for _ in range(COUNT)]
        for tile in self.tiles:
            self.flow.add(tile.cell)
        self.others = push(others_words()[0], "x", others_words()[1], lambda: self._session().others())
        self.on = push(on_words()[0], "f", on_words()[1], lambda: self._session().walk_on(self._at()))
        self.back = push(tr("Back"), "b", "", left)
        self.use = push(use_words()[0], "u", use_words()[1], self._take)
        self.widget = self._page()
        self.flow.connect("selected-children-changed", guarded(lambda _: self._look()))
        self.flow.connect("child-activated", guarded(lambda *_: self._take()))
        self.tabs.connect(lambda: None if self._filling else self._session().turn_to(self.tabs.get()))
        self.widget.connect("key-press-event", guarded(self._on_key))

    def _page(self) -> Any:
        page, foot = box(vertical=True, spacing=GAP + 2), box()
        room = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, expand=True)
        room.add(self.flow)
        for part in (self.others, self.on):
            foot.pack_start(part, False, False, 0)
        for part in (self.use, self.back):
            foot.pack_end(part, False, False, 0)
        for part in (self.tabs.widget, room, self.note, foot):
            page.pack_start(part, part is room, True, 0)
        return page

    def begin(self, recipe: Recipe, before: Any) -> None:
        """Open for a recipe; `before` is the untouched picture."""
        there = [kind for kind, _ in kinds(recipe)]
        for kind, _ in self._all:
            self.tabs.set_sensitive(kind, kind in there)
        for tile in self.tiles:
            tile.before = before
        self.flow.grab_focus()

    def _session(self) -> Session:
        assert self.session is not None  # it is given before the page is shown
        return self.session

    def _at(self) -> int:
        """The number of the chosen one; -1 for none."""
        chosen = self.flow.get_selected_children()
        return int(chosen[0].get_index()) if chosen else -1

    def _look(self) -> None:
        there = self._at() >= 0
        for button in (self.use, self.on):
            button.set_sensitive(there)
        if there and not self._filling:
            self._looked(self._at())

    def _take(self) -> None:
        if self._at() >= 0:
            self._taken(self._at())

    def _on_key(self, widget: Any, event: Any) -> bool:
        """Escape goes back to the dialog's own page."""
        if event.keyval == Gdk.KEY_Escape:
            self._left()
            return True
        return False

    # what the session tells

    def put(self, shown: Sequence[Variant]) -> None:
        self._filling = True
        self.tabs.put(self._session().kind)
        self.flow.unselect_all()
        self._filling = False
        for at, tile in enumerate(self.tiles):
            tile.show(shown[at].words if at < len(shown) else "")
        self._look()
        self.note.set_text("" if shown else nothing_to_walk_to())

    def hang(self, at: int, picture: Any) -> None:
        self.tiles[at].hang(picture)
        if at == self._at():
            self._looked(at)

    def fail(self, at: int, error: ScumbleError) -> None:
        self.note.set_text(explain(error))

    def work_on(self, at: Optional[int]) -> None:
        shown = len(self._session().shown)
        if at is not None:
            self.note.set_text(painting_words(at, shown))
        elif len(self._session().pictures) == shown > 0:
            self.note.set_text("")
