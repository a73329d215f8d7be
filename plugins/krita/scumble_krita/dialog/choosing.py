"""Choosing a style for a row of the dialog: by the picker, or by a picture that is dropped or pasted."""

from __future__ import annotations

from typing import Any

from ..guard import guarded
from ..texts import explain
from ..wire.editor.masks import mask_name
from ..wire.editor.places import PlaceLayers
from ..wire.protocol.errors import ScumbleError
from ..wire.request.stylechoice import StyleChoice
from .placelayer import PlaceLayer


class Choosing:
    """Opens the picker for a row and brings back what was chosen."""

    def __init__(self, dialog: Any, studio: Any, preview: Any) -> None:
        self._dialog, self._parts, self._preview = dialog, dialog.parts, preview
        self._at = 0  # the row that a style is picked for
        self.places = PlaceLayers(PlaceLayer(dialog, studio))
        self._parts.rows.make_layer.connect(guarded(self.places.ask))

    def pick(self, at: int) -> None:
        """Open the picker for row `at`."""
        styles = self._parts.rows.styles()
        self._at = at
        self._parts.turn(self._parts.picker)
        self._parts.picker.begin(styles[at] if at < len(styles) else None)

    def look(self, choice: StyleChoice) -> None:
        """Preview another style in the row that is picked for."""
        self._preview.show(self._dialog.recipe().with_style(self._at, choice))

    def take(self, choice: StyleChoice) -> None:
        """The style that was chosen."""
        self._parts.turn(self._parts.page)
        self._parts.rows.take(self._at, choice)

    def take_picture(self, path: str, place: Any) -> None:
        """A picture was dropped on a style, which it replaces, or somewhere else, or pasted: then the first one."""
        at = self._at if self._parts.picking() else self._parts.rows.at(self._dialog, place)
        self._parts.turn(self._parts.page)
        self._parts.rows.take(at, StyleChoice("file", path))

    def paint_mask(self, at: int) -> None:
        """A new layer to paint the mask of row `at` on, or why there is none."""
        row = self._parts.rows.rows[at]
        try:
            identity, name = self._dialog.layers.new_mask(mask_name(row.name.text))
        except ScumbleError as e:
            self._parts.pane.fail(explain(e))
            return
        self._parts.show_layers(self._dialog.layers.masks)
        self._parts.rows.mask(row, name, identity)

    def stop(self) -> None:
        """The dialog ends: what is looked for is wanted no more."""
        self.places.stop()

    def leave(self) -> None:
        """None was chosen."""
        self._parts.turn(self._parts.page)
        self._dialog.ask_soon()
