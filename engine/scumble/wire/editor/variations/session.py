"""Choosing among variants: which kind, other six, on from one of them."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional, Protocol, Sequence

from ...protocol.errors import ScumbleError
from ...request.recipe import Recipe
from ...request.stylechoice import StyleChoice
from ..preview.easel import Easel, Small
from .painting import Painting, Wall
from .variants import COUNT, Titles, Variant, kinds, variants


class Shelf(Wall, Protocol):
    """Where the variants are shown, before there are pictures and then with them."""

    def put(self, shown: Sequence[Variant]) -> None:
        """Other variants are to be shown, still without pictures."""


class Session:
    """What lies on a `shelf`: `shown`, with the `pictures` that have been painted."""

    def __init__(
        self, easel: Easel, shelf: Shelf, others: Callable[[], List[StyleChoice]], titles: Callable[[], Titles]
    ) -> None:
        """`others` are styles that a walk can lead to; `titles` those of the library by name."""
        self._shelf, self._others, self._titles = shelf, others, titles
        self.painting = Painting(easel, self)
        self.kind = ""
        self.shown: List[Variant] = []
        self.pictures: Dict[int, Any] = {}
        self._recipe, self._turn = Recipe(), 0
        self._small: Optional[Small] = None

    def begin(self, recipe: Recipe, small: Optional[Small]) -> None:
        """Vary this, painted over `small`; the kind stays where the method has it."""
        self._recipe, self._small, self._turn = recipe, small, 0
        there = [kind for kind, _ in kinds(recipe)]
        self.kind = self.kind if self.kind in there else there[0]
        self._paint()

    def turn_to(self, kind: str) -> None:
        """Vary in another way."""
        self.kind, self._turn = kind, 0
        self._paint()

    def others(self) -> None:
        """Other six of the same kind."""
        self._turn += 1
        self._paint()

    def walk_on(self, at: int) -> None:
        """On from one of them: its neighbours."""
        mixed = len(self._recipe.styles) > 1 and self.kind == "walk"
        self._recipe = self.shown[at].recipe
        self._turn = self._turn + 1 if mixed else 0
        self._paint()

    def stop(self) -> None:
        """Nothing more is wanted."""
        self.painting.stop()

    def _paint(self) -> None:
        self.painting.stop()
        self.pictures = {}
        self.shown = variants(self.kind, self._recipe, self._turn, self._others(), self._titles())[:COUNT]
        self._shelf.put(self.shown)
        small = self._small
        self.painting.begin([(v.recipe, small) for v in self.shown] if small is not None else [])

    # what `painting` tells

    def hang(self, at: int, picture: Any) -> None:
        self.pictures[at] = picture
        self._shelf.hang(at, picture)

    def fail(self, at: int, error: ScumbleError) -> None:
        self._shelf.fail(at, error)

    def work_on(self, at: Optional[int]) -> None:
        self._shelf.work_on(at)
