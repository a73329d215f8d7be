"""Learning a style from the dialog: the picker's button, the window that it opens, and the style once it is there."""

from __future__ import annotations

from typing import Any

from ...guard import guarded
from ...wire.editor.learning.told import open_words
from ...wire.request.stylechoice import StyleChoice


class Learning:
    """Opens the window, and keeps it and the button up to date while the dialog is open."""

    def __init__(self, dialog: Any, studio: Any, take: Any) -> None:
        self._dialog, self._studio, self._take = dialog, studio, take
        self._button = dialog.parts.picker.learn
        self.window: Any = None
        self._button.clicked.connect(guarded(self.open))
        self._changed = guarded(self._show)
        studio.lessons_changed.connect(self._changed)
        studio.lessons.watched = True
        studio.lessons.look()
        self._show()

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        if self.window is None:
            from .learnwindow import LearnWindow  # loaded when it is needed first

            parts = self._dialog.parts
            self.window = LearnWindow(self._studio.lessons, self._dialog.layers, parts.thumbs, self._dialog)
            self.window.used.connect(guarded(self._use))
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self._studio.start_engine()

    def _use(self, name: str) -> None:
        self.window.close()
        self._take(StyleChoice("library", name))

    def look_again(self) -> None:
        """The document was read anew."""
        if self.window is not None:
            self.window.refresh()

    def _show(self) -> None:
        self._button.setText(open_words(self._studio.lessons.lines))
        if self.window is not None:
            self.window.show_trainings()

    def stop(self) -> None:
        """The dialog ends; what is learned goes on."""
        self._studio.lessons_changed.disconnect(self._changed)
        self._studio.lessons.watched = False
        if self.window is not None:
            self.window.close()
