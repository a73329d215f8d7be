"""Some lines of text that break anywhere if they must (paths are long, dockers narrow) and can be selected."""

from __future__ import annotations

import math
from typing import Any, Optional

from .dockparts import shade
from .guard import guarded
from .qt import QtCore, QtGui, QtWidgets


class WrappedText(QtWidgets.QTextEdit):
    """Plain text as high as it is long; hidden while it is empty."""

    def __init__(self, dim: bool = False, centred: bool = False, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.text = ""
        self._dim, self._centred = dim, centred
        self.setReadOnly(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setWordWrapMode(QtGui.QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        flags = QtCore.Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextSelectableByMouse | flags.TextSelectableByKeyboard)
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.ClickFocus)
        self.setTabChangesFocus(True)
        self.setMinimumWidth(40)
        self.viewport().setAutoFillBackground(False)
        self.document().setDocumentMargin(0)
        self.setVisible(False)
        self._colour()

    def set_text(self, text: str) -> None:
        """Show `text`; the same one again costs nothing."""
        if text == self.text:
            return
        self.text = text
        self.setAccessibleName(text)
        self.setPlainText(text)
        if self._centred:
            self.selectAll()
            self.setAlignment(QtCore.Qt.AlignmentFlag.AlignHCenter)
            self.moveCursor(QtGui.QTextCursor.MoveOperation.Start)
        self._fit()
        self.setVisible(bool(text))

    def sizeHint(self) -> Any:
        """Some words wide."""
        return QtCore.QSize(160, self.minimumHeight())

    @guarded
    def resizeEvent(self, event: Any) -> None:
        """Its lines are broken anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    @guarded
    def changeEvent(self, event: Any) -> None:
        """It follows the theme and the font."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.PaletteChange:
            self._colour()
        elif event.type() == QtCore.QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        document = self.document()
        document.setTextWidth(max(40, self.viewport().width()))
        self.setFixedHeight(max(1, math.ceil(document.size().height())))

    def _colour(self) -> None:
        """The window's text colour, or a dimmer one; this role alone, so that the rest is still the theme's."""
        role = QtGui.QPalette.ColorRole.Text
        wanted = shade(self.palette(), 0.62 if self._dim else 1.0)
        if self.palette().color(role) != wanted:
            palette = QtGui.QPalette()
            palette.setColor(role, wanted)
            self.setPalette(palette)
