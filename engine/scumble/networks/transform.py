"""The image transformation network: one pass from content to painting (Johnson et al. 2016).

Its convolutions know no style: each normalisation is asked of a `Condition`, which holds the styles' scales and shifts
(conditional instance normalisation, Dumoulin et al. 2017) and says where on the picture they apply. Deviations from
Johnson et al.: separable residual blocks with the normalisation on their widened middle; three octaves down, with one
skip at 1/4 (finer ones let the photograph's grain through); averages down and bilinear up in place of strides (no
grid); reflection at every border.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor, nn

from .stages import Condition, Residual, Stage, conv, down, run_whole, up

WIDTHS = (16, 32, 64, 128)  # channels at 1, 1/2, 1/4, 1/8 of the picture's size
BLOCKS = (2, 8, 3)  # residual blocks at 1/4 on the way down, at 1/8, at 1/4 on the way up
ALIGN = 8  # sides must be multiples of the coarsest octave


class TransformNet(nn.Module):
    """Content N×3×H×W in [0, 1] (H, W multiples of 8) to the painting, about [0, 1]."""

    def __init__(self, widths: Sequence[int] = WIDTHS, blocks: Sequence[int] = BLOCKS) -> None:
        super().__init__()
        w0, w1, w2, w3 = widths
        self.norms: list[int] = []  # channels of each normalisation, in the order of their indices
        self.stem, self.i_stem = conv(3, w0), self._norm(w0)
        self.enc_half, self.i_enc_half = conv(w0, w1), self._norm(w1)
        self.enc_quarter, self.i_enc_quarter = conv(w1, w2), self._norm(w2)
        self.down = self._blocks(blocks[0], w2)
        self.enc_eighth, self.i_enc_eighth = conv(w2, w3), self._norm(w3)
        self.middle = self._blocks(blocks[1], w3)
        self.to_quarter = nn.Conv2d(w3, w2, 1)
        self.up = self._blocks(blocks[2], w2)
        self.to_half, self.i_to_half = conv(w2, w1), self._norm(w1)
        self.at_half, self.i_at_half = conv(w1, w1), self._norm(w1)
        self.to_full, self.i_to_full = conv(w1, w0), self._norm(w0)
        self.at_full, self.i_at_full = conv(w0, w0), self._norm(w0)
        self.out = conv(w0, 3)

    def _norm(self, channels: int) -> int:
        self.norms.append(channels)
        return len(self.norms) - 1

    def _blocks(self, count: int, channels: int) -> nn.ModuleList:
        return nn.ModuleList(Residual(channels, self._norm(2 * channels)) for _ in range(count))

    @property
    def code_size(self) -> int:
        """Numbers that describe a style: a scale and a shift for each normalised channel."""
        return 2 * sum(self.norms)

    def stages(self) -> list[Stage]:
        """The network from content to painting, a stage for each normalisation."""
        on_way_down: list[Residual] = list(self.down)  # type: ignore[arg-type]
        middle: list[Residual] = list(self.middle)  # type: ignore[arg-type]
        on_way_up: list[Residual] = list(self.up)  # type: ignore[arg-type]
        last = middle[-1]

        def join(wide: Tensor, y: Tensor, kept: Tensor | None) -> Tensor:
            assert kept is not None
            return up(self.to_quarter(last.after(wide, y))) + kept

        return [
            Stage(self.i_stem, lambda x: self.stem(x - 0.5), lambda w, y, k: down(w), out_scale=0.5),
            Stage(self.i_enc_half, self.enc_half, lambda w, y, k: down(w), out_scale=0.5),
            Stage(self.i_enc_quarter, self.enc_quarter, lambda w, y, k: w),
            *(b.stage(keeps=b is on_way_down[-1]) for b in on_way_down),
            Stage(self.i_enc_eighth, lambda y: self.enc_eighth(down(y)), lambda w, y, k: w, 0.5, 0.5),
            *(b.stage() for b in middle[:-1]),
            Stage(last.index, last.before, join, out_scale=2, joins=True),
            *(b.stage() for b in on_way_up),
            Stage(self.i_to_half, self.to_half, lambda w, y, k: w),
            Stage(self.i_at_half, lambda y: self.at_half(up(y)), lambda w, y, k: w, 2, 2),
            Stage(self.i_to_full, self.to_full, lambda w, y, k: w),
            Stage(self.i_at_full, lambda y: self.at_full(up(y)), lambda w, y, k: self.out(w) + 0.5, 2, 2),
        ]

    def forward(self, x: Tensor, condition: Condition) -> Tensor:
        """All stages on whole maps; what training runs."""
        return run_whole(self.stages(), x, condition)
