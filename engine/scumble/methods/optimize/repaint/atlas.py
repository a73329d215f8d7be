"""The styles' paint as one long list of patches: every view below the last in a tall picture, each pixel described."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from ...pixels import blurred
from ...texture.views import View

PATCH = 5  # pixels of a patch's side
DESCRIBED = 20  # numbers that tell of a patch: its principal components
SAMPLE = 6000  # patches of a view that those are found from
GUIDE_BLUR = 3.0  # pixels over which the guide's colours are blurred
GUIDE = 5.0 * PATCH  # weight of the guide beside the patch
ROWS = 128  # of a picture that are described at a time


@dataclass(frozen=True)
class Atlas:
    """M pixels of all views: `colors` M×3, `described` M×D, `usable` M bool (a whole patch of paint lies around it).

    Descriptions are in half precision: they take the most room, and reading them the most time.

    `width` is that of the tall picture, so that the pixel below index i is i + width; `starts` are the rows at which
    views begin, `heights` their rows; `bounds` the first and last index of each style.
    """

    colors: Tensor
    described: Tensor
    usable: Tensor
    width: int
    starts: Tensor
    heights: Tensor
    bounds: Sequence[tuple[int, int]]
    basis: Tensor

    def describe(self, picture: Tensor, guide: Tensor) -> Tensor:
        """What patches of `picture` (1×3×H×W) with the blurred colours `guide` are compared by: H·W×D."""
        height, width = picture.shape[-2:]
        out = torch.empty(height, width, DESCRIBED + 3, dtype=torch.float16, device=picture.device)
        _describe(picture, guide, self.basis, out)
        return out.flatten(0, 1)

    def bare(self) -> Atlas:
        """Only where its views lie: what is needed to carry a field over to another size."""
        return replace(self, colors=self.colors.new_empty(0, 3), described=self.described.new_empty(0, DESCRIBED + 3))


def make_atlas(views: Sequence[Sequence[View]]) -> Atlas:
    """The atlas of each style's views."""
    flat = [view for style in views for view in style]
    device, heights = flat[0].pixels.device, [view.pixels.shape[-2] for view in flat]
    width, total = max(v.pixels.shape[-1] for v in flat), sum(heights)
    basis = _principal([v.pixels for v in flat])
    colors = torch.zeros(total, width, 3, device=device)
    described = torch.zeros(total, width, DESCRIBED + 3, dtype=torch.float16, device=device)
    usable = torch.zeros(total, width, dtype=torch.bool, device=device)
    rows = torch.tensor([0, *heights], device=device).cumsum(0)
    good = [patches for style in views for patches in _usable(style)]
    tops = rows.tolist()[:-1]
    for view, patches, top in zip(flat, good, tops, strict=True):  # a list to be joined takes twice as much room
        height, right = view.pixels.shape[-2:]
        there = (slice(top, top + height), slice(right))
        colors[there] = view.pixels[0].permute(1, 2, 0)
        _describe(view.pixels, blurred(view.pixels, GUIDE_BLUR), basis, described[there])
        usable[there] = patches
    ends = [0]
    for style in views:
        ends.append(ends[-1] + sum(v.pixels.shape[-2] for v in style) * width)
    return Atlas(
        colors.flatten(0, 1), described.flatten(0, 1), usable.flatten(), width, rows[:-1],
        torch.tensor(heights, device=device), list(pairwise(ends)), basis,
    )  # fmt: skip


def _describe(picture: Tensor, guide: Tensor, basis: Tensor, out: Tensor) -> None:
    """Fill `out` (H×W×D), some rows at a time: a large picture's patches in full would take more room than all else."""
    r = PATCH // 2
    padded = F.pad(picture, (r,) * 4, mode="reflect")
    for top in range(0, len(out), ROWS):
        rows = out[top : top + ROWS]
        patches = F.conv2d(padded[..., top : top + len(rows) + 2 * r, :], basis)
        rows[..., :DESCRIBED] = patches[0].permute(1, 2, 0)
        rows[..., DESCRIBED:] = guide[0, :, top : top + len(rows)].permute(1, 2, 0) * GUIDE


def _principal(pictures: Sequence[Tensor]) -> Tensor:
    """The principal components of the pictures' patches as filters D×3×k×k."""
    some = []
    for picture in pictures:
        apart = max(1, int((picture[0, 0].numel() / SAMPLE) ** 0.5))
        some.append(F.unfold(picture, PATCH, stride=apart)[0].t())
    patches = torch.cat(some)
    centred = (patches - patches.mean(0)).double()
    _, vectors = torch.linalg.eigh(centred.t() @ centred)
    basis: Tensor = vectors[:, -DESCRIBED:].t().float()
    return basis.reshape(DESCRIBED, 3, PATCH, PATCH).contiguous()


def _usable(style: Sequence[View]) -> list[Tensor]:
    """For each of a style's views the pixels around which a whole patch is paint; of specks of paint, all of it."""
    for found in ([_whole(v.solid) for v in style], [v.solid for v in style]):
        if any(bool(pixels.any()) for pixels in found):
            return found
    return [torch.ones_like(v.solid) for v in style]


def _whole(solid: Tensor) -> Tensor:
    """Pixels around which a whole patch is paint, H×W bool."""
    r = PATCH // 2
    inside = F.avg_pool2d(F.pad(solid[None, None].float(), (r,) * 4), PATCH, 1) > 1 - 1e-4
    return torch.as_tensor(inside[0, 0])
