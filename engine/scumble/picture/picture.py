"""A picture in memory: pixels, transfer curve and place on the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.pixels import MAX_PIXELS, PictureRef, PixelFormat, digest_of
from ..wire.request.geometry import Box

Pixels = NDArray[Any]  # H×W×C of uint8, uint16 or float32
Space = Literal["srgb", "linear"]

MAX_ASPECT = 64.0
MAX_BYTES = 1_600_000_000  # of what a decoder unfolds: 100 megapixels of float32 RGBA, 400 of bytes
LEAST_BYTES, MOST_PACKED = 1 << 27, 2048  # what any file may unfold to, and how many bytes besides for each of its own
DTYPES: dict[str, np.dtype[Any]] = {"u8": np.dtype("<u1"), "u16": np.dtype("<u2"), "f32": np.dtype("<f4")}
DEPTHS: dict[np.dtype[Any], str] = {np.dtype(np.uint8): "u8", np.dtype(np.uint16): "u16", np.dtype(np.float32): "f32"}


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels H×W×C with straight alpha: 1 gray or mask, 2 gray and alpha, 3 RGB, 4 RGBA.

    Integers span 0 … full scale, float32 has 1.0 as white. `space` tells whether colours carry the sRGB curve; masks
    and alpha never do. (`x`, `y`) is the top left corner on the canvas. Raises `picture-format` and `picture-empty`.
    """

    data: Pixels
    space: Space = "srgb"
    x: int = 0
    y: int = 0

    def __post_init__(self) -> None:
        shape = self.data.shape
        if self.data.dtype not in DEPTHS or len(shape) != 3 or not 1 <= shape[2] <= 4:
            raise format_error(f"an array of {self.data.dtype} with shape {shape}")
        if self.space not in ("srgb", "linear"):
            raise format_error(f"colour space {self.space!r:.20}")
        if 0 in shape:
            raise ScumbleError("picture-empty", name="picture", width=shape[1], height=shape[0])

    @classmethod
    def from_raw(cls, ref: PictureRef, raw: bytes | bytearray | memoryview) -> Picture:
        """The picture that `ref` describes and `raw` holds, without a copy (so read-only). Raises `picture-format`."""
        fmt = ref.raw
        if len(raw) != fmt.nbytes:
            raise format_error(f"{len(raw)} bytes where {fmt.width}×{fmt.height} pixels take {fmt.nbytes}")
        data = np.frombuffer(raw, DTYPES[fmt.depth]).reshape(fmt.height, fmt.width, fmt.channels)
        return cls(data, "linear" if fmt.space == "linear" else "srgb", ref.x, ref.y)

    @property
    def format(self) -> PixelFormat:
        """Size, channels, depth and curve, as the wire names them."""
        height, width, channels = self.data.shape
        return PixelFormat(width, height, channels, self.depth, self.space)

    @property
    def depth(self) -> str:
        """“u8”, “u16” or “f32”."""
        return DEPTHS[self.data.dtype]

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.data.shape[1])

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.data.shape[0])

    @property
    def channels(self) -> int:
        """1 gray or mask, 2 gray and alpha, 3 RGB, 4 RGBA."""
        return int(self.data.shape[2])

    @property
    def has_alpha(self) -> bool:
        """Whether the last channel is alpha."""
        return self.channels in (2, 4)

    @property
    def box(self) -> Box:
        """Where the picture lies on the canvas."""
        return Box(self.x, self.y, self.width, self.height)

    def raw(self) -> bytes:
        """The bytes of the wire: row-major, interleaved, little-endian."""
        return self.data.astype(DTYPES[self.depth], copy=False).tobytes()

    def ref(self, raw: bytes | None = None) -> PictureRef:
        """The reference under which the engine finds `raw` (this picture's bytes unless given)."""
        return PictureRef(digest_of(self.raw() if raw is None else raw), self.format, self.x, self.y)

    def crop(self, box: Box) -> Picture:
        """The part inside `box`, a view. Raises `picture-empty` when they do not meet."""
        inside = box.clipped(self.box).moved(-self.x, -self.y)
        data = self.data[inside.y : inside.bottom, inside.x : inside.right]
        return Picture(data, self.space, self.x + inside.x, self.y + inside.y)

    def check(self, name: str = "picture", most: int = MAX_PIXELS) -> None:
        """Raise `picture-large` above `most` pixels, `picture-shape` or `picture-transparent` where no sensible result
        is possible.

        The shape limit is 64:1, so 30000×3 is refused: no receptive field fits into it. 1×1 is fine.
        """
        check_size(self.width, self.height, name, most)
        check_aspect(self.width, self.height, name)
        if self.has_alpha and not np.any(self.data[..., -1] > 0):
            raise ScumbleError("picture-transparent", name=name)


def check_size(width: int, height: int, name: str, most: int = MAX_PIXELS) -> None:
    """Raise `picture-empty` without pixels and `picture-large` above `most` of them."""
    if width < 1 or height < 1:
        raise ScumbleError("picture-empty", name=name, width=width, height=height)
    if width * height > most:
        raise ScumbleError("picture-large", name=name, megapixels=width * height / 1e6, limit=most / 1e6)


def check_unpacked(unpacked: int, packed: int, name: str) -> None:
    """Raise `picture-unreadable` where `packed` bytes of a file would become more `unpacked` ones than a picture needs.

    Decoders take that memory before they see that there is no data for it. A flat picture packs a thousandfold.
    """
    limit = min(MAX_BYTES, LEAST_BYTES + packed * MOST_PACKED)
    if unpacked > limit:
        sizes = f"unpacked it has {unpacked / 1e6:.0f} MB; the limit for {packed / 1e3:.0f} kB is {limit / 1e6:.0f} MB"
        raise ScumbleError("picture-unreadable", name=name, reason=sizes)


def check_aspect(width: int, height: int, name: str) -> None:
    """Raise `picture-shape` for anything longer than 64 times its short side."""
    aspect = max(width, height) / min(width, height)
    if aspect > MAX_ASPECT:
        raise ScumbleError("picture-shape", name=name, width=width, height=height, aspect=aspect, limit=MAX_ASPECT)


def format_error(reason: str) -> ScumbleError:
    """A `picture-format` error."""
    return ScumbleError("picture-format", name="picture", reason=reason, expected="1 to 4 channels of u8, u16 or f32")
