"""Where one style applies: everywhere, in the selection, or where a layer is bright; or the other way round."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Tuple

from ..guard import guarded
from ..qt import QCheckBox, QHBoxLayout, QIcon, QSize, Qt, QWidget, Signal
from ..texts import tr
from ..widgets import named
from ..wire.editor.forms import MAKE_LAYER, PAINT, SEPARATOR, Mask, label_of, mask_choices
from ..wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice
from .editors import Combo

ICON = 20  # points of a layer's picture


class MaskChoice(QWidget):
    """A combo box of what can be a mask, and a box that inverts it."""

    changed = Signal()
    paint = Signal()  # a new layer is wanted, to paint one on
    make_layer = Signal(str)  # the place that is chosen is wanted as a layer

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        mask, invert = CHOICE_OPTIONS["mask"], CHOICE_OPTIONS["invert"]
        self.combo, self.invert = Combo(self), QCheckBox(tr("Invert"), self)
        self.combo.setSizeAdjustPolicy(Combo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(8)
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self.combo, label_of(mask), tr(mask.help))
        named(self.invert, label_of(invert), tr(invert.help))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.combo, 1)
        row.addWidget(self.invert)
        self.setFocusProxy(self.combo)
        self._layers: List[Tuple[str, str]] = []
        self._picture: Callable[[str], Any] = lambda _: None
        self.combo.setIconSize(QSize(ICON, ICON))
        self._fill(("none", "", ""))
        self.combo.activated.connect(guarded(self._chosen))
        self.invert.clicked.connect(guarded(lambda: self.changed.emit()))

    def set_layers(self, layers: List[Tuple[str, str]], picture: Callable[[str], Any] = lambda _: None) -> None:
        """The document's layers as (identity, name), and what each looks like; what is chosen stays chosen."""
        self._layers, self._picture = list(layers), picture
        self._fill(self.value())

    def value(self) -> Mask:
        """Kind, layer's name and layer's identity."""
        return tuple(self.combo.currentData())

    def fields(self) -> Dict[str, Any]:
        """The fields of a `StyleChoice`."""
        kind, name, layer = self.value()
        return {"mask": kind, "mask_name": name, "mask_layer": layer, "invert": self.invert.isChecked()}

    def show_choice(self, choice: StyleChoice) -> None:
        """Show a style's mask."""
        self.invert.setChecked(choice.invert)
        self._fill((choice.mask, choice.mask_name, choice.mask_layer))

    def _fill(self, chosen: Mask) -> None:
        self._last = chosen
        choices, at = mask_choices(self._layers, chosen)
        self.combo.clear()
        for label, mask in choices:
            if mask == SEPARATOR:
                self.combo.insertSeparator(self.combo.count())
            else:
                seen = self._picture(mask[2]) if mask[0] == "layer" else None
                self.combo.addItem(QIcon(seen) if seen is not None else QIcon(), label, mask)
        self.combo.setCurrentIndex(at)
        self.invert.setVisible(chosen[0] != "none")

    def _chosen(self) -> None:
        if self.value() == PAINT:
            self._fill(self._last)
            self.paint.emit()
            return
        if self.value() == MAKE_LAYER:
            self._fill(self._last)
            self.make_layer.emit(self._last[0])
            return
        self._fill(self.value())  # what can be done with it is in the list, too
        self.invert.setVisible(self.value()[0] != "none")
        self.changed.emit()
