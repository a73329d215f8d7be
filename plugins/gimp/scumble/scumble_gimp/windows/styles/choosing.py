"""Choosing a style for a row of the dialog: by the chooser, or by a picture that is dropped or pasted."""

from __future__ import annotations

from typing import Any

from ...wire.editor.masks import mask_name
from ...wire.editor.places import PlaceLayers
from ...wire.request.stylechoice import StyleChoice
from ..gtklib import Gtk
from .placelayer import PlaceLayer


class Choosing:
    """Opens the chooser for a row and brings back what was chosen."""

    def __init__(self, dialog: Any) -> None:
        self._dialog = dialog
        self.places = PlaceLayers(PlaceLayer(dialog))
        self._at = 0  # the row that a style is chosen for

    def pick(self, at: int) -> None:
        """Open the chooser for row `at`."""
        parts = self._dialog.parts
        styles = parts.styles.styles()
        self._at = at
        parts.begin_choosing(styles[at] if at < len(styles) else None)
        self._dialog.window.set_response_sensitive(Gtk.ResponseType.OK, False)

    def look(self, choice: StyleChoice) -> None:
        """Preview another style in the row that is chosen for."""
        self._dialog.preview.show(self._dialog.recipe().with_style(self._at, choice))

    def take(self, choice: StyleChoice) -> None:
        """The style that was chosen."""
        self._end()
        self._dialog.parts.styles.take(self._at, choice)

    def take_picture(self, path: str) -> None:
        """A picture was dropped or pasted: the style that is chosen for, else the first one."""
        at = self._at if self._dialog.parts.choosing() else 0
        self._end()
        self._dialog.parts.styles.take(at, StyleChoice("file", path))

    def paint_mask(self, at: int) -> None:
        """A new layer to paint the mask of row `at` on. Raises what making one raises."""
        dialog, row = self._dialog, self._dialog.parts.styles.rows[at]
        identity, name = dialog.layers.new_mask(mask_name(row.name.get_text()))
        dialog.parts.show_layers(dialog.layers)
        dialog.parts.styles.mask(row, name, identity)

    def make_layer(self, row: Any, place: str) -> None:
        """What the engine finds, as a layer, and as the mask of a row."""
        self.places.ask(row, place)

    def stop(self) -> None:
        """The dialog ends: what is looked for is wanted no more."""
        self.places.stop()

    def leave(self) -> None:
        """None was chosen."""
        self._end()
        self._dialog.changed()

    def _end(self) -> None:
        self._dialog.parts.end_choosing()
        self._dialog.window.set_response_sensitive(Gtk.ResponseType.OK, True)
