"""Which style each stroke is of, where styles share a place: by chance, in the proportion of their shares."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

BLOB = 12.0  # pixels: about a stroke


def assigned(shares: Tensor, seed: int) -> Tensor | None:
    """For each pixel of `shares` (K×H×W) the index of a style (H·W), as smooth patches of about a stroke's size.

    Smooth noise, made uniform by rank and then Gumbel's, makes the greatest of log share + noise fall to each style as
    often as its share says (Gumbel 1954). None where there is but one style.
    """
    count, height, width = shares.shape
    if count == 1:
        return None
    generator = torch.Generator().manual_seed(seed)
    cells = [max(2, round(n / BLOB)) for n in (height, width)]
    noise = torch.randn(1, count, *cells, generator=generator)
    smooth = F.interpolate(noise, size=(height, width), mode="bicubic")[0].flatten(1)
    rank = (smooth.argsort(1).argsort(1).double() + 0.5) / smooth.shape[1]
    gumbel = -torch.log(-torch.log(rank))
    return (torch.log(shares.flatten(1).double().cpu().clamp_min(1e-30)) + gumbel).argmax(0).to(shares.device)
