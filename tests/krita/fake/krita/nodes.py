"""The fake's layers and masks. A Node is a handle, made anew for each answer as in Krita: compare by ==, never hash."""

from __future__ import annotations

import uuid
from typing import Any

import numpy as np

from .colors import Space
from .planes import Plane, QtGui, Rect, out
from .selections import Selection

CRASHES = ("filllayer", "selectionmask")  # createNode of these ends Krita
MASKS = ("transparencymask", "filtermask", "transformmask", "selectionmask", "colorizemask")
NO_PIXELS = ("grouplayer", "vectorlayer", "filelayer", "clonelayer")


class Uuid:
    """A QUuid, as far as it is used."""

    def __init__(self) -> None:
        self.text = f"{{{uuid.uuid4()}}}"

    def toString(self) -> str:
        return self.text

    def __eq__(self, other: object) -> bool:
        return self.text == (other.toString() if hasattr(other, "toString") else None)

    __hash__ = None  # type: ignore[assignment]


class Layer:
    """What handles stand for. For a vector layer `plane` holds what its shapes look like."""

    def __init__(self, document: Any, name: str, kind: str, space: Space) -> None:
        self.document, self.name, self.kind, self.space = document, name, kind, space
        self.uid = Uuid()
        self.plane = Plane(space.dtype, space.channels)
        self.selection: Selection | None = None  # a mask's
        self.parent: Layer | None = None
        self.children: list[Layer] = []  # the lowest first
        self.flags: dict[str, Any] = {"visible": True, "locked": False, "alphaLocked": False, "opacity": 255}
        self.flags.update(blendingMode="normal", collapsed=False, inheritAlpha=False, colorLabel=0)

    def attached(self) -> bool:
        top = self
        while top.parent is not None:
            top = top.parent
        return top is self.document.root

    def copy(self) -> Layer:
        same = Layer(self.document, self.name, self.kind, self.space)
        same.plane, same.flags = self.plane.copy(), dict(self.flags)
        same.selection = self.selection.duplicate() if self.selection else None
        same.children = [child.copy() for child in self.children]
        for child in same.children:
            child.parent = same
        return same

    def projection(self, x: int, y: int, width: int, height: int) -> np.ndarray:
        """The box as the layer looks, masks applied; own opacity and visibility do not count. Linear RGBA."""
        if self.kind == "grouplayer":
            pixels = composite(self.children, x, y, width, height)
        elif self.kind == "filterlayer" and self.parent is not None:
            below = self.parent.children[: self.parent.children.index(self)]
            pixels = composite(below, x, y, width, height)
        else:
            pixels = self.space.to_linear(self.plane.read(x, y, width, height))
        for mask in self.children:
            if mask.kind == "transparencymask" and mask.selection is not None and mask.flags["visible"]:
                pixels[..., 3:] *= mask.selection.plane.read(x, y, width, height) / 255
        return pixels

    def box(self) -> tuple[int, int, int, int]:
        if self.kind in MASKS:
            return 0, 0, self.document.size[0], self.document.size[1]
        boxes = [b for b in (child.box() for child in self.children if child.kind not in MASKS) if b[2]]
        if self.kind != "grouplayer" or not boxes:
            return self.plane.box()
        left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
        return left, top, max(b[0] + b[2] for b in boxes) - left, max(b[1] + b[3] for b in boxes) - top


def composite(layers: list[Layer], x: int, y: int, width: int, height: int) -> np.ndarray:
    """What lies in `layers`, one over the other, blended normally in linear light (Krita: in the document's space)."""
    found = np.zeros((max(0, height), max(0, width), 4))
    for layer in layers:
        if layer.kind in MASKS or layer.kind == "filterlayer" or not layer.flags["visible"]:
            continue
        top = layer.projection(x, y, width, height)
        alpha = top[..., 3:] * layer.flags["opacity"] / 255
        under = found[..., 3:] * (1 - alpha)
        total = alpha + under
        color = (top[..., :3] * alpha + found[..., :3] * under) / np.where(total == 0, 1, total)
        found = np.concatenate([color, total], axis=-1)
    return found


def image(pixels: np.ndarray) -> Any:
    """Linear RGBA as a QImage in sRGB."""
    data = Space().from_linear(pixels).tobytes()
    height, width = pixels.shape[:2]
    return QtGui.QImage(data, width, height, width * 4, QtGui.QImage.Format.Format_ARGB32).copy()


class Node:
    """A layer or a mask."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and other._layer is self._layer

    __hash__ = None  # type: ignore[assignment]

    def name(self) -> str:
        return self._layer.name

    def setName(self, name: str) -> None:
        self._layer.name = name

    def type(self) -> str:
        return self._layer.kind

    def uniqueId(self) -> Uuid:
        return self._layer.uid

    def parentNode(self) -> Node | None:
        return Node(self._layer.parent) if self._layer.parent else None

    def childNodes(self) -> list[Node]:
        return [Node(child) for child in self._layer.children]

    def index(self) -> int:
        return self._layer.parent.children.index(self._layer) if self._layer.parent else -1

    def bounds(self) -> Any:
        box = self._layer.box()
        return Rect(*box) if box[2] else Rect()

    def colorModel(self) -> str:
        return self._layer.space.model

    def colorDepth(self) -> str:
        return self._layer.space.depth

    def colorProfile(self) -> str:
        return self._layer.space.profile

    def setColorSpace(self, model: str, depth: str, profile: str) -> bool:
        """Convert the pixels; False where the profile is unknown. A group says True and stays what it is."""
        layer, space = self._layer, Space.of(model, depth, profile)
        assert layer.kind != "vectorlayer" or layer.attached(), "this ends Krita 5.1"
        if space is None:
            return False
        if layer.kind == "paintlayer":
            plane = Plane(space.dtype, space.channels)
            if layer.plane.data.size:
                plane.write(layer.plane.x, layer.plane.y, space.from_linear(layer.space.to_linear(layer.plane.data)))
            layer.space, layer.plane = space, plane
        return True

    def pixelData(self, x: int, y: int, width: int, height: int) -> Any:
        """The layer's own pixels; none for groups, vectors and masks, one byte each for a filter layer."""
        layer = self._layer
        if layer.kind in NO_PIXELS or layer.kind in MASKS:
            return out(b"")
        if layer.kind == "filterlayer":
            return out(b"\xff" * max(0, width) * max(0, height))
        return out(layer.plane.read(x, y, width, height).tobytes())

    def projectionPixelData(self, x: int, y: int, width: int, height: int) -> Any:
        """How the layer looks, in its own space; none for masks."""
        layer = self._layer
        if layer.kind in MASKS:
            return out(b"")
        if layer.kind == "paintlayer" and not layer.children:  # no rounding on the way
            return self.pixelData(x, y, width, height)
        return out(layer.space.from_linear(layer.projection(x, y, width, height)).tobytes())

    def setPixelData(self, value: Any, x: int, y: int, width: int, height: int) -> bool | None:
        """Write over the layer's pixels: not undone, not noticed. A wrong length is dropped; 5.3 says so."""
        layer, data = self._layer, bytes(value)
        space, app = layer.space, layer.document.app
        fits = len(data) == width * height * space.channels * space.dtype.itemsize and layer.kind == "paintlayer"
        if fits:
            layer.plane.write(x, y, np.frombuffer(data, space.dtype).reshape(height, width, space.channels))
        return fits if app.at_least(5, 3) else None

    def thumbnail(self, width: int, height: int) -> Any:
        box = self._layer.box()
        return image(self._layer.projection(*box)).scaled(width, height)

    def setSelection(self, selection: Selection) -> None:
        """Of a mask that createTransparencyMask made."""
        self._layer.selection = selection.duplicate()

    def duplicate(self) -> Node:
        return Node(self._layer.copy())

    def addChildNode(self, child: Node, above: Node | None) -> bool:
        """Put `child` right above `above`, at the top for None; the one undo step of making a layer."""
        layer, parent = child._layer, self._layer
        if above is not None and above._layer.parent is not parent:
            return True  # says so, and does nothing
        place = len(parent.children) if above is None else parent.children.index(above._layer) + 1
        parent.document.put(layer, parent, place)
        return True

    def remove(self) -> bool:
        layer = self._layer
        return bool(layer.parent is not None and layer.document.take(layer))

    def removeChildNode(self, child: Node) -> bool:
        return child._layer.parent is self._layer and child.remove()

    def __getattr__(self, name: str) -> Any:
        """`visible()`, `setVisible(…)`, `opacity()` and their like."""
        flags = self.__dict__["_layer"].flags
        if name in flags:
            return lambda: flags[name]
        plain = name[3:4].lower() + name[4:]
        if name.startswith("set") and plain in flags:
            return lambda value: flags.update({plain: value})
        raise AttributeError(f"the fake's Node has no {name}")
