"""One style that is learned: its name, how far it is, what it paints by now, and what can be done about it."""

from __future__ import annotations

from functools import partial
from typing import Any, Dict

from ...dockparts import RADIUS, Line, shade, small_button
from ...guard import guarded
from ...qt import QHBoxLayout, QImage, QLabel, QPainter, QPixmap, QProgressBar, QSize, Qt, QVBoxLayout, QWidget, Signal
from ...wire.editor.learning.lessons import Line as Training
from ...wire.editor.learning.told import deeds, where_it_is
from ...wrappedtext import WrappedText

BAR = 5  # points
SHEET = (460, 230)  # points, the room for a sheet
DENSE = 2
STYLE = """
QProgressBar {{ border: none; border-radius: 2px; background: {ground}; }}
QProgressBar::chunk {{ border-radius: 2px; background: {full}; }}
"""


class TrainingCard(QWidget):
    """Shows one training; `act` tells what is to be done about it."""

    act = Signal(str, str)  # the training, and what

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.training: Any = None
        self.title, self.bar, self.words, self.sheet = Line(bold=True), QProgressBar(), WrappedText(dim=True), QLabel()
        self.buttons: Dict[str, Any] = {}
        self._shown: Any = None
        self._picture = b""
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(BAR)
        self.bar.setRange(0, 1000)
        self.sheet.hide()
        self._head = QHBoxLayout()
        self._head.addWidget(self.title, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 10)
        column.setSpacing(6)
        column.addLayout(self._head)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        column.addWidget(self.sheet, 0, Qt.AlignmentFlag.AlignLeft)

    def show_training(self, training: Training, sheet: bytes) -> None:
        """How it is now."""
        self.training = training
        palette = self.palette()
        self.bar.setStyleSheet(
            STYLE.format(ground=shade(palette, 0.18).name(), full=palette.color(palette.ColorRole.Highlight).name())
        )
        self.title.set_text(training.title)
        self.words.set_text(where_it_is(training))
        self.bar.setValue(round(1000 * training.part))
        self.bar.setVisible(training.state not in ("done", "failed"))
        self.bar.setAccessibleName(training.title)
        self._show_buttons(training)
        self._show_sheet(sheet)

    def _show_buttons(self, training: Training) -> None:
        wanted = deeds(training)
        if wanted == self._shown:
            return
        self._shown = wanted
        for button in self.buttons.values():
            self._head.removeWidget(button)
            button.deleteLater()
        self.buttons = {}
        for what, label, help in wanted:
            self.buttons[what] = button = small_button(label, help)
            button.clicked.connect(guarded(partial(self._tell, what)))
            self._head.addWidget(button)

    def _tell(self, what: str) -> None:
        self.act.emit(self.training.name, what)

    def _show_sheet(self, data: bytes) -> None:
        if data == self._picture:
            return
        self._picture, image = data, QImage.fromData(data)
        self.sheet.setVisible(not image.isNull())
        if not image.isNull():
            room = QSize(*(DENSE * side for side in SHEET))
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            pixmap = QPixmap.fromImage(image.scaled(room, keep, smooth))
            pixmap.setDevicePixelRatio(DENSE)
            self.sheet.setPixmap(pixmap)

    @guarded
    def paintEvent(self, event: Any) -> None:
        """A card, a little lighter or darker than the window."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(self.palette(), 0.06))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
