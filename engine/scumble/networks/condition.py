"""How the transformation network is conditioned: the styles' codes, where they apply, and whose statistics count.

A code is a flat vector: for each normalisation its scales less 1, then its shifts.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

EPSILON = 1e-3  # a flat sky stays flat: what varies less than this is not stretched


def offsets(norms: Sequence[int]) -> list[int]:
    """Where each normalisation's numbers begin in a code."""
    out, at = [], 0
    for channels in norms:
        out.append(at)
        at += 2 * channels
    return out


class PerPicture:
    """Each picture of a batch in one style throughout: codes N×P. Differentiable; what training uses."""

    def __init__(self, norms: Sequence[int], codes: Tensor) -> None:
        self.norms, self.codes, self._at = norms, codes, offsets(norms)

    def __call__(self, index: int, features: Tensor) -> Tensor:
        c, at = self.norms[index], self._at[index]
        scale, shift = 1 + self.codes[:, at : at + c], self.codes[:, at + c : at + 2 * c]
        rows = zip(features.split(1), scale, shift, strict=True)
        # A batch norm of one picture is its instance norm, and the fastest kernel there is for it.
        out = [F.batch_norm(y, None, None, g.contiguous(), b.contiguous(), True, 0.0, EPSILON) for y, g, b in rows]
        return torch.cat(out) if len(out) > 1 else out[0]
