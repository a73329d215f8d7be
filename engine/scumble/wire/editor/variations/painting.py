"""Paints variants small, one after another, as quick jobs; given up at once when nobody waits for them any more."""

from __future__ import annotations

from typing import Any, List, Optional, Protocol, Sequence

from ...protocol.errors import ScumbleError
from ..preview.easel import Easel, Small
from ..preview.requests import first_look, preview_request
from ..preview.smalllayers import SmallLayers
from ..run import Run
from .variants import Variant

SIDE = 192  # pixels, long side
ITERATIONS = 12


class Wall(Protocol):
    """Where the pictures hang."""

    def hang(self, at: int, picture: Any) -> None:
        """The picture of a variant, as the easel composes it."""

    def fail(self, at: int, error: ScumbleError) -> None:
        """There is none, and why."""

    def work_on(self, at: Optional[int]) -> None:
        """Which is painted now; None when all are done."""


class Painting:
    """Paints for a `wall` by an `easel`."""

    def __init__(self, easel: Easel, wall: Wall) -> None:
        self._easel, self._wall = easel, wall
        self._layers = SmallLayers(easel)
        self._small: Optional[Small] = None
        self._left: List[int] = []
        self._variants: Sequence[Variant] = ()
        self._run: Optional[Run] = None
        self._at = 0

    @property
    def settled(self) -> bool:
        """Whether nothing is to be painted any more."""
        return self._run is None and not self._left

    def begin(self, variants: Sequence[Variant], small: Optional[Small]) -> None:
        """Paint these in place of what was begun; nothing over None."""
        self.stop()
        self._layers.forget()
        self._variants, self._small = list(variants), small
        self._left = list(range(len(variants))) if small is not None else []
        self._next()

    def stop(self) -> None:
        """Nothing more is wanted: the engine is told at once."""
        run, self._run, self._left = self._run, None, []
        if run is not None:
            run.cancel()
            self._wall.work_on(None)

    def _next(self) -> None:
        while self._left and self._small is not None:
            self._at = self._left.pop(0)
            try:
                self._send(self._variants[self._at], self._small)
            except ScumbleError as e:
                self._wall.fail(self._at, e)
                continue
            return self._wall.work_on(self._at)
        self._run = None
        self._wall.work_on(None)

    def _send(self, variant: Variant, small: Small) -> None:
        data = (small.content, small.selection, small.canvas)
        request, blobs = preview_request(variant.recipe, *data, *self._layers.read(variant.recipe), SIDE)
        self._run = self._easel.send(first_look(request, ITERATIONS), blobs, self._on_change)

    def _on_change(self, run: Run) -> None:
        if run is not self._run or not run.ended:
            return
        self._run = None
        if run.state == "done":
            self._wall.hang(self._at, self._easel.compose(run))
        elif run.error is not None:
            self._wall.fail(self._at, run.error)
            if run.error.code in ("engine-lost", "engine-missing"):
                self._left = []
        self._next()
