"""Choosing a style, in the dialog itself: the library, picture files, the document's layers. The preview follows."""

from __future__ import annotations

import os
from typing import Any, Optional

from ..guard import guarded
from ..qt import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QStackedWidget,
    Qt,
    QVBoxLayout,
    QWidget,
    Signal,
)
from ..texts import tr
from ..widgets import Switch, dim, named, push
from ..wire.editor.chooser import PATTERNS, SOURCES, file_entries, layer_entries, library_entries, why_nothing
from ..wire.request.stylechoice import StyleChoice
from . import remembered
from .stylegrid import StyleGrid


class StylePicker(QWidget):
    """A page with a search and three grids. `looked` while moving through them, then `taken` or `left`.

    Its buttons `use` and `back` lie in the dialog's foot.
    """

    looked = Signal(object)
    taken = Signal(object)
    left = Signal()

    def __init__(self, studio: Any, thumbs: Any, layers: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self._studio, self._thumbs, self._layers = studio, thumbs, layers
        self._chosen: Optional[StyleChoice] = None
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search by title, artist or word…"))
        self.search.setClearButtonEnabled(True)
        named(self.search, tr("Search styles"))
        self.tabs = Switch([("library", tr("Library")), ("file", tr("Files")), ("layer", tr("Layers"))])
        self.grids, self.pages = {source: StyleGrid() for source in SOURCES}, QStackedWidget()
        self.nothing = dim(QLabel())
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.open, self.use, self.back = push(tr("Open a picture…")), push(tr("Use this style")), push(tr("Back"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)
        column.addWidget(self.search)
        for source in SOURCES:
            self.pages.addWidget(self.grids[source])
        column.addWidget(self.pages, 1)
        self.pages.addWidget(self.nothing)
        foot = QHBoxLayout()
        foot.addWidget(self.open)
        foot.addStretch(1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(guarded(self._thin_out))
        self.search.installEventFilter(self)
        self.tabs.changed.connect(guarded(lambda: self.turn_to(self.tabs.value())))
        for grid in self.grids.values():
            grid.looked.connect(guarded(lambda choice: self.looked.emit(choice)))
            grid.taken.connect(guarded(self._take))
        self.open.clicked.connect(guarded(self._open_file))
        self.use.clicked.connect(guarded(self.take_current))
        self.back.clicked.connect(guarded(lambda: self.left.emit()))

    def begin(self, chosen: Optional[StyleChoice]) -> None:
        """Open for the style of a row, or for a new row."""
        self._chosen = chosen
        self.search.clear()
        self.refresh()
        self.turn_to(chosen.source if chosen is not None else "library")
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Library, files and layers anew."""
        words = self.search.text()
        found = {
            "library": library_entries(self._studio.styles, self._thumbs.of),
            "file": file_entries(remembered.files(), self._thumbs.of),
            "layer": layer_entries(self._layers.entries, self._thumbs.of),
        }
        for source, entries in found.items():
            self.grids[source].fill(entries, self._chosen, words)
        self._thin_out()

    def take_current(self) -> None:
        """Take the current style of the grid that is shown, or its first."""
        self._grid().take_current()

    def turn_to(self, source: str) -> None:
        """Show one of the three grids."""
        self.tabs.set_value(source)
        self.open.setVisible(source == "file")
        self._thin_out()

    def _grid(self) -> StyleGrid:
        return self.grids[self.tabs.value()]

    def _thin_out(self) -> None:
        shown = self._grid().thin_out(self.search.text())
        if not shown:
            engine = self._studio.engine_sentence()
            self.nothing.setText(why_nothing(self.tabs.value(), self.search.text(), engine))
        self.pages.setCurrentWidget(self._grid() if shown else self.nothing)
        self.use.setEnabled(bool(shown))

    def _take(self, choice: StyleChoice) -> None:
        if choice.source == "file":
            remembered.add_file(choice.name)
        self.taken.emit(choice)

    def _open_file(self) -> None:
        files = remembered.files()
        folder = os.path.dirname(files[0]) if files else ""
        kinds = f"{tr('Pictures')} ({' '.join(PATTERNS)})"
        path, _ = QFileDialog.getOpenFileName(self, tr("A picture as style"), folder, kinds)
        if path:
            self._take(StyleChoice("file", path))

    @guarded
    def _key(self, event: Any) -> bool:
        """Keys in the search that are meant for the grid."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._grid().setFocus(Qt.FocusReason.TabFocusReason)
            self._grid().to_first()
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.take_current()
            return True
        return False

    def eventFilter(self, watched: Any, event: Any) -> bool:
        return event.type() == event.Type.KeyPress and bool(self._key(event))

    def keyPressEvent(self, event: Any) -> None:
        """Escape goes back to the dialog's own page."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
