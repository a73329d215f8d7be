"""OpenEXR: scene-referred linear light in half or full floats, with the primaries that the file names."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError
from ._hush import hushed
from .color import FULL, decode
from .native import Native, native
from .picture import DEPTHS, check_size, check_unpacked
from .profiles import PRIMARIES, WHITE

EXR_MAGIC = b"v/1\x01"
COLORS = ("R", "G", "B")
STORAGE = ("channels", "lineOrder", "type", "tiles", "chunkCount", "version", "maxSamplesPerPixel", "name", "view")
REC709 = tuple(v for pair in PRIMARIES for v in pair) + tuple(WHITE[:2])
NEAR = 1e-3  # of chromaticities: two that agree so far are the same


@dataclass(frozen=True, eq=False)
class ExrParts:
    """What an OpenEXR file says beside colours and alpha, and its other channels (depth, masks), H×W each."""

    header: Mapping[str, Any]
    others: Mapping[str, NDArray[Any]]
    half: bool


@np.errstate(over="ignore", invalid="ignore")  # what is no number, or too large for one, stays that
def decode_exr(data: bytes, name: str) -> Native:
    """R, G and B, or Y, of the first part, with straight alpha. Raises `picture-unreadable`, `picture-large`."""
    channels, header = _read(data, name)
    names = [c for c in COLORS if c in channels] or [c for c in ("Y",) if c in channels]
    if len(names) not in (1, 3) or any(channels[c].dtype.kind != "f" for c in names):
        raise ScumbleError("picture-unreadable", name=name, reason="it holds no R, G and B and no Y")
    pixels = np.stack([channels[c] for c in names], axis=2).astype(np.float32)
    if "A" in channels:
        alpha = channels["A"].astype(np.float32)[..., None]
        pixels = np.divide(pixels, alpha, out=pixels, where=(alpha > 0) & (alpha != 1))
        pixels = np.concatenate([pixels, alpha], axis=2)
    return native(pixels, _profile(header) if len(names) == 3 else None, 1, "linear")


def exr_parts(data: bytes) -> ExrParts:
    """What `encode_exr` puts back. Raises what `decode_exr` does."""
    channels, header = _read(data, "")
    kept = {k: v for k, v in header.items() if k not in STORAGE}
    others = {k: v for k, v in channels.items() if k not in (*COLORS, "Y", "A")}
    halves = [v.dtype == np.float16 for k, v in channels.items() if k not in others]
    return ExrParts(kept, others, all(halves))


@np.errstate(over="ignore", invalid="ignore")
def encode_exr(given: Native, parts: ExrParts | None) -> bytes:
    """Linear light with premultiplied alpha: in the space of the file that it comes from, whose `parts` are given.

    Without parts in Rec. 709; what had 8 bits is written in halves then, all else in full floats.
    """
    import OpenEXR

    colors = given.colors if parts else _light(given)
    dtype = np.float16 if (parts.half if parts else given.colors.dtype == np.uint8) else np.float32
    if given.alpha is not None:
        share = given.alpha.astype(np.float32) / FULL.get(DEPTHS[given.alpha.dtype], 1)
        colors = np.where(share > 0, colors * share, colors)  # light that hides nothing stays
    names = COLORS if colors.shape[2] == 3 else ("Y",)
    channels = {n: np.ascontiguousarray(colors[..., i], dtype) for i, n in enumerate(names)}
    if given.alpha is not None:
        channels["A"] = np.ascontiguousarray(share[..., 0], dtype)
    header: dict[str, Any] = {"compression": OpenEXR.ZIP_COMPRESSION, "type": OpenEXR.scanlineimage}
    if parts and parts.header.get("dataWindow") is not None and _size(parts.header) == colors.shape[1::-1]:
        header |= parts.header
        channels |= parts.others
    with tempfile.TemporaryDirectory(prefix="scumble-exr-") as folder:
        path = os.path.join(folder, "a.exr")
        OpenEXR.File(header, channels).write(path)
        return Path(path).read_bytes()


def _read(data: bytes, name: str) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The channels of the first part, H×W each, and its header; sizes are known before a pixel is unpacked."""
    import OpenEXR

    with tempfile.TemporaryDirectory(prefix="scumble-exr-") as folder:
        path = os.path.join(folder, "a.exr")  # the library reads files alone
        Path(path).write_bytes(data)
        with hushed(), OpenEXR.File(path, header_only=True) as file:
            width, height = _size(file.header())
            count = len(file.header()["channels"])
        check_size(width, height, name)
        check_unpacked(width * height * count * 4, len(data), name)
        with hushed(), OpenEXR.File(path, separate_channels=True) as file:
            found, header = dict(file.channels()), dict(file.header())
            if any(c.xSampling != 1 or c.ySampling != 1 for c in found.values()):
                raise ScumbleError("picture-unreadable", name=name, reason="its channels have several sizes")
            channels = {k: np.array(c.pixels) for k, c in found.items()}
    if any(c.shape != (height, width) for c in channels.values()):
        raise ScumbleError("picture-unreadable", name=name, reason="it holds points, not a picture")
    return channels, header


def _size(header: Mapping[str, Any]) -> tuple[int, int]:
    (left, top), (right, bottom) = header["dataWindow"]
    return int(right) - int(left) + 1, int(bottom) - int(top) + 1


def _profile(header: Mapping[str, Any]) -> bytes | None:
    """The profile of linear light with the primaries that a header names; None for Rec. 709, whose are sRGB's."""
    named = tuple(float(v) for v in header.get("chromaticities") or REC709)
    if len(named) != 8 or max(abs(a - b) for a, b in zip(named, REC709, strict=True)) < NEAR:
        return None
    primaries = [v for i in (0, 2, 4) for v in (named[i], named[i + 1], 1.0)]
    try:
        return bytes(imagecodecs.cms_profile("rgb", gamma=1.0, whitepoint=[*named[6:], 1.0], primaries=primaries))
    except (imagecodecs.CmsError, ValueError):
        return None


def _light(given: Native) -> NDArray[Any]:
    """Linear light with sRGB's primaries."""
    picture = given.picture()
    colors = picture.data[..., : 1 if picture.channels < 3 else 3].astype(np.float64) / FULL.get(picture.depth, 1)
    return (colors if picture.space == "linear" else decode(colors)).astype(np.float32)
