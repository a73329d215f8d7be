"""What an artist waits for in a real Krita, with a real engine of its own.

    python -m benchmarks.krita [--runs 5] [--moves 20] [--seconds 20] [--threads 2] [--json FILE]

From the menu entry to the new layer (1024×1024, fast method, warm engine) split into its parts; from a slider's move to
the preview; and the gaps of Krita's event loop while an optimization runs. Needs krita with its PyQt5, and Xvfb.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.editors.display import Display
from tests.editors.engine import EngineHome
from tests.krita.kritaproc import KritaProcess

SIDE = 1024
LAB = (Path(__file__).parents[1] / "tests/krita/studiolab.py").read_text("utf-8")
PARTS = {  # from one mark of a job to the next, in this order
    "read": ("asked", "read"),
    "send": ("read", "sent"),
    "compute": ("sent", "computed"),
    "fetch": ("computed", "fetched"),
    "write": ("fetched", "added"),
}


class Threads(EngineHome):
    """An engine's home whose workers may use more than one thread."""

    def __init__(self, folder: Path, threads: int) -> None:
        super().__init__(folder)
        self._threads = threads

    def command(self) -> list[str]:
        """How it is started."""
        return [f"OMP_NUM_THREADS={self._threads}" if w.startswith("OMP_") else w for w in super().command()]


def open_picture(krita: KritaProcess) -> None:
    """A painted picture, a warm engine and the lab's short words."""
    krita.new_document(SIDE, SIDE)
    krita.run(LAB)
    krita.run("paint(document); studio.start_engine()")
    krita.wait("studio.link.state == 'ready' and studio.styles", 60)
    run_job(krita, "style(strength=0.5)")


def run_job(krita: KritaProcess, recipe: str) -> dict[str, float]:
    """A job's marks in seconds, once its layer is there."""
    krita.run(f"job = studio.run({recipe})")
    krita.wait("job.ended", 300)
    krita.settle()
    assert krita.get("job.state") == "done", krita.get("job.error")
    times: dict[str, float] = krita.get("job.times")
    return times


def time_layers(krita: KritaProcess, runs: int) -> dict[str, list[float]]:
    """Milliseconds of each part, of each run; “all but compute” is what is ours."""
    found: dict[str, list[float]] = {name: [] for name in (*PARTS, "all but compute")}
    for i in range(runs):
        times = run_job(krita, f"style(strength={0.6 + 0.3 * i / runs})")  # another each time: results are cached
        took = {name: 1000 * (times[end] - times[begin]) for name, (begin, end) in PARTS.items()}
        took["all but compute"] = sum(took.values()) - took["compute"]
        for name, value in took.items():
            found[name].append(round(value, 1))
    return found


def time_previews(krita: KritaProcess, moves: int) -> dict[str, Any]:
    """Milliseconds from a slider's move to the preview, and the side that they were painted at in the end."""
    krita.run(
        "preview = Preview(studio); came = []; preview.ready.connect(lambda *_: came.append(preview.previews.seconds))"
    )
    krita.run("preview.refresh_source()")
    for i in range(moves + 2):  # two to warm up, and to find the side
        krita.run(f"preview.show(style(strength={0.2 + 0.6 * i / moves}))")
        krita.wait(f"len(came) > {i}", 60)
    taken = [round(1000 * s, 1) for s in krita.get("came")[2:]]
    return {"milliseconds": taken, "side": krita.get("preview.previews.pace.fast_side")}


def time_gaps(krita: KritaProcess, seconds: float) -> dict[str, Any]:
    """Gaps of the event loop in milliseconds while an optimization with pictures runs, from its first moment on."""
    krita.run("probe.start(); job = studio.run(style('optimize', iterations=2000, preview_seconds=0.3))")
    krita.wait("job.state == 'running' and job.step > 0", 60)
    krita.settle(seconds)
    krita.run("studio.cancel(job)")
    krita.settle()
    median, p99, longest, count = krita.get("probe.stop()")
    return {"median": median, "p99": p99, "max": longest, "count": count, "longest": krita.get("probe.longest()")}


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """All of it, in a Krita and with an engine of their own."""
    display = Display()
    with tempfile.TemporaryDirectory(prefix="scumble-") as folder:
        home = Threads(Path(folder) / "engine", options.threads)
        krita = KritaProcess(display, env=home.environment())
        try:
            krita.start()
            open_picture(krita)
            return {
                "layer": time_layers(krita, options.runs),
                "preview": time_previews(krita, options.moves),
                "gaps": time_gaps(krita, options.seconds),
            }
        finally:
            krita.remove()
            home.stop()
            display.close()


def show(found: dict[str, Any]) -> None:
    """A small table."""
    print(f"{'milliseconds':<28}{'median':>9}{'worst':>9}")
    for name, taken in found["layer"].items():
        print(f"{'new layer: ' + name:<28}{statistics.median(taken):>9.1f}{max(taken):>9.1f}")
    taken, side = found["preview"]["milliseconds"], found["preview"]["side"]
    print(f"{f'preview at {side} px':<28}{statistics.median(taken):>9.1f}{max(taken):>9.1f}")
    gaps = found["gaps"]
    print(f"{'event loop':<28}{gaps['median']:>9.1f}{gaps['max']:>9.1f}   (99 %: {gaps['p99']:.1f})")


def main() -> int:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--moves", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found = measure(options)
    show(found)
    if options.json:
        options.json.write_text(json.dumps(found), "utf-8")
    else:
        print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
