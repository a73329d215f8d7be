"""How the engine is, in the user's language."""

from __future__ import annotations

from ..words.devices import ready_words
from ..words.translation import explain, tr
from .link import Link


class Return:
    """Tells once that an engine which could not be reached has come: what failed without it is asked for again."""

    def __init__(self) -> None:
        self._missed = False

    def look(self, link: Link) -> bool:
        """Whether it has come since the last look."""
        if link.state == "off" and link.error is not None:
            self._missed = True
        came = self._missed and link.state == "ready"
        self._missed = self._missed and not came
        return came


def engine_sentence(link: Link, unwanted: bool = False) -> str:
    """“Ready, on the processor”, “Starting…”, “Off”, or what is wrong with it and what to do.

    `unwanted`: it was ended on purpose, so being off is no error.
    """
    if link.state == "ready":
        return ready_words(link.info)
    if link.state == "starting":
        return tr("Starting…")
    return explain(link.error) if link.error is not None and not unwanted else tr("Off")
