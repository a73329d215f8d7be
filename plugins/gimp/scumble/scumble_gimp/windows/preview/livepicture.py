"""The picture in the progress window: the layer as it is, and over it, where it is selected, what is painted so far."""

from __future__ import annotations

from typing import Any, List, Optional, Sequence, Tuple

from ...pictures.source import Source, small_sources_of
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.events import Preview
from ..gtklib import Gtk
from ..pictures import blank, coverage, fitted, laid_over, on_checks, pixbuf_of, rounded, showing, smooth

WIDTH, HEIGHT = 380, 320  # points: the room for it


class LivePicture:
    """`widget`, which is hidden until there is something to be seen."""

    def __init__(self, image: Any, drawables: Sequence[Any], margin: float, cover: Any = None) -> None:
        self.widget = Gtk.Image(no_show_all=True)
        self._sources = _read(image, drawables, margin, cover)
        self._before: Any = None  # as it is shown
        self._cover = b""  # how much of each of its pixels is painted
        self._shown: Optional[Preview] = None

    def begin(self, at: int, width: int, height: int) -> None:
        """Layer `at` as it still is; an empty place of this proportion where it could not be read."""
        size = fitted((width, height), (WIDTH, HEIGHT))
        self._before = None
        if at < len(self._sources):
            self._before, self._cover = _laid_out(self._sources[at], size)
        self._put(self._before or blank(*size))

    def show(self, preview: Optional[Preview]) -> None:
        """What is painted so far, if that is news."""
        if preview is None or preview is self._shown:
            return
        self._shown, form = preview, preview.format
        before = self._before
        size = fitted((form.width, form.height), (WIDTH, HEIGHT))
        size = (before.get_width(), before.get_height()) if before is not None else size
        picture = smooth(pixbuf_of(preview.pixels, form.width, form.height, form.channels), size)
        self._put(laid_over(before, showing(picture, self._cover), 0, 0) if before is not None else picture)

    def _put(self, picture: Any) -> None:
        self.widget.set_from_pixbuf(rounded(picture))
        self.widget.show()


def _laid_out(source: Source, size: Tuple[int, int]) -> Tuple[Any, bytes]:
    """A small source in another size, and how much of each pixel will be painted."""
    content, mask = source.content, source.selection
    form = content.format
    picture = pixbuf_of(content.data, form.width, form.height, form.channels)
    return on_checks(picture, size), coverage(picture, mask.data if mask is not None else None, size)


def _read(image: Any, drawables: Sequence[Any], margin: float, cover: Any) -> List[Source]:
    """The layers, small; none where one cannot be read: who paints them will tell why."""
    try:
        return small_sources_of(image, drawables, margin, WIDTH, cover)
    except ScumbleError:
        return []
