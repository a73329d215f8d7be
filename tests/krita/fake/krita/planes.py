"""Pixels without borders: what is outside of what was written reads as zero. And Qt's types, where there is a Qt."""

from __future__ import annotations

import importlib
import os
from typing import Any

import numpy as np

Box = tuple[int, int, int, int]  # x, y, width, height
MAJOR = os.environ.get("SCUMBLE_QT", "")
QtCore: Any = importlib.import_module(f"PyQt{MAJOR}.QtCore") if MAJOR else None
QtGui: Any = importlib.import_module(f"PyQt{MAJOR}.QtGui") if MAJOR else None
QtWidgets: Any = importlib.import_module(f"PyQt{MAJOR}.QtWidgets") if MAJOR else None


class PlainRect:
    """QRect where there is no Qt."""

    def __init__(self, x: int = 0, y: int = 0, width: int = 0, height: int = 0) -> None:
        self._box = (x, y, width, height)

    def x(self) -> int:
        return self._box[0]

    def y(self) -> int:
        return self._box[1]

    def width(self) -> int:
        return self._box[2]

    def height(self) -> int:
        return self._box[3]


Rect = QtCore.QRect if QtCore else PlainRect


def out(data: bytes) -> Any:
    """Bytes as Krita hands them out."""
    return QtCore.QByteArray(data) if QtCore else data


class Plane:
    """An array of pixels that grows where it is written to."""

    def __init__(self, dtype: Any, channels: int) -> None:
        self.data = np.zeros((0, 0, channels), dtype)
        self.x = self.y = 0

    def copy(self) -> Plane:
        same = Plane(self.data.dtype, self.data.shape[2])
        same.data, same.x, same.y = self.data.copy(), self.x, self.y
        return same

    def read(self, x: int, y: int, width: int, height: int) -> np.ndarray:
        """A box as an array of its own, height × width × channels."""
        found = np.zeros((max(0, height), max(0, width), self.data.shape[2]), self.data.dtype)
        left, top = max(x, self.x), max(y, self.y)
        right = min(x + width, self.x + self.data.shape[1])
        bottom = min(y + height, self.y + self.data.shape[0])
        if left < right and top < bottom:
            inside = self.data[top - self.y : bottom - self.y, left - self.x : right - self.x]
            found[top - y : bottom - y, left - x : right - x] = inside
        return found

    def write(self, x: int, y: int, pixels: np.ndarray) -> None:
        height, width = pixels.shape[:2]
        if self.data.size == 0:
            self.data, self.x, self.y = pixels.copy(), x, y
            return
        left, top = min(x, self.x), min(y, self.y)
        right = max(x + width, self.x + self.data.shape[1])
        bottom = max(y + height, self.y + self.data.shape[0])
        grown = self.read(left, top, right - left, bottom - top)
        grown[y - top : y - top + height, x - left : x - left + width] = pixels
        self.data, self.x, self.y = grown, left, top

    def box(self) -> Box:
        """The bounds of what is not transparent; the last channel says."""
        rows, columns = np.nonzero(self.data[..., -1])
        if not rows.size:
            return 0, 0, 0, 0
        left, top = int(columns.min()), int(rows.min())
        return left + self.x, top + self.y, int(columns.max()) - left + 1, int(rows.max()) - top + 1
