"""A painted layer as a mask: opacity counts as well as lightness."""

from __future__ import annotations

from array import array

from ..protocol.pixels import DEPTH_BYTES
from ..words.translation import tr

MASK_OPACITY = 0.5  # of a layer that a mask is painted on, so that the picture is seen through it


def mask_name(style: str) -> str:
    """What a new layer is called on which the mask of a style is painted."""
    return tr("Mask: {style}").format(style=style)


def alpha_bytes(data: bytes, depth: str) -> bytes:
    """Alpha of RGBA pixels as a mask of 8 bits; floats are rounded, of 16 bits the upper ones stay."""
    if depth != "f32":
        size = DEPTH_BYTES[depth]
        return bytes(data[4 * size - 1 :: 4 * size])
    values = array("f", bytes(data))[3::4]
    return bytes([int(v * 255.0 + 0.5) if 0.0 < v < 1.0 else 255 * (v >= 1.0) for v in values])


def mask_of_painting(light: bytes, alpha: bytes) -> bytes:
    """The mask of a layer, a byte for each pixel: `light` is how light it is, times its alpha.

    In a layer that covers everything, white paints and black does not. In one that is transparent somewhere, what was
    painted is meant, in whatever colour: lightness counts in comparison to the lightest paint there, and where all of
    it is black, opacity alone.
    """
    if not alpha or alpha.count(255) == len(alpha):
        return light
    lightest = _lightest(light, alpha)
    if not lightest:
        return alpha
    return light.translate(bytes(min(255, round(v * 255 / lightest)) for v in range(256)))


def _lightest(light: bytes, alpha: bytes) -> int:
    """The lightness of the lightest paint, 0 to 255; of what is painted fully, where anything is."""
    whole = alpha.translate(bytes(255) + b"\xff")
    if whole.count(255):
        both = int.from_bytes(light, "little") & int.from_bytes(whole, "little")
        return max(both.to_bytes(len(light), "little"))
    return min(255, round(255 * max(light) / max(1, max(alpha))))
