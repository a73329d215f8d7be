"""Raw pixels as bytes: parts of a picture, its alpha, and whether anything of it shows. No GIMP."""

from __future__ import annotations

from typing import Optional, Union

from ..wire.protocol.pixels import DEPTH_BYTES
from ..wire.request.geometry import Box

Data = Union[bytes, bytearray, memoryview]

RGBA = 4
ANY = bytes([0]) + bytes([255]) * 255  # nothing stays nothing, and anything is all


def cropped(data: Data, width: int, box: Box, pixel: int) -> bytes:
    """The part of a picture `width` wide that lies in `box`; `pixel` is the size of one in bytes."""
    if box.x == 0 and box.width == width:
        return bytes(data[box.y * width * pixel : box.bottom * width * pixel])
    rows = memoryview(data).cast("B")
    starts = ((y * width + box.x) * pixel for y in range(box.y, box.bottom))
    return b"".join(rows[at : at + box.width * pixel] for at in starts)


def with_alpha(data: Data, of: Data, depth: str) -> bytes:
    """RGBA pixels with the alpha of others of the same size and depth."""
    size, out = DEPTH_BYTES[depth], bytearray(data)
    for i in range(3 * size, RGBA * size):
        out[i :: RGBA * size] = of[i :: RGBA * size]
    return bytes(out)


def shows(data: Data, depth: str, mask: Optional[Data] = None, mask_depth: str = "u8") -> bool:
    """Whether any RGBA pixel has alpha where `mask` (one channel; everywhere without it) is not 0."""
    covered = _covered(data, depth, RGBA)
    return covered & _covered(mask, mask_depth, 1) != 0 if mask is not None else covered != 0


def is_opaque(data: Data) -> bool:
    """Whether all RGBA pixels of 8 bits have full alpha."""
    return bytes(data[3::RGBA]).count(255) == len(data) // RGBA


def _covered(data: Data, depth: str, channels: int) -> int:
    """A number with a byte of bits for each pixel whose last channel is not 0; tiny floats count as none."""
    size = DEPTH_BYTES[depth]
    found = 0
    for i in range(max(0, size - 2), size):
        plane = bytes(data[(channels - 1) * size + i :: channels * size])
        found |= int.from_bytes(plane.translate(ANY), "little")
    return found
