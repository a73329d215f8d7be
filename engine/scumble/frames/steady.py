"""Keep a painting steady: what was painted before moves with the scene, and only what is new is painted anew.

As Ruder et al. 2016 have it of a loss, here it is of the result, so that it holds for every method: where the motion
can be trusted nearly all comes from the frame before; where it cannot, as behind what moved on, all is painted anew. A
few per cent of new paint let nothing wander off. What is lost of the finest detail by being moved again and again is
given back up to what the new painting has of it.
"""

from __future__ import annotations

import cv2
import numpy as np

from ..picture import Picture, from_working, to_working
from .flow import Floats, Motion, warped

KEPT = 0.95  # of the painting before, where all is certain: measured, docs/frames.md
FINE, NEAR = 1.2, 8.0  # pixels: what counts as the finest detail; over what its amount is compared
MOST = 1.5  # times that it is amplified


def steadied(layer: Picture, before: Picture, motion: Motion, amount: float | Floats = 1.0) -> Picture:
    """The painted `layer` of this frame, held to the layer `before` it; `amount` 0 is the layer as it is.

    `amount` may be H×W, over the layer.

    Both lie where they do on the canvas, of which `motion` has every pixel; what is selected by what is seen there lies
    elsewhere in each frame. Alpha stays the layer's own.
    """
    if not np.any(amount) or (before.depth, before.space) != (layer.depth, layer.space):
        return layer
    cut = np.s_[layer.y : layer.y + layer.height, layer.x : layer.x + layer.width]
    where = motion.where[cut] - np.array([before.x, before.y], np.float32)
    new, _ = to_working(layer)
    old, covered = to_working(before)
    beyond = cv2.BORDER_REPLICATE if before.box == layer.box else cv2.BORDER_CONSTANT  # there nothing was painted
    share = motion.trust[cut] * KEPT * amount * (_moved(covered, where, beyond) >= 0.5)
    held = _held(new, warped(np.ascontiguousarray(old), where), share[..., None])
    colors = from_working(held, layer.depth, layer.space)
    return Picture(np.concatenate([colors, layer.data[..., 3:]], axis=2), layer.space, layer.x, layer.y)


def _held(new: Floats, old: Floats, share: Floats) -> Floats:
    mixed = new + (old - new) * share
    fine, wanted = _fine(mixed), _fine(new)
    gain = np.clip(_amount(wanted) / _amount(fine), 1.0, MOST)[..., None]
    out: Floats = np.clip(mixed + share * (gain - 1) * fine, 0, 1).astype(np.float32)
    return out


def _moved(alpha: Floats, where: Floats, beyond: int) -> Floats:
    moved = cv2.remap(np.ascontiguousarray(alpha), where, None, cv2.INTER_LINEAR, borderMode=beyond)
    return np.asarray(moved, np.float32)


def _fine(picture: Floats) -> Floats:
    return np.asarray(picture - cv2.GaussianBlur(picture, (0, 0), FINE), np.float32)


def _amount(fine: Floats) -> Floats:
    return np.asarray(np.sqrt(cv2.GaussianBlur((fine**2).mean(2), (0, 0), NEAR)) + 1e-4, np.float32)
