"""What the jobs of `wire.editor` ask of the plug-in: words, and that what changed is shown."""

from __future__ import annotations

from typing import Any, Mapping

from ..guard import log_error
from ..texts import explain
from ..wire.editor.styles.library import titles_of


class StudioHost:
    """The `Host` of `wire.editor.jobs.runner`."""

    def __init__(self, studio: Any) -> None:
        self._studio = studio
        self.link, self.refused = studio.link, studio.complain
        self.say, self.moved, self.changed = studio.say, studio.note_progress, studio.note_change

    def titles(self) -> Mapping[str, str]:
        return titles_of(self._studio.styles)

    def explain(self, error: BaseException) -> str:
        return explain(error)

    def failed(self, error: BaseException, text: str) -> None:
        log_error(error)
        self._studio.complain_in_words(text)

    def partly(self, error: BaseException, text: str) -> None:
        self.failed(error, text)
