"""Finding layers: the one that is meant, one by its identity, those that can be chosen, and where a result belongs."""

from __future__ import annotations

from typing import Any, Iterator, List, Optional, Tuple

from krita import Krita

from ..wire.protocol.errors import ScumbleError
from ..wire.request.geometry import Box

KINDS = {  # of layers that can be read, each by what it shows
    "paintlayer": "paint layer",
    "grouplayer": "group layer",
    "vectorlayer": "vector layer",
    "clonelayer": "clone layer",
    "filelayer": "file layer",
    "filllayer": "fill layer",
    "filterlayer": "filter layer",
}
MASKS = ("selectionmask", "transparencymask")  # those whose own bytes can be a mask
MASK_KEY = "scumble/mask/"  # and a layer's identity: it was made to paint a mask on, for the layer that is told there
INDENT = "    "


def active_document() -> Any:
    """The document in use. Raises `document-missing`."""
    document = Krita.instance().activeDocument()
    if document is None:
        raise ScumbleError("document-missing")
    return document


def active_layer(document: Any) -> Any:
    """The layer that is meant: the active one, or the one that the active mask sits on, or was made for.

    Raises `layer-missing`.
    """
    node = document.activeNode()
    if node is None:
        raise ScumbleError("layer-missing")
    return layer_of(document, _meant(document, node))


def chosen_layers(document: Any) -> List[Any]:
    """The layers that are selected in the list of layers, the active one first, each once. Raises `layer-missing`."""
    found = [active_layer(document)]
    window = Krita.instance().activeWindow()
    view = window.activeView() if window is not None else None
    if view is not None and view.document() == document:
        for node in view.selectedNodes():
            layer = layer_of(document, _meant(document, node))
            if all(layer != other for other in found):
                found.append(layer)
    return found


def layer_of(document: Any, node: Any) -> Any:
    """`node`, or the layer that it is a mask of; for the picture's own selection the topmost visible layer.

    Raises `layer-missing`.
    """
    while node is not None and is_mask(node):
        node = node.parentNode()
    if node is not None and node.parentNode() is not None:
        return node
    for layer in reversed(document.topLevelNodes()):
        if not is_mask(layer) and layer.visible():
            return layer
    raise ScumbleError("layer-missing")


def _meant(document: Any, node: Any) -> Any:
    """`node`, or where a style's mask is painted on it, the layer that it was made for."""
    key = MASK_KEY + identity(node)
    if key not in document.annotationTypes():
        return node
    source = bytes(document.annotation(key)).decode("ascii", "replace")
    return next((other for other, _ in walk(document) if identity(other) == source), node)


def is_painted_mask(document: Any, node: Any) -> bool:
    """Whether it was made to paint a style's mask on."""
    return MASK_KEY + identity(node) in document.annotationTypes()


def is_mask(node: Any) -> bool:
    """Whether it is a mask of a layer, or the picture's selection."""
    return str(node.type()).endswith("mask")


def identity(node: Any) -> str:
    """What tells a layer from all others, also after saving and opening again."""
    return str(node.uniqueId().toString())


def walk(document: Any) -> Iterator[Tuple[Any, int]]:
    """All nodes of a document with their depth in groups, top first, masks right after their layer."""
    pending = [(node, 0) for node in document.topLevelNodes()]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        pending += [(child, depth + 1) for child in node.childNodes()]


def find_node(document: Any, node_id: str, name: str = "") -> Any:
    """The layer or mask with this identity; it was called `name`. Raises `layer-gone`."""
    for node, _ in walk(document):
        if identity(node) == node_id:
            return node
    raise ScumbleError("layer-gone", name=name or node_id)


def bounds_of(document: Any, node: Any) -> Box:
    """What of a layer lies on the canvas; all of it, where nothing does. Raises `layer-empty`."""
    found = node.bounds()
    whole = Box(found.x(), found.y(), found.width(), found.height())
    box = whole.clipped(Box(0, 0, document.width(), document.height())) or whole
    if not box:
        raise ScumbleError("layer-empty")
    return box


def layers_of(document: Any) -> List[Tuple[str, str]]:
    """Identity and name of each layer that can be a picture or a mask, top first; names are indented in groups."""
    return [(identity(n), INDENT * depth + n.name()) for n, depth in walk(document) if n.type() in KINDS]


def masks_of(document: Any) -> List[Tuple[str, str]]:
    """As `layers_of`, with the transparency masks and local selections that layers carry."""
    kinds = (*KINDS, *MASKS)
    return [(identity(n), INDENT * depth + n.name()) for n, depth in walk(document) if n.type() in kinds]


def is_open(document: Any) -> bool:
    """Whether a document has not been closed."""
    return any(document == other for other in Krita.instance().documents())


def is_in(document: Any, node: Any) -> bool:
    """Whether a layer has not been deleted from its document."""
    root = document.rootNode()
    while node is not None:
        if root is not None and node == root:
            return True
        node = node.parentNode()
    return False


def place_above(node: Any) -> Tuple[Any, Any]:
    """Parent and neighbour of what is to lie right above `node`: above its group where that is locked, as in Krita."""
    parent, below = node.parentNode(), node
    at = parent
    while at is not None:
        if at.locked() and at.parentNode() is not None:
            parent, below = at.parentNode(), at
        at = at.parentNode()
    return parent, below


def free_name(document: Any, name: str) -> str:
    """`name` in one line, or with a number where a layer has it already."""
    plain = " ".join(name.split())[:100] or "Scumble"
    taken = {str(node.name()) for node, _ in walk(document)}
    number = 2
    free = plain
    while free in taken:
        free, number = f"{plain} {number}", number + 1
    return free


def name_of(document: Any) -> str:
    """What the user calls a document: its title, else its file's name; empty where it is closed."""
    path = str(document.fileName() or "")
    last: Optional[str] = path.replace("\\", "/").rsplit("/", 1)[-1]
    return str(document.name() or "") or last or ""
