"""Small parts: a client's outbox, the table of jobs, devices, the frames of a pipe, reports."""

from __future__ import annotations

import dataclasses
import io
import time
from typing import Any

import numpy as np
import pytest

from scumble.server import pipe
from scumble.server.doctor import doctor
from scumble.server.front.clients import Clients, ConnectedClient
from scumble.server.jobs.devices import Devices
from scumble.server.jobs.jobs import Job, Jobs
from scumble.server.limits import CLIENT_SECONDS, CLIENTS, KEPT_JOBS, KEPT_SECONDS, OUTBOX_MESSAGES
from scumble.server.store.results import result_key
from scumble.server.version import VERSION
from scumble.server.worker.device import bytes_free, bytes_used
from scumble.server.worker.report import WorkerReporter
from scumble.wire import PictureRef, PixelFormat, Request, ScumbleError, Style
from scumble.wire.protocol.messages import MAX_RAW


def test_an_outbox_holds_one_of_each_replaceable_event_however_slow_the_client() -> None:
    client = ConnectedClient(b"c", 0.0)
    for n in range(10_000):
        assert client.put(lambda n=n: ({"step": n}, ()), ("progress", "job"))
        assert client.put(lambda n=n: ({"preview": n}, ()), ("preview", "job"))
    client.put(lambda: ({"end": True}, ()))
    assert [make()[0] for make in client.outbox.values()] == [{"step": 9999}, {"preview": 9999}, {"end": True}]


def test_an_outbox_that_nobody_empties_is_given_up() -> None:
    client = ConnectedClient(b"c", 0.0)
    assert all(client.put(lambda: ({}, ())) for _ in range(OUTBOX_MESSAGES))
    assert not client.put(lambda: ({}, ()))


def test_clients_are_bounded_the_longest_silent_go_first() -> None:
    clients = Clients()
    for n in range(CLIENTS + 2):
        clients.heard(b"%d" % n, float(n))
    clients.heard(b"0", 300.0)
    assert [c.identity for c in clients.expired(300.0)] == [b"1", b"2"]
    assert len(clients.expired(CLIENT_SECONDS + 300.5)) == CLIENTS + 2


def finished(n: int) -> Job:
    return Job(Request(styles=(Style(name=str(n)),)), "", key=f"k{n}", state="failed")


def test_finished_jobs_are_bounded_and_expire() -> None:
    jobs = Jobs()
    made = [finished(n) for n in range(KEPT_JOBS + 3)]
    for job in made:
        jobs.add(job)
    jobs.add(running := Job(Request(), "", state="running"))
    kept = list(jobs)
    assert made[2] not in kept and made[3] in kept and running in kept
    jobs.expire(time.monotonic() + KEPT_SECONDS - 5)
    assert len(list(jobs)) == len(kept)
    jobs.expire(time.monotonic() + KEPT_SECONDS + 5)
    assert list(jobs) == [running]


def test_the_key_of_a_result_is_the_request_without_what_changes_nothing() -> None:
    a = Request(styles=(Style(name="a"),))
    assert result_key(a, "1") == result_key(dataclasses.replace(a, preview_seconds=9.0, preview_size=0), "1")
    assert len({result_key(a, "1"), result_key(a, "2"), result_key(dataclasses.replace(a, seed=1), "1")}) == 3


def test_devices_are_unknown_until_told_and_named_in_every_way() -> None:
    devices = Devices()
    assert devices.resolve("auto") == devices.resolve("cuda") == "auto"
    devices.learn([{"name": "cuda:0", "title": "A", "memory": 1}, {"name": "cuda:1"}, {"name": "cpu"}])
    assert [devices.resolve(n) for n in ("auto", "", "cuda", "cuda:1", "cpu")] == [
        "cuda:0",
        "cuda:0",
        "cuda:0",
        "cuda:1",
        "cpu",
    ]
    with pytest.raises(ScumbleError) as e:
        devices.resolve("mps")
    assert e.value.code == "device-unavailable" and "cuda:1" in e.value.remedy
    only = Devices(("cpu",))
    only.learn([{"name": "cuda:0"}, {"name": "cpu", "title": "CPU"}])
    assert only.found == [{"name": "cpu", "title": "CPU"}] and only.resolve("auto") == "cpu"


def test_the_pipe_ends_at_whatever_is_no_frame() -> None:
    good = pipe.pack({"type": "x", "data": b"\0" * 100})
    stream = io.BytesIO(good + good)
    assert pipe.read(stream) == pipe.read(stream) == {"type": "x", "data": b"\0" * 100}
    assert pipe.read(stream) is None
    for bad in (b"\0\0", good[:-1], b"\xff" * 100, b"\0\0\0\1\xc1", b"\0\0\0\1\x01"):
        assert pipe.read(io.BytesIO(bad)) is None


class Wire:
    """Takes what a reporter sends, as the pipe would carry it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.pausing: dict[str, int] = {}

    def send(self, message: dict[str, Any]) -> None:
        self.sent.append(pipe.read(io.BytesIO(pipe.pack(message))) or {})

    def is_cancelled(self, job: str) -> bool:
        return job == "cancelled"


def test_a_preview_too_large_for_a_frame_is_halved() -> None:
    wire = Wire()
    report = WorkerReporter(wire, "job", Request())  # type: ignore[arg-type]
    rgb = np.zeros((1024, 1024, 3), np.uint8)
    rgb[:, ::2] = 200
    report.preview(rgb)
    (sent,) = wire.sent
    assert (sent["format"]["width"], sent["format"]["height"]) == (512, 512)
    assert len(sent["rgb"]) == 512 * 512 * 3 <= MAX_RAW and set(sent["rgb"]) == {100}


def test_reports_are_thinned_out_and_the_last_is_not_lost() -> None:
    wire = Wire()
    report = WorkerReporter(wire, "job", Request(preview_size=0))  # type: ignore[arg-type]
    for step in range(1, 1001):
        report.progress(step, 1000, "8×8", {"style": np.float32(0.5)}, 1.0)  # type: ignore[dict-item]
    report.flush()
    report.flush()
    steps = [m["step"] for m in wire.sent]
    assert steps[0] == 1 and steps[-1] == 1000 and len(steps) < 10
    assert not report.wants_preview(), "a size of 0 turns them off"
    report.check()
    with pytest.raises(ScumbleError) as e:
        WorkerReporter(wire, "cancelled", Request()).check()  # type: ignore[arg-type]
    assert e.value.code == "cancelled"


def test_results_and_inputs_are_pinned_while_they_are_needed() -> None:
    ref = PictureRef("a" * 64, PixelFormat(1, 1, 3))
    job = Job(Request(content=ref, selection=dataclasses.replace(ref, digest="b" * 64)), "")
    jobs = Jobs()
    jobs.add(job)
    assert jobs.pinned() == {"a" * 64, "b" * 64}
    job.last["result"] = ({"picture": {"digest": "c" * 64}}, ())
    job.state = "done"
    assert jobs.pinned() == {"c" * 64}
    job.state = "failed"
    assert jobs.pinned() == set()


def test_memory_is_told_on_every_system() -> None:
    block = np.ones(64 << 20, np.uint8)
    assert block.nbytes < bytes_used("cpu") < bytes_free("cpu") + bytes_used("cpu") < 1 << 50
    assert bytes_free("xpu") == 0  # unknown


def test_an_engine_of_another_installation_is_told_by_the_doctor() -> None:
    report = {"running": True, "address": "tcp://127.0.0.1:1", "state": "idle", "pid": 1, "version": VERSION}
    for package, words in ((doctor.PACKAGE, ""), ("", ""), ("/opt/other/scumble", "another installation: /opt/other")):
        found = doctor._engine(lambda package=package: {**report, "package": package})[0]  # type: ignore[misc]
        assert found.ok and (words in found.text) and ("scumble stop" in found.remedy) == bool(words)
