"""Files of the blob store, for the front and for workers: where they are, how they are written, what errors mean."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import MAX_RAW

T = TypeVar("T")
STAMPS = "whole.json"  # what the last engine knew to be whole
WAITS = (0.005, 0.02, 0.1)  # seconds, for files that others give back in a moment
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FULL = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_SHORT = {errno.EMFILE, errno.ENFILE}


def is_digest(value: object) -> bool:
    """Whether `value` is 64 lowercase hexadecimal digits; only such a name ever becomes part of a path."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def blob_path(folder: Path, digest: str) -> Path:
    """Where the blob lies in a store at `folder`; workers use it too."""
    return folder / "blobs" / digest[:2] / digest


def write_error(error: OSError, name: str) -> ScumbleError:
    """`disk-full` or `file-write`, whichever `error` means."""
    if error.errno in _FULL:
        return ScumbleError("disk-full")
    return ScumbleError("file-write", name=name, reason=error.strerror or error)


def read_error(error: OSError) -> ScumbleError:
    """`files-unusable`: a file is there, and the system cannot read it now."""
    return ScumbleError("files-unusable", reason=error.strerror or error)


def is_shortage(error: OSError) -> bool:
    """Whether the system has no files left just now."""
    return error.errno in _SHORT


def patiently(call: Callable[[], T]) -> T:
    """Do it; again after a moment where no files are left. Raises what `call` raises."""
    for wait in WAITS:
        try:
            return call()
        except OSError as e:
            if not is_shortage(e):
                raise
            time.sleep(wait)
    return call()


def write_at(path: Path, offset: int, data: bytes) -> None:
    """Write all of `data` at `offset`; after an error the caller's count of bytes still holds.

    A folder that was removed is made again for a file that begins; one that goes on must be there. Raises `OSError`.
    """
    flags = os.O_WRONLY | (0 if offset else os.O_CREAT) | getattr(os, "O_BINARY", 0)
    try:
        file = patiently(lambda: os.open(path, flags, 0o600))
    except FileNotFoundError:
        if offset:
            raise
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = os.open(path, flags, 0o600)
    with open(file, "wb", buffering=0) as f:
        f.seek(offset)
        view = memoryview(data)
        while view:
            view = view[f.write(view) :]


def move(part: Path, path: Path) -> None:
    """Give a whole file its name. Raises `OSError`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.replace(part, path)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; empty where it cannot be read just now, which proves nothing."""
    sha = hashlib.sha256()
    try:
        with patiently(lambda: path.open("rb")) as f:
            while chunk := f.read(MAX_RAW):
                sha.update(chunk)
    except OSError:
        return ""
    return sha.hexdigest()


def write_stamps(folder: Path, stamps: Mapping[str, tuple[int, int]]) -> None:
    """Leave the sizes and times (ns) of whole files, by digest."""
    with contextlib.suppress(OSError):
        (folder / STAMPS).write_text(json.dumps(stamps), "utf-8")


def read_stamps(folder: Path) -> dict[str, tuple[int, int]]:
    """What `write_stamps` left; once, so that it is never older than the files."""
    try:
        plain = json.loads((folder / STAMPS).read_text("utf-8"))
        (folder / STAMPS).unlink()
        return {str(d): (int(size), int(at)) for d, (size, at) in plain.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
