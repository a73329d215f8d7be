"""What a new style is learned by: a painting's variants as targets, the user's photographs as contents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from ..features.encoder import Encoder
from ..networks.painter import SIZES
from .contents import Contents
from .log import Terms
from .namedstyles import draw_size
from .painters import Apprentice, Moments, Pick
from .paintloss import Seen, Wanted, Weights, look, paint_loss
from .targets import Targets

IDENTITY, BETWEEN = 0.07, 0.15  # of items, where the whole network is trained
WEIGHTS = Weights()
REMEMBERED = 768 << 20  # bytes of what is seen in the crops
MIDDLE = SIZES[len(SIZES) // 2]


@dataclass
class Lesson:
    """The losses of one style; `plain` are the painting's own moments at each of `SIZES`.

    With `alone` the whole network learns, and so the identity too; or else its code alone, in a frozen network.
    """

    apprentice: Apprentice
    encoder: Encoder
    contents: Contents
    targets: Targets
    plain: list[Moments]
    batch: int
    alone: bool
    dtype: torch.dtype
    _seen: dict[int, Seen] = field(default_factory=dict)
    _kept: int = 0

    @property
    def trained(self) -> nn.Module:
        """What learns."""
        return self.apprentice if self.alone else self.apprentice.styles

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, Terms]:
        """The loss of a batch drawn from `rng`, and its terms."""
        which = [int(i) for i in rng.integers(len(self.contents.crops), size=self.batch)]
        picks = [Pick(0, draw_size(rng)) for _ in which]
        strengths = [self._strength(rng) for _ in which]
        wanted = [
            Wanted(self.targets.at(int(rng.integers(len(self.targets))), p.size), s)
            for p, s in zip(picks, strengths, strict=True)
        ]
        x = self.contents.batch(which).to(self.encoder.mean.device).contiguous(memory_format=torch.channels_last)
        seen = [self._look(i, content) for i, content in zip(which, x, strict=True)]
        y = self.paint(self.apprentice, seen, picks, strengths)
        return paint_loss(self.encoder, x, y, wanted, WEIGHTS, seen)

    def paint(
        self, apprentice: Apprentice, seen: Sequence[Seen], picks: Sequence[Pick], strengths: Sequence[float]
    ) -> Tensor:
        """N contents painted, N×3×S×S, in the number format of the lesson."""
        codes = apprentice.styles.codes(picks)  # type: ignore[arg-type]
        enabled = self.alone and self.dtype != torch.float32  # a frozen network is in that format already
        with torch.autocast(codes.device.type, torch.bfloat16, enabled=enabled):
            y: Tensor = apprentice(seen, codes, torch.tensor(strengths, device=codes.device))
        return y

    @torch.no_grad()
    def examine(self, average: nn.Module) -> Terms:
        """The losses of the averaged weights on held-out photographs at the middle size."""
        x, seen = self._shown()
        y = self.paint(self.apprentice.averaged(average), seen, [Pick(0, MIDDLE)] * len(x), [1.0] * len(x))
        wanted = [Wanted(self.plain[SIZES.index(MIDDLE)], 1.0)] * len(x)
        terms = paint_loss(self.encoder, x, y, wanted, WEIGHTS, seen)[1]
        return {k: round(terms[k], 4) for k in ("style", "content", "tv")}

    @torch.no_grad()
    def rows(self, average: nn.Module) -> list[list[Tensor]]:
        """The held-out photographs, and below them the same painted at each of `SIZES`."""
        (x, seen), apprentice = self._shown(), self.apprentice.averaged(average)
        painted = [self.paint(apprentice, seen, [Pick(0, size)] * len(x), [1.0] * len(x)) for size in SIZES]
        return [list(batch.unbind()) for batch in (x, *painted)]

    def _shown(self) -> tuple[Tensor, list[Seen]]:
        x = torch.stack(self.contents.held_out).float().to(self.encoder.mean.device) / 255
        return x, look(self.encoder, x, False)

    def _strength(self, rng: np.random.Generator) -> float:
        kind = rng.random()
        if not self.alone or kind >= IDENTITY + BETWEEN:
            return 1.0
        return 0.0 if kind < IDENTITY else float(rng.uniform(0.1, 1))

    def _look(self, index: int, content: Tensor) -> Seen:
        found = self._seen.get(index) or look(self.encoder, content[None], self.alone)[0]
        if index not in self._seen and self._kept < REMEMBERED:
            self._seen[index] = found
            self._kept += sum(m.numel() * m.element_size() for m in found.maps.values())
        return found
