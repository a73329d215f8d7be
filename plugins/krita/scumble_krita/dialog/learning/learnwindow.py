"""“Learn a style…”: a form for a new one, and under it those that are learned."""

from __future__ import annotations

from typing import Any, Dict

from ...guard import guarded
from ...qt import QDialog, QFrame, QHBoxLayout, QLabel, QScrollArea, Qt, QVBoxLayout, QWidget, Signal
from ...widgets import dim, named, push
from ...wire.editor.learning.desk import Desk
from ...wire.editor.learning.labels import labels
from ...wire.editor.learning.lessons import Lessons
from ...wrappedtext import WrappedText
from .learnform import LearnForm
from .trainingcard import TrainingCard

EDGE, WIDTH, LOW, HIGH = 14, 540, 340, 640  # points; lower without a training, higher with one


class LearnWindow(QDialog):
    """Stays open while one paints. `used` tells of a learned style that is to be used."""

    used = Signal(str)

    def __init__(self, lessons: Lessons, layers: Any, thumbs: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(labels().window)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._lessons = lessons
        self.form, self.told = LearnForm(thumbs), WrappedText()
        self.learn, self.away = push(labels().learn), push(labels().close)
        self.cards: Dict[str, TrainingCard] = {}
        self.desk = Desk(lessons, layers, layers.pixels, self.told.set_text, self._on_begun)
        self._lay_out()
        self.learn.clicked.connect(guarded(lambda: self.desk.begin(self.form.lesson())))
        self.away.clicked.connect(guarded(lambda: self.close()))
        self.form.begin(self.desk)
        self.resize(WIDTH, LOW)
        self.show_trainings()

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(EDGE)
        about = dim(QLabel(labels().intro), 0.2)
        about.setWordWrap(True)
        column.addWidget(about)
        column.addWidget(self.form)
        column.addWidget(self.told)
        self._list, inside = QScrollArea(), QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.addStretch(1)
        self._list.setWidget(inside)
        self._list.setWidgetResizable(True)
        self._list.setFrameShape(QFrame.Shape.NoFrame)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._list, 1)
        column.addStretch(0)
        named(self.learn, labels().learn, labels().learn_help)
        self.learn.setDefault(True)
        foot.addStretch(1)
        for button in (self.away, self.learn):
            button.setMinimumWidth(max(96, button.minimumWidth()))
            foot.addWidget(button)
        column.addLayout(foot)

    def show_trainings(self) -> None:
        """Those that the engine tells of, the newest first."""
        lines = self._lessons.lines
        for name in [n for n in self.cards if n not in {line.name for line in lines}]:
            card = self.cards.pop(name)
            self._rows.removeWidget(card)
            card.hide()
            card.deleteLater()
        for line in lines:
            if line.name not in self.cards:
                self.cards[line.name] = card = TrainingCard()
                card.act.connect(guarded(self._act))
                self._rows.insertWidget(0, card)
            self.cards[line.name].show_training(line, self._lessons.sheets.get(line.name, b""))
        self._list.setVisible(bool(self.cards))
        if self.cards and self.height() < HIGH - 60:
            self.resize(self.width(), HIGH)

    def _act(self, name: str, what: str) -> None:
        if what == "use":
            self.used.emit(name)
        else:
            self.desk.do(name, what)

    def _on_begun(self) -> None:
        self.form.clear()

    def refresh(self) -> None:
        """The document was read anew."""
        self.form.refresh()
