"""Small right picture files of every format that is read, in its usual and its odd forms."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray
from PIL import Image

from scumble.picture.profiles import srgb_profile

HEIGHT, WIDTH = 40, 56


def _noise(dtype: Any, channels: int) -> NDArray[Any]:
    """Soft noise, so that it can be compressed."""
    rng = np.random.default_rng(channels)
    small = rng.random((HEIGHT // 8, WIDTH // 8, channels))
    values = np.kron(small, np.ones((8, 8, 1)))
    values = np.clip(values + 0.05 * rng.random(values.shape), 0, 1)
    if np.dtype(dtype).kind == "f":
        return values.astype(dtype)
    return (values * np.iinfo(dtype).max).astype(dtype)


def _image(channels: int) -> Image.Image:
    return Image.fromarray(_noise(np.uint8, channels).squeeze())


def _pillow(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _exif() -> bytes:
    exif = Image.Exif()
    exif[274], exif[315], exif[33432] = 6, "a painter", "nobody"
    exif.get_ifd(0x8769)[0xA002] = WIDTH
    return exif.tobytes()


def _tiff(data: NDArray[Any], **options: Any) -> bytes:
    out = io.BytesIO()
    tifffile.imwrite(out, data.squeeze(), **options)
    return out.getvalue()


def _png() -> list[bytes]:
    about = {"icc_profile": srgb_profile(), "exif": _exif(), "dpi": (300, 300)}
    found = [_pillow(_image(n), "PNG", **about) for n in (1, 2, 3, 4)]
    palette = _image(3).quantize(16)
    found += [_pillow(palette, "PNG", transparency=3), _pillow(_image(1).convert("1"), "PNG")]
    found += [bytes(imagecodecs.png_encode(_noise(np.uint16, n).squeeze())) for n in (1, 3, 4)]
    return found


def _jpeg() -> list[bytes]:
    cmyk = Image.fromarray(_noise(np.uint8, 4), "CMYK")
    found = [_pillow(_image(n), "JPEG", exif=_exif(), icc_profile=srgb_profile(), comment=b"a word") for n in (1, 3)]
    return [*found, _pillow(_image(3), "JPEG", progressive=True, quality=60), _pillow(cmyk, "JPEG")]


def _tiffs() -> list[bytes]:
    found = [_pillow(_image(n), "TIFF", compression=c) for n in (1, 3, 4) for c in ("raw", "tiff_lzw", "jpeg")[: 4 - n]]
    found += [_pillow(_image(1).convert("1"), "TIFF", compression="group4"), _pillow(_image(3), "TIFF", exif=_exif())]
    for dtype in (np.uint16, np.float32, np.float16):
        found += [_tiff(_noise(dtype, n), photometric="minisblack" if n == 1 else "rgb") for n in (1, 3, 4)]
    found.append(_tiff(_noise(np.uint16, 3), photometric="rgb", compression="zlib", predictor=True, tile=(16, 16)))
    found.append(_tiff(_noise(np.float32, 3), photometric="rgb", compression="zstd", iccprofile=srgb_profile()))
    found.append(_tiff(_noise(np.uint16, 3).transpose(2, 0, 1), photometric="rgb", planarconfig="separate"))
    found.append(_tiff(_noise(np.uint8, 4), photometric="separated", bigtiff=True))
    found.append(_tiff(_noise(np.uint16, 1), photometric="miniswhite"))
    return found


def _webp() -> list[bytes]:
    about = {"icc_profile": srgb_profile(), "exif": _exif()}
    found = [_pillow(_image(n), "WEBP", lossless=lossless, **about) for n in (3, 4) for lossless in (True, False)]
    return [*found, _pillow(_image(3), "WEBP", save_all=True, append_images=[_image(3).rotate(90)])]


def _exr() -> list[bytes]:
    import OpenEXR

    found = []
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "a.exr")
        for dtype in (np.float16, np.float32):
            for names in ("RGB", "RGBA", "Y", "RGBAZ"):
                for squeeze in (OpenEXR.ZIP_COMPRESSION, OpenEXR.PIZ_COMPRESSION, OpenEXR.NO_COMPRESSION):
                    values = _noise(dtype, len(names))
                    channels = {n: np.ascontiguousarray(values[..., i]) for i, n in enumerate(names)}
                    header = {"compression": squeeze, "type": OpenEXR.scanlineimage, "comments": "a word"}
                    OpenEXR.File(header, channels).write(path)
                    found.append(Path(path).read_bytes())
    return found


def _gif() -> list[bytes]:
    frames = [_image(3).quantize(16), _image(3).rotate(90).quantize(16)]
    return [_pillow(frames[0], "GIF"), _pillow(frames[0], "GIF", save_all=True, append_images=frames[1:])]


def _bmp() -> list[bytes]:
    return [_pillow(_image(1), "BMP"), _pillow(_image(3), "BMP"), _pillow(_image(3).quantize(16), "BMP")]


def _ppm() -> list[bytes]:
    head = f"{WIDTH} {HEIGHT}\n".encode()
    deep = b"P6\n" + head + b"65535\n" + _noise(">u2", 3).tobytes()
    floats = b"Pf\n" + head + b"-1.0\n" + _noise("<f4", 1).tobytes()
    return [_pillow(_image(n), "PPM") for n in (1, 3)] + [deep, floats, b"P3\n" + head + b"255\n" + b"1 2 3 " * 3000]


def _avif() -> list[bytes]:
    return [_pillow(_image(n), "AVIF", exif=_exif()) for n in (3, 4)]


def _jp2() -> list[bytes]:
    wide = Image.fromarray(_noise(np.uint16, 1).squeeze())
    return [_pillow(_image(n), "JPEG2000") for n in (1, 3, 4)] + [_pillow(wide, "JPEG2000")]


SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "png": _png,
    "jpeg": _jpeg,
    "tiff": _tiffs,
    "webp": _webp,
    "exr": _exr,
    "gif": _gif,
    "bmp": _bmp,
    "ppm": _ppm,
    "avif": _avif,
    "jpeg2000": _jp2,
}


@lru_cache
def seeds(kind: str) -> list[bytes]:
    """Right files of that format."""
    return SEEDS[kind]()
