"""A number as a bar that is dragged, stepped or typed: GIMP's own way with sliders."""

from __future__ import annotations

import math
from typing import Any, Callable

from ...texts import tr
from ...wire.editor.forms import label_of
from ...wire.editor.scales import PERCENT, scale_of
from ...wire.request.options import Option
from ..gtklib import GimpUi, Gtk
from ..gtkparts import guarded, marked, spoken


class NumberBar:
    """A declared number with its label in the bar: `widget`. The bar is full at `full`; what is larger can be typed."""

    def __init__(self, option: Option, letter: str = "", full: float = 0.0, percent: bool = False) -> None:
        self.option = option
        scale = scale_of(option, full, percent)
        self._times = times = PERCENT if scale.percent else 1.0
        digits = 0 if scale.whole or scale.percent else 4 if scale.high <= 1 else 2
        step = max(10.0**-digits, 10.0 ** math.floor(math.log10((scale.full - scale.low) * times / 50)))
        limits = {"lower": scale.low * times, "upper": scale.high * times}
        self._number = Gtk.Adjustment(value=scale.low, step_increment=step, page_increment=10 * step, **limits)
        label = label_of(option)
        self.widget = GimpUi.SpinScale.new(self._number, marked(label, letter) if letter else label, digits)
        if scale.full < scale.high:
            self.widget.set_scale_limits(scale.low * times, scale.full * times)
        self.widget.set_gamma(scale.gamma)
        self.widget.set_numeric(False)  # so that a unit can stand behind
        self.widget.set_hexpand(True)
        self.widget.set_width_chars(6)
        unit = "%" if scale.percent else tr(option.unit) if option.unit else ""
        self._unit = unit if unit == "×" or not unit else f" {unit}"
        self._digits = digits
        self.widget.connect("output", guarded(self._say))
        self.widget.connect("scroll-event", guarded(self._on_scroll))
        spoken(self.widget, label, tr(option.help))
        self.put(option.default)

    def get(self) -> Any:
        """The number in the option's unit."""
        number = round(self._number.get_value() / self._times, 8)
        if self.option.zero_is_full and number >= (self.option.high or 0):
            return 0
        return round(number) if self.option.kind == "int" else number

    def put(self, number: Any) -> None:
        """Show a number."""
        full = self.option.zero_is_full and not number
        self._number.set_value(float((self.option.high if full else number) or 0) * self._times)

    def connect(self, told: Callable[[], Any]) -> None:
        """Call `told` when the number changes."""
        self._number.connect("value-changed", guarded(lambda _: told()))

    def _say(self, widget: Any) -> bool:
        value = self._number.get_value()
        if self.option.zero_label and not self.get():
            text = tr(self.option.zero_label)
        else:
            text = f"{value:.{self._digits}f}"
            if self._digits > 2:
                text = f"{value:.3g}"
            text += self._unit
        if text != widget.get_text():
            widget.set_text(text)
        return True

    def _on_scroll(self, widget: Any, event: Any) -> bool:
        """Without the focus the wheel scrolls the form around."""
        if widget.has_focus():
            return False
        widget.stop_emission_by_name("scroll-event")
        return False
