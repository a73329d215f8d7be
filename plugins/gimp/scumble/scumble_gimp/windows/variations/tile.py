"""One variant: its picture, or the untouched one dimly until there is one, and its words."""

from __future__ import annotations

from typing import Any

from ..gtklib import Gtk, Pango
from ..gtkparts import box, spoken, styled, words
from ..pictures import dimmed, fitted, on_checks, rounded

ROOM = (178, 104)  # points for the picture
DIM = 70  # of 255: how much of the untouched picture shows
LETTERS = 26  # that a line of words holds


class Tile:
    """A child of a flow box: `cell`."""

    def __init__(self) -> None:
        self.before: Any = None
        self.cell, self._image = Gtk.FlowBoxChild(), Gtk.Image()
        self._image.set_size_request(*ROOM)
        self._words = words("", "scumble-small")
        self._words.set_lines(2)
        self._words.set_ellipsize(Pango.EllipsizeMode.END)
        self._words.set_max_width_chars(LETTERS)
        column = box(vertical=True, spacing=3)
        column.add(self._image)
        column.add(self._words)
        self.cell.add(column)
        styled(self.cell, "scumble-cell")

    def show(self, text: str) -> None:
        """Its words, still without a picture; nothing of it is seen without words."""
        self._words.set_text(text)
        spoken(self.cell, text, text)
        self.cell.set_no_show_all(not text)
        self.cell.set_visible(bool(text))
        self._put(self.before, DIM)

    def hang(self, picture: Any) -> None:
        """Its picture."""
        self._put(picture, 255)

    def _put(self, picture: Any, alpha: int) -> None:
        if picture is None:
            self._image.clear()
            return
        shown = rounded(on_checks(picture, fitted((picture.get_width(), picture.get_height()), ROOM)))
        self._image.set_from_pixbuf(dimmed(shown, alpha))
