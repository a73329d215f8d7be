"""Run the transformation network on a scene of any size: stage by stage, in bands of rows.

Each stage is swept twice: once for the statistics of the whole picture, once for its output. So bands change nothing,
there is no seam, and only the maps between stages are ever whole: the largest takes 64 bytes for each 4 pixels in bf16.
(URST, Chen et al. 2022, takes the statistics from a thumbnail instead, which are others.) A picture of one band is
swept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import torch
from torch import Tensor

from .condition import Codes, painted, with_own
from .scene import RIM, Octaves, Scene
from .stages import ALIGN, Stage
from .statistics import Sums

BAND = 1 << 18  # pixels of the picture that a band covers
GAIN = 4.0  # a flat painting's grain is not stretched further
WHOLE = 1 << 21  # pixels up to which a picture is one band

Check = Callable[[int, int], None]  # called before each stage with its number and their count; may raise


class Network(Protocol):
    """What can be painted with; see `AdaptiveNet`."""

    norms: list[int]

    def stages(self) -> list[Stage]:
        """The network, a stage for each normalisation."""


@torch.inference_mode()
def paint(net: Network, scene: Scene, check: Check, dtype: torch.dtype = torch.float32, band: int = 0) -> Tensor:
    """The painting of a scene, 1×3×H×W in [0, 1], float32; `dtype` is the network's.

    In bands of `band` pixels (0: as the size demands).
    """
    height, width = scene.content.shape[-2:]
    framed = scene.framed(dtype)
    runner = _Runner(net, framed, band or (0 if height * width <= WHOLE else BAND))
    y = framed.content.contiguous(memory_format=torch.channels_last)
    del framed  # and with it its content
    kept: Tensor | None = None
    source, stages = y.new_empty(0), net.stages()
    for i, stage in enumerate(stages):
        check(i, len(stages))
        y = runner.run(stage, source if stage.again else y, kept if stage.joins else None)
        kept = y if stage.keeps else None if stage.joins else kept
        source = y if stage.source or stage.again else source
    own = y[..., RIM : RIM + height, RIM : RIM + width].float()
    out = recalled(own, scene.content, scene.weight, float(scene.own[0]))
    out.clamp_(0, 1)
    return out if scene.amount is None else torch.lerp(scene.content, out, scene.amount)


def recalled(painted: Tensor, content: Tensor, weight: Tensor, own: float) -> Tensor:
    """A painting 1×3×H×W that takes back a share `own` of the content's mean and deviation of each channel.

    The decoder's normalisations forget both, so that not even the identity's code could restore them.
    """
    if own <= 0:
        return painted
    (mean, variance), (own_mean, own_variance) = (_colors(picture, weight) for picture in (painted, content))
    gain = (own_variance.clamp_min(1e-6) / variance.clamp_min(1e-6)).sqrt().clamp_max(GAIN)
    restored = (painted - mean[:, None, None]) * gain[:, None, None] + own_mean[:, None, None]
    return torch.lerp(painted, restored, own)


def _colors(picture: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
    sums = Sums(3, picture.device)
    sums.add(picture, weight)
    return sums.mean_and_variance()


class _Runner:
    """One scene on its way through the stages."""

    def __init__(self, net: Network, scene: Scene, band: int) -> None:
        self.codes, self.own, self.band = Codes(net.norms, scene.codes), scene.own, band
        self.shares, self.weight = Octaves(scene.shares), Octaves(scene.weight[None])
        self.width = scene.content.shape[-1]

    def run(self, stage: Stage, y: Tensor, kept: Tensor | None) -> Tensor:
        """A stage's output for its input, 1×C×h×w."""
        bands = list(self._bands(y.shape[-2], y.shape[-1], stage.reach))
        sums = None if stage.norm is None else Sums(self.codes.norms[stage.norm], y.device)
        if len(bands) == 1:
            wide = stage.before(y)
            if sums is not None:
                sums.add(wide, self._weight(wide, 0, wide.shape[-2]))
            return stage.after(self._normalised(stage, wide, sums, 0), y, kept)
        for top, bottom in bands if sums is not None else ():
            assert sums is not None
            wide = _inner(stage.before(_seen(y, top, bottom, stage.reach)), stage, stage.scale, top, bottom)
            sums.add(wide, self._weight(wide, int(top * stage.scale), int(bottom * stage.scale)))
        return self._outputs(stage, y, kept, sums, bands)

    def _outputs(
        self, stage: Stage, y: Tensor, kept: Tensor | None, sums: Sums | None, bands: list[tuple[int, int]]
    ) -> Tensor:
        """The second sweep."""
        out, above = y if stage.replaces else None, y[..., :0, :]
        for top, bottom in bands:
            seen = torch.cat([above, y[..., top : bottom + stage.reach, :]], 2)  # channels-last, as its parts
            above = y[..., max(0, bottom - stage.reach) : bottom, :].clone()  # before its place is taken
            wide = self._normalised(stage, stage.before(seen), sums, int(max(0, top - stage.reach) * stage.scale))
            beside = None if kept is None else _seen(kept, 2 * top, 2 * bottom, 2 * stage.reach)
            part = _inner(stage.after(wide, seen, beside), stage, stage.out_scale, top, bottom)
            if out is None:
                shape = (1, part.shape[1], int(y.shape[-2] * stage.out_scale), part.shape[-1])
                out = torch.empty(shape, dtype=part.dtype, device=y.device, memory_format=torch.channels_last)
            out[..., int(top * stage.out_scale) : int(bottom * stage.out_scale), :] = part
        assert out is not None
        return out

    def _bands(self, height: int, width: int, reach: int) -> Iterator[tuple[int, int]]:
        """First and last row of each band of a stage's input; all begin at multiples of 8."""
        rows = height
        if self.band:  # coarser stages have more channels, so their bands cover no more of the picture
            rows = max(2 * reach, self.band * width // self.width**2 // ALIGN * ALIGN)
        for top in range(0, height, rows):
            yield top, min(height, top + rows)

    def _weight(self, wide: Tensor, top: int, bottom: int) -> Tensor:
        return self.weight(wide.shape[-1])[0, top:bottom]

    def _normalised(self, stage: Stage, wide: Tensor, sums: Sums | None, top: int) -> Tensor:
        if stage.norm is None or sums is None:
            return wide
        shares = self.shares(wide.shape[-1])[:, top : top + wide.shape[-2]]
        statistics, affine = sums.mean_and_variance(), self.codes.affine(stage.norm)
        if stage.adaptive:
            affine = with_own(affine, statistics, self.own)
        return painted(wide, statistics, affine, shares).relu_()


def _seen(y: Tensor, top: int, bottom: int, reach: int) -> Tensor:
    """The rows of a band with those that it depends on above and below."""
    return y[..., max(0, top - reach) : min(y.shape[-2], bottom + reach), :]


def _inner(seen: Tensor, stage: Stage, scale: float, top: int, bottom: int) -> Tensor:
    """The band's own rows of a map of what it sees."""
    start = int((top - max(0, top - stage.reach)) * scale)
    return seen[..., start : start + int((bottom - top) * scale), :]
