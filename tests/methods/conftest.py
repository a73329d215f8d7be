"""Pictures that the tests draw, a store for them, and a reporter that remembers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from scumble.picture import Picture
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.pixels import PictureRef


@dataclass
class Recorder:
    """A reporter that keeps what it is told, and cancels after `cancel_after` steps."""

    cancel_after: int = -1
    steps: list[tuple[int, int, str]] = field(default_factory=list)
    losses: list[dict[str, float]] = field(default_factory=list)
    left: list[float] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    previews: list[NDArray[np.uint8]] = field(default_factory=list)

    def progress(self, step: int, of: int, scale: str, losses: Mapping[str, float], seconds_left: float) -> None:
        self.steps.append((step, of, scale))
        self.losses.append(dict(losses))
        self.left.append(seconds_left)

    def preview(self, rgb: NDArray[np.uint8]) -> None:
        self.previews.append(rgb)

    def fetching(self, name: str, done: int, total: int) -> None:
        pass

    def preparing(self, what: str, name: str = "") -> None:
        self.prepared.append(f"{what} {name}".strip())

    def wants_preview(self) -> bool:
        return True

    def check(self) -> None:
        if 0 <= self.cancel_after <= len(self.steps):
            raise ScumbleError("cancelled")


class Store:
    """Pictures by reference, as the worker's blob store has them."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}

    def put(self, data: NDArray[Any], x: int = 0, y: int = 0, space: Any = "srgb") -> PictureRef:
        picture = Picture(np.ascontiguousarray(data), space, x, y)
        ref = picture.ref()
        self.blobs[ref.digest] = picture.raw()
        return ref

    def load(self, ref: PictureRef) -> Picture:
        return Picture.from_raw(ref, self.blobs[ref.digest])


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def recording() -> Callable[[int], Recorder]:
    return lambda after: Recorder(cancel_after=after)


def scene(height: int, width: int, seed: int = 0) -> NDArray[np.uint8]:
    """A drawn scene: sky gradient, a hill, a disc, a little texture."""
    y, x = np.mgrid[:height, :width] / max(height, width)
    rgb = np.stack([0.4 + 0.3 * y, 0.6 - 0.2 * y, 0.9 - 0.5 * y], 2)
    rgb[y > 0.35 + 0.1 * np.sin(7 * x)] = (0.2, 0.45, 0.15)
    rgb[np.hypot(y - 0.2, x - 0.6) < 0.1] = (0.95, 0.85, 0.3)
    rgb += np.random.default_rng(seed).normal(0, 0.02, rgb.shape)
    return (np.clip(rgb, 0, 1) * 255).astype(np.uint8)


def stripes(height: int, width: int, color: tuple[float, float, float]) -> NDArray[np.uint8]:
    """A style: diagonal strokes of one colour on its dark."""
    y, x = np.mgrid[:height, :width]
    wave = 0.5 + 0.5 * np.sin((x + y) / 3.0)
    return (np.array(color) * (0.3 + 0.7 * wave[..., None]) * 255).astype(np.uint8)
