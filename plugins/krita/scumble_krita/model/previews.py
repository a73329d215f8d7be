"""Live previews: the selection, small, by the fast method, as often as a slider moves."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Dict, Mapping, Optional, Tuple

from ..guard import guarded
from ..log import logger
from ..pictures import document
from ..qt import QImage, QObject, QPainter, QPoint, Signal, image_of
from ..texts import explain
from ..wire.errors import ScumbleError
from ..wire.recipe import Pixels, Recipe, StyleChoice, preview_request
from ..wire.request import REQUEST_OPTIONS
from .asking import style_masks, style_pictures

SIDE = 384  # pixels, long side of what is read
SIDES = (384, 320, 256, 192)  # at which it is painted: smaller where the machine is slow
FLUENT = 0.22  # seconds of computing: with the way there and back still felt as at once


class Preview(QObject):
    """Previews of the selection of what lies open. One is on its way at a time; after it comes the newest asked for."""

    ready = Signal(QImage)  # the picture with the result over it
    failed = Signal(str)
    busy = Signal(bool)

    def __init__(self, studio: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.before = QImage()  # the untouched picture
        self.seconds = 0.0  # that the last one took, from asking to the picture
        self._studio = studio
        self._whole: Any = None  # the source's place, without its pixels
        self._small: Any = None
        self._layers: Dict[Tuple[str, bool], Pixels] = {}  # small pictures and masks of layers
        self._run: Any = None
        self._asked = 0.0
        self._next: Optional[Recipe] = None
        self._side = SIDE
        self._slow = 0  # previews running that took long to compute

    @guarded
    def refresh_source(self) -> None:
        """Read the active layer and the selection anew; what is wrong with them is told by `failed`."""
        self._layers.clear()
        try:
            margin = REQUEST_OPTIONS["margin"].default
            self._whole, self._small = document.small_active_source(margin, SIDE)
        except ScumbleError as e:
            self._whole = self._small = None
            self.before = QImage()
            self.failed.emit(explain(e))
            return
        self.before = _image(self._small.content)

    @guarded
    def show(self, recipe: Recipe) -> None:
        """Paint this; `ready` brings the picture. What was asked for before and was not sent yet is dropped."""
        self._next = recipe
        if self._run is None:
            self._begin()

    def stop(self) -> None:
        """Nothing more is wanted."""
        self._next = None
        run, self._run = self._run, None
        if run is not None:
            run.cancel()
            self.busy.emit(False)

    def _begin(self) -> None:
        """Ask for the newest, if there is something to paint over."""
        recipe, self._next = self._next, None
        if recipe is None or self._small is None:
            return
        self._asked = time.perf_counter()
        small = self._small
        try:
            pictures = style_pictures(recipe, self._picture)
            masks = style_masks(recipe, self._mask)
            of_small = (small.content, small.selection, small.canvas)
            request, blobs = preview_request(recipe, *of_small, pictures, masks, self._side)
        except ScumbleError as e:
            return self._fail(e)
        self.busy.emit(True)
        self._run = self._studio.send(request, blobs, self._on_change)

    def _on_change(self, run: Any) -> None:
        if run is not self._run or not run.ended:
            return
        self._run = None
        if run.state == "done":
            self._deliver(run)
        elif run.state == "failed" and self._next is None:
            self._fail(run.error)
        if self._next is not None:
            self._begin()
        if self._run is None:
            self.busy.emit(False)

    def _deliver(self, run: Any) -> None:
        form = run.picture.raw
        layer = image_of(run.pixels, form.width, form.height, form.channels)
        picture = self.before.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(picture)
        content = self._small.content
        painter.drawImage(QPoint(run.picture.x - content.x, run.picture.y - content.y), layer)
        painter.end()
        self.seconds = time.perf_counter() - self._asked
        self._adapt(run.times)
        self.ready.emit(picture.convertToFormat(QImage.Format.Format_RGBA8888))

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
        self.failed.emit(explain(error))

    def _picture(self, style: StyleChoice) -> Pixels:
        """The style's layer, small; read once."""
        key = (style.layer, False)
        if key not in self._layers:
            whole = document.read_layer(self._whole.document, style.layer)
            self._layers[key] = self._shrink(content=whole).content
        return self._layers[key]

    def _mask(self, style: StyleChoice) -> Pixels:
        """The style's mask over the small content; read once."""
        key = (style.mask_layer, True)
        if key not in self._layers:
            whole = document.read_mask(self._whole.document, style.mask_layer, self._whole.box)
            self._layers[key] = self._shrink(selection=whole).selection
        return self._layers[key]

    def _shrink(self, **pixels: Any) -> Any:
        return document.small_source(replace(self._whole, **pixels), SIDE)


def _image(pixels: Pixels) -> Any:
    form = pixels.format
    return image_of(pixels.data, form.width, form.height, form.channels)
