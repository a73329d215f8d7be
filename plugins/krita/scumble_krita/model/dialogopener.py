"""The one dialog: made when it is asked for, brought to the front when it is open already."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..wire.request.recipe import Recipe
from .canvas import main_window

Factory = Callable[[Any, Recipe, Any, bool], Any]  # studio, recipe, parent, whether the recipe was chosen


class DialogOpener:
    """Opens the dialog over Krita's window; it blocks nothing."""

    def __init__(self) -> None:
        self.factory: Optional[Factory] = None
        self._dialog: Any = None

    def bring_to_front(self) -> bool:
        """Whether it is open already; it is in front then."""
        if self._dialog is None or not self._visible():
            return False
        self._dialog.raise_()
        self._dialog.activateWindow()
        return True

    def show(self, studio: Any, recipe: Recipe, chosen: bool) -> None:
        """Open it anew, for `recipe`, which the user has `chosen` or not."""
        if self._visible():
            self._dialog.close()
        if self.factory is None:
            raise RuntimeError("nobody has said what makes the dialog")
        self._dialog = self.factory(studio, recipe, main_window(), chosen)
        self._dialog.show()

    def _visible(self) -> bool:
        try:
            return self._dialog is not None and bool(self._dialog.isVisible())
        except RuntimeError:  # Qt has deleted it with its window
            return False
