"""Learning a style from the dialog: the chooser's button, the window that it opens, and the style once it is there."""

from __future__ import annotations

from typing import Any

from ...wire.editor.learning.lessons import Line
from ...wire.editor.learning.told import learned_words, open_words
from ...wire.request.stylechoice import StyleChoice


class Learning:
    """Opens the window, and keeps it and the button up to date while the dialog is open."""

    def __init__(self, dialog: Any) -> None:
        self._dialog = dialog
        self.window: Any = None

    def connect(self) -> None:
        """The dialog's parts are there."""
        engine = self._dialog.engine
        engine.on_lessons, engine.on_learned = self._show, self._learned
        engine.lessons.watched = True
        self._show()

    def open(self) -> None:
        """Show the window, or bring it to the front."""
        dialog = self._dialog
        if self.window is None:
            from .window import LearnWindow  # loaded when it is needed first

            self.window = LearnWindow(
                dialog.engine.lessons, dialog.layers, dialog.parts.thumbs, dialog.window, self._use
            )
        self.window.form.refresh()
        self.window.show()

    def _use(self, name: str) -> None:
        self.window.close()
        self._dialog.choosing.take(StyleChoice("library", name))

    def _show(self) -> None:
        self._dialog.parts.chooser.learn.set_label(open_words(self._dialog.engine.lessons.lines))
        if self.window is not None:
            self.window.show_trainings()

    def _learned(self, line: Line) -> None:
        self._dialog.parts.note(learned_words(line))

    def stop(self) -> None:
        """The dialog ends; what is learned goes on."""
        if self.window is not None:
            self.window.end()
            self.window = None
