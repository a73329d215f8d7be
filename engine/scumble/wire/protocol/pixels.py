"""What a picture is on the wire: a format and raw bytes, found by their digest.

Bytes are row-major and tightly packed, channels interleaved, little-endian, alpha straight (not premultiplied).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Mapping, Optional

from .errors import ScumbleError

DEPTH_BYTES = {"u8": 1, "u16": 2, "f32": 4}
SPACES = ("srgb", "linear")
CHANNELS = {1: "gray or mask", 2: "gray and alpha", 3: "RGB", 4: "RGBA"}
MAX_SIDE = 65_535
MAX_PIXELS = 400_000_000  # of a picture that the engine takes
MOST_AT_ONCE = 100_000_000  # of one that is held whole, in several copies: a layer in an editor, a style, a sheet


def digest_of(data: bytes | bytearray | memoryview) -> str:
    """The content address of `data`: SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class PixelFormat:
    """Size, channels (1 gray or mask, 2 gray+alpha, 3 RGB, 4 RGBA), depth and transfer curve of raw pixels.

    `space` is “srgb” (sRGB primaries and curve) or “linear” (sRGB primaries, no curve; f32 and u16). Integers span
    0 … full scale; f32 has 1.0 as white. Masks (1 channel) are coverage and have no curve.
    """

    width: int
    height: int
    channels: int
    depth: str = "u8"
    space: str = "srgb"

    @property
    def nbytes(self) -> int:
        """Length of the raw bytes."""
        return self.width * self.height * self.channels * DEPTH_BYTES[self.depth]

    def to_plain(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)

    @classmethod
    def from_plain(cls, plain: object) -> PixelFormat:
        """The format that `to_plain` described. Raises `picture-format`."""
        if not isinstance(plain, Mapping):
            raise _format_error("not a dictionary")
        sizes = [plain.get(k) for k in ("width", "height", "channels")]
        if not all(isinstance(s, int) and not isinstance(s, bool) and 0 <= s <= MAX_SIDE for s in sizes):
            raise _format_error(f"width, height, channels are {sizes!r:.60}")
        width, height, channels = (int(s or 0) for s in sizes)
        out = cls(width, height, channels, str(plain.get("depth", "u8")), str(plain.get("space", "srgb")))
        if out.depth not in DEPTH_BYTES or out.space not in SPACES or out.channels not in CHANNELS:
            raise _format_error(f"{out.channels} channels, depth {out.depth:.20}, space {out.space:.20}")
        if out.width < 1 or out.height < 1:
            raise ScumbleError("picture-empty", name="picture", width=out.width, height=out.height)
        return out


def _format_error(reason: str) -> ScumbleError:
    return ScumbleError("picture-format", name="picture", reason=reason, expected="1 to 4 channels of u8, u16 or f32")


@dataclass(frozen=True)
class PictureRef:
    """A picture in the engine's store: digest and format, with its top left corner on the canvas.

    Without a format the data is an encoded picture file (a style's only), which the engine decodes.
    """

    digest: str
    format: Optional[PixelFormat] = None
    x: int = 0
    y: int = 0

    @property
    def raw(self) -> PixelFormat:
        """The format of raw pixels. Raises `picture-format` for an encoded file."""
        if self.format is None:
            raise _format_error("raw pixels are needed here, not a file")
        return self.format

    def to_plain(self) -> dict[str, Any]:
        """A plain dictionary."""
        plain = self.format.to_plain() if self.format else None
        return {"digest": self.digest, "format": plain, "x": self.x, "y": self.y}

    @classmethod
    def from_plain(cls, plain: object) -> PictureRef:
        """The reference that `to_plain` described. Raises `picture-format`."""
        if not isinstance(plain, Mapping):
            raise _format_error("a picture reference is not a dictionary")
        digest, x, y = plain.get("digest"), plain.get("x", 0), plain.get("y", 0)
        if not isinstance(digest, str) or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise _format_error("the digest is not 64 hexadecimal digits")
        if not all(isinstance(v, int) and not isinstance(v, bool) and abs(v) < 1 << 31 for v in (x, y)):
            raise _format_error("x and y are not whole numbers")
        raw = plain.get("format")
        return cls(digest, None if raw is None else PixelFormat.from_plain(raw), int(x), int(y))
