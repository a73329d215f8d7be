"""The page of what was painted before, newest first; what is done with a result is told to who opened it."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from ...texts import tr
from ...wire.editor.jobs.history import HistoryEntry
from ...wire.editor.jobs.labels import again_words, clear_words, history_words, remove_words, when_words
from ..gtklib import Gdk, Gtk, Pango
from ..gtkparts import GAP, box, guarded, heading, line, push, spoken, styled, words
from ..pictures import blank, decoded, square

SIDE = 112  # points of a picture
COLUMNS = 3
LETTERS = 15  # that a title's line holds

Do = Callable[[str, HistoryEntry], Any]


class HistoryPage:
    """Kept results as pictures: `widget`.

    `looked` is told of the one that is looked at. `do` is told of what is to be done with the chosen one: “settings”,
    “apply”, “open”, “remove”; `cleared` and `left` of the rest.
    """

    def __init__(
        self,
        looked: Callable[[HistoryEntry], Any],
        do: Do,
        cleared: Callable[[], Any],
        left: Callable[[], Any],
    ) -> None:
        self._looked, self._do, self._left, self._filling = looked, do, left, False
        self._entries: Dict[Any, HistoryEntry] = {}
        self.flow = Gtk.FlowBox(
            homogeneous=True, min_children_per_line=COLUMNS, max_children_per_line=COLUMNS, valign=Gtk.Align.START
        )
        self.flow.set_selection_mode(Gtk.SelectionMode.BROWSE)
        self.flow.set_activate_on_single_click(False)
        spoken(self.flow, history_words()[0])
        about = tr("Set styles and options to those that painted it.")
        self.use = push(tr("Use settings"), "u", about, lambda: self.act("settings"))
        self.again = push(again_words()[0], "g", again_words()[1], lambda: self.act("apply"))
        about = tr("The result as an image of its own, to be saved or gone on with.")
        self.open = push(tr("Open as image"), "n", about, lambda: self.act("open"))
        self.remove = push(remove_words()[0], "r", remove_words()[1], lambda: self.act("remove"))
        self.clear = push(clear_words()[0], "l", clear_words()[1], cleared)
        self.back = push(tr("Back"), "b", "", left)
        self.told = line("", "dim-label")
        self.widget = self._page()
        self.flow.connect("selected-children-changed", guarded(lambda _: self._look()))
        self.flow.connect("child-activated", guarded(lambda *_: self.act("settings")))
        self.widget.connect("key-press-event", guarded(self._on_key))

    def _page(self) -> Any:
        page, head, more, foot = box(vertical=True, spacing=GAP + 2), box(), box(), box()
        head.pack_start(heading(history_words()[0]), True, True, 0)
        head.pack_end(self.clear, False, False, 0)
        room = Gtk.ScrolledWindow(hscrollbar_policy=Gtk.PolicyType.NEVER, expand=True)
        room.add(self.flow)
        for part in (self.again, self.open, self.remove):
            more.pack_start(part, False, False, 0)
        for part in (self.use, self.back):
            foot.pack_end(part, False, False, 0)
        for part in (head, room, self.told, more, foot):
            page.pack_start(part, part is room, True, 0)
        return page

    def fill(self, entries: List[HistoryEntry], at: int = 0) -> None:
        """Show these; that in place `at` is looked at, or the last one."""
        self._filling = True
        for cell in self.flow.get_children():
            cell.destroy()
        self._entries.clear()
        for entry in entries:
            cell = _cell(entry)
            self._entries[cell] = entry
            self.flow.add(cell)
            cell.show_all()
        self._filling = False
        chosen = self.flow.get_child_at_index(min(at, len(entries) - 1)) if entries else None
        if chosen is not None:
            self.flow.select_child(chosen)
            chosen.grab_focus()
        self._look()

    def say(self, text: str) -> None:
        """What was done; until another one is looked at."""
        self.told.set_text(text)

    def current(self) -> Optional[HistoryEntry]:
        """The one that is looked at."""
        chosen = self.flow.get_selected_children()
        return self._entries.get(chosen[0]) if chosen else None

    def act(self, what: str) -> None:
        """Let something be done with the one that is looked at."""
        entry = self.current()
        if entry is not None:
            self._do(what, entry)

    def _look(self) -> None:
        entry = self.current()
        for button in (self.use, self.again, self.open, self.remove):
            button.set_sensitive(entry is not None)
        if entry is not None and not self._filling:
            self.say("")
            self._looked(entry)

    def _on_key(self, widget: Any, event: Any) -> bool:
        """Escape goes back to the dialog's own page, Delete removes."""
        if event.keyval == Gdk.KEY_Escape:
            self._left()
        elif event.keyval == Gdk.KEY_Delete:
            self.act("remove")
        else:
            return False
        return True


def _cell(entry: HistoryEntry) -> Any:
    cell, column = Gtk.FlowBoxChild(valign=Gtk.Align.START), box(vertical=True, spacing=2)
    picture = decoded(entry.thumbnail) if entry.thumbnail else None
    column.add(Gtk.Image.new_from_pixbuf(square(picture, SIDE) if picture is not None else blank(SIDE)))
    title = words(entry.title, "scumble-small")
    title.set_lines(2)
    title.set_ellipsize(Pango.EllipsizeMode.END)
    title.set_width_chars(LETTERS)
    title.set_max_width_chars(LETTERS)
    column.add(title)
    column.add(styled(Gtk.Label(label=when_words(entry.when)), "dim-label", "scumble-small"))
    cell.add(column)
    styled(cell, "scumble-cell")
    about = (entry.title, entry.document_name, when_words(entry.when))
    return spoken(cell, entry.title, "\n".join(filter(None, about)))
