"""A request's styles as sources, and their shares at each pixel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from ..features.encoder import Encoder
from ..features.registry import weights_digest
from ..picture import (
    Picture,
    Region,
    check_mask_size,
    checked_mask,
    file_coverage,
    match_luminance,
    normalise_masks,
    recolor,
    to_working,
)
from ..picture.color import Floats, alpha_of
from ..picture.masks import full_mask
from ..styles.card import CardStyle, load_card
from ..styles.library import find_style, picture_mark
from ..styles.part import part_of
from ..styles.source import StylePicture, StyleSource
from ..styles.statistics import PictureStyle
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import MOST_AT_ONCE
from ..wire.request.choices import EVERYWHERE
from ..wire.request.geometry import Box
from ..wire.request.request import Request
from ..wire.request.style import Style
from .base import LoadPicture
from .working import to_tensor

Place = Callable[[str], Floats]  # the mask of a place by its name, over the region's box


def style_shares(styles: Sequence[Style], load: LoadPicture, box: Box, place: Place) -> Floats:
    """The styles' normalised shares K×H×W over `box`; `place` gives what a style is to be painted on by its name.

    Raises `mask-empty` for a mask that reaches nothing there, and what `place` raises.
    """
    masks = [checked_mask(load(s.mask), box, f"of {s.name}") if s.mask else full_mask(box) for s in styles]
    masks = [m if s.where == EVERYWHERE else m * place(s.where) for s, m in zip(styles, masks, strict=True)]
    shares = normalise_masks(masks, [s.weight for s in styles])
    if not np.any(shares > 0):
        raise ScumbleError("mask-empty", name="of all styles together")
    return shares


def region_ids(styles: Sequence[Style]) -> tuple[int, ...]:
    """The region of each style: styles with the same mask, or with none, share one."""
    keys = [((s.mask.digest, s.mask.x, s.mask.y) if s.mask else None, s.where) for s in styles]
    order = list(dict.fromkeys(keys))
    return tuple(order.index(k) for k in keys)


def needs_recoloring_after(request: Request) -> bool:
    """Whether the result, rather than the styles, must be given the content's palette.

    Gatys et al. 2016 recolour the style picture first. A library card has no picture to recolour, so with any card
    among the styles the result is recoloured instead.
    """
    return request.colors in ("palette", "histogram") and any(s.picture is None for s in request.styles)


@dataclass
class _Named:
    """A named style whose card is read only when it is needed: a method that has learned the style never needs it."""

    name: str
    device: torch.device
    _card: CardStyle | None = field(default=None, repr=False)

    def card(self) -> CardStyle:
        """The card. Raises what `load_card` raises."""
        self._card = self._card or load_card(self.name, weights_digest("slim"))
        return self._card

    @property
    def mark(self) -> str:
        """See `StyleSource`."""
        shown = picture_mark(self.name)
        return shown and f"{self.name} {shown} {self.device}"

    def moments(self, encoder: Encoder, long_side: float, taps: Sequence[str]) -> dict[str, Tensor]:
        """See `StyleSource`."""
        return self.card().moments(encoder, long_side, taps)

    def colors(self) -> tuple[Tensor, Tensor]:
        """See `StyleSource`."""
        return self.card().colors()

    def picture(self, long_side: float) -> StylePicture | None:
        """See `StyleSource`."""
        found = self.card().picture(long_side)
        return found.to(self.device) if found else None


def style_sources(
    request: Request, load: LoadPicture, region: Region, shares: Floats, device: torch.device
) -> list[StyleSource]:
    """One source for each style.

    Raises `style-unknown`, `style-damaged`, `style-no-part`, `style-part-empty`, `style-place-missing` and what loading
    and finding raise.
    """
    sources: list[StyleSource] = []
    for style, share in zip(request.styles, shares, strict=True):
        if style.picture is None:
            if style.picture_mask or style.picture_where != EVERYWHERE:
                raise ScumbleError("style-no-part", name=style.name)
            find_style(style.name)  # a wrong name is an error, whether or not the method will ask for the card
            sources.append(_Named(style.name, device))
            continue
        picture = load(style.picture)
        picture.check(style.name or "style", MOST_AT_ONCE)
        weight, mask = region.selection * region.alpha * share, _part(style, picture, load)
        sources.append(_picture_style(request, style, picture, mask, region.rgb, weight, device))
    return sources


def _picture_style(
    request: Request,
    style: Style,
    picture: Picture,
    mask: Floats | None,
    content: Floats,
    weight: Floats,
    device: torch.device,
) -> PictureStyle:
    assert style.picture is not None
    rgb, alpha = to_working(picture)
    key, share = style.picture.digest, 1.0
    if mask is not None and (mask < 1).any():
        rgb, alpha, share = part_of(rgb, alpha * mask)
        key = f"{key} under {hash(mask.tobytes())}"
    if request.colors == "luminance":
        rgb = match_luminance(rgb, content, alpha, weight)
    elif request.colors != "style" and not needs_recoloring_after(request):
        rgb = recolor(rgb, content, alpha, weight, request.colors)
    if request.colors != "style":
        key = f"{key} in the colours of {hash(rgb.tobytes())}"
    pixels = to_tensor(rgb, device).permute(2, 0, 1)[None]
    return PictureStyle(style.name or "style", pixels, to_tensor(alpha, device)[None, None], key, share)


def _part(style: Style, picture: Picture, load: LoadPicture) -> Floats | None:
    """What of the style's picture counts, H×W; None where all does.

    Raises `mask-size`, `style-part-empty`, `style-place-missing`.
    """
    found = [_masked(style, picture, load)] if style.picture_mask else []
    found += [_place_of(style, picture)] if style.picture_where != EVERYWHERE else []
    if not found:
        return None
    values: Floats = np.prod(found, axis=0, dtype=np.float32)
    if not np.any(values * alpha_of(picture) > 0):
        raise ScumbleError("style-part-empty", name=style.name or "style")
    return values


def _masked(style: Style, picture: Picture, load: LoadPicture) -> Floats:
    assert style.picture_mask is not None
    mask = load(style.picture_mask)
    if style.picture_mask_stretched:
        from .places.refine import scaled  # with SciPy's images, as below

        return scaled(file_coverage(mask), (picture.height, picture.width))
    check_mask_size(mask, picture, f"of the picture {style.name}")
    return file_coverage(mask)


def _place_of(style: Style, picture: Picture) -> Floats:
    """A place that is found in the style's picture as places are in the photograph."""
    from .places.find import find_place  # with SciPy's images: a third of a second that most pictures do not need

    try:
        return find_place(style.picture_where, to_working(picture)[0])
    except ScumbleError as e:
        if e.code != "place-missing":
            raise
        name = style.name or "style"
        raise ScumbleError("style-place-missing", style=name, name=style.picture_where) from None
