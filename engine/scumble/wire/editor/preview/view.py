"""Where a picture lies in the room that there is for it: fitted, zoomed, panned; and where a line divides it."""

from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

Point = Tuple[float, float]

CLOSEST = 12.0  # points a pixel of the picture
STEP = 1.25  # one click of the wheel
FITTED = 1.001  # below this it is fitted, whatever rounding left


class Place(NamedTuple):
    """A rectangle in the room, in points; it may reach beyond it."""

    x: float
    y: float
    width: float
    height: float


class View:
    """Keeps what is under the mouse there while it zooms, and leaves no gap beside a picture larger than its room.

    `room` and `size` are width and height of the room in points and of the picture in pixels; `most` is the largest
    number of points a pixel while fitted, and 0 where that is any.
    """

    def __init__(self) -> None:
        self.room: Point = (1.0, 1.0)
        self.size: Point = (1.0, 1.0)
        self.most = 0.0
        self.zoom = 1.0  # times what fits
        self._middle: Point = (0.5, 0.5)  # what of the picture is in the middle of the room, as shares of it

    @property
    def fitted(self) -> bool:
        """Whether all of it is seen."""
        return self.zoom < FITTED

    @property
    def scale(self) -> float:
        """Points a pixel of the picture."""
        return self._fit() * self.zoom

    def lay_out(self, room: Point, size: Point, most: float = 0.0) -> None:
        """The room, or the picture, is another."""
        self.room = (max(1.0, room[0]), max(1.0, room[1]))
        self.size, self.most = (max(1.0, size[0]), max(1.0, size[1])), most
        self._keep()

    def place(self) -> Place:
        """Where the whole picture lies."""
        width, height = self.size[0] * self.scale, self.size[1] * self.scale
        left, top = (self.room[i] / 2 - self._middle[i] * (width, height)[i] for i in (0, 1))
        return Place(left, top, width, height)

    def seen(self) -> Place:
        """Where that of it lies which is inside the room."""
        place = self.place()
        left, top = max(0.0, place.x), max(0.0, place.y)
        right, bottom = min(self.room[0], place.x + place.width), min(self.room[1], place.y + place.height)
        return Place(left, top, right - left, bottom - top)

    def spot(self, at: Point) -> Optional[Point]:
        """What of the picture is at a point of the room, as shares of its sides; None beside the picture."""
        place = self.place()
        x, y = (at[0] - place.x) / place.width, (at[1] - place.y) / place.height
        return (x, y) if 0 <= x <= 1 and 0 <= y <= 1 else None

    def zoom_by(self, factor: float, at: Optional[Point] = None) -> None:
        """Zoom, and keep what is at this point of the room there; the middle, unless told."""
        at = at or (self.room[0] / 2, self.room[1] / 2)
        before = self.place()
        spot = ((at[0] - before.x) / before.width, (at[1] - before.y) / before.height)
        self.zoom = max(1.0, min(self.zoom * factor, max(1.0, CLOSEST / self._fit())))
        width, height = self.size[0] * self.scale, self.size[1] * self.scale
        self._middle = (spot[0] + (self.room[0] / 2 - at[0]) / width, spot[1] + (self.room[1] / 2 - at[1]) / height)
        self._keep()

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture by so many points."""
        place = self.place()
        self._middle = (self._middle[0] - dx / place.width, self._middle[1] - dy / place.height)
        self._keep()

    def fit(self) -> None:
        """All of it is seen."""
        self.zoom, self._middle = 1.0, (0.5, 0.5)

    def _fit(self) -> float:
        fit = min(self.room[0] / self.size[0], self.room[1] / self.size[1])
        return min(fit, self.most) if self.most else fit

    def _keep(self) -> None:
        """Let no gap open."""
        kept = []
        for room, size, middle in zip(self.room, self.size, self._middle):
            half = room / (2 * size * self.scale)
            kept.append(0.5 if half >= 0.5 else min(1 - half, max(half, middle)))
        self._middle = (kept[0], kept[1])
