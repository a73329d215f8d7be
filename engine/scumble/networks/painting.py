"""Run the transformation network on a scene of any size: stage by stage, in bands of rows.

Each stage is swept twice: once for the statistics of the whole picture, once for its output. So bands change nothing
but the order in which sums are made, there is no seam, and only the maps between stages are ever whole: the largest
takes 64 bytes for each 4 pixels in bf16. (URST, Chen et al. 2022, takes the statistics from a thumbnail instead, which
are others.) A picture of one band is swept once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from .condition import Codes, painted
from .scene import Octaves, Scene
from .statistics import Sums
from .transform import REACH, Stage, TransformNet

BAND = 1 << 22  # numbers of a stage's widest map that are computed at a time, times its channels' share
WHOLE = 4 << 20  # pixels up to which a picture is one band

Check = Callable[[int, int], None]  # called before each stage with its number and their count; may raise


@torch.inference_mode()
def paint(net: TransformNet, scene: Scene, check: Check, band: int = 0) -> Tensor:
    """The painting of a scene, 1×3×H×W in [0, 1], float32, in bands of `band` pixels (0: as the size demands)."""
    height, width = scene.content.shape[-2:]
    aligned = scene.aligned()
    runner = _Runner(net, aligned, band or (0 if height * width <= WHOLE else BAND // 4))
    y, kept = aligned.content.to(net.stem.weight.dtype).contiguous(memory_format=torch.channels_last), None
    stages = net.stages()
    for i, stage in enumerate(stages):
        check(i, len(stages))
        y = runner.run(stage, y, kept if stage.joins else None)
        kept = y if stage.keeps else None if stage.joins else kept
    out = y[..., :height, :width].float().clamp_(0, 1)
    return torch.lerp(scene.content, out, scene.amount)


class _Runner:
    """One scene on its way through the stages."""

    def __init__(self, net: TransformNet, scene: Scene, band: int) -> None:
        self.codes, self.band = Codes(net.norms, scene.codes), band
        self.shares, self.weight = Octaves(scene.shares), Octaves(scene.weight[None])
        self.width = scene.content.shape[-1]

    def run(self, stage: Stage, y: Tensor, kept: Tensor | None) -> Tensor:
        """A stage's output for its input, 1×C×h×w."""
        bands = list(self._bands(y.shape[-2], y.shape[-1]))
        sums = Sums(self.codes.norms[stage.index], y.device)
        if len(bands) == 1:
            wide = stage.before(y)
            sums.add(wide, self._weight(wide, 0, wide.shape[-2]))
            return stage.after(self._normalised(stage, wide, sums, 0), y, kept)
        for top, bottom in bands:
            wide = self._inner(stage.before(_seen(y, top, bottom)), stage.scale, y, top, bottom)
            sums.add(wide, self._weight(wide, int(top * stage.scale), int(bottom * stage.scale)))
        out: Tensor | None = None
        for top, bottom in bands:
            seen, first = _seen(y, top, bottom), max(0, top - REACH)
            wide = self._normalised(stage, stage.before(seen), sums, int(first * stage.scale))
            beside = None if kept is None else _seen(kept, 2 * top, 2 * bottom, 2 * REACH)
            part = self._inner(stage.after(wide, seen, beside), stage.out_scale, y, top, bottom)
            if out is None:
                shape = (1, part.shape[1], int(y.shape[-2] * stage.out_scale), part.shape[-1])
                out = torch.empty(shape, dtype=part.dtype, device=y.device, memory_format=torch.channels_last)
            out[..., int(top * stage.out_scale) : int(bottom * stage.out_scale), :] = part
        assert out is not None
        return out

    def _bands(self, height: int, width: int) -> Iterator[tuple[int, int]]:
        """First and last row of each band of a stage's input."""
        rows = height
        if self.band:
            rows = max(2 * REACH, self.band // self.width // 2 * 2)
        for top in range(0, height, rows):
            yield top, min(height, top + rows)

    def _weight(self, wide: Tensor, top: int, bottom: int) -> Tensor:
        return self.weight(wide.shape[-1])[0, top:bottom]

    def _normalised(self, stage: Stage, wide: Tensor, sums: Sums, top: int) -> Tensor:
        shares = self.shares(wide.shape[-1])[:, top : top + wide.shape[-2]]
        return painted(wide, sums.mean_and_variance(), self.codes.affine(stage.index), shares).relu_()

    @staticmethod
    def _inner(seen: Tensor, scale: float, y: Tensor, top: int, bottom: int) -> Tensor:
        """The band's own rows of a map of what it sees."""
        start = int((top - max(0, top - REACH)) * scale)
        return seen[..., start : start + int((bottom - top) * scale), :]


def _seen(y: Tensor, top: int, bottom: int, reach: int = REACH) -> Tensor:
    """The rows of a band with those that it depends on above and below."""
    return y[..., max(0, top - reach) : min(y.shape[-2], bottom + reach), :]
