"""What occurs only once in a painting: a head, a signature, a frame. That is a motif, and no texture."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from ...features.encoder import Encoder
from ...losses.columns import GRID, TAPS, columns_of
from ...styles.kept import Kept
from .views import Window

SIDE = 160  # pixels of the style's long side at which it is searched
APART = 4  # places: what is nearer is the same thing
COMMON, RARE = 1.0, 1.5  # distances to the nearest likeness over their median: texture up to the first, motif from
TAPS_OF_THINGS = TAPS[4:]
KEPT = 64

_RARITIES: Kept[Tensor] = Kept(KEPT)  # by content: a style is searched once, not with each preview


def rarity(window: Window, encoder: Encoder) -> Tensor:
    """How much of a thing that occurs once is at each place of a window: h×w in [0, 1]."""
    ratio = SIDE / max(n * window.ratio for n in window.pixels.shape[-2:])
    pixels = window.view(ratio, 2 * GRID).pixels
    digest = hashlib.sha256(pixels.float().cpu().numpy().tobytes()).hexdigest()
    key = (digest, tuple(pixels.shape), encoder.name, str(encoder.dtype), str(pixels.device))
    return _RARITIES.get(key, lambda: _searched(pixels, encoder))


def _searched(pixels: Tensor, encoder: Encoder) -> Tensor:
    size = [n // GRID for n in pixels.shape[-2:]]
    with torch.no_grad():
        parts = columns_of(encoder, pixels, TAPS_OF_THINGS)
        turned = columns_of(encoder, pixels.rot90(2, (2, 3)).contiguous(), TAPS_OF_THINGS)
    unit, other = _unit(parts), _unit(turned)
    at = torch.stack(torch.meshgrid(torch.arange(size[0]), torch.arange(size[1]), indexing="ij"), -1).flatten(0, 1)
    far = (at[:, None] - at[None]).abs().amax(-1).to(unit.device) > APART
    near = torch.maximum(
        (unit @ unit.t()).where(far, unit.new_tensor(-1.0)).amax(1), _far(unit @ other.t(), far).amax(1)
    )
    distance = (1 - near).view(1, 1, *size)
    distance = F.avg_pool2d(F.pad(distance, (1,) * 4, mode="replicate"), 3, 1)
    relative = distance / distance.median().clamp_min(1e-6)
    return ((relative - COMMON) / (RARE - COMMON)).clamp(0, 1)[0, 0]


def _far(similar: Tensor, far: Tensor) -> Tensor:
    return similar.where(far.flip(1), similar.new_tensor(-1.0))


def _unit(parts: Sequence[Tensor]) -> Tensor:
    columns = torch.cat([p.float() / p.float().norm(dim=1).mean().clamp_min(1e-6) for p in parts], 1)
    return F.normalize(columns - columns.mean(0), dim=1)
