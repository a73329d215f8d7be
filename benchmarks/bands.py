"""What painting in bands changes, and what it takes: differences from the whole picture's painting, and peak memory.

    python -m benchmarks.bands [--size 2048] [--memory 4096]

Differences under three soft masks. Memory of a run as a worker makes it, in a process of its own; 0 leaves it out.
Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys

import numpy as np
from PIL import Image
from skimage.data import astronaut

from scumble.methods.base import Plan
from scumble.methods.run import run
from scumble.networks.painter import load_painter
from scumble.networks.painting import BAND, paint
from scumble.picture import Picture
from scumble.server.jobs.process import ALLOCATOR
from scumble.server.worker.device import bytes_free
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .fast import FORMATS, STYLES, photograph, scene, thirds
from .problems import Silent


def differences(precision: str, size: int) -> None:
    """Paint a picture whole and in four bands or more, and print by how much they differ."""
    dtype = FORMATS[precision]
    painter = load_painter("painter", "cpu")
    posed = scene(painter, photograph(size, size), thirds(size, size))
    band = min(BAND, size * size // 4)
    whole, banded = (paint(painter.net, posed, lambda number, of: None, n, dtype) for n in (4 * size * size, band))
    apart = (whole - banded).abs().mul_(255).numpy()
    most, rare, usual = np.percentile(apart, (100, 99.9, 50))
    print(f"{precision}: largest {most:.4f}, 99.9th percentile {rare:.4f}, median {usual:.4f}", flush=True)


def oval(size: int) -> Picture:
    """A soft selection that reaches every border, so that the whole picture is computed."""
    at = np.linspace(-1, 1, 256)
    small = np.clip(8 * (1.05 - np.hypot(at, at[:, None])), 0, 1) * 255
    with Image.fromarray(small.astype(np.uint8)) as im:  # enlarged as bytes: no floats of full size before the run
        return Picture(np.asarray(im.resize((size, size)))[..., None])


def peak() -> int:
    """The most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def child(precision: str, size: int) -> None:
    """One run; prints the peaks in bytes after imports, with the pictures, and at the end."""
    imported = peak()
    with Image.fromarray(astronaut()) as im:
        photo = Picture(np.asarray(im.resize((size, size), Image.Resampling.LANCZOS)))
    pictures = {p.ref(): p for p in (photo, oval(size))}
    content, selection = pictures
    styles = (Style(STYLES[0]),)
    request = Request(
        method="fast", precision=precision, styles=styles, content=content, selection=selection, device="cpu"
    )
    loaded = peak()
    outcome = run(request, pictures.__getitem__, Silent(), Plan(0, "cpu", bytes_free("cpu")))
    outcome.layer.raw()  # what a worker saves
    print(imported, loaded, peak())


def memory(precision: str, size: int) -> None:
    """A run in a fresh process under a worker's settings; print its memory."""
    command = [sys.executable, "-m", "benchmarks.bands", "--child", precision, str(size)]
    environment = {**ALLOCATOR, **os.environ}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)
    imported, loaded, most = map(int, done.stdout.split())
    each = (most - loaded) / size**2
    print(
        f"{size}×{size}, {precision}: peak {most / 1e9:.2f} GB; {imported / 1e9:.2f} GB after imports, "
        f"{loaded / 1e9:.2f} GB with pictures; the run {each:.0f} bytes a pixel",
        flush=True,
    )


def main() -> None:
    """Print memory, then differences."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--size", type=int, default=2048)
    p.add_argument("--memory", type=int, default=4096)
    p.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.child:
        return child(args.child[0], int(args.child[1]))
    # Memory first: on Linux a child's peak begins at its parent's, which has only imported by now.
    for precision in FORMATS if args.memory else ():
        memory(precision, args.memory)
    print(f"{args.size}×{args.size}, three soft masks: differences in 255ths, whole against bands")
    for precision in FORMATS:
        differences(precision, args.size)


if __name__ == "__main__":
    main()
