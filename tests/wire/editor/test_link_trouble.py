"""A link when the engine dies, hangs, is another's or is not there: it says so, works again, and no tick waits."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire import PictureRef, PixelFormat, Request, digest_of, read_connection
from scumble.wire.client import find_engine as reach_module
from scumble.wire.client import session as session_module
from scumble.wire.engine.connection import Connection, write_connection
from scumble.wire.transport import connect as transport_module

from ...server.running import ask
from ..ticking import POSIX, Ticking, kill, kill_engine, use_folders


@pytest.fixture(params=["pure", "pyzmq"])
def ticking(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ticking]:
    """A link in folders of the test's own; no engine is left in them."""
    use_folders(tmp_path, monkeypatch)
    ticking = Ticking(request.param)
    yield ticking
    ticking.link.close()
    kill_engine()
    assert ticking.faults == []
    print(f"{request.param}: the longest tick took {ticking.longest * 1e3:.0f} ms")


def code(ticking: Ticking) -> str:
    assert ticking.link.state == "off"
    return ticking.link.error.code if ticking.link.error else ""


def pid() -> int:
    return (read_connection() or pytest.fail("no engine")).pid


def ready(ticking: Ticking) -> int:
    ticking.link.start()
    ticking.until(lambda: ticking.link.state == "ready")
    return pid()


def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine is silent after a second."""
    monkeypatch.setattr(session_module, "PING_SECONDS", 0.2)
    monkeypatch.setattr(session_module, "SILENT_SECONDS", 1.0)
    monkeypatch.setattr(transport_module, "CONNECT_SECONDS", 1.0)


def test_where_nothing_runs_and_nothing_may_be_started_it_is_off(ticking: Ticking) -> None:
    errors: list[str] = []
    ticking.link.start(launch=False)
    ticking.until(lambda: ticking.link.state == "off")
    assert code(ticking) == ""
    ticking.link.start(launch=False)
    ticking.link.ask("status", pytest.fail, lambda error: errors.append(error.code))
    ticking.until(lambda: errors)
    assert errors == ["engine-lost"] and code(ticking) == "" and read_connection() is None


def test_a_run_starts_the_engine_that_a_start_was_not_to(ticking: Ticking) -> None:
    ticking.link.start(launch=False)
    assert ticking.ended(ticking.run(ask())).state == "done"


def test_without_an_installed_engine_it_says_so(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCUMBLE_ENGINE", "/nowhere/python")
    run = ticking.ended(ticking.run(ask()))
    assert run.state == "failed" and run.error is not None and run.error.code == "engine-missing"
    assert code(ticking) == "engine-missing" and ticking.link.error is run.error


def test_an_engine_that_dies_while_it_starts_leaves_its_words(
    ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reach_module, "STARTS", 1)
    monkeypatch.setenv("SCUMBLE_ENGINE", json.dumps([sys.executable, "-c", "raise SystemExit('no torch here')"]))
    ticking.link.start()
    ticking.until(lambda: ticking.link.state == "off")
    assert code(ticking) == "engine-missing" and "no torch here" in str(ticking.link.error)


@POSIX
def test_an_engine_killed_at_work_fails_its_runs_and_the_next_starts_another(ticking: Ticking) -> None:
    runs = [ticking.run(ask(steps=2000)) for _ in range(2)]
    errors: list[str] = []
    ticking.until(lambda: runs[0].state == "running" and runs[1].job)
    ticking.link.ask("unheard-of", pytest.fail, lambda error: errors.append(error.code))
    first = pid()
    kill(first)
    ticking.until(lambda: ticking.link.state == "off")
    assert [(r.state, r.error.code if r.error else "") for r in runs] == [("failed", "engine-lost")] * 2
    assert code(ticking) == "engine-lost" and errors == ["engine-lost"]
    assert ticking.link.error is not None and "engine.log" in ticking.link.error.remedy
    assert ticking.ended(ticking.run(ask())).state == "done"
    assert pid() != first and ticking.link.error is None


@POSIX
def test_an_engine_killed_while_data_travels(ticking: Ticking) -> None:
    ready(ticking)
    run = ticking.run(ask(size=(6000, 4000)))
    ticking.tick()
    assert run.state == "sending"
    kill(pid())
    assert ticking.ended(run).error is not None and code(ticking) == "engine-lost"
    assert ticking.ended(ticking.run(ask())).state == "done"


@POSIX
def test_a_run_begun_while_a_lost_engine_is_looked_for_starts_another(ticking: Ticking) -> None:
    """Which then does the lost run too."""
    lost = ticking.run(ask(steps=60))
    ticking.until(lambda: lost.state == "running")
    kill(pid())
    ticking.until(lambda: ticking.link.state != "ready")
    run = ticking.run(ask())
    ticking.until(lambda: run.ended and lost.ended)
    assert run.state == "done" and lost.state == "done"


@POSIX
def test_an_idle_engine_that_ended_is_no_error(ticking: Ticking) -> None:
    first = ready(ticking)
    ticking.until(lambda: ticking.link.info["devices"])
    kill(first)
    ticking.until(lambda: ticking.link.state == "off")
    assert code(ticking) == "" and ticking.link.info == {}
    assert ticking.ended(ticking.run(ask())).state == "done" and pid() != first


@POSIX
def test_an_engine_that_stops_at_work_never_makes_a_tick_wait(
    ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ticking.run(ask(steps=2000))
    ticking.until(lambda: run.state == "running")
    impatient(monkeypatch)
    os.kill(pid(), signal.SIGSTOP)
    other = ticking.run(ask(size=(3000, 2000)))
    ticking.until(lambda: ticking.link.state == "off")
    assert code(ticking) == "engine-silent" and run.state == other.state == "failed"
    assert run.error is not None and run.error.code == "engine-silent"
    os.kill(pid(), signal.SIGCONT)
    monkeypatch.setattr(session_module, "SILENT_SECONDS", 20.0)  # it wakes slowly on a busy machine
    monkeypatch.setattr(transport_module, "CONNECT_SECONDS", 20.0)
    last = ticking.ended(ticking.run(ask()))
    assert (last.state, last.error, ticking.link.error) == ("done", None, None)


@POSIX
def test_an_engine_that_was_stopped_before_never_makes_a_tick_wait(
    ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = ready(ticking)
    ticking.link.close()
    impatient(monkeypatch)
    os.kill(first, signal.SIGSTOP)
    run = ticking.ended(ticking.run(ask()))
    assert code(ticking) == "engine-silent" and run.error is ticking.link.error
    os.kill(first, signal.SIGCONT)
    assert ticking.ended(ticking.run(ask())).state == "done" and pid() == first


@POSIX
def test_an_engine_that_is_told_to_end_and_does_not_hear(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    os.kill(ready(ticking), signal.SIGSTOP)
    impatient(monkeypatch)
    ticking.link.shutdown(now=True)
    ticking.until(lambda: ticking.link.state == "off")
    assert code(ticking) == "engine-silent"


def test_a_pause_of_the_editor_does_not_blame_the_engine(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    ready(ticking)
    impatient(monkeypatch)
    run = ticking.run(ask(steps=5))
    ticking.tick()
    time.sleep(1.5)
    assert ticking.ended(run).state == "done"


def test_a_stale_connection_file_is_no_engine(ticking: Ticking) -> None:
    write_connection(Connection("tcp://127.0.0.1:9", token="x", pid=os.getpid()))
    assert ticking.ended(ticking.run(ask())).state == "done" and pid() != os.getpid()


def test_a_damaged_connection_file_is_no_engine(ticking: Ticking) -> None:
    write_connection(Connection("tcp://127.0.0.1:9", token="x")).write_text("{")
    assert ticking.ended(ticking.run(ask())).state == "done" and pid() > 0


def test_a_wrong_token_is_refused(ticking: Ticking, make_router, engine) -> None:
    router = make_router(engine)
    write_connection(Connection(router.address, token="wrong", pid=os.getpid()))
    run = ticking.ended(ticking.run(ask()))
    assert code(ticking) == "engine-refused" and run.error is ticking.link.error and engine.asked == []


def test_another_protocol_is_refused(ticking: Ticking, make_router, engine) -> None:
    engine.protocol = 2
    write_connection(Connection(make_router(engine).address, token="correct-horse", pid=os.getpid()))
    run = ticking.ended(ticking.run(ask()))
    assert code(ticking) == "protocol-version" and run.error is ticking.link.error
    engine.protocol = 1
    ready(ticking)


def test_a_greeting_without_an_answer_is_silence(
    ticking: Ticking, make_router, engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch)
    engine.mute = True
    write_connection(Connection(make_router(engine).address, token="correct-horse", pid=os.getpid()))
    ticking.link.start()
    ticking.until(lambda: ticking.link.state == "off")
    assert code(ticking) == "engine-silent"


def test_a_connection_that_broke_is_taken_up_again(ticking: Ticking, make_router, engine) -> None:
    first, second = make_router(engine), make_router(engine)
    write_connection(Connection(first.address, token="correct-horse", pid=os.getpid()))
    picture, form = os.urandom(16), PixelFormat(2, 2, 4)
    engine.blobs[digest_of(picture)] = bytearray(picture)
    run = ticking.link.run(Request(), {}, lambda run: None)
    ticking.until(lambda: run.job)
    plain = PictureRef(digest_of(picture), form).to_plain()
    engine.last[run.job] = {"type": "result", "picture": plain, "job": run.job}
    write_connection(Connection(second.address, token="correct-horse", pid=os.getpid()))
    first.stop()
    assert ticking.ended(run).pixels == picture and ticking.link.state == "ready"
    assert engine.asked.count("attach") == 1 and engine.asked.count("submit") == 1
    ticking.until(lambda: "forget" in engine.asked)


def test_a_job_that_another_engine_does_not_know_is_sent_again(ticking: Ticking, make_router, engine) -> None:
    first, second = make_router(engine), make_router(engine)
    write_connection(Connection(first.address, token="correct-horse", pid=os.getpid()))
    picture, form = os.urandom(16), PixelFormat(2, 2, 4)
    engine.blobs[digest_of(picture)] = bytearray(picture)
    run = ticking.link.run(Request(), {}, lambda run: None)
    ticking.until(lambda: run.job)
    job, plain = run.job, PictureRef(digest_of(picture), form).to_plain()
    engine.jobs.clear()
    engine.script = lambda job: [{"type": "result", "picture": plain}]
    write_connection(Connection(second.address, token="correct-horse", pid=os.getpid()))
    first.stop()
    assert ticking.ended(run).pixels == picture and run.job == job and ticking.link.state == "ready"
    assert engine.asked.count("attach") == 1 and engine.asked.count("submit") == 2


def test_a_fault_of_the_links_own_is_reported_and_ends_it(ticking: Ticking, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ticking.run(ask(steps=2000))
    ticking.until(lambda: run.state == "running")
    monkeypatch.setattr(ticking.link._runs, "take", lambda events: [][0])
    ticking.tick()
    assert code(ticking) == "internal" and run.state == "failed"
    assert [type(f) for f in ticking.faults] == [IndexError]
    ticking.faults.clear()
