"""Milliseconds of the fast method's network, warm and alone, against the network of Johnson et al. 2016.

    python -m benchmarks.fast [--size 800] [--rounds 5]

All take turns, so that a machine whose speed drifts slows each of them; the ratio is the result. On the CPU, and on an
accelerator where there is one, there at two sizes of a film's frame too. glibc keeps freed memory, as in a worker.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from functools import partial

import torch
from PIL import Image
from skimage.data import astronaut
from torch import Tensor

from scumble.methods.device import choose_device
from scumble.networks.painter import SIZES, Painter, load_painter
from scumble.networks.painting import paint
from scumble.networks.scene import Scene
from scumble.server.jobs.process import ALLOCATOR

from .johnson import Paint, seconds, yardstick
from .problems import FEATHER, picture

STYLES = ("starry-night", "scream", "great-wave")
FORMATS = {"fp32": torch.float32, "bf16": torch.bfloat16}
FRAMES = ((720, 1280), (2160, 3840))  # height and width
STROKES = SIZES[1]  # pixels


def photograph(height: int, width: int) -> Tensor:
    """A photograph of that size, 1×3×H×W in [0, 1]."""
    with Image.fromarray(astronaut()) as im:
        return picture(im.resize((width, height), Image.Resampling.LANCZOS), max(height, width))


def thirds(height: int, width: int) -> Tensor:
    """Shares of three styles that blend over `FEATHER` pixels, across slanted lines; 3×H×W."""
    across = (torch.arange(width) + torch.arange(height)[:, None] * (width / height)) / 2
    first, second = (((width * n / 3 - across) / FEATHER + 0.5).clamp(0, 1) for n in (1, 2))
    return torch.stack([first, second - first, 1 - second])


def scene(painter: Painter, content: Tensor, shares: Tensor) -> Scene:
    """`content` in as many of `STYLES` as there are shares (K×H×W)."""
    styles = [painter.kernels(name, STROKES) for name in STYLES[: len(shares)]]
    return Scene(content, styles, shares.to(content.device))


def rivals(content: Tensor, dtype: torch.dtype) -> dict[str, Paint]:
    """What is timed in a number format; Johnson's network comes first."""
    found = {"johnson": yardstick(content, dtype)}
    height, width = content.shape[-2:]
    painter = load_painter("painter", content.device)
    for many, shares in (("one style", torch.ones(1, height, width)), ("three styles", thirds(height, width))):
        posed = scene(painter, content, shares)
        found[f"painter, {many}"] = partial(paint, painter.net, posed, lambda number, of: None, dtype=dtype)
    return found


def measure(device: torch.device, height: int, width: int, rounds: int) -> None:
    """Time all of them at a size, and print."""
    content = photograph(height, width).to(device)
    calls = {f: rivals(content, dtype) for f, dtype in FORMATS.items()}
    times: dict[tuple[str, str], list[float]] = {(f, n): [] for f, found in calls.items() for n in found}
    for turn in range(rounds + 1):
        for (f, name), taken in times.items():
            took = seconds(calls[f][name], device)
            if turn:  # the first warms up
                taken.append(took)
    print(f"\n{width}×{height} on {device}, {rounds} rounds")
    for (f, name), taken in times.items():
        median = statistics.median(taken)
        speed = f"{median * 1000:.1f} ms, {height * width / median / 1e6:.2f} megapixels/s, {1 / median:.1f} frames/s"
        ratios = [j / t for j, t in zip(times[f, "johnson"], taken, strict=True)]
        spread = f"from {min(ratios):.2f} to {max(ratios):.2f}"
        ratio = f"; Johnson's takes {statistics.median(ratios):.2f}× as long ({spread})"
        print(f"{name}, {f}: {speed}{ratio if name != 'johnson' else ''}", flush=True)


def as_worker(module: str) -> None:
    """Start anew under the allocator's settings of a worker, which glibc reads at the start alone."""
    if sys.platform == "linux" and not ALLOCATOR.keys() <= os.environ.keys():
        os.execve(sys.executable, [sys.executable, "-m", module, *sys.argv[1:]], {**ALLOCATOR, **os.environ})


def main() -> None:
    """Measure on the CPU, then on the accelerator."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--size", type=int, default=800)
    p.add_argument("--rounds", type=int, default=5)
    args = p.parse_args()
    as_worker("benchmarks.fast")
    cpu, fastest = choose_device("cpu"), choose_device("auto")
    print(f"{torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}")
    measure(cpu, args.size, args.size, args.rounds)
    for height, width in ((args.size, args.size), *FRAMES) if fastest != cpu else ():
        measure(fastest, height, width, args.rounds)


if __name__ == "__main__":
    main()
