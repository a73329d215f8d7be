"""Variations in the dialog: opened, looked at in the preview, taken into the settings."""

from __future__ import annotations

from typing import Any, Callable, List, Mapping

from ...texts import explain
from ...wire.editor.styles import picks
from ...wire.editor.styles.chooser import likely_styles
from ...wire.editor.variations.session import Session
from ...wire.protocol.errors import ScumbleError
from ...wire.request.recipe import Recipe
from ...wire.request.stylechoice import StyleChoice


class Varying:
    """Opens the page of variations for what is set, and brings back what was chosen."""

    def __init__(self, dialog: Any, studio: Any, titles: Callable[[], Mapping[str, str]]) -> None:
        self._dialog, self._studio = dialog, studio
        self._page, self._preview = dialog.parts.variations, dialog.preview
        self._before: Any = None
        self.session = self._page.session = Session(dialog.preview, self._page, self._others, titles)

    @property
    def open(self) -> bool:
        """Whether the page is shown."""
        return bool(self._dialog.parts.stack.currentWidget() is self._page)

    def begin(self) -> None:
        """Show six variants of what is set, or what is wrong with that."""
        try:
            recipe: Recipe = self._dialog.recipe()
            recipe.check()
        except ScumbleError as e:
            self._dialog.parts.pane.fail(explain(e))
            return
        if self._preview.close:
            self._dialog.look_closer(None)
        for painted in (self._preview, self._dialog.frames):
            painted.stop()
        self._dialog.parts.turn(self._page)
        self._start(recipe)

    def look_again(self) -> None:
        """The document was read anew: where it shows something else, paint that."""
        if self.open and self._preview.before != self._before:
            self._start(self._dialog.recipe())

    def _start(self, recipe: Recipe) -> None:
        self._before = self._preview.before
        self._page.begin(recipe, self._before)
        self.session.begin(recipe, self._preview.small())

    def look(self, at: int) -> None:
        """Show one in the preview, at once as it hangs there, and well once all are painted."""
        if at in self.session.pictures:
            self._dialog.parts.pane.take(self.session.pictures[at])
        if self.session.painting.settled:
            self._preview.show(self.session.shown[at].recipe)

    def take(self, at: int) -> None:
        """Its settings are the dialog's."""
        recipe = self.session.shown[at].recipe
        self._close()
        self._dialog.put(recipe)
        self._dialog.ask_soon()

    def leave(self) -> None:
        """None was chosen."""
        self._close()
        self._dialog.ask_soon()

    def stop(self) -> None:
        """The dialog ends."""
        self.session.stop()

    def _close(self) -> None:
        self.session.stop()
        self._dialog.parts.turn(self._dialog.parts.page)

    def _others(self) -> List[StyleChoice]:
        return likely_styles(self._studio.styles, picks.favourites())
