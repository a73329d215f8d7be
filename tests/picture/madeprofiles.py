"""Real ICC profiles, made here: wide RGB spaces, gray curves, and a CMYK press of tables (lut8)."""

from __future__ import annotations

import struct
from functools import cache

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from scumble.picture.profiles import linear_profile, srgb_profile

D65, D50 = [0.3127, 0.3290, 1], [0.3457, 0.3585, 1]
WIDE = {
    "Display P3": (D65, (0.680, 0.320, 0.265, 0.690, 0.150, 0.060), 2.2),
    "Adobe RGB": (D65, (0.64, 0.33, 0.21, 0.71, 0.15, 0.06), 563 / 256),
    "ProPhoto": (D50, (0.7347, 0.2653, 0.1596, 0.8404, 0.0366, 0.0001), 1.8),
    "linear Rec. 2020": (D65, (0.708, 0.292, 0.170, 0.797, 0.131, 0.046), 1.0),
}
GRAYS = {"gray 1.8": 1.8, "gray 2.2": 2.2}


@cache
def profile(name: str) -> bytes:
    """The profile of that name; empty for “none”."""
    if name in WIDE:
        white, (rx, ry, gx, gy, bx, by), gamma = WIDE[name]
        primaries = [rx, ry, 1, gx, gy, 1, bx, by, 1]
        return bytes(imagecodecs.cms_profile("rgb", whitepoint=white, primaries=primaries, gamma=gamma))
    if name in GRAYS:
        return bytes(imagecodecs.cms_profile("gray", gamma=GRAYS[name]))
    return {"sRGB": srgb_profile, "linear": lambda: linear_profile(False), "CMYK": _press, "none": bytes}[name]()


def scanner() -> bytes:
    """A profile of RGB that leads to Lab and not back, as those of scanners do."""
    grid = _grid(3, 9)
    return _icc([(b"A2B0", _lut8(3, 3, 9, _lab8(grid**0.7)))], b"scnr", b"RGB ")


def _press() -> bytes:
    """A press whose inks take light away, and whose black is made of them: CMYK to Lab and back."""
    inks = _grid(4, 9)
    shown = (1 - inks[:, :3]) * (1 - inks[:, 3:])
    forth = _lut8(4, 3, 9, _lab8(shown))
    rgb = _rgb_of_lab8(_grid(3, 17) * 255)
    black = 0.5 * (1 - rgb.max(axis=1, keepdims=True))
    taken = 1 - rgb / np.maximum(1 - black, 1e-6)
    back = _lut8(3, 4, 17, np.rint(np.clip(np.concatenate([taken, black], 1), 0, 1) * 255).astype(np.uint8))
    text = b"desc\0\0\0\0" + struct.pack(">I", 6) + b"press\0" + b"\0" * 78
    white = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    return _icc([(b"desc", text), (b"wtpt", white), (b"A2B0", forth), (b"B2A0", back)])


def _grid(channels: int, points: int) -> NDArray[np.float64]:
    """All points of a table, the last channel running fastest, N×C in [0, 1]."""
    axes = np.meshgrid(*[np.linspace(0, 1, points)] * channels, indexing="ij")
    return np.stack([a.ravel() for a in axes], axis=1)


def _lab8(rgb: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Lab as a lut8 holds it."""
    xyz = (rgb**2.2) @ _MATRIX.T / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    lab = np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)
    return np.rint(np.clip(lab * [2.55, 1, 1] + [0, 128, 128], 0, 255)).astype(np.uint8)


def _rgb_of_lab8(coded: NDArray[np.float64]) -> NDArray[np.float64]:
    lightness, a, b = coded[:, 0] / 2.55, coded[:, 1] - 128, coded[:, 2] - 128
    y = (lightness + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=1)
    xyz = np.where(f**3 > 0.008856, f**3, (f - 16 / 116) / 7.787) * _WHITE
    return np.clip(xyz @ np.linalg.inv(_MATRIX).T, 0, 1) ** (1 / 2.2)


_WHITE = np.array([0.9642, 1.0, 0.8249])
_MATRIX = np.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])


def _lut8(inputs: int, outputs: int, points: int, table: NDArray[np.uint8]) -> bytes:
    head = struct.pack(">4s4xBBBx9i", b"mft1", inputs, outputs, points, *[65536, 0, 0, 0, 65536, 0, 0, 0, 65536])
    return head + bytes(range(256)) * inputs + table.tobytes() + bytes(range(256)) * outputs


def _icc(tags: list[tuple[bytes, bytes]], use: bytes = b"prtr", space: bytes = b"CMYK") -> bytes:
    at, rows, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, body in tags:
        body += b"\0" * (-len(body) % 4)
        rows += struct.pack(">4sII", name, at + len(data), len(body))
        data += body
    illuminant = struct.pack(">iii", 63190, 65536, 54061)
    head = struct.pack(">I4sI4s4s4s12s4s4s4sI4s4sQI", 0, b"lcms", 0x02400000, use, space, b"Lab ", b"\0" * 12,
                       b"acsp", b"APPL", b"", 0, b"", b"", 0, 0) + illuminant  # fmt: skip
    head = head.ljust(128, b"\0")
    body = head + struct.pack(">I", len(tags)) + rows + data
    return struct.pack(">I", len(body)) + body[4:]
