"""Whether what was installed works: the doctor, and one small picture painted by an engine of its own."""

from __future__ import annotations

import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import List

from .speech import say
from .system import clean_environment

SIDE = 96  # pixels
SECONDS = 300
STYLE = "starry-night"


def try_out(python: Path) -> bool:
    """Ask the doctor, then paint a picture; whether both went well. Says what did not."""
    scumble = [str(python), "-m", "scumble"]
    print(flush=True)
    if subprocess.call([*scumble, "doctor"], env=clean_environment()):
        return False
    with tempfile.TemporaryDirectory(prefix="scumble-trial-") as name:
        return _paint(scumble, Path(name))


def _paint(scumble: List[str], folder: Path) -> bool:
    """One small job with folders of its own, so that an engine that runs, here or elsewhere, is left alone."""
    folders = {f"SCUMBLE_{kind}": str(folder / kind.lower()) for kind in ("RUNTIME", "DATA", "CACHE", "LOGS")}
    env = {k: v for k, v in clean_environment().items() if not k.startswith("SCUMBLE_ENGINE")}
    env.update(folders)
    picture, painted = folder / "picture.png", folder / "painted.png"
    picture.write_bytes(png(SIDE))
    command = [*scumble, "stylize", str(picture), "--style", STYLE, "--method", "fast", "-o", str(painted), "--quiet"]
    say("Painting a small picture.")
    try:
        done = subprocess.run(command, env=env, timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = done.stdout.decode("utf-8", "replace").strip()
        well = done.returncode == 0 and painted.is_file() and painted.read_bytes() != picture.read_bytes()
    except subprocess.TimeoutExpired:
        said, well = f"it took longer than {SECONDS} s", False
    finally:
        quiet = subprocess.DEVNULL
        subprocess.call([*scumble, "stop", "--now"], env=env, stdout=quiet, stderr=quiet)
    print("✓ A small picture was painted." if well else f"✗ The picture was not painted: {said}", flush=True)
    return well


def png(side: int) -> bytes:
    """A square picture, drawn here: a light disc on a slope of colours."""
    rows = []
    for y in range(side):
        row = bytearray(b"\0")  # no filter
        for x in range(side):
            inside = (x - side * 0.6) ** 2 + (y - side * 0.4) ** 2 < (side * 0.22) ** 2
            row += bytes((240, 220, 150) if inside else (40 + 150 * x // side, 90 + 60 * y // side, 160))
        rows.append(bytes(row))
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
