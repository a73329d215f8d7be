"""What an artist waits for in a real GIMP 3, with a real engine of its own.

    python -m benchmarks.gimp [--runs 5] [--threads 2] [--json FILE]

From the procedure's call to the new layer (1024×1024, fast method, warm engine), split into its parts: GIMP starts the
plug-in's process anew for every call. As root, with the tree that `tests/editors/tree.py` makes.
"""

from __future__ import annotations

import argparse
import base64
import json
import re
import statistics
import sys
import tempfile
from pathlib import Path

from skimage.data import astronaut

from tests.editors.engine import EngineHome
from tests.editors.tree import leave, tree_folder
from tests.gimp.gimpproc import GimpProcess

from .krita import Threads

SIDE = 1024
WORDS = (Path(__file__).parents[1] / "tests/gimp/calling.py").read_text("utf-8")
PHOTOGRAPH = """
import time
image = new_image({side}, {side})
buffer = image.get_layers()[0].get_buffer()
buffer.set(Gegl.Rectangle.new(0, 0, {side}, {side}), "R'G'B' u8", data)
buffer.flush()
base = image.get_layers()

def timed(**options):
    began = time.perf_counter()
    answer = call("scumble-style-transfer", base, style_1="starry-night", method="fast", **options)
    return answer[0], time.perf_counter() - began
"""


def take_photograph(gimp: GimpProcess) -> None:
    """A photograph as the image's only layer."""
    rows, columns, _ = astronaut().shape
    data = astronaut().repeat(SIDE // rows, 0).repeat(SIDE // columns, 1).tobytes()
    gimp.run(f"import base64; data = base64.b64decode({base64.b64encode(data)!r})\n{WORDS}")
    gimp.run(PHOTOGRAPH.format(side=SIDE))


def time_layers(gimp: GimpProcess, home: EngineHome, runs: int) -> dict[str, list[float]]:
    """Milliseconds of each part, of each call; “plug-in” is its process's start and end."""
    found: dict[str, list[float]] = {}
    for i in range(runs + 1):  # the first one warms the engine
        status, total = gimp.get(f"timed(seed={i + 1})", 300)  # another each time: results are cached
        assert status == "success", gimp.log_tail()
        parts = last_parts(home)
        parts = {"plug-in": total - sum(parts.values()), **parts, "all": total}
        parts["all but compute"] = total - parts["compute"]
        for name, seconds in parts.items() if i else ():
            found.setdefault(name, []).append(round(1000 * seconds, 1))
    return found


def last_parts(home: EngineHome) -> dict[str, float]:
    """Seconds by part, from the plug-in's log."""
    log = (home.folder / "logs" / "gimp.log").read_text("utf-8")
    line = next(line for line in reversed(log.splitlines()) if " layers: " in line)
    return {name: float(seconds) for name, seconds in re.findall(r"([a-z]+) ([\d.]+) s", line)}


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="scumble-") as folder:
        home = Threads(Path(folder) / "engine", options.threads)
        gimp = GimpProcess(tree_folder(), env=home.environment(leave()), folders=[Path(folder)])
        try:
            take_photograph(gimp.start())
            found = time_layers(gimp, home, options.runs)
        finally:
            gimp.remove()
            home.stop()
    print(f"{'milliseconds':<20}{'median':>9}{'worst':>9}")
    for name, taken in found.items():
        print(f"{name:<20}{statistics.median(taken):>9.1f}{max(taken):>9.1f}")
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
