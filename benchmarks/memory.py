"""Peak memory of an optimization step by network, number format and checkpointing.

What `methods/optimize/memory.py` rests on.

    python -m benchmarks.memory [--sizes 512 1024]

Each case runs in a process of its own; bytes a pixel are the slope between two sizes, so that what a process needs
anyway drops out. Linux and macOS.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys

import torch

from scumble.features.encoder import VGG16_DEPTHS, VGG19_DEPTHS, Encoder
from scumble.features.registry import load_encoder
from scumble.methods.optimize.statistics.objective import objective
from scumble.wire.request.request import Request

from .problems import problem

WIDE = (64, 128, 256, 512, 512)
DEPTHS = {"vgg19": VGG19_DEPTHS, "vgg16": VGG16_DEPTHS}
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def child(model: str, precision: str, checkpointed: bool, size: int) -> None:
    """One evaluation with its gradient; prints the peak in bytes."""
    encoder: Encoder
    if model == "slim":
        encoder = load_encoder("slim", torch.device("cpu"), DTYPES[precision])
    else:
        encoder = Encoder(model, DEPTHS[model], WIDE, "conv5_1", padding="zeros").requires_grad_(False)
        for conv in encoder.convs.values():
            conv.to(dtype=DTYPES[precision], memory_format=torch.channels_last)  # type: ignore[call-overload]
    encoder.checkpointing = checkpointed
    content = torch.rand(1, 3, size, size)
    style = torch.rand(1, 3, 64, 64)
    loss = objective(problem(content, [("a", style)], torch.ones(1, size, size)), encoder, Request())
    for _ in range(2):
        loss(content)
    unit = 1 if sys.platform == "darwin" else 1024
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def peak(*case: object) -> int:
    """The peak of a case, in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.memory", "--child", *map(str, case)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main() -> None:
    """Print bytes a pixel for every case."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--sizes", type=int, nargs=2, default=[512, 1024])
    p.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.child:
        model, precision, checkpointed, size = args.child
        return child(model, precision, checkpointed == "True", int(size))
    small, big = args.sizes
    for model in ("slim", "vgg19", "vgg16"):
        for precision in DTYPES:
            for checkpointed in (False, True):
                a, b = (peak(model, precision, checkpointed, s) for s in (small, big))
                each = (b - a) / (big**2 - small**2)
                how = "checkpointed" if checkpointed else "whole"
                print(f"{model} {precision} {how}: {each:.0f} bytes a pixel, {b / 1e9:.2f} GB at {big} px", flush=True)


if __name__ == "__main__":
    main()
