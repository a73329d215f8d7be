"""Live previews in Krita: the active layer and its selection, small, and the result painted over it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Mapping, Optional, Tuple

from ..guard import guarded
from ..log import logger
from ..pictures import document
from ..pictures.film import small_frame
from ..qt import QImage, QObject, QPainter, QPoint, Qt, QTimer, Signal, image_of
from ..texts import explain
from ..wire.editor.preview.easel import Small
from ..wire.editor.preview.pace import SIDE
from ..wire.editor.preview.previews import Previews
from ..wire.editor.preview.sizes import Size, closeup
from ..wire.editor.preview.view import Point
from ..wire.editor.run import Run
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.messages import Buffer
from ..wire.request.recipe import Recipe
from ..wire.request.request import REQUEST_OPTIONS, Request
from ..wire.request.sources import Pixels
from ..wire.request.stylechoice import StyleChoice


class Preview(QObject):
    """Previews of the selection of what lies open: the easel of `wire.editor.preview.previews`."""

    ready = Signal(QImage)  # the picture with the result over it
    failed = Signal(str)
    busy = Signal(bool)
    said = Signal(str)  # what there is to be said of the picture
    sharpened = Signal(QImage)  # the untouched picture in more of its pixels, for what is painted over those

    def __init__(self, studio: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.before = QImage()  # the untouched picture
        self.target: Tuple[str, Optional[Tuple[int, int]]] = ("", None)  # layer; size of the selection
        self.previews = Previews(self)
        self._studio = studio
        self._whole: Any = None  # the place of what is painted over, without its pixels
        self._all: Any = None  # that of all that OK would read: another in a close-up
        self._small: Any = None
        self._cover: Any = None  # what takes the place of the selection
        self._close: Optional[Tuple[Point, Size]] = None  # the spot, and the room for it

    @guarded
    def refresh_source(self, result: Any = None) -> None:
        """Read the active layer and the selection anew; what is wrong with them is told by `failed`.

        With a `result` (an `editing.Result`) what that was painted from.
        """
        try:
            margin = REQUEST_OPTIONS["margin"].default
            cover = self._cover = result.cover() if result is not None else None
            if result is None:
                self._whole, self._small = document.small_active_source(margin, SIDE)
            else:
                place = (result.document, result.source, margin, SIDE, cover)
                self._whole, self._small = document.small_source_of(*place)
            self.target = self._whole.node.name(), document.selected_size(self._whole, cover)
            self._all = self._whole
            self._step_in(cover)
        except ScumbleError as e:
            self._whole = self._all = self._small = None
            self.before, self.target = QImage(), ("", None)
            self.previews.put(None)
            self.failed.emit(explain(e))
            return
        self.before = _image(self._small.content)
        self.previews.put(self.small())

    def small(self) -> Optional[Small]:
        """What is painted over; None where that is nothing."""
        small = self._small
        if small is None:
            return None
        own = self._all.box.long_side
        sizes = {"whole": own} if self.close else {"own": own}
        return Small(small.content, small.selection, small.canvas, **sizes)

    @property
    def close(self) -> bool:
        """Whether it is a close-up."""
        return self._close is not None

    @property
    def scale(self) -> float:
        """Pixels of the layer a pixel of the picture."""
        if self._whole is None or self._small is None:
            return 1.0
        return float(self._whole.box.width / self._small.box.width)

    def look_closer(self, spot: Optional[Point], room: Size) -> None:
        """Show this spot (shares of the sides of all) in its own pixels, as much as fits into `room`; None: all.

        It counts when the source is read next.
        """
        self._close = (spot, room) if spot is not None else None

    def _step_in(self, cover: Any) -> None:
        if self._close is None:
            return
        box = closeup(self._all.box, *self._close)
        try:
            self._whole, self._small = document.close_source(self._all, box, cover)
        except ScumbleError:  # nothing shows there: all of it again
            self._close = None

    def sizes(self) -> Tuple[Tuple[int, int], Tuple[int, int]]:
        """Width and height of what OK would read, and of the canvas; zeros where there is nothing."""
        if self._all is None:
            return (0, 0), (0, 0)
        return (self._all.box.width, self._all.box.height), self._all.canvas

    @guarded
    def show(self, recipe: Recipe) -> None:
        """Paint this; `ready` brings the picture. The newest wins."""
        self.previews.show(recipe)

    def stop(self) -> None:
        """Nothing more is wanted."""
        self.previews.stop()

    # what `wire.editor.preview.previews` asks for

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Run], None]) -> Any:
        return self._studio.send(request, blobs, on_change)

    def read_finer(self, side: int) -> Small:
        _, finer = document.close_source(self._all, self._all.box, self._cover, side)
        self.sharpened.emit(_image(finer.content))
        return Small(finer.content, finer.selection, finer.canvas)

    def read_picture(self, style: StyleChoice, over: Small) -> Any:
        whole = document.read_layer(self._whole.document, style.layer, name=style.name)
        return self._shrink(over, content=whole).content

    def read_mask(self, style: StyleChoice, over: Small) -> Any:
        whole = document.read_mask(self._whole.document, style.mask_layer, self._whole.box, style.mask_name)
        return self._shrink(over, selection=whole).selection

    def read_part(self, style: StyleChoice, over: Small) -> Any:
        return self._shrink(over, selection=document.read_part(self._whole.document, style)).selection

    def compose(self, run: Any, over: Small) -> Any:
        form, content = run.picture.raw, over.content
        layer = image_of(run.pixels, form.width, form.height, form.channels)
        picture = _image(content).convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
        painter = QPainter(picture)
        painter.drawImage(QPoint(run.picture.x - content.x, run.picture.y - content.y), layer)
        painter.end()
        return picture.convertToFormat(QImage.Format.Format_RGBA8888)

    def compose_live(self, preview: Any) -> Any:
        form = preview.format
        live = image_of(preview.pixels, form.width, form.height, form.channels)
        mode = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return live.scaled(self.before.size(), *mode).convertToFormat(QImage.Format.Format_RGBA8888)

    def take(self, picture: Any) -> None:
        self.ready.emit(picture)

    def fail(self, error: ScumbleError) -> None:
        logger.info("no preview: %s", error)
        self.failed.emit(explain(error))

    def set_busy(self, busy: bool) -> None:
        self.busy.emit(busy)

    def say(self, text: str) -> None:
        self.said.emit(text)

    def call_later(self, seconds: float, call: Callable[[], None]) -> None:
        QTimer.singleShot(round(1000 * seconds), guarded(call))

    # what `wire.editor.frames.strip` asks for

    def read_frame(self, frame: int) -> Pixels:
        return small_frame(self._whole, frame, self._small.box.long_side)

    def compose_frame(self, content: Pixels) -> Any:
        return _image(content)

    def _shrink(self, over: Small, **pixels: Any) -> Any:
        return document.small_source(replace(self._whole, **pixels), max(SIDE, over.long_side))


def _image(pixels: Pixels) -> Any:
    form = pixels.format
    return image_of(pixels.data, form.width, form.height, form.channels)
