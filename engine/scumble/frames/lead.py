"""Frames that were painted by hand lead: what the hand painted moves along with the scene, as far as that is trusted.

Between two of them both are joined, by how near each is and how far the motion to it can be trusted; what only one
knows fades from halfway towards the other, by how much of that is bare: there it would end. Where the hand painted
nothing, or trust is lost, all is as without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..picture import Picture, from_working, to_working
from .flow import Floats, warped
from .way import Way


@dataclass(frozen=True)
class Hand:
    """A key: the picture that was `painted` by hand, the way from it to this frame, and how far it is (any unit).

    At the distance 0 it is this frame itself.
    """

    painted: Picture
    way: Way
    distance: float


@dataclass(frozen=True)
class Lead:
    """What the hands say of a frame: colours times cover H×W×3; `cover` H×W in [0, 1], and `most` of any hand.

    `own` is the hand's picture of this very frame, if there is one. All lies at (`x`, `y`) on the canvas.
    """

    colors: Floats
    cover: Floats
    most: Floats
    own: Picture | None
    x: int
    y: int

    @property
    def whole(self) -> bool:
        """Whether the hand painted all of this very frame."""
        return self.own is not None and bool((self.cover >= 1).all())


def lead_of(hands: Sequence[Hand]) -> Lead:
    """What one or two hands say, whose pictures have one size and place."""
    own = next((h for h in hands if h.distance <= 0), None)
    used = [own] if own is not None else list(hands)
    moved, trust = np.stack([_moved(h) for h in used]), np.stack([h.way.trust for h in used])
    near = np.array(_near([h.distance for h in used]), np.float32)[:, None, None]
    share = trust * near
    bare = 1 - moved[::-1, ..., 3].mean(axis=(1, 2), keepdims=True)  # of the other
    lasting = 1 - bare * (1 - np.minimum(2 * near, 1))
    share *= (trust * lasting).max(axis=0) / np.maximum(share.sum(axis=0), 1e-6)
    told = (moved * share[..., None]).sum(axis=0)
    most = (moved[..., 3] * trust).max(axis=0)
    first, picture = used[0].painted, own.painted if own is not None else None
    return Lead(told[..., :3], np.clip(told[..., 3], 0, 1), most, picture, first.x, first.y)


def led(layer: Picture, lead: Lead, clipped: bool) -> Picture:
    """A painted layer with the hand's paint over it; it lies within the lead's place.

    `clipped`: alpha stays the layer's own, which is that of a selection. What the hand painted opaquely of this very
    frame comes out to the bit, at its own depth or rounded to the layer's.
    """
    x, y = layer.x - lead.x, layer.y - lead.y
    cut = np.s_[y : y + layer.height, x : x + layer.width]
    hand, cover = lead.colors[cut], lead.cover[cut][..., None]
    new, alpha = to_working(layer)
    under = np.ones_like(cover) if clipped else alpha[..., None]
    over = cover + under * (1 - cover)
    mixed = (hand + new * under * (1 - cover)) / np.maximum(over, 1e-6)
    colors = from_working(np.clip(mixed, 0, 1), layer.depth, layer.space)
    covered = cover > 0
    colors = np.where(covered, colors, layer.data[..., :3])
    own_alpha = layer.data[..., 3:]
    alphas = own_alpha if clipped else np.where(covered, from_working(over, layer.depth), own_alpha)
    if lead.own is not None:
        picture = as_layer(lead.own, layer).data[cut]
        exact = cover >= 1
        colors = np.where(exact, picture[..., :3], colors)
    return replace(layer, data=np.concatenate([colors, alphas], axis=2))


def yields(lead: Lead, layer: Picture) -> Floats:
    """How firmly a layer may be held to the frame before it, H×W over the layer: less where hands lead.

    There the frame before shows what the hand said of that one, which need not be so any more.
    """
    x, y = layer.x - lead.x, layer.y - lead.y
    most = lead.most[y : y + layer.height, x : x + layer.width]
    return np.asarray((1 - np.clip(most, 0, 1)) ** 2, np.float32)


def as_layer(painted: Picture, like: Picture) -> Picture:
    """A picture as a layer: RGBA at the depth and in the space of `like`; the same bits where it has both."""
    if (painted.depth, painted.space, painted.channels) == (like.depth, like.space, 4):
        return painted
    rgb, alpha = to_working(painted)
    same = (painted.depth, painted.space) == (like.depth, like.space) and painted.channels > 2
    colors = painted.data[..., :3] if same else from_working(rgb, like.depth, like.space)
    alphas = from_working(np.ascontiguousarray(alpha)[..., None], like.depth)
    return Picture(np.concatenate([colors, alphas], axis=2), like.space, painted.x, painted.y)


def _near(distances: Sequence[float]) -> list[float]:
    """The share of each by its distance: of two the nearer one has more."""
    if len(distances) < 2:
        return [1.0]
    whole = sum(distances)
    return [1 - d / whole for d in distances]


def _moved(hand: Hand) -> Floats:
    """A hand's colours times its cover, and its cover, H×W×4, where they lie in this frame."""
    rgb, alpha = to_working(hand.painted)
    flat: Floats = np.dstack([rgb * alpha[..., None], alpha]).astype(np.float32)
    moved = warped(flat, hand.way.where) if hand.distance > 0 else flat
    return np.asarray(np.clip(moved, 0, 1), np.float32)
