"""The engine as a plug-in sees it: reached, started and polled from a timer of the editor's, without ever waiting."""

from __future__ import annotations

import sys
import time
import traceback
from functools import partial
from typing import Any, Callable, Mapping, Optional, cast

from ..client.channel import Channel
from ..client.find_engine import START_SECONDS, finding_engine
from ..client.submission import Submission
from ..engine.remote import remote_connection
from ..protocol.errors import ScumbleError
from ..protocol.messages import Buffer
from ..request.request import Request
from ..transport.base import Steps, Transport
from .questions import Answer, Callbacks, Fail, Questions, Then
from .run import Run
from .runs import Runs

TICK_SECONDS = 0.012  # that a tick may go on while data travels
PAUSE = 0.002  # seconds: the longest wait for more of it; an engine that says nothing costs no more
LOOK_SECONDS = 1.0  # between two questions for the devices, which an engine that starts does not know at once
LOOKS = 60


class Link:
    """The engine, reached, started and polled without ever waiting. For one thread; a timer calls `tick`.

    Callbacks are called within `tick` alone, and may use the link as they like (a dialog in one may run the timer that
    calls `tick`). What one raises goes to `report`, and the link goes on.
    """

    def __init__(self, name: str, version: str, prefer: Optional[str] = None, patience: Optional[float] = None) -> None:
        """`name` and `version` of the plug-in, for the engine's log. `prefer` is “pyzmq” or “pure”.

        `patience` is how many seconds jobs wait for a client whose connection broke, unless the engine's own.
        """
        self._make_channel = partial(Channel, self._reach, name, version, patience=patience)
        self._prefer = prefer
        self.error: Optional[ScumbleError] = None  # why it is off, when it went wrong
        self.report: Callable[[BaseException], None] = _print
        self._channel: Optional[Channel] = None
        self._runs = Runs()
        self._callbacks = Callbacks(lambda error: self.report(error))
        self._questions = Questions(self._callbacks)
        self._log = ""  # the engine's, for what a person is told
        self._ending = 0  # the process of an engine that was told to end
        self._remote = False  # whether the engine is one on another machine
        self._reset()

    def _reset(self) -> None:
        self._may_start = False
        self._greeted = False
        self._stopping = self._hasty = self._told = False  # it is to end, at once; it was told so
        self._looks, self._looked = 0, 0.0

    @property
    def state(self) -> str:
        """“off”, “starting” (also while a connection that broke is made again) or “ready”."""
        if self._channel is None:
            return "off"
        return "ready" if self._channel.connected else "starting"

    @property
    def info(self) -> Answer:
        """The engine's hello; {} while off. Its `devices` may come some seconds later than the rest."""
        return self._channel.info if self._channel is not None else {}

    @property
    def working(self) -> bool:
        """Whether a run has not ended."""
        return bool(self._runs.unfinished)

    @property
    def remote(self) -> bool:
        """Whether the engine is one on another machine, which `shutdown` only lets go of; known once it was reached."""
        return self._channel is not None and self._remote

    def start(self, launch: bool = True) -> None:
        """Begin to reach the engine, which is started if need be; without `launch` only if it runs already."""
        self._may_start = self._may_start or (launch and self.state != "ready")
        if self._channel is None:
            self.error = None
            self._channel = self._runs.channel = self._make_channel()
            self._channel.connect_soon()

    def _reach(self) -> Steps[Transport]:
        self._remote = remote_connection() is not None
        return finding_engine(self._prefer, START_SECONDS, lambda: self._may_start, self._ending)

    def ask(self, type: str, then: Then, fail: Fail = None, **fields: Any) -> None:
        """Send a request (“styles”, “status”…) as soon as the engine is there; while off, `fail` with `engine-lost`."""
        if self._channel is None:
            self._questions.refuse(fail, self._lost())
        else:
            self._questions.ask(self._channel, type, then, fail, fields)

    def send(self, type: str, blobs: Mapping[str, Buffer], then: Then, fail: Fail, **fields: Any) -> None:
        """Like `ask`, with data that is sent first; the engine is started if need be."""
        self.start()
        self._questions.ask(cast(Channel, self._channel), type, then, fail, fields, blobs)

    def run(
        self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Run], None], outlive: bool = False
    ) -> Run:
        """Send a request and its data (by digest); the engine is started if need be."""
        self.start()
        submission = Submission(request, blobs, outlive)
        run = Run(request, on_change, self._runs.cancel)
        self._runs.follow(run, submission, cast(Channel, self._channel).send(submission))
        return run

    @property
    def can_pause(self) -> bool:
        """Whether the engine lets runs rest; an older one does not."""
        return "pause" in self.info.get("features", ())

    def pause(self, run: Run, fail: Fail = None) -> None:
        """Let a run rest until `resume`, as soon as it has come to where it can be kept."""
        if self.can_pause and run.may_pause:
            run.pausing = True
            self._runs.changed[run] = None
            self.ask("pause", _nothing, partial(self._not_paused, run, fail), job=run.job)

    def resume(self, run: Run, fail: Fail = None) -> None:
        """Let a run that rests go on where it was, when it is its turn."""
        if run.state == "paused":
            self.ask("resume", _nothing, fail, job=run.job)

    def _not_paused(self, run: Run, fail: Fail, error: ScumbleError) -> None:
        run.pausing = False
        self._runs.changed[run] = None
        if fail is not None and not run.ended:
            fail(error)

    def shutdown(self, now: bool = False) -> None:
        """End the engine when the runs have ended, or at once and cancel them. The state becomes “off” then.

        An engine on another machine goes on, for others may use it: the connection is closed, no more.
        """
        for run in self._runs.unfinished if now else ():
            run.cancel()
        self.start(launch=False)
        self._stopping, self._hasty = True, now

    def _tell_to_end(self) -> None:
        """An engine waits only so long for pictures to be fetched, so it is not told before they are here."""
        if self._told or self._runs.unfinished:
            return
        if self._remote:
            return self._off(None)
        self._told = True
        self.ask("shutdown", self._on_stops, now=self._hasty)

    def close(self) -> None:
        """End the connection: the engine cancels what was not to outlive it. Runs end here, and no callback follows."""
        self._runs.drop()
        self._off(None)
        self._callbacks.clear()

    def tick(self) -> None:
        """Move everything on, then call what is due. To be called every 20–50 ms; takes up to some 20 ms."""
        channel = self._channel
        try:
            if channel is not None:
                self._move(channel)
        except ScumbleError as e:
            self._fall(e)
        except Exception as e:  # a fault of our own: the editor goes on
            self._callbacks.add(self.report, e)
            self._fall(ScumbleError("internal", reason=type(e).__name__, log=self._log))
        self._call_due()

    # moving

    def _move(self, channel: Channel) -> None:
        end = time.perf_counter() + TICK_SECONDS
        self._turn(channel, 0.0)
        while self._runs.travelling and channel.connected and time.perf_counter() < end:
            before = channel.taken
            self._turn(channel, PAUSE)
            if channel.taken == before:
                break
        if channel.connected:
            self._greeted, self._may_start = True, False
            self._log = channel.info.get("log", "")
            self._look(channel)
            if self._stopping:
                self._tell_to_end()
        elif not channel.connecting:  # nothing runs, or an idle engine has ended
            self._off(None)

    def _turn(self, channel: Channel, wait: float) -> None:
        events = channel.poll(wait)
        self._runs.settle()
        self._runs.take(events)
        channel.flush()  # what is said of jobs goes out before the callbacks: they may close the link
        self._questions.settle()

    def _look(self, channel: Channel) -> None:
        """Say hello again until the engine knows its devices."""
        now = time.monotonic()
        if channel.info.get("devices") or self._looks >= LOOKS or now - self._looked < LOOK_SECONDS:
            return
        self._looks, self._looked = self._looks + 1, now
        self.ask("hello", channel.info.update, **channel.hello)

    def _on_stops(self, answer: Answer) -> None:
        if self._told:
            self._ending = self.info.get("pid", 0)
            self._off(None)

    # the end

    def _fall(self, error: ScumbleError) -> None:
        """The engine cannot be reached, or is lost."""
        none_there = self._stopping or not (self._greeted or self._may_start)
        self._off(error)
        self.error = None if none_there and error.code == "engine-lost" else error

    def _off(self, error: Optional[ScumbleError]) -> None:
        channel, self._channel = self._channel, None
        self._runs.channel = None
        if channel is not None:
            channel.close()
        self._runs.fail(error or self._lost())
        self._questions.fail(error or self._lost())
        self._reset()

    def _lost(self) -> ScumbleError:
        return ScumbleError("engine-lost", log=self._log)

    def _call_due(self) -> None:
        self._callbacks.call()
        for run in list(self._runs.changed):
            if run in self._runs.changed:  # a callback may have run this itself
                del self._runs.changed[run]
                self._callbacks.run(run.on_change, run)


def _nothing(answer: Answer) -> None:
    """What is told by events needs no answer."""


def _print(error: BaseException) -> None:
    if sys.stderr is not None:  # an editor on Windows has none
        traceback.print_exception(type(error), error, error.__traceback__)
