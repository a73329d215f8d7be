"""The cache of results: the same request over the same blobs is answered without computing."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from typing import Any

from ...wire.request.request import REQUEST_OPTIONS, Request
from ..limits import KEPT_RESULTS
from .store import BlobStore


def result_key(request: Request, salt: str) -> str:
    """The request's digest. Pictures are in it by theirs; `salt` names all else a result depends on."""
    plain = {k: v for k, v in request.to_plain().items() if k not in REQUEST_OPTIONS or REQUEST_OPTIONS[k].picture}
    return hashlib.sha256(json.dumps([salt, plain], sort_keys=True).encode()).hexdigest()


class Results:
    """Result events by request, least recently used out first; one whose picture is gone is gone too."""

    def __init__(self, store: BlobStore) -> None:
        self.store = store
        self._events: OrderedDict[str, dict[str, Any]] = OrderedDict()

    def find(self, key: str) -> dict[str, Any] | None:
        """The result event of an equal request, if its picture is still in the store, and as it was left there."""
        event = self._events.get(key)
        if event is None:
            return None
        if not self.store.sound(event["picture"]["digest"]):
            del self._events[key]
            return None
        self._events.move_to_end(key)
        return event

    def remember(self, key: str, event: dict[str, Any]) -> None:
        """Keep a result event, unless memory was short and it is smaller than asked: the next run may do better."""
        if any(note.get("code") == "memory-smaller" for note in event.get("notes", ())):
            return
        self._events[key] = event
        self._events.move_to_end(key)
        while len(self._events) > KEPT_RESULTS:
            self._events.popitem(last=False)
