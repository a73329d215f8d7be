"""Live previews: the selection, small, by the fast method, as often as a slider moves."""

from __future__ import annotations

import time
from typing import Any, Dict, Mapping, Optional, Protocol, Sequence, Tuple

from ..log import logger
from ..model.transfer import found
from ..pictures.source import Source, read_layer, read_mask, small_sources_of
from ..wire.errors import ScumbleError
from ..wire.link import Link
from ..wire.recipe import Pixels, Recipe, StyleChoice, preview_request
from ..wire.request import REQUEST_OPTIONS
from ..wire.runs import Run
from .pictures import laid_over, pixbuf_of

SIDE = 384  # pixels, long side of what is read
SIDES = (384, 320, 256, 192)  # at which it is painted: smaller where the machine is slow
FLUENT = 0.22  # seconds of computing: with the way there and back still felt as at once


class Shown(Protocol):
    """What shows previews."""

    def take(self, picture: Any) -> None:
        """A painted picture (GdkPixbuf)."""

    def fail(self, error: BaseException) -> None:
        """There is none, and why."""

    def set_busy(self, busy: bool) -> None:
        """Whether one is on its way."""


class Preview:
    """Previews of the selection. One is on its way at a time; after it comes the newest asked for."""

    def __init__(self, link: Link, image: Any, drawables: Sequence[Any], shown: Shown) -> None:
        self.before: Any = None  # the untouched picture
        self.seconds = 0.0  # that the last one took, from asking to the picture
        self._link, self._image, self._drawables, self._shown = link, image, list(drawables[:1]), shown
        self._small: Optional[Source] = None
        self._layers: Dict[Tuple[str, bool], Pixels] = {}  # small pictures and masks of layers
        self._run: Optional[Run] = None
        self._asked = 0.0
        self._next: Optional[Recipe] = None
        self._side = SIDE
        self._slow = 0  # previews running that took long to compute

    def refresh_source(self) -> None:
        """Read the layer and the selection anew; what is wrong with them is told."""
        self._layers.clear()
        margin = float(REQUEST_OPTIONS["margin"].default)
        try:
            self._small = small_sources_of(self._image, self._drawables, margin, SIDE)[0]
        except ScumbleError as e:
            self._small, self.before = None, None
            return self._fail(e)
        form = self._small.content.format
        self.before = pixbuf_of(self._small.content.data, form.width, form.height, form.channels)

    def show(self, recipe: Recipe) -> None:
        """Paint this. What was asked for before and was not sent yet is dropped."""
        self._next = recipe
        if self._run is None:
            self._begin()

    def stop(self) -> None:
        """Nothing more is wanted."""
        self._next = None
        run, self._run = self._run, None
        if run is not None:
            run.cancel()
            self._shown.set_busy(False)

    def _begin(self) -> None:
        """Ask for the newest, if there is something to paint over."""
        recipe, self._next, small = self._next, None, self._small
        if recipe is None or small is None:
            return
        self._asked = time.perf_counter()
        try:
            styles = [(i, s) for i, s in enumerate(recipe.styles) if s.weight > 0]
            pictures = {i: self._picture(s) for i, s in styles if s.source == "layer"}
            masks = {i: self._mask(s, small) for i, s in styles if s.mask == "layer"}
            over = (small.content, small.selection, small.canvas)
            request, blobs = preview_request(recipe, *over, pictures, masks, self._side)
        except ScumbleError as e:
            return self._fail(e)
        self._shown.set_busy(True)
        self._run = self._link.run(request, blobs, self._on_change)

    def _on_change(self, run: Run) -> None:
        if run is not self._run or not run.ended:
            return
        self._run = None
        if run.state == "done":
            self._deliver(run)
        elif run.state == "failed" and self._next is None:
            assert run.error is not None  # it failed
            self._fail(self._link.error or run.error if run.error.code == "engine-lost" else run.error)
        if self._next is not None:
            self._begin()
        if self._run is None:
            self._shown.set_busy(False)

    def _deliver(self, run: Run) -> None:
        assert run.picture is not None and self._small is not None  # it is done
        form, content = run.picture.raw, self._small.content
        layer = pixbuf_of(run.pixels, form.width, form.height, form.channels)
        self.seconds = time.perf_counter() - self._asked
        self._adapt(run.times)
        self._shown.take(laid_over(self.before, layer, run.picture.x - content.x, run.picture.y - content.y))

    def _adapt(self, times: Mapping[str, float]) -> None:
        """A machine that is slow twice running paints smaller, one that is fast larger, within `SIDES`."""
        seconds = times["computed"] - times["started"]
        self._slow = self._slow + 1 if seconds > FLUENT else 0
        at = SIDES.index(self._side)
        if self._slow > 1 and at + 1 < len(SIDES):
            self._side, self._slow = SIDES[at + 1], 0
        elif seconds < FLUENT / 3 and at:
            self._side = SIDES[at - 1]

    def _fail(self, error: ScumbleError) -> None:
        logger.info("no preview: %s", error)
        self._shown.fail(error)

    def _picture(self, style: StyleChoice) -> Pixels:
        """The style's layer, small; read once."""
        key = (style.layer, False)
        if key not in self._layers:
            self._layers[key] = read_layer(found(style.layer, style.name), SIDE)
        return self._layers[key]

    def _mask(self, style: StyleChoice, small: Source) -> Pixels:
        """The style's mask over the small content; read once."""
        key, form = (style.mask_layer, True), small.content.format
        if key not in self._layers:
            mask = read_mask(found(style.mask_layer, style.mask_name), small.area, (form.width, form.height))
            self._layers[key] = Pixels(mask.format, mask.data, small.content.x, small.content.y)
        return self._layers[key]
