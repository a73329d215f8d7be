"""From the bytes of a call to a request, and from the layer that was painted to a picture file. For threads."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ..picture import (
    Document,
    Picture,
    check_mask_size,
    decode_file,
    encode_native,
    file_coverage,
    from_working,
    mask_bounds,
    open_document,
    to_working,
)
from ..picture.color import Floats, coverage
from ..picture.metadata import Metadata, peek_size
from ..picture.native import native
from ..wire.protocol.blobs import Blobs
from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import context_box
from ..wire.request.recipe import Recipe, build_request
from ..wire.request.request import Request
from ..wire.request.sources import Pixels
from ..wire.request.style import STYLE_OPTIONS
from ..wire.request.stylechoice import StyleChoice
from .intake import Order

KINDS = {"png": (".png", "image/png"), "jpeg": (".jpg", "image/jpeg"), "webp": (".webp", "image/webp")}
KINDS["tiff"] = (".tif", "image/tiff")


@dataclass(frozen=True)
class Prepared:
    """A request, and the data that travels with it."""

    request: Request
    blobs: Blobs
    width: int
    height: int


def prepare(order: Order, most_pixels: int, known: Collection[str]) -> Prepared:
    """Decode what an order holds and make the request; `known` are the names of the engine's styles.

    Raises `picture-…`, `mask-…`, `style…`, `option-…`.
    """
    content = opened(order.content, order.name, order.params.box, most_pixels).picture
    options = dict(order.params.options)
    Request.from_plain(options).check_method()
    selection = _selection(order.mask, content, most_pixels) if order.mask is not None else None
    styles = tuple(_named(n, known) if data is None else StyleChoice("file", n) for n, data in order.styles)
    recipe = Recipe({**options, "preview_size": 256}, styles)
    margin = recipe.value("margin")
    box = context_box(mask_bounds(coverage(selection)), content.box, margin) if selection else content.box
    pictures = {i: _picture(n, data, most_pixels) for i, (n, data) in enumerate(order.styles) if data is not None}
    size = (content.width, content.height)
    selected = _pixels(selection.crop(box)) if selection else None
    request, blobs = build_request(recipe, _pixels(content.crop(box)), selected, size, pictures, {})
    return Prepared(request, blobs, *size)


def opened(data: bytes, name: str, box: tuple[int, int], most_pixels: int) -> Document:
    """The picture, scaled down to fit into `box` unless that is (0, 0). Raises `picture-…`."""
    check_pixels(data, name, most_pixels)
    document = open_document(data, name)
    document.picture.check(name)
    scaled = fitted(document.picture, box)
    if scaled is document.picture:
        return document
    about = Metadata()  # what was said of its size and resolution is no longer true
    return Document(native(scaled.data, None), scaled, None, about)


def check_pixels(data: bytes, name: str, most: int) -> None:
    """Look at a file's header alone. Raises `picture-large` for more than `most` pixels; the rest is seen later."""
    width, height = peek_size(data)
    if width * height > most:
        raise ScumbleError("picture-large", name=name, megapixels=width * height / 1e6, limit=most / 1e6)


def fitted(picture: Picture, box: tuple[int, int]) -> Picture:
    """The picture scaled down, in sRGB, to fit into `box`; itself where it fits, or `box` is (0, 0)."""
    share = min(box[0] / picture.width, box[1] / picture.height)
    if box == (0, 0) or share >= 1:
        return picture
    size = max(1, round(picture.width * share)), max(1, round(picture.height * share))
    rgb, alpha = to_working(picture)
    parts = [rgb * alpha[..., None], alpha[..., None]] if picture.has_alpha else [rgb]
    planes = np.concatenate(parts, axis=2)
    small = np.stack([_resized(planes[..., i], size) for i in range(planes.shape[2])], axis=2)
    if picture.has_alpha:
        small[..., :3] /= np.maximum(small[..., 3:], 1e-6)
    return Picture(from_working(small, "u8" if picture.depth == "u8" else "u16"))


def painted(document: Document, layer: Picture, kind: str) -> bytes:
    """The painted picture as a file of `kind`, one of `KINDS`."""
    return encode_native(KINDS[kind][0], document.painted(layer), document.about)


def layer_alone(document: Document, layer: Picture) -> bytes:
    """The painted layer as a PNG, of the whole picture's size, with alpha."""
    about = replace(document.about, exif=b"", comment=b"", texts=())
    whole = np.zeros((document.picture.height, document.picture.width, 4), layer.data.dtype)
    at = layer.box.clipped(document.picture.box)
    whole[at.y : at.bottom, at.x : at.right] = layer.crop(at).data
    return encode_native(".png", document.layer(Picture(whole, layer.space)), about)


def _resized(plane: Floats, size: tuple[int, int], filter: Image.Resampling = Image.Resampling.LANCZOS) -> Floats:
    image = Image.fromarray(np.ascontiguousarray(plane, np.float32), "F")
    return np.asarray(image.resize(size, filter), np.float32)


def _selection(data: bytes, content: Picture, most_pixels: int) -> Picture:
    """A mask of the content's size, or of its shape at another size, which is scaled to it."""
    check_pixels(data, "mask", most_pixels)
    mask = decode_file(data, "mask")
    values = file_coverage(mask)
    if (mask.width, mask.height) != (content.width, content.height):
        apart = abs(mask.width / mask.height * content.height / content.width - 1)
        if apart > 0.02:
            check_mask_size(mask, content, "mask")
        values = _resized(values, (content.width, content.height), Image.Resampling.BILINEAR)  # no ringing
    if not values.any():
        raise ScumbleError("mask-empty", name="mask")
    return Picture(from_working(values, "u8" if mask.depth == "u8" else "u16")[..., None])


def _picture(name: str, data: bytes, most_pixels: int) -> Pixels:
    check_pixels(data, name, most_pixels)
    picture = decode_file(data, name)
    picture.check(name)
    return _pixels(picture)


def _named(text: str, known: Collection[str]) -> StyleChoice:
    """The style that NAME[:WEIGHT[:STROKE]] means."""
    name, *numbers = text.split(":")
    if name not in known or len(numbers) > 2:
        near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or sorted(known)
        raise ScumbleError("style-unknown", name=text[:60], known=", ".join(near))
    values = {}
    for field, number in zip(("weight", "stroke_size"), numbers, strict=False):
        try:
            values[field] = STYLE_OPTIONS[field].check(float(number))
        except ValueError:
            raise ScumbleError("option-type", name=field, value=number[:20], expected="a number") from None
    return StyleChoice(name=name, **values)


def _pixels(picture: Picture) -> Pixels:
    return Pixels(picture.format, picture.raw(), picture.x, picture.y)
