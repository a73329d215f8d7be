"""Small pictures of large ones, and layers as masks, by Qt: fast, without holes where something is transparent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Tuple

from ..qt import QImage, Qt
from ..wire.editor.masks import mask_of_painting
from ..wire.editor.preview.sizes import fitting
from ..wire.protocol.pixels import DEPTH_BYTES, PixelFormat
from ..wire.request.geometry import Box
from ..wire.request.sources import Pixels
from .colorspaces import Space, converted, rgba, to_rgba
from .pixels import packed, thinned, to_krita

OVERSAMPLED = 2  # pixels that are kept in each direction for one of the small picture, before they are smoothed
BAND = 64 << 20  # bytes of one reading in bands


def size_of(pixels: Pixels, box: Box, long_side: int) -> Tuple[int, int]:
    """Small width and height of a picture: those of `box`, where it lies over that and may have been thinned."""
    form = pixels.format
    over = (pixels.x, pixels.y) == (box.x, box.y) and form.width <= box.width and form.height <= box.height
    return fitting((box.width, box.height) if over else (form.width, form.height), long_side)


class Thin:
    """A large box cut coarsely, every so many pixels and rows, before what is left is smoothed; `size` is what is left.

    What is then `long_side` long still has about `OVERSAMPLED` pixels for each of its own.
    """

    def __init__(self, box: Box, long_side: int) -> None:
        self._width = box.width
        self._step = max(1, round(box.long_side / (long_side * OVERSAMPLED)))
        self.size = -(-box.width // self._step), -(-box.height // self._step)

    def of(self, data: Any, pixel: int) -> Any:
        """What is left of raw pixels of `pixel` bytes."""
        return data if self._step == 1 else thinned(data, self._width, pixel, self._step)

    def read(self, read: Callable[[int, int, int, int], Any], box: Box, pixel: int) -> Any:
        """What is left of what `read` (x, y, width, height) gives over `box`, without reading all of it."""
        if self._step == 1:
            return read(*box.bounds[:2], box.width, box.height)
        rows = range(box.y, box.bottom, self._step)
        return b"".join(thinned(read(box.x, y, box.width, 1), self._width, pixel, self._step) for y in rows)

    def read_in_bands(self, read: Callable[[int, int, int, int], Any], box: Box, pixel: int) -> Any:
        """As `read`, where each call takes long whatever it reads: as many rows a call as memory allows."""
        rows = max(1, BAND // (box.width * pixel * self._step)) * self._step
        bands = [(y, min(rows, box.bottom - y)) for y in range(box.y, box.bottom, rows)]
        return b"".join(bytes(self.of(read(box.x, y, box.width, tall), pixel)) for y, tall in bands)


def small_content(document: Any, content: Pixels, size: Tuple[int, int]) -> Pixels:
    """RGBA in any depth and space as 8-bit sRGB of `size`. Transparent pixels lend no colour to others."""
    if content.format.depth == "u16":
        content = _as_bytes(document, _blended(content, size))
    elif content.format.depth == "f32":
        content = _as_bytes(document, _thinned(content, max(size)))
    return _blended(content, size)


def small_mask(mask: Pixels, size: Tuple[int, int]) -> Pixels:
    """A mask of 8 bits in another size."""
    form = mask.format
    image = QImage(mask.data, form.width, form.height, form.width, QImage.Format.Format_Grayscale8)
    small = _smooth(image, size).convertToFormat(QImage.Format.Format_Grayscale8)
    return replace(mask, data=_gray_bytes(small), format=PixelFormat(*size, 1))


def luminance(document: Any, data: Any, space: Space, box: Box) -> Pixels:
    """Krita's pixels of `space` over `box` as a mask: how light and how opaque each is, as `mask_of_painting` says."""
    size = (box.width, box.height)
    plain = converted(document, data, size, [space, rgba("u8", "srgb", space)])
    image = QImage(bytes(plain), *size, 4 * size[0], QImage.Format.Format_ARGB32)
    covered = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    over_black = QImage(_bytes(covered), *size, 4 * size[0], QImage.Format.Format_RGB32)
    gray = over_black.convertToFormat(QImage.Format.Format_Grayscale8)
    mask = mask_of_painting(_gray_bytes(gray), bytes(plain)[3::4])
    return Pixels(PixelFormat(*size, 1), mask, box.x, box.y)


def _blended(content: Pixels, size: Tuple[int, int]) -> Pixels:
    """RGBA of 8 or 16 bits in another size."""
    form, deep = content.format, content.format.depth == "u16"
    straight = QImage.Format.Format_RGBA64 if deep else QImage.Format.Format_RGBA8888
    weighted = QImage.Format.Format_RGBA64_Premultiplied if deep else QImage.Format.Format_ARGB32_Premultiplied
    image = QImage(content.data, form.width, form.height, 4 * DEPTH_BYTES[form.depth] * form.width, straight)
    small = _smooth(image.convertToFormat(weighted), size).convertToFormat(straight)
    return replace(content, data=_bytes(small), format=replace(form, width=size[0], height=size[1]))


def _thinned(content: Pixels, long_side: int) -> Pixels:
    """RGBA of any depth, with as many pixels as are worth smoothing."""
    form = content.format
    thin = Thin(Box(0, 0, form.width, form.height), long_side)
    data = thin.of(content.data, 4 * DEPTH_BYTES[form.depth])
    return replace(content, data=data, format=replace(form, width=thin.size[0], height=thin.size[1]))


def _as_bytes(document: Any, content: Pixels) -> Pixels:
    """Deeper RGBA as 8-bit sRGB, converted by Krita."""
    form = content.format
    size = (form.width, form.height)
    deep = to_krita(content.data, form.depth)
    data = to_rgba(document, deep, rgba(form.depth, form.space), size, "u8", "srgb")
    return replace(content, data=data, format=PixelFormat(*size, 4))


def _smooth(image: Any, size: Tuple[int, int]) -> Any:
    if (image.width(), image.height()) == size:
        return image
    return image.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def _bytes(image: Any) -> bytes:
    """An image's memory, whole."""
    pointer = image.constBits()
    pointer.setsize(image.sizeInBytes())
    return bytes(pointer)


def _gray_bytes(image: Any) -> bytes:
    return packed(_bytes(image), image.width(), image.height(), image.bytesPerLine())
