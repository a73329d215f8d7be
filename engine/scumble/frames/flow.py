"""How a frame moved since the one before, and what of that can be trusted.

Dense inverse search (Kroeger et al. 2016) in both directions; occlusions by consistency and motion boundaries as in
Ruder et al. 2016, after Sundaram et al. 2010; and, beside them, where the frames themselves disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

CONSISTENT, LEEWAY = 0.01, 0.5  # of the squared lengths, and pixels²: Ruder et al., equation 5
BOUNDARY, SLACK = 0.01, 0.002  # the same of the derivatives: equation 6
ALIKE = 0.06  # of the range: brightness that differs by more is another thing, however it moved
UNCHANGED, AROUND = 1, 5  # of 255, in a square of so many pixels a side: there nothing moved that could be seen
SAME = 0.1  # the same of colours, over many frames: light may change a little
LEAST = 24  # pixels of a side below which no flow is looked for
SOFT = 1.5  # pixels over which trust fades


@dataclass(frozen=True)
class Motion:
    """`where` H×W×2: the place (x, y) in the frame before of each pixel; `trust` H×W in [0, 1]."""

    where: Floats
    trust: Floats


def motion(before: Bytes, now: Bytes, beyond: bool = False) -> Motion:
    """Between two frames H×W×3 in 8-bit sRGB; trust goes `beyond` motion boundaries, a pixel out of the frame, and to
    what is unchanged where no motion is sure, for what is looked at once more.
    """
    old, new = (cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in (before, now))
    if min(old.shape) < LEAST:
        return Motion(grid(*old.shape), (np.abs(_unit(old) - _unit(new)) < ALIKE).astype(np.float32))
    backward, forward = _dis(new, old), _dis(old, new)
    where = grid(*new.shape) + backward
    trust = _consistent(backward, sampled(forward, where)) & _inside(where, float(beyond))
    trust &= beyond | _smooth(backward)
    trust &= np.abs(_unit(new) - sampled(_unit(old), where)) < ALIKE
    found = Motion(where, _softened(trust))
    return _resting(found, before, now) if beyond else found


def warped(picture: Floats, where: Floats) -> Floats:
    """A picture H×W×C of the frame before, as it lies in this frame. Lanczos keeps it sharp over many frames."""
    out = cv2.remap(picture, where, None, cv2.INTER_LANCZOS4, borderMode=cv2.BORDER_REFLECT)
    low, high = (  # no ringing: nothing beyond what lies around
        cv2.remap(op(picture, np.ones((3, 3), np.uint8)), where, None, cv2.INTER_NEAREST, borderMode=cv2.BORDER_REFLECT)
        for op in (cv2.erode, cv2.dilate)
    )
    clipped: Floats = np.clip(out, low, high)
    return clipped


def residual(now: Bytes, first: Bytes, where: Floats) -> Floats:
    """What `where` errs by, H×W×2, at most a pixel: the motion that is left from `now` to `first` moved by it."""
    gray, old = (cv2.cvtColor(f, cv2.COLOR_RGB2GRAY) for f in (now, first))
    if min(gray.shape) < LEAST:
        return np.zeros_like(where)
    moved = cv2.remap(old, where, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(_dis(gray, moved), -1, 1)


def same(now: Bytes, first: Bytes, where: Floats) -> Floats:
    """Where `now` has the colours of `first` moved by `where`, H×W in [0, 1], softly."""
    apart = np.abs(_unit(now) - sampled(_unit(first), where)).max(axis=2)
    found = (apart < SAME).astype(np.float32)
    return np.asarray(np.minimum(found, cv2.GaussianBlur(found, (0, 0), 1.0)), np.float32)


def grid(height: int, width: int) -> Floats:
    """Each pixel's own place (x, y), H×W×2."""
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    return np.stack([x, y], axis=2)


def sampled(values: Floats, where: Floats) -> Floats:
    """Smooth values H×W or H×W×C at other places."""
    return np.asarray(cv2.remap(values, where, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _resting(found: Motion, before: Bytes, now: Bytes) -> Motion:
    """The same, but still where nothing changed and no motion was sure: flat ground beside a thing that moves."""
    changed = np.abs(before.astype(np.int16) - now).max(axis=2).astype(np.uint8)
    still = (cv2.dilate(changed, np.ones((AROUND, AROUND), np.uint8)) <= UNCHANGED) & (found.trust < 0.99)
    where = np.where(still[..., None], grid(*still.shape), found.where)
    return Motion(where, np.maximum(found.trust, still.astype(np.float32)))


def _dis(start: Bytes, end: Bytes) -> Floats:
    found = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(start, end, None)
    return np.asarray(found, np.float32)


def _unit(gray: Bytes) -> Floats:
    return np.asarray(cv2.GaussianBlur(gray.astype(np.float32) / 255, (0, 0), 0.8), np.float32)


def _consistent(backward: Floats, forward: Floats) -> NDArray[np.bool_]:
    apart = ((backward + forward) ** 2).sum(2)
    return np.asarray(apart <= CONSISTENT * ((backward**2).sum(2) + (forward**2).sum(2)) + LEEWAY)


def _smooth(flow: Floats) -> NDArray[np.bool_]:
    steps = sum(np.gradient(flow[..., i], axis=a) ** 2 for i in (0, 1) for a in (0, 1))
    return np.asarray(steps <= BOUNDARY * (flow**2).sum(2) + SLACK + 0.01)


def _inside(where: Floats, rim: float) -> NDArray[np.bool_]:
    height, width = where.shape[:2]
    x, y = where[..., 0], where[..., 1]
    return np.asarray((x >= -rim) & (y >= -rim) & (x <= width - 1 + rim) & (y <= height - 1 + rim))


def _softened(trust: NDArray[np.bool_]) -> Floats:
    """What is beside something doubtful is doubtful, too."""
    sure = cv2.erode(trust.astype(np.float32), np.ones((3, 3), np.uint8))
    return np.asarray(np.minimum(sure, cv2.GaussianBlur(sure, (0, 0), SOFT)), np.float32)
