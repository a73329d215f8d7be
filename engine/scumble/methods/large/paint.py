"""A picture of hundreds of megapixels: painted as a smaller one is, then brought to its size strip by strip.

Its paint is enlarged as paint (`networks.coherent`), and the light and dark of its own edges comes back from its own
pixels where the painting follows them (`networks.enlarge`). No more of it is held than its bytes, those of the layer,
and a strip of floats.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import torch
from torch import Tensor

from ...networks.bicubic import linear_rows
from ...networks.enlarge import Enlarged
from ...picture import Picture, from_working, keep_chroma, mask_in, to_working
from ...picture.color import LUMA, Floats, alpha_of, coverage
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.pixels import PictureRef
from ...wire.request.choices import EVERYWHERE
from ...wire.request.geometry import Box, context_box
from ...wire.request.request import Request
from ..base import LoadPicture, Outcome, Plan, Reporter
from ..memory import factor_of, is_large
from .reduced import bounds_in, reduced, reduced_mask

__all__ = ["is_large", "paint_large"]

ROWS = 1 << 20  # pixels that are enlarged at once

Place = Callable[[str, Picture], Floats]  # where a named place is in a picture, H×W


class Run(Protocol):
    """How a smaller picture is painted: `run.run`."""

    def __call__(
        self, request: Request, load: LoadPicture, report: Reporter, plan: Plan, *, photographed: bool = True
    ) -> Outcome: ...


def paint_large(
    request: Request, load: LoadPicture, report: Reporter, plan: Plan, paint: Run, find_place: Place
) -> Outcome:
    """As `run`, whose work on the smaller picture `paint` does; raises what that raises."""
    assert request.content is not None
    report.preparing("pictures")
    content = load(request.content)
    selection = load(request.selection) if request.selection else None
    visible = bounds_in(selection, content.box) if selection else content.box
    if not visible:
        raise ScumbleError("mask-empty", name="selection")
    box = context_box(visible, content.box, request.margin)
    crop = content.crop(box)
    crop.check()
    if not is_large(box.width, box.height):
        return _cut_out(request, load, report, plan, paint, crop, selection)
    large = _Large(crop, selection, visible, factor_of(box.width, box.height), report)
    small = large.small(request, load, find_place)
    outcome = paint(small.request, small.load, report, plan, photographed=False)
    layer = large.layer(small, outcome) if request.strength else large.unpainted(small)
    return replace(outcome, layer=layer)


def _cut_out(
    request: Request,
    load: LoadPicture,
    report: Reporter,
    plan: Plan,
    paint: Run,
    crop: Picture,
    selection: Picture | None,
) -> Outcome:
    """A selection that is not large itself, from its part of the picture alone."""
    asked = replace(request, content=crop.ref(), canvas=_canvas(request))
    known = {asked.content.digest: crop} if asked.content else {}
    return paint(asked, lambda ref: known.get(ref.digest) or load(ref), report, plan)


def _canvas(request: Request) -> tuple[int, int]:
    """The measure of strokes: the whole picture, where the request names no canvas."""
    assert request.content is not None
    return request.canvas if max(request.canvas) else (request.content.raw.width, request.content.raw.height)


@dataclass(frozen=True)
class _Small:
    """What is painted in place of a large picture: a request, its pictures, and the place (h×w) that was asked for."""

    request: Request
    content: Picture
    load: LoadPicture
    place: Floats | None


@dataclass(frozen=True)
class _Large:
    """The pixels `content` that are painted, `by` times as large as what is computed, and what of them is seen."""

    content: Picture
    selection: Picture | None
    visible: Box
    by: int
    report: Reporter

    def small(self, request: Request, load: LoadPicture, find_place: Place) -> _Small:
        """The same request of the smaller picture."""
        content = reduced(self.content, self.by)
        known: dict[str, Picture] = {}

        def given(picture: Picture) -> PictureRef:
            ref = picture.ref()
            known[ref.digest] = picture
            return ref

        place = find_place(request.where, content) if request.where != EVERYWHERE else None
        masks = [self._smaller(load(s.mask)) if s.mask else None for s in request.styles]
        selection = self._selected(content, place)
        wide, tall = _canvas(request)
        asked = replace(
            request,
            content=given(content),
            selection=given(selection) if selection else None,
            where=EVERYWHERE,
            styles=tuple(
                replace(s, mask=given(m)) if m else s for s, m in zip(request.styles, masks, strict=True)
            ),
            canvas=(max(1, round(wide / self.by)), max(1, round(tall / self.by))),
            margin=0.0,
        )  # fmt: skip
        return _Small(asked, content, lambda ref: known.get(ref.digest) or load(ref), place)

    def _smaller(self, mask: Picture) -> Picture:
        return reduced_mask(mask, self.content.box, self.by)

    def _selected(self, content: Picture, place: Floats | None) -> Picture | None:
        selection = self._smaller(self.selection) if self.selection else None
        if place is None:
            return selection
        seen = coverage(selection) * place if selection else place
        return Picture(from_working(seen, "u16")[..., None])

    def layer(self, small: _Small, outcome: Outcome) -> Picture:
        """What the smaller picture came to as the layer of this one."""
        painted = outcome.layer
        rgb = to_working(small.content)[0]
        plain = _tensor(np.repeat((rgb @ LUMA)[..., None], 3, 2))
        rgb[painted.y : painted.box.bottom, painted.x : painted.box.right] = to_working(painted)[0]
        size = small.content.height * self.by, small.content.width * self.by
        enlarged = Enlarged(_tensor(rgb), plain, size)

        def rows(top: int, own: Floats) -> Floats:
            light = np.pad(own @ LUMA, ((0, 0), (0, size[1] - own.shape[1])), mode="edge")
            guide = torch.from_numpy(light)[None, None].expand(1, 3, -1, -1)
            out: Floats = enlarged.rows(top, top + len(own), guide)[0].permute(1, 2, 0).numpy()[:, : own.shape[1]]
            return self._photographed(out, own, top, small.request, outcome)

        return self._assembled(small, rows)

    def _photographed(self, rgb: Floats, own: Floats, top: int, request: Request, outcome: Outcome) -> Floats:
        """Rows of the painting as photorealistic as they are to be, which they are where it was painted."""
        if outcome.look is None:
            return rgb
        box, wide = outcome.layer.box, own.shape[1]
        left, right = box.x * self.by, box.right * self.by
        part = np.pad(own[:, left:right], ((0, 0), (0, max(0, right - wide)), (0, 0)), mode="edge")
        seen = outcome.look.rows(_tensor(part), top - box.y * self.by, box.height * self.by)
        colors = seen[0].permute(1, 2, 0).numpy()[:, : wide - left]
        if request.colors == "luminance":
            colors = keep_chroma(colors, own[:, left:right])
        out: Floats = rgb.copy()
        out[:, left:right] += np.float32(request.photorealistic) * (colors - rgb[:, left:right])
        return out

    def unpainted(self, small: _Small) -> Picture:
        """The layer without strength: the picture's own pixels."""
        return self._assembled(small, lambda top, own: own)

    def _assembled(self, small: _Small, rows: Callable[[int, Floats], Floats]) -> Picture:
        content, visible = self.content, self.visible
        at = visible.moved(-content.x, -content.y)
        data = np.empty((visible.height, visible.width, 4), content.data.dtype)
        strip, begin = max(1, ROWS // content.width), time.monotonic()
        for top in range(at.y, at.bottom, strip):
            bottom = min(at.bottom, top + strip)
            part = content.crop(Box(content.x, content.y + top, content.width, bottom - top))
            rgb, alpha = rows(top, to_working(part)[0]), self._alpha(part, small, top)
            cut = np.s_[:, at.x : at.right]
            into = data[top - at.y : bottom - at.y]
            into[..., :3] = from_working(rgb[cut], content.depth, content.space)
            into[..., 3] = from_working(alpha[cut], content.depth)
            self._tell(bottom - at.y, at.height, time.monotonic() - begin)
        return Picture(data, content.space, visible.x, visible.y)

    def _alpha(self, part: Picture, small: _Small, top: int) -> Floats:
        alpha = alpha_of(part)
        if self.selection:
            alpha = alpha * mask_in(self.selection, part.box)
        if small.place is None:
            return alpha
        size = small.content.height * self.by, small.content.width * self.by
        place = linear_rows(torch.from_numpy(small.place)[None, None], size, top, top + part.height)[0, 0].numpy()
        out: Floats = alpha * place[:, : part.width]
        return out

    def _tell(self, done: int, of: int, passed: float) -> None:
        self.report.check()
        form = f"{self.content.width}×{self.content.height}"
        self.report.progress(done, of, form, {}, passed * (of - done) / done)


def _tensor(values: Floats) -> Tensor:
    return torch.from_numpy(values).permute(2, 0, 1)[None].contiguous()
