"""Where a painter's styles come from while it learns: paintings without a name, or the named styles of the library."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from torch import Tensor

from ..networks.painter import SIZES
from .namedstyles import NamedStyles
from .painters import Moments, Pick
from .stylepool import StylePool, UnseenPaintings

SHOWN = 8  # styles on a contact sheet


class Source(Protocol):
    """Where styles come from: pairs of what the apprentice makes a code of, and the moments that it is to reach."""

    def draw(self, rng: np.random.Generator, count: int) -> list[tuple[Any, Moments]]:
        """Some styles to train on."""

    def examples(self) -> list[tuple[Any, Moments, Tensor | None]]:
        """Those of the contact sheet, each with its picture 3×H×W where there is one."""


class AnySource:
    """Paintings without a name: a pool of them to train on, and works that the pool never holds to look at."""

    def __init__(self, pool: StylePool, unseen: UnseenPaintings) -> None:
        self.pool, self.unseen, self._steps = pool, unseen, 0

    def draw(self, rng: np.random.Generator, count: int) -> list[tuple[Moments, Moments]]:
        """See `Source`; every other time the pool is given a new piece."""
        self._steps += 1
        if self._steps % 2:
            self.pool.renew()
        return [(m, m) for m in (self.pool.draw() for _ in range(count))]

    def examples(self) -> list[tuple[Moments, Moments, Tensor | None]]:
        """See `Source`."""
        unseen: list[tuple[Moments, Moments, Tensor | None]] = [(m, m, rgb) for rgb, m in self.unseen.measured()]
        return unseen or [(m, m, None) for m in self.pool.entries[:SHOWN]]


class NamedSource:
    """The named styles; of the contact sheet, some of them at the middle size."""

    def __init__(self, styles: NamedStyles) -> None:
        self.styles = styles

    def draw(self, rng: np.random.Generator, count: int) -> list[tuple[Pick, Moments]]:
        """See `Source`."""
        return [(p, self.styles.moments(p)) for p in (self.styles.draw(rng) for _ in range(count))]

    def examples(self) -> list[tuple[Pick, Moments, Tensor | None]]:
        """See `Source`."""
        count = len(self.styles.names)
        picks = [Pick(i, SIZES[1]) for i in range(0, count, max(1, count // SHOWN))]
        return [(p, self.styles.moments(p), None) for p in picks]


class MixedSource:
    """Named styles and any other, in equal parts."""

    def __init__(self, general: AnySource, named: NamedSource) -> None:
        self.general, self.named = general, named

    def draw(self, rng: np.random.Generator, count: int) -> list[tuple[Any, Moments]]:
        """See `Source`."""
        own = int(rng.binomial(count, 0.5))
        return [*self.named.draw(rng, own), *(self.general.draw(rng, count - own) if own < count else ())]

    def examples(self) -> list[tuple[Any, Moments, Tensor | None]]:
        """See `Source`."""
        return [*self.named.examples(), *self.general.examples()]
