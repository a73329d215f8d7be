"""Drawn clips whose motion is known: a camera that pans, one that turns and comes nearer, a thing that moves on."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from skimage import data

WIDTH, HEIGHT = 160, 120
Bytes = NDArray[np.uint8]
Floats = NDArray[Any]


def ways(kind: str, count: int) -> list[Floats]:
    """Where each frame's pixels lie in the scene, as affine maps 2×3."""
    if kind == "pan":
        return [np.float32([[1, 0, 100 + 2.3 * t], [0, 1, 60 + 1.4 * t]]) for t in range(count)]
    made = []
    for t in range(count):
        size, turn = 0.9 - 0.02 * t, 0.012 * t
        c, s = np.cos(turn) * size, np.sin(turn) * size
        x, y = 220 - c * WIDTH / 2 + s * HEIGHT / 2, 180 - s * WIDTH / 2 - c * HEIGHT / 2
        made.append(np.float32([[c, -s, x], [s, c, y]]))
    return made


def clip(kind: str, count: int) -> list[Bytes]:
    """Frames of an astronaut (NASA's, as scikit-image has it)."""
    scene = cv2.resize(data.astronaut(), (440, 440), interpolation=cv2.INTER_AREA)
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return [cv2.warpAffine(scene, way, (WIDTH, HEIGHT), flags=flags) for way in ways(kind, count)]


def known(before: Floats, now: Floats) -> Floats:
    """Where each pixel of a frame was in the one before, H×W×2."""
    x, y = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    ones = np.ones((HEIGHT, WIDTH, 1))
    scene = np.concatenate([x[..., None], y[..., None], ones], 2) @ now.T
    where: Floats = np.concatenate([scene, ones], 2) @ cv2.invertAffineTransform(before).T
    return where.astype(np.float32)


def warping_error(frames: list[Bytes], maps: list[Floats]) -> float:
    """How far each frame is from the one before, moved as is known; mean over what was seen, of the range."""
    errors = []
    for number in range(1, len(frames)):
        where = known(maps[number - 1], maps[number])
        inside = (where > 2).all(2) & (where[..., 0] < WIDTH - 3) & (where[..., 1] < HEIGHT - 3)
        moved = cv2.remap(frames[number - 1].astype(np.float32), where, None, cv2.INTER_CUBIC)
        errors.append(np.abs(moved - frames[number])[inside].mean() / 255)
    return float(np.mean(errors))


def detail(frame: Bytes) -> float:
    """How much of the finest detail there is."""
    gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY).astype(np.float32)
    return float((gray - cv2.GaussianBlur(gray, (0, 0), 1.2)).std())


def passing(count: int) -> tuple[list[Bytes], list[NDArray[np.bool_]], list[NDArray[np.bool_]]]:
    """A square thing that goes right by 3 pixels a frame over a still ground, behind a still post.

    The frames; where each shows the thing; and where it shows the ground.
    """
    rng = np.random.default_rng(3)
    ground = cv2.GaussianBlur(rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8), (0, 0), 2)
    thing = cv2.GaussianBlur(rng.integers(100, 255, (40, 40, 3), np.uint8), (0, 0), 1.5)
    post = np.zeros((HEIGHT, WIDTH), bool)
    post[:, 84:100] = True
    frames, things, grounds = [], [], []
    for t in range(count):
        frame, there = ground.copy(), np.zeros((HEIGHT, WIDTH), bool)
        frame[40:80, 20 + 3 * t : 60 + 3 * t] = thing
        there[40:80, 20 + 3 * t : 60 + 3 * t] = True
        frame[post] = ground[:, ::-1][post] // 2
        frames.append(frame)
        things.append(there & ~post)
        grounds.append(~there & ~post)
    return frames, things, grounds
