"""Where a number lies on a slider: evenly, or by its ratio where a range spans orders of magnitude. No widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ..request.options import Option

RATIO = 16.0  # from this ratio of its ends on, a range is divided by ratio
EVEN = 10.0  # up to this end, a range from 0 is divided evenly
DEFAULT_AT = 1 / 3  # where the default lies on a range from 0 that is not divided evenly
PERCENT = 100.0


@dataclass(frozen=True)
class Scale:
    """Numbers between `low` and `high`, in an option's unit, as fractions of a slider's width (0 … 1).

    The slider is full at `full`, which may lie below `high`: what is larger can still be typed.
    """

    low: float
    high: float
    full: float
    whole: bool = False
    percent: bool = False
    zero_is_full: bool = False  # 0 means all there is, and fills the slider
    power: float = 1.0  # of the fraction, for ranges from 0; 0 divides by ratio

    @property
    def gamma(self) -> float:
        """The power that comes nearest to it, for sliders that know no other way: the same number in the middle."""
        middle = math.sqrt(self.low * self.full)
        return self.power or math.log((middle - self.low) / (self.full - self.low)) / math.log(0.5)

    def fraction(self, number: float) -> float:
        """Where `number` lies, 0 … 1."""
        if self.zero_is_full and number == 0:
            return 1.0
        number = min(max(number, self.low), self.full)
        if not self.power:
            return math.log(number / self.low) / math.log(self.full / self.low)
        return float(((number - self.low) / (self.full - self.low)) ** (1 / self.power))

    def number(self, fraction: float) -> float:
        """The number at a fraction, rounded to what a hand can mean."""
        fraction = min(max(fraction, 0.0), 1.0)
        if self.zero_is_full and fraction == 1.0:
            return 0.0
        if not self.power:
            return self.rounded(self.low * (self.full / self.low) ** fraction)
        return self.rounded(self.low + (self.full - self.low) * fraction**self.power)

    def stepped(self, number: float, steps: float) -> float:
        """`number` moved by hundredths of the slider; at least by what can be seen."""
        moved = self.number(self.fraction(number) + steps / 100)
        if self.zero_is_full and not (number and moved):  # to full or from it
            return moved
        if moved == number or (moved > number) != (steps > 0):  # rounding took the step back
            moved = number + math.copysign(1.0 if self.whole else max(0.01, abs(number) / 20), steps)
        return min(max(moved, self.low), self.high)

    def rounded(self, number: float) -> float:
        """To whole numbers, whole percents or two digits; never out of the range."""
        if self.whole:
            number = float(round(number))
        elif self.percent or (self.power == 1.0 and self.full <= 1.0):
            number = round(number, 2)
        else:
            number = float(f"{number:.2g}")
        return min(max(number, self.low), self.high)


def scale_of(option: Option, full: float = 0.0, percent: bool = False) -> Scale:
    """The scale that suits a declared number; `full` and `percent` where a form knows better."""
    low, high = float(option.low or 0.0), float(option.high if option.high is not None else 100.0)
    full = full or high
    percent = percent or (option.kind == "float" and low == 0.0 and high == 1.0 and not option.unit)
    power = 1.0
    if low > 0 and full / low >= RATIO:
        power = 0.0
    elif low == 0 and full > EVEN:
        default = float(option.default)
        power = math.log(default / full) / math.log(DEFAULT_AT) if default > 0 else 3.0
    return Scale(low, high, full, option.kind == "int", percent, option.zero_is_full, power)
