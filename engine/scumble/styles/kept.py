"""What was made of pictures and is kept from one run to the next; a worker that lacks memory lets go of all of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar
from weakref import WeakSet

T = TypeVar("T")


class Kept(Generic[T]):
    """The `most` that were used last, by key. For any thread; what two make at once is made twice."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()
        _ALL.add(self)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept under `key`, made if it is not."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return made

    def forget(self) -> None:
        """Let go of all."""
        with self._lock:
            self._kept.clear()


_ALL: WeakSet[Kept[Any]] = WeakSet()


def forget_kept() -> None:
    """Let go of all that is kept anywhere in this process."""
    for kept in list(_ALL):
        kept.forget()
