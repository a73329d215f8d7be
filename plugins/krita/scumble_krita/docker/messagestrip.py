"""The last sentence that was said, in a strip that can be put away."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import GAP, small_button
from ..guard import guarded
from ..qt import QtCore, QtWidgets
from ..texts import tr
from ..wrappedtext import WrappedText
from .cards import Card

SIDE = 8  # pixels beside the words


class MessageStrip(QtWidgets.QWidget):
    """A card with a sentence and a cross; not there while nothing is said."""

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.card, self.message = Card(), WrappedText()
        self._close = small_button("×", tr("Dismiss"))
        self._close.clicked.connect(guarded(lambda: studio.say("")))
        layout = QtWidgets.QHBoxLayout(self.card)
        layout.setContentsMargins(SIDE, GAP, GAP // 2, GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.message, 1)
        layout.addWidget(self._close, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        around = QtWidgets.QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.card)
        self.setVisible(False)

    def say(self, text: str) -> None:
        """Show `text`; nothing, and no strip, for an empty one."""
        self.message.set_text(text)
        if self.isHidden() == bool(text):
            self.setVisible(bool(text))
