"""What colours a style shows, and a picture in them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...styles.source import StyleSource
from ..colors import Palette, recolored, toned
from ..colortable import USUAL, Vividness, samples

SEEN_AT = 256  # pixels of the picture's long side


@dataclass(frozen=True)
class StyleColors:
    """A style's palette, a sample N×3 of its colours (None for a style that is statistics alone), and how vivid it is
    painted."""

    palette: Palette
    sample: Tensor | None
    vivid: Vividness = USUAL

    @classmethod
    def of(cls, pixels: Tensor, weight: Tensor) -> StyleColors:
        """Those of a picture 1×3×h×w in [0, 1], seen by `weight` h×w."""
        return cls(Palette.of(pixels, weight), samples(pixels, weight))

    @classmethod
    def of_source(cls, source: StyleSource) -> StyleColors:
        """Those of the picture that a style has: a library style's is its swatch or the user's copy of the painting,
        not the painting that its statistics are from; *optimize* sees the same. Raises `picture-…`."""
        shown = source.picture(SEEN_AT)
        if shown is None or not float(shown.coverage.sum()) > 0:
            return cls(Palette(*(t.double() for t in source.colors())), None)
        return cls.of(shown.pixels, shown.coverage[0, 0])

    def laid_on(self, content: Tensor) -> Tensor:
        """All of a content 1×3×H×W in [0, 1] in these colours."""
        even = torch.ones(content.shape[-2:], device=content.device)
        if self.sample is None:
            return recolored(content, Palette.of(content, even).among_usual(), self.palette)
        return toned(content, even, self.palette, [self.sample], vivid=[self.vivid])(content)
