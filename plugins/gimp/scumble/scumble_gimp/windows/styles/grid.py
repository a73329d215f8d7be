"""A grid of styles to choose from: pictures with titles, moved through by arrows, thinned out by words."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ...gimplib import GLib
from ...wire.editor.styles.chooser import ALL, Entry
from ...wire.request.stylechoice import StyleChoice
from ..gtklib import Gtk, Pango
from ..gtkparts import box, guarded, spoken, styled, words
from ..pictures import blank
from .thumbnails import PAIR

LETTERS = 24  # that a title's line holds
COLUMNS = 2


class StyleGrid:
    """Entries as pictures: `widget`. `looked` is told of the current one, `taken` of one that was taken."""

    def __init__(self, looked: Callable[[StyleChoice], Any], taken: Callable[[StyleChoice], Any]) -> None:
        self._looked, self._taken = looked, taken
        self._entries: Dict[Any, Entry] = {}
        self._words, self._group, self._filling = "", ALL, False
        self.flow = Gtk.FlowBox(
            homogeneous=True, min_children_per_line=COLUMNS, max_children_per_line=6, valign=Gtk.Align.START
        )
        self.flow.set_activate_on_single_click(False)
        self.flow.set_selection_mode(Gtk.SelectionMode.BROWSE)
        self.flow.set_filter_func(lambda cell: self._entries[cell].matches(self._words, self._group))
        self.flow.connect("selected-children-changed", guarded(lambda _: self._look()))
        self.flow.connect("child-activated", guarded(lambda _, cell: self._taken(self._entries[cell].choice)))
        self.widget = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, expand=True)
        self.widget.add(self.flow)

    def fill(self, entries: List[Entry], chosen: Optional[StyleChoice]) -> None:
        """Show entries; the chosen one is current, without telling."""
        self._filling = True
        for cell in self.flow.get_children():
            cell.destroy()
        self._entries.clear()
        for entry in entries:
            cell = _cell(entry)
            self._entries[cell] = entry
            self.flow.add(cell)
            cell.show_all()
            if chosen is not None and entry.choice.is_same_style(chosen):
                self.flow.select_child(cell)
        self._filling = False
        GLib.idle_add(guarded(self._to_current))

    def _to_current(self) -> None:
        """The current one is in sight."""
        for cell in self.flow.get_selected_children():
            place, room = cell.get_allocation(), self.widget.get_vadjustment()
            room.clamp_page(place.y, place.y + place.height)

    def thin_out(self, words: str, group: str = ALL) -> int:
        """Show only what is in the group and matches; how many do."""
        self._words, self._group = words, group
        self.flow.invalidate_filter()
        return len(self._shown())

    def current(self) -> Optional[Entry]:
        """The current entry, if it is in sight."""
        cells = self.flow.get_selected_children()
        return self._entries[cells[0]] if cells and cells[0] in self._shown() else None

    def show_liked(self) -> None:
        """The current entry is a favourite now, or no more."""
        entry = self.current()
        if entry is None:
            return
        for cell in self.flow.get_selected_children():
            cell.get_child().get_children()[1].set_text(_title(entry))

    def to_first(self) -> None:
        """Make the first one in sight current, unless one is; the keys are for the grid then."""
        shown = self._shown()
        if shown and self.current() is None:
            self.flow.select_child(shown[0])
        for cell in self.flow.get_selected_children():
            cell.grab_focus()

    def take_current(self) -> None:
        """Take the current entry, or the first one in sight."""
        if self.current() is None:
            self.to_first()
        entry = self.current()
        if entry is not None:
            self._taken(entry.choice)

    def _shown(self) -> List[Any]:
        return [cell for cell, entry in self._entries.items() if entry.matches(self._words, self._group)]

    def _look(self) -> None:
        entry = self.current()
        if entry is not None and not self._filling:
            self._looked(entry.choice)


def _title(entry: Entry) -> str:
    return f"★ {entry.title}" if entry.liked else entry.title


def _cell(entry: Entry) -> Any:
    cell, column = Gtk.FlowBoxChild(valign=Gtk.Align.START), box(vertical=True, spacing=2)
    column.add(Gtk.Image.new_from_pixbuf(entry.picture if entry.picture is not None else blank(2 * PAIR, PAIR)))
    title = words(_title(entry), "scumble-small")
    title.set_lines(2)
    title.set_ellipsize(Pango.EllipsizeMode.END)
    title.set_width_chars(LETTERS)
    title.set_max_width_chars(LETTERS)
    below = Gtk.Label(label=entry.below, ellipsize=Pango.EllipsizeMode.END, max_width_chars=LETTERS)
    column.add(title)
    column.add(styled(below, "dim-label", "scumble-small"))
    cell.add(column)
    styled(cell, "scumble-cell")
    return spoken(cell, entry.about, entry.whole or entry.about)
