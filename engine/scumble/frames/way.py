"""Where what a frame shows lay in another frame, however many lie between: found from one to the next.

Motion that is found at once fails over larger distances. So the places are carried on frame by frame, and after each
step what they make of the first frame is compared with the frame itself, so that small errors do not add up. A picture
that moves by such places is sampled once, from its own pixels, and stays sharp over any distance.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .flow import Bytes, Floats, grid, motion, residual, same, sampled

PARTS = 32  # of a pixel, in which ways are kept: places come to the same bits however they were reached
FARTHEST = 1023.0  # pixels that something may move
AMPLE = 1 << 27  # bytes of ways that are kept


class Way(NamedTuple):
    """`where` H×W×2: the place (x, y) in the first frame of each pixel; `trust` H×W in [0, 1], of all the steps."""

    where: Floats
    trust: Floats


class _Kept(NamedTuple):
    moved: NDArray[np.int16]
    trust: Bytes

    @property
    def nbytes(self) -> int:
        return int(self.moved.nbytes + self.trust.nbytes)


class Ways:
    """Finds ways, and keeps some of those it found last: the way to the next frame is then one step."""

    def __init__(self, ample: int = AMPLE) -> None:
        self._kept: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._ample, self._lock = ample, Lock()

    def to(self, names: Sequence[str], look: Callable[[str], Bytes]) -> Way:
        """From the first of some frames, which are neighbours, to the last of them.

        `look` gives a frame by its name, H×W×3 in 8-bit sRGB; all have one size.
        """
        with self._lock:
            return _way(self._found(names, look))

    def _found(self, names: Sequence[str], look: Callable[[str], Bytes]) -> _Kept:
        done = next((n for n in range(len(names), 1, -1) if tuple(names[:n]) in self._kept), 1)
        first = look(names[0])
        way = self._begin(first) if done < 2 else self._take(tuple(names[:done]))
        before = look(names[done - 1]) if done < len(names) else first
        for at in range(done, len(names)):
            now = look(names[at])
            way = _kept(_onward(_way(way), first, before, now))
            self._keep(tuple(names[: at + 1]), way)
            before = now
        return way

    def _begin(self, frame: Bytes) -> _Kept:
        shape = frame.shape[:2]
        return _Kept(np.zeros((*shape, 2), np.int16), np.full(shape, 255, np.uint8))

    def _take(self, names: tuple[str, ...]) -> _Kept:
        self._kept.move_to_end(names)
        return self._kept[names]

    def _keep(self, names: tuple[str, ...], way: _Kept) -> None:
        self._kept[names] = way
        while len(self._kept) > 1 and sum(k.nbytes for k in self._kept.values()) > self._ample:
            self._kept.popitem(last=False)


def _onward(way: Way, first: Bytes, before: Bytes, now: Bytes) -> Way:
    """A way that leads to `before`, led on to `now`."""
    step = motion(before, now, beyond=True)
    where = sampled(way.where, step.where)
    where = sampled(where, grid(*now.shape[:2]) + residual(now, first, where))
    trust = sampled(way.trust, step.where) * step.trust
    return Way(where, np.minimum(trust, same(now, first, where)))


def _kept(way: Way) -> _Kept:
    moved = way.where - grid(*way.trust.shape)
    sure = way.trust * (np.abs(moved).max(axis=2) < FARTHEST)
    parts = np.rint(np.clip(moved, -FARTHEST, FARTHEST) * PARTS).astype(np.int16)
    return _Kept(parts, np.rint(sure * 255).astype(np.uint8))


def _way(kept: _Kept) -> Way:
    where = grid(*kept.trust.shape) + kept.moved.astype(np.float32) / np.float32(PARTS)
    return Way(where, kept.trust.astype(np.float32) / np.float32(255))
