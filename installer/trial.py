"""Whether what was installed works: the doctor, and one small picture painted by an engine of its own."""

from __future__ import annotations

import os
import re
import struct
import subprocess
import tempfile
import zlib
from pathlib import Path
from typing import Collection, List, Tuple

from .speech import say
from .system import clean_environment

SIDE = 96  # pixels
SECONDS = 300
STYLE = "starry-night"
FAULT, REMARK = "✗ ", "! "  # how the doctor's lines begin
PLUGIN = re.compile(FAULT + r"(?:Krita|GIMP) plug-in: .*?, in (.+)")


def try_out(python: Path, plugins: Collection[Path]) -> bool:
    """Ask the doctor, then paint a picture; whether both went well. Says what did not.

    `plugins` are the folders of the plug-ins that this run was to install. Another one's fault is told and not counted.
    """
    scumble = [str(python), "-m", "scumble"]
    print(flush=True)
    say("Looking at what was installed.")
    command = [*scumble, "doctor"]
    done = subprocess.run(command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said, well = judge(done.stdout.decode("utf-8", "replace"), done.returncode, plugins)
    print(said, flush=True)
    if not well:
        return False
    with tempfile.TemporaryDirectory(prefix="scumble-trial-") as name:
        return _paint(scumble, Path(name))


def judge(said: str, code: int, plugins: Collection[Path]) -> Tuple[str, bool]:
    """What the doctor said, with faults of plug-ins elsewhere as remarks, and whether all that counts is well."""
    lines = said.rstrip().splitlines()
    faults = [i for i, line in enumerate(lines) if line.startswith(FAULT)]
    elsewhere = [i for i in faults if _is_elsewhere(lines[i], plugins)]
    if not code or not faults or len(elsewhere) < len(faults):
        return "\n".join(lines), code == 0
    for i in elsewhere:
        lines[i] = lines[i].replace(FAULT, REMARK, 1)
    return "\n".join([*lines[:-1], "All that was asked for is well."]), True


def _is_elsewhere(line: str, plugins: Collection[Path]) -> bool:
    """Whether a fault is that of a plug-in in none of these folders: “✗ GIMP plug-in: incomplete, in /…: because”."""
    match = PLUGIN.fullmatch(line)
    if not match:
        return False
    place = match[1]
    while ": " in place and not os.path.lexists(place):
        place = place.rpartition(": ")[0]
    return Path(place).resolve() not in {path.resolve() for path in plugins}


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
