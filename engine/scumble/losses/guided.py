"""The container that holds masks: losses of one region, on a view of the picture that knows nothing outside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..features.encoder import Encoder
from .base import Loss, Seen


@dataclass(frozen=True)
class View:
    """A picture as one region sees it: cropped to the region's box, and outside its support a mirror image of inside.

    So no receptive field reaches another region: neither statistics nor gradients cross a border, and the region
    keeps its full mass at every tap. (Gatys et al. 2017, section 4.1, drop the positions whose field crosses; in narrow
    regions and at coarse scales that leaves the deep layers nothing.) Mirroring is what the encoder does at the
    picture's own borders.
    """

    top: int
    left: int
    height: int
    width: int
    inside: Tensor | None = None  # [H, W] bool; None: all of the box
    mirror: Tensor | None = None  # [H·W] the index within the box that each position shows

    @classmethod
    def whole(cls, picture: Tensor) -> View:
        """The view of all of a picture 1×C×H×W."""
        return cls(0, 0, *picture.shape[-2:])

    def __call__(self, picture: Tensor) -> Tensor:
        """The region's view (1×C×h×w) of `picture` (1×C×H×W). Gradients reach what is inside only."""
        crop = picture[..., self.top : self.top + self.height, self.left : self.left + self.width]
        if self.inside is None or self.mirror is None:
            return crop
        mirrored = crop.detach().flatten(2)[..., self.mirror].view(crop.shape)
        return torch.where(self.inside, crop, mirrored)


@dataclass(frozen=True)
class Guided:
    """One region's losses, each with its weight, on the region's view; `share` is the region's part of the whole."""

    view: View
    share: float
    losses: Sequence[tuple[float, Loss]]

    def __call__(self, encoder: Encoder, picture: Tensor) -> dict[str, Tensor]:
        """The region's weighted losses of `picture` (1×3×H×W), by name: one pass for all the taps that they read."""
        used = [(weight * self.share, loss) for weight, loss in self.losses if weight > 0]
        if not used:
            return {}
        pixels, taps = self.view(picture), {tap for _, loss in used for tap in loss.taps}
        maps = encoder(pixels, taps) if taps else {}
        seen = Seen(pixels, {tap: m.squeeze(0) for tap, m in maps.items()})  # m[0] would copy on the way back
        sums: dict[str, Tensor] = {}
        for weight, loss in used:
            sums[loss.name] = sums.get(loss.name, picture.new_zeros(())) + weight * loss(seen)
        return sums
