"""Choosing a style, in the dialog itself: the library, picture files, the document's layers. The preview follows."""

from __future__ import annotations

from typing import Any, Optional

from ..guard import guarded
from ..qt import (
    QComboBox,
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
from ..wire.editor.learning.labels import labels
from ..wire.editor.learning.told import open_words
from ..wire.editor.styles.browsing import Browsing
from ..wire.editor.styles.chooser import ALL, PATTERNS, SOURCES
from ..wire.request.stylechoice import StyleChoice
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
        self._browsing = Browsing(studio, thumbs, layers, studio.engine_sentence)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search by title, artist or word…"))
        self.search.setClearButtonEnabled(True)
        named(self.search, tr("Search styles"))
        self.group = QComboBox()
        named(self.group, tr("Show"))
        self.like = push(self._browsing.like_label(None))
        self.like.setCheckable(True)
        named(self.like, tr("Favourite"), tr("Keep this style among the favourites, in every editor."))
        self.learn = push(open_words(()))
        named(self.learn, open_words(()), labels().open_help)
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
        find = QHBoxLayout()
        find.addWidget(self.search, 1)
        find.addWidget(self.group)
        column.addLayout(find)
        for source in SOURCES:
            self.pages.addWidget(self.grids[source])
        column.addWidget(self.pages, 1)
        self.pages.addWidget(self.nothing)
        foot = QHBoxLayout()
        foot.addWidget(self.open)
        foot.addWidget(self.learn)
        foot.addStretch(1)
        foot.addWidget(self.like)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.search.textChanged.connect(guarded(self._thin_out))
        self.search.installEventFilter(self)
        self.tabs.changed.connect(guarded(lambda: self.turn_to(self.tabs.value())))
        self.group.currentIndexChanged.connect(guarded(lambda _: self._thin_out()))
        self.like.clicked.connect(guarded(self._like))
        for grid in self.grids.values():
            grid.looked.connect(guarded(self._look))
            grid.taken.connect(guarded(self._take))
        self.open.clicked.connect(guarded(self._open_file))
        self.use.clicked.connect(guarded(self.take_current))
        self.back.clicked.connect(guarded(lambda: self.left.emit()))

    def begin(self, chosen: Optional[StyleChoice]) -> None:
        """Open for the style of a row, or for a new row."""
        source = self._browsing.begin(chosen)
        self.search.clear()
        self.refresh()
        self.turn_to(source)
        self.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Library, files and layers anew."""
        self._fill_groups()
        for source, entries in self._browsing.entries().items():
            self.grids[source].fill(entries, self._browsing.chosen, self.search.text())
        self._thin_out()

    def _fill_groups(self) -> None:
        """What there is to be shown; what was chosen stays."""
        chosen = self.group.currentData()
        self.group.blockSignals(True)
        self.group.clear()
        for value, label in self._browsing.groups():
            self.group.addItem(label, value)
        self.group.setCurrentIndex(max(0, self.group.findData(chosen)))
        self.group.blockSignals(False)

    def _look(self, choice: StyleChoice) -> None:
        self._show_liked()
        self.looked.emit(choice)

    def _show_liked(self) -> None:
        entry = self._grid().current()
        self.like.setEnabled(self._browsing.can_like(entry))
        self.like.setChecked(entry is not None and entry.liked)
        self.like.setText(self._browsing.like_label(entry))

    def _like(self) -> None:
        entry = self._grid().current()
        if entry is not None:
            self._browsing.like(entry, self.like.isChecked())
            self._grid().viewport().update()
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
        browsing = self._browsing
        browsing.source, browsing.words = self.tabs.value(), self.search.text()
        browsing.group = str(self.group.currentData() or ALL)
        self.group.setVisible(browsing.grouped)
        shown = self._grid().thin_out(browsing.words, browsing.group)
        self._show_liked()
        if not shown:
            self.nothing.setText(browsing.why_nothing())
        self.pages.setCurrentWidget(self._grid() if shown else self.nothing)
        self.use.setEnabled(bool(shown))

    def _take(self, choice: StyleChoice) -> None:
        self._browsing.take(choice)
        self.taken.emit(choice)

    def _open_file(self) -> None:
        kinds = f"{tr('Pictures')} ({' '.join(PATTERNS)})"
        path, _ = QFileDialog.getOpenFileName(self, tr("A picture as style"), self._browsing.folder(), kinds)
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
