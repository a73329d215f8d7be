"""Picture files: decoded at full precision, written whole."""

from __future__ import annotations

import os
from pathlib import Path

from ..wire.protocol.errors import ScumbleError
from ._decode import decode_bytes
from ._encode import encode_as
from .picture import Picture
from .targets import check_target, part_of

MAX_FILE = 2 << 30  # bytes; larger than any picture within the limit of pixels


def decode_file(source: bytes | str | os.PathLike[str], name: str = "") -> Picture:
    """The picture in a file or in its bytes; `name` is what errors call it.

    16-bit and float files keep their precision; profiles other than sRGB are converted to it; the EXIF orientation is
    applied; of an animation the first frame counts. Float pixels that are not numbers stay and are cleaned when the
    picture is used. Raises `file-missing`, `picture-unreadable`, `picture-truncated`, `picture-large`.
    """
    if isinstance(source, bytes):
        return decode_bytes(source, name or "picture").picture()
    return decode_bytes(read_bytes(source, name), name or Path(source).name).picture()


def read_bytes(source: str | os.PathLike[str], name: str = "") -> bytes:
    """A file's bytes. Raises `file-missing`, and `picture-unreadable` for what no picture can be."""
    path = Path(source)
    name = name or path.name
    try:
        if path.stat().st_size > MAX_FILE:
            raise ScumbleError("picture-unreadable", name=name, reason=f"the file has over {MAX_FILE >> 30} GiB")
        return path.read_bytes()
    except FileNotFoundError:
        raise ScumbleError("file-missing", name=str(path)) from None
    except (OSError, ValueError) as e:  # ValueError: a NUL in the path
        raise ScumbleError("picture-unreadable", name=name, reason=reason_of(e)) from e


def save_file(path: str | os.PathLike[str], picture: Picture) -> None:
    """Write a PNG (8 or 16 bits), TIFF (any depth), JPEG, WebP or OpenEXR, by the path's suffix.

    What a format cannot hold is converted: float becomes 16 bits in PNG, everything 8 bits in JPEG and WebP, linear
    light gets the sRGB curve except in TIFF and OpenEXR, which holds nothing else, and JPEG lays transparency on white.
    WebP is lossless. The file appears whole or not at all. Raises `file-format` and `file-write`.
    """
    check_target(path)
    try:
        write_whole(path, encode_as(Path(path).suffix, picture))
    except (OSError, ValueError, RuntimeError) as e:  # the last are imagecodecs's
        raise ScumbleError("file-write", name=str(path), reason=reason_of(e)) from e


def write_whole(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file that appears whole or not at all; a link stays a link. Raises OSError."""
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():  # a device or a pipe cannot be replaced, only written to
        target.write_bytes(data)
        return
    part = part_of(target)
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def reason_of(error: Exception) -> str:
    """What the system says of an error, for the middle of a sentence."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return text[:1].lower() + text[1:200]
