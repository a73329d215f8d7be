"""Choosing a style, in the dialog itself: the library, picture files, the image's layers. The preview follows."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ...texts import tr
from ...wire.editor.learning.labels import labels
from ...wire.editor.learning.told import open_words
from ...wire.editor.styles.browsing import Browsing
from ...wire.editor.styles.chooser import ALL, PATTERNS, SOURCES
from ...wire.request.stylechoice import StyleChoice
from ..gtklib import Gdk, Gtk
from ..gtkparts import GAP, box, guarded, push, spoken, styled, words
from ..options.editors import Combo, Switch
from .grid import StyleGrid

TO_GRID = (Gdk.KEY_Down, Gdk.KEY_Up, Gdk.KEY_Page_Down, Gdk.KEY_Page_Up)


class StyleChooser:
    """A page with a search and three grids: `widget`.

    `looked` is told of styles that are moved through; then `taken` of the one, or `left`.
    """

    def __init__(
        self,
        engine: Any,
        thumbs: Any,
        layers: Any,
        looked: Callable[[StyleChoice], Any],
        taken: Callable[[StyleChoice], Any],
        left: Callable[[], Any],
    ) -> None:
        self._browsing = Browsing(engine, thumbs, layers, engine.sentence)
        self._looked, self._taken, self._left, self._filling = looked, taken, left, False
        self.search = Gtk.SearchEntry(placeholder_text=tr("Search by title, artist or word…"))
        spoken(self.search, tr("Search styles"))
        self.group = Combo([])
        spoken(self.group.widget, tr("Show"))
        self.like = styled(Gtk.ToggleButton(label=self._browsing.like_label(None)), "scumble-toggle")
        spoken(self.like, tr("Favourite"), tr("Keep this style among the favourites, in every editor."))
        self.tabs = Switch([("library", tr("Library")), ("file", tr("Files")), ("layer", tr("Layers"))])
        self.grids = {source: StyleGrid(self._look, self._take) for source in SOURCES}
        self.pages, self.nothing = Gtk.Stack(), words("", "dim-label")
        self.open = push(tr("Open a picture…"), "", "", self._open_file)
        self.learn = Gtk.Button(label=open_words(()))
        spoken(self.learn, open_words(()), labels().open_help)
        self.back = push(tr("Back"), "b", "", left)
        self.use = push(tr("Use this style"), "u", "", lambda: self._grid().take_current())
        self.widget = self._page()
        self.group.connect(lambda: None if self._filling else self._thin_out())
        self.like.connect("toggled", guarded(lambda _: self._like()))
        self.search.connect("search-changed", guarded(lambda _: self._thin_out()))
        self.search.connect("key-press-event", guarded(self._on_search_key))
        self.widget.connect("key-press-event", guarded(self._on_key))
        self.tabs.connect(lambda: self.turn_to(self.tabs.get()))

    def _page(self) -> Any:
        page, foot, find, more = box(vertical=True, spacing=GAP + 2), box(), box(), box()
        find.pack_start(self.search, True, True, 0)
        find.pack_start(self.group.widget, False, False, 0)
        self.group.widget.set_hexpand(False)
        for source in SOURCES:
            self.pages.add_named(self.grids[source].widget, source)
        self.pages.add_named(self.nothing, "nothing")
        more.pack_start(self.learn, False, False, 0)
        more.pack_start(self.open, False, False, 0)
        foot.pack_start(self.like, False, False, 0)
        foot.pack_end(self.use, False, False, 0)
        foot.pack_end(self.back, False, False, 0)
        self.open.set_no_show_all(True)
        for part in (self.tabs.widget, find, self.pages, more, foot):
            page.pack_start(part, part is self.pages, True, 0)
        return page

    def begin(self, chosen: Optional[StyleChoice]) -> None:
        """Open for the style of a row, or for a new row."""
        source = self._browsing.begin(chosen)
        self.search.set_text("")
        self.refresh()
        self.turn_to(source)
        self.search.grab_focus()

    def refresh(self) -> None:
        """Library, files and layers anew."""
        for source, entries in self._browsing.entries().items():
            self.grids[source].fill(entries, self._browsing.chosen)
        self._fill_groups()
        self._thin_out()

    def _fill_groups(self) -> None:
        """What there is to be shown; what was chosen stays."""
        self._filling, chosen = True, self.group.get()
        self.group.widget.remove_all()
        for value, label in self._browsing.groups():
            self.group.widget.append(value or "all", label)
        self.group.put(chosen or "all")
        if not self.group.get():
            self.group.put("all")
        self._filling = False

    def _look(self, choice: StyleChoice) -> None:
        self._show_liked()
        self._looked(choice)

    def _show_liked(self) -> None:
        entry = self._grid().current()
        self._filling = True
        self.like.set_sensitive(self._browsing.can_like(entry))
        self.like.set_active(entry is not None and entry.liked)
        self.like.set_label(self._browsing.like_label(entry))
        self._filling = False

    def _like(self) -> None:
        entry = self._grid().current()
        if entry is None or self._filling:
            return
        self._browsing.like(entry, self.like.get_active())
        self._grid().show_liked()
        self._thin_out()

    def turn_to(self, source: str) -> None:
        """Show one of the three grids."""
        self.tabs.put(source)
        self.open.set_visible(source == "file")
        self._thin_out()

    def _grid(self) -> StyleGrid:
        return self.grids[self.tabs.get()]

    def _thin_out(self) -> None:
        browsing, group = self._browsing, self.group.get()
        browsing.source, browsing.words = self.tabs.get(), self.search.get_text()
        browsing.group = ALL if group in ("", "all") else group
        self.group.widget.set_visible(browsing.grouped)
        shown = self._grid().thin_out(browsing.words, browsing.group)
        self._show_liked()
        if not shown:
            self.nothing.set_text(browsing.why_nothing())
        self.pages.set_visible_child_name(self.tabs.get() if shown else "nothing")
        self.use.set_sensitive(bool(shown))

    def _take(self, choice: StyleChoice) -> None:
        self._browsing.take(choice)
        self._taken(choice)

    def _open_file(self) -> None:
        window, action = self.widget.get_toplevel(), Gtk.FileChooserAction.OPEN
        chooser = Gtk.FileChooserNative.new(tr("A picture as style"), window, action, None, None)
        kinds = Gtk.FileFilter()
        kinds.set_name(tr("Pictures"))
        for pattern in (*PATTERNS, *(p.upper() for p in PATTERNS)):
            kinds.add_pattern(pattern)
        chooser.add_filter(kinds)
        folder = self._browsing.folder()
        if folder:
            chooser.set_current_folder(folder)
        answer, path = chooser.run(), chooser.get_filename()
        chooser.destroy()
        if answer == Gtk.ResponseType.ACCEPT and path:
            self._take(StyleChoice("file", path))

    def _on_search_key(self, widget: Any, event: Any) -> bool:
        """Keys in the search that are meant for the grid."""
        if event.keyval in TO_GRID:
            self._grid().to_first()
            return True
        if event.keyval in (Gdk.KEY_Return, Gdk.KEY_KP_Enter):
            self._grid().take_current()
            return True
        return self._on_key(widget, event)

    def _on_key(self, widget: Any, event: Any) -> bool:
        """Escape goes back to the dialog's own page."""
        if event.keyval == Gdk.KEY_Escape:
            self._left()
            return True
        return False
