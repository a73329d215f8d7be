"""What went wrong with a job and what to do, with Run again and Dismiss."""

from __future__ import annotations

from typing import Any

from ..dockparts import column, small_button
from ..guard import guarded
from ..qt import QtWidgets
from ..texts import tr
from ..wrappedtext import WrappedText


class FailureView(QtWidgets.QWidget):
    """A passage and two buttons, side by side or, where that is too narrow, one below the other."""

    def __init__(self, again: Any, dismiss: Any) -> None:
        super().__init__()
        self._text = WrappedText()
        layout = column(self)
        layout.addWidget(self._text)
        self._buttons = QtWidgets.QBoxLayout(QtWidgets.QBoxLayout.Direction.LeftToRight)
        for words, tip, asked in (
            (tr("Run again"), tr("The same styles and options, on the layer that is active now"), again),
            (tr("Dismiss"), tr("Put this card away"), dismiss),
        ):
            button = small_button(words, tip)
            button.setAutoRaise(False)
            button.clicked.connect(asked)
            self._buttons.addWidget(button)
        self._buttons.addStretch(1)
        layout.addLayout(self._buttons)

    def set_text(self, text: str) -> None:
        """A sentence and its remedy."""
        self._text.set_text(text)

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """Both buttons are whole."""
        super().resizeEvent(event)
        directions = QtWidgets.QBoxLayout.Direction
        items = [self._buttons.itemAt(i).sizeHint().width() for i in range(2)]
        fits = sum(items) + self._buttons.spacing() <= self.width()
        self._buttons.setDirection(directions.LeftToRight if fits else directions.TopToBottom)
