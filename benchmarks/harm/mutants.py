"""Mutated picture files, thousands of each format: each ends in a picture or in a sentence of ours, in little memory.

    python -m benchmarks.harm.mutants [FORMAT …] [--count 10000] [--seed 1]

Each is opened as `scumble stylize` opens it, and what survives is written again in its own format, with what it says
beside its pixels. That is done in a process of its own, which tells the peak of its memory for each file; one that dies
or stands still is replaced, and counts as a fault. The exit code is 1 where there was a fault: another error than ours,
foreign words on standard error, more than a gigabyte, more than twenty seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .seeds import SEEDS, seeds

MOST_BYTES = 1 << 30
MOST_SECONDS = 20.0
SLICE = 1000  # files a process
OURS = ("picture-", "file-format", "memory")  # codes that a damaged file may end with
WRITTEN = {"png": ".png", "jpeg": ".jpg", "tiff": ".tif", "webp": ".webp", "exr": ".exr"}
EXTREMES = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutated(rng: random.Random, kind: str, sources: list[bytes]) -> bytes:
    """One of the files with one to eight changes, of PNG often within chunks, whose checksums are right again."""
    data = bytearray(rng.choice(sources))
    if kind == "png" and rng.random() < 0.7:
        return _rechunked(rng, bytes(data), sources)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        at = rng.randrange(len(data) or 1)
        if rng.random() < 0.5:
            at = min(at, rng.randrange(256))  # headers are where harm is done
        _change(rng, data, at, sources)
    return bytes(data)


def _change(rng: random.Random, data: bytearray, at: int, sources: list[bytes]) -> None:
    size = rng.choice((1, 2, 4, 8, 64, 512))
    how = rng.randrange(8)
    if how == 0 and data:
        data[min(at, len(data) - 1)] ^= 1 << rng.randrange(8)
    elif how == 1:
        data[at : at + size] = rng.randbytes(size)
    elif how in (2, 3):
        width = rng.choice((1, 2, 4))
        number = rng.choice(EXTREMES) & ((1 << 8 * width) - 1)
        data[at : at + width] = number.to_bytes(width, rng.choice(("little", "big")))
    elif how == 4:
        del data[at : at + size]
    elif how == 5:
        data[at:at] = data[at : at + size]
    elif how == 6:
        del data[rng.randrange(len(data) or 1) :]
    else:
        other = rng.choice(sources)
        start = rng.randrange(len(other))
        data[at : at + size] = other[start : start + size]


def _rechunked(rng: random.Random, data: bytes, sources: list[bytes]) -> bytes:
    from scumble.picture.metadata import png_chunk, png_chunks

    chunks = list(png_chunks(data))
    for _ in range(rng.choice((1, 1, 2, 3))):
        at = rng.randrange(len(chunks))
        kind, body = chunks[at]
        packed = kind in (b"IDAT", b"iCCP", b"zTXt") and rng.random() < 0.7
        start = body.find(b"\0") + 2 if kind != b"IDAT" else 0
        try:
            inner = bytearray(zlib.decompress(body[start:]) if packed else body)
        except zlib.error:
            continue
        _change(rng, inner, rng.randrange(len(inner) or 1), sources)
        chunks[at] = kind, (body[:start] + zlib.compress(inner)) if packed else bytes(inner)
    if rng.random() < 0.1:
        rng.shuffle(chunks)
    return data[:8] + b"".join(png_chunk(*chunk) for chunk in chunks)


def files(kind: str, seed: int, first: int, count: int) -> Iterator[bytes]:
    """The mutants with the numbers `first` to `first + count`, each the same by seed and number."""
    sources = seeds(kind)
    for number in range(first, first + count):
        yield mutated(random.Random(f"{kind} {seed} {number}"), kind, sources)


def child(kind: str, seed: int, first: int, count: int) -> None:
    """Open them one after the other; a line of JSON each."""
    import faulthandler

    from scumble.picture import open_document
    from scumble.picture._encode_native import encode_native
    from scumble.wire.protocol.errors import ScumbleError

    told = os.fdopen(os.dup(1), "w", buffering=1)
    for number, data in enumerate(files(kind, seed, first, count), first):
        faulthandler.dump_traceback_later(3 * MOST_SECONDS, exit=True)
        _forget_peak()
        begun, code, error = time.monotonic(), "read", ""
        try:
            document = open_document(data, "a picture")
            if kind in WRITTEN:
                encode_native(WRITTEN[kind], document.native, document.about)
                code = "read and written"
        except ScumbleError as e:
            code, error = e.code, str(e)
        except Exception as e:
            code, error = type(e).__name__, str(e)
        line = {"number": number, "code": code, "error": error[:300], "seconds": time.monotonic() - begun}
        told.write(json.dumps({**line, "peak": _peak()}) + "\n")
    faulthandler.cancel_dump_traceback_later()


def _forget_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) << 10


def attack(kind: str, seed: int, count: int) -> list[str]:
    """All mutants of a format; prints the account, and gives back what went wrong."""
    faults: list[str] = []
    ends: Counter[str] = Counter()
    peak, slowest, first = 0, 0.0, 0
    while first < count:
        with tempfile.TemporaryFile("w+") as words:
            wanted = min(SLICE, count - first)
            command = [
                sys.executable,
                "-m",
                "benchmarks.harm.mutants",
                "--child",
                kind,
                str(seed),
                str(first),
                str(wanted),
            ]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=words, text=True, check=False)
            words.seek(0)
            said = words.read().strip()
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        for line in lines:
            ends[line["code"]] += 1
            peak, slowest = max(peak, line["peak"]), max(slowest, line["seconds"])
            ours = line["code"].startswith(("read", *OURS)) and "Traceback" not in line["error"]
            if not ours or line["peak"] > MOST_BYTES or line["seconds"] > MOST_SECONDS:
                faults.append(f"{kind} {seed} {line}")
        if said:
            faults.append(f"{kind} {seed} {first}…: it said {said[:500]!r}")
        first = lines[-1]["number"] + 1 if lines else first
        if done.returncode:
            faults.append(f"{kind} {seed} {first}: exit code {done.returncode}")
            first += 1
    figures = f"peak {peak / 1e6:.0f} MB, the slowest {slowest:.1f} s"
    print(f"{kind}: {count} files, {dict(ends.most_common())}; {figures}; {len(faults)} faults", flush=True)
    return faults


def main() -> None:
    """Parse the arguments and attack."""
    if sys.argv[1:2] == ["--child"]:
        kind, seed, first, count = sys.argv[2:]
        return child(kind, int(seed), int(first), int(count))
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("format", nargs="*", choices=[*SEEDS, []], default=[])
    p.add_argument("--count", type=int, default=10_000)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    faults = [fault for kind in args.format or SEEDS for fault in attack(kind, args.seed, args.count)]
    print("\n".join(["faults: none"] if not faults else ["FAULTS:", *faults[:60]]))
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
