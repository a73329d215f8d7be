"""A link to a real engine, over a real socket, by both transports: what a plug-in does all day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from scumble.wire import Client, Link, Run, ScumbleError, read_connection
from scumble.wire.editor import link as link_module

from ...server.running import ask
from ..ticking import Ticking, kill_engine, use_folders

BIG = (2048, 2048)  # 12 MiB there, 16 MiB back


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One engine for the tests that leave it as they found it; the first starts it."""
    with pytest.MonkeyPatch.context() as patch:
        use_folders(tmp_path_factory.mktemp("home"), patch)
        yield
        kill_engine()


@pytest.fixture(params=["pure", "pyzmq"])
def ticking(request: pytest.FixtureRequest) -> Iterator[Ticking]:
    """A link with its timer, closed with the test; nothing went wrong in it, and no tick was long."""
    ticking = Ticking(request.param)
    yield ticking
    ticking.link.close()
    assert ticking.faults == []
    print(f"{request.param}: the longest tick took {ticking.longest * 1e3:.0f} ms")


def test_from_nothing_to_pixels(ticking: Ticking) -> None:
    assert ticking.link.state == "off" and ticking.link.info == {} and ticking.link.error is None
    a, seen = ask(steps=30), []
    run = ticking.run(a, lambda run: seen.append(run.state))
    assert ticking.link.state == "starting" and run.state == "sending" and seen == []
    ticking.ended(run)
    assert run.state == "done" and run.error is None
    assert run.picture is not None and (run.picture.x, run.picture.y) == (5, 7)
    layer = np.frombuffer(run.pixels, np.uint8).reshape(8, 12, 4)
    assert (layer[..., :3] == 255 - a.pixels).all() and (layer[..., 3] == 255).all()
    order = ["queued", "running", "fetching", "done"]
    assert seen == sorted(seen, key=order.index) and seen[-1] == "done" and seen.count("running") > 1
    assert (run.step, run.of, run.scale, run.device) == (30, 30, "12×8", "cpu")
    assert run.preview is not None and run.preview.format.width == 24 and run.result is not None
    times = [run.times[k] for k in ("begun", "sent", "started", "computed", "fetched")]
    assert times == sorted(times) and len(run.times) == 5


def test_the_engine_tells_of_itself(ticking: Ticking) -> None:
    ticking.link.start()
    ticking.until(lambda: ticking.link.state == "ready")
    connection = read_connection()
    assert connection is not None and ticking.link.info["pid"] == connection.pid
    ticking.until(lambda: ticking.link.info["devices"])
    assert ticking.link.info["devices"][0]["name"] == "cpu"


def test_questions_wait_for_the_engine_and_are_answered_in_a_tick(ticking: Ticking) -> None:
    ticking.link.start()
    got: list[dict] = []
    ticking.link.ask("status", got.append)
    assert got == []
    ticking.until(lambda: got)
    assert got[0]["pid"] == ticking.link.info["pid"] and "re" not in got[0]
    error = ticking.answer("attach", job="no-such")
    assert isinstance(error, ScumbleError) and error.code == "job-unknown"


def test_a_question_while_off_fails_in_the_next_tick(ticking: Ticking) -> None:
    errors: list[ScumbleError] = []
    ticking.link.ask("status", pytest.fail, errors.append)
    ticking.link.ask("status", pytest.fail)
    assert errors == []
    ticking.tick()
    assert [e.code for e in errors] == ["engine-lost"] and ticking.link.state == "off"


def test_what_is_done_is_forgotten_by_the_engine(ticking: Ticking) -> None:
    run = ticking.ended(ticking.run(ask(), lambda run: ticking.link.close() if run.state == "done" else None))
    assert run.state == "done" and ticking.link.state == "off"
    ticking.link.start()
    ticking.until(lambda: run.job not in ticking.jobs())


def test_a_request_that_is_refused_fails_by_name(ticking: Ticking) -> None:
    a = ask()
    a.blobs.clear()
    run = ticking.ended(ticking.run(a))
    assert run.state == "failed" and run.error is not None and run.error.code == "blob-missing"
    run = ticking.ended(ticking.run(ask(how="fail")))
    assert run.state == "failed" and run.error is not None and run.error.code == "internal"
    assert ticking.link.state == "ready" and ticking.link.error is None


def test_cancelling_before_anything_was_sent(ticking: Ticking) -> None:
    ticking.link.start()
    jobs, seen = ticking.jobs(), []
    run = ticking.run(ask(), lambda run: seen.append(run.state))
    run.cancel()
    assert run.state == "cancelled" and seen == []
    assert ticking.jobs() == jobs and seen == ["cancelled"]


def test_cancelling_while_data_is_sent(ticking: Ticking) -> None:
    a = ask(size=(8000, 3000))
    ticking.link.start()
    jobs = ticking.jobs()
    run = ticking.run(a)
    ticking.tick()
    assert run.state == "sending"
    run.cancel()
    assert ticking.jobs() == jobs
    (held,) = ticking.answer("have", digests=list(a.blobs))["have"].values()
    assert held < 8000 * 3000 * 3, "the rest was sent all the same"


def test_cancelling_between_request_and_answer(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_module, "TICK_SECONDS", 0.0)  # one turn a tick
    ticking.link.start()
    jobs = ticking.jobs()
    run = ticking.run(ask(steps=2000))
    (travel,) = ticking.link._runs._travels.values()
    ticking.until(lambda: travel.submission.asked)
    assert run.state == "sending"
    run.cancel()
    assert run.state == "cancelled"
    ticking.until(lambda: ticking.jobs() - jobs)
    (job,) = ticking.jobs() - jobs
    ticking.until(lambda: (ticking.job(job) or {}).get("state") == "cancelled")
    assert run.state == "cancelled" and run.job == ""


def test_cancelling_in_the_queue_and_at_work(ticking: Ticking) -> None:
    first, second = ticking.run(ask(steps=2000)), ticking.run(ask(steps=2000))
    ticking.until(lambda: first.step > 1 and second.state == "queued")
    seen: list[str] = []
    for run, states in ((second, {"cancelled"}), (first, {"cancelling", "cancelled"})):
        run.on_change = lambda run: seen.append(run.state)
        run.cancel()
        assert run.state == "cancelled" and run.error is None
        job = ticking.job(run.job)
        assert job is not None and job["state"] in states
    ticking.until(lambda: (ticking.job(first.job) or {}).get("state") == "cancelled")
    assert seen == ["cancelled"] * 2
    assert ticking.ended(ticking.run(ask())).state == "done"


def test_cancelling_while_the_picture_is_fetched(ticking: Ticking) -> None:
    seen: list[str] = []

    def at_once(run: Run) -> None:
        seen.append(run.state)
        if run.state == "fetching":
            run.cancel()

    run = ticking.ended(ticking.run(ask(size=BIG), at_once))
    ticking.until(lambda: ticking.job(run.job) is None)
    assert run.state == "cancelled" and run.pixels == b"" and seen[-2:] == ["fetching", "cancelled"]


def test_cancelling_elsewhere_ends_the_run_too(ticking: Ticking) -> None:
    run = ticking.run(ask(steps=2000))
    ticking.until(lambda: run.state == "running")
    with Client.connect_or_start() as other:
        other.cancel(run.job)
    assert ticking.ended(run).state == "cancelled"


def test_cancelling_what_is_done_changes_nothing(ticking: Ticking) -> None:
    run = ticking.ended(ticking.run(ask()))
    pixels = run.pixels
    run.cancel()
    assert run.state == "done" and run.pixels == pixels != b""


def test_pixels_that_nobody_was_told_of_can_be_cancelled(ticking: Ticking) -> None:
    """Two runs end in one tick; the callback of the first cancels the second."""
    told: list[Run] = []

    def cancel_the_other(run: Run) -> None:
        if run.ended and run.state == "done":
            told.append(run)
            both[1 - both.index(run)].cancel()

    both = [ticking.run(ask(), cancel_the_other), ticking.run(ask(), cancel_the_other)]
    ticking.until(lambda: all(r.ended for r in both))
    assert len(told) == 1 and sorted(r.state for r in both) == ["cancelled", "done"]
    assert [r.pixels for r in both if r.state == "cancelled"] == [b""]


def test_callbacks_that_raise_break_nothing(ticking: Ticking) -> None:
    def fault(*args: object) -> None:
        raise ValueError("a fault of the plug-in")

    run, fine = ticking.run(ask(), fault), ticking.run(ask())
    ticking.link.ask("status", fault)
    ticking.link.ask("attach", fault, fault, job="no-such")
    ticking.until(lambda: run.ended and fine.ended and len(ticking.faults) > 3)
    assert run.state == fine.state == "done" and {type(f) for f in ticking.faults} == {ValueError}
    ticking.faults.clear()
    ticking.link.report = fault  # type: ignore[assignment]
    assert ticking.ended(ticking.run(ask(), fault)).state == "done"


def test_without_a_reporter_a_fault_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    link = Link("test", "1")
    link.ask("status", pytest.fail, lambda error: 1 / 0)  # type: ignore[arg-type, return-value]
    link.tick()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_a_callback_may_run_the_timer_itself(ticking: Ticking) -> None:
    """As a modal dialog does."""
    second: list[Run] = []

    def dialog(run: Run) -> None:
        if run.state == "running" and not second:
            second.append(ticking.run(ask()))
            ticking.ended(second[0])

    assert ticking.ended(ticking.run(ask(steps=5), dialog)).state == "done" and second[0].state == "done"


def test_64_megabytes_each_way_in_short_ticks(ticking: Ticking) -> None:
    a = ask(size=(5000, 3355))  # 48 MiB there, 64 MiB back
    ticking.link.start()
    ticking.until(lambda: ticking.link.state == "ready")
    ticking.longest = 0.0
    run = ticking.ended(ticking.run(a))
    assert run.state == "done" and len(run.pixels) == 5000 * 3355 * 4
    up, down = run.times["sent"] - run.times["begun"], run.times["fetched"] - run.times["computed"]
    print(f"48 MiB up in {up:.2f} s, 64 MiB down in {down:.2f} s, ticks of up to {ticking.longest * 1e3:.0f} ms")


def test_closing_cancels_at_the_engine_and_calls_nobody(ticking: Ticking) -> None:
    changes: list[str] = []
    run, lasting = ticking.run(ask(steps=2000)), ticking.run(ask(steps=5), outlive=True)
    ticking.link.ask("status", pytest.fail, pytest.fail)
    ticking.link.close()
    run.on_change = lasting.on_change = lambda run: changes.append(run.state)
    assert ticking.link.state == "off" and run.state == lasting.state == "cancelled"
    for _ in range(5):
        ticking.tick()
    assert changes == []


def test_a_closed_link_can_be_used_again_and_what_was_to_outlive_it_did(ticking: Ticking) -> None:
    run, lasting = ticking.run(ask(steps=2000)), ticking.run(ask(steps=3), outlive=True)
    ticking.until(lambda: run.state == "running" and lasting.job)
    ticking.link.close()
    ticking.link.start(launch=False)
    ticking.until(lambda: (ticking.job(lasting.job) or {}).get("state") == "done")
    gone = ticking.job(run.job)
    assert gone is not None and gone["state"] == "cancelled"
    assert ticking.answer("forget", job=lasting.job) == {}


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """An engine of the test's own, to be ended; its process."""
    use_folders(tmp_path, monkeypatch)
    yield lambda: (read_connection() or pytest.fail("no engine")).pid
    kill_engine()


def test_shutting_down_lets_the_jobs_end(ticking: Ticking, fresh: Callable[[], int]) -> None:
    run = ticking.run(ask(steps=20))
    ticking.until(lambda: run.state == "running")
    ticking.link.shutdown()
    ticking.until(lambda: ticking.link.state == "off")
    assert run.state == "done" and run.pixels and ticking.link.error is None


def test_shutting_down_now_cancels_and_the_next_run_starts_another_engine(
    ticking: Ticking, fresh: Callable[[], int]
) -> None:
    run = ticking.run(ask(steps=2000))
    ticking.until(lambda: run.state == "running")
    pid = fresh()
    ticking.link.shutdown(now=True)
    assert run.state == "cancelled"
    ticking.until(lambda: ticking.link.state == "off")
    assert ticking.link.error is None
    assert ticking.ended(ticking.run(ask())).state == "done"  # at once: the first may be ending still
    assert ticking.link.info["pid"] != pid and ticking.link.error is None


def test_shutting_down_what_does_not_run(ticking: Ticking, fresh: Callable[[], int]) -> None:
    ticking.link.shutdown()
    ticking.until(lambda: ticking.link.state == "off")
    assert ticking.link.error is None and read_connection() is None and not os.listdir(os.environ["SCUMBLE_RUNTIME"])
