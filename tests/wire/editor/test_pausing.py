"""A run that is let rest, and goes on where it was, by a link to a real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire import ScumbleError
from scumble.wire.editor.run import Run, take
from scumble.wire.protocol.events import Paused, Queued, Started
from scumble.wire.words.jobs import part_done, pause_words, state_words

from ...server.running import ask
from ..ticking import Ticking, kill_engine, use_folders


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One engine, whose jobs are kept at every step."""
    with pytest.MonkeyPatch.context() as patch:
        use_folders(tmp_path_factory.mktemp("home"), patch)
        patch.setenv("SCUMBLE_KEEP_SECONDS", "0")
        yield
        kill_engine()


@pytest.fixture
def ticking() -> Iterator[Ticking]:
    made = Ticking("pyzmq")
    yield made
    made.link.close()
    assert made.faults == []


def begin(ticking: Ticking, step: int) -> Run:
    """A run that nobody takes for a quick one, under way."""
    run = ticking.run(ask(60, how="kept", size=(640, 480)))
    ticking.until(lambda: run.step >= step, 60)
    return run


def test_it_rests_and_goes_on_where_it_was(ticking: Ticking) -> None:
    run = begin(ticking, 5)
    assert ticking.link.can_pause and run.may_pause and pause_words(run)[0] == "Pause"
    ticking.link.pause(run)
    assert run.pausing and state_words(run) == "Pausing as soon as its work is kept…" and not run.may_pause
    ticking.link.pause(run)  # twice is once
    ticking.until(lambda: run.state == "paused")
    assert not run.pausing and state_words(run).startswith("Paused") and pause_words(run)[0] == "Resume"
    at, part = run.step, part_done(run)
    other = ticking.ended(ticking.run(ask(2)))
    assert other.state == "done" and (run.state, run.step, part_done(run)) == ("paused", at, part)
    ticking.link.resume(run)
    ticking.until(lambda: run.state == "running")
    assert not run.pausing
    ticking.ended(run)
    assert run.state == "done" and run.result is not None
    assert int(run.result.model.rsplit(" ", 1)[1]) >= 5, "it went on where it was kept"


def test_one_that_rests_can_be_cancelled_and_one_that_is_over_does_not_rest(ticking: Ticking) -> None:
    run = begin(ticking, 2)
    ticking.link.pause(run)
    ticking.until(lambda: run.state == "paused")
    run.cancel()
    ticking.until(lambda: (ticking.job(run.job) or {}).get("state") == "cancelled")
    ticking.link.pause(run)
    ticking.link.resume(run)
    assert run.state == "cancelled" and not run.pausing


def test_one_that_waits_rests_at_once(ticking: Ticking) -> None:
    first = begin(ticking, 1)
    second = ticking.run(ask(2, how="kept too", size=(640, 480)))
    ticking.until(lambda: second.state == "queued" and second.may_pause)
    ticking.link.pause(second)
    ticking.until(lambda: second.state == "paused")
    first.cancel()
    ticking.link.resume(second)
    assert ticking.ended(second).state == "done"


def test_what_the_engine_refuses_is_told_and_it_goes_on(ticking: Ticking) -> None:
    run, told = begin(ticking, 1), list[ScumbleError]()
    run.job, real = "0" * 16, run.job
    ticking.link.pause(run, told.append)
    assert run.pausing
    ticking.until(lambda: told)
    assert told[0].code == "job-unknown" and not run.pausing
    run.job = real
    run.cancel()


def test_the_time_of_a_rest_is_none_in_which_it_was_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("scumble.wire.editor.run.time.perf_counter", lambda: now[0])
    run = Run(ask(1).request, lambda run: None, lambda run: None)
    take(run, Started("a", seconds_left=30.0))
    now[0] = 110.0
    run.keep_time()
    assert (run.part, run.seconds_left) == (pytest.approx(1 / 3), 20.0)
    take(run, Paused("a"))
    now[0] = 1000.0
    assert not run.keep_time() and part_done(run) == pytest.approx(1 / 3) and run.seconds_left < 0
    take(run, Queued("a", 1))
    assert part_done(run) == pytest.approx(1 / 3), "it waits where it was"
    now[0] = 1500.0
    take(run, Paused("a"))  # anew, before it was its turn
    now[0] = 2000.0
    take(run, Started("a", seconds_left=20.0))
    assert (run.part, run.seconds_left) == (pytest.approx(1 / 3), 20.0)
    assert run.times["started"] == pytest.approx(1990.0)


def test_an_older_engine_is_not_asked(tmp_path: Path) -> None:
    ticking = Ticking("pyzmq")
    assert not ticking.link.can_pause
    run = Run(ask(1).request, lambda run: None, lambda run: None)
    run.job, run.state = "a", "running"
    ticking.link.pause(run)
    assert not run.pausing
