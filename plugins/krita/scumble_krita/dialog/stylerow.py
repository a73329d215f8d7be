"""One style in the dialog: its picture, its name, how much of it, how large its strokes, and where."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, List, Tuple

from ..dockparts import RADIUS, Line, shade
from ..guard import guarded
from ..qt import QGridLayout, QIcon, QLabel, QPainter, QSize, Qt, QToolButton, QWidget, Signal
from ..texts import tr
from ..widgets import dim, named, spoken, tip
from ..wire.editor.forms import label_of
from ..wire.editor.places import hint_words
from ..wire.editor.scales import scale_of
from ..wire.request.options import Option
from ..wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice
from .maskchoice import MaskChoice, PartChoice
from .numberbar import NumberBar
from .thumbs import blank

PICTURE = 76  # points
FULL_SHARE = 1.0  # where the bar of shares is full; larger ones can be typed


class StyleRow(QWidget):
    """Shows and changes one `StyleChoice`."""

    changed = Signal()
    shared = Signal()  # its share was set; before `changed`
    pick = Signal()
    remove = Signal()
    paint = Signal()  # a layer is wanted, to paint its mask on
    make_layer = Signal(str)  # the place that is its mask is wanted as a layer

    def __init__(self, choice: StyleChoice, parent: Any = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self.picture, self.name, self.away = QToolButton(), Line(bold=True), QToolButton()
        share, strokes = CHOICE_OPTIONS["weight"], CHOICE_OPTIONS["stroke_size"]
        strength, keep = CHOICE_OPTIONS["strength"], CHOICE_OPTIONS["content_weight"]
        self.share = NumberBar(scale_of(share, full=FULL_SHARE, percent=True))
        self.strokes = NumberBar(scale_of(strokes), tr(strokes.unit))
        self.strength, self.keep = NumberBar(scale_of(strength)), NumberBar(scale_of(keep), tr(keep.unit))
        self.mask, self.hint, self.part = MaskChoice(), Line(dim=True), PartChoice()
        self._hinted = ""  # the layer that the hint is about
        self._dress()
        grid = QGridLayout(self)
        grid.setContentsMargins(8, 8, 8, 8)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(5)
        grid.addWidget(self.picture, 0, 0, 8, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.name, 0, 1, 1, 2)
        grid.addWidget(self.away, 0, 3)
        self._share_label = self._line(grid, 1, share, self.share)
        self._line(grid, 2, strokes, self.strokes)
        self._line(grid, 3, strength, self.strength)
        self._line(grid, 4, keep, self.keep)
        self._line(grid, 5, CHOICE_OPTIONS["mask"], self.mask)
        grid.addWidget(self.hint, 6, 1, 1, 3)
        self._part_label = self._line(grid, 7, CHOICE_OPTIONS["part"], self.part)
        grid.setColumnStretch(2, 1)
        self.share.moved.connect(guarded(lambda: self.shared.emit()))
        self.mask.paint.connect(guarded(lambda: self.paint.emit()))
        self.mask.changed.connect(guarded(self._show_hint))
        self.mask.make_layer.connect(guarded(self.make_layer.emit))
        bars = self.share, self.strokes, self.strength, self.keep
        for told in (*(b.moved for b in bars), self.mask.changed, self.part.activated):
            told.connect(guarded(lambda: self.changed.emit()))
        self.put(choice)

    def _dress(self) -> None:
        self.picture.setIconSize(QSize(PICTURE, PICTURE))
        self.picture.setAutoRaise(True)
        named(self.picture, tr("Choose a style"), tr("Choose another style: of the library, a file or a layer."))
        self.picture.clicked.connect(guarded(lambda: self.pick.emit()))
        self.away.setText("✕")
        self.away.setAutoRaise(True)
        named(self.away, tr("Remove this style"))
        self.away.clicked.connect(guarded(lambda: self.remove.emit()))

    def _line(self, grid: Any, at: int, option: Option, widget: Any) -> Any:
        label = dim(QLabel(label_of(option)), 0.2)
        label.setBuddy(widget)
        label.setToolTip(tip(tr(option.help)))
        if widget not in (self.mask, self.part):
            spoken(widget, label_of(option), tr(option.help))
        grid.addWidget(label, at, 1)
        grid.addWidget(widget, at, 2, 1, 2)
        return label

    @guarded
    def paintEvent(self, event: Any) -> None:
        """A rounded field a little off the window's colour."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade(self.palette(), 0.07))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        painter.end()

    def choice(self) -> StyleChoice:
        """The style as it is set now."""
        bars = {
            "weight": self.share,
            "stroke_size": self.strokes,
            "strength": self.strength,
            "content_weight": self.keep,
        }
        shown: Dict[str, Any] = {name: bar.number() for name, bar in bars.items()}
        return replace(self._choice, **shown, **self.mask.fields(), **self.part.fields())

    def put(self, choice: StyleChoice) -> None:
        """Show a style without telling."""
        self._choice = choice
        self.share.set_number(choice.weight)
        self.strokes.set_number(choice.stroke_size)
        self.strength.set_number(choice.strength)
        self.keep.set_number(choice.content_weight)
        self.mask.show_choice(choice)
        self._show_part()
        self._show_hint()

    def show_hint(self, layer: str) -> None:
        """Say what to paint on the mask, as long as it is this layer."""
        self._hinted = layer
        self._show_hint()

    def _show_hint(self) -> None:
        wanted = bool(self._hinted) and self.mask.value()[2] == self._hinted
        self.hint.set_text(hint_words() if wanted else "")
        self.hint.setVisible(wanted)

    def _show_part(self) -> None:
        """A named style has no picture of which a part could be taken."""
        self.part.show_choice(self._choice)
        for widget in (self._part_label, self.part):
            widget.setVisible(self._choice.source != "library")

    def take(self, picked: StyleChoice) -> None:
        """Another style in this row; share, strokes and mask stay, and all of it is taken."""
        self._choice = self.choice().exchanged(picked)
        self._show_part()

    def show_as(self, title: str, pixmap: Any) -> None:
        """The style's title and picture (QPixmap or None)."""
        self.name.set_text(title)
        self.picture.setIcon(QIcon(pixmap if pixmap is not None else blank(self.palette(), "…")))

    def set_share(self, share: float) -> None:
        """Show another share without telling."""
        self.share.set_number(share)

    def set_alone(self, alone: bool) -> None:
        """The only style has the whole share, and stays."""
        self.share.setVisible(not alone)
        self._share_label.setVisible(not alone)
        self.away.setVisible(not alone)

    def set_layers(self, layers: List[Tuple[str, str]], picture: Callable[[str], Any]) -> None:
        """What can be a mask, and what each looks like (a QPixmap or None)."""
        self.mask.set_layers(layers, picture)
        self.part.set_layers(layers, picture)
