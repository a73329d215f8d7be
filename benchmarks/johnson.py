"""The network of Johnson et al. 2016 with random weights: a yardstick of speed, and nothing that could paint.

In the layout that PyTorch's own example of fast neural style made common: instance normalisation, and nearest
neighbours before a convolution in place of transposed ones. Its time does not depend on what it has learned.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor, nn

Paint = Callable[[], Tensor]


class Block(nn.Module):
    """y + conv(conv(y)) at 128 channels."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(*_layer(128, 128, 3), *_layer(128, 128, 3)[:-1])

    def forward(self, y: Tensor) -> Tensor:
        """The block's output."""
        out: Tensor = self.body(y)
        return out.add_(y)


def johnson() -> nn.Sequential:
    """N×3×H×W (H, W multiples of 4) to the same shape; 1 679 235 parameters."""
    return nn.Sequential(
        *_layer(3, 32, 9),
        *_layer(32, 64, 3, stride=2),
        *_layer(64, 128, 3, stride=2),
        *(Block() for _ in range(5)),
        nn.Upsample(scale_factor=2),
        *_layer(128, 64, 3),
        nn.Upsample(scale_factor=2),
        *_layer(64, 32, 3),
        _conv(32, 3, 9),
    )


def yardstick(content: Tensor, dtype: torch.dtype) -> Paint:
    """One pass over `content` (1×3×H×W, float32) in `dtype`, to float32 in [0, 1].

    In the memory layout that is faster on this device, found by trying both: a slow yardstick would flatter.
    """
    return min((_painting(content, dtype, f) for f in (torch.contiguous_format, torch.channels_last)), key=_warm)


def seconds(paint: Paint, device: torch.device) -> float:
    """How long one call takes, with all that it set going on the device."""
    start = time.perf_counter()
    paint()
    if device.type != "cpu":
        torch.accelerator.synchronize(device)
    return time.perf_counter() - start


def _painting(content: Tensor, dtype: torch.dtype, layout: torch.memory_format) -> Paint:
    torch.manual_seed(0)
    net = johnson().requires_grad_(False).eval().to(content.device)
    net.to(dtype=dtype, memory_format=layout)  # type: ignore[call-overload]

    @torch.inference_mode()
    def paint() -> Tensor:
        y: Tensor = net(content.to(dtype).contiguous(memory_format=layout))
        return y.float().clamp_(0, 1)

    return paint


def _warm(paint: Paint) -> float:
    device = paint().device
    return min(seconds(paint, device) for _ in range(2))


def _conv(inputs: int, outputs: int, size: int, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, padding_mode="reflect")


def _layer(inputs: int, outputs: int, size: int, stride: int = 1) -> list[nn.Module]:
    return [_conv(inputs, outputs, size, stride), nn.InstanceNorm2d(outputs, affine=True), nn.ReLU(inplace=True)]
