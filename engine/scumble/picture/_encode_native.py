"""Pixels of a file's own space into a file, with profile and metadata."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from ..wire.protocol.errors import ScumbleError
from ._encode import MODES, _squeezed, _stored
from ._exr import encode_exr
from .color import FULL
from .metadata import EXIF_PART, PNG_SPACE, Metadata, png_chunk
from .native import ORIENTATION, Native
from .picture import DEPTHS, Pixels
from .profiles import known_space, linear_profile, srgb_profile
from .targets import check_fits

INCH = 0.0254  # m
LONG = 4  # the type of a whole number in a TIFF
PLACEHOLDER = EXIF_PART - 1  # a tag that nobody uses, in place of EXIF's own, which tifffile would leave out


def encode_native(suffix: str, native: Native, about: Metadata, name: str = "") -> bytes:
    """The bytes of a picture in the format of `suffix`. What that cannot hold is converted, as `save_file` says.

    `name` is what errors call it. Raises `file-format` for more pixels a side than the format holds, and for what its
    library refuses otherwise.
    """
    height, width = native.colors.shape[:2]
    name = name or f"picture{suffix}"
    check_fits(name, width, height)
    try:
        return ENCODERS[suffix.lower()](native, about)
    except (OSError, ValueError, RuntimeError) as e:  # the last are imagecodecs's
        raise ScumbleError("file-format", name=name, reason=str(e)[:200], choices=", ".join(ENCODERS)) from e


def _png(given: Native, about: Metadata) -> bytes:
    native = _reduced(_no_inks(given), "u8" if given.colors.dtype == np.uint8 else "u16")
    data = bytes(imagecodecs.png_encode(_squeezed(native.pixels), level=6))
    chunks = [(b"iCCP", b"icc\0\0" + zlib.compress(native.profile))] if native.profile else []
    if about.dpi:
        chunks.append((b"pHYs", struct.pack(">IIB", *(round(d / INCH) for d in about.dpi), 1)))
    chunks += [(b"eXIf", about.exif)] if about.exif else []
    kept = [(kind, body) for kind, body in about.texts if kind not in PNG_SPACE or native is given]
    extra = b"".join(png_chunk(*chunk) for chunk in [*chunks, *kept])
    return data[:33] + extra + data[33:]  # behind the header


def _jpeg(native: Native, about: Metadata) -> bytes:
    native = _on_white(_reduced(native, "u8"))
    more = {"comment": about.comment} if about.comment else {}
    return _pillow(native, about, "JPEG", quality=95, subsampling=0, **more)


def _webp(native: Native, about: Metadata) -> bytes:
    return _pillow(_reduced(_no_inks(native), "u8").colored(), about, "WEBP", lossless=True, exact=True)


def _pillow(native: Native, about: Metadata, kind: str, **options: Any) -> bytes:
    out, pixels = io.BytesIO(), native.pixels
    mode = "CMYK" if native.kind == "cmyk" else MODES[pixels.shape[2]]
    image = Image.frombytes(mode, (pixels.shape[1], pixels.shape[0]), np.ascontiguousarray(pixels).tobytes())
    options |= {"icc_profile": native.profile} if native.profile else {}
    options |= {"exif": b"Exif\0\0" + about.exif} if about.exif else {}
    options |= {"dpi": about.dpi} if about.dpi else {}
    image.save(out, kind, **options)
    return out.getvalue()


def _tiff(native: Native, about: Metadata) -> bytes:
    out = io.BytesIO()
    gray = native.kind == "gray"
    plain = linear_profile(gray) if native.unprofiled == "linear" else srgb_profile(gray)
    exif = Image.Exif()
    exif.load(about.exif) if about.exif else None
    tifffile.imwrite(
        out,
        _squeezed(native.pixels),
        photometric={"gray": "minisblack", "rgb": "rgb", "cmyk": "separated"}[native.kind],
        planarconfig="contig" if native.pixels.shape[2] > 1 else None,
        extrasamples=["unassalpha"] if native.alpha is not None else None,
        compression="zlib",
        predictor=True,
        iccprofile=native.profile or (None if native.kind == "cmyk" else plain),
        metadata=None,
        resolution=about.dpi,
        resolutionunit="INCH" if about.dpi else None,
        byteorder="<",
        software=False,
        extratags=_tags(exif),
    )
    return _with_exif_part(out.getvalue(), dict(exif.get_ifd(EXIF_PART)))


def _tags(exif: Image.Exif) -> list[tuple[int, int, int, object, bool]]:
    """What of EXIF lies among a TIFF's own tags: texts, and a place for the part of its own."""
    texts = {tag: value for tag, value in exif.items() if isinstance(value, str) and tag != ORIENTATION}
    found: list[tuple[int, int, int, object, bool]] = [
        (tag, 2, len(value.encode()) + 1, value.encode() + b"\0", True) for tag, value in texts.items()
    ]
    return [*found, (PLACEHOLDER, LONG, 1, 0, True)] if exif.get_ifd(EXIF_PART) else found


def _with_exif_part(data: bytes, part: dict[int, Any]) -> bytes:
    """A little-endian TIFF with EXIF's own directory behind it, where its tag points to."""
    if not part:
        return data
    data += b"\0" * (len(data) % 2)
    with tifffile.TiffFile(io.BytesIO(data)) as file:
        page = file.pages.first
        assert isinstance(page, tifffile.TiffPage)
        entry = page.tags[PLACEHOLDER].offset
    folder = TiffImagePlugin.ImageFileDirectory_v2(b"II*\0\0\0\0\0")
    for tag, value in part.items():
        folder[tag] = value
    pointer = struct.pack("<HHII", EXIF_PART, LONG, 1, len(data))
    return data[:entry] + pointer + data[entry + 12 :] + folder.tobytes(len(data))


def _reduced(native: Native, depth: str) -> Native:
    """In `depth`, 8 or 16 bits. Linear light gets the sRGB curve, since steps of equal light are coarse in the dark."""
    have = DEPTHS[native.colors.dtype]
    if have == depth:
        return native
    linear = (known_space(native.profile, native.kind) if native.profile else native.unprofiled) == "linear"
    if linear and have == "f32":
        data = _stored(native.picture(), depth)
        count = native.colors.shape[2]
        return Native(data[..., :count], data[..., count:] if native.alpha is not None else None)
    alpha = None if native.alpha is None else _scaled(native.alpha, depth)
    return replace(native, colors=_scaled(native.colors, depth), alpha=alpha)


def _scaled(values: Pixels, depth: str) -> NDArray[Any]:
    unit = np.nan_to_num(values.astype(np.float64) / FULL.get(DEPTHS[values.dtype], 1))
    out: NDArray[Any] = np.rint(np.clip(unit, 0, 1) * FULL[depth])
    return out.astype(np.uint8 if depth == "u8" else np.uint16)


def _no_inks(native: Native) -> Native:
    """CMYK as RGB, for formats that have no place for it."""
    if native.kind != "cmyk":
        return native
    return Native(native.picture().data[..., :3], native.alpha, srgb_profile())


def _on_white(native: Native) -> Native:
    """Without alpha: laid on white, or on paper without ink."""
    if native.alpha is None:
        return native
    share = native.alpha / 255.0
    white = 0 if native.kind == "cmyk" else 255
    flat = np.rint(native.colors * share + white * (1 - share)).astype(np.uint8)
    return replace(native, colors=flat, alpha=None)


def _exr(native: Native, about: Metadata) -> bytes:
    return encode_exr(_no_inks(native), about.exr)


ENCODERS: dict[str, Callable[[Native, Metadata], bytes]] = {
    ".png": _png,
    ".tif": _tiff,
    ".tiff": _tiff,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".webp": _webp,
    ".exr": _exr,
}
