"""TIFF beyond 8 bits: 16-bit and float pages at full precision, first page of a file."""

from __future__ import annotations

import io
import logging
import math
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError
from .color import FULL
from .native import ORIENTATION, Native, native
from .picture import DEPTHS, Space, check_size, check_unpacked

logging.getLogger("tifffile").setLevel(logging.CRITICAL + 1)  # what it says of damage is said in our words
MAGIC = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
COLORS: dict[int, int] = {
    tifffile.PHOTOMETRIC.MINISBLACK: 1,
    tifffile.PHOTOMETRIC.MINISWHITE: 1,
    tifffile.PHOTOMETRIC.RGB: 3,
    tifffile.PHOTOMETRIC.SEPARATED: 4,
}  # samples that are no alpha


def is_deep_tiff(data: bytes, name: str) -> bool:
    """Whether these are gray, RGB or CMYK pixels of more than 8 bits, or others that Pillow cannot read.

    Raises `picture-unreadable` where either would need too much memory.
    """
    if not data.startswith(MAGIC):
        return False
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        assert isinstance(page, tifffile.TiffPage)
        if page.dtype is None:
            return False
        check_size(page.imagewidth, page.imagelength, name)
        parts = max(math.prod(page.shaped), math.prod(page.chunks))  # a tile may be larger than the picture
        check_unpacked(parts * page.dtype.itemsize, len(data), name)
        inverted = page.photometric == tifffile.PHOTOMETRIC.MINISWHITE and page.samplesperpixel > 1
        masked = page.photometric == tifffile.PHOTOMETRIC.SEPARATED and page.samplesperpixel > 4
        deep = page.dtype.itemsize > 1 and COLORS.get(page.photometric, 1 << 16) <= page.samplesperpixel
        return inverted or masked or deep


def decode_tiff(data: bytes, name: str) -> Native:
    """The first page. Float without a profile is taken as linear light, as renderers write it."""
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        assert isinstance(page, tifffile.TiffPage)
        if page.imagedepth != 1 or page.samplesperpixel > 16:
            raise ScumbleError("picture-unreadable", name=name, reason="it is a volume, not a picture")
        if any(at + size > len(data) for at, size in zip(page.dataoffsets, page.databytecounts, strict=False)):
            raise ScumbleError("picture-truncated", name=name, reason=f"the TIFF data ends after {len(data)} bytes")
        pixels, colors = _depth(_channels_last(page)), COLORS[page.photometric]
        if pixels.shape[2] > colors and tuple(page.extrasamples)[:1] == (tifffile.EXTRASAMPLE.ASSOCALPHA,):
            pixels = _straight(pixels)
        if page.photometric == tifffile.PHOTOMETRIC.MINISWHITE:
            pixels[..., 0] = FULL.get(DEPTHS[pixels.dtype], 1) - pixels[..., 0]
        unprofiled: Space = "linear" if pixels.dtype == np.float32 else "srgb"
        orientation = int(page.tags.valueof(ORIENTATION, default=1))
        return native(pixels, page.iccprofile, orientation, unprofiled, inks=colors == 4)


def _channels_last(page: tifffile.TiffPage) -> NDArray[Any]:
    """The page's pixels H×W×C with gray, RGB or CMYK and one alpha; further samples are not colours."""
    pixels: NDArray[Any] = page.asarray().reshape(page.shaped)  # separate planes, depth, height, width, samples
    pixels = pixels[:, 0].transpose(1, 2, 0, 3).reshape(page.imagelength, page.imagewidth, -1)
    return pixels[..., : COLORS[page.photometric] + 1]


def _depth(pixels: NDArray[Any]) -> NDArray[Any]:
    """In one of a picture's depths: float32, uint16 or uint8."""
    if pixels.dtype.kind == "f":
        return pixels.astype(np.float32)
    if pixels.dtype.kind not in "iu":
        raise ValueError(f"pixels of {pixels.dtype} are not supported")
    if pixels.dtype.kind == "u" and pixels.dtype.itemsize == 4:
        return (pixels >> 16).astype(np.uint16)
    out: NDArray[Any] = np.clip(pixels, 0, 65535)
    return out.astype(np.uint8 if pixels.dtype == np.uint8 else np.uint16)


def _straight(pixels: NDArray[Any]) -> NDArray[Any]:
    """Premultiplied pixels with straight alpha."""
    alpha = pixels[..., -1:].astype(np.float64)
    full = 1.0 if pixels.dtype == np.float32 else float(np.iinfo(pixels.dtype).max)
    colors = np.divide(pixels[..., :-1] * full, alpha, out=np.zeros(pixels[..., :-1].shape), where=alpha > 0)
    if pixels.dtype != np.float32:
        colors = np.rint(np.clip(colors, 0, full))
    out: NDArray[Any] = np.concatenate([colors.astype(pixels.dtype), pixels[..., -1:]], axis=2)
    return out
