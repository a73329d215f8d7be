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
TRIES = 2  # steps that may lie between the two


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
        self._tried = 0  # how often the artist's last step was followed by one of ours

    def begin(self, document: Any, old: Any, new: Any) -> None:
        """Remove `old`, in whose place `new` was added a moment ago."""
        pair = Pair(document, identity(old), identity(new))
        self._pairs = [*self._pairs[1 - MOST :], pair]
        self._watch()
        document.setActiveNode(old)
        QTimer.singleShot(SETTLED_MS, guarded(lambda: self._remove(pair)))

    def _remove(self, pair: Pair) -> None:
        if not is_open(pair.document) or not _both(pair.document, pair):
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
                again = name == "edit_redo"
                action.triggered.connect(guarded(lambda *_, a=action, r=again: self._on_step(a, r)))

    def _on_step(self, action: Any, again: bool) -> None:
        QTimer.singleShot(SETTLED_MS, guarded(lambda: self._go_on(action, again)))

    def _go_on(self, action: Any, again: bool) -> None:
        """Take the other half of a replacement along, where the artist's step left it half done.

        Krita forgets to remove an animated layer again: that is done anew then.
        """
        document = Krita.instance().activeDocument()
        half = [p for p in self._pairs if document is not None and p.document == document and _both(document, p)]
        if half and self._tried < TRIES:
            self._tried += 1
            action.trigger()
            return
        self._tried = 0
        if half and again:
            self._remove(half[0])


def _both(document: Any, pair: Pair) -> bool:
    return _has(document, pair.old) and _has(document, pair.new)


def _has(document: Any, node_id: str) -> bool:
    try:
        return find_node(document, node_id) is not None
    except ScumbleError:
        return False


def _activate(document: Any, node_id: str) -> None:
    if is_open(document) and _has(document, node_id):
        document.setActiveNode(find_node(document, node_id))
