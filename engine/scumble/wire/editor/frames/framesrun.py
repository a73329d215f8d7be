"""Several frames as one run: what an editor's job follows, shows and cancels as any other."""

from __future__ import annotations

import time
from typing import Any, Callable, Dict, List, Mapping, Optional, Tuple

from ...protocol.errors import ScumbleError
from ...protocol.messages import Buffer
from ...protocol.pixels import PictureRef
from ...request.request import Request
from ...words.jobs import part_done
from ..run import Run
from .chain import Chain
from .keys import Keys

Asked = Optional[Tuple[Request, Mapping[str, Buffer]]]
Send = Callable[[Request, Mapping[str, Buffer], Callable[[Run], None]], Run]
WAITS, ENDS = ("sending", "queued"), ("fetching", "done")  # of one frame among others: the whole goes on


class FramesRun:
    """Paints `count` frames one after another; to who looks at it, it is a `Run`, whose steps are the frames.

    `ask` gives the request of a frame by its number from 0, None where there is nothing on it; `send` is the link's
    `run`; `take` gets what came of a frame. What they raise ends it. `drop` is called when nothing will come of it any
    more. Its picture is the first frame's. `keys` are frames that were painted by hand.

    Where a frame fails it is “done” with those before it, and `broken` says why; without any it is “failed”.
    """

    def __init__(
        self,
        count: int,
        ask: Callable[[int], Asked],
        send: Send,
        take: Callable[[int, PictureRef, bytes], None],
        drop: Callable[[], None],
        keys: Optional[Keys] = None,
    ) -> None:
        self.frames, self.frame = count, 0  # in all; the one that is painted, from 1
        self._ask, self._send, self._take, self._drop = ask, send, take, drop
        self.on_change: Callable[[Any], None] = lambda run: None
        self.error: Any = None
        self.broken: Any = None  # what went wrong at `frame`, where something was painted before
        self.picture: Optional[PictureRef] = None
        self.pixels = b""
        self.notes: List[Any] = []  # of all frames, each once
        self._chain, self._keys, self._end = Chain(), keys, ""
        self._now: Any = None  # the run of the frame that is painted
        self._painted, self._begun = 0, time.perf_counter()

    def begin(self) -> None:
        """Send the first frame. Raises `layer-empty`, and what asking raises."""
        if not self._next():
            raise ScumbleError("layer-empty")

    def __getattr__(self, name: str) -> Any:
        """What is told of the frame that is painted now: its preview, its device, its notes."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._now, name)

    @property
    def state(self) -> str:
        """As a run's. It goes on “running” when a frame comes to its end, and between two."""
        state = str(self._now.state)
        return self._end or ("running" if state in ENDS or (self._painted and state in WAITS) else state)

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return bool(self._end)

    @property
    def reached(self) -> int:
        """How many frames, from the first one, are done: painted or bare."""
        return self.frames if self._end == "done" and self.broken is None else max(0, self.frame - 1)

    @property
    def part(self) -> float:
        """The share of it that has passed."""
        return float((self.frame - 1 + part_done(self._now)) / self.frames)

    @property
    def seconds_left(self) -> float:
        """An estimate, by the frames that were painted; below 0 before the first tells of itself."""
        passed, left = time.perf_counter() - self._begun, float(self._now.seconds_left)
        if self._painted:
            return float(passed * (1 - self.part) / max(self.part, 1e-6))
        return left * self.frames if left >= 0 else -1.0

    @property
    def times(self) -> Dict[str, float]:
        """Those of the last frame, but for its begin."""
        return {**self._now.times, "begun": self._begun}

    @property
    def pausing(self) -> bool:
        """Whether the frame that is painted is to rest."""
        return bool(getattr(self._now, "pausing", False))

    @pausing.setter
    def pausing(self, value: bool) -> None:
        self._now.pausing = value

    def cancel(self) -> None:
        """End it: nothing comes of it, also of the frames that are painted already."""
        if self._end in ("", "done"):
            self._over("cancelled")
            self._now.cancel()
            self._drop()

    def _next(self) -> bool:
        """Send the next frame on which there is something; whether there was one."""
        while self.frame < self.frames:
            self.frame += 1
            asked = self._asked(self.frame - 1)
            if asked is not None:
                self._now = self._send(*asked, self._on_run)
                return True
            self._chain.cut()
        return False

    def _asked(self, number: int) -> Asked:
        """The request for a frame with what is before it, and what was painted by hand; None where it is bare."""
        if self._keys is not None:
            self._keys.prepare(number)
        asked = self._ask(number)
        if asked is None:
            if self._keys is not None:
                self._keys.bare(number)
            return None
        tied = self._chain.tied(*asked)
        return tied if self._keys is None else self._keys.tied(number, *tied)

    def _on_run(self, run: Run) -> None:
        if self._end or run is not self._now:
            return
        if run.state == "done":
            self._go_on(run)
        elif run.ended:
            self._fail(run.error, run.state)
        self.on_change(self)

    def _go_on(self, run: Run) -> None:
        try:
            assert run.picture is not None  # it is done
            self._take(self.frame - 1, run.picture, run.pixels)
            self._chain.painted(run.picture, run.pixels)
            if self.picture is None:
                self.picture, self.pixels = run.picture, run.pixels
            self._painted += 1
            self.notes += [n for n in (run.result.notes if run.result else ()) if n not in self.notes]
            run.pixels = b""
            if not self._next():
                self._over("done")
        except Exception as e:  # whatever the editor makes of it: the job is told, and ends
            self._fail(e, "failed")

    def _fail(self, error: Any, state: str) -> None:
        if self._painted and state == "failed":  # hours may lie in what was painted
            self.broken = error
            return self._over("done")
        self.error = error
        self._over(state)
        self._drop()

    def _over(self, state: str) -> None:
        self._end = state
        self._chain.cut()
        if self._keys is not None:
            self._keys.close()
