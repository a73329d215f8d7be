"""What mouse and keyboard do with a preview: zoom, pan, compare, drag the line between before and after."""

from __future__ import annotations

from typing import Callable, Optional

from .view import STEP, Point, View

NEAR = 9  # points beside the line that still take hold of it
STILL = 4  # points that the mouse may move while it holds to compare
FAR = 40  # points that an arrow key pans
NUDGE = 0.05  # of the picture, that one moves the line
ZOOMS = {"+": STEP, "=": STEP, "-": 1 / STEP}
ARROWS = {"left": (1, 0), "right": (-1, 0), "up": (0, 1), "down": (0, -1)}


class Hand:
    """Turns what an editor's events say into what is seen: `view`, `comparing`, `line`.

    `redraw` is called after each change; `closer` with the spot (shares of the picture's sides) that is to be seen in
    its own pixels, or None for all of the picture.
    """

    def __init__(self, redraw: Callable[[], object], closer: Callable[[Optional[Point]], object]) -> None:
        self.view = View()
        self.there = False  # whether there is an untouched picture
        self.close = False  # whether what is shown is a close-up
        self.comparing = False
        self.line: Optional[float] = None  # untouched to the left of this share of what is seen; None without a line
        self._redraw, self._closer = redraw, closer
        self._from: Optional[Point] = None  # where the mouse was pressed, or was last while it pans
        self._holds_line = self._pans = False

    def told(self, scale: float) -> str:
        """How large the layer's pixels are seen, such as “150 %”; nothing while all of the picture is fitted.

        `scale` is how many of them lie in a pixel of the picture.
        """
        if self.view.fitted and not self.close:
            return ""
        percent = 100 * self.view.scale / scale
        return "1:1" if abs(percent - 100) < 1 else f"{percent:.0f} %"

    # the mouse

    def near_line(self, at: Point) -> bool:
        """Whether a press here takes hold of the line."""
        return self.line is not None and self.there and abs(at[0] - self.line_at()) <= NEAR

    def line_at(self) -> float:
        """Where the line stands, in points of the room."""
        seen = self.view.seen()
        return seen.x + (self.line or 0.0) * seen.width

    def press(self, at: Point, pan: bool = False) -> None:
        """The left button goes down, or with `pan` the middle one."""
        self._from, self._pans = at, pan
        self._holds_line = not pan and self.near_line(at)
        if not pan and not self._holds_line:
            self.compare(True)

    def drag(self, at: Point) -> None:
        """The mouse moves while a button is down."""
        if self._from is None:
            return
        if self._holds_line:
            return self._move_line(at)
        dx, dy = at[0] - self._from[0], at[1] - self._from[1]
        if not self._pans and not self.view.fitted and max(abs(dx), abs(dy)) > STILL:
            self._pans, self.comparing = True, False
        if self._pans:
            self._from = at
            self.view.pan(dx, dy)
            self._redraw()

    def release(self) -> None:
        """The button goes up."""
        self._from, self._holds_line, self._pans = None, False, False
        self.compare(False)

    def double(self, at: Point) -> None:
        """A double click: this spot in its own pixels, or all of the picture again."""
        if not self.near_line(at):
            self._step_in(self.view.spot(at))

    def wheel(self, clicks: float, at: Point) -> None:
        """The wheel turns, forward above 0."""
        self._zoom(STEP**clicks, at)

    # the keyboard

    def key(self, name: str) -> bool:
        """A key goes down: “+”, “-”, “0” (fit), “1” (own pixels), an arrow, “space” (compare). Whether it is known."""
        if name in ZOOMS:
            self._zoom(ZOOMS[name], None)
        elif name == "0":
            self._all_of_it()
        elif name == "1":
            self._step_in((0.5, 0.5) if self.view.fitted else self.view.spot(self._middle()))
        elif name in ARROWS:
            self._arrow(*ARROWS[name])
        elif name == "space":
            self.compare(True)
        else:
            return False
        return True

    def key_up(self, name: str) -> bool:
        """A key goes up. Whether it is known."""
        if name == "space":
            self.compare(False)
        return name == "space"

    # both

    def compare(self, comparing: bool) -> None:
        """Show the untouched picture, or the painted one again."""
        comparing = comparing and self.there
        if comparing != self.comparing:
            self.comparing = comparing
            self._redraw()

    def divide(self, divided: bool) -> None:
        """Show the line, in the middle, or take it away."""
        self.line = 0.5 if divided else None
        self._redraw()

    def _middle(self) -> Point:
        return self.view.room[0] / 2, self.view.room[1] / 2

    def _step_in(self, spot: Optional[Point]) -> None:
        if self.close:
            self._all_of_it()
        elif spot is not None and self.there:
            self.comparing = False
            self.view.fit()
            self._closer(spot)

    def _all_of_it(self) -> None:
        self.view.fit()
        self.comparing = False
        if self.close:
            self._closer(None)
        self._redraw()

    def _zoom(self, factor: float, at: Optional[Point]) -> None:
        self.view.zoom_by(factor, at)
        self._redraw()

    def _arrow(self, x: int, y: int) -> None:
        if self.view.fitted and self.line is not None:
            self.line = min(1.0, max(0.0, self.line - NUDGE * x))
        else:
            self.view.pan(FAR * x, FAR * y)
        self._redraw()

    def _move_line(self, at: Point) -> None:
        seen = self.view.seen()
        self.line = min(1.0, max(0.0, (at[0] - seen.x) / max(1.0, seen.width)))
        self._redraw()
