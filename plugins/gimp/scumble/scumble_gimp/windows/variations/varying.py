"""Variations in the dialog: opened, looked at in the preview, taken into the settings."""

from __future__ import annotations

from typing import Any, List

from ...wire.editor.styles import picks
from ...wire.editor.styles.chooser import likely_styles
from ...wire.editor.styles.library import titles_of
from ...wire.editor.variations.session import Session
from ...wire.request.recipe import Recipe
from ...wire.request.stylechoice import StyleChoice
from ..gtklib import Gtk


class Varying:
    """Opens the page of variations for what is set, and brings back what was chosen."""

    def __init__(self, dialog: Any) -> None:
        self._dialog = dialog
        self._before = b""  # the pixels that are painted over
        self.session: Any = None

    def connect(self) -> None:
        """The dialog's parts and its preview are there."""
        page, engine = self._dialog.parts.variations, self._dialog.engine
        titles = lambda: titles_of(engine.styles)  # noqa: E731
        self.session = page.session = Session(self._dialog.preview, page, self._others, titles)

    def begin(self) -> None:
        """Show six variants of what is set. Raises what is wrong with that."""
        recipe: Recipe = self._dialog.recipe()
        recipe.check()
        if self._dialog.preview.close:
            self._dialog.look_closer(None)
        for painted in (self._dialog.preview, self._dialog.frames):
            painted.stop()
        self._dialog.parts.turn("variations")
        self._dialog.window.set_response_sensitive(Gtk.ResponseType.OK, False)
        self._start(recipe)

    @property
    def open(self) -> bool:
        """Whether the page is shown."""
        return bool(self._dialog.parts.stack.get_visible_child_name() == "variations")

    def look_again(self) -> None:
        """The image was read anew: where it shows something else, paint that."""
        if self.open and self._pixels() != self._before:
            self._start(self._dialog.recipe())

    def _start(self, recipe: Recipe) -> None:
        self._before = self._pixels()
        self._dialog.parts.variations.begin(recipe, self._dialog.preview.before)
        self.session.begin(recipe, self._dialog.preview.small())

    def _pixels(self) -> bytes:
        before = self._dialog.preview.before
        return bytes(before.get_pixels()) if before is not None else b""

    def look(self, at: int) -> None:
        """Show one in the preview, at once as it hangs there, and well once all are painted."""
        if at in self.session.pictures:
            self._dialog.parts.pane.take(self.session.pictures[at])
        if self.session.painting.settled:
            self._dialog.preview.show(self.session.shown[at].recipe)

    def take(self, at: int) -> None:
        """Its settings are the dialog's."""
        recipe = self.session.shown[at].recipe
        self._close()
        self._dialog.adopt(recipe)

    def leave(self) -> None:
        """None was chosen."""
        self._close()
        self._dialog.changed()

    def stop(self) -> None:
        """The dialog ends."""
        if self.session is not None:
            self.session.stop()

    def _close(self) -> None:
        self.session.stop()
        self._dialog.parts.turn("page")
        self._dialog.window.set_response_sensitive(Gtk.ResponseType.OK, True)

    def _others(self) -> List[StyleChoice]:
        return likely_styles(self._dialog.engine.styles, picks.favourites())
