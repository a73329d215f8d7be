"""What a user waits for: first preview, result, `status` meanwhile, cancel; the fast method, alone and beside a job.

    python -m benchmarks.engine [--size 512] [--fast 1024]

Through the real client and the user's real engine.
"""

from __future__ import annotations

import argparse
import statistics
import time
from dataclasses import replace

import numpy as np
from PIL import Image
from skimage.data import astronaut

from scumble.picture import Picture
from scumble.wire.client.client import Client
from scumble.wire.protocol.events import Failed, Preview, Progress, Result
from scumble.wire.protocol.pixels import PictureRef
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .problems import halves


def job(size: int, seed: int) -> tuple[Request, dict[str, bytes]]:
    """A photograph with two library styles under two soft masks, and its blobs."""
    with Image.fromarray(astronaut()) as im:
        photo = Picture(np.asarray(im.resize((size, size), Image.Resampling.LANCZOS)))
    blobs: dict[str, bytes] = {}

    def put(picture: Picture) -> PictureRef:
        ref = picture.ref()
        blobs[ref.digest] = picture.raw()
        return ref

    masks = [Picture((m.numpy()[..., None] * 255).astype(np.uint8)) for m in halves(size, size)]
    styles = tuple(Style(n, mask=put(m)) for n, m in zip(("starry-night", "scream"), masks, strict=True))
    return Request(content=put(photo), styles=styles, canvas=(size, size), seed=seed), blobs


def watch(client: Client, size: int, seed: int) -> None:
    """Run one job and print its times."""
    request, blobs = job(size, seed)
    start, preview = time.perf_counter(), 0.0
    status: list[float] = []
    name = client.submit(request, blobs)
    while True:
        for event in client.poll(0.05):
            if event.job != name:
                continue
            if isinstance(event, Preview) and not preview:
                preview = time.perf_counter() - start
            if isinstance(event, Failed):
                raise event.error
            if isinstance(event, Result):
                took = time.perf_counter() - start
                milliseconds = sorted(status)
                print(f"first preview {preview:.2f} s, result {took:.1f} s, {event.steps} steps on {event.device}")
                print(f"status meanwhile: median {statistics.median(status):.1f} ms, worst {milliseconds[-1]:.1f} ms")
                return
        asked = time.perf_counter()
        client.status()
        status.append((time.perf_counter() - asked) * 1000)


def cancel(client: Client, size: int) -> None:
    """Cancel a job in mid-run and print how long it took."""
    request, blobs = job(size, seed=2)
    name, start, stopped = client.submit(request, blobs), 0.0, False
    while not stopped:
        for event in client.poll(0.02):
            if isinstance(event, Progress) and not start and event.step > 150:
                start = time.perf_counter()
                client.cancel(name)
                print(f"cancel acknowledged in {(time.perf_counter() - start) * 1000:.1f} ms", end=", ")
            if isinstance(event, Failed):
                print(f"effective in {(time.perf_counter() - start) * 1000:.0f} ms ({event.error.code})")
                stopped = True


def fast(client: Client, size: int, rounds: int = 9) -> None:
    """The fast method on a picture with a soft selection, and a small preview of the same: from submit to pixels."""
    request, blobs = job(size, seed=0)
    at = np.linspace(-1, 1, size)
    oval = np.clip((1 - np.hypot(at, at[:, None])) * 8, 0, 1)[..., None] * 255
    selection = Picture(oval.astype(np.uint8))
    ref = selection.ref()
    blobs[ref.digest] = selection.raw()
    whole = replace(request, method="fast", selection=ref, margin=0.0).honoured()
    for name, asked in ((f"{size}×{size}", whole), (f"{size}×{size} computed at 384", replace(whole, size=384))):
        taken = []
        for turn in range(rounds + 1):
            start = time.perf_counter()
            # Strength is what a slider drags; a new value each time, so that no result comes from the cache.
            client.run(replace(asked, strength=1 - turn / 100), blobs)
            taken.append(time.perf_counter() - start)
        later = taken[1:]
        usual = statistics.median(later)
        print(f"fast, {name}: first {taken[0]:.3f} s, then median {usual:.3f}, worst {max(later):.3f}")


def beside(client: Client, size: int, rounds: int = 9) -> None:
    """A dialog's previews in the middle of an optimization: from submit to pixels."""
    request, blobs = job(size, seed=3)
    long = client.submit(request, blobs)
    while not any(isinstance(e, Progress) for e in client.poll(0.1)):
        pass
    request, blobs = job(384, seed=size)
    taken = []
    for turn in range(rounds):
        start = time.perf_counter()
        client.run(replace(request, method="fast", strength=0.8 - turn / 100).honoured(), blobs)
        taken.append(time.perf_counter() - start)
    usual = statistics.median(taken)
    print(f"384 px beside an optimization at {size} px: median {usual:.3f} s, worst {max(taken):.3f}")
    client.cancel(long)


def main() -> None:
    """Warm the engine up with a small job, then measure."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--size", type=int, default=512)
    p.add_argument("--fast", type=int, default=1024)
    args = p.parse_args()
    with Client.connect_or_start("benchmark", "0") as client:
        watch(client, 128, seed=int(time.time()))
        watch(client, args.size, seed=int(time.time()))
        cancel(client, args.size)
        fast(client, args.fast)
        fast(client, 384)  # a dialog's preview
        for size in (args.size, 2 * args.size):
            beside(client, size)


if __name__ == "__main__":
    main()
