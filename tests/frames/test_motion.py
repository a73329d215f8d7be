"""Motion is found, what cannot be trusted is not, and a painting is held by it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scumble.frames.flow import motion, warped
from scumble.frames.steady import steadied
from scumble.picture import Picture

from .scenes import HEIGHT, WIDTH, clip, detail, known, warping_error, ways


@pytest.mark.parametrize("kind", ["pan", "turn"])
def test_a_cameras_motion_is_found(kind: str) -> None:
    frames, maps = clip(kind, 2), ways(kind, 2)
    found, truth = motion(*frames), known(*maps)
    sure = found.trust > 0.9
    assert sure.mean() > 0.6
    assert np.median(np.abs(found.where - truth)[sure]) < 0.15
    outside = (truth < -1).any(2) | (truth[..., 0] > WIDTH) | (truth[..., 1] > HEIGHT)
    assert not outside.any() or found.trust[outside].mean() < 0.05


def test_what_a_thing_uncovers_is_not_trusted() -> None:
    rng = np.random.default_rng(3)
    ground = cv2.GaussianBlur(rng.integers(0, 255, (HEIGHT, WIDTH, 3), np.uint8), (0, 0), 2)
    thing = cv2.GaussianBlur(rng.integers(100, 255, (40, 40, 3), np.uint8), (0, 0), 1.5)
    before, now = ground.copy(), ground.copy()
    before[40:80, 40:80], now[40:80, 52:92] = thing, thing
    trust = motion(before, now).trust
    assert trust[43:77, 42:50].mean() < 0.3 < 0.8 < trust[5:30, 100:150].mean()


def test_a_cut_is_no_motion() -> None:
    frame = clip("pan", 1)[0]
    other = np.ascontiguousarray(255 - frame[::-1])
    assert motion(frame, other).trust.mean() < 0.25


def test_small_and_still_frames() -> None:
    small = np.full((6, 9, 3), 90, np.uint8)
    assert motion(small, small).trust.all()
    frame = clip("pan", 1)[0]
    same = motion(frame, frame)
    assert same.trust.mean() > 0.95
    assert np.abs(warped(frame.astype(np.float32) / 255, same.where) * 255 - frame).mean() < 0.5


def paintings(count: int) -> list[np.ndarray]:
    """What flickers most: strokes anew in each frame over the same scene."""
    rng = np.random.default_rng(5)
    made = []
    for frame in clip("pan", count):
        strokes = cv2.GaussianBlur(rng.normal(0, 130, frame.shape).astype(np.float32), (0, 0), 1.0)
        made.append(np.clip(frame + strokes, 0, 255).astype(np.uint8))
    return made


def layer(pixels: np.ndarray, x: int = 0, y: int = 0) -> Picture:
    alpha = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    return Picture(np.concatenate([pixels, alpha], 2), "srgb", x, y)


def test_a_painting_holds_and_stays_sharp() -> None:
    count = 8
    frames, alone = clip("pan", count), paintings(count)
    held = [layer(alone[0])]
    for number in range(1, count):
        moved = motion(frames[number - 1], frames[number])
        held.append(steadied(layer(alone[number]), held[-1], moved))
    shown = [h.data[..., :3] for h in held]
    maps = ways("pan", count)
    assert warping_error(shown, maps) < 0.3 * warping_error(alone, maps)
    assert 0.85 < detail(shown[-1]) / detail(alone[-1]) < 1.15


def test_a_layer_that_lies_elsewhere_and_no_amount() -> None:
    frames, alone = clip("pan", 2), paintings(2)
    moved = motion(*frames)
    cut = np.s_[20:90, 30:120]
    parts = [layer(np.ascontiguousarray(a[cut]), 30, 20) for a in alone]
    part = steadied(parts[1], parts[0], moved)
    whole = steadied(layer(alone[1]), layer(alone[0]), moved)
    inner = np.s_[15:55, 15:75]
    assert np.abs(part.data[inner].astype(int) - whole.crop(part.box).data[inner]).mean() < 1.5
    assert steadied(parts[1], parts[0], moved, 0.0) is parts[1]
    of_all = steadied(parts[1], layer(alone[0]), moved)  # what came before lay over more: the same
    assert (of_all.x, of_all.y) == (30, 20) and np.abs(of_all.data[inner].astype(int) - part.data[inner]).mean() < 1.5
    elsewhere = steadied(parts[1], Picture(parts[0].data, x=500), moved)
    assert (elsewhere.data[inner] == parts[1].data[inner]).all()
