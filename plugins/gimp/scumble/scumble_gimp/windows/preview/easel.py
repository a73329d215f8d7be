"""Live previews in GIMP: the layer and its selection, small, and the result laid over it."""

from __future__ import annotations

from typing import Any, Callable, Mapping, Optional, Protocol, Sequence, Tuple

from ...gimplib import GLib
from ...log import logger
from ...model.transfer import found, part_of
from ...pictures.editing import Result
from ...pictures.source import (
    Source,
    close_source,
    read_layer,
    read_mask,
    selection_box,
    small_frame,
    small_source,
    small_sources_of,
)
from ...wire.editor.link import Link
from ...wire.editor.preview.easel import Small
from ...wire.editor.preview.pace import SIDE
from ...wire.editor.preview.previews import Previews
from ...wire.editor.preview.sizes import Size, closeup
from ...wire.editor.preview.view import Point
from ...wire.editor.run import Run
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.events import Preview as Live
from ...wire.protocol.messages import Buffer
from ...wire.request.geometry import Box
from ...wire.request.recipe import Recipe
from ...wire.request.request import REQUEST_OPTIONS, Request
from ...wire.request.sources import Pixels
from ...wire.request.stylechoice import StyleChoice
from ..gtkparts import guarded
from ..pictures import laid_over, pixbuf_of, smooth


class Shown(Protocol):
    """What shows previews."""

    def take(self, picture: Any) -> None:
        """A painted picture (GdkPixbuf)."""

    def fail(self, error: BaseException) -> None:
        """There is none, and why."""

    def set_busy(self, busy: bool) -> None:
        """Whether one is on its way."""

    def say(self, text: str) -> None:
        """What there is to be said of the picture."""

    def sharpen(self, before: Any) -> None:
        """The untouched picture in more of its pixels, for what is painted over those."""


class Preview:
    """Previews of the selection: the easel of `wire.editor.preview.previews`."""

    def __init__(self, link: Link, image: Any, drawables: Sequence[Any], shown: Shown) -> None:
        self.before: Any = None  # the untouched picture
        self.target: Tuple[str, Optional[Tuple[int, int]]] = ("", None)  # layer; size of the selection
        self.previews = Previews(self)
        self._link, self._image, self._drawables, self._shown = link, image, list(drawables[:1]), shown
        self._small: Optional[Source] = None
        self._all: Optional[Source] = None  # all that OK would read: another than `_small` in a close-up
        self._cover: Any = None  # what takes the place of the selection
        self._close: Optional[Tuple[Point, Size]] = None  # the spot, and the room for it

    def refresh_source(self, result: Optional[Result] = None) -> None:
        """Read the layer and the selection anew, or what a `result` was painted from; what is wrong is told."""
        margin = float(REQUEST_OPTIONS["margin"].default)
        try:
            cover = self._cover = result.cover() if result is not None else None
            layers = [result.source] if result is not None else self._drawables
            self._all = self._small = small_sources_of(self._image, layers, margin, SIDE, cover)[0]
            self._step_in(cover)
            self.target = self._small.layer.get_name(), self._selected(cover)
        except ScumbleError as e:
            self._small, self._all, self.before, self.target = None, None, None, ("", None)
            self.previews.put(None)
            return self.fail(e)
        self.before = _pixbuf(self._small.content)
        self.previews.put(self.small())

    def small(self) -> Optional[Small]:
        """What is painted over; None where that is nothing."""
        if self._small is None or self._all is None:
            return None
        own = self._all.area.long_side
        sizes = {"whole": own} if self.close else {"own": own}
        return Small(self._small.content, self._small.selection, self._small.canvas, **sizes)

    @property
    def close(self) -> bool:
        """Whether it is a close-up."""
        return self._close is not None

    @property
    def scale(self) -> float:
        """Pixels of the layer a pixel of the picture."""
        return self._small.area.width / self._small.box.width if self._small is not None else 1.0

    def look_closer(self, spot: Optional[Point], room: Size) -> None:
        """Show this spot (shares of the sides of all) in its own pixels, as much as fits into `room`; None: all.

        It counts when the source is read next.
        """
        self._close = (spot, room) if spot is not None else None

    def _step_in(self, cover: Any) -> None:
        if self._close is None or self._all is None:
            return
        try:
            self._small = close_source(self._all, closeup(self._all.area, *self._close), cover)
        except ScumbleError:  # nothing shows there: all of it again
            self._close = None

    def _selected(self, cover: Any) -> Optional[Tuple[int, int]]:
        """Width and height of what is selected on the canvas; None where nothing is, or all is."""
        canvas = Box(0, 0, self._image.get_width(), self._image.get_height())
        box = (cover.box if cover is not None else selection_box(self._image) or canvas).clipped(canvas)
        return None if box == canvas else (box.width, box.height)

    def sizes(self) -> Tuple[Tuple[int, int], Tuple[int, int]]:
        """Width and height of what OK would read of the first layer, and of the canvas; zeros where there is none."""
        if self._all is None:
            return (0, 0), (0, 0)
        area = self._all.area
        return (area.width, area.height), (self._image.get_width(), self._image.get_height())

    def show(self, recipe: Recipe) -> None:
        """Paint this. The newest wins."""
        self.previews.show(recipe)

    def stop(self) -> None:
        """Nothing more is wanted."""
        self.previews.stop()

    # what `wire.editor.preview.previews` asks for

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Run], None]) -> Run:
        return self._link.run(request, blobs, on_change)

    def read_finer(self, side: int) -> Small:
        assert self._all is not None  # else nothing is asked for
        finer = small_source(self._all, side, self._cover)
        self._shown.sharpen(_pixbuf(finer.content))
        return Small(finer.content, finer.selection, finer.canvas)

    def read_picture(self, style: StyleChoice, over: Small) -> Pixels:
        return read_layer(found(style.layer, style.name), max(SIDE, over.long_side))

    def read_mask(self, style: StyleChoice, over: Small) -> Pixels:
        assert self._small is not None  # else nothing is asked for
        content = over.content
        size = (content.format.width, content.format.height)
        mask = read_mask(found(style.mask_layer, style.mask_name), self._small.area, size)
        return Pixels(mask.format, mask.data, content.x, content.y)

    def read_part(self, style: StyleChoice, over: Small) -> Pixels:
        return part_of(self._image, style, max(SIDE, over.long_side))

    def compose(self, run: Run, over: Small) -> Any:
        assert run.picture is not None  # it is done
        form, content = run.picture.raw, over.content
        layer = pixbuf_of(run.pixels, form.width, form.height, form.channels)
        return laid_over(_pixbuf(content), layer, run.picture.x - content.x, run.picture.y - content.y)

    def compose_live(self, preview: Live) -> Any:
        form, before = preview.format, self.before
        live = pixbuf_of(preview.pixels, form.width, form.height, form.channels)
        return laid_over(before, smooth(live, (before.get_width(), before.get_height())), 0, 0)

    def take(self, picture: Any) -> None:
        self._shown.take(picture)

    def fail(self, error: ScumbleError) -> None:
        cause = self._link.error if error.code == "engine-lost" else None
        logger.info("no preview: %s", error)
        self._shown.fail(cause or error)

    def set_busy(self, busy: bool) -> None:
        self._shown.set_busy(busy)

    def say(self, text: str) -> None:
        self._shown.say(text)

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        GLib.timeout_add(round(1000 * seconds), guarded(lambda: call()))

    # what `wire.editor.frames.strip` asks for

    def read_frame(self, frame: Any) -> Pixels:
        assert self._small is not None  # else nothing is asked for
        return small_frame(self._small, frame)

    def compose_frame(self, content: Pixels) -> Any:
        return _pixbuf(content)


def _pixbuf(pixels: Pixels) -> Any:
    form = pixels.format
    return pixbuf_of(pixels.data, form.width, form.height, form.channels)
