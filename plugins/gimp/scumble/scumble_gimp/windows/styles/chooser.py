"""Choosing a style, in the dialog itself: the library, picture files, the image's layers. The preview follows."""

from __future__ import annotations

import os
from typing import Any, Callable, Optional

from ...texts import tr
from ...wire.editor.chooser import PATTERNS, SOURCES, file_entries, layer_entries, library_entries, why_nothing
from ...wire.request.stylechoice import StyleChoice
from .. import remembered
from ..gtklib import Gdk, Gtk
from ..gtkparts import GAP, box, guarded, push, spoken, words
from ..options.editors import Switch
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
        self._engine, self._thumbs, self._layers, self._taken, self._left = engine, thumbs, layers, taken, left
        self._chosen: Optional[StyleChoice] = None
        self.search = Gtk.SearchEntry(placeholder_text=tr("Search by title, artist or word…"))
        spoken(self.search, tr("Search styles"))
        self.tabs = Switch([("library", tr("Library")), ("file", tr("Files")), ("layer", tr("Layers"))])
        self.grids = {source: StyleGrid(looked, self._take) for source in SOURCES}
        self.pages, self.nothing = Gtk.Stack(), words("", "dim-label")
        self.open = push(tr("Open a picture…"), "", "", self._open_file)
        self.back = push(tr("Back"), "b", "", left)
        self.use = push(tr("Use this style"), "u", "", lambda: self._grid().take_current())
        self.widget = self._page()
        self.search.connect("search-changed", guarded(lambda _: self._thin_out()))
        self.search.connect("key-press-event", guarded(self._on_search_key))
        self.widget.connect("key-press-event", guarded(self._on_key))
        self.tabs.connect(lambda: self.turn_to(self.tabs.get()))

    def _page(self) -> Any:
        page, foot = box(vertical=True, spacing=GAP + 2), box()
        for source in SOURCES:
            self.pages.add_named(self.grids[source].widget, source)
        self.pages.add_named(self.nothing, "nothing")
        foot.pack_start(self.open, False, False, 0)
        foot.pack_end(self.use, False, False, 0)
        foot.pack_end(self.back, False, False, 0)
        self.open.set_no_show_all(True)
        for part in (self.tabs.widget, self.search, self.pages, foot):
            page.pack_start(part, part is self.pages, True, 0)
        return page

    def begin(self, chosen: Optional[StyleChoice]) -> None:
        """Open for the style of a row, or for a new row."""
        self._chosen = chosen
        self.search.set_text("")
        self.refresh()
        self.turn_to(chosen.source if chosen is not None else "library")
        self.search.grab_focus()

    def refresh(self) -> None:
        """Library, files and layers anew."""
        self.grids["library"].fill(library_entries(self._engine.styles, self._thumbs.of), self._chosen)
        self.grids["file"].fill(file_entries(remembered.files(), self._thumbs.of), self._chosen)
        self.grids["layer"].fill(layer_entries(self._layers.entries, self._thumbs.of), self._chosen)
        self._thin_out()

    def turn_to(self, source: str) -> None:
        """Show one of the three grids."""
        self.tabs.put(source)
        self.open.set_visible(source == "file")
        self._thin_out()

    def _grid(self) -> StyleGrid:
        return self.grids[self.tabs.get()]

    def _thin_out(self) -> None:
        shown = self._grid().thin_out(self.search.get_text())
        if not shown:
            self.nothing.set_text(why_nothing(self.tabs.get(), self.search.get_text(), self._engine.sentence()))
        self.pages.set_visible_child_name(self.tabs.get() if shown else "nothing")
        self.use.set_sensitive(bool(shown))

    def _take(self, choice: StyleChoice) -> None:
        if choice.source == "file":
            remembered.add_file(choice.name)
        self._taken(choice)

    def _open_file(self) -> None:
        window, action = self.widget.get_toplevel(), Gtk.FileChooserAction.OPEN
        chooser = Gtk.FileChooserNative.new(tr("A picture as style"), window, action, None, None)
        kinds = Gtk.FileFilter()
        kinds.set_name(tr("Pictures"))
        for pattern in (*PATTERNS, *(p.upper() for p in PATTERNS)):
            kinds.add_pattern(pattern)
        chooser.add_filter(kinds)
        files = remembered.files()
        if files:
            chooser.set_current_folder(os.path.dirname(files[0]))
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
