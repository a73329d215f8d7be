"""A batch by Ray's workers beside one engine with the same cores, in turns: seconds a picture, and what Ray adds.

    python -m benchmarks.cluster [--workers 2] [--pictures 16] [--rounds 5] [--side 256 1024] [--road]

Pictures are new each time, so that none is remembered; both crews are warm, and idle while the other paints. With
`--road` they are the same each time, which the engines remember: what is left is the road there and back.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator

import numpy as np
from skimage.data import astronaut
from skimage.transform import resize

from scumble.cli.painting import prepare
from scumble.cluster.engines import Engines
from scumble.cluster.joining import join_cluster
from scumble.cluster.orders import Crew, Order, Painted
from scumble.picture import Picture, save_file, save_native
from scumble.wire import ScumbleError
from scumble.wire.client.find_engine import finding_engine
from scumble.wire.request.recipe import Recipe
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style
from scumble.wire.request.stylechoice import StyleChoice


def orders(side: int, count: int, rng: np.random.Generator) -> Iterator[Order]:
    """Photographs that differ in a few pixels."""
    photo = (resize(astronaut(), (side, side)) * 255).astype(np.uint8)
    for _ in range(count):
        mine = photo.copy()
        mine[:8, :8] = rng.integers(0, 256, (8, 8, 3))
        content = Picture(mine)
        request = Request(method="fast", styles=(Style("starry-night"),), content=content.ref(), preview_size=0)
        yield Order(request, {content.ref().digest: content.raw()})


def paint(crew: Crew, some: list[Order]) -> float:
    """Seconds until all are painted."""
    begun, given, done = time.perf_counter(), 0, 0
    while done < len(some):
        while given < len(some) and crew.free > 0:
            crew.give(given, some[given])
            given += 1
        for told in crew.take():
            if isinstance(told.what, ScumbleError):
                raise told.what
            done += isinstance(told.what, Painted)
    return time.perf_counter() - begun


def compare(crews: tuple[Crew, Crew], side: int, pictures: int, rounds: int, new: bool) -> str:
    """A line: medians of both, their ratio, and the difference a picture; the first round warms up.

    Pictures that are not `new` are remembered by the engines: what is left is the road there and back.
    """
    rng = np.random.default_rng(time.time_ns())
    times: tuple[list[float], list[float]] = ([], [])
    known = list(orders(side, pictures, rng))
    for turn in range(rounds + 1):
        for crew, taken in zip(crews, times, strict=True):
            seconds = paint(crew, list(orders(side, pictures, rng)) if new else known) / pictures
            taken += [seconds] if turn else []
    alone, rays = map(statistics.median, times)
    more = statistics.median(r - a for a, r in zip(*times, strict=True))
    size = side * side * 7 / 1e6  # RGB there, RGBA back
    what = "painted" if new else "the road alone"
    return (
        f"{what}: {side:5} px  {size:6.2f} MB  {alone:.3f} s  {rays:.3f} s  {rays / alone:.2f}×  {1000 * more:+.0f} ms"
    )


def at_the_desk(folder: str, side: int, rounds: int) -> str:
    """A line: what the batch itself does for a picture, however many paint: reads it, and writes what was painted."""
    photo, target = os.path.join(folder, "photo.jpg"), os.path.join(folder, "painted.jpg")
    save_file(photo, Picture((resize(astronaut(), (side, side)) * 255).astype(np.uint8)))
    recipe = Recipe({"method": "fast"}, (StyleChoice(name="starry-night"),))
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds * 3):
        begun = time.process_time()
        job = prepare(photo, None, recipe)
        read = time.process_time()
        rgba = np.dstack([job.content.data[..., ::-1], np.full((side, side), 255, np.uint8)])
        save_native(target, job.document.painted(Picture(rgba)), job.document.about)
        times[0].append(read - begun)
        times[1].append(time.process_time() - read)
    reading, writing = map(statistics.median, times)
    return f"{side:5} px, a JPEG: {1000 * reading:.0f} ms of a processor to read, {1000 * writing:.0f} ms to write"


def main() -> None:
    """Print a line for each size."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--workers", type=int, default=2)
    p.add_argument("--pictures", type=int, default=16)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--side", type=int, nargs="+", default=[256, 1024])
    p.add_argument("--road", action="store_true", help="measure the road alone, with one worker")
    args = p.parse_args()
    args.workers = 1 if args.road else args.workers

    def remark(error: ScumbleError) -> None:
        print(error, file=sys.stderr)

    with tempfile.TemporaryDirectory() as folder:
        for name in ("RUNTIME", "CACHE", "LOGS"):
            os.environ[f"SCUMBLE_{name}"] = os.path.join(folder, name.lower())
        os.environ["SCUMBLE_OWNER"] = str(os.getpid())  # the one engine ends with this
        engines = Engines([finding_engine], "benchmark", "", remark)
        begun = time.perf_counter()
        hands = join_cluster("", args.workers, ["starry-night"], remark)
        try:
            while hands.free <= 0:
                hands.take()
            print(f"{args.workers} workers ready after {time.perf_counter() - begun:.0f} s")
            print("side, bytes both ways, one engine, Ray, ratio, more a picture (medians)")
            for side in args.side:
                print(compare((engines, hands), side, args.pictures, args.rounds, not args.road), flush=True)
                print(at_the_desk(folder, side, args.rounds), flush=True)
        finally:
            hands.close()
            engines.close()


if __name__ == "__main__":
    main()
