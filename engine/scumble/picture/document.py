"""A picture file that is to be painted in: only a copy is converted for the networks, and only paint is converted back.

Paint is mixed into the file's own values. Where paint is what the copy was, the file's own value stays; where it is
nearly that, what the copy could not hold of it (colours outside sRGB, light above white) is added again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError
from ._decode import decode_bytes
from ._encode_native import encode_native
from .color import FULL, ROWS, Floats, decode, encode
from .files import read_bytes, reason_of, write_whole
from .metadata import Metadata, read_metadata
from .native import Native
from .picture import DEPTHS, Picture, Space
from .profiles import known_space
from .region import share_of
from .targets import check_target
from .tone import Tone

FADE = 0.1  # of the encoded range: to paint that differs by more, nothing that the copy could not hold is added
SAME = 1e-5  # in a float file, paint that differs by less counts as unchanged


@dataclass(frozen=True, eq=False)
class Document:
    """`native` is what the file holds, `picture` the copy for the networks, under `tone` if that is not None."""

    native: Native
    picture: Picture
    tone: Tone | None
    about: Metadata

    def painted(self, layer: Picture) -> Native:
        """The file's pixels with `layer`, a layer of `picture`, laid onto them.

        Where the layer is transparent they stay bit for bit, and alpha does everywhere. Gray becomes RGB unless the
        paint is gray, too.
        """
        box = layer.box.clipped(self.picture.box)
        if not box:
            return self.native
        at = box.moved(-self.picture.x, -self.picture.y)
        cut = np.s_[at.y : at.bottom, at.x : at.right]
        top, under = layer.crop(box).data, self.picture.crop(box)
        share = share_of(top[..., 3], under.data[..., -1] if under.has_alpha else None)
        own = self.native
        gray = own.kind == "gray" and _is_gray(top, share)
        own = own if gray else own.colored()
        colors = own.colors.copy()
        part = colors[cut]
        for y in range(0, box.height, ROWS):  # what lies between takes several times the memory of the result
            rows = np.s_[y : y + ROWS]
            covered = share[rows] > 0
            paint, copy = top[rows][covered][:, :3], _rgb(under.data[rows], under.channels)[covered]
            paint, copy = (paint[:, :1], copy[:, :1]) if gray else (paint, copy)
            with np.errstate(invalid="ignore"):  # NaN stays NaN, or is painted over
                part[rows][covered] = self._mixed(own, part[rows][covered], paint, copy, share[rows][covered])
        return replace(own, colors=colors)

    def layer(self, layer: Picture) -> Native:
        """A layer of `picture` in the file's own space, with alpha; of gray and CMYK as RGB."""
        own = self.native.colored() if self.native.kind == "gray" else self.native
        raised = self._raised(layer.data[..., :3], layer.space)
        if own.kind == "cmyk":
            return Native(raised, layer.data[..., 3:])
        return replace(own, colors=own.own(raised, layer.space), alpha=layer.data[..., 3:])

    def _mixed(
        self, own: Native, base: NDArray[Any], paint: NDArray[Any], copy: NDArray[Any], share: Floats
    ) -> NDArray[Any]:
        """Values N×C of the file's own with paint N×3 (or, where that is gray, N×1) over them, by `share` N."""
        full, space = FULL.get(DEPTHS[base.dtype], 1), self.picture.space
        apart = np.abs(_encoded(paint, space, full) - _encoded(copy, space, full)).max(axis=1)
        paint, copy = (own.own(self._raised(v[None], space), space)[0].astype(np.float64) for v in (paint, copy))
        lost = np.nan_to_num(base - copy, posinf=0, neginf=0) * np.clip(1 - apart / FADE, 0, 1)[:, None]
        above, below = paint + lost, np.nan_to_num(base.astype(np.float64))
        if _is_linear(own):
            above, below = encode(above / full), encode(below / full)
        mixed = below + (above - below) * share[:, None].astype(np.float64)
        if _is_linear(own):
            mixed = decode(mixed) * full
        mixed = np.where(share[:, None] >= 1, paint + lost, mixed)
        stored = mixed if base.dtype == np.float32 else np.rint(np.clip(mixed, 0, full))
        same = apart < SAME if base.dtype == np.float32 else apart == 0
        out: NDArray[Any] = np.where(same[:, None], base, stored.astype(base.dtype))
        return out

    def _raised(self, colors: NDArray[Any], space: Space) -> NDArray[Any]:
        return self.tone.raised(colors, space) if self.tone else colors


def open_document(source: bytes | str | os.PathLike[str], name: str = "") -> Document:
    """A file by its path or its bytes; `name` is what errors call it.

    Raises `file-missing`, `picture-unreadable`, `picture-truncated`, `picture-large`.
    """
    data = source if isinstance(source, bytes) else read_bytes(source)
    native = decode_bytes(data, name or ("picture" if isinstance(source, bytes) else Path(source).name))
    picture = native.picture()
    tone = Tone.of(picture)
    about = read_metadata(data, picture.width, picture.height)
    return Document(native, tone.lowered(picture) if tone else picture, tone, about)


def save_native(path: str | os.PathLike[str], native: Native, about: Metadata) -> None:
    """Write pixels of a file's own space, with its profile and what it says beside them, by the path's suffix.

    As `picture.save_file` in all else. Raises `file-format` and `file-write`.
    """
    check_target(path)
    try:
        write_whole(path, encode_native(Path(path).suffix, native, about, str(path)))
    except (OSError, ValueError) as e:
        raise ScumbleError("file-write", name=str(path), reason=reason_of(e)) from e


def _is_gray(top: NDArray[Any], share: Floats) -> bool:
    """Whether all that is seen of a layer is gray."""
    return bool(((top[..., :3] == top[..., :1]).all(axis=2) | (share <= 0)).all())


def _rgb(data: NDArray[Any], channels: int) -> NDArray[Any]:
    """The colours of pixels, three times the same where they are gray."""
    return data[..., :3] if channels > 2 else np.repeat(data[..., :1], 3, axis=2)


def _encoded(values: NDArray[Any], space: Space, full: float) -> NDArray[Any]:
    """Stored values in [0, 1] with the sRGB curve, as a network sees them."""
    unit = np.clip(np.nan_to_num(values.astype(np.float64) / full), 0, 1)
    return encode(unit) if space == "linear" else unit


def _is_linear(native: Native) -> bool:
    return (known_space(native.profile, native.kind) if native.profile else native.unprofiled) == "linear"
