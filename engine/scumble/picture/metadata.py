"""What a file says beside its pixels: EXIF (upright from now on), resolution, text; how many pictures it holds."""

from __future__ import annotations

import contextlib
import io
import os
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image

from ._exr import EXR_MAGIC, ExrParts, exr_parts
from .native import ORIENTATION

EXIF_PART, PART_WIDTH, PART_HEIGHT = 0x8769, 0xA002, 0xA003
# Tags of a TIFF that describe how its pixels are stored, or are kept apart from EXIF.
STORAGE = {254, 255, 256, 257, 258, 259, 262, 263, 266, 273, 277, 278, 279, 282, 283, 284, 296, 297, 301, 317, 318, 319}
STORAGE |= {320, 321, 322, 323, 324, 325, 330, 332, 333, 334, 336, 338, 339, 340, 341, 342, 347, 512, 513, 514, 515}
STORAGE |= {519, 520, 521, 529, 530, 531, 532, 559, 700, 33723, 34377, 34675, 37724, 50838, 50839}
PNG_TEXT = (b"tEXt", b"zTXt", b"iTXt")
PNG_SPACE = (b"sRGB", b"gAMA", b"cHRM", b"cICP")  # what a PNG may say of its space instead of a profile
UPRIGHT = re.compile(rb"""(tiff:Orientation(?:="|='|>))[1-8]""")
MOST_TEXT = 1 << 20  # bytes


@dataclass(frozen=True)
class Metadata:
    """`exif` is a TIFF of its own, `dpi` across and down.

    `texts` are PNG's chunks, those of its space too; `comment` is JPEG's, `exr` OpenEXR's.
    """

    exif: bytes = b""
    dpi: tuple[float, float] | None = None
    texts: tuple[tuple[bytes, bytes], ...] = ()
    comment: bytes = b""
    exr: ExrParts | None = None


def read_metadata(data: bytes, width: int, height: int) -> Metadata:
    """What a file says, for a picture of that size, upright; what cannot be read is left out."""
    if data.startswith(EXR_MAGIC):
        with contextlib.suppress(Exception):
            return Metadata(exr=exr_parts(data))
        return Metadata()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of decoders, about odd metadata
        exif, dpi, comment = b"", None, b""
        with contextlib.suppress(Exception), Image.open(io.BytesIO(data)) as image:  # a hostile file can raise anything
            dpi, comment = _dpi(image.info.get("dpi")), image.info.get("comment", b"")
            exif = image.info.get("exif", b"") or image.getexif().tobytes()
        if data[:2] in (b"II", b"MM"):
            exif = data
        upright = b""
        with contextlib.suppress(Exception):
            upright = _upright(exif, width, height)
        return Metadata(upright, dpi, tuple(_texts(data)), comment if isinstance(comment, bytes) else b"")


def count_pictures(path: str | os.PathLike[str]) -> int:
    """How many pictures a file holds: frames of an animation, pages; 1 where that cannot be told."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        with Image.open(path) as image:
            return _count(image)
    return 1


def peek_size(data: bytes) -> tuple[int, int]:
    """Width and height as a file's header tells them, nothing decoded; (0, 0) where that cannot be told."""
    with warnings.catch_warnings(), contextlib.suppress(Exception):
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(data)) as image:
            return int(image.width), int(image.height)
    return 0, 0


def _count(image: Image.Image) -> int:
    return 1 if image.format == "MPO" else int(getattr(image, "n_frames", 1))  # a phone's hold previews


def _dpi(found: object) -> tuple[float, float] | None:
    if not isinstance(found, tuple) or len(found) != 2:
        return None
    across, down = (float(v) for v in found)
    return (across, down) if 0 < across < 1e6 and 0 < down < 1e6 else None


def _upright(data: bytes, width: int, height: int) -> bytes:
    """EXIF without what is said of how pixels were stored and turned; empty where nothing is left."""
    exif = Image.Exif()
    exif.load(data)
    kept = Image.Exif()
    part = dict(exif.get_ifd(EXIF_PART))
    for tag in [tag for tag in exif if tag not in STORAGE and tag != ORIENTATION]:
        kept[tag] = exif[tag] if tag not in (EXIF_PART, 0x8825) else exif.get_ifd(tag)
    for tag, side in ((PART_WIDTH, width), (PART_HEIGHT, height)):
        if tag in part:
            part[tag] = side
    if part:
        kept[EXIF_PART] = part
    if not len(kept):
        return b""
    kept[ORIENTATION] = 1
    return bytes(kept.tobytes()).removeprefix(b"Exif\0\0")


def _texts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of text of a PNG, and without a profile those of its space."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return
    chunks = list(png_chunks(data))
    profiled = any(kind == b"iCCP" for kind, _ in chunks)
    for kind, body in chunks:
        if kind in PNG_SPACE and len(body) <= 32 and not profiled:
            yield kind, body
        if kind in PNG_TEXT and len(body) <= MOST_TEXT and not body.startswith(b"Raw profile type"):
            yield kind, UPRIGHT.sub(rb"\g<1>1", body)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, as far as they are whole."""
    at = 8
    while at + 12 <= len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        if at + 12 + length > len(data):
            return
        yield kind, data[at + 8 : at + 8 + length]
        at += 12 + length


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk as it lies in a file."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
