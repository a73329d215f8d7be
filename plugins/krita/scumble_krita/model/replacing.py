"""One layer in place of another. Krita's plug-ins can undo no more than one change at a time, and this takes two:
the new layer is added, then the old one removed. So one undo, or redo, of the artist's is made to take both along.
"""

from __future__ import annotations

from typing import Any, List, NamedTuple

from krita import Krita

from ..guard import guarded
from ..pictures.nodes import find_node, identity, is_open
from ..qt import QTimer
from ..wire.protocol.errors import ScumbleError

SETTLED_MS = 400  # Krita 5.1 and 5.2 crash where a layer goes before their dockers know all of it
MOST = 32  # that are remembered


class Pair(NamedTuple):
    """Two layers by their identities, of which but one is to be in the document."""

    document: Any
    old: str
    new: str


class Replacements:
    """Removes layers that were replaced, and watches undo and redo for them."""

    def __init__(self) -> None:
        self._pairs: List[Pair] = []
        self._watched: List[Any] = []  # actions

    def begin(self, document: Any, old: Any, new: Any) -> None:
        """Remove `old`, in whose place `new` was added a moment ago."""
        pair = Pair(document, identity(old), identity(new))
        self._pairs = [*self._pairs[1 - MOST :], pair]
        self._watch()
        document.setActiveNode(old)
        QTimer.singleShot(SETTLED_MS, guarded(lambda: self._remove(pair)))

    def _remove(self, pair: Pair) -> None:
        if not is_open(pair.document) or not (_has(pair.document, pair.old) and _has(pair.document, pair.new)):
            return  # it was undone meanwhile, say
        active = pair.document.activeNode()
        if active is None or identity(active) != pair.old:  # the artist chose another one meanwhile
            pair.document.setActiveNode(find_node(pair.document, pair.old))
            QTimer.singleShot(SETTLED_MS, guarded(lambda: self._remove(pair)))
            return
        Krita.instance().action("remove_layer").trigger()
        QTimer.singleShot(SETTLED_MS, guarded(lambda: _activate(pair.document, pair.new)))

    def _watch(self) -> None:
        for name in ("edit_undo", "edit_redo"):
            action = Krita.instance().action(name)
            if action is not None and action not in self._watched:
                self._watched.append(action)
                action.triggered.connect(guarded(lambda *_, a=action: self._on_step(a)))

    def _on_step(self, action: Any) -> None:
        QTimer.singleShot(SETTLED_MS, guarded(lambda: self._go_on(action)))

    def _go_on(self, action: Any) -> None:
        """Take the other half of a replacement along, where the artist's step left it half done."""
        document = Krita.instance().activeDocument()
        for pair in self._pairs:
            here = document is not None and pair.document == document
            if here and _has(document, pair.old) and _has(document, pair.new):
                action.trigger()
                return


def _has(document: Any, node_id: str) -> bool:
    try:
        return find_node(document, node_id) is not None
    except ScumbleError:
        return False


def _activate(document: Any, node_id: str) -> None:
    if is_open(document) and _has(document, node_id):
        document.setActiveNode(find_node(document, node_id))
