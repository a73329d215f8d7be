"""Any style from its statistics: a small network that predicts a style's code (Ghiasi et al. 2017).

Huang & Belongie 2017 (AdaIN) hand the style's feature mean and deviation to the content's features as they are. Here
the decoder is normalised too: means and deviations under *slim*, along learned directions as well (so that correlations
count, which Gram matrices are made of), are mapped to its scales and shifts. So an unknown picture becomes a code like
those of the named styles: mixed, painted under masks and weakened in the same way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from ..features.slim import SLIM_WIDTHS

TAPS = ("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1")
PROBES = 96  # learned directions at each tap
HIDDEN = (256, 192)
BOUND = 2.0  # of a code's numbers
LIMIT = 5.0  # standard deviations: beyond what was seen in training, nothing is extrapolated


class StylePredictor(nn.Module):
    """Moments of a style picture at `TAPS` (see `scumble.losses.moments`) to its code."""

    centre: Tensor
    spread: Tensor

    def __init__(self, code_size: int, hidden: Sequence[int] = HIDDEN) -> None:
        super().__init__()
        widths = dict(zip(TAPS, SLIM_WIDTHS, strict=True))
        self.probes = nn.ParameterDict({t: torch.randn(c, PROBES) / c**0.5 for t, c in widths.items()})
        count = sum(2 * c + PROBES for c in widths.values())
        self.register_buffer("centre", torch.zeros(count))
        self.register_buffer("spread", torch.ones(count))
        self.layers = nn.ModuleList(
            nn.Linear(a, b) for a, b in zip((count, *hidden), (*hidden, code_size), strict=True)
        )
        last = self.layers[-1]
        assert isinstance(last, nn.Linear)
        nn.init.normal_(last.weight, std=0.01)
        nn.init.zeros_(last.bias)

    def describe(self, moments: Mapping[str, Tensor]) -> Tensor:
        """What is known of the styles, N×F: means, log deviations, log deviations along the probes."""
        found = []
        for tap in TAPS:
            s = moments[tap]  # [N, C+1, C+1]
            mean, second = s[:, -1, :-1], s[:, :-1, :-1]
            covariance = second - mean[:, :, None] * mean[:, None, :]
            probes = nn.functional.normalize(self.probes[tap], dim=0)
            along = torch.einsum("ncd,cp,dp->np", covariance, probes, probes)
            spread = covariance.diagonal(dim1=1, dim2=2)
            found += [mean, *(v.clamp_min(1e-5).log() / 2 for v in (spread, along))]
        return torch.cat(found, 1)

    @torch.no_grad()
    def calibrate(self, moments: Mapping[str, Tensor]) -> None:
        """Measure the centre and spread of what is known on many styles, N at least some dozens."""
        known = self.describe(moments)
        self.centre.copy_(known.mean(0))
        self.spread.copy_(known.std(0).clamp_min(1e-3))

    def forward(self, moments: Mapping[str, Tensor]) -> Tensor:
        """The codes of N styles, N×P."""
        y = ((self.describe(moments) - self.centre) / self.spread).clamp(-LIMIT, LIMIT)
        for layer in self.layers[:-1]:
            y = torch.relu(layer(y))
        return limited(self.layers[-1](y))


def limited(codes: Tensor) -> Tensor:
    """Codes within ±`BOUND`: affine steps multiply, and what leaves its bounds in many of them explodes."""
    return BOUND * torch.tanh(codes / BOUND)
