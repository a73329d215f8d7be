"""The transformation network: one pass from a recoloured content to a painting, in a style that a code describes.

After Johnson et al. 2016 and Dumoulin et al. 2017, with these deviations. The content comes in the style's colours
already (Monge-Kantorovich), so nothing is normalised: a style scales and shifts each map (FiLM, Perez et al. 2018), and
a pixel depends on what is near it alone. The network adds strokes to the content's own broad colours, and can change
neither these nor the light: left free, it fades both toward a style's mean, since its losses bear that better than a
colour beside its place. It is given noise, so that flat areas have something to make strokes of.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .doubling import Kernel, doubling, laid_out

ALIGN = 16  # sides are multiples of the noise's coarsest octave
OCTAVES = 3  # of noise: at 1/4, 1/8, 1/16
WIDTHS = (16, 32, 48)  # channels at the end, at 1/2, at 1/4
BLOCKS = 5
BROAD = 16  # pixels: what is broader is the content's
REACH = 64  # pixels: what lies further away has no influence


class Styling(Protocol):
    """A network's convolutions as styles would have them."""

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """The `index`-th convolution of the maps N×C×h×w."""

    def doubled(self, index: int, maps: Tensor) -> Tensor:
        """The same of maps twice the size, enlarged bilinearly."""


class StyledConv(nn.Conv2d):
    """A convolution that a style's code changes."""

    def __init__(self, inputs: int, outputs: int, side: int = 3, stride: int = 1) -> None:
        super().__init__(inputs, outputs, side, stride, side // 2)
        self.code_size = 2 * outputs

    def kernel(self, code: Tensor, own: nn.Conv2d | None) -> Kernel:
        """Its kernel under a code P: scales less 1 of its outputs, then their shifts. See `TransformNet.kernels`."""
        scale, shift = torch.chunk(code, 2)
        weight, bias = summed(self, own)
        return Kernel(weight * (1 + scale)[:, None, None, None], torch.addcmul(bias + shift, bias, scale))


def summed(conv: nn.Conv2d, own: nn.Conv2d | None) -> Kernel:
    """The kernel of a convolution, and what a style adds to it."""
    assert conv.bias is not None
    if own is None:
        return Kernel(conv.weight, conv.bias)
    assert own.bias is not None
    return Kernel(conv.weight + own.weight, conv.bias + own.bias)


class TransformNet(nn.Module):
    """Content N×3×H×W in [0, 1], in the style's colours, and `noise` N×3×H/4×W/4, to the painting, about [0, 1].

    H and W are multiples of 4.
    """

    def __init__(self, widths: Sequence[int] = WIDTHS, blocks: int = BLOCKS) -> None:
        super().__init__()
        full, half, quarter = widths
        self.into_half, self.into_quarter = StyledConv(3, half, 5, 2), StyledConv(half, quarter, 3, 2)
        self.grain = StyledConv(OCTAVES, quarter, 1)
        self.blocks = nn.ModuleList(StyledConv(quarter, quarter) for _ in range(2 * blocks))
        self.to_half, self.to_full = StyledConv(quarter, half), StyledConv(half, full)
        self.out = nn.Conv2d(full, 3, 3, padding=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                assert module.bias is not None
                nn.init.zeros_(module.bias)
        for quiet in (*list(self.blocks)[1::2], self.out):
            assert isinstance(quiet, nn.Conv2d)
            nn.init.normal_(quiet.weight, std=0.01)  # a block begins as nothing, the network as its input, softened

    @property
    def steps(self) -> list[StyledConv]:
        """The convolutions that a style changes."""
        blocks: list[StyledConv] = list(self.blocks)  # type: ignore[arg-type]
        return [self.into_half, self.into_quarter, self.grain, *blocks, self.to_half, self.to_full]

    @property
    def convs(self) -> list[nn.Conv2d]:
        """All convolutions, in the order in which they are run."""
        return [*self.steps, self.out]

    @property
    def code_size(self) -> int:
        """Numbers that describe a style: for each of `steps` its scales less 1, then its shifts."""
        return sum(step.code_size for step in self.steps)

    def kernels(self, code: Tensor, own: TransformNet | None = None) -> list[Kernel]:
        """The kernels of `convs` under a code P, with the weights that a style adds to all of them before that."""
        parts = torch.split(code, [step.code_size for step in self.steps])
        adds: list[nn.Conv2d | None] = [*own.convs] if own else [None] * len(self.convs)
        styled = [step.kernel(part, more) for step, part, more in zip(self.steps, parts, adds, strict=False)]
        return [*styled, summed(self.out, adds[-1])]

    def forward(self, content: Tensor, noise: Tensor, styled: Styling) -> Tensor:
        """The painting N×3×H×W, not clamped; computed in the noise's precision."""
        y = styled(0, (content - 0.5).to(noise.dtype, memory_format=torch.channels_last)).relu_()
        y = (styled(1, y) + styled(2, noise)).relu_()
        index = 3
        for _ in range(len(self.blocks) // 2):
            y = y + styled(index + 1, styled(index, y).relu_())
            index += 2
        y = styled.doubled(index, y).relu_()
        y = styled(index + 1, y).relu_()
        # Within ±1, or else a rare code can make it explode while it learns; and 16-bit pictures need more than bf16's
        # eight bits.
        detail = torch.tanh(styled.doubled(index + 2, y)).to(content.dtype, memory_format=torch.contiguous_format)
        return detail + soft(content - detail)  # what is broad is the content's


def with_own(net: TransformNet, own: TransformNet | None) -> TransformNet:
    """A network whose weights are the sum of a network's and of what a style adds to them."""
    whole = copy.deepcopy(net)
    for conv, more in zip(whole.convs, own.convs if own else (), strict=bool(own)):
        conv.weight.data += more.weight.data
        assert conv.bias is not None and more.bias is not None
        conv.bias.data += more.bias.data
    return whole


class Codes:
    """Codes N×P of a batch, one for each picture: what training runs. See `Styling`."""

    def __init__(self, net: TransformNet, codes: Tensor, own: TransformNet | None = None) -> None:
        self.convs, self.kernels = net.convs, [net.kernels(code, own) for code in codes]

    def __call__(self, index: int, maps: Tensor) -> Tensor:
        """See `Styling`."""
        return self._each(index, maps, convolved)

    def doubled(self, index: int, maps: Tensor) -> Tensor:
        """See `Styling`."""
        return self._each(index, maps, doubled)

    def _each(self, index: int, maps: Tensor, step: Step) -> Tensor:
        conv = self.convs[index]
        if conv is self.convs[-1]:  # no code changes the last one
            return step(conv, maps, self.kernels[0][index])
        return torch.cat([step(conv, m[None], k[index]) for m, k in zip(maps, self.kernels, strict=True)])


Step = Callable[[nn.Conv2d, Tensor, Kernel], Tensor]


def convolved(conv: nn.Conv2d, maps: Tensor, kernel: Kernel) -> Tensor:
    """Maps N×C×h×w, in their precision, through a convolution like `conv` with a kernel of its own."""
    weight = kernel.weight.to(maps.dtype, memory_format=torch.channels_last)
    return F.conv2d(maps, weight, kernel.bias.to(maps.dtype), conv.stride, conv.padding)


def doubled(conv: nn.Conv2d, maps: Tensor, kernel: Kernel) -> Tensor:
    """The same of maps twice the size, enlarged bilinearly."""
    return laid_out(convolved(conv, maps, doubling(kernel)))


def soft(content: Tensor) -> Tensor:
    """The content N×3×H×W without what is finer than about `BROAD` pixels."""
    step = BROAD // 4  # first, since windows overlap; rows before columns and not torch's pooling, which takes thrice
    count, channels, height, width = content.shape
    rows = content.reshape(count, channels, height // step, step, width).mean(3)
    quarter = rows.view(count, channels, height // step, width // step, step).mean(4)
    small = F.avg_pool2d(quarter, 4, 2, 1, count_include_pad=False)
    return F.interpolate(small, scale_factor=BROAD // 2, mode="bilinear")


def noise(count: int, height: int, width: int, generator: torch.Generator) -> Tensor:
    """Noise N×3×H/4×W/4 for pictures of H×W (multiples of 16): white at 1/4, 1/8 and 1/16, of deviation 1.

    It is uniform: of rare peaks, as a normal distribution has, the network makes marks that repeat.
    """
    octaves = []
    for octave in range(OCTAVES):
        k = 2**octave
        z = (torch.rand(count, 1, height // 4 // k, width // 4 // k, generator=generator) - 0.5) * 12**0.5
        octaves.append(F.interpolate(z, scale_factor=k, mode="nearest") if octave else z)
    return torch.cat(octaves, 1)
