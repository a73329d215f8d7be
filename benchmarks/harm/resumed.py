"""Jobs killed at random moments, and asked for again: they go on, and end with the picture of one that was not killed.

    python -m benchmarks.harm.resumed [--times 10] [--side 384] [--seed 1] [--method optimize]

Command line, front and worker are all killed (SIGKILL) at once. The exit code is 1 where a picture differs by a bit.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import psutil
from PIL import Image
from skimage import data


class Painter:
    """A command line and an engine of its own, in `folder`."""

    def __init__(self, folder: Path, photo: Path, options: list[str]) -> None:
        self.folder, self.out = folder, folder / "out.png"
        self.environ = {**os.environ, **{f"SCUMBLE_{n}": str(folder / n.lower()) for n in ("RUNTIME", "CACHE", "DATA")}}
        folder.mkdir()
        self.words = ["stylize", str(photo), "-o", str(self.out), "--overwrite", "--quiet", *options]

    def begin(self) -> subprocess.Popen[bytes]:
        """The command on its way."""
        return subprocess.Popen([sys.executable, "-m", "scumble", *self.words], env=self.environ)

    def painted(self) -> bytes:
        """Run the command to its end; the picture's pixels."""
        if self.begin().wait():
            raise RuntimeError("the command failed")
        with Image.open(self.out) as im:
            return bytes(im.tobytes())

    def kill(self) -> int:
        """Kill all that runs for this folder; how many processes that were."""
        mine = [p for p in psutil.process_iter(["pid"]) if _is_of(p, str(self.folder))]
        for process in mine:
            process.send_signal(signal.SIGKILL)
        psutil.wait_procs(mine, timeout=10)
        return len(mine)

    def stop(self) -> None:
        """End the engine."""
        subprocess.run([sys.executable, "-m", "scumble", "stop"], env=self.environ, capture_output=True, check=False)


def _is_of(process: psutil.Process, folder: str) -> bool:
    try:
        return str(process.environ().get("SCUMBLE_RUNTIME", "")).startswith(folder)
    except psutil.Error:
        return False


def main() -> int:
    """Read the arguments, kill and go on, print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--side", type=int, default=384)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--method", default="optimize")
    args = parser.parse_args()
    rng, options = random.Random(args.seed), ["--style", "starry-night", "--method", args.method]
    differ = 0
    with tempfile.TemporaryDirectory() as top:
        photo = Path(top) / "photo.png"
        Image.fromarray(np.asarray(data.astronaut())).resize((args.side, args.side)).save(photo)
        plain = Painter(Path(top) / "plain", photo, options)
        begun = time.monotonic()
        wanted, whole = plain.painted(), time.monotonic() - begun
        plain.stop()
        print(f"uninterrupted: {whole:.1f} s", flush=True)
        counted = number = 0
        while counted < args.times:
            number += 1
            painter, moment = Painter(Path(top) / str(number), photo, options), rng.uniform(0.05, 0.9) * whole
            command = painter.begin()
            time.sleep(moment)
            under_way = command.poll() is None
            painter.kill()
            command.wait()
            if not under_way:  # the machine has become quicker; it is not counted
                whole = 0.9 * moment
                continue
            counted += 1
            kept = sorted(p.stem for p in painter.folder.glob("cache/unfinished/*/*"))
            begun = time.monotonic()
            same = painter.painted() == wanted
            differ += not same
            took = time.monotonic() - begun
            print(f"killed after {moment:.1f} s, kept {kept}: {took:.1f} s more, {'same' if same else 'DIFFERS'}")
            sys.stdout.flush()
            painter.stop()
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
