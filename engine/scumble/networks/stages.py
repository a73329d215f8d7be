"""Networks as stages: what lies around each normalisation, so that a picture can be painted in bands of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

import torch.nn.functional as F
from torch import Tensor, nn

ALIGN = 8  # sides must be multiples of the coarsest octave
REACH = 4  # rows; even, so that averages of two rows stay in step


class Condition(Protocol):
    """Normalises a map and gives it the styles' scale and shift."""

    def __call__(self, index: int, features: Tensor) -> Tensor:
        """The `index`-th normalisation of the network, on its map N×C×H×W."""


class Stage(NamedTuple):
    """A stretch of a network around one normalisation: out = after(relu(norm(before(y))), y, kept).

    Both halves are local: a row of the output depends on at most `reach` rows of `y` above and below its place.
    """

    norm: int | None  # its index; None: out = after(before(y))
    before: Callable[[Tensor], Tensor]
    after: Callable[[Tensor, Tensor, Tensor | None], Tensor]
    scale: float = 1.0  # rows at the normalisation for each row of y
    out_scale: float = 1.0  # rows of the output for each row of y
    keeps: bool = False  # its output is kept for the skip
    joins: bool = False  # it takes what was kept
    source: bool = False  # its output is wanted once more,
    again: bool = False  # … by this stage, whose y it is in place of the last output
    reach: int = REACH
    replaces: bool = False  # its output has the size of y and may take its place in memory
    adaptive: bool = False  # its scale and shift are a deviation and a mean in the encoder's own features


class Residual(nn.Module):
    """y + project(ReLU(norm(widen(depthwise(y))))): a 3×3 depthwise convolution and two 1×1."""

    def __init__(self, channels: int, index: int) -> None:
        super().__init__()
        self.index = index
        self.depthwise = conv(channels, channels, groups=channels)
        self.widen = nn.Conv2d(channels, 2 * channels, 1)
        self.project = nn.Conv2d(2 * channels, channels, 1)

    def before(self, y: Tensor) -> Tensor:
        """The widened map that is normalised."""
        wide: Tensor = self.widen(self.depthwise(y))
        return wide

    def after(self, wide: Tensor, y: Tensor, kept: Tensor | None = None) -> Tensor:
        """The block's output."""
        out: Tensor = self.project(wide)
        return out.add_(y)

    def stage(self, keeps: bool = False) -> Stage:
        """The block as a stage."""
        return Stage(self.index, self.before, self.after, keeps=keeps, replaces=True)


def conv(inputs: int, outputs: int, groups: int = 1) -> nn.Conv2d:
    """A 3×3 convolution with reflection at the borders."""
    return nn.Conv2d(inputs, outputs, 3, padding=1, padding_mode="reflect", groups=groups)


def up(y: Tensor) -> Tensor:
    """Twice the size: bilinear, then the mean of each 3×3, or else the coarser octave's lattice shows in flat areas."""
    return F.avg_pool2d(F.interpolate(y, scale_factor=2, mode="bilinear"), 3, 1, 1, count_include_pad=False)


def run_whole(stages: Sequence[Stage], y: Tensor, condition: Condition, kept: Tensor | None = None) -> Tensor:
    """All stages on whole maps: what training runs."""
    source = y
    for stage in stages:
        y = source if stage.again else y
        wide = stage.before(y)
        if stage.norm is not None:
            wide = condition(stage.norm, wide).relu_()
        y = stage.after(wide, y, kept)
        kept = y if stage.keeps else kept
        source = y if stage.source else source
    return y
