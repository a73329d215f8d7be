"""What was painted, as a grid of thumbnails, newest first: apply it again, take its settings, save or remove it."""

from __future__ import annotations

from typing import Any, Optional

from ..dockparts import Line, column, row, small_button
from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets, Signal
from ..wire.editor.jobs.labels import clear_words, history_words
from .historymodel import PAD, TITLE_LINES, EntryPainter, HistoryModel, entry_actions
from .savepicture import PictureSaver, can_save

CELL, ROOMY = 72, 88  # pixels: the least width of a cell, and where there is room for three of them


class HistoryGrid(QtWidgets.QListView):
    """The thumbnails; as high as they need, since the docker scrolls."""

    menu_asked = Signal(object, object)  # index, where on the screen
    remove_asked = Signal(object)  # index

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.painter = EntryPainter(self)
        self.setItemDelegate(self.painter)
        self.setViewMode(QtWidgets.QListView.ViewMode.IconMode)
        self.setMovement(QtWidgets.QListView.Movement.Static)
        self.setResizeMode(QtWidgets.QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(QtCore.Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.setMinimumWidth(40)
        self.setAccessibleName(history_words()[0])
        self.clicked.connect(guarded(lambda index: self.menu_asked.emit(index, QtGui.QCursor.pos())))
        self.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_context)
        self._basis = 200

    def set_basis(self, width: int) -> None:
        """Lay the cells out for a docker's inner width in pixels."""
        self._basis = width
        self.fit()

    def fit(self) -> None:
        """As many columns as there is room for, and as high as the rows."""
        columns = max(1, self._basis // (ROOMY if self._basis >= 3 * ROOMY else CELL))
        wide = (self._basis - 4) // columns  # Qt wants a little air
        high = wide - 2 + (TITLE_LINES + 1) * QtGui.QFontMetrics(self.font()).height() + PAD + 2
        self.painter.cell = QtCore.QSize(wide, high)
        self.setGridSize(self.painter.cell)
        rows = -(-self.model().rowCount() // columns) if self.model() is not None else 0
        self.setFixedHeight(max(1, rows * high + 2))

    def changeEvent(self, event: Any) -> None:
        """It follows the font."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.FontChange:
            self.fit()

    @guarded
    def keyPressEvent(self, event: Any) -> None:
        """Enter and Space open the menu, Delete removes."""
        key, keys, index = event.key(), QtCore.Qt.Key, self.currentIndex()
        if index.isValid() and key in (keys.Key_Return, keys.Key_Enter, keys.Key_Space, keys.Key_Menu):
            self.menu_asked.emit(index, self.viewport().mapToGlobal(self.visualRect(index).center()))
        elif index.isValid() and key == keys.Key_Delete:
            self.remove_asked.emit(index)
        else:
            super().keyPressEvent(event)

    @guarded
    def _on_context(self, where: Any) -> None:
        index = self.indexAt(where)
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_asked.emit(index, self.viewport().mapToGlobal(where))


class HistoryView(QtWidgets.QWidget):
    """The history under its heading; not there while it is empty."""

    current_moved = Signal(object)  # QRect of the current thumbnail, in this widget

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.model = HistoryModel(self)
        self.grid = HistoryGrid()
        self.grid.setModel(self.model)
        self.grid.menu_asked.connect(self._open_menu)
        self.grid.remove_asked.connect(guarded(lambda index: self.do("remove", self.model.entry(index))))
        self.grid.selectionModel().currentChanged.connect(self._on_current)
        self._saver = PictureSaver(studio.say, self)
        self.menu: Optional[Any] = None
        heading = Line(dim=True)
        heading.set_text(history_words()[0])
        clear = small_button(*clear_words())
        clear.clicked.connect(guarded(lambda: self.do("clear", None)))
        layout = column(self, gap=2)
        layout.addLayout(row(heading, clear))
        layout.addWidget(self.grid)
        self.setVisible(False)

    def set_basis(self, width: int) -> None:
        """The docker's inner width in pixels."""
        self.grid.set_basis(width)

    def refresh(self) -> None:
        """Bring the thumbnails up to the history."""
        if self.model.set_entries(list(self._studio.history.entries)):
            self.grid.fit()
            self.setVisible(self.model.rowCount() > 0)

    def age(self) -> None:
        """Paint “5 min ago” anew."""
        self.grid.viewport().update()

    @guarded
    def do(self, name: str, entry: Optional[Any]) -> None:
        """One of `entry_actions`, or “clear”."""
        if name == "clear":
            self._studio.history.clear()
        elif entry is None:
            return
        elif name == "apply":
            self._studio.apply_again(entry)
        elif name == "settings":
            self._studio.open_dialog(entry.recipe)
        elif name == "save":
            self._saver.ask(entry, self.window())
        elif name == "remove":
            self._studio.history.remove(entry)
        self._studio.changed.emit()

    @guarded
    def _open_menu(self, index: Any, where: Any) -> None:
        """The menu of one result, opened without a loop of its own."""
        entry = self.model.entry(index)
        if entry is None:
            return
        menu = QtWidgets.QMenu(self)
        menu.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        for name, words in entry_actions():
            if name == "remove":
                menu.addSeparator()
            action = menu.addAction(words)
            action.setEnabled(name != "save" or can_save(entry))
            action.triggered.connect(guarded(lambda _=False, name=name: self.do(name, entry)))
            if name == "apply":
                menu.setDefaultAction(action)
        menu.aboutToHide.connect(guarded(self._forget_menu))
        self.menu = menu
        menu.popup(where)

    def _forget_menu(self) -> None:
        self.menu = None  # Qt deletes it

    @guarded
    def _on_current(self, index: Any, before: Any) -> None:
        rect = self.grid.visualRect(index).translated(self.grid.pos())
        self.current_moved.emit(rect)
