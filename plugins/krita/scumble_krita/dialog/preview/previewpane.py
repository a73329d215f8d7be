"""The dialog's left side: the preview, and under it the button to compare and a word on what is seen."""

from __future__ import annotations

from typing import Any

from ...dockparts import Line
from ...guard import guarded
from ...qt import QHBoxLayout, QVBoxLayout, QWidget, Signal
from ...texts import tr
from ...widgets import named, push
from ...wire.editor.frames.strip import Strip
from ...wire.editor.preview.caption import Caption
from ...wire.editor.preview.labels import split_words
from .framestrip import FrameStrip
from .previewcanvas import PreviewCanvas

CHECKED = "QPushButton:checked { background: palette(highlight); color: palette(highlighted-text); }"


class PreviewPane(QWidget):
    """Shows what `previews.Preview` delivers."""

    refresh = Signal()
    closer = Signal(object)  # the spot that is to be seen in its own pixels (shares of the sides), or None for all

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.canvas, self.strip = PreviewCanvas(self), FrameStrip(self)
        self.caption = Caption(self.canvas.show_sentence, lambda: self.canvas.before is not None)
        self.hold = push(tr("Hold to compare"))
        named(self.hold, tr("Hold to compare"), tr("While this is pressed, or the picture, it is shown unpainted."))
        self.hold.pressed.connect(guarded(lambda: self.canvas.compare(True)))
        self.hold.released.connect(guarded(lambda: self.canvas.compare(False)))
        self.split = push(split_words()[0])
        self.split.setCheckable(True)
        self.split.setStyleSheet(CHECKED)
        named(self.split, *split_words())
        self.split.toggled.connect(guarded(self.canvas.hand.divide))
        self.canvas.closer.connect(guarded(lambda spot: self.closer.emit(spot)))
        self.note = Line(dim=True)
        again = push(tr("Refresh"))
        again.setFlat(True)
        named(again, tr("Refresh"), tr("Read the layer and its selection again."))
        again.clicked.connect(guarded(lambda: self.refresh.emit()))
        row = QHBoxLayout()
        row.addWidget(self.hold)
        row.addWidget(self.split)
        row.addWidget(self.note, 1)
        row.addWidget(again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.strip)
        column.addLayout(row)

    def connect_to(self, preview: Any) -> Strip:
        """Take pictures, failures, busy times and words from a `previews.Preview`; what paints frames by it."""
        preview.ready.connect(guarded(self.take))
        preview.failed.connect(guarded(self.fail))
        preview.busy.connect(guarded(self.canvas.set_busy))
        preview.said.connect(guarded(self.note.set_text))
        preview.sharpened.connect(guarded(self.canvas.sharpen))
        return Strip(preview, self.strip)

    def take(self, image: Any) -> None:
        """A painted picture has come."""
        self.caption.take_back()
        self.canvas.show_picture(image)

    def fail(self, sentence: str) -> None:
        """There is none, and why."""
        self.canvas.set_busy(False)
        self.caption.fail(sentence)

    def show_before(self, image: Any, close: bool = False, scale: float = 1.0) -> None:
        """The untouched picture; None or a null one where nothing is open. It may be a close-up.

        `scale` is how many pixels of the layer one of the picture's is.
        """
        there = image is not None and not image.isNull()
        self.canvas.set_scale(close, scale)
        if not there or image != self.canvas.before:  # the same: what is painted over it may stay
            self.canvas.show_before(image if there else None)
        self.hold.setEnabled(there)
        self.split.setEnabled(there)
