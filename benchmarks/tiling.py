"""Statistics in tiles beside the whole picture's: the loss, its gradient, time and memory.

    python -m benchmarks.tiling [--side 2048] [--objective gram covariance sliced patches]

Three styles under three soft masks, one evaluation with its gradient each, by *slim* in fp32. What the process grows by
at its peak is told.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import psutil
import torch
from PIL import Image
from skimage import data
from torch import Tensor

from scumble.features.encoder import Encoder, Saving
from scumble.features.registry import load_encoder
from scumble.losses import TotalLoss
from scumble.methods.optimize.distances.kinds import COVARIANCE, PATCHES, SLICED
from scumble.methods.optimize.statistics.kind import GRAM
from scumble.methods.optimize.statistics.objective import objective
from scumble.wire.request.request import Request

from .memory import Watch
from .problems import picture, problem

KINDS = {"gram": GRAM, "covariance": COVARIANCE, "sliced": SLICED, "patches": PATCHES}
PAINTINGS = ("coffee", "chelsea", "rocket")  # photographs: any picture is a style


def shares(side: int) -> Tensor:
    """Three soft shares 3×H×W whose sum is 1."""
    down, across = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
    far = torch.stack([(down - y) ** 2 + (across - x) ** 2 for y, x in ((0.3, 0.2), (0.7, 0.4), (0.4, 0.8))])
    return (far * -20).softmax(0)


def made(name: str, side: int, encoder: Encoder) -> tuple[TotalLoss, Tensor]:
    """The objective called `name` of a photograph, and a picture to look at."""
    content = picture(Image.fromarray(np.asarray(data.astronaut())), side)
    styles = [(n, picture(Image.fromarray(np.asarray(getattr(data, n)())), 512)) for n in PAINTINGS]
    noise = torch.randn(content.shape, generator=torch.Generator().manual_seed(1))
    loss = objective(problem(content, styles, shares(side)), encoder, Request(objective=name), KINDS[name])
    return loss, (content + 0.1 * noise).clamp(0, 1)


def evaluated(loss: TotalLoss, x: Tensor, how: Saving) -> tuple[float, Tensor]:
    """The loss and its gradient, with what they took."""
    loss.encoder.saving = how
    process, watch, began = psutil.Process(), Watch(), time.monotonic()
    before = process.memory_info().rss
    watch.start()
    value, gradient = loss(x)
    seconds, watch.ended = time.monotonic() - began, True
    grew = (max(watch.peaks.values()) - before) / 1e9
    print(f"  {how}: loss {value:.7g}, {seconds:.1f} s, grew by {grew:.2f} GB", flush=True)
    return value, gradient


def main() -> None:
    """Print both for every objective, and how far they are apart."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--side", type=int, default=2048)
    p.add_argument("--objective", nargs="+", choices=KINDS, default=list(KINDS))
    args = p.parse_args()
    encoder = load_encoder("slim", "cpu", torch.float32)
    for name in args.objective:
        print(f"{name}, {args.side} px")
        encoder.saving = "tiles"  # the targets, too
        loss, x = made(name, args.side, encoder)
        tiled, found = evaluated(loss, x, "tiles")
        whole, gradient = evaluated(loss, x, "off")
        apart = float((found - gradient).norm() / gradient.norm())
        print(f"  apart: loss {abs(tiled / whole - 1):.1e}, gradient {apart:.1e} of its norm", flush=True)


if __name__ == "__main__":
    main()
