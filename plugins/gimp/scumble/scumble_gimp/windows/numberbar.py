"""A number as a bar that is dragged, stepped or typed: GIMP's own way with sliders."""

from __future__ import annotations

import math
from typing import Any, Callable

from ..texts import tr
from ..wire.forms import label_of
from ..wire.options import Option
from .gtklib import GimpUi, Gtk
from .gtkparts import guarded, marked, spoken, styled

PERCENT = 100.0
EVEN = 10.0  # up to this end, a range from 0 is divided evenly
RATIO = 4.0  # from this ratio of its ends on, a range is divided by ratio
DEFAULT_AT = 1 / 3  # where the default lies on a range from 0 that is not divided evenly


class NumberBar:
    """A declared number with its label in the bar: `widget`. The bar is full at `full`; what is larger can be typed."""

    def __init__(self, option: Option, letter: str = "", full: float = 0.0, percent: bool = False) -> None:
        self.option = option
        whole, (low, high) = option.kind == "int", (float(option.low or 0), float(option.high or 0))
        percent = percent or (option.kind == "float" and (low, high) == (0.0, 1.0) and not option.unit)
        self._times = PERCENT if percent else 1.0
        full = full or high
        digits = 0 if whole or percent else 4 if high <= 1 else 2
        step = max(10.0**-digits, 10.0 ** math.floor(math.log10((full - low) * self._times / 50)))
        limits = {"lower": low * self._times, "upper": high * self._times}
        self._number = Gtk.Adjustment(value=low, step_increment=step, page_increment=10 * step, **limits)
        label = label_of(option)
        self.widget = GimpUi.SpinScale.new(self._number, marked(label, letter) if letter else label, digits)
        if full < high:
            self.widget.set_scale_limits(low * self._times, full * self._times)
        self.widget.set_gamma(gamma_of(low, full, float(option.default)))
        self.widget.set_numeric(False)  # so that a unit can stand behind
        self.widget.set_hexpand(True)
        self.widget.set_width_chars(6)
        unit = "%" if percent else tr(option.unit) if option.unit else ""
        self._unit = unit if unit == "×" or not unit else f" {unit}"
        self._digits = digits
        self.widget.connect("output", guarded(self._say))
        self.widget.connect("scroll-event", guarded(self._on_scroll))
        spoken(self.widget, label, tr(option.help))
        self.put(option.default)

    def get(self) -> Any:
        """The number in the option's unit."""
        number = round(self._number.get_value() / self._times, 8)
        return round(number) if self.option.kind == "int" else number

    def put(self, number: Any) -> None:
        """Show a number."""
        self._number.set_value(float(number) * self._times)

    def connect(self, told: Callable[[], Any]) -> None:
        """Call `told` when the number changes."""
        self._number.connect("value-changed", guarded(lambda _: told()))

    def enlarge(self) -> None:
        """Make it the one that is seen first."""
        styled(self.widget, "scumble-big")

    def _say(self, widget: Any) -> bool:
        value = self._number.get_value()
        if self.option.zero_label and value == 0:
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


def gamma_of(low: float, full: float, default: float) -> float:
    """The exponent of a bar's fraction that gives each part of a range the room that it is used in."""
    if low > 0 and full / low >= RATIO:
        return math.log((math.sqrt(low * full) - low) / (full - low)) / math.log(0.5)
    if low == 0 and full > EVEN:
        return math.log(default / full) / math.log(DEFAULT_AT) if default > 0 else 3.0
    return 1.0
