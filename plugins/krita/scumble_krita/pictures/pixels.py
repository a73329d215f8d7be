"""Raw pixels as bytes: what Krita and the wire lay out differently, and what is asked of alpha. No Krita, no Qt."""

from __future__ import annotations

from array import array
from typing import Union

from ..wire.protocol.pixels import DEPTH_BYTES

Data = Union[bytes, bytearray, memoryview]

RGBA = 4
ONE = {"u8": b"\xff", "u16": b"\xff\xff", "f32": array("f", (1.0,)).tobytes()}  # full coverage, little-endian
ANY = bytes([0]) + bytes([255]) * 255  # nothing stays nothing, and anything is all


def swapped(data: Data, depth: str) -> bytearray:
    """BGRA as RGBA, or back: Krita keeps integers (“u8”, “u16”) the other way round than the wire."""
    size = DEPTH_BYTES[depth]
    out = bytearray(data)
    for i in range(size):
        first, third = slice(i, None, RGBA * size), slice(2 * size + i, None, RGBA * size)
        out[first], out[third] = out[third], out[first]
    return out


def to_wire(data: Data, depth: str) -> bytes:
    """Krita's RGBA pixels in the wire's order; floats have it already."""
    return bytes(data) if depth == "f32" else bytes(swapped(data, depth))


def to_krita(data: Data, depth: str) -> bytes:
    """The wire's RGBA pixels in Krita's order; they are each other's inverse."""
    return to_wire(data, depth)


def opaque(data: Data, depth: str) -> bytes:
    """RGBA pixels, all of them fully covered."""
    size = DEPTH_BYTES[depth]
    out = bytearray(data)
    pixels = len(out) // (RGBA * size)
    for i in range(size):
        out[3 * size + i :: RGBA * size] = ONE[depth][i : i + 1] * pixels
    return bytes(out)


def shows(data: Data, depth: str, mask: Union[bytes, None] = None) -> bool:
    """Whether any RGBA pixel has alpha, where `mask` (8 bits a pixel; everywhere without one) is not 0."""
    if mask is not None and mask.count(0) == len(mask):
        return False
    if 0 not in bytes(data[RGBA * DEPTH_BYTES[depth] - 1 :: RGBA * DEPTH_BYTES[depth]]):  # the usual case, found fast
        return True
    where = _covered(data, depth)
    if mask is not None:
        where &= int.from_bytes(mask.translate(ANY), "little")
    return where != 0


def _covered(data: Data, depth: str) -> int:
    """A number with a byte of bits for each pixel that has alpha; tiny floats count as none."""
    size = DEPTH_BYTES[depth]
    found = 0
    for i in range(max(0, size - 2), size):
        plane = bytes(data[3 * size + i :: RGBA * size])
        found |= int.from_bytes(plane.translate(ANY), "little")
    return found


def thinned(data: Data, width: int, pixel: int, step: int) -> bytes:
    """Every `step`th pixel of every `step`th row of rows of `width`; `pixel` is the size of one in bytes."""
    rows = memoryview(data).cast("B")
    stride = width * pixel
    unit = next(code for code, size in (("Q", 8), ("I", 4), ("H", 2), ("B", 1)) if pixel % size == 0)
    parts = pixel // array(unit).itemsize
    out = bytearray()
    for top in range(0, len(rows), stride * step):
        out += _every(array(unit, bytes(rows[top : top + stride])), parts, step)
    return bytes(out)


def _every(row: array[int], parts: int, step: int) -> bytes:
    """Every `step`th pixel of a row of pixels of `parts` units each."""
    if parts == 1:
        return row[::step].tobytes()
    kept = -(-(len(row) // parts) // step)
    out = array(row.typecode, bytes(row.itemsize * parts * kept))
    for part in range(parts):
        out[part::parts] = row[part :: parts * step]
    return out.tobytes()


def packed(data: Data, width: int, height: int, stride: int) -> bytes:
    """Rows of one byte a pixel without what lies between them."""
    if stride == width:
        return bytes(data)
    rows = memoryview(data).cast("B")
    return b"".join(rows[y * stride : y * stride + width] for y in range(height))
