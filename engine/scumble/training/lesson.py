"""What a new style is learned by: a painting's variants as targets, the user's photographs as contents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from ..features.encoder import Encoder
from ..networks.painter import SIZES
from .contents import Contents
from .namedstyles import draw_size
from .painters import Apprentice, Moments, Pick
from .paintloss import Seen, Wanted, Weights, look, paint_loss
from .run import Terms
from .targets import Targets

IDENTITY, BETWEEN = 0.07, 0.15  # of items, where the whole network is trained
WEIGHTS = Weights(content=0.2)
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
        y = self.paint(self.apprentice, x, picks, strengths)
        return paint_loss(
            self.encoder, x, y, wanted, WEIGHTS, [self._look(i, c) for i, c in zip(which, x, strict=True)]
        )

    def paint(self, apprentice: Apprentice, x: Tensor, picks: list[Pick], strengths: list[float]) -> Tensor:
        """Contents N×3×S×S painted, in the number format of the lesson."""
        codes = apprentice.styles.codes(picks)  # type: ignore[arg-type]
        enabled = self.alone and self.dtype != torch.float32  # a frozen network is in that format already
        with torch.autocast(x.device.type, torch.bfloat16, enabled=enabled):
            y: Tensor = apprentice(x, codes, torch.tensor(strengths, device=x.device))
        return y

    @torch.no_grad()
    def examine(self, average: nn.Module) -> Terms:
        """The losses of the averaged weights on held-out photographs at the middle size."""
        x = self._shown()
        y = self.paint(self.averaged(average), x, [Pick(0, MIDDLE)] * len(x), [1.0] * len(x))
        wanted = [Wanted(self.plain[SIZES.index(MIDDLE)], 1.0)] * len(x)
        terms = paint_loss(self.encoder, x, y, wanted, WEIGHTS)[1]
        return {k: round(terms[k], 4) for k in ("style", "content", "tv")}

    @torch.no_grad()
    def begin_with_nearest(self, codes: Iterable[Tensor]) -> None:
        """Begin from that of some codes S×P with the least loss; as the style is now, where there is none."""
        table = self.apprentice.styles.table
        assert isinstance(table, Tensor)
        losses: list[tuple[float, Tensor]] = []
        for code in codes:
            table[0] = code.to(table)
            terms = self.examine(self.apprentice.styles)
            losses.append((terms["style"] + WEIGHTS.content * terms["content"], code))
        if losses:
            table[0] = min(losses, key=lambda pair: pair[0])[1].to(table)

    @torch.no_grad()
    def rows(self, average: nn.Module) -> list[list[Tensor]]:
        """The held-out photographs, and below them the same painted at each of `SIZES`."""
        x, apprentice = self._shown(), self.averaged(average)
        painted = [self.paint(apprentice, x, [Pick(0, size)] * len(x), [1.0] * len(x)) for size in SIZES]
        return [list(batch.unbind()) for batch in (x, *painted)]

    def _shown(self) -> Tensor:
        return torch.stack(self.contents.held_out).float().to(self.encoder.mean.device) / 255

    def averaged(self, average: nn.Module) -> Apprentice:
        """The apprentice with the averaged weights in place of those that learn."""
        if isinstance(average, Apprentice):
            return average
        other = Apprentice(self.apprentice.net, self.apprentice.identity_code(), average)  # type: ignore[arg-type]
        return other.requires_grad_(False)

    def _strength(self, rng: np.random.Generator) -> float:
        kind = rng.random()
        if not self.alone or kind >= IDENTITY + BETWEEN:
            return 1.0
        return 0.0 if kind < IDENTITY else float(rng.uniform(0.1, 1))

    def _look(self, index: int, content: Tensor) -> Seen:
        if index not in self._seen:
            self._seen[index] = look(self.encoder, content[None], self.alone)[0]
        return self._seen[index]
