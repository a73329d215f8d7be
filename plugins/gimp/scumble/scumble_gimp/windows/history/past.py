"""The history in the dialog: opened, looked at in the preview, a result or its settings taken up again."""

from __future__ import annotations

from typing import Any

from ...arguments import drawable_of
from ...model.place import painted_before
from ...model.repeat import check_layers
from ...pictures.again import apply_again, open_as_image
from ...pictures.settings import suits
from ...wire.editor.jobs.history import HistoryEntry
from ...wire.editor.jobs.labels import added_words
from ...wire.request.recipe import Recipe
from ..gtklib import Gtk


class Past:
    """Opens the page of what was painted, and does what is asked for there."""

    def __init__(self, dialog: Any) -> None:
        self._dialog = dialog
        self.history = painted_before()

    @property
    def open(self) -> bool:
        """Whether the page is shown."""
        return bool(self._dialog.parts.stack.get_visible_child_name() == "history")

    def begin(self) -> None:
        """Show what was painted, here and by other processes of GIMP."""
        self.history.read_again()
        if self._dialog.preview.close:
            self._dialog.look_closer(None)
        self._dialog.parts.turn("history")
        self._dialog.window.set_response_sensitive(Gtk.ResponseType.OK, False)
        self._dialog.parts.history.fill(self.history.entries)

    def look(self, entry: HistoryEntry) -> None:
        """Preview what its settings would make of the layer. Raises `layer-gone`."""
        recipe = self._recipe(entry)
        check_layers(recipe)
        self._dialog.preview.show(recipe)

    def look_again(self) -> None:
        """The image was read anew."""
        entry = self._dialog.parts.history.current()
        if entry is not None:
            self.look(entry)

    def do(self, what: str, entry: HistoryEntry) -> None:
        """What the page tells. Raises what making a layer does, `file-missing`, `picture-truncated`, `layer-gone`."""
        if what == "settings":
            recipe = self._recipe(entry)
            check_layers(recipe)
            self._close()
            self._dialog.adopt(recipe)
        elif what == "apply":
            apply_again(self._dialog.image, drawable_of(self._dialog.layers.active()), entry)
            self._dialog.look_again()
            self._dialog.parts.history.say(added_words(entry.title))
        elif what == "open":
            open_as_image(entry)
        else:
            at = self.history.entries.index(entry)
            self.history.remove(entry)
            self._show_rest(at)

    def clear(self) -> None:
        """Forget all."""
        self.history.clear()
        self._show_rest(0)

    def leave(self) -> None:
        """Nothing was taken up."""
        self._close()
        self._dialog.changed()

    def _show_rest(self, at: int) -> None:
        self._dialog.parts.offer_history(bool(self.history.entries))
        if self.history.entries:
            self._dialog.parts.history.fill(self.history.entries, at)
        else:
            self.leave()

    def _recipe(self, entry: HistoryEntry) -> Recipe:
        """Its recipe; a size that was chosen for another picture is none for this one."""
        recipe: Recipe = entry.recipe
        return recipe if suits(self._dialog.image, recipe) else recipe.for_another_picture()

    def _close(self) -> None:
        self._dialog.parts.turn("page")
        self._dialog.window.set_response_sensitive(Gtk.ResponseType.OK, True)
