"""The words over a preview: what is wrong with it, or what it waits for."""

from __future__ import annotations

from typing import Callable


class Caption:
    """Decides which words stand there. `say` shows them, and "" takes them away.

    `there` tells whether there is an untouched picture to paint over: where there is none, the words on that stay.
    """

    def __init__(self, say: Callable[[str], object], there: Callable[[], bool]) -> None:
        self._say, self._there = say, there
        self._failed = False

    def fail(self, sentence: str) -> None:
        """There is no preview, and why."""
        self._failed = bool(sentence)
        self._say(sentence)

    def wait_for(self, sentence: str) -> None:
        """Words until what is waited for is there; empty when it is. What failed is more important."""
        if self._there() and not self._failed:
            self._say(sentence)

    def try_again(self) -> None:
        """Another picture is asked for."""
        if self._there() and self._failed:
            self.take_back()

    def take_back(self) -> None:
        """What failed is over."""
        self._failed = False
        self._say("")
