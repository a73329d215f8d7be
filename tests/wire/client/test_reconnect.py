"""The client when the connection breaks, the engine falls silent, or nobody needs it."""

from __future__ import annotations

import os
import socket
import time
from types import SimpleNamespace

import pytest

from scumble.wire import (
    Failed,
    PictureRef,
    PixelFormat,
    Request,
    Result,
    ScumbleError,
)
from scumble.wire.client import channel as channel_module
from scumble.wire.client import session as session_module
from scumble.wire.client.submission import Submission
from scumble.wire.engine.connection import Connection
from scumble.wire.protocol.messages import MAX_RAW
from scumble.wire.protocol.pixels import digest_of

RED = PixelFormat(4, 3, 4)
BIG = os.urandom(3 * MAX_RAW + 17)


def test_an_upload_goes_on_after_the_connection_broke(make_router, engine, make_client, until) -> None:
    engine.max_puts = 2
    first, second = make_router(engine), make_router(engine)
    client = make_client(first, second)
    task = client.channel.send(Submission(Request(), {digest_of(BIG): BIG}, key="k"))
    until(client, lambda: engine.asked.count("put") == 4)
    engine.max_puts = None
    first.stop()
    until(client, lambda: task.done)
    assert task.result() == "j1" and bytes(engine.blobs[digest_of(BIG)]) == BIG
    assert engine.asked.count("put") == 6  # two taken, two not answered, two again
    assert engine.jobs == {"k": "j1"}


def test_jobs_are_taken_up_again_when_the_connection_broke(make_router, engine, make_client, until) -> None:
    first, second = make_router(engine), make_router(engine)
    client = make_client(first, second)
    job = client.submit(Request(), {})
    picture = PictureRef(digest_of(b""), PixelFormat(1, 1, 4)).to_plain()
    engine.last[job] = {"type": "result", "picture": picture, "job": job}
    first.stop()
    events = until(client, lambda: not client.channel._watched)
    assert [type(e) for e in events] == [Result] and events[0].job == job
    assert engine.asked.count("hello") == 2 and engine.asked.count("attach") == 1


def test_a_job_that_the_new_engine_does_not_know_is_sent_again(make_router, engine, make_client, until) -> None:
    """Under its old name, and with its data; who waits for it notices nothing."""
    first, second = make_router(engine), make_router(engine)
    client = make_client(first, second)
    job = client.submit(Request(), {digest_of(BIG): BIG})
    picture = PictureRef(digest_of(b""), PixelFormat(1, 1, 4)).to_plain()
    engine.jobs.clear(), engine.blobs.clear()
    engine.script = lambda job: [{"type": "result", "picture": picture}]
    first.stop()
    (event,) = until(client, lambda: not client.channel._watched)
    assert isinstance(event, Result) and event.job == job and bytes(engine.blobs[digest_of(BIG)]) == BIG


def test_a_job_of_which_nothing_is_here_has_failed(make_router, engine, make_client, until) -> None:
    first, second = make_router(engine), make_router(engine)
    engine.jobs["k"] = "j7"
    client = make_client(first, second)
    client.attach("j7")
    engine.jobs.clear()
    first.stop()
    (event,) = until(client, lambda: not client.channel._watched)
    assert isinstance(event, Failed) and event.error.code == "job-unknown" and event.job == "j7"
    assert "submit" not in engine.asked


def test_a_cancelled_job_is_not_sent_again(make_router, engine, make_client, until) -> None:
    first, second = make_router(engine), make_router(engine)
    client = make_client(first, second)
    job = client.submit(Request(), {})
    engine.on_cancel = lambda header, raw: [engine._ok(header, state="cancelling")]
    client.cancel(job)
    engine.jobs.clear()
    first.stop()
    (event,) = until(client, lambda: not client.channel._watched)
    assert isinstance(event, Failed) and event.error.code == "cancelled" and engine.asked.count("submit") == 1


def test_a_cancel_that_crosses_with_lost_data_is_a_cancel(make_router, engine, make_client, until) -> None:
    client = make_client(make_router(engine))
    job = client.submit(Request(), {})
    error = {"code": "blob-missing", "sentence": "", "remedy": "", "values": {}}
    failed = engine.event({"type": "failed", "job": job, "error": error})
    engine.on_cancel = lambda header, raw: [failed, engine._ok(header, state="failed")]
    client.cancel(job)
    (event,) = until(client, lambda: not client.channel._watched) or client.poll(0)
    assert isinstance(event, Failed) and event.error.code == "cancelled" and engine.asked.count("submit") == 1


def test_a_job_whose_data_the_engine_lost_is_sent_again_some_times(make_router, engine, make_client, until) -> None:
    client = make_client(make_router(engine))
    error = {"code": "blob-missing", "sentence": "", "remedy": "", "values": {"digest": digest_of(BIG)}}

    def script(job):
        engine.jobs.clear(), engine.blobs.clear()
        return [{"type": "failed", "error": error}]

    engine.script = script
    job = client.submit(Request(), {digest_of(BIG): BIG})
    (event,) = until(client, lambda: not client.channel._watched)
    assert isinstance(event, Failed) and event.job == job and event.error.code == "files-unusable"
    assert engine.asked.count("submit") == 8 and engine.asked.count("put") == 32


def test_a_picture_that_is_lost_on_its_way_is_painted_once_more(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    layer = os.urandom(4 * 3 * 4)
    picture = PictureRef(digest_of(layer), RED).to_plain()

    def script(job):
        if engine.asked.count("submit") > 1:
            engine.blobs[digest_of(layer)] = bytearray(layer)
        return [{"type": "result", "picture": picture}]

    engine.script = script
    _, data, _ = client.run(Request(), {})
    assert bytes(data) == layer and engine.asked.count("submit") == 2


def test_an_engine_that_has_forgotten_a_client_is_greeted_again(make_router, engine, make_client) -> None:
    routers = [make_router(engine), make_router(engine)]
    client = make_client(*routers)
    usual, said = engine.on_status, []

    def on_status(header, raw):
        said.append(header)
        return [engine._error(header, "hello-missing")] if len(said) == 1 else usual(header, raw)

    engine.on_status = on_status
    assert client.status()["pid"] == 1 and engine.asked == ["hello", "status", "hello", "status"]


def test_a_connection_that_breaks_twice_in_a_row_is_given_up(make_router, engine, make_client, until) -> None:
    first, second = make_router(engine), make_router(engine)
    client = make_client(first, second)
    client.submit(Request(), {})
    first.stop()
    until(client, lambda: "attach" in engine.asked)
    second.stop()
    with pytest.raises(ScumbleError) as e:
        until(client, lambda: False)
    assert e.value.code == "engine-lost"
    assert client.poll(0) == []  # nothing is waited for any more


def test_an_idle_client_lets_the_engine_go_and_comes_back_when_needed(make_router, engine, make_client, until) -> None:
    first, second = make_router(engine), make_router(engine)
    client = make_client(first, second)
    first.stop()
    until(client, lambda: not client.connected)
    assert client.poll(0.1) == [] and engine.asked == ["hello"]
    assert client.status()["pid"] == 1 and engine.asked == ["hello", "hello", "status"]


def test_a_silent_engine_is_told_and_tasks_end(make_router, engine, make_client, monkeypatch) -> None:
    client = make_client(make_router(engine))
    monkeypatch.setattr(session_module, "SILENT_SECONDS", 0.3)
    engine.mute = True
    begun = time.monotonic()
    with pytest.raises(ScumbleError) as e:
        client.status()
    assert e.value.remedy.endswith("/var/log/engine.log")
    assert e.value.code == "engine-silent" and 0.25 < time.monotonic() - begun < 3
    assert not client.connected


def test_pings_go_out_from_poll_while_a_job_runs_and_only_then(make_router, engine, make_client, monkeypatch) -> None:
    monkeypatch.setattr(session_module, "PING_SECONDS", 0.05)
    client = make_client(make_router(engine))
    for _ in range(10):
        client.poll(0.02)
    assert "ping" not in engine.asked
    client.submit(Request(), {})
    for _ in range(20):
        client.poll(0.02)
    assert 3 <= engine.asked.count("ping") <= 8


def test_an_idle_client_is_not_forgotten(make_router, engine, make_client, monkeypatch, until) -> None:
    monkeypatch.setattr(session_module, "IDLE_PING_SECONDS", 0.05)
    client = make_client(make_router(engine))
    until(client, lambda: engine.asked.count("ping") > 1)


def test_reconnecting_keeps_to_the_timeout_of_poll(make_router, engine, make_client, monkeypatch, until) -> None:
    first, silent = make_router(engine), socket.create_server(("127.0.0.1", 0))
    client = make_client(first, SimpleNamespace(connection=lambda: Connection(address, token="x")))
    address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
    client.submit(Request(), {})
    first.stop()
    until(client, lambda: not client.connected)
    begun = time.monotonic()
    for _ in range(10):
        assert client.poll(0) == []
    assert client.channel.connecting and time.monotonic() - begun < 1
    silent.close()


def test_a_caller_who_was_away_does_not_blame_the_engine(make_router, engine, make_client, monkeypatch, until) -> None:
    monkeypatch.setattr(session_module, "SILENT_SECONDS", 0.1)
    client = make_client(make_router(engine))
    task = client.channel.send(Submission(Request(), {}))
    time.sleep(0.4)  # a modal dialog of the editor
    until(client, lambda: task.done)
    assert task.result() == "j1"


def test_a_closed_client_says_so(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    client.close()
    with pytest.raises(ScumbleError) as e:
        client.status()
    assert e.value.code == "engine-lost"


def test_reconnection_is_allowed_again_later(make_router, engine, make_client, monkeypatch, until) -> None:
    monkeypatch.setattr(channel_module, "LIVED", 0.0)
    routers = [make_router(engine) for _ in range(3)]
    client = make_client(*routers)
    client.submit(Request(), {})
    for n, router in enumerate(routers[:2], 1):
        router.stop()
        until(client, lambda n=n: engine.asked.count("attach") == n)
    assert client.connected
