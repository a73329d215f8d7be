"""How the colours of a document travel: as they are where the wire can say it, else as sRGB that Krita converts to.

Krita converts the pixels of a scratch layer that never becomes part of a document, so nothing shows and nothing can be
undone. Measured without a style: what is RGB or gray comes back exactly, or within the last bits; Lab and XYZ too,
since they go by way of floats (Krita's transform for integers is coarse there); CMYK and YCbCr hold colours that sRGB
does not, and Krita offers no choice of the rendering intent.
"""

from __future__ import annotations

from typing import Any, List, NamedTuple, Optional, Tuple

from krita import Krita

from ..wire.protocol.errors import ScumbleError
from .pixels import to_krita, to_wire

CHANNELS = {"RGBA": 4, "GRAYA": 2, "CMYKA": 5, "LABA": 4, "XYZA": 4, "YCbCrA": 4, "A": 1}
BYTES = {"U8": 1, "U16": 2, "F16": 2, "F32": 4}  # of a channel
WIRE_DEPTH = {"U8": "u8", "U16": "u16", "F16": "f32", "F32": "f32"}
KRITA_DEPTH = {"u8": "U8", "u16": "U16", "f32": "F32"}
PROFILES = {  # those that Krita ships, best first
    "srgb": ("sRGB-elle-V2-srgbtrc.icc", "sRGB-elle-V4-srgbtrc.icc", "sRGB built-in"),
    "linear": (
        "sRGB-elle-V2-g10.icc",
        "sRGB-elle-V4-g10.icc",
        "krita-2.5, lcms sRGB built-in with linear gamma TRC",
        "scRGB (linear)",
    ),
}
GRAY_PROFILES = ("Gray-D50-elle-V2-srgbtrc.icc", "Gray-D50-elle-V4-srgbtrc.icc", "gray built-in")
COARSE = ("LABA", "XYZA", "YCbCrA", "GRAYA")  # whose 16-bit integers Krita converts with errors of up to 1 %


class Space(NamedTuple):
    """A colour space as Krita names it."""

    model: str
    depth: str
    profile: str

    @property
    def pixel(self) -> int:
        """Bytes of a pixel; 0 for a model or depth that is not known."""
        return CHANNELS.get(self.model, 0) * BYTES.get(self.depth, 0)

    @property
    def curve(self) -> str:
        """“linear” or “srgb”, whichever is nearer to the profile's."""
        name = self.profile.lower()
        return "linear" if "g10" in name or "linear" in name else "srgb"

    @property
    def native(self) -> bool:
        """Whether the wire has a name for it, so that nothing needs to be converted."""
        known = self.model == "RGBA" and self.profile.lower().startswith(("srgb", "scrgb", "krita-2.5, lcms srgb"))
        return known and (self.depth in ("U16", "F32") or (self.depth == "U8" and self.curve == "srgb"))


def space_of(thing: Any) -> Space:
    """The colour space of a document or a layer."""
    return Space(thing.colorModel(), thing.colorDepth(), thing.colorProfile())


def sent_as(space: Space) -> Tuple[str, str]:
    """Depth and space, as the wire calls them, in which pixels of `space` travel."""
    depth = WIRE_DEPTH.get(space.depth, "u8")
    if depth == "u16" and space.model in COARSE[:3]:
        depth = "f32"
    if space.native:
        return depth, space.curve
    return depth, {"u8": "srgb", "u16": space.curve, "f32": "linear"}[depth]


def rgba(depth: str, curve: str, like: Optional[Space] = None) -> Space:
    """RGBA in the wire's `depth` and `curve`, in Krita's words; `like` itself where it is just that."""
    kept = KRITA_DEPTH[depth]
    if like is not None and like.native and (like.depth, like.curve) == (kept, curve):
        return like
    offered = Krita.instance().profiles("RGBA", kept)
    profile = next((name for name in PROFILES[curve] if name in offered), PROFILES[curve][0])
    return Space("RGBA", kept, profile)


def gray() -> Space:
    """Gray of 8 bits with the curve of sRGB."""
    offered = Krita.instance().profiles("GRAYA", "U8")
    return Space("GRAYA", "U8", next((name for name in GRAY_PROFILES if name in offered), GRAY_PROFILES[0]))


def to_rgba(document: Any, data: Any, space: Space, size: Tuple[int, int], depth: str, curve: str) -> bytes:
    """Krita's pixels of `space` as the wire's RGBA in `depth` and `curve`. Raises `editor-refused`."""
    goal = rgba(depth, curve, space)
    return to_wire(converted(document, data, size, [space, *_between(goal, space), goal]), depth)


def write_rgba(layer: Any, data: bytes, box: Tuple[int, int, int, int], depth: str, curve: str, goal: Space) -> None:
    """Give a new layer the wire's RGBA pixels over `box` (x, y, width, height), in the colour space `goal`.

    Raises `editor-refused`.
    """
    start = rgba(depth, curve, goal)
    enter(layer, start)
    layer.setPixelData(to_krita(data, depth), *box)
    for space in [*_between(start, goal), goal]:
        enter(layer, space)


def converted(document: Any, data: Any, size: Tuple[int, int], path: List[Space]) -> Any:
    """Pixels of the first space of `path` in the last one, by way of those between. Raises `editor-refused`."""
    if path[0] == path[-1]:
        return data
    layer = document.createNode("scumble", "paintlayer")
    if layer is None:
        raise ScumbleError("document-closed")
    enter(layer, path[0])
    layer.setPixelData(data, 0, 0, *size)
    for space in path[1:]:
        enter(layer, space)
    return layer.pixelData(0, 0, *size)


def enter(layer: Any, space: Space) -> None:
    """Convert a layer that is in no document yet. Raises `editor-refused`."""
    if space_of(layer) != space:
        layer.setColorSpace(*space)
        if space_of(layer)[:2] != space[:2]:
            raise ScumbleError("editor-refused", reason=f"{space.model} {space.depth}, {space.profile}")


def _between(near: Space, far: Space) -> List[Space]:
    """What lies on the way between RGBA and `far` for the sake of precision, either way."""
    if near.depth == "F32" or far.model not in COARSE or (far.depth == "U8" and far.model != "LABA"):
        return []
    if far.model == "GRAYA" and near.curve == far.curve == "linear":
        return []
    return [rgba("f32", near.curve)]
