"""How the transformation network is conditioned: the styles' codes, and where they apply.

A code is a flat vector: for each normalisation its scales less 1, then its shifts (Dumoulin et al. 2017, equation 5).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from .statistics import EPSILON

Pair = tuple[Tensor, Tensor]


class Codes:
    """Codes N×P, taken apart by normalisation."""

    def __init__(self, norms: Sequence[int], codes: Tensor) -> None:
        self.norms, self.codes, self._at, at = norms, codes, list[int](), 0
        for channels in norms:
            self._at.append(at)
            at += 2 * channels

    def affine(self, index: int) -> tuple[Tensor, Tensor]:
        """Scales and shifts, N×C each, of the `index`-th normalisation."""
        c, at = self.norms[index], self._at[index]
        return 1 + self.codes[:, at : at + c], self.codes[:, at + c : at + 2 * c]


class PerPicture:
    """Each picture of a batch in one style throughout (codes N×P). Differentiable; what training uses.

    `own` [N] says how much of the content's own statistics the first `adaptive` normalisations keep: 1 - strength.
    """

    def __init__(self, norms: Sequence[int], codes: Tensor, own: Tensor, adaptive: int) -> None:
        self.codes, self.own, self.adaptive = Codes(norms, codes), own, adaptive

    def __call__(self, index: int, features: Tensor) -> Tensor:
        """See `Condition`."""
        scale, shift = self.codes.affine(index)
        if index < self.adaptive:
            variance, mean = torch.var_mean(features.detach().float(), (2, 3), correction=0)
            scale, shift = with_own((scale, shift), (mean, variance), self.own)
        rows = zip(torch.split(features, 1), scale, shift, strict=True)
        # A batch norm of one picture is its instance norm, and the fastest kernel there is for it.
        out = [F.batch_norm(y, None, None, g.contiguous(), b.contiguous(), True, 0.0, EPSILON) for y, g, b in rows]
        return torch.cat(out) if len(out) > 1 else out[0]


def with_own(affine: Pair, statistics: Pair, own: Tensor) -> Pair:
    """Scales and shifts K×C with a share `own` [K] of a map's own deviation and mean (AdaIN's alpha is 1 - own)."""
    mean, variance = statistics
    return affine[0] + own[:, None] * (variance + EPSILON).sqrt(), affine[1] + own[:, None] * mean


def painted(features: Tensor, statistics: Pair, affine: Pair, shares: Tensor) -> Tensor:
    """A map 1×C×H×W normalised by mean and variance, with K styles' scales and shifts (K×C) blended under their shares
    (K×H×W)."""
    mean, variance = statistics
    if len(affine[0]) == 1:
        scale, shift = (t[0].contiguous() for t in affine)
        return F.batch_norm(features, mean, variance, scale, shift, eps=EPSILON)
    y = F.batch_norm(features, mean, variance, eps=EPSILON)
    where = shares.permute(1, 2, 0).to(y.dtype)  # [H, W, K]
    scales, shifts = ((where @ t.to(y.dtype)).permute(2, 0, 1)[None] for t in affine)  # [1, C, H, W]
    return torch.addcmul(shifts, y, scales)
