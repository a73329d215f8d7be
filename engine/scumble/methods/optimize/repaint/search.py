"""PatchMatch (Barnes et al. 2009): for every pixel the style's patch that fits it, found by trying neighbours' finds.

All pixels try at once, which suits a GPU as well as a CPU; so finds travel by jumps of several sizes (as in
Barnes et al. 2010, section 3) rather than along a line of scanning.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from .atlas import Atlas

CHUNK = 1 << 18  # pixels compared at a time
NEAR = ((0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass
class Search:
    """The patches of a picture being looked for: `field` H·W indices into the atlas, with their `cost` so far.

    `wanted` says which style each pixel takes its patch from (H·W, or None where there is but one).
    """

    atlas: Atlas
    described: Tensor  # [H·W, D] of the picture
    size: tuple[int, int]
    field: Tensor
    wanted: Tensor | None
    generator: torch.Generator
    check: Callable[[], None] = lambda: None  # raises when nobody wants the result any more

    cost: Tensor = dataclasses.field(default_factory=lambda: torch.empty(0))  # [H·W]; measured where none is given

    def __post_init__(self) -> None:
        if len(self.cost):
            return
        parts = zip(torch.split(self.field, CHUNK), torch.split(self.described, CHUNK), strict=True)
        self.cost = torch.cat([self._cost(found, described) for found, described in parts])

    def run(self, passes: int, begin: int = 0, passed: Callable[[int], None] = lambda _: None) -> None:
        """Let every pixel try what its neighbours found, and some at random, `passes` times, of which `begin` have
        been; `passed` is told after each how many there were."""
        for number in range(begin, passes):
            for jump in (4, 1) if number % 2 == 0 else (2, 1):
                for down, right in NEAR:
                    self._try(self._shifted(down * jump, right * jump))
            for candidate in self._random():
                self._try(candidate)
            passed(number + 1)

    def _shifted(self, down: int, right: int) -> Tensor:
        """What fits here if the neighbour's find is right and goes on."""
        rolled = self.field.view(self.size).roll((down, right), (0, 1)).flatten()
        return rolled + (down * self.atlas.width + right)

    def _random(self) -> Iterator[Tensor]:
        count = len(self.field)
        yield anywhere(self.atlas, self.wanted, count, self.generator)
        for reach in (self.atlas.width // 2, self.atlas.width // 6, 6):
            down, right = (torch.randint(-reach, reach + 1, (count,), generator=self.generator) for _ in range(2))
            yield self.field + (down * self.atlas.width + right).to(self.field.device)

    def _try(self, candidate: Tensor) -> None:
        """Take `candidate` (H·W) where it fits better."""
        self.check()
        candidate = candidate.clamp_(0, len(self.atlas.usable) - 1)
        new = torch.nonzero((candidate != self.field) & self._allowed(candidate))[:, 0]
        for some in torch.split(new, CHUNK):
            found = candidate[some]
            cost = self._cost(found, self.described[some])
            better = cost < self.cost[some]
            taken = some[better]
            self.field[taken], self.cost[taken] = found[better], cost[better]

    def _allowed(self, candidate: Tensor) -> Tensor:
        usable = self.atlas.usable[candidate]
        return usable if self.wanted is None else usable & (style_of(self.atlas, candidate) == self.wanted)

    def _cost(self, field: Tensor, described: Tensor) -> Tensor:
        return (self.atlas.described[field].float() - described.float()).square_().sum(1)


def anywhere(atlas: Atlas, wanted: Tensor | None, count: int, generator: torch.Generator) -> Tensor:
    """For each of `count` pixels any usable patch of the style it wants."""
    chance = torch.rand(count, generator=generator).to(atlas.usable.device)
    out = torch.zeros(count, dtype=torch.long, device=chance.device)
    for style, (first, last) in enumerate(atlas.bounds):
        usable = torch.nonzero(atlas.usable[first:last])[:, 0] + first
        here = slice(None) if wanted is None else wanted == style
        if len(usable):
            out[here] = usable[(chance[here] * len(usable)).long().clamp_max(len(usable) - 1)]
    return out


def style_of(atlas: Atlas, field: Tensor) -> Tensor:
    """Which style each index of `field` belongs to."""
    ends = torch.tensor([last for _, last in atlas.bounds[:-1]], device=field.device)
    return torch.bucketize(field, ends, right=True)


def carried(field: Tensor, size: tuple[int, int], coarse: Atlas, to: tuple[int, int], fine: Atlas) -> Tensor:
    """A coarser picture's `field` (of `size`) for the same picture at size `to`, whose atlas has the same views."""
    down, right = torch.arange(to[0], device=field.device), torch.arange(to[1], device=field.device)
    rows, columns = down * size[0] // to[0], right * size[1] // to[1]
    old = field.view(size)[rows][:, columns]
    y, x = old // coarse.width, old % coarse.width
    view = torch.bucketize(y, coarse.starts, right=True) - 1
    scale_y, scale_x = fine.heights.double() / coarse.heights.double(), fine.width / coarse.width
    step_y = (down * size[0] / to[0] - rows)[:, None] * (to[0] / size[0])
    step_x = (right * size[1] / to[1] - columns)[None] * (to[1] / size[1])
    new_y = ((y - coarse.starts[view]).double() * scale_y[view] + step_y).round().long()
    new_x = (x.double() * scale_x + step_x).round().long().clamp(0, fine.width - 1)
    new_y = fine.starts[view] + torch.minimum(new_y.clamp_min(0), fine.heights[view] - 1)
    return (new_y * fine.width + new_x).flatten()
