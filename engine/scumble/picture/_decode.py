"""Picture files from bytes: Pillow for 8 bits, imagecodecs for 16-bit PNG, tifffile for TIFF beyond 8 bits."""

from __future__ import annotations

import contextlib
import io
import logging
import re
import struct
import warnings
from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import MAX_PIXELS
from ._exr import EXR_MAGIC, decode_exr
from ._hush import hushed
from ._tiff import decode_tiff, is_deep_tiff
from .native import ORIENTATION, Native, native
from .picture import check_size, check_unpacked

for _name in ("PIL", "imagecodecs"):  # their reports of damage become errors of ours
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)
Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # `check_size` tells what is larger
# Only formats that Pillow decodes by itself: never those that start another program, such as EPS.
FORMATS = ("PNG", "JPEG", "MPO", "TIFF", "WEBP", "GIF", "BMP", "PPM", "AVIF", "JPEG2000")
PNG_SAMPLES = {0: 1, 2: 3, 4: 2}  # by the header's type of colour; 6: four
MAGIC = {
    EXR_MAGIC: "EXR",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"II": "TIFF",
    b"MM": "TIFF",
    b"RIFF": "WebP",
    b"GIF8": "GIF",
}


def decode_bytes(data: bytes, name: str) -> Native:
    """A file's pixels in its own space. Raises `picture-unreadable`, `picture-truncated`, `picture-large`, `memory`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of decoders, about odd metadata; sizes are checked here
            return _decode(data, name)
    except Image.DecompressionBombError as e:
        pixels = re.search(r"\d{6,}", str(e))
        size = {"megapixels": int(pixels.group()) / 1e6} if pixels else {}
        raise ScumbleError("picture-large", name=name, limit=MAX_PIXELS / 1e6, **size) from e
    except MemoryError as e:
        raise ScumbleError("memory", reason=f"decoding “{name}”") from e
    except ScumbleError:
        raise
    except Exception as e:  # a hostile file can make a decoder raise anything
        raise _failure(data, name, e) from e


def _decode(data: bytes, name: str) -> Native:
    if data.startswith(EXR_MAGIC):
        return decode_exr(data, name)
    if is_deep_tiff(data, name):
        return decode_tiff(data, name)
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[24:25] == b"\x10":
        return _deep_png(data, name)
    Image.init()
    with Image.open(io.BytesIO(data), formats=[f for f in FORMATS if f in Image.OPEN]) as image:
        check_size(image.width, image.height, name)
        samples = image.width * image.height * len(image.getbands())
        check_unpacked(samples * _bytes_each(image), len(data), name)
        with hushed() if image.format == "TIFF" else contextlib.nullcontext():  # libtiff prints
            image.load()
        return _from_image(image, _orientation(image))


def _bytes_each(image: Image.Image) -> int:
    """Bytes that a sample takes while it is decoded."""
    if image.mode in ("I", "F") or image.format == "JPEG2000":
        return 4
    return 2 if image.mode.startswith("I;16") else 1


def _orientation(image: Image.Image) -> int:
    """The orientation that EXIF gives; damaged EXIF is ignored."""
    with contextlib.suppress(Exception):
        return int(image.getexif().get(ORIENTATION, 1))
    return 1


def _from_image(image: Image.Image, orientation: int) -> Native:
    profile = image.info.get("icc_profile")
    if image.mode == "CMYK":
        return native(_array(image), profile, orientation, inks=True)
    if image.mode in ("YCbCr", "LAB", "HSV"):
        return native(_array(image.convert("RGB")), None, orientation)
    return native(_array(_plain_mode(image)), profile, orientation)


def _plain_mode(image: Image.Image) -> Image.Image:
    """In a mode of 1 to 4 channels: palettes and transparent colours spelt out."""
    see_through = "transparency" in image.info or image.mode in ("PA", "La", "RGBa")
    if image.mode in ("L", "LA", "RGB", "RGBA", "F", "I") or image.mode.startswith("I;16"):
        if see_through and image.mode in ("L", "RGB"):
            return image.convert("LA" if image.mode == "L" else "RGBA")
        return image
    if image.mode in ("1", "La"):
        return image.convert("L" if image.mode == "1" else "LA")
    return image.convert("RGBA" if see_through else "RGB")


def _array(image: Image.Image) -> NDArray[Any]:
    """The pixels H×W or H×W×C; 32-bit whole numbers are 16-bit pictures in Pillow."""
    data = np.array(image)
    if data.dtype.kind in "iu" and data.dtype.itemsize > 1:
        data = np.clip(data, 0, 65535).astype(np.uint16)
    return data


def _deep_png(data: bytes, name: str) -> Native:
    """16 bits a channel, which Pillow would cut to 8."""
    width, height = struct.unpack(">II", data[16:24])
    check_size(width, height, name)
    check_unpacked(width * height * PNG_SAMPLES.get(data[25], 4) * 2, len(data), name)
    with Image.open(io.BytesIO(data), formats=["PNG"]) as header:  # for its metadata alone
        profile, orientation = header.info.get("icc_profile"), _orientation(header)
    return native(imagecodecs.png_decode(data), profile, orientation)


def _failure(data: bytes, name: str, error: Exception) -> ScumbleError:
    """Truncated or unreadable: what begins like a picture but ends too early is truncated."""
    if not data:
        return ScumbleError("picture-truncated", name=name, reason="it is empty")
    kind = next((kind for magic, kind in MAGIC.items() if data.startswith(magic)), "")
    early = re.search(r"truncat|unexpected end|premature", str(error), re.I) or isinstance(
        error, (EOFError, struct.error)
    )
    if kind and (early or _ends_early(data, kind)):
        return ScumbleError("picture-truncated", name=name, reason=f"the {kind} data ends after {len(data)} bytes")
    if isinstance(error, UnidentifiedImageError):
        return ScumbleError("picture-unreadable", name=name, reason="it is not a picture of a known kind")
    return ScumbleError("picture-unreadable", name=name, reason=str(error)[:200] or type(error).__name__)


def _ends_early(data: bytes, kind: str) -> bool:
    if kind == "EXR":
        return True  # a damaged file cannot be told from half of one
    if kind == "PNG":
        return b"IEND" not in data[-64:]
    if kind == "JPEG":
        return b"\xff\xd9" not in data[-64:]
    if kind == "WebP":
        return len(data) < 12 or len(data) < int.from_bytes(data[4:8], "little") + 8
    if kind == "TIFF":
        return len(data) < 8 or int.from_bytes(data[4:8], "little" if data[0:1] == b"I" else "big") >= len(data)
    return len(data) < 13 or data[-1:] != b";"
