"""The window in which a style is ordered, as any editor has it: what can be chosen, what is missing, what is sent."""

from __future__ import annotations

from typing import Any, Callable, List, Tuple

from ...protocol.errors import ScumbleError
from ...request.sources import Pixels
from ...request.stylechoice import StyleChoice
from ...words.translation import explain, tr
from ..styles import picks
from .lesson import Lesson, minutes_of, paintings, title_of
from .lessons import Lessons


class Desk:
    """`layers` has `entries` and `active()`, the identity of the active one; `read` reads a layer.

    `say` gets what is to be told, and `begun` is called when the engine has taken an order.
    """

    def __init__(
        self,
        lessons: Lessons,
        layers: Any,
        read: Callable[[StyleChoice], Pixels],
        say: Callable[[str], object],
        begun: Callable[[], object],
    ) -> None:
        self.files: List[str] = []  # that were opened here, the newest first
        self._lessons, self._layers, self._read, self._say, self._begun = lessons, layers, read, say, begun
        self._given = ""  # the title that was put there by itself

    def paintings(self) -> List[Tuple[StyleChoice, str]]:
        """What can be learned from, with labels: what was opened, the active layer, the other layers."""
        active = self._layers.active()
        layers = sorted(self._layers.entries, key=lambda entry: entry[0] != active)
        return paintings(layers, self.files)

    def open(self, path: str) -> None:
        """A picture file was chosen: it stands first."""
        self.files = [path, *(f for f in self.files if f != path)]
        picks.use([StyleChoice("file", path)])

    def title(self, written: str, choice: StyleChoice) -> str:
        """The title for another painting: what an artist wrote stays."""
        if written.strip() and written != self._given:
            return written
        self._given = title_of(choice)
        return self._given

    def begin(self, lesson: Lesson) -> None:
        """Send it to the engine, or say what it lacks."""
        try:
            fields, blobs = lesson.message(self._read)
        except ScumbleError as e:
            self._say(explain(e))
            return
        self._say(tr("Sending the painting…"))
        self._lessons.begin(fields, blobs, self._on_begun, lambda e: self._say(explain(e)))

    def _on_begun(self) -> None:
        self._say("")
        self._given = ""
        self._begun()

    def do(self, name: str, what: str) -> None:
        """Pause, resume or cancel a training."""
        self._lessons.do(name, what, lambda e: self._say(explain(e)))


def lesson_of(title: str, painting: Any, length: str, photographs: str, tags: str) -> Lesson:
    """What a form says; `length` is one of `lengths`."""
    return Lesson(title, painting, minutes_of(length), photographs, tags)
