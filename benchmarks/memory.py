"""Peak memory of an optimization step by network, number format and how memory is saved.

What `methods/optimize/memory.py` rests on.

    python -m benchmarks.memory [--sizes 1024 2048]
    python -m benchmarks.memory --run 1024x1024 6000x4000 [--method optimize] [--option repaint=0.5]

The second prints the peak of whole runs, from the request to the layer, and what was going on when it was reached; with
an allocator that is told what a worker's is.

Each case runs in a process of its own; bytes a pixel are the slope between two sizes, so that what a process needs
anyway drops out. Linux and macOS.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import psutil
import torch
from PIL import Image
from skimage import data

from scumble.features.encoder import VGG16_DEPTHS, VGG19_DEPTHS, Encoder, Saving
from scumble.features.registry import load_encoder
from scumble.methods.base import Plan
from scumble.methods.optimize.memory import SAVINGS
from scumble.methods.optimize.statistics.objective import objective
from scumble.methods.run import run, warm_up
from scumble.picture import Picture
from scumble.server.jobs.process import ALLOCATOR
from scumble.server.priority import waiting
from scumble.training.loop.unwatched import Unwatched
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .problems import problem

WIDE = (64, 128, 256, 512, 512)
DEPTHS = {"vgg19": VGG19_DEPTHS, "vgg16": VGG16_DEPTHS}
EVERY = 0.02  # seconds between two looks at a whole run
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


class Watch(threading.Thread):
    """Looks at this process's memory, and at where its main thread is."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peaks: dict[str, int] = {}
        self.ended = False

    def run(self) -> None:
        process, main = psutil.Process(), threading.main_thread().ident or 0
        while not self.ended:
            where = place(sys._current_frames()[main])
            self.peaks[where] = max(self.peaks.get(where, 0), process.memory_info().rss)
            time.sleep(EVERY)


def place(frame: FrameType | None) -> str:
    """The innermost three functions of ours."""
    names: list[str] = []
    while frame is not None and len(names) < 3:
        if "scumble" in frame.f_code.co_filename:
            names.append(f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}:{frame.f_lineno}")
        frame = frame.f_back
    return " < ".join(names)


def content(width: int, height: int) -> Picture:
    """A photograph of that size, with grain, so that it is no enlargement alone."""
    im = Image.fromarray(np.asarray(data.astronaut())).resize((width, height), Image.Resampling.BICUBIC)
    pixels, random = np.asarray(im), np.random.default_rng(1)
    out = np.empty_like(pixels)
    for row, line in enumerate(pixels):
        out[row] = np.clip(line + random.integers(-6, 7, line.shape), 0, 255)
    return Picture(out)


def whole(method: str, width: int, height: int, options: Mapping[str, Any]) -> None:
    """One run; prints what it took."""
    warm_up(Unwatched(), Plan())
    picture, process = content(width, height), psutil.Process()
    request = Request(styles=(Style("starry-night"),), content=picture.ref(), preview_size=0)
    request = replace(request, method=method, **options)
    before, began, watch = process.memory_info().rss, time.monotonic(), Watch()
    watch.start()
    layer = run(request, lambda _: picture, Unwatched(), Plan()).layer
    seconds, watch.ended = time.monotonic() - began, True
    worst = sorted(watch.peaks.items(), key=lambda p: -p[1])
    print(f"{method} {width}×{height}: peak {worst[0][1] / 1e9:.2f} GB, {before / 1e9:.2f} before, {seconds:.0f} s,"
          f" {hashlib.sha256(layer.raw()).hexdigest()[:12]}")  # fmt: skip
    for where, peak in worst[:12]:
        print(f"    {peak / 1e9:.2f} {where}")


def child(model: str, precision: str, saving: Saving, size: int) -> None:
    """One evaluation with its gradient; prints the peak in bytes."""
    encoder: Encoder
    if model == "slim":
        encoder = load_encoder("slim", torch.device("cpu"), DTYPES[precision])
    else:
        encoder = Encoder(model, DEPTHS[model], WIDE, "conv5_1", padding="zeros").requires_grad_(False)
        for conv in encoder.convs.values():
            conv.to(dtype=DTYPES[precision], memory_format=torch.channels_last)  # type: ignore[call-overload]
    encoder.saving = saving
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
    p.add_argument("--sizes", type=int, nargs=2, default=[1024, 2048], help="pixels; below 768 there is but one tile")
    p.add_argument("--run", nargs="+", default=[], metavar="WIDTHxHEIGHT")
    p.add_argument("--method", default="optimize")
    p.add_argument("--option", nargs="*", default=[], metavar="NAME=NUMBER")
    p.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    p.add_argument("--whole", help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.whole:
        width, height = map(int, args.whole.split("x"))
        return whole(args.method, width, height, {k: float(v) for k, v in (o.split("=") for o in args.option)})
    for size in args.run:
        options = ["--method", args.method, "--whole", size, *(["--option", *args.option] if args.option else [])]
        environment = {**ALLOCATOR, **waiting(), **os.environ}
        subprocess.run([sys.executable, "-m", "benchmarks.memory", *options], check=True, env=environment)
    if args.run:
        return None
    if args.child:
        model, precision, saving, size = args.child
        return child(model, precision, saving, int(size))
    small, big = args.sizes
    for model in ("slim", "vgg19", "vgg16"):
        for precision in DTYPES:
            for saving in SAVINGS:
                a, b = (peak(model, precision, saving, s) for s in (small, big))
                each = (b - a) / (big**2 - small**2)
                print(
                    f"{model} {precision} {saving}: {each:.0f} bytes a pixel, {b / 1e9:.2f} GB at {big} px", flush=True
                )


if __name__ == "__main__":
    main()
