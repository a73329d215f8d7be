"""The working form of a region: tensors at the size that is computed, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..picture import Region
from ..picture.color import Floats
from ..styles.source import resized
from .regions import Regions

MIN_SIDE = 64  # conv5_1 sees a sixteenth; less would leave it nothing to compare


def to_tensor(values: Floats, device: torch.device) -> Tensor:
    """A float array on `device`."""
    return torch.from_numpy(np.require(values, requirements=["C", "W"])).to(device)


def filled(rgb: Floats, alpha: Floats) -> Floats:
    """Colours H×W×3 with transparent pixels faded to the mean of the visible: what is not seen carries no style."""
    if alpha.min() >= 1:
        return rgb
    mean = (rgb * alpha[..., None]).sum((0, 1)) / max(float(alpha.sum()), 1e-8)
    out: Floats = (mean + (rgb - mean) * alpha[..., None]).astype(np.float32)
    return out


@dataclass(frozen=True)
class Working:
    """`content` 1×3×h×w in [0, 1]: the region at `factor` of its size, padded on the right and below to `MIN_SIDE`."""

    content: Tensor
    factor: float
    region_size: tuple[int, int]
    inner_size: tuple[int, int]

    @classmethod
    def of(cls, region: Region, size: int, device: torch.device) -> Working:
        """The working form with its long side at most `size` pixels (0: as it is)."""
        height, width = region.rgb.shape[:2]
        factor = min(1.0, size / max(height, width)) if size else 1.0
        inner = (max(1, round(height * factor)), max(1, round(width * factor)))
        pixels = to_tensor(filled(region.rgb, region.alpha), device).permute(2, 0, 1)[None]  # a view: no copy
        return cls(_padded(resized(pixels, inner), "replicate"), factor, (height, width), inner)

    def fit_regions(self, regions: Regions) -> Regions:
        """`regions` over the region's box as they are over the working form; nothing is visible in the padding."""
        small = regions.resized(self.inner_size)
        shares, visible = (_padded(t, "constant")[0] for t in (small.shares[None], small.visible[None, None]))
        return Regions(shares, regions.region_of, visible[0])

    def fit(self, mask: Tensor) -> Tensor:
        """A mask H×W over the region's box as it is over the working form, 1×1×h×w."""
        return _padded(F.interpolate(mask[None, None], size=self.inner_size, mode="area"), "constant")

    def inner(self, t: Tensor) -> Tensor:
        """What `of` and `fit` made, …×h×w, without the padding."""
        return t[..., : self.inner_size[0], : self.inner_size[1]]

    def inner_regions(self, regions: Regions) -> Regions:
        """What `fit_regions` made, without the padding."""
        return Regions(self.inner(regions.shares), regions.region_of, self.inner(regions.visible))

    def fit_colors(self, rgb: Floats) -> Tensor:
        """Colours H×W×3 over the region's box as they are over the working form without its padding."""
        return resized(to_tensor(rgb, self.content.device).permute(2, 0, 1)[None], self.inner_size)

    def restore(self, picture: Tensor) -> Floats:
        """A result 1×3×h×w as H×W×3 at the region's own size."""
        out: Floats = resized(self.inner(picture), self.region_size)[0].permute(1, 2, 0).float().cpu().numpy()
        return out


def _padded(t: Tensor, mode: str) -> Tensor:
    right, below = max(0, MIN_SIDE - t.shape[-1]), max(0, MIN_SIDE - t.shape[-2])
    return F.pad(t, (0, right, 0, below), mode=mode) if right or below else t
