"""Masks of one style: where it applies in the picture, and what of its own picture is taken."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence, Tuple

from ...texts import tr
from ...wire.editor.forms import (
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
from ...wire.request.choices import EVERYWHERE
from ...wire.request.options import Option
from ...wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice
from ..gtklib import GdkPixbuf, Gtk
from ..gtkparts import box, guarded, spoken


class MaskCombo:
    """A menu of kinds of masks, and the image's layers with their pictures, behind its label: `widget`."""

    def __init__(
        self, option: Option, choices: Callable[[Layers, Mask], Choices], first: str, told: Callable[[], Any]
    ) -> None:
        """`told` of what the user chose."""
        self._choices, self._told, self._filling = choices, told, False
        self._layers: List[Tuple[str, str]] = []
        self._values: List[Mask] = []
        self._picture: Callable[[str], Any] = lambda _: None
        self.rows = Gtk.ListStore(str, bool, GdkPixbuf.Pixbuf)
        self.combo = Gtk.ComboBox(model=self.rows)
        cell = Gtk.CellRendererText(ellipsize=3, width_chars=12)
        seen = Gtk.CellRendererPixbuf(xpad=3)
        self.combo.pack_start(seen, False)
        self.combo.add_attribute(seen, "pixbuf", 2)
        self.combo.set_cell_data_func(seen, _hide_empty)
        self.combo.pack_start(cell, True)
        self.combo.add_attribute(cell, "text", 0)
        self.combo.set_row_separator_func(lambda model, at: model[at][1])
        spoken(self.combo, label_of(option), tr(option.help))
        self.widget = box()
        self.label = Gtk.Label(label=label_of(option), tooltip_text=tr(option.help), xalign=0.0)
        self.label.set_mnemonic_widget(self.combo)
        self.widget.pack_start(self.label, False, False, 0)
        self.widget.pack_start(self.combo, True, True, 0)
        self.combo.connect("changed", guarded(self._on_change))
        self.combo.connect("scroll-event", guarded(lambda w, _: w.stop_emission_by_name("scroll-event")))
        self.fill((first, "", ""))

    def set_layers(self, layers: Sequence[Tuple[str, str]], picture: Callable[[str], Any] = lambda _: None) -> None:
        """The layers as (identity, name), and what each looks like; what is chosen stays chosen."""
        self._layers, self._picture = list(layers), picture
        self.fill(self.value())

    def value(self) -> Mask:
        """Kind, layer's name and layer's identity."""
        at: int = self.combo.get_active()
        return self._values[max(0, at)]

    def fill(self, chosen: Mask) -> None:
        """Show this one among all that can be chosen, without telling."""
        self._filling, self.last = True, chosen
        entries, at = self._choices(self._layers, chosen)
        self._values = [value for _, value in entries]
        self.rows.clear()
        for label, value in entries:
            seen = self._picture(value[2]) if value[0] == "layer" else None
            self.rows.append((label, value == SEPARATOR, seen))
        self.combo.set_active(at)
        self._filling = False

    def _on_change(self, widget: Any) -> None:
        if not self._filling:
            self._told()


class PartChoice(MaskCombo):
    """A menu of what can be taken of a style's own picture: `widget`."""

    def __init__(self, told: Callable[[], Any]) -> None:
        super().__init__(CHOICE_OPTIONS["part"], part_choices, EVERYWHERE, told)
        self.widget.set_no_show_all(True)
        for part in (self.label, self.combo):
            part.show()

    def fields(self) -> Dict[str, Any]:
        """The fields of a `StyleChoice`."""
        kind, name, layer = self.value()
        return {"part": kind, "part_name": name, "part_layer": layer}

    def show_choice(self, choice: StyleChoice) -> None:
        """Show the part of a style; a named one has no picture of which a part could be taken."""
        self.fill((choice.part, choice.part_name, choice.part_layer))
        self.widget.set_visible(choice.source != "library")


class MaskChoice(MaskCombo):
    """A menu of what can be a mask, and a box that inverts it: `widget`."""

    def __init__(self, told: Callable[[], Any], paint: Callable[[], Any], make_layer: Callable[[str], Any]) -> None:
        """`told` of each change; `paint` where a new layer is wanted, to paint one on, `make_layer` one of a place."""
        invert = CHOICE_OPTIONS["invert"]
        self._changed, self._paint, self._make_layer = told, paint, make_layer
        self.invert = Gtk.CheckButton(label=tr("Invert"))
        self.invert.set_no_show_all(True)
        spoken(self.invert, label_of(invert), tr(invert.help))
        super().__init__(CHOICE_OPTIONS["mask"], mask_choices, "none", self._chosen)
        self.widget.pack_start(self.invert, False, False, 0)
        self.invert.connect("toggled", guarded(self._on_change))

    def fields(self) -> Dict[str, Any]:
        """The fields of a `StyleChoice`."""
        kind, name, layer = self.value()
        return {"mask": kind, "mask_name": name, "mask_layer": layer, "invert": self.invert.get_active()}

    def show_choice(self, choice: StyleChoice) -> None:
        """Show a style's mask, without telling."""
        self._filling = True
        self.invert.set_active(choice.invert)
        self.fill((choice.mask, choice.mask_name, choice.mask_layer))

    def fill(self, chosen: Mask) -> None:
        """See `MaskCombo`."""
        super().fill(chosen)
        self.invert.set_visible(chosen[0] != "none")

    def _chosen(self) -> None:
        value, last = self.value(), self.last
        if value == PAINT:
            self.fill(last)
            self._paint()
            return
        if value == MAKE_LAYER:
            self.fill(last)
            self._make_layer(last[0])
            return
        self.fill(value)  # what can be done with it is in the list, too
        self._changed()


def _hide_empty(layout: Any, cell: Any, model: Any, at: Any, *unused: Any) -> None:
    """No room for a picture where there is none."""
    cell.set_property("visible", model[at][2] is not None)
