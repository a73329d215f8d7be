"""The jobs of one call: painted one after another, waited for, and brought into the image together.

GIMP starts a process for each call, which ends with it: there is no list of jobs to be shown beside the image, and who
called waits. All else is `wire.editor.jobs`.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any, Callable, Iterator, List, Mapping, Optional

from ..wire.editor.jobs.jobs import Job
from ..wire.editor.jobs.runner import JobRunner
from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.messages import Buffer
from ..wire.request.request import Request
from ..wire.words.translation import sentence
from .engine import say_goodbye, turn
from .host import CallHost, Told
from .place import CallPlace, painted_before

WATCHED = 0.1  # seconds between two calls of the watcher at least

Watch = Callable[[Job], None]


class Jobs:
    """Of one call. `watch` is told of the job that is painted when something changed, and ten times a second.

    What it raises cancels the job. Unless `keep`, results are not put into the history: those of a script's thousand
    pictures would leave nothing of what somebody painted.
    """

    def __init__(self, link: Link, keep: bool = True) -> None:
        self.link = link
        self.watch: Watch = lambda job: None
        self.notes: List[str] = []  # what the user should know although all went well
        self._cancelled = False
        self._image: Any = None
        self._host, self._place = CallHost(link), CallPlace()
        self._runner = JobRunner(self._host, self._place, painted_before() if keep else None)

    def know(self, titles: Mapping[str, str]) -> None:
        """The library's titles by name."""
        self._host.names = titles

    @property
    def broken(self) -> Optional[Told]:
        """What ended a job early, of which layers came all the same."""
        return self._host.broken

    def when_refused(self, tell: Callable[[ScumbleError], object]) -> None:
        """Whom to tell when a job could not be let rest, or go on."""
        self._host.on_refused = tell

    def cancel(self) -> None:
        """End what is painted, and what would have come after it."""
        self._cancelled = True
        for job in list(self._runner.jobs):
            self._runner.cancel(job)

    def pause(self, job: Job) -> None:
        """Let a job rest, or go on where it was."""
        self._runner.pause(job)

    @contextlib.contextmanager
    def bringing(self, image: Any, make: Callable[[], List[Any]]) -> Iterator[CallPlace]:
        """Within, jobs for `image` are painted; `make` adds all of their layers then, which are the place's.

        Of what fails, what was painted before is kept in the history; of what is cancelled, nothing. Raises `Told` for
        what a job or adding its layer came to.
        """
        self._image = image
        self._place.prepare(image, make)
        try:
            yield self._place
        except Exception as e:
            error = e.error if isinstance(e, Told) else e
            if not (isinstance(error, ScumbleError) and error.code == "cancelled"):
                self._place.refuse(error)
                self._bring()
            raise
        self._bring()

    def paint(self, job: Job, request: Request, blobs: Mapping[str, Buffer]) -> None:
        """Wait until a job's picture is there. Raises `cancelled`, `document-closed`, `Told`."""
        job.run = self.link.run(request, blobs, self._runner.begin(job, time.perf_counter()))
        self._wait(job)

    def follow(self, job: Job) -> None:
        """The same for one whose run, of several pictures, has begun."""
        job.run.on_change = self._runner.begin(job, time.perf_counter())
        self._wait(job)

    def _bring(self) -> None:
        self._place.bring()
        if self._host.failure is not None:
            raise self._host.failure

    def _wait(self, job: Job) -> None:
        try:
            self._follow(job)
        except BaseException:
            self._runner.cancel(job)
            raise
        finally:
            if job.state == "cancelled":
                say_goodbye(self.link)
        if job.state == "cancelled":
            raise ScumbleError("cancelled")
        if job.state == "failed":
            assert self._host.failure is not None  # the runner told of it
            raise self._host.failure
        self.notes += [words for words in map(sentence, job.notes) if words not in self.notes]

    def _follow(self, job: Job) -> None:
        watched = 0.0
        while not job.taken and not job.ended:
            if self._cancelled:
                self._runner.cancel(job)
                break
            turn(self.link)
            if self._host.news or time.monotonic() - watched >= WATCHED:
                self._host.news, watched = False, time.monotonic()
                if not self._image.is_valid():
                    raise ScumbleError("document-closed")
                self.watch(job)
        self.watch(job)  # a picture that is there is kept also where its image is gone by now
