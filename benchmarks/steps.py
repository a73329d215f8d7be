"""Seconds of an optimization step: *slim* as it runs by default against VGG19's architecture in plain fp32.

    python -m benchmarks.steps [--size 512] [--rounds 7]

The two take turns, so that a machine whose speed drifts slows both; the ratio is the result.
"""

from __future__ import annotations

import argparse
import statistics
import time

import torch
from PIL import Image
from skimage.data import astronaut, chelsea, coffee
from torch import Tensor

from scumble.features.encoder import VGG19_DEPTHS, Encoder
from scumble.features.registry import load_encoder
from scumble.losses import TotalLoss
from scumble.methods.device import choose_device, choose_dtype
from scumble.methods.optimize.statistics.objective import objective
from scumble.wire.request.request import Request

from .problems import halves, picture, problem


def seconds(loss: TotalLoss, content: Tensor) -> float:
    """How long one evaluation with its gradient takes."""
    start = time.perf_counter()
    loss(content)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians and the median ratio."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--size", type=int, default=512)
    p.add_argument("--rounds", type=int, default=7)
    args = p.parse_args()
    device = choose_device("cpu")
    slim = load_encoder("slim", device, choose_dtype("auto", device))
    vgg19 = Encoder("vgg19", VGG19_DEPTHS, (64, 128, 256, 512, 512), "conv5_1", padding="zeros").requires_grad_(False)
    content = picture(Image.fromarray(astronaut()), args.size)
    styles = [
        ("a", picture(Image.fromarray(coffee()), args.size)),
        ("b", picture(Image.fromarray(chelsea()), args.size)),
    ]
    posed = problem(content, styles, halves(*content.shape[-2:]))
    losses = {n: objective(posed, net, Request()) for n, net in (("slim", slim), ("vgg19", vgg19))}
    times: dict[str, list[float]] = {n: [] for n in losses}
    for _ in range(args.rounds + 1):
        for name, loss in losses.items():
            times[name].append(seconds(loss, content))
    medians = {n: statistics.median(t[1:]) for n, t in times.items()}
    ratios = [v / s for v, s in zip(times["vgg19"][1:], times["slim"][1:], strict=True)]
    print(f"{args.size} px, two styles, two soft masks, {torch.get_num_threads()} threads, slim in {slim.dtype}")
    print(f"slim {medians['slim']:.3f} s, vgg19 fp32 {medians['vgg19']:.3f} s a step")
    print(f"ratio {statistics.median(ratios):.1f} (from {min(ratios):.1f} to {max(ratios):.1f}, {args.rounds} rounds)")


if __name__ == "__main__":
    main()
