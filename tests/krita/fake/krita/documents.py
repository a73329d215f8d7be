"""The fake's documents: layers, a selection, annotations, and undo in steps that can be counted."""

from __future__ import annotations

from typing import Any

import numpy as np

from .colors import Space
from .nodes import CRASHES, Layer, Node, Uuid, composite, image
from .planes import Rect, out
from .selections import Selection

Place = tuple[Layer, Layer, int]  # a layer, its parent, its index among the parent's children


class Content:
    """What handles of one document stand for."""

    def __init__(self, app: Any, width: int, height: int, name: str, space: Space, resolution: float) -> None:
        self.app, self.size, self.name, self.space, self.resolution = app, (width, height), name, space, resolution
        self.root = Layer(self, "root", "grouplayer", space)
        self.mask = Layer(self, "Selection Mask", "selectionmask", space)  # it is there while there is a selection
        self.active: Layer | None = None
        self.becoming: Layer | None = None  # what the event loop will make the active one
        self.undone: list[tuple[str, Place]] = []
        self.done: list[tuple[str, Place]] = []
        self.annotations: dict[str, tuple[str, bytes]] = {}
        self.modified = self.batchmode = False
        self.file = ""

    def put(self, layer: Layer, parent: Layer, place: int) -> None:
        """Add a layer; an undo step, unless its parent is not in the picture yet."""
        parent.children.insert(place, layer)
        layer.parent = parent
        if layer.attached():
            self._note("add", (layer, parent, place))
            self.becoming = layer

    def take(self, layer: Layer) -> bool:
        """Remove a layer; an undo step."""
        assert layer.parent is not None
        parent, place = layer.parent, layer.parent.children.index(layer)
        attached = layer.attached()
        parent.children.remove(layer)
        layer.parent = None
        if attached:
            self._note("remove", (layer, parent, place))
            self.becoming = parent.children[max(0, place - 1)] if parent.children else None
            self.active = self.becoming if self.active is layer else self.active
        return True

    def _note(self, what: str, place: Place) -> None:
        self.done.append((what, place))
        self.undone.clear()
        self.modified = True

    def step(self, source: list[tuple[str, Place]], target: list[tuple[str, Place]]) -> None:
        """Undo or redo one step."""
        if not source:
            return
        what, (layer, parent, place) = source.pop()
        if layer in parent.children:
            parent.children.remove(layer)
            layer.parent = None
            self.becoming = parent.children[-1] if parent.children else None
        else:
            parent.children.insert(place, layer)
            layer.parent, self.becoming = parent, layer
        target.append((what, (layer, parent, place)))

    def turn(self) -> None:
        """One turn of the event loop."""
        if self.becoming is not None:
            self.active, self.becoming = self.becoming, None
        if self.active is not None and not self.active.attached():
            self.active = None

    def all_layers(self, layer: Layer | None = None) -> list[Layer]:
        layer = layer or self.root
        return [found for child in layer.children for found in (child, *self.all_layers(child))]


class Document:
    """A handle, made anew for every answer: compare by ==."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and other._content is self._content

    __hash__ = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        """What older versions lack."""
        if name == "createTransparencyMask" and self.__dict__["_content"].app.at_least(5, 2):
            return lambda title: self._make(title, "transparencymask")
        raise AttributeError(f"the fake's Document has no {name}")

    def name(self) -> str:
        return self._content.name

    def fileName(self) -> str:
        return self._content.file

    def width(self) -> int:
        return self._content.size[0]

    def height(self) -> int:
        return self._content.size[1]

    def bounds(self) -> Any:
        return Rect(0, 0, *self._content.size)

    def resolution(self) -> int:
        return int(self._content.resolution)

    def colorModel(self) -> str:
        return self._content.space.model

    def colorDepth(self) -> str:
        return self._content.space.depth

    def colorProfile(self) -> str:
        return self._content.space.profile

    def rootNode(self) -> Node:
        return Node(self._content.root)

    def topLevelNodes(self) -> list[Node]:
        """The lowest first; the selection is among them while there is one."""
        return [Node(child) for child in self._content.root.children]

    def activeNode(self) -> Node | None:
        content = self._content
        shown = content in content.app.viewed
        return Node(content.active) if shown and content.active is not None else None

    def setActiveNode(self, node: Node) -> None:
        self._content.active = node._layer

    def nodeByName(self, name: str) -> Node | None:
        return next((Node(layer) for layer in self._content.all_layers() if layer.name == name), None)

    def nodeByUniqueID(self, uid: Uuid) -> Node | None:
        return next((Node(layer) for layer in self._content.all_layers() if layer.uid == uid), None)

    def createNode(self, name: str, kind: str) -> Node:
        assert kind not in CRASHES, f"createNode of a {kind} ends Krita"
        return self._make(name, kind)

    def createGroupLayer(self, name: str) -> Node:
        return self._make(name, "grouplayer")

    def createVectorLayer(self, name: str) -> Node:
        return self._make(name, "vectorlayer")

    def _make(self, name: str, kind: str) -> Node:
        return Node(Layer(self._content, name, kind, self._content.space))

    def selection(self) -> Selection | None:
        """The user's own selection, live; None where there is none."""
        return Selection(self._content.mask.selection.plane) if self._content.mask.selection else None

    def setSelection(self, selection: Selection | None) -> None:
        content = self._content
        content.mask.selection = Selection(selection.plane) if selection is not None else None
        content.root.children = [child for child in content.root.children if child is not content.mask]
        content.mask.parent = content.root if selection is not None else None
        if selection is not None:
            content.root.children.append(content.mask)

    def pixelData(self, x: int, y: int, width: int, height: int) -> Any:
        merged = composite(self._content.root.children, x, y, width, height)
        return out(self._content.space.from_linear(merged).tobytes())

    def projection(self, x: int = 0, y: int = 0, width: int = 0, height: int = 0) -> Any:
        box = (x, y, width, height) if width else (0, 0, *self._content.size)
        return image(composite(self._content.root.children, *box))

    def thumbnail(self, width: int, height: int) -> Any:
        return self.projection().scaled(width, height)

    def refreshProjection(self) -> None:
        pass

    def waitForDone(self) -> None:
        pass

    def modified(self) -> bool:
        return self._content.modified

    def setModified(self, modified: bool) -> None:
        self._content.modified = modified

    def batchmode(self) -> bool:
        return self._content.batchmode

    def setBatchmode(self, value: bool) -> None:
        self._content.batchmode = value

    def annotationTypes(self) -> list[str]:
        return sorted(self._content.annotations)

    def annotation(self, kind: str) -> Any:
        return out(self._content.annotations.get(kind, ("", b""))[1])

    def annotationDescription(self, kind: str) -> str:
        return self._content.annotations.get(kind, ("", b""))[0]

    def setAnnotation(self, kind: str, description: str, data: Any) -> None:
        self._content.annotations[kind] = (description, bytes(data))

    def removeAnnotation(self, kind: str) -> None:
        self._content.annotations.pop(kind, None)

    def close(self) -> bool:
        self._content.app.close(self._content)
        return True


def new_content(app: Any, width: int, height: int, name: str, space: Space, resolution: float) -> Content:
    """A document's content with a white background."""
    content = Content(app, width, height, name, space, resolution)
    layer = Layer(content, "Background", "paintlayer", space)
    layer.plane.write(0, 0, np.full((height, width, space.channels), space.top, space.dtype))
    layer.parent, content.active = content.root, layer
    content.root.children.append(layer)
    return content
