"""What a new style is learned by: a painting's variants, and what *optimize* paints on a user's photographs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor, nn

from ...networks.painter import SIZES, Painter, between
from ...networks.transform import Codes, TransformNet, noise
from ...styles.statistics import PictureStyle
from ..fast.columns import Columns
from ..fast.judging import SlimJudge, Wanted, judged
from ..fast.pairpool import PairPool
from ..fast.spectrum import powers_of
from ..loop.log import Terms
from .contents import Contents
from .targets import Targets

PAIRED = 0.6  # of items, where there are pairs
OCTAVES = float(np.log2(SIZES[-1] / SIZES[0]))
MIDDLE = SIZES[len(SIZES) // 2]
SHOWN = ("style", "content", "lattice")


class Apprentice(nn.Module):
    """A network and the codes S×P of one style, at each of `SIZES`."""

    def __init__(self, net: TransformNet, codes: Tensor) -> None:
        super().__init__()
        self.net, self.codes = net, nn.Parameter(codes.detach().clone())
        self.vivid: dict[str, Tensor] = {}  # is measured, not learned

    def forward(self, contents: Tensor, codes: Tensor, grain: Tensor) -> Tensor:
        """N contents painted with codes N×P, N×3×H×W."""
        painted: Tensor = self.net(contents, grain, Codes(self.net, codes))
        return painted

    def painter(self, name: str) -> Painter:
        """The painter that it has become."""
        return Painter(self.net, {name: self.codes.detach()}, vivid=self.vivid)


@dataclass
class Lesson:
    """The losses of one style, `name`, in its colours.

    `plain` are the painting's Gram matrices at `SIZES`, `columns` and `waves` what its places look like there.

    With `alone` the whole network learns, or else its code alone, in a frozen network.
    """

    apprentice: Apprentice
    judge: SlimJudge
    contents: Contents
    targets: Targets
    plain: list[list[Tensor]]
    columns: list[Columns]
    waves: list[Tensor]
    name: str
    pairs: PairPool
    batch: int
    alone: bool
    _grain: torch.Generator = field(default_factory=torch.Generator)

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, Terms]:
        """The loss of a batch drawn from `rng`, and its terms."""
        contents, aims, codes, grams, paired, places = [], [], [], [], [], []
        for _ in range(self.batch):
            content, aim, size, is_pair = self._item(rng)
            contents.append(content)
            aims.append(aim)
            codes.append(between(self.apprentice.codes, size))
            grams.append(self.judge.grams_of(self.targets.at(int(rng.integers(len(self.targets))), size)))
            paired.append(is_pair)
            places.append(nearest_size(size))
        self._grain.manual_seed(int(rng.integers(2**31)))
        y = self._paint(self.apprentice, contents, torch.stack(codes))
        wanted = Wanted(
            self._moved(aims),
            torch.tensor(paired).to(y.device),
            [torch.stack(g) for g in zip(*grams, strict=True)],
            [self.columns[i] for i in places],
            torch.stack([self.waves[i] for i in places]),
        )
        return judged(self.judge, y, wanted)

    @torch.no_grad()
    def examine(self, average: Apprentice) -> Terms:
        """The losses of the averaged weights on held-out photographs at the middle size."""
        x = self._held_out()
        y = self._painted(average, x, MIDDLE)
        middle = SIZES.index(MIDDLE)
        grams = [g.expand(len(x), -1, -1) for g in self.plain[middle]]
        alone = torch.zeros(len(x), dtype=torch.bool, device=y.device)
        columns, waves = [self.columns[middle]] * len(x), self.waves[middle].expand(len(x), -1, -1)
        wanted = Wanted(self._moved(x), alone, grams, columns, waves)
        terms = judged(self.judge, y, wanted)[1]
        return {k: round(terms[k], 4) for k in SHOWN}

    @torch.no_grad()
    def rows(self, average: Apprentice) -> list[list[Tensor]]:
        """The held-out photographs, and below them the same painted at each of `SIZES`."""
        x = self._held_out()
        painted = [list(self._painted(average, x, size).unbind()) for size in SIZES]
        return [[t.float() / 255 for t in self.contents.held_out], *painted]

    def _item(self, rng: np.random.Generator) -> tuple[Tensor, Tensor, float, bool]:
        """Content in the style's colours, what it is to become, the painting's size, and whether that is its pair."""
        side = self.contents.held_out[0].shape[-1]
        pair = self.pairs.draw(rng, side, 0) if rng.random() < PAIRED else None
        if pair is not None:
            return pair.content, pair.painted, pair.size, True
        content = self._colored(self.contents.crops[int(rng.integers(len(self.contents.crops)))])
        return content, content, draw_size(rng), False

    def _held_out(self) -> list[Tensor]:
        return [self._colored(crop) for crop in self.contents.held_out]

    def _colored(self, crop: Tensor) -> Tensor:
        return self.pairs.colors[self.name].laid_on(crop[None].float() / 255)[0]

    def _painted(self, apprentice: Apprentice, contents: Sequence[Tensor], size: float) -> Tensor:
        self._grain.manual_seed(0)
        codes = between(apprentice.codes, size)
        return self._paint(apprentice, contents, codes.expand(len(contents), -1))

    def _paint(self, apprentice: Apprentice, contents: Sequence[Tensor], codes: Tensor) -> Tensor:
        x = self._moved(contents)
        grain = noise(len(x), x.shape[-2], x.shape[-1], self._grain).to(x)
        y: Tensor = apprentice(x, codes, grain.contiguous(memory_format=torch.channels_last))
        return y

    def _moved(self, pictures: Sequence[Tensor]) -> Tensor:
        device = self.apprentice.codes.device
        return torch.stack(list(pictures)).to(device).contiguous(memory_format=torch.channels_last)


@torch.no_grad()
def places_of(judge: SlimJudge, style: PictureStyle, size: int) -> tuple[Columns, Tensor]:
    """What a place of a painting looks like at a size, as it hangs and turned by a right angle: columns, and powers."""
    shown = style.picture(min(float(size), max(style.pixels.shape[-2:])))
    mean = style.colors()[0].to(shown.pixels)
    pixels = torch.lerp(mean[None, :, None, None], shown.pixels, shown.coverage)
    turns = [pixels, pixels.rot90(1, (2, 3))]
    maps = [judge.maps(p) for p in turns]
    return Columns.of([[m[k] for k in judge.places] for m in maps]), powers_of(turns)


def nearest_size(size: float) -> int:
    """The index of the nearest of `SIZES`, by octaves."""
    return min(range(len(SIZES)), key=lambda i: abs(math.log2(size / SIZES[i])))


def draw_size(rng: np.random.Generator) -> float:
    """A long side within `SIZES` on a logarithmic scale, more often near the middle."""
    return float(SIZES[0] * 2 ** rng.triangular(0, OCTAVES / 2, OCTAVES))
