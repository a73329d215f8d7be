"""A run's progress where GIMP shows it: in the status bar of the image's window, or on the console."""

from __future__ import annotations

from typing import List

from ..gimplib import Gimp
from ..texts import tr
from ..wire.editor.jobs.jobs import Job
from ..wire.editor.link import Link
from ..wire.words.jobs import part_done, state_words


class StatusBar:
    """Tells of the jobs of one call, one after another. GIMP's Cancel beside it ends this whole process."""

    def __init__(self, link: Link, layers: int) -> None:
        self._link, self._layers = link, layers
        self._seen: List[Job] = []
        self._words, self._part = "", -1.0
        Gimp.progress_init(tr("Style transfer"))

    def waiting(self) -> None:
        """Show that the engine starts."""
        if self._link.state == "starting":
            self._say(tr("Starting the engine…"))

    def watch(self, job: Job) -> None:
        """Show where `job` is, where that has changed."""
        if job not in self._seen:
            self._seen.append(job)
        self._say(self._counted(state_words(job, self._link.state == "starting")))
        part = (len(self._seen) - 1 + part_done(job)) / max(self._layers, len(self._seen))
        if part != self._part:
            self._part = part
            Gimp.progress_update(part)

    def end(self) -> None:
        """Take it down."""
        Gimp.progress_end()

    def _say(self, words: str) -> None:
        if words != self._words:
            self._words = words
            Gimp.progress_set_text(words)

    def _counted(self, words: str) -> str:
        if self._layers < 2:
            return words
        return tr("Layer {n} of {of}: {state}").format(n=len(self._seen), of=self._layers, state=words)
