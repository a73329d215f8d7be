"""The fake's selections: one byte a pixel, without borders."""

from __future__ import annotations

from typing import Any

import numpy as np

from .planes import Plane, out


class Selection:
    """A handle: what a document hands out is the user's own, live."""

    def __init__(self, plane: Plane | None = None) -> None:
        self.plane = plane if plane is not None else Plane(np.uint8, 1)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Selection) and other.plane is self.plane

    __hash__ = None  # type: ignore[assignment]

    def x(self) -> int:
        return self.plane.box()[0]

    def y(self) -> int:
        return self.plane.box()[1]

    def width(self) -> int:
        return self.plane.box()[2]

    def height(self) -> int:
        return self.plane.box()[3]

    def duplicate(self) -> Selection:
        return Selection(self.plane.copy())

    def clear(self) -> None:
        self.plane.data = np.zeros((0, 0, 1), np.uint8)

    def select(self, x: int, y: int, width: int, height: int, value: int) -> None:
        self.plane.write(x, y, np.full((height, width, 1), value, np.uint8))

    def pixelData(self, x: int, y: int, width: int, height: int) -> Any:
        return out(self.plane.read(x, y, width, height).tobytes())

    def setPixelData(self, value: Any, x: int, y: int, width: int, height: int) -> None:
        data = bytes(value)
        assert len(data) == width * height, "Krita does not look at the length: it would read past the end"
        self.plane.write(x, y, np.frombuffer(data, np.uint8).reshape(height, width, 1))
