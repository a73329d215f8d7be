"""Paints small pictures, one after another, as quick jobs; given up at once when nobody waits for them any more."""

from __future__ import annotations

from typing import Any, List, Optional, Protocol, Sequence, Tuple

from ...protocol.errors import ScumbleError
from ...request.recipe import Recipe
from ..preview.easel import Easel, Small
from ..preview.requests import first_look, preview_request
from ..preview.smalllayers import SmallLayers
from ..run import Run

SIDE = 192  # pixels, long side
ITERATIONS = 12


class Wall(Protocol):
    """Where the pictures hang."""

    def hang(self, at: int, picture: Any) -> None:
        """A picture, as it was composed."""

    def fail(self, at: int, error: ScumbleError) -> None:
        """There is none, and why."""

    def work_on(self, at: Optional[int]) -> None:
        """Which is painted now; None when all are done."""


class Painting:
    """Paints for a `wall` by an `easel`, which composes the pictures."""

    def __init__(self, easel: Easel, wall: Wall) -> None:
        self.at = 0  # which is painted
        self._easel, self._wall = easel, wall
        self._layers = SmallLayers(easel)
        self._left: List[int] = []
        self._asked: Sequence[Tuple[Recipe, Small]] = ()
        self._run: Optional[Run] = None

    @property
    def settled(self) -> bool:
        """Whether nothing is to be painted any more."""
        return self._run is None and not self._left

    def begin(self, asked: Sequence[Tuple[Recipe, Small]]) -> None:
        """Paint each recipe over what is beside it, in place of what was begun."""
        self.stop()
        self._layers.forget()
        self._asked, self._left = list(asked), list(range(len(asked)))
        self._next()

    def stop(self) -> None:
        """Nothing more is wanted: the engine is told at once."""
        run, self._run, self._left = self._run, None, []
        if run is not None:
            run.cancel()
            self._wall.work_on(None)

    def _next(self) -> None:
        while self._left:
            self.at = self._left.pop(0)
            try:
                self._send(*self._asked[self.at])
            except ScumbleError as e:
                self._wall.fail(self.at, e)
                continue
            return self._wall.work_on(self.at)
        self._run = None
        self._wall.work_on(None)

    def _send(self, recipe: Recipe, small: Small) -> None:
        data = (small.content, small.selection, small.canvas)
        request, blobs = preview_request(recipe, *data, *self._layers.read(recipe, small), SIDE)
        self._run = self._easel.send(first_look(request, ITERATIONS), blobs, self._on_change)

    def _on_change(self, run: Run) -> None:
        if run is not self._run or not run.ended:
            return
        self._run = None
        if run.state == "done":
            self._wall.hang(self.at, self._easel.compose(run, self._asked[self.at][1]))
        elif run.error is not None:
            self._wall.fail(self.at, run.error)
            if run.error.code in ("engine-lost", "engine-missing"):
                self._left = []
        self._next()
