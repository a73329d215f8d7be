"""Any style from one picture: *slim* as encoder, adaptive instance normalisation, a small decoder.

After Huang & Belongie 2017 (AdaIN). Deviations: features are renormalised at two depths, conv4_1 and, for the skip,
conv3_1, since 128 channels at 1/8 cannot hold what 512 do; the decoder's own maps are normalised too, with scales and
shifts that `StylePredictor` reads off the style's statistics (as MicroAST, Wang et al. 2023, modulates its decoder).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from ..features.encoder import Encoder
from .stages import Condition, Residual, Stage, conv, run_whole, up

SKIP, DEEP = "conv3_1", "conv4_1"  # 96 channels at 1/4, 128 at 1/8
WIDTHS = (16, 32)  # channels at 1 and 1/2
BLOCKS = (1, 3, 4)  # residual blocks at 1/2, 1/4, 1/8
ADAPTIVE = 2  # of its normalisations are adaptive: the first, at `SKIP` and at `DEEP`
SKIP_REACH, DEEP_REACH = 24, 8  # rows of their input that the encoder's two parts see above and below


class AdaptiveNet(nn.Module):
    """Content N×3×H×W in [0, 1] (H, W multiples of 8) to the painting, about [0, 1].

    The encoder is not part of its state.
    """

    def __init__(self, encoder: Encoder, widths: Sequence[int] = WIDTHS, blocks: Sequence[int] = BLOCKS) -> None:
        super().__init__()
        self._encoder = [encoder]  # a list hides it from state_dict and from `to`
        w0, w1 = widths
        w2, w3 = encoder.widths[SKIP], encoder.widths[DEEP]
        self.norms = [w2, w3]
        half, quarter, eighth = blocks
        self.eighth = self._blocks(eighth, w3)
        self.to_quarter = nn.Conv2d(w3, w2, 1)
        self.quarter = self._blocks(quarter, w2)
        self.to_half, self.i_to_half = conv(w2, w1), self._norm(w1)
        self.at_half, self.i_at_half = conv(w1, w1), self._norm(w1)
        self.half_blocks = self._blocks(half, w1)
        self.to_full, self.i_to_full = conv(w1, w0), self._norm(w0)
        self.at_full, self.i_at_full = conv(w0, w0), self._norm(w0)
        self.out = conv(w0, 3)

    def _norm(self, channels: int) -> int:
        self.norms.append(channels)
        return len(self.norms) - 1

    def _blocks(self, count: int, channels: int) -> nn.ModuleList:
        return nn.ModuleList(Residual(channels, self._norm(2 * channels)) for _ in range(count))

    @property
    def encoder(self) -> Encoder:
        """*slim*."""
        return self._encoder[0]

    @property
    def code_size(self) -> int:
        """Numbers that describe a style: a scale and a shift for each normalised channel."""
        return 2 * sum(self.norms)

    @property
    def direct_size(self) -> int:
        """How many of them, the first, are the style's own statistics (`direct_code`)."""
        return 2 * sum(self.norms[:ADAPTIVE])

    def identity_code(self, rest: Tensor) -> Tensor:
        """The identity's code P from its learned part: of the encoder's features it takes the content's statistics."""
        direct = [t for c in self.norms[:ADAPTIVE] for t in (rest.new_full((c,), -1), rest.new_zeros(c))]
        return torch.cat([*direct, rest])

    def stages(self) -> list[Stage]:
        """The network from content to painting."""

        def encode(x: Tensor) -> Tensor:
            maps: dict[str, Tensor] = self.encoder(x, (SKIP,))
            return maps[SKIP]

        def deepen(y: Tensor) -> Tensor:
            return self.encoder.resume(y, SKIP, DEEP)

        return [
            Stage(None, encode, lambda w, y, k: w, 0.25, 0.25, reach=SKIP_REACH, source=True),
            Stage(0, lambda y: y, lambda w, y, k: w, keeps=True, adaptive=True),
            Stage(1, deepen, lambda w, y, k: w, 0.5, 0.5, reach=DEEP_REACH, again=True, adaptive=True),
            *self.decoder(),
        ]

    def decoder(self) -> list[Stage]:
        """The stages after the adaptive normalisations."""
        eighth: list[Residual] = list(self.eighth)  # type: ignore[arg-type]
        quarter: list[Residual] = list(self.quarter)  # type: ignore[arg-type]
        half: list[Residual] = list(self.half_blocks)  # type: ignore[arg-type]
        last = eighth[-1]

        def join(wide: Tensor, y: Tensor, kept: Tensor | None) -> Tensor:
            assert kept is not None
            return up(self.to_quarter(last.after(wide, y))) + kept

        return [
            *(b.stage() for b in eighth[:-1]),
            Stage(last.index, last.before, join, out_scale=2, joins=True),
            *(b.stage() for b in quarter),
            Stage(self.i_to_half, self.to_half, lambda w, y, k: w),
            Stage(self.i_at_half, lambda y: self.at_half(up(y)), lambda w, y, k: w, 2, 2),
            *(b.stage() for b in half),
            Stage(self.i_to_full, self.to_full, lambda w, y, k: w),
            Stage(
                self.i_at_full,
                lambda y: self.at_full(up(y)),
                self._end,
                2,
                2,
            ),
        ]

    def _end(self, wide: Tensor, y: Tensor, kept: Tensor | None) -> Tensor:
        out: Tensor = self.out(wide.to(self.out.weight.dtype))
        return out + 0.5

    def decode(self, maps: Mapping[str, Tensor], condition: Condition) -> Tensor:
        """The painting from the encoder's maps at `SKIP` and `DEEP`: what training runs."""
        kept = condition(0, maps[SKIP].clone()).relu_()
        return run_whole(self.decoder(), condition(1, maps[DEEP].clone()).relu_(), condition, kept)


def direct_code(moments: Mapping[str, Tensor]) -> Tensor:
    """The part of the codes (N×`direct_size`) that AdaIN takes from the style as it is: deviations less 1, and means.

    `moments` as `scumble.losses.moments` gives them, N×(C+1)×(C+1) by tap.
    """
    parts = []
    for tap in (SKIP, DEEP):
        s = moments[tap]
        mean = s[:, -1, :-1]
        variance = s.diagonal(dim1=1, dim2=2)[:, :-1] - mean.square()
        parts += [variance.clamp_min(0).sqrt() - 1, mean]
    return torch.cat(parts, 1)
