"""Live previews by the fast method, as often as a slider moves: one is on its way, and after it comes the newest."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, Mapping, NamedTuple, Optional, Protocol, Tuple

from .errors import ScumbleError
from .messages import Buffer
from .recipe import Pixels, Recipe, StyleChoice, layer_masks, layer_pictures, preview_request
from .request import Request
from .runs import Run

SIDE = 384  # pixels, long side of what is read
SIDES = (384, 320, 256, 192)  # at which it is painted: smaller where the machine is slow
FLUENT = 0.22  # seconds of computing: with the way there and back still felt as at once


class Small(NamedTuple):
    """What is painted over: a small content, what is selected of it, and the canvas, scaled as they are."""

    content: Pixels
    selection: Optional[Pixels]
    canvas: Tuple[int, int]


class Easel(Protocol):
    """What an editor does for its previews."""

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Run], None]) -> Run:
        """Hand a request to the engine."""

    def read_picture(self, style: StyleChoice) -> Pixels:
        """The small picture of a style that is a layer. Raises what reading raises."""

    def read_mask(self, style: StyleChoice) -> Pixels:
        """The mask of a style over the small content. Raises what reading raises."""

    def compose(self, run: Run) -> Any:
        """The picture that is shown of a run that is done."""

    def take(self, picture: Any) -> None:
        """Show it."""

    def fail(self, error: ScumbleError) -> None:
        """There is none, and why."""

    def set_busy(self, busy: bool) -> None:
        """Whether one is on its way."""


class Previews:
    """Asks for previews and brings them to an easel. What was asked for and not sent yet gives way to what is newer."""

    def __init__(self, easel: Easel) -> None:
        self.run: Optional[Run] = None  # the one on its way
        self.side = SIDE  # pixels, at which the next is painted
        self.seconds = 0.0  # that the last one took, from asking to the picture
        self._easel = easel
        self._small: Optional[Small] = None
        self._layers: Dict[Tuple[str, bool], Pixels] = {}  # small pictures and masks of layers, each read once
        self._asked = 0.0
        self._next: Optional[Recipe] = None
        self._slow = 0  # previews running that took long to compute

    def put(self, small: Optional[Small]) -> None:
        """Paint over this from now on; nothing is painted over None. Layers are read anew."""
        self._small = small
        self._layers.clear()

    def show(self, recipe: Recipe) -> None:
        """Paint this as soon as what is on its way has come."""
        self._next = recipe
        if self.run is None:
            self._begin()

    def stop(self) -> None:
        """Nothing more is wanted."""
        self._next = None
        run, self.run = self.run, None
        if run is not None:
            run.cancel()
            self._easel.set_busy(False)

    def _begin(self) -> None:
        """Ask for the newest, if there is something to paint over."""
        recipe, self._next = self._next, None
        if recipe is None or self._small is None:
            return
        self._asked = time.perf_counter()
        try:
            pictures = layer_pictures(recipe, lambda s: self._once((s.layer, False), self._easel.read_picture, s))
            masks = layer_masks(recipe, lambda s: self._once((s.mask_layer, True), self._easel.read_mask, s))
            request, blobs = preview_request(recipe, *self._small, pictures, masks, self.side)
        except ScumbleError as e:
            return self._easel.fail(e)
        self._easel.set_busy(True)
        self.run = self._easel.send(request, blobs, self._on_change)

    def _once(self, key: Tuple[str, bool], read: Callable[[StyleChoice], Pixels], style: StyleChoice) -> Pixels:
        if key not in self._layers:
            self._layers[key] = read(style)
        return self._layers[key]

    def _on_change(self, run: Run) -> None:
        if run is not self.run or not run.ended:
            return
        self.run = None
        if run.state == "done":
            self._deliver(run)
        elif run.state == "failed" and self._next is None and run.error is not None:
            self._easel.fail(run.error)
        if self._next is not None:
            self._begin()
        if self.run is None:
            self._easel.set_busy(False)

    def _deliver(self, run: Run) -> None:
        picture = self._easel.compose(run)
        self.seconds = time.perf_counter() - self._asked
        self._adapt(run.times["computed"] - run.times["started"])
        self._easel.take(picture)

    def _adapt(self, seconds: float) -> None:
        """A machine that is slow twice running paints smaller, one that is fast larger, within `SIDES`."""
        self._slow = self._slow + 1 if seconds > FLUENT else 0
        at = SIDES.index(self.side)
        if self._slow > 1 and at + 1 < len(SIDES):
            self.side, self._slow = SIDES[at + 1], 0
        elif seconds < FLUENT / 3 and at:
            self.side = SIDES[at - 1]
