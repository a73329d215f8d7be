"""Progress over the canvas: there while a job goes on and no docker is seen, with Cancel."""

from __future__ import annotations

from typing import Any

import pytest

from .docker_stage import StageJob, StageStudio, application, turn, turn_until
from .plugin import plugin_module

qt = plugin_module("qt")
canvasprogress = plugin_module("docker.canvasprogress")


@pytest.fixture
def window() -> Any:
    application()
    made = qt.QtWidgets.QMainWindow()
    made.setCentralWidget(qt.QtWidgets.QMdiArea())
    made.resize(900, 600)
    made.show()
    yield made
    made.close()


def test_it_shows_the_job_and_cancels_it(window: Any) -> None:
    studio, seen = StageStudio(), [False]
    progress = canvasprogress.CanvasProgress(studio, lambda: window, lambda: seen[0])
    assert progress.field is None
    job = StageJob("The Starry Night", "running", seconds_left=40.0, part=0.1)
    studio.jobs = [job, StageJob("The Great Wave")]
    studio.changed.emit()
    field = progress.field
    turn()
    assert field.isVisible() and field.title.text == "The Starry Night · 1 more"
    assert field.state.text == "Getting ready… 40 s left" and field.bar.part == 0.1
    home = field.parentWidget()
    assert home.rect().contains(field.geometry()) and field.geometry().bottom() > home.height() - 40
    window.resize(700, 500)
    turn()
    assert home.rect().contains(field.geometry())
    field.cancel.click()
    assert studio.calls == [("cancel", job)]


def test_it_gives_way_to_a_docker_and_goes_with_the_job(window: Any) -> None:
    studio, seen = StageStudio(), [True]
    progress = canvasprogress.CanvasProgress(studio, lambda: window, lambda: seen[0])
    studio.jobs = [StageJob(state="running")]
    studio.changed.emit()
    assert progress.field is None
    seen[0] = False
    turn_until(lambda: progress.field is not None)  # although nothing was told
    studio.jobs = []
    studio.changed.emit()
    assert progress.field is None


def test_without_a_window_nothing_is_shown() -> None:
    studio = StageStudio()
    progress = canvasprogress.CanvasProgress(studio, lambda: None, lambda: False)
    studio.jobs = [StageJob(state="running")]
    studio.changed.emit()
    assert progress.field is None
