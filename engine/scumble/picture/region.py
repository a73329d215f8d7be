"""The region of a run: crop content to the selection with its context, and put a result back as a layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box, context_box
from .color import FULL, Floats, alpha_of, decode, encode, from_working, to_working
from .masks import checked_mask, full_mask, mask_bounds
from .picture import DEPTHS, Picture


@dataclass(frozen=True, eq=False)
class Region:
    """What is computed: `box` on the canvas (selection plus margin) with its pixels in the working form.

    `rgb` H×W×3, `alpha` and `selection` H×W, all float32 in [0, 1] over `box`; `visible` is the selection's own box
    on the canvas, which the layer covers.
    """

    box: Box
    visible: Box
    rgb: Floats
    alpha: Floats
    selection: Floats
    content: Picture

    def layer(self, rgb: Floats) -> Picture:
        """The result H×W×3 over `box` as a layer; see `layer`."""
        return layer(rgb, self.selection, self.content)


def find_region(content: Picture, selection: Picture | None, margin: float) -> Region:
    """The region of `content` under `selection` (all of it without one), with `margin` as a share of its long side.

    Raises `mask-empty`, `picture-shape`, `picture-large` and `picture-transparent` (when nothing selected is visible).
    """
    whole = content.box
    mask = full_mask(whole) if selection is None else checked_mask(selection, whole, "selection")
    visible = mask_bounds(mask).moved(whole.x, whole.y)
    box = context_box(visible, whole, margin)
    crop = content.crop(box)
    crop.check()
    at = box.moved(-whole.x, -whole.y)
    mask = mask[at.y : at.bottom, at.x : at.right]
    rgb, alpha = to_working(crop)
    if not np.any(alpha * mask > 0):
        raise ScumbleError("picture-transparent", name="picture")
    return Region(box, visible, rgb, alpha, mask, crop)


def layer(rgb: Floats, selection: Floats, content: Picture) -> Picture:
    """The result as an RGBA layer in the content's depth and space, cropped to the selection's own box.

    `rgb` H×W×3 and `selection` H×W lie over `content`'s box. Alpha is the selection, exactly, times the content's
    alpha where that is not opaque: nothing appears where there was nothing. Raises `mask-empty`.
    """
    box = mask_bounds(selection)
    if not box:
        raise ScumbleError("mask-empty", name="selection")
    cut = np.s_[box.y : box.bottom, box.x : box.right]
    colors = from_working(rgb[cut], content.depth, content.space)
    alpha = from_working(selection[cut] * alpha_of(content)[cut], content.depth)
    data = np.concatenate([colors, alpha[..., None]], axis=2)
    return Picture(data, content.space, content.x + box.x, content.y + box.y)


def paste(source: Picture, over: Picture) -> Picture:
    """`source` with the layer `over` laid onto it, in RGB or RGBA as the source is opaque or not.

    Where the layer is transparent the source stays bit for bit, and its alpha does everywhere; where the layer covers
    fully its colours stay bit for bit; between, encoded values are blended. Raises `picture-format` when depth or
    space differ.
    """
    if (source.depth, source.space) != (over.depth, over.space):
        raise ScumbleError(
            "picture-format",
            name="layer",
            reason=f"{over.depth} {over.space}",
            expected=f"{source.depth} {source.space}",
        )
    out = _as_rgb(source)
    shared = over.box.clipped(source.box)
    if shared:
        at = shared.moved(-source.x, -source.y)
        target, top = out[at.y : at.bottom, at.x : at.right], over.crop(shared).data
        share = share_of(top[..., 3], target[..., 3] if out.shape[2] == 4 else None)
        covered, soft = share >= 1, (share > 0) & (share < 1)
        target[covered, :3] = top[covered, :3]
        target[soft, :3] = _mix(target[soft, :3], top[soft, :3], share[soft], source)
    return Picture(out, source.space, source.x, source.y)


def _as_rgb(source: Picture) -> NDArray[Any]:
    """A copy with three colour channels, and alpha if there was one."""
    out: NDArray[Any] = source.data.copy()
    if source.channels >= 3:
        return out
    out = np.concatenate([source.data[..., :1]] * 3 + [source.data[..., 1:]], axis=2)
    return out


def share_of(top: NDArray[Any], source_alpha: NDArray[Any] | None) -> Floats:
    """How much of the layer shows, 0 to 1: its alpha, freed from the source's alpha that `layer` put in."""
    full = FULL.get(DEPTHS[top.dtype], 1)
    base = np.full(top.shape, full, np.float32) if source_alpha is None else source_alpha.astype(np.float32)
    share = np.divide(top, base, out=np.zeros(top.shape, np.float32), where=base > 0, dtype=np.float32)
    clean: Floats = np.nan_to_num(share, copy=False)
    return np.clip(clean, 0, 1)


def _mix(below: NDArray[Any], above: NDArray[Any], share: Floats, source: Picture) -> NDArray[Any]:
    """Stored colours N×3 blended by `share` N in encoded values."""
    full = FULL.get(source.depth, 1)
    a, b = (np.nan_to_num(v.astype(np.float64) / full) for v in (below, above))
    if source.space == "linear":
        a, b = encode(a), encode(b)
    mixed = a + (b - a) * share[:, None].astype(np.float64)
    if source.space == "linear":
        mixed = decode(mixed)
    stored: NDArray[Any] = mixed if source.depth == "f32" else np.rint(mixed * full)
    return stored.astype(below.dtype)
