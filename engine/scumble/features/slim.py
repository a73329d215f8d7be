"""*slim*: a VGG19-shaped encoder of a quarter to a half of the channels, distilled from VGG19 and shipped.

Each tap carries a linear head that maps it to VGG19's channels. Losses fold the heads into their statistics
(see `scumble.losses.gram`), so that the wide maps are never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from torch import Tensor, nn

from .encoder import VGG19_DEPTHS, Encoder, Head

# A quarter of VGG19's channels is enough for the deep taps; the shallow ones, which carry strokes, need half.
SLIM_WIDTHS = (32, 64, 96, 128, 128)
# conv4_2's head maps to the 128 channels of the distilled teacher: the wide map is not available.
HEAD_WIDTHS = {"conv1_1": 64, "conv2_1": 128, "conv3_1": 256, "conv4_1": 512, "conv4_2": 128, "conv5_1": 512}


class Slim(Encoder):
    """The narrow encoder with its heads; about 1.25 M parameters."""

    def __init__(self, widths: Sequence[int] = SLIM_WIDTHS) -> None:
        super().__init__("slim", VGG19_DEPTHS, widths, last="conv5_1")
        self.heads = nn.ModuleDict({t: nn.Linear(self.widths[t], wide) for t, wide in HEAD_WIDTHS.items()})

    def head(self, tap: str) -> Head | None:
        if tap not in self.heads:
            return None
        linear = cast(nn.Linear, self.heads[tap])
        return Head(linear.weight, linear.bias)

    def widened(self, tap: str, features: Tensor) -> Tensor:
        """Slim features N×C×H×W in the teacher's channels, N×C'×H×W: for the distillation, not for losses."""
        wide: Tensor = self.heads[tap](features.movedim(1, -1))
        return wide.movedim(-1, 1)
