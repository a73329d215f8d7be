"""Jobs from submit to result: queue, events, cancel, keys, cache, attach, limits, clients that vanish."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zmq

from scumble.wire import Client, Failed, Preview, Progress, Queued, Result, ScumbleError, Started
from scumble.wire.protocol.messages import USER, decode, encode
from scumble.wire.protocol.pixels import PixelFormat
from scumble.wire.request.style import Style
from scumble.wire.transport.connect import connecting

from ..running import Running, ask, submit, wait_for_end, wait_until


def state_of(engine: Running, job: str) -> str:
    with engine.client() as client:
        return next((j["state"] for j in client.jobs() if j["job"] == job), "unknown")


def test_a_job_tells_its_course_and_its_picture_is_right(engine: Running) -> None:
    client, a = engine.client(), ask(steps=60, preview_seconds=0.3)
    began = time.monotonic()
    events, end = wait_for_end(client, submit(client, a))
    took = time.monotonic() - began
    assert isinstance(end, Result) and not end.cached and end.steps == 60 and end.device == "cpu"
    assert end.losses == {"style": 0.5} and 1.0 < end.seconds <= took
    kinds = [type(e) for e in events]
    assert kinds[0] is Queued and kinds[1] is Started and kinds[-1] is Result
    progress = [e for e in events if isinstance(e, Progress)]
    assert [p.step for p in progress] == sorted({p.step for p in progress}) and progress[-1].step == 60
    assert 5 <= len(progress) <= 10 * took + 2, "ten a second at most"
    assert progress[-1].scale == "12×8" and progress[-1].losses["style"] == pytest.approx(1 / 60)
    previews = [e for e in events if isinstance(e, Preview)]
    assert 2 <= len(previews) <= took / 0.3 + 1 and previews[0].format == PixelFormat(24, 16, 3)
    assert events.index(previews[0]) < events.index(progress[1]), "the first preview comes at once"
    layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(8, 12, 4)
    assert (end.picture.x, end.picture.y) == (5, 7)
    assert (layer[..., :3] == 255 - a.pixels).all() and (layer[..., 3] == 255).all()


def test_jobs_wait_in_their_order_and_learn_their_place(engine: Running) -> None:
    client = engine.client()
    jobs = [submit(client, ask(steps=10)) for _ in range(3)]
    order: list[str] = []
    places: dict[str, list[int]] = {j: [] for j in jobs}
    while len(order) < 3:
        for event in client.poll(5):
            if isinstance(event, Result):
                order.append(event.job)
            elif isinstance(event, Queued):
                places[event.job].append(event.position)
    assert order == jobs
    assert places[jobs[2]][-1] == 0 and places[jobs[2]] == sorted(places[jobs[2]], reverse=True)


def test_cancel_of_a_running_job_is_acknowledged_at_once_and_stops_at_the_next_step(engine: Running) -> None:
    client = engine.client()
    job = submit(client, ask(steps=5000))
    wait_until(lambda: any(isinstance(e, Progress) for e in client.poll(0.1)))
    worker = engine.worker("busy")
    began = time.monotonic()
    assert client.cancel(job) == "cancelling"
    assert time.monotonic() - began < 0.2
    _, end = wait_for_end(client, job)
    assert time.monotonic() - began < 1.0
    assert isinstance(end, Failed) and end.error.code == "cancelled"
    assert state_of(engine, job) == "cancelled"
    assert engine.worker("idle")["pid"] == worker["pid"], "a worker that obeys is kept"


def test_cancel_of_a_waiting_job_never_starts_it(engine: Running) -> None:
    client = engine.client()
    first, second = submit(client, ask(steps=100)), submit(client, ask())  # two seconds: a busy machine stands still
    assert client.cancel(second) == "cancelled"
    events, end = wait_for_end(client, second)
    assert isinstance(end, Failed) and end.error.code == "cancelled"
    assert not any(isinstance(e, Started) for e in events)
    assert isinstance(wait_for_end(client, first)[1], Result)


def test_the_same_key_is_the_same_job_unless_it_failed(engine: Running) -> None:
    client, a = engine.client(), ask(steps=20)
    job = submit(client, a, key="once")
    assert submit(client, a, key="once") == job
    wait_for_end(client, job)
    assert submit(client, a, key="once") == job
    assert isinstance(wait_for_end(client, job)[1], Result), "the end is told again"
    bad = ask(how="fail")
    failed = submit(client, bad, key="twice")
    _, end = wait_for_end(client, failed)
    assert isinstance(end, Failed) and end.error.code == "internal" and "not like this" in end.error.sentence
    again = submit(client, bad, key="twice")
    assert again != failed
    wait_for_end(client, again)


def test_the_same_request_is_answered_from_the_cache(engine: Running) -> None:
    client, a = engine.client(), ask(steps=40, seed=1)
    _, first = wait_for_end(client, submit(client, a))
    began = time.monotonic()
    _, second = wait_for_end(client, submit(client, a))
    assert time.monotonic() - began < 0.4, "it was computed again"
    assert isinstance(first, Result) and isinstance(second, Result)
    assert second.cached and not first.cached and second.picture == first.picture and second.steps == 40
    _, other = wait_for_end(client, submit(client, ask(steps=40, seed=1, strength=0.5)))
    assert isinstance(other, Result) and not other.cached


def test_what_a_client_left_behind_is_stopped(engine: Running) -> None:
    client = engine.client()
    job = submit(client, ask(steps=5000))
    client.close()
    wait_until(lambda: state_of(engine, job) == "cancelled", 5)


def test_a_slow_step_does_not_hide_that_its_client_is_gone(engine: Running) -> None:
    client = Client(lambda: connecting(engine.connection, None), "test", "", patience=0.0)
    client.connect()
    job = submit(client, ask(how="hang"))  # which tells nothing from its first step on
    wait_until(lambda: state_of(engine, job) == "running")
    began = time.monotonic()
    client.close()
    wait_until(lambda: state_of(engine, job) in ("cancelling", "cancelled"), 5)
    print(f"noticed after {time.monotonic() - began:.2f} s")


def test_jobs_wait_for_their_client_as_long_as_it_said(engine: Running) -> None:
    impatient, patient = (
        Client(lambda: connecting(engine.connection, None), "test", "", patience=p) for p in (0.0, 60.0)
    )
    jobs = []
    for client in (patient, impatient):
        client.connect()
        jobs.append(submit(client, ask(steps=5000)))
    for client in (patient, impatient):
        client.close()
    wait_until(lambda: state_of(engine, jobs[1]) == "cancelled", 5)
    assert state_of(engine, jobs[0]) in ("queued", "running")
    engine.client().cancel(jobs[0])


def test_a_job_that_may_outlive_its_client_is_kept_with_its_result(engine: Running) -> None:
    client, a = engine.client(), ask(steps=20)
    job = submit(client, a, outlive=True)
    client.close()
    wait_until(lambda: state_of(engine, job) == "done")
    later = engine.client()
    assert later.attach(job) == "done"
    events, end = wait_for_end(later, job)
    assert isinstance(end, Result) and len(events) == 1
    assert len(later.get(end.picture.digest)) == 8 * 12 * 4
    later.forget(job)
    with pytest.raises(ScumbleError) as e:
        later.attach(job)
    assert e.value.code == "job-unknown"


def test_attach_takes_up_a_running_job_and_keeps_it_alive(engine: Running) -> None:
    first, second = engine.client(), engine.client()
    job = submit(first, ask(steps=200))
    wait_until(lambda: any(isinstance(e, Progress) for e in first.poll(0.1)))
    assert second.attach(job) == "running"
    caught_up = wait_until(lambda: second.poll(0.1), 1)
    assert isinstance(caught_up[0], Started)
    first.close()
    _, end = wait_for_end(second, job)
    assert isinstance(end, Result), "the other client's end must not stop it"


def test_a_running_job_cannot_be_forgotten(engine: Running) -> None:
    client = engine.client()
    job = submit(client, ask(steps=1000))
    with pytest.raises(ScumbleError) as e:
        client.forget(job)
    assert e.value.code == "message-malformed"
    client.cancel(job)
    wait_for_end(client, job)


def test_too_many_waiting_jobs_are_refused(engine: Running) -> None:
    client = engine.client()
    limit = client.info["limits"]["waiting_jobs"]
    a = ask(steps=1000)
    jobs = [submit(client, a) for _ in range(limit)]
    with pytest.raises(ScumbleError) as e:
        for _ in range(3):
            jobs.append(submit(client, a))
    assert e.value.code == "job-limit"
    for job in reversed(jobs):
        client.cancel(job)
    wait_until(lambda: not any(client.status()["jobs"][k] for k in ("queued", "running")))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"styles": ()}, "styles-missing"),
        ({"styles": (Style(weight=0.0),)}, "weights-zero"),
        ({"content": None}, "message-malformed"),
        ({"device": "cuda:7"}, "device-unavailable"),
    ],
)
def test_bad_requests_are_refused_at_once(engine: Running, change: dict[str, object], code: str) -> None:
    a = ask()
    with engine.client() as client, pytest.raises(ScumbleError) as e:
        client.submit(dataclasses.replace(a.request, **change), a.blobs)
    assert e.value.code == code


def test_pictures_that_are_not_there_or_too_short_are_refused(engine: Running) -> None:
    a, b = ask(size=(10, 10)), ask(size=(10, 11))
    with engine.client() as client:
        with pytest.raises(ScumbleError) as e:
            client.submit(a.request, {})
        assert e.value.code == "blob-missing"
        (data,) = b.blobs.values()
        (digest,) = b.blobs
        client.put(data)
        plain = a.request.to_plain()
        plain["content"]["digest"] = digest
        with pytest.raises(ScumbleError) as e:
            client.submit(type(a.request).from_plain(plain), {})
        assert e.value.code == "picture-truncated"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="no /proc here")
def test_a_client_that_does_not_read_costs_no_memory(start: Callable[..., Running]) -> None:
    """It asks for 300 MiB and reads nothing: the engine holds little of it and serves the next."""
    engine = start()
    with engine.client() as client:
        digest = client.put(bytes(1 << 20))
    context = zmq.Context()
    greedy = context.socket(zmq.DEALER)
    greedy.rcvhwm, greedy.rcvbuf, greedy.linger = 1, 1 << 16, 0
    greedy.plain_username, greedy.plain_password = USER.encode(), engine.connection.token.encode()
    greedy.connect(engine.connection.address)
    greedy.send_multipart(encode({"type": "hello", "id": 1, "protocol": 1, "client": "greedy", "version": ""}))
    before = resident(engine.process.pid)
    for n in range(300):
        get = {"type": "get", "id": n + 2, "digest": digest, "offset": 0, "length": 1 << 20}
        greedy.send_multipart(encode(get))
    with engine.client() as client:
        for _ in range(20):
            began = time.monotonic()
            client.status()
            assert time.monotonic() - began < 0.5
            time.sleep(0.02)
    assert resident(engine.process.pid) - before < 120e6
    for n in range(301):  # nothing was lost, and the order is kept
        assert greedy.poll(5000)
        header = decode(greedy.recv_multipart()).header
        assert (header["type"], header["re"]) == ("ok", n + 1)
    context.destroy(linger=0)


def resident(pid: int) -> int:
    """Bytes of memory that a process holds."""
    with open(f"/proc/{pid}/statm") as f:
        return int(f.read().split()[1]) * 4096
