"""Paint a problem in one pass (Johnson et al. 2016; Dumoulin et al. 2017; Ghiasi et al. 2017).

The content is brought to the styles' colours, painted at the scale at which the network knows their strokes, and
enlarged along its own edges. Strength fades from the content to that, so that 0 is the content exactly.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import torch
import torch.nn.functional as F
from torch import Tensor

from ...features.registry import load_encoder
from ...networks.enlarge import Enlarged
from ...networks.painting import paint
from ...networks.patches import in_dabs
from ...networks.scene import Scene
from ...styles.source import resized
from ...wire.request.request import Request
from ..base import Painted, Plan, Reporter
from ..colors import RegionColors
from ..costs import fast_bytes
from ..device import choose_dtype
from ..memory import frugal_size
from ..pixels import luma, without_specks
from ..problem import Problem
from ..regions import Regions
from .codes import Cast, cast
from .looks import Look, textured
from .memory import band_of, least

ROWS = 1 << 19  # pixels that are enlarged at once
AT_ONCE = 1.0  # times the noise that the network was trained with, for a texture of 1: half of it as a rule is cleaner
CRISP = 0.4  # of the finest octave, that is added to it


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
        band = band_of(replace(request, size=frugal_size(request, plan)), plan)
        device = problem.content.device
        report.preparing("network", "painter")
        chosen = cast(
            request.styles, problem.styles, problem.canvas_side, device, choose_dtype(request.precision, device)
        )
        report.check()
        picture = _Pass(problem, request, chosen, report).picture(band)
        return Painted(picture, 1, {}, chosen.painter.name, chosen.notes)


class _Pass:
    """One picture on its way."""

    def __init__(self, problem: Problem, request: Request, chosen: Cast, report: Reporter) -> None:
        self.problem, self.request, self.chosen, self.report = problem, request, chosen, report
        self.start = time.monotonic()
        self.strength = problem.strength(request.strength)

    def picture(self, band: int) -> Tensor:
        """The painting 1×3×H×W in [0, 1]."""
        content, regions = self.problem.content, self.problem.regions
        size = (content.shape[-2], content.shape[-1])
        scale = self.chosen.scale
        small = size if scale == 1 else (max(1, round(size[0] * scale)), max(1, round(size[1] * scale)))
        fitted = regions.resized(small)
        reduced = (resized(content, small) if small != size else content).contiguous()
        looks = [Look(s.source) for s in self.problem.styles]
        seen, samples = [look.colors for look in looks], [look.colors.sample for look in looks]
        colors = RegionColors.of(reduced, fitted, [s.palette for s in seen], samples, self.chosen.vivid)
        colored = colors.apply(reduced, fitted.of_region())
        dabs = in_dabs(self._textured(colored, reduced, fitted, looks), self.chosen.strokes)
        scene = Scene(dabs, self.chosen.styles, fitted.shares, AT_ONCE * self.request.texture, self.request.seed)
        painted = paint(self.chosen.painter.net, scene, self._check, band, self.chosen.dtype)
        painted = _crisp(without_specks(painted))  # the network leaves some along edges
        guide = colors.linear()

        def plain() -> Tensor:  # in the styles' colours without strokes: most pictures do not need it
            return guide.apply(reduced, fitted.of_region())

        painted = self._kept(painted, plain, replace(self.problem, content=reduced, regions=fitted))
        if small[0] > size[0]:
            painted = resized(painted, size)
        enlarged = None if painted.shape[-2:] == size else Enlarged(painted, plain(), size)
        return self._laid(content, painted, enlarged, guide)

    def _textured(self, colored: Tensor, content: Tensor, regions: Regions, looks: Sequence[Look]) -> Tensor:
        """With the styles' textures under what is flat, as far as the request wants them."""
        amount, seed = self.request.texture, self.request.seed
        if not amount:
            return colored
        encoder, side = load_encoder("slim", content.device), self.chosen.scale * self.problem.canvas_side
        sides = [side * s.stroke_size for s in self.problem.styles]
        most = 4 * max(content.shape[-2:])
        textures = [look.texture(n, most, encoder, seed) for look, n in zip(looks, sides, strict=True)]
        self.report.check()
        return textured(colored, content, regions, textures, amount, seed)

    def _kept(self, painted: Tensor, plain: Callable[[], Tensor], problem: Problem) -> Tensor:
        """The painting with the light and dark of the photograph, as far as that weighs more than as a rule."""
        weight = problem.content_weight(self.request.content_weight)
        kept = 1 - torch.as_tensor(weight).clamp_min(1) ** -0.5
        if not bool(kept.any()):
            return painted
        return (painted + kept.to(painted) * luma(plain() - painted)).clamp(0, 1)

    def _laid(self, content: Tensor, painted: Tensor, enlarged: Enlarged | None, guide: RegionColors) -> Tensor:
        """The painting at the content's size, laid over the content as far as styles and strength say."""
        regions, (height, width) = self.problem.regions, content.shape[-2:]
        out, rows = torch.empty_like(content), max(1, ROWS // width)
        for top in range(0, height, rows):
            self.report.check()
            bottom = min(height, top + rows)
            own, shares = content[..., top:bottom, :], regions.rows(top, bottom).of_region()
            if enlarged is None:
                part = painted[..., top:bottom, :]
            else:
                part = enlarged.rows(top, bottom, guide.apply(own, shares))
            strength = self.strength if isinstance(self.strength, float) else self.strength[..., top:bottom, :]
            amount = strength * shares.sum(0).clamp(0, 1)
            out[..., top:bottom, :] = part if float(amount.min()) >= 1 else torch.lerp(own, part, amount)
        return out

    def _check(self, number: int, of: int) -> None:
        self.report.check()
        height, width = self.problem.content.shape[-2:]
        passed = time.monotonic() - self.start
        left = passed * (of - number) / number if number else -1.0
        self.report.progress(number, of, f"{width}×{height}", {}, left)


def _crisp(painted: Tensor) -> Tensor:
    """With the finest octave of luma stronger: trained by losses that bear blur better than a stroke that is beside
    its place, the network leaves it at half of a painting's."""
    height, width = painted.shape[-2:]
    if min(height, width) < 2:
        return painted
    light = luma(painted)
    soft = F.interpolate(F.avg_pool2d(light, 2), size=(height, width), mode="bicubic")
    return (painted + CRISP * (light - soft)).clamp_(0, 1)


FAST = Fast()
