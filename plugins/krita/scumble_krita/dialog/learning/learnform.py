"""What an artist says of a style to learn: the painting, its name, how long, and what is seldom changed."""

from __future__ import annotations

from typing import Any, Optional

from ...guard import guarded
from ...qt import QComboBox, QFileDialog, QGridLayout, QLabel, QLineEdit, QSize, QSizePolicy, Qt, QWidget
from ...texts import tr
from ...widgets import Switch, dim, named, push
from ...wire.editor.forms import label_of
from ...wire.editor.learning.desk import Desk, lesson_of
from ...wire.editor.learning.labels import labels
from ...wire.editor.learning.lesson import FORM, Lesson, lengths
from ...wire.editor.styles.chooser import PATTERNS
from ..thumbs import blank

PICTURE = 96  # points


class LearnForm(QWidget):
    """The fields; `lesson` is what they say. `thumbs` makes the painting's small picture."""

    def __init__(self, thumbs: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.desk: Any = None
        self._thumbs, self._filling = thumbs, False
        self.picture, self.painting, self.open = QLabel(), QComboBox(), push(tr("Open a picture…"))
        self.title, self.tags, self.photographs = (QLineEdit() for _ in FORM)
        self.length, self.browse = Switch(lengths()), push(labels().browse)
        self._dress()
        self._lay_out()
        self.painting.currentIndexChanged.connect(guarded(lambda _: self._on_painting()))
        self.open.clicked.connect(guarded(self._open_file))
        self.browse.clicked.connect(guarded(self._open_folder))

    def _dress(self) -> None:
        self.picture.setFixedSize(QSize(PICTURE, PICTURE))
        self.painting.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        named(self.painting, labels().painting, labels().painting_help)
        named(self.length, labels().time, labels().time_help)
        for option in FORM:
            field = getattr(self, option.name)
            named(field, label_of(option), tr(option.help))
            field.setMaxLength(4096 if option.name == "photographs" else 200)
        self.title.setPlaceholderText(labels().title_hint)
        self.photographs.setPlaceholderText(labels().photographs_hint)
        self.tags.setPlaceholderText(labels().tags_hint)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        grid.addWidget(self.picture, 0, 0, 3, 1, Qt.AlignmentFlag.AlignTop)
        title, tags, photographs = FORM
        self._line(grid, 0, labels().painting, self.painting, self.open)
        self._line(grid, 1, label_of(title), self.title)
        self._line(grid, 2, labels().time, self.length)
        self._line(grid, 3, label_of(photographs), self.photographs, self.browse)
        self._line(grid, 4, label_of(tags), self.tags)
        grid.setColumnStretch(2, 1)

    @staticmethod
    def _line(grid: Any, at: int, text: str, field: Any, button: Any = None) -> None:
        label = dim(QLabel(text), 0.2)
        label.setBuddy(field)
        grid.addWidget(label, at, 1)
        grid.addWidget(field, at, 2, 1, 1 if button is not None else 2)
        if button is not None:
            grid.addWidget(button, at, 3)

    def begin(self, desk: Desk) -> None:
        """Fill in what there is to learn from."""
        self.desk = desk
        self.refresh()
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self, chosen: Any = None) -> None:
        """Layers come and go; what was chosen stays, unless another is `chosen`."""
        wanted = chosen if chosen is not None else self.painting.currentData()
        found = self.desk.paintings()
        self._filling = True
        self.painting.clear()
        for choice, label in found:
            self.painting.addItem(label, choice)
        at = next((i for i, (choice, _) in enumerate(found) if choice == wanted), 0)
        self.painting.setCurrentIndex(at if found else -1)
        self._filling = False
        self._on_painting()

    def _on_painting(self) -> None:
        if self._filling:
            return
        choice = self.painting.currentData()
        small = self._thumbs.of(choice, PICTURE) if choice is not None else None
        self.picture.setPixmap(small if small is not None else blank(self.palette()))
        if choice is not None:
            self.title.setText(self.desk.title(self.title.text(), choice))

    def lesson(self) -> Lesson:
        """What the fields say."""
        choice: Optional[Any] = self.painting.currentData()
        return lesson_of(self.title.text(), choice, self.length.value(), self.photographs.text(), self.tags.text())

    def clear(self) -> None:
        """It was ordered: the next one has another name."""
        self.title.clear()
        self.tags.clear()

    def _open_file(self) -> None:
        kinds = f"{tr('Pictures')} ({' '.join(PATTERNS)})"
        path, _ = QFileDialog.getOpenFileName(self, labels().ask_file, "", kinds)
        if path:
            self.take_file(path)

    def take_file(self, path: str) -> None:
        """Learn from this file."""
        self.desk.open(path)
        self.refresh(self.desk.paintings()[0][0])

    def _open_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, labels().ask_folder, self.photographs.text())
        if path:
            self.photographs.setText(path)
