"""Pictures of several sizes under real limits of memory: painted, painted smaller, or refused in a sentence.

    python -m benchmarks.harm.limits [--method optimize] [--gb 1.0 1.3 2 3] [--sides 700 1024 1400 2048]

Each limit is a control group of Linux (only root can make one), each picture a command line and an engine of its own
in it. The exit code is 1 where the kernel killed something, or where a picture was neither painted nor refused.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from skimage import data

ROOT = Path("/sys/fs/cgroup")
JOINED = ["sh", "-c", 'echo $$ > "$0/cgroup.procs" && exec "$@"']
GB = 1 << 30
REFUSED = "memory"  # what the sentence of a refusal must speak of


class Group(NamedTuple):
    """A control group's folder, of either version."""

    folder: Path

    def read(self, *names: str) -> str:
        return next((file.read_text() for name in names if (file := self.folder / name).exists()), "")

    def limit(self, size: int) -> None:
        name = "memory.max" if (self.folder / "memory.max").exists() else "memory.limit_in_bytes"
        (self.folder / name).write_text(str(size))

    def peak(self) -> int:
        return int(self.read("memory.peak", "memory.max_usage_in_bytes") or 0)

    def kills(self) -> int:
        found = re.search(r"oom_kill (\d+)", self.read("memory.events", "memory.oom_control"))
        return int(found[1]) if found else 0


@contextlib.contextmanager
def limited(size: int) -> Iterator[Group]:
    """A control group that may hold `size` bytes."""
    top = ROOT / "memory" if (ROOT / "memory").is_dir() else ROOT
    group = Group(top / f"scumble-limits-{os.getpid()}")
    group.folder.mkdir()
    try:
        group.limit(size)
        yield group
    finally:
        end = time.monotonic() + 30
        while group.folder.exists() and time.monotonic() < end:
            with contextlib.suppress(OSError):  # its last process may be ending still
                group.folder.rmdir()
            time.sleep(0.2)


def paint(group: Group, side: int, folder: Path, options: list[str]) -> str:
    """What came of one picture, in words."""
    photo, out = folder / f"{side}.png", folder / "out.png"
    Image.fromarray(np.asarray(data.astronaut())).resize((side, side), Image.Resampling.LANCZOS).save(photo)
    environ = {**os.environ, "SCUMBLE_RUNTIME": str(folder / "run"), "SCUMBLE_CACHE": str(folder / "cache")}
    scumble = [*JOINED, str(group.folder), sys.executable, "-m", "scumble"]
    words = [
        *scumble,
        "stylize",
        str(photo),
        "--style",
        "starry-night",
        "-o",
        str(out),
        "--overwrite",
        "--json",
        *options,
    ]
    done = subprocess.run(words, env=environ, capture_output=True, text=True, check=False)
    subprocess.run([*scumble, "stop"], env=environ, capture_output=True, check=False)
    if done.returncode == 0:
        account = json.loads(done.stdout.splitlines()[-1])
        return "painted; " + " ".join(str(note["fields"]) for note in account["notes"])
    said = done.stderr.strip().splitlines()
    return ("refused; " if REFUSED in done.stderr else "FAULT; ") + " ".join(said[-3:])


def main() -> int:
    """Read the arguments, paint, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gb", type=float, nargs="+", default=[1.0, 1.3, 2.0, 3.0])
    parser.add_argument("--sides", type=int, nargs="+", default=[700, 1024, 1400, 2048])
    parser.add_argument("--method", default="optimize")
    parser.add_argument("--iterations", default="4", help="of optimize; what memory it takes does not hang on them")
    args = parser.parse_args()
    options = ["--method", args.method, *(["--iterations", args.iterations] if args.method == "optimize" else [])]
    faults = 0
    for gb in args.gb:
        for side in args.sides:
            with tempfile.TemporaryDirectory() as folder, limited(int(gb * GB)) as group:
                begun = time.monotonic()
                end = paint(group, side, Path(folder), options)
                peak, kills = group.peak() / GB, group.kills()
            faults += bool(kills) or end.startswith("FAULT")
            took = time.monotonic() - begun
            print(f"{gb} GB, {side} px: {took:.0f} s, peak {peak:.2f} GB, {kills} killed, {end}", flush=True)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
