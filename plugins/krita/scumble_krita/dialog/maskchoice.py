"""Where one style applies: everywhere, in the selection, or where a layer is bright; or the other way round."""

from __future__ import annotations

from typing import Any, Dict, List, Tuple

from ..guard import guarded
from ..qt import QCheckBox, QHBoxLayout, Qt, QWidget, Signal
from ..texts import tr
from ..widgets import named
from ..wire.recipe import CHOICE_OPTIONS, StyleChoice
from .editors import Combo, label_of, labelled


class MaskChoice(QWidget):
    """A combo box of what can be a mask, and a box that inverts it."""

    changed = Signal()

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
        self._fill(("none", "", ""))
        self.combo.activated.connect(guarded(self._chosen))
        self.invert.clicked.connect(guarded(lambda: self.changed.emit()))

    def set_layers(self, layers: List[Tuple[str, str]]) -> None:
        """The document's layers as (identity, name); what is chosen stays chosen."""
        self._layers = list(layers)
        self._fill(self.value())

    def value(self) -> Tuple[str, str, str]:
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

    def _fill(self, chosen: Tuple[str, str, str]) -> None:
        self.combo.clear()
        for kind, label in labelled(CHOICE_OPTIONS["mask"]):
            if kind != "layer":
                self.combo.addItem(label, (kind, "", ""))
        if self._layers:
            self.combo.insertSeparator(self.combo.count())
        for layer, name in self._layers:
            self.combo.addItem(name, ("layer", name.strip(), layer))
        at = next((i for i in range(self.combo.count()) if _same(self.combo.itemData(i), chosen)), -1)
        if at < 0:
            self.combo.addItem(tr("{name} (not in this picture)").format(name=chosen[1]), chosen)
            at = self.combo.count() - 1
        self.combo.setCurrentIndex(at)
        self.invert.setVisible(chosen[0] != "none")

    def _chosen(self) -> None:
        self.invert.setVisible(self.value()[0] != "none")
        self.changed.emit()


def _same(data: Any, chosen: Tuple[str, str, str]) -> bool:
    return data is not None and data[0] == chosen[0] and data[2] == chosen[2]
