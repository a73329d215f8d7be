"""How strokes look, whatever their colours: so that a style which was never learned borrows the most similar ones'.

A code predicted from a picture's statistics (Ghiasi et al. 2017, from thousands of paintings) was mild where some
dozens taught it, with marks that repeat. The learned styles have weights of their own, and bold paint.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from ..features.encoder import Encoder
from ..losses.moments import moments

SIDE = 512  # pixels of a picture's long side at which its strokes are looked at
TAPS = ("conv1_1", "conv2_1", "conv3_1")  # strokes, but no things
MIDDLE, CONTRAST = 0.5, 0.2  # that each picture is brought to: mean and deviation
LEAST_CONTRAST = 0.02
LUMA = (0.299, 0.587, 0.114)


@torch.no_grad()
def look_of(encoder: Encoder, pixels: Tensor, coverage: Tensor) -> Tensor:
    """How the strokes of a picture 1×3×h×w in [0, 1], with its long side about `SIDE`, look where `coverage` (1×1×h×w)
    says: the upper triangles of its features' covariances, gray, each level of length 1; the distance of two is how
    they differ."""
    gray = (pixels * pixels.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)
    mass = coverage.sum().clamp_min(1e-6)
    mean = (gray * coverage).sum() / mass
    deviation = (((gray - mean) ** 2 * coverage).sum() / mass).sqrt().clamp_min(LEAST_CONTRAST)
    even = (((gray - mean) * coverage) / deviation * CONTRAST + MIDDLE).clamp(0, 1)
    found = []
    for maps in encoder(even.expand(1, 3, -1, -1), TAPS).values():
        weight = torch.nn.functional.interpolate(coverage, size=maps.shape[-2:], mode="area")[0, 0]
        whole = moments(maps[0].float(), weight)
        covariance = whole[:-1, :-1] - whole[-1, :-1, None] * whole[-1, None, :-1]
        twice = torch.triu(torch.full_like(covariance, 2**0.5), 1) + torch.eye(len(covariance)).to(covariance)
        level = (covariance * twice)[torch.triu_indices(*covariance.shape).unbind()]
        found.append(level / level.norm().clamp_min(1e-9))
    return torch.cat(found).cpu()


def most_alike(look: Tensor, looks: Mapping[str, Tensor]) -> str:
    """The name of the one among `looks` that is most like it; there must be one."""
    return min(sorted(looks), key=lambda name: float((looks[name] - look).square().sum()))
