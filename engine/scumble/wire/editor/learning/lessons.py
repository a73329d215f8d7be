"""The styles that the engine learns, as an editor follows them: asked for now and then, without ever waiting."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional

from ...protocol.errors import ScumbleError
from ...protocol.messages import Buffer
from ..link import Link

WATCHED, UNWATCHED = 1.0, 4.0  # seconds between two questions: while a window shows it, and while something is learned
UNFINISHED = ("queued", "running", "pausing", "cancelling")
Fail = Callable[[ScumbleError], object]


@dataclass(frozen=True)
class Line:
    """One training, as the engine tells of it."""

    name: str
    title: str
    state: str
    what: str = ""
    part: float = 0.0
    left: float = -1.0
    resting: bool = False
    photographs: int = 0
    sheet: int = 0
    error: Optional[ScumbleError] = None

    @property
    def unfinished(self) -> bool:
        """Whether something is still done for it."""
        return self.state in UNFINISHED


class Lessons:
    """`lines` are all trainings. `tell` is called when they changed, `learned` when a style joined the library.

    `tick` is to be called from the timer that ticks the link.
    """

    def __init__(self, link: Link, tell: Callable[[], None], learned: Callable[[Line], None]) -> None:
        self.lines: List[Line] = []
        self.sheets: Dict[str, bytes] = {}
        self.watched = False
        self._link, self._tell, self._learned = link, tell, learned
        self._stamps: Dict[str, int] = {}
        self._asks = self._known = False  # an answer is on its way; there was one
        self._asked = 0.0

    @property
    def can_learn(self) -> bool:
        """Whether the engine knows how to; only while it is there."""
        return "train" in (self._link.info.get("features") or [])

    @property
    def busy(self) -> bool:
        """Whether something is learned."""
        return any(line.unfinished for line in self.lines)

    def begin(
        self, fields: Mapping[str, Any], blobs: Mapping[str, Buffer], begun: Callable[[], None], fail: Fail
    ) -> None:
        """Have a style learned: `Lesson.message`. `begun` or `fail` is called when the engine has answered."""
        if self._link.state == "ready" and not self.can_learn:
            fail(ScumbleError("training-missing"))
            return

        def on_answer(answer: Mapping[str, Any]) -> None:
            self.look()
            begun()

        self._link.send("train", blobs, on_answer, lambda e: fail(_older(e)), **fields)

    def do(self, name: str, what: str, fail: Fail) -> None:
        """Pause, resume or cancel one."""
        self._link.ask("training", lambda answer: self.look(), fail, training=name, do=what)

    def look(self) -> None:
        """Ask in the next tick."""
        self._asked = 0.0

    def tick(self) -> None:
        """Ask, where it is time."""
        if self._link.state != "ready":
            self._asks, self._asked = False, 0.0
            return
        pause = WATCHED if self.watched else UNWATCHED
        wanted = self.watched or self.busy or not self._known
        now = time.monotonic()
        if self._asks or not self.can_learn or not (wanted or not self._asked) or now - self._asked < pause:
            return
        self._asks, self._asked = True, now
        self._link.ask("trainings", self._take, self._fail)

    def _take(self, answer: Mapping[str, Any]) -> None:
        before, known = {line.name: line.state for line in self.lines}, self._known
        lines = lines_in(answer)
        self._asks, self._known = False, True
        changed, self.lines = lines != self.lines, lines
        for line in lines if self.watched else ():
            if line.sheet and self._stamps.get(line.name) != line.sheet:
                self._stamps[line.name] = line.sheet
                self._ask_sheet(line.name)
        for line in lines if known else ():
            if line.state == "done" and before.get(line.name) != "done":
                self._learned(line)
        if changed:
            self._tell()

    def _ask_sheet(self, name: str) -> None:
        def take(answer: Mapping[str, Any]) -> None:
            data = answer.get("sheet")
            self.sheets[name] = bytes(data) if isinstance(data, (bytes, bytearray, memoryview)) else b""
            self._tell()

        self._link.ask("sheet", take, training=name)

    def _fail(self, error: ScumbleError) -> None:
        self._asks = False


def lines_in(answer: Mapping[str, Any]) -> List[Line]:
    """The trainings of an answer; entries that are none are left out."""
    found = answer.get("trainings")
    plain = [t for t in found if isinstance(t, dict)] if isinstance(found, (list, tuple)) else []
    return [_line(t) for t in plain if isinstance(t.get("training"), str)]


def _line(plain: Mapping[str, Any]) -> Line:
    error = plain.get("error")
    return Line(
        name=plain["training"],
        title=str(plain.get("title") or plain["training"]),
        state=str(plain.get("state", "")),
        what=str(plain.get("what", "")),
        part=min(1.0, max(0.0, _number(plain.get("part"), 0.0))),
        left=_number(plain.get("seconds_left"), -1.0),
        resting=plain.get("resting") is True,
        photographs=int(_number(plain.get("photographs"), 0)),
        sheet=int(_number(plain.get("sheet"), 0)),
        error=ScumbleError.from_plain(error) if isinstance(error, dict) else None,
    )


def _number(value: object, default: float) -> float:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else default


def _older(error: ScumbleError) -> ScumbleError:
    """An engine of an earlier version does not know the message."""
    return ScumbleError("training-missing") if error.code == "message-unknown" else error
