"""Seconds of an optimization step in a worker's process: one thread or all, and how OpenMP's threads wait.

    python -m benchmarks.threads [--size 256] [--steps 10] [--rounds 9] [--busy 0] [--niceness 10]

Each setting has a process of its own, of a worker's low priority, and they take turns, so that a machine whose load
drifts slows all alike. `--busy` starts so many processes of usual priority that compute without end beside them: an
editor that draws, a compiler, a video.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

from scumble.server.jobs.process import ALLOCATOR
from scumble.server.priority import VARIABLE, give_way, give_way_here

THREADS = os.cpu_count() or 1
SETTINGS: dict[str, dict[str, str]] = {
    "1 thread": {"OMP_NUM_THREADS": "1"},
    f"{THREADS} threads": {"OMP_NUM_THREADS": str(THREADS)},
    f"{THREADS} threads, passive": {"OMP_NUM_THREADS": str(THREADS), "OMP_WAIT_POLICY": "PASSIVE"},
    f"{THREADS} threads, spin 1000": {"OMP_NUM_THREADS": str(THREADS), "GOMP_SPINCOUNT": "1000"},
}
OURS = ("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "GOMP_SPINCOUNT")


def compute(size: int, steps: int) -> None:
    """A worker: for each line of input, so many steps and a line with the seconds of one."""
    give_way()
    give_way_here()
    from PIL import Image
    from skimage.data import astronaut, coffee

    from scumble.features.registry import load_encoder
    from scumble.methods.device import choose_device, choose_dtype
    from scumble.methods.optimize.statistics.objective import objective
    from scumble.wire.request.request import Request

    from .problems import halves, picture, problem

    device = choose_device("cpu")
    content = picture(Image.fromarray(astronaut()), size)
    styles = [(n, picture(Image.fromarray(coffee()), size)) for n in "ab"]
    encoder = load_encoder("slim", device, choose_dtype("auto", device))
    loss = objective(problem(content, styles, halves(*content.shape[-2:])), encoder, Request())
    loss(content)
    for _ in sys.stdin:
        start = time.perf_counter()
        for _ in range(steps):
            loss(content)
        print((time.perf_counter() - start) / steps, flush=True)


class Turn:
    """A setting's process, and the seconds of its turns."""

    def __init__(self, setting: dict[str, str], arguments: Sequence[str], niceness: int) -> None:
        usual = {k: v for k, v in os.environ.items() if k not in OURS}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.threads", "--compute", *arguments],
            env={**usual, **ALLOCATOR, **setting, VARIABLE: str(niceness)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds: list[float] = []

    def take(self) -> None:
        """Compute once."""
        assert self.process.stdin and self.process.stdout
        print(file=self.process.stdin, flush=True)
        self.seconds.append(float(self.process.stdout.readline()))


def main() -> None:
    """Print each setting's median and range, and its median ratio to the first."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--size", type=int, default=256)
    p.add_argument("--steps", type=int, default=10)
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--busy", type=int, default=0)
    p.add_argument("--niceness", type=int, default=10)
    p.add_argument("--compute", action="store_true", help=argparse.SUPPRESS)
    args = p.parse_args()
    if args.compute:
        return compute(args.size, args.steps)
    common = ["--size", str(args.size), "--steps", str(args.steps)]
    turns = {name: Turn(setting, common, args.niceness) for name, setting in SETTINGS.items()}
    for turn in turns.values():
        turn.take()  # the first finds nothing loaded
    hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"], text=True) for _ in range(args.busy)]
    try:
        for _ in range(args.rounds):
            for turn in turns.values():
                turn.take()
    finally:
        for process in [*hogs, *(t.process for t in turns.values())]:
            process.kill()
            process.wait()
    print(f"{args.size} px, {args.busy} busy processes, niceness {args.niceness}, {args.rounds} rounds")
    first = next(iter(turns.values())).seconds[1:]
    for name, turn in turns.items():
        own = turn.seconds[1:]
        ratio = statistics.median(a / b for a, b in zip(own, first, strict=True))
        spread = f"from {min(own):.3f} to {max(own):.3f}"
        print(f"{name:24} {statistics.median(own):.3f} s a step ({spread}), {ratio:.2f} of the first's")


if __name__ == "__main__":
    main()
