"""Where pictures are to be written: what would fail is found before there is anything to write."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from pathlib import Path

from ..wire.protocol.errors import ScumbleError
from ._encode import ENCODERS

OPAQUE = (".jpg", ".jpeg")
SUFFIXES = tuple(ENCODERS)  # of files that are written, and read
LONGEST = {".webp": 16383, ".jpg": 65500, ".jpeg": 65500, ".png": 1_000_000}  # side, in pixels


def check_targets(output: str | None, layer: str | None) -> None:
    """Check where a painted picture and its layer are to go. Raises `file-format`, `file-twice`, `file-write`."""
    for path in filter(None, (output, layer)):
        check_target(path)
    if layer and Path(layer).suffix.lower() in OPAQUE:
        choices = ", ".join(s for s in ENCODERS if s not in OPAQUE)
        raise ScumbleError(
            "file-format", name=layer, reason="JPEG holds no alpha, and a layer needs it", choices=choices
        )
    if output and layer and _is_same(output, layer):
        raise ScumbleError("file-twice", name=layer)


def check_target(path: str | os.PathLike[str]) -> None:
    """Raise `file-format` or `file-write` when it is clear beforehand that `save_file` would."""
    suffix = Path(path).suffix
    if suffix.lower() not in ENCODERS:
        reason = f"“{suffix}” is no format that is written" if suffix else "no suffix tells in which"
        raise ScumbleError("file-format", name=str(path), reason=reason, choices=", ".join(ENCODERS))
    try:
        fault = _fault(Path(os.path.realpath(path)))
    except PermissionError:
        fault = "its folder is read-only"
    except (OSError, ValueError) as e:  # too long a name, a NUL in it
        fault = (getattr(e, "strerror", None) or str(e)).lower()
    if fault:
        raise ScumbleError("file-write", name=str(path), reason=fault)


def check_fits(path: str | os.PathLike[str], width: int, height: int) -> None:
    """Raise `file-format` when a picture of that size does not go into the format of `path`."""
    suffix = Path(path).suffix.lower()
    most = LONGEST.get(suffix)
    if most and max(width, height) > most:
        reason = f"{suffix[1:].upper()} holds {most} pixels a side at most, and it has {width}×{height}"
        choices = ".png, .tif" if max(width, height) <= LONGEST[".png"] else ".tif"
        raise ScumbleError("file-format", name=str(path), reason=reason, choices=choices)


def part_of(target: Path) -> Path:
    """A name beside `target` to write to first, short enough wherever the target's own is."""
    return target.with_name(f".scumble-{os.getpid()}-{secrets.token_hex(4)}.part")


def _fault(target: Path) -> str:
    """Why `target` cannot be written; empty where a file can be made in its place. Raises what making one raises."""
    if not target.parent.is_dir():
        return f"there is no folder “{target.parent}”"
    with contextlib.suppress(FileNotFoundError):
        mode = os.stat(target).st_mode
        if not stat.S_ISREG(mode):  # a device or a pipe is written to as it is
            return "it is a folder" if stat.S_ISDIR(mode) else ""
    part = part_of(target)
    part.touch(exist_ok=False)
    part.unlink()
    return ""


def _is_same(a: str, b: str) -> bool:
    """Whether two paths name one file, also by links or, where that is no difference, by letters of another case."""
    first, second = (os.path.normcase(os.path.realpath(path)) for path in (a, b))
    if first == second or (sys.platform == "darwin" and first.casefold() == second.casefold()):
        return True
    try:
        return os.path.samefile(a, b) and Path(a).is_file()
    except OSError:  # one is not there yet
        return False
