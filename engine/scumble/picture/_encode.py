"""Picture files as bytes."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from ._exr import encode_exr
from .color import alpha_of, from_working, to_working
from .native import Native
from .picture import Picture
from .profiles import linear_profile, srgb_profile

MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def encode_as(suffix: str, picture: Picture) -> bytes:
    """The bytes of `picture` in the format of `suffix`, one of `ENCODERS`."""
    return ENCODERS[suffix.lower()](picture)


def _png(picture: Picture) -> bytes:
    if picture.depth == "u8":
        return _pillow(picture, "PNG")
    return bytes(imagecodecs.png_encode(_squeezed(_stored(picture, "u16")), level=6))


def _tiff(picture: Picture) -> bytes:
    out = io.BytesIO()
    gray = picture.channels < 3
    profile = linear_profile(gray) if picture.space == "linear" else srgb_profile(gray)
    tifffile.imwrite(
        out,
        _squeezed(picture.data),
        photometric="minisblack" if gray else "rgb",
        planarconfig="contig" if picture.channels > 1 else None,
        extrasamples=["unassalpha"] if picture.has_alpha else None,
        compression="zlib",
        predictor=True,
        iccprofile=profile,
        metadata=None,
    )
    return out.getvalue()


def _jpeg(picture: Picture) -> bytes:
    if picture.has_alpha:
        rgb, alpha = to_working(picture)
        flat = from_working(rgb * alpha[..., None] + 1 - alpha[..., None], "u8")
        picture = Picture(flat)
    return _pillow(picture, "JPEG", quality=95, subsampling=0)


def _webp(picture: Picture) -> bytes:
    return _pillow(picture, "WEBP", lossless=True, exact=True)


def _pillow(picture: Picture, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(_squeezed(_stored(picture, "u8")), MODES[picture.channels]).save(out, kind, **options)
    return out.getvalue()


def _stored(picture: Picture, depth: str) -> NDArray[Any]:
    """Pixels in `depth` with the sRGB curve, H×W×C; a copy only where something changes."""
    if picture.depth == depth and picture.space == "srgb":
        return picture.data
    rgb, _ = to_working(picture)
    colors = from_working(rgb[..., : 1 if picture.channels < 3 else 3], depth)
    if not picture.has_alpha:
        return colors
    out: NDArray[Any] = np.concatenate([colors, from_working(alpha_of(picture), depth)[..., None]], axis=2)
    return out


def _squeezed(data: NDArray[Any]) -> NDArray[Any]:
    """Contiguous, in native order, and H×W when there is one channel, as the codecs want it."""
    out: NDArray[Any] = np.ascontiguousarray(data[..., 0] if data.shape[2] == 1 else data)
    return out


def _exr(picture: Picture) -> bytes:
    count = 1 if picture.channels < 3 else 3
    alpha = picture.data[..., count:] if picture.has_alpha else None
    return encode_exr(Native(picture.data[..., :count], alpha, unprofiled=picture.space), None)


ENCODERS: dict[str, Callable[[Picture], bytes]] = {
    ".png": _png,
    ".tif": _tiff,
    ".tiff": _tiff,
    ".jpg": _jpeg,
    ".jpeg": _jpeg,
    ".webp": _webp,
    ".exr": _exr,
}
