"""What a network is to paint: a content in its styles' colours, their kernels, and where they apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch.nn.functional as F
from torch import Tensor

from .mixed import Kernels, mixture
from .transform import ALIGN

RIM = 16  # pixels of mirror around the picture; a multiple of ALIGN
EVEN = 1e-4  # shares that differ by less are the same everywhere


@dataclass(frozen=True)
class Scene:
    """Content 1×3×H×W in [0, 1], in its styles' colours; the kernels of K styles with shares K×H×W; how much noise the
    network is given (texture: 0 none, 1 as in training), and the noise's seed."""

    content: Tensor
    styles: Sequence[Kernels]
    shares: Tensor
    texture: float = 1.0
    seed: int = 0

    @property
    def even(self) -> Kernels | None:
        """The kernels of the whole picture where shares are the same everywhere; None where they are not."""
        if len(self.styles) == 1:
            return self.styles[0]
        low, high = self.shares.amin((1, 2)), self.shares.amax((1, 2))
        if float((high - low).max()) >= EVEN:
            return None
        shares = self.shares.mean((1, 2))
        return mixture(self.styles, shares / shares.sum().clamp_min(1e-6))

    def framed(self) -> Scene:
        """With a rim around it and sides that are multiples of 16: all of it mirrored, where it can be.

        Without a rim the last rows and columns would see the convolutions' zeros.
        """
        height, width = self.content.shape[-2:]
        pad = (RIM, RIM - width % -ALIGN, RIM, RIM - height % -ALIGN)
        mode = "reflect" if min(height, width) > max(pad) else "replicate"
        content = F.pad(self.content, pad, mode=mode)
        shares = self.shares
        if self.even is None:
            total = shares.sum(0).clamp_min(1e-6)  # where no style is painted, whichever: it is not seen
            shares = F.pad((shares / total)[None], pad, mode="replicate")[0]
        return Scene(content, self.styles, shares, self.texture, self.seed)
