"""Paint a problem in one pass (Johnson et al. 2016; Dumoulin et al. 2017; Ghiasi et al. 2017).

The content is brought to the styles' colours, painted at the scale at which the network knows their strokes, and
enlarged along its own edges. Strength fades from the content to that, so that 0 is the content exactly.
"""

from __future__ import annotations

import time

import torch
from torch import Tensor

from ...networks.enlarge import Enlarged
from ...networks.painting import paint
from ...networks.patches import in_dabs
from ...networks.scene import Scene
from ...styles.source import resized
from ...wire.request.request import Request
from ..base import Painted, Plan, Reporter
from ..colors import Palette, RegionColors
from ..costs import fast_bytes
from ..device import choose_dtype
from ..problem import Problem
from .codes import Cast, cast
from .memory import band_of, least

ROWS = 1 << 19  # pixels that are enlarged at once
AT_ONCE = 1.0  # times the noise that the network was trained with, for a texture of 1: half of it as a rule is cleaner


class Fast:
    """See `base.Method`."""

    def estimate(self, request: Request) -> int:
        """See `base.Method`."""
        return fast_bytes(request)

    def least(self, request: Request) -> int:
        """See `base.Method`: in narrow bands."""
        return least(request)

    def paint(self, problem: Problem, request: Request, report: Reporter, plan: Plan) -> Painted:
        """See `base.Method`; a frugal plan paints in narrow bands.

        Raises `cancelled`, `memory`, `weights-damaged`, `style-damaged`.
        """
        height, width = problem.content.shape[-2:]
        band = band_of(height * width, plan)
        device = problem.content.device
        chosen = cast(
            request.styles, problem.styles, problem.canvas_side, device, choose_dtype(request.precision, device)
        )
        picture = _Pass(problem, request, chosen, report).picture(band)
        return Painted(picture, 1, {}, chosen.painter.name, chosen.notes)


class _Pass:
    """One picture on its way."""

    def __init__(self, problem: Problem, request: Request, chosen: Cast, report: Reporter) -> None:
        self.problem, self.request, self.chosen, self.report = problem, request, chosen, report
        self.start = time.monotonic()

    def picture(self, band: int) -> Tensor:
        """The painting 1×3×H×W in [0, 1]."""
        content, regions = self.problem.content, self.problem.regions
        size = (content.shape[-2], content.shape[-1])
        scale = self.chosen.scale
        small = size if scale == 1 else (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
        fitted = regions.resized(small)
        reduced = resized(content, small) if small != size else content
        palettes = [Palette(*(t.double() for t in s.source.colors())) for s in self.problem.styles]
        colors = RegionColors.of(reduced, fitted, palettes)
        colored = colors.apply(reduced, fitted.of_region())
        dabs = in_dabs(colored, self.chosen.strokes)
        scene = Scene(dabs, self.chosen.styles, fitted.shares, AT_ONCE * self.request.texture, self.request.seed)
        painted = paint(self.chosen.painter.net, scene, self._check, band, self.chosen.dtype)
        if small[0] > size[0]:
            painted, colored = resized(painted, size), resized(colored, size)
        return self._laid(content, painted, colored, colors)

    def _laid(self, content: Tensor, painted: Tensor, colored: Tensor, colors: RegionColors) -> Tensor:
        """The painting at the content's size, laid over the content as far as styles and strength say."""
        regions, (height, width) = self.problem.regions, content.shape[-2:]
        whole = painted.shape[-2:] == content.shape[-2:]
        enlarged = None if whole else Enlarged(painted, colored, (height, width))
        out, rows = torch.empty_like(content), max(1, ROWS // width)
        for top in range(0, height, rows):
            self.report.check()
            bottom = min(height, top + rows)
            own, shares = content[..., top:bottom, :], _rows_of(regions.shares, regions.region_of, top, bottom)
            if enlarged is None:
                part = painted[..., top:bottom, :]
            else:
                part = enlarged.rows(top, bottom, colors.apply(own, shares))
            amount = self.request.strength * shares.sum(0).clamp(0, 1)
            out[..., top:bottom, :] = torch.lerp(own, part, amount)
        return out

    def _check(self, number: int, of: int) -> None:
        self.report.check()
        height, width = self.problem.content.shape[-2:]
        passed = time.monotonic() - self.start
        left = passed * (of - number) / number if number else -1.0
        self.report.progress(number, of, f"{width}×{height}", {}, left)


def _rows_of(shares: Tensor, region_of: tuple[int, ...], top: int, bottom: int) -> Tensor:
    """Some rows of each region's share, R×n×W."""
    part = shares[:, top:bottom]
    out = part.new_zeros(max(region_of) + 1, *part.shape[1:])
    return out.index_add_(0, torch.tensor(region_of, device=part.device), part)


FAST = Fast()
