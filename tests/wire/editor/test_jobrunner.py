"""A user's jobs without an editor: what becomes of a run, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scumble.wire import PictureRef, PixelFormat, Recipe, ScumbleError
from scumble.wire.editor.jobs.history import History
from scumble.wire.editor.jobs.jobs import Job
from scumble.wire.editor.jobs.runner import JobRunner

PICTURE = PictureRef("0" * 64, PixelFormat(2, 2, 4, "u8"))


class Editor:
    """A `Host` and a `Place` that write down what they are asked."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.layers: list[str] = []
        self.broken = False
        self.changes = 0
        self.asked: list[str] = []
        self.link = SimpleNamespace(pause=partial(self._rest, "pause"), resume=partial(self._rest, "resume"))

    def _rest(self, what: str, run: Any, fail: Callable[[ScumbleError], None]) -> None:
        self.asked.append(what)
        if what == "resume":
            fail(ScumbleError("engine-lost", log=""))

    def refused(self, error: ScumbleError) -> None:
        self.said.append(error.code)

    def titles(self) -> dict[str, str]:
        return {"wave": "The Wave"}

    def explain(self, error: BaseException) -> str:
        return "It broke."

    def say(self, text: str) -> None:
        self.said.append(text)

    def failed(self, error: BaseException, text: str) -> None:
        self.said.append(text)

    def partly(self, error: BaseException, text: str) -> None:
        self.said.append(text)

    def moved(self) -> None:
        self.changes += 1

    def changed(self) -> None:
        self.changes += 1

    def later(self, step: Callable[[], None]) -> None:
        step()

    def add(self, job: Job) -> str:
        if self.broken:
            raise ScumbleError("layer-missing")
        self.layers.append(job.title)
        return job.title

    def after(self, job: Job, layer: Any) -> list[Callable[[], None]]:
        return []

    def thumbnail(self, job: Job, layer: Any) -> bytes:
        return b""

    def name(self, job: Job) -> str:
        return "photo"

    def report(self, error: BaseException) -> None:
        raise error


def run(state: str, **more: Any) -> SimpleNamespace:
    """What a `Run` would be at its end."""
    return SimpleNamespace(state=state, picture=PICTURE, pixels=bytes(16), result=None, times={}, preview=None, **more)


@pytest.fixture
def editor() -> Editor:
    return Editor()


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "history")


@pytest.fixture
def runner(editor: Editor, history: History) -> JobRunner:
    return JobRunner(editor, editor, history)


def begun(runner: JobRunner) -> tuple[Job, Callable[[Any], None]]:
    job = Job("wave", Recipe(), None)
    return job, runner.begin(job, 1.0)


def test_a_picture_becomes_a_layer_and_is_kept(runner: JobRunner, editor: Editor, history: History) -> None:
    job, follow = begun(runner)
    assert runner.jobs == [job] and job.times["asked"] == 1.0
    follow(run("done"))
    assert job.state == "done" and runner.jobs == [] and len(editor.layers) == 1
    assert editor.said == [f"Done: “{job.title}” is a new layer."]
    runner.tell_again(history.entries[0])
    assert editor.said[1] == editor.said[0]


def test_a_layer_that_cannot_be_made_is_told_and_the_picture_kept(
    runner: JobRunner, editor: Editor, history: History
) -> None:
    editor.broken = True
    job, follow = begun(runner)
    follow(run("done"))
    assert (job.state, job.error) == ("failed", "It broke. The result is kept in the history.")
    assert editor.said == [job.error] and len(history.entries) == 1 and runner.jobs == [job]
    runner.dismiss(job)
    assert runner.jobs == []


def test_what_broke_midway_is_a_layer_and_told(runner: JobRunner, editor: Editor) -> None:
    job, follow = begun(runner)
    follow(run("done", broken=ScumbleError("memory"), frame=3, frames=9))
    assert job.state == "done" and runner.jobs == [] and len(editor.layers) == 1
    (said,) = editor.said
    assert said.endswith("frame 3 of 9 could not be painted: it and those after it are missing. It broke.")


def test_a_run_that_fails_is_told(runner: JobRunner, editor: Editor, history: History) -> None:
    job, follow = begun(runner)
    follow(run("failed", error=ScumbleError("memory")))
    assert editor.said == ["It broke."] and job.state == "failed" and history.entries == []


def test_cancelled_it_is_gone_once(runner: JobRunner, editor: Editor) -> None:
    job, follow = begun(runner)
    ended: list[bool] = []
    job.run = run("running", cancel=lambda: ended.append(True))
    runner.dismiss(job)
    assert runner.jobs == [job]  # it goes on
    assert runner.cancel(job) and not runner.cancel(job)
    assert ended == [True] and runner.jobs == [] and editor.said == [f"Cancelled: {job.title}"]
    follow(run("done"))
    assert editor.layers == []


def test_it_may_rest_and_go_on(runner: JobRunner, editor: Editor) -> None:
    job, _ = begun(runner)
    job.run = run("running")
    runner.pause(job)
    job.run.state = "paused"
    runner.pause(job)
    assert editor.asked == ["pause", "resume"] and editor.said == ["engine-lost"]


def test_without_a_history_nothing_is_kept(editor: Editor) -> None:
    runner = JobRunner(editor, editor, None)
    editor.broken = True
    job, follow = begun(runner)
    follow(run("done"))
    assert (job.state, job.error) == ("failed", "It broke.")
