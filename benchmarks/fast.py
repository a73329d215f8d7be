"""Milliseconds of the fast method's networks, warm and alone, against the network of Johnson et al. 2016.

    python -m benchmarks.fast [--size 800] [--rounds 5]

All take turns, so that a machine whose speed drifts slows each of them; the ratio is the result. On the CPU, and on an
accelerator where there is one, there at two sizes of a film's frame too. glibc keeps freed memory, as in a worker.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from unittest.mock import patch

import torch
from PIL import Image
from skimage.data import astronaut
from torch import Tensor

from scumble.features import tensors
from scumble.features.registry import load_encoder, weights_digest
from scumble.methods.device import choose_device
from scumble.networks import models
from scumble.networks.adaptive import AdaptiveNet
from scumble.networks.painter import SIZES, Painter, load_painter, unload_painters
from scumble.networks.painting import paint
from scumble.networks.predictor import TAPS, StylePredictor
from scumble.networks.scene import Scene
from scumble.networks.transform import TransformNet
from scumble.server.process import ALLOCATOR as ALLOCATOR
from scumble.styles.card import load_card
from scumble.wire.errors import ScumbleError

from .johnson import Paint, seconds, yardstick
from .problems import FEATHER, picture

STYLES = ("starry-night", "scream", "great-wave")
FORMATS = {"fp32": torch.float32, "bf16": torch.bfloat16}
FRAMES = ((720, 1280), (2160, 3840))  # height and width
STROKES = SIZES[1]  # pixels


@contextmanager
def painters() -> Iterator[str]:
    """Have every painter at hand: the shipped ones, or random ones in their place; yields which."""
    if not (lack := _lack()):
        yield "shipped weights"
        return
    with tempfile.TemporaryDirectory() as folder, patch.object(models, "SHIPPED", Path(folder)):
        for name in models.NETWORKS:
            tensors.store(models.network_file(name), random_painter(name).state())
        yield f"random weights ({lack})"


def _lack() -> str:
    """Why the shipped painters cannot be used; empty when they can."""
    try:
        for name in models.NETWORKS:
            load_painter(name)
    except ScumbleError as error:
        return error.code
    finally:
        unload_painters()
    return ""


def random_painter(name: str) -> Painter:
    """A painter of the architecture of `name` that has learned nothing."""
    torch.manual_seed(0)
    if name == "any-style":
        net = AdaptiveNet(load_encoder("slim"))
        predictor = StylePredictor(net.code_size - net.direct_size)
        return Painter(net, torch.zeros(net.code_size), {}, predictor)
    many = TransformNet()
    codes = {style: 0.3 * torch.randn(many.code_size).expand(len(SIZES), -1) for style in STYLES}
    return Painter(many, torch.zeros(many.code_size), codes)


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
    device = content.device
    if painter.predictor is None:
        codes = [painter.code(name, STROKES) for name in STYLES]
    else:
        cards = [load_card(name, weights_digest("slim")) for name in STYLES]
        codes = [painter.predict(c.moments(load_encoder("slim", device), STROKES, TAPS)) for c in cards]
    weight = torch.ones(content.shape[-2:], device=device)
    return Scene.of(content, painter.identity, torch.stack(codes[: len(shares)]), shares.to(device), weight, 1.0)


def rivals(content: Tensor, dtype: torch.dtype) -> dict[str, Paint]:
    """What is timed in a number format; Johnson's network comes first."""
    found = {"johnson": yardstick(content, dtype)}
    height, width = content.shape[-2:]
    for name in models.NETWORKS:
        painter = load_painter(name, content.device, dtype)
        for many, shares in (("one style", torch.ones(1, height, width)), ("three styles", thirds(height, width))):
            posed = scene(painter, content, shares)
            found[f"{name}, {many}"] = partial(paint, painter.net, posed, lambda stage, of: None, dtype)
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
    with painters() as which:
        print(f"{which}, {torch.get_num_threads()} threads, {torch.backends.cpu.get_cpu_capability()}")
        measure(cpu, args.size, args.size, args.rounds)
        for height, width in ((args.size, args.size), *FRAMES) if fastest != cpu else ():
            measure(fastest, height, width, args.rounds)


if __name__ == "__main__":
    main()
