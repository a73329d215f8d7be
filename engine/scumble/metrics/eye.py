"""What the eye sees in a stylised picture, and what no Gram loss rewards: paint, grain, a lattice, the scene.

No number decides alone. Three pictures stand beside the results: one half of the painting against its other half, as
good as paint can be; the content; and the content in the painting's colours, to which no stroke was added.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from .grain import octaves, weave
from .judges import Judge
from .likeness import Paint
from .prepared import MIN_SIDE
from .structure import structure

FLAT = 1e-5  # of a picture's range: a painting without grain, or without colours, is nothing to compare with


@dataclass(frozen=True)
class Sight:
    """What was seen of one picture; None where there is nothing to tell it by."""

    paint: float | None
    luma_hf: float | None
    chroma_hf: float | None
    weave: float | None
    structure: float | None


@dataclass(frozen=True)
class Painting:
    """A style's pixels 1×3×H×W in [0, 1] and their coverage 1×1×H×W."""

    pixels: Tensor
    coverage: Tensor

    def sized(self, long_side: float) -> Painting:
        """Resized, so that its strokes compare with those of a picture of that long side."""
        height, width = self.pixels.shape[-2:]
        factor = max(long_side / max(height, width), MIN_SIDE / min(height, width))
        size = (max(MIN_SIDE, round(height * factor)), max(MIN_SIDE, round(width * factor)))
        if size == (height, width):
            return self
        both = torch.cat([self.pixels, self.coverage], 1)
        both = F.interpolate(both, size=size, mode="bicubic", antialias=True).clamp(0, 1)
        return Painting(both[:, :3], both[:, 3:])

    def halves(self) -> tuple[Painting, Painting]:
        """Its left and its right half."""
        half = self.pixels.shape[-1] // 2
        left = Painting(self.pixels[..., :half], self.coverage[..., :half])
        return left, Painting(self.pixels[..., half:], self.coverage[..., half:])


@dataclass(frozen=True)
class Eye:
    """A judge that has seen the content (1×3×h×w in [0, 1], its pixels' `weight` h×w) and maybe a painting."""

    judge: Judge
    weight: Tensor
    scene: Tensor
    painting: Painting | None
    paint: Paint | None

    @classmethod
    def of(
        cls, judge: Judge, content: Tensor, weight: Tensor, painting: Painting | None = None, long_side: float = 0
    ) -> Eye:
        """For a content and a `painting` of a long side of `long_side` pixels (0: as the content's).

        Without a painting, for a style of which there are statistics alone, paint and grain are None.
        """
        sized = painting.sized(long_side or max(content.shape[-2:])) if painting else None
        return cls(judge, weight, judge.look(content)[1], sized, _paint_of(judge, sized) if sized else None)

    def see(self, picture: Tensor, native: Tensor) -> Sight:
        """A picture at the content's size and, as it was painted, 1×3×H×W (`native`)."""
        strokes, scene = self.judge.look(picture)
        as_painted = F.interpolate(self.weight[None, None], size=native.shape[-2:], mode="nearest")[0, 0]
        return Sight(
            self.paint.distance(strokes, _at(self.weight, strokes)) if self.paint else None,
            *self._grain(picture, self.weight),
            weave(native, as_painted),
            structure(scene, self.scene, _at(self.weight, scene)),
        )

    def see_painting(self) -> Sight | None:
        """The painting's right half against its left; None without a painting."""
        if not self.painting:
            return None
        left, right = self.painting.halves()
        weight, strokes = right.coverage[0, 0], self.judge.look(right.pixels)[0]
        found = _paint_of(self.judge, left).distance(strokes, _at(weight, strokes))
        return Sight(found, *self._grain(right.pixels, weight), weave(right.pixels, weight), None)

    def _grain(self, picture: Tensor, weight: Tensor) -> tuple[float | None, float | None]:
        """The finest octave of luma and chroma, relative to the painting's."""
        if not self.painting:
            return None, None
        known = octaves(self.painting.pixels, self.painting.coverage[0, 0])
        luma, chroma = (a / b if b > FLAT else None for a, b in zip(octaves(picture, weight), known, strict=True))
        return luma, chroma


def _paint_of(judge: Judge, painting: Painting) -> Paint:
    """The painting's columns in four rotations."""
    turns = []
    for k in range(4):
        features = judge.look(painting.pixels.rot90(k, (2, 3)))[0]
        turns.append((features, _at(painting.coverage.rot90(k, (2, 3))[0, 0], features)))
    return Paint.of(turns)


def _at(weight: Tensor, maps: Tensor) -> Tensor:
    """A weight H×W at the size of feature maps."""
    return F.interpolate(weight[None, None], size=maps.shape[-2:], mode="area")[0, 0]
