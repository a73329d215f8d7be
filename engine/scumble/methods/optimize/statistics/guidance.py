"""What each region sees of the picture, and the mixture of styles that it wants."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ....losses import View
from ....styles.part import mirror_of
from ...regions import Regions

# A region ends where its share of a pixel is so small that nobody sees it.
SUPPORT = 0.02
ALIGN = 16  # boxes begin at multiples of the deepest stride, so that a crop pools as the whole does
MIN_SIDE = 64


@dataclass(frozen=True)
class Guidance:
    """One region ready for its losses: its view; its weight at each pixel of the view's box (h×w); its share of all
    that is visible; and the mixture (K) of styles that it wants, which sums to 1."""

    view: View
    weight: Tensor
    share: float
    mixture: Tensor


def guidance(regions: Regions) -> list[Guidance]:
    """The regions that have any mass, each with its view and its mixture.

    Where soft masks overlap, a region's moments should be those of an ideal blend: under its weight, the mean over
    pixels of the styles' shares times the styles' moments. So each region wants that mixture of styles.
    """
    of_region = regions.of_region()  # [R, H, W]
    around = regions.visible > 0 if regions.around is None else regions.around
    weights = of_region * regions.visible
    total = float(weights.sum())
    found = []
    for share, w in zip(of_region, weights, strict=True):
        mass = float(w.sum())
        if mass < 1e-6 * total or mass == 0:
            continue
        mixture = (regions.shares * w).sum((1, 2)) / mass
        support = (share > SUPPORT) & around
        view = view_of(support if bool((support & (w > 0)).any()) else w > 0)
        at = w[view.top : view.top + view.height, view.left : view.left + view.width]
        found.append(Guidance(view, at, mass / total, mixture / mixture.sum()))
    return found


def view_of(support: Tensor) -> View:
    """The view of a region with `support` (H×W bool, not empty): its box, and a mirror for what is outside it."""
    height, width = support.shape
    rows, columns = torch.nonzero(support.any(1))[:, 0], torch.nonzero(support.any(0))[:, 0]
    top, bottom = _span(int(rows[0]), int(rows[-1]) + 1, height)
    left, right = _span(int(columns[0]), int(columns[-1]) + 1, width)
    inside = support[top:bottom, left:right]
    if bool(inside.all()):
        return View(top, left, bottom - top, right - left)
    mirror = torch.from_numpy(mirror_of(inside.cpu().numpy())).to(inside.device)
    return View(top, left, bottom - top, right - left, inside, mirror)


def _span(first: int, last: int, length: int) -> tuple[int, int]:
    """An interval around [first, last) of at least `MIN_SIDE`, aligned, within [0, length)."""
    start = min(first, max(0, length - MIN_SIDE)) // ALIGN * ALIGN
    return start, min(length, max(last, start + MIN_SIDE))
