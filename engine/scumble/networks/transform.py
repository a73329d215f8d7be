"""The transformation network: one pass from a recoloured content to a painting, in a style that a code describes.

After Johnson et al. 2016 and Dumoulin et al. 2017, with these deviations. The content comes in the style's colours
already (Monge-Kantorovich), so nothing is normalised: a style scales and shifts each map (FiLM, Perez et al. 2018), and
a pixel depends on what is near it alone. The network adds strokes to the content's own soft colours, so that flat areas
keep theirs, and is given noise, so that flat areas have something to make strokes of.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

ALIGN = 16  # sides are multiples of the noise's coarsest octave
OCTAVES = 3  # of noise: at 1/4, 1/8, 1/16
WIDTHS = (16, 32, 48)  # channels at the end, at 1/2, at 1/4
BLOCKS = 5
REACH = 64  # pixels: what lies further away has no influence


class Affine(Protocol):
    """A style's scale and shift for the maps of a network."""

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """Scale and shift the `index`-th maps N×C×h×w."""


class TransformNet(nn.Module):
    """Content N×3×H×W in [0, 1], in the style's colours, and `noise` N×3×H/4×W/4, to the painting, about [0, 1].

    H and W are multiples of 4. `affines` says how many channels each of its affine steps has.
    """

    def __init__(self, widths: Sequence[int] = WIDTHS, blocks: int = BLOCKS) -> None:
        super().__init__()
        full, half, quarter = widths
        self.affines = [half, quarter, *[quarter] * (2 * blocks), half, full]
        self.into_half = nn.Conv2d(3, half, 5, 2, 2)
        self.into_quarter = nn.Conv2d(half, quarter, 3, 2, 1)
        self.grain = nn.Conv2d(OCTAVES, quarter, 1, bias=False)
        self.blocks = nn.ModuleList(_conv(quarter, quarter) for _ in range(2 * blocks))
        self.to_half, self.to_full, self.out = _conv(quarter, half), _conv(half, full), _conv(full, 3)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for quiet in (*list(self.blocks)[1::2], self.out):
            assert isinstance(quiet, nn.Conv2d)
            nn.init.normal_(quiet.weight, std=0.01)  # a block begins as nothing, the network as its input, softened

    @property
    def steps(self) -> list[nn.Conv2d]:
        """The convolution before each affine step."""
        blocks: list[nn.Conv2d] = list(self.blocks)  # type: ignore[arg-type]
        return [self.into_half, self.into_quarter, *blocks, self.to_half, self.to_full]

    @property
    def code_size(self) -> int:
        """Numbers that describe a style: for each affine step its scales less 1, then its shifts."""
        return 2 * sum(self.affines)

    def forward(self, content: Tensor, noise: Tensor, affine: Affine) -> Tensor:
        """The painting N×3×H×W, not clamped."""
        y = affine(0, self.into_half((content - 0.5).to(self.out.weight.dtype))).relu_()
        y = affine(1, self.into_quarter(y) + self.grain(noise)).relu_()
        index = 2
        for first, second in zip(self.blocks[::2], self.blocks[1::2], strict=True):
            z = affine(index, first(y)).relu_()
            y = y + affine(index + 1, second(z))
            index += 2
        y = affine(index, self.to_half(up(y))).relu_()
        y = affine(index + 1, self.to_full(y)).relu_()
        detail = torch.tanh(self.out(up(y)))  # or else a rare code can make it explode while it learns
        return soft(content) + detail.to(content.dtype)  # 16-bit pictures need more than bf16's eight bits


class Codes:
    """Codes N×P of a batch, one for each picture: what training runs. See `Affine`."""

    def __init__(self, affines: Sequence[int], codes: Tensor) -> None:
        self.parts = torch.split(codes, [n for c in affines for n in (c, c)], 1)

    def of(self, index: int) -> tuple[Tensor, Tensor]:
        """Scales less 1 and shifts N×C of the `index`-th step."""
        return self.parts[2 * index], self.parts[2 * index + 1]

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """See `Affine`."""
        scale, shift = (p[..., None, None].to(maps.dtype) for p in self.of(index))
        return torch.addcmul(maps + shift, maps, scale)


def soft(content: Tensor) -> Tensor:
    """The content N×3×H×W without what is finer than about eight pixels."""
    small = F.avg_pool2d(content, 8, 4, 2, count_include_pad=False)
    return F.interpolate(small, scale_factor=4, mode="bilinear")


def up(y: Tensor) -> Tensor:
    """Twice the size, bilinear."""
    return F.interpolate(y, scale_factor=2, mode="bilinear")


def _conv(inputs: int, outputs: int) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, 3, padding=1)


def noise(count: int, height: int, width: int, generator: torch.Generator) -> Tensor:
    """Noise N×3×H/4×W/4 for pictures of H×W (multiples of 16): white at 1/4, 1/8 and 1/16, of deviation 1."""
    octaves = []
    for octave in range(OCTAVES):
        k = 2**octave
        z = torch.randn(count, 1, height // 4 // k, width // 4 // k, generator=generator)
        octaves.append(F.interpolate(z, scale_factor=k, mode="nearest") if octave else z)
    return torch.cat(octaves, 1)
