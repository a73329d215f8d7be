"""Masks of one style: where it applies in the picture, and what of its own picture is taken."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

from ..guard import guarded
from ..qt import QCheckBox, QHBoxLayout, QIcon, QSize, Qt, QWidget, Signal
from ..texts import tr
from ..widgets import named
from ..wire.editor.forms import (
    MAKE_LAYER,
    PAINT,
    SEPARATOR,
    Choices,
    Layers,
    Mask,
    label_of,
    mask_choices,
    part_choices,
)
from ..wire.request.choices import EVERYWHERE
from ..wire.request.options import Option
from ..wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice
from .editors import Combo

ICON = 20  # points of a layer's picture


class MaskCombo(Combo):
    """A combo box of kinds of masks, and the document's layers with their pictures."""

    def __init__(self, option: Option, choices: Callable[[Layers, Mask], Choices], first: str, parent: Any) -> None:
        super().__init__(parent)
        self._choices = choices
        self._layers: List[Tuple[str, str]] = []
        self._picture: Callable[[str], Any] = lambda _: None
        self.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(ICON, ICON))
        named(self, label_of(option), tr(option.help))
        self.fill((first, "", ""))

    def set_layers(self, layers: List[Tuple[str, str]], picture: Callable[[str], Any] = lambda _: None) -> None:
        """The document's layers as (identity, name), and what each looks like; what is chosen stays chosen."""
        self._layers, self._picture = list(layers), picture
        self.fill(self.value())

    def value(self) -> Mask:
        """Kind, layer's name and layer's identity."""
        return tuple(self.currentData())

    def fill(self, chosen: Mask) -> None:
        """Show this one among all that can be chosen."""
        self.last = chosen
        choices, at = self._choices(self._layers, chosen)
        self.clear()
        for label, mask in choices:
            if mask == SEPARATOR:
                self.insertSeparator(self.count())
            else:
                seen = self._picture(mask[2]) if mask[0] == "layer" else None
                self.addItem(QIcon(seen) if seen is not None else QIcon(), label, mask)
        self.setCurrentIndex(at)


class PartChoice(MaskCombo):
    """A combo box of what can be taken of a style's own picture."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(CHOICE_OPTIONS["part"], part_choices, EVERYWHERE, parent)

    def fields(self) -> Dict[str, Any]:
        """The fields of a `StyleChoice`."""
        kind, name, layer = self.value()
        return {"part": kind, "part_name": name, "part_layer": layer}

    def show_choice(self, choice: StyleChoice) -> None:
        """Show the part of a style."""
        self.fill((choice.part, choice.part_name, choice.part_layer))


class MaskChoice(QWidget):
    """A combo box of what can be a mask, and a box that inverts it."""

    changed = Signal()
    paint = Signal()  # a new layer is wanted, to paint one on
    make_layer = Signal(str)  # the place that is chosen is wanted as a layer

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        invert = CHOICE_OPTIONS["invert"]
        self.combo = MaskCombo(CHOICE_OPTIONS["mask"], mask_choices, "none", self)
        self.invert = QCheckBox(tr("Invert"), self)
        named(self.invert, label_of(invert), tr(invert.help))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo, 1)
        row.addWidget(self.invert)
        self.setFocusProxy(self.combo)
        self.invert.hide()
        self.combo.activated.connect(guarded(self._chosen))
        self.invert.clicked.connect(guarded(lambda: self.changed.emit()))

    def set_layers(self, layers: List[Tuple[str, str]], picture: Callable[[str], Any] = lambda _: None) -> None:
        """See `MaskCombo`."""
        self.combo.set_layers(layers, picture)

    def value(self) -> Mask:
        """See `MaskCombo`."""
        return self.combo.value()

    def fields(self) -> Dict[str, Any]:
        """The fields of a `StyleChoice`."""
        kind, name, layer = self.value()
        return {"mask": kind, "mask_name": name, "mask_layer": layer, "invert": self.invert.isChecked()}

    def show_choice(self, choice: StyleChoice) -> None:
        """Show a style's mask."""
        self.invert.setChecked(choice.invert)
        self._fill((choice.mask, choice.mask_name, choice.mask_layer))

    def _fill(self, chosen: Mask) -> None:
        self.combo.fill(chosen)
        self.invert.setVisible(chosen[0] != "none")

    def _chosen(self) -> None:
        value, last = self.value(), self.combo.last
        if value in (PAINT, MAKE_LAYER):
            self._fill(last)
            self.paint.emit() if value == PAINT else self.make_layer.emit(last[0])
            return
        self._fill(value)  # what can be done with it is in the list, too
        self.changed.emit()
