"""Jobs from a run to a layer and the history, in an editor that is played."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scumble.wire.editor.jobs.delivery import Delivery, Step
from scumble.wire.editor.jobs.history import History
from scumble.wire.editor.jobs.jobs import KEPT_FAILURES, Job, JobList
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.pixels import PictureRef, PixelFormat, digest_of
from scumble.wire.request.recipe import Recipe
from scumble.wire.request.stylechoice import StyleChoice

SKY = Recipe({}, (StyleChoice(name="starry-night"),))
DATA = bytes(16)


class Editor:
    """Does one step a turn."""

    def __init__(self) -> None:
        self.steps: deque[Step] = deque()
        self.did: list[str] = []
        self.reported: list[BaseException] = []
        self.refuses = False

    def later(self, step: Step) -> None:
        self.steps.append(step)

    def add(self, job: Job) -> Any:
        if self.refuses:
            raise ScumbleError("document-closed")
        self.did.append("layer")
        return object()

    def after(self, job: Job, layer: Any) -> list[Step]:
        return [lambda: self.did.append("settings"), lambda: self.did.append("replaced")]

    def thumbnail(self, job: Job, layer: Any) -> bytes:
        return b"of a layer" if layer is not None else b"of a preview"

    def name(self, job: Job) -> str:
        return "sea"

    def report(self, error: BaseException) -> None:
        self.reported.append(error)

    def turn(self) -> None:
        while self.steps:
            self.steps.popleft()()


class Stage:
    """The list, its delivery and what they tell."""

    def __init__(self, folder: Path) -> None:
        self.editor, self.history = Editor(), History(folder)
        self.told: list[Any] = []
        done = lambda job: self.told.append((job, "done"))  # noqa: E731
        delivery = Delivery(self.editor, self.history, done, self.failed)
        self.list = JobList(delivery.bring, self.failed, lambda: {"starry-night": "Starry Night"}, lambda: None)

    def failed(self, job: Job, error: BaseException, kept: bool = False) -> None:
        job.fail(error, str(error))
        self.told.append((job, "kept" if kept else "failed"))

    def job(self, state: str = "running") -> Job:
        ref = PictureRef(digest_of(DATA), PixelFormat(2, 2, 4))
        job = Job("?", SKY, None)
        values = {"picture": ref, "pixels": DATA, "error": ScumbleError("diverged"), "times": {}}
        job.run = SimpleNamespace(state=state, cancel=lambda: self.told.append("run cancelled"), **values)
        self.list.add(job)
        return job


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "history")


def test_a_picture_becomes_a_layer_then_an_entry_step_by_step(stage: Stage) -> None:
    job = stage.job("done")
    stage.list.follow(job, job.run)
    assert (job.state, job.title, stage.editor.did) == ("adding", "Starry Night", [])
    stage.editor.turn()
    assert stage.editor.did == ["layer", "settings", "replaced"] and stage.told == [(job, "done")]
    (entry,) = stage.history.entries
    assert (entry.document_name, entry.thumbnail, entry.pixels()) == ("sea", b"of a layer", DATA)
    assert job.state == "done" and job.run.pixels == b""


def test_a_layer_that_cannot_be_added_is_kept_all_the_same(stage: Stage) -> None:
    job, stage.editor.refuses = stage.job("done"), True
    stage.list.follow(job, job.run)
    stage.editor.turn()
    assert stage.told == [(job, "kept")] and job.state == "failed"
    assert stage.history.entries[0].thumbnail == b"of a preview"


def test_what_is_cancelled_at_the_last_moment_adds_nothing(stage: Stage) -> None:
    job = stage.job("done")
    stage.list.follow(job, job.run)
    assert stage.list.cancel(job) and not stage.list.cancel(job)
    stage.editor.turn()
    assert stage.editor.did == [] and stage.list.jobs == [] and stage.told == ["run cancelled"]


def test_a_run_that_fails_or_is_cancelled_ends_its_job(stage: Stage) -> None:
    failed, gone = stage.job("failed"), stage.job("cancelled")
    stage.list.follow(failed, failed.run)
    stage.list.follow(gone, gone.run)
    assert stage.told == [(failed, "failed")] and stage.list.jobs == [failed]


def test_of_many_failures_the_newest_stay_in_sight(stage: Stage) -> None:
    jobs = [stage.job("failed") for _ in range(6)]
    assert stage.list.jobs == jobs[-KEPT_FAILURES:]
