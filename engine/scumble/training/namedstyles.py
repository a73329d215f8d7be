"""The named styles of the library as a training set: their moments come from the cards, no picture is needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from ..features.encoder import Encoder
from ..features.registry import weights_digest
from ..networks.painter import SIZES
from ..networks.predictor import TAPS
from ..styles.card import CardStyle, load_card
from ..styles.library import shipped_names
from .painters import AnyStyle, Moments, Pick

MIXED = 0.15  # of items are two styles at once
OCTAVES = float(np.log2(SIZES[-1] / SIZES[0]))


class NamedStyles:
    """The styles of a table, by their index."""

    def __init__(self, encoder: Encoder, names: Sequence[str] | None = None) -> None:
        self.encoder, self.names = encoder, list(shipped_names() if names is None else names)
        self.cards: list[CardStyle] = [load_card(n, weights_digest("slim")) for n in self.names]

    def moments(self, pick: Pick) -> Moments:
        """The target of `pick`."""
        found = self.cards[pick.style].moments(self.encoder, pick.size, TAPS)
        if not pick.mix:
            return found
        other = self.cards[pick.other].moments(self.encoder, pick.size, TAPS)
        return {t: torch.lerp(found[t], other[t], pick.mix) for t in TAPS}

    @torch.no_grad()
    def initial(self, general: AnyStyle) -> Tensor:
        """The codes K×S×P that are predicted for the styles: where a table begins."""
        return torch.stack([general.codes([self.moments(Pick(i, s)) for s in SIZES]) for i in range(len(self.names))])

    def draw(self, rng: np.random.Generator) -> Pick:
        """A random style at a random size; now and then with another in it."""
        style, other = (int(rng.integers(len(self.names))) for _ in range(2))
        mix = float(rng.uniform(0.1, 0.9)) if rng.random() < MIXED else 0.0
        return Pick(style, draw_size(rng), other, mix)


def draw_size(rng: np.random.Generator) -> float:
    """A long side within `SIZES` on a logarithmic scale, more often near the middle."""
    return float(SIZES[0] * 2 ** rng.triangular(0, OCTAVES / 2, OCTAVES))
