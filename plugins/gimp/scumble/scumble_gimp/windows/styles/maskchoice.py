"""Where one style applies: everywhere, in the selection, or where a layer is bright; or the other way round."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Sequence, Tuple

from ...texts import tr
from ...wire.editor.forms import MAKE_LAYER, PAINT, SEPARATOR, Mask, label_of, mask_choices
from ...wire.request.stylechoice import CHOICE_OPTIONS, StyleChoice
from ..gtklib import GdkPixbuf, Gtk
from ..gtkparts import box, guarded, spoken


class MaskChoice:
    """A menu of what can be a mask, and a box that inverts it: `widget`."""

    def __init__(self, told: Callable[[], Any], paint: Callable[[], Any], make_layer: Callable[[str], Any]) -> None:
        """`told` of each change; `paint` where a new layer is wanted, to paint one on, `make_layer` one of a place."""
        mask, invert = CHOICE_OPTIONS["mask"], CHOICE_OPTIONS["invert"]
        self._told, self._paint, self._make_layer, self._filling = told, paint, make_layer, False
        self._last: Mask = ("none", "", "")
        self._layers: List[Tuple[str, str]] = []
        self._values: List[Mask] = []
        self._picture: Callable[[str], Any] = lambda _: None
        self.rows = Gtk.ListStore(str, bool, GdkPixbuf.Pixbuf)
        self.combo, self.invert = Gtk.ComboBox(model=self.rows), Gtk.CheckButton(label=tr("Invert"))
        cell = Gtk.CellRendererText(ellipsize=3, width_chars=12)
        seen = Gtk.CellRendererPixbuf(xpad=3)
        self.combo.pack_start(seen, False)
        self.combo.add_attribute(seen, "pixbuf", 2)
        self.combo.set_cell_data_func(seen, _hide_empty)
        self.combo.pack_start(cell, True)
        self.combo.add_attribute(cell, "text", 0)
        self.combo.set_row_separator_func(lambda model, at: model[at][1])
        spoken(self.combo, label_of(mask), tr(mask.help))
        spoken(self.invert, label_of(invert), tr(invert.help))
        self.widget = box()
        self.label = Gtk.Label(label=label_of(mask), tooltip_text=tr(mask.help))
        self.label.set_mnemonic_widget(self.combo)
        self.widget.pack_start(self.label, False, False, 0)
        self.widget.pack_start(self.combo, True, True, 0)
        self.widget.pack_start(self.invert, False, False, 0)
        self.invert.set_no_show_all(True)
        self.combo.connect("changed", guarded(self._on_change))
        self.combo.connect("scroll-event", guarded(lambda w, _: w.stop_emission_by_name("scroll-event")))
        self.invert.connect("toggled", guarded(self._on_change))
        self._fill(("none", "", ""))

    def set_layers(self, layers: Sequence[Tuple[str, str]], picture: Callable[[str], Any] = lambda _: None) -> None:
        """What can be a mask, as (identity, name), and what each looks like; what is chosen stays chosen."""
        self._layers, self._picture = list(layers), picture
        self._fill(self.value())

    def value(self) -> Mask:
        """Kind, layer's name and layer's identity."""
        at: int = self.combo.get_active()
        return self._values[max(0, at)]

    def fields(self) -> Dict[str, Any]:
        """The fields of a `StyleChoice`."""
        kind, name, layer = self.value()
        return {"mask": kind, "mask_name": name, "mask_layer": layer, "invert": self.invert.get_active()}

    def show_choice(self, choice: StyleChoice) -> None:
        """Show a style's mask, without telling."""
        self._filling = True
        self.invert.set_active(choice.invert)
        self._fill((choice.mask, choice.mask_name, choice.mask_layer))

    def _fill(self, chosen: Mask) -> None:
        self._filling, self._last = True, chosen
        entries, at = mask_choices(self._layers, chosen)
        self._values = [value for _, value in entries]
        self.rows.clear()
        for label, value in entries:
            seen = self._picture(value[2]) if value[0] == "layer" else None
            self.rows.append((label, value == SEPARATOR, seen))
        self.combo.set_active(at)
        self.invert.set_visible(chosen[0] != "none")
        self._filling = False

    def _on_change(self, widget: Any) -> None:
        if self._filling:
            return
        if self.value() == PAINT:
            self._fill(self._last)
            self._paint()
            return
        if self.value() == MAKE_LAYER:
            self._fill(self._last)
            self._make_layer(self._last[0])
            return
        self._fill(self.value())  # what can be done with it is in the list, too
        self._told()


def _hide_empty(layout: Any, cell: Any, model: Any, at: Any, *unused: Any) -> None:
    """No room for a picture where there is none."""
    cell.set_property("visible", model[at][2] is not None)
