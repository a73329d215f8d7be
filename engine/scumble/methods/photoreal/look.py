"""What a painting makes of a photograph besides strokes: its regions' grids, and the photograph seen through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...networks.bicubic import linear_rows
from ...picture.color import Floats
from ...wire.request.choices import SEAMLESS
from ..regions import Regions
from .grid import Grid, smaller

ROWS = 1 << 19  # pixels at once: a dozen maps for each
FIRST = 1024  # pixels of the long side at which it is told which pixel is of which region


@dataclass(frozen=True)
class Look:
    """By region its grid (None: nothing of it is seen), and where it applies: `cover` 1×R×h×w in [0, 1], at any size.

    Where no region is, and where a photograph is spared, it stays as it is.
    """

    grids: Sequence[Grid | None]
    cover: Tensor

    @classmethod
    def of(
        cls, photo: Tensor, painted: Tensor, regions: Regions, spared: Tensor | None = None, seamless: str = "no"
    ) -> Look:
        """From a photograph and what was painted of it, 1×3×H×W in [0, 1] both.

        `regions` and what is `spared` (1×1×h×w in [0, 1]) may be of another size. A region is told by its own pixels
        alone, as far as they are visible and not spared.
        """
        across, down = SEAMLESS[seamless]
        cover = regions.of_region()[None]
        cover = cover if spared is None else cover * (1 - spared)
        photo, painted = (smaller(t, FIRST) for t in (photo, painted))
        size = (photo.shape[-2], photo.shape[-1])
        weights = _at(cover, size)[0] * _at(regions.visible[None, None], size)[0]
        grids = [Grid.fitted(photo, painted, w, (down, across)) if float(w.sum()) > 0 else None for w in weights]
        return cls(grids, cover[..., :1, :1] if bool((cover == 1).all()) else cover)

    def rows(self, photo: Tensor, top: int, height: int) -> Tensor:
        """Rows from `top` on of a photograph 1×3×n×W, `height` rows high, as they look: in [0, 1]."""
        n, width = photo.shape[-2:]
        cover = linear_rows(self.cover.to(photo), (height, width), top, top + n)
        change = torch.zeros_like(photo)
        for grid, where in zip(self.grids, cover[0], strict=True):
            if grid is not None:
                change += where * (grid.rows(photo, top, height).clamp(0, 1) - photo)
        return (photo + change).clamp_(0, 1)

    def laid_on(self, rgb: Floats, photo: Floats, amount: float, check: Callable[[], None]) -> Floats:
        """A painting H×W×3 in [0, 1], as far as `amount` with the photograph's own edges and texture instead of its
        strokes: `rgb` itself, changed. Raises what `check` does, which is asked before each strip."""
        height, width = rgb.shape[:2]
        if np.may_share_memory(rgb, photo):  # a method that painted nothing gives the photograph back
            rgb = rgb.copy()
        device = self.cover.device
        strip = max(1, ROWS // width)
        for top in range(0, height, strip):
            check()
            own = torch.from_numpy(np.ascontiguousarray(photo[top : top + strip])).permute(2, 0, 1)[None].to(device)
            seen = self.rows(own, top, height)[0].permute(1, 2, 0).cpu().numpy()
            rgb[top : top + strip] += np.float32(amount) * (seen - rgb[top : top + strip])
        return rgb


def _at(cover: Tensor, size: tuple[int, int]) -> Tensor:
    if cover.shape[-2:] == size:
        return cover
    return F.interpolate(cover, size=size, mode="area" if size[0] <= cover.shape[-2] else "bilinear")
