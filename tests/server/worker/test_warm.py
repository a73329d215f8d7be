"""A worker warms up when nobody wants anything of it, and lets go when somebody does; and it gives way to an editor."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scumble.features import registry
from scumble.features.registry import load_encoder
from scumble.methods import run as methods
from scumble.methods.base import Plan
from scumble.networks import painter
from scumble.server import priority
from scumble.server.worker.worker import Worker
from scumble.wire import Result, ScumbleError

from ..running import Running, ask, submit, wait_for_end, wait_until

WARM = ["--method-module", "warm_method", "--device", "cpu"]
Start = Callable[..., Running]


def begin(start: Start, folder: Path, how: str) -> tuple[Running, Callable[[], list[str]]]:
    """An engine whose worker warms up in that way, and what tells how far it is."""
    (folder / "data").mkdir()
    (folder / "data" / "how").write_text(how)
    told = folder / "data" / "warm"
    return start(folder=folder, method=WARM), lambda: told.read_text().splitlines() if told.exists() else []


def test_an_idle_worker_warms_up_once(start: Start, tmp_path: Path) -> None:
    engine, told = begin(start, tmp_path, "quickly")
    wait_until(lambda: told() == ["begun on cpu", "done"])
    with engine.client() as client:
        for _ in range(2):
            assert isinstance(wait_for_end(client, submit(client, ask()))[1], Result)
            time.sleep(0.3)
    assert told() == ["begun on cpu", "done"]


def test_a_job_ends_it_and_it_begins_again_later(start: Start, tmp_path: Path) -> None:
    engine, told = begin(start, tmp_path, "slowly")
    wait_until(lambda: told() == ["begun on cpu"])
    assert engine.worker("idle"), "it was ready before"
    began = time.monotonic()
    with engine.client() as client:
        assert isinstance(wait_for_end(client, submit(client, ask()))[1], Result)
    assert time.monotonic() - began < 10, "of 20 s that it would have taken"
    wait_until(lambda: told() == ["begun on cpu", "begun on cpu", "done"])


def test_one_that_fails_leaves_a_worker_that_works(start: Start, tmp_path: Path) -> None:
    engine, told = begin(start, tmp_path, "wrongly")
    wait_until(told)
    pid = engine.worker("idle")["pid"]
    with engine.client() as client:
        assert isinstance(wait_for_end(client, submit(client, ask()))[1], Result)
    assert engine.worker("idle")["pid"] == pid and told() == ["begun on cpu"]
    log = engine.folder / "logs" / "engine.log"
    wait_until(lambda: "ValueError: cold" in log.read_text("utf-8"))


class Pipe:
    """A worker's end of a pipe on which jobs wait, or none."""

    def __init__(self, job_waits: bool) -> None:
        self.job_waits, self.sent, self.pausing = job_waits, [], dict[str, int]()

    def send(self, message: dict[str, object]) -> None:
        self.sent.append(message["type"])

    def is_cancelled(self, job: str) -> bool:
        return False


@pytest.mark.parametrize("job_waits", [False, True])
def test_the_real_method_loads_the_painter(job_waits: bool, tmp_path: Path) -> None:
    painter.unload_painters()
    pipe = Pipe(job_waits)
    worker = Worker(pipe, "cpu", tmp_path, "scumble.methods.run")  # type: ignore[arg-type]
    worker.get_ready()
    assert not painter._loaded and pipe.sent == ["ready"]
    worker.warm_up()
    assert worker.warm is not job_waits and bool(painter._loaded) is not job_waits
    assert pipe.sent == (["ready"] if job_waits else ["ready", "memory"])
    gc.unfreeze()  # this process is no worker


def test_after_a_lack_of_memory_networks_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next try may need what those of earlier jobs hold."""
    worker = Worker(Pipe(False), "cpu", tmp_path, "scumble.methods.run")  # type: ignore[arg-type]
    worker.get_ready()
    gc.unfreeze()
    task = {"job": "j", "level": 0, "beside": False, "quick": True, "request": ask().request.to_plain()}
    for error, code, kept in ((ValueError("other"), "internal", True), (MemoryError(), "memory", False)):
        load_encoder("slim")
        painter.load_painter("painter")
        monkeypatch.setattr(worker._methods, "run", lambda *_, error=error: (_ for _ in ()).throw(error))
        assert worker._attempt(task)["error"]["code"] == code
        assert bool(painter._loaded) == bool(registry._loaded) == kept


def test_where_memory_is_scarce_it_is_left(tmp_path: Path) -> None:
    class Silent:
        def check(self) -> None: ...
        def progress(self, *told: object) -> None: ...

    with pytest.raises(ScumbleError) as error:
        methods.warm_up(Silent(), Plan(0, "cpu", 1 << 20))  # type: ignore[arg-type]
    assert error.value.code == "memory"


@pytest.mark.skipif(sys.platform == "win32", reason="it has priority classes instead")
def test_workers_give_way_and_the_front_does_not(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = os.getpriority(os.PRIO_PROCESS, 0)
    for given, lower in (("", 10), ("3", 3), ("0", 0)):
        monkeypatch.setenv(priority.VARIABLE, given)
        (tmp_path / given).mkdir(exist_ok=True)
        engine = start(folder=tmp_path / given)
        worker = int(engine.worker("idle")["pid"])
        client = engine.client()
        for quick in (False, True):  # the method tells how nice the thread is that runs it
            a = ask(2, how="how nice", method="fast") if quick else ask(2, how="how nice")
            _, end = wait_for_end(client, submit(client, a))
            assert isinstance(end, Result)
            expected = own if quick and sys.platform == "linux" else min(19, own + lower)
            assert end.model == str(expected), (given, quick)
        assert os.getpriority(os.PRIO_PROCESS, engine.process.pid) == own
        assert (os.getsid(worker) == worker) == (lower > 0)


@pytest.mark.parametrize(("given", "meant"), [("", 10), ("much", 10), ("-5", 0), ("0", 0), ("99", 19)])
def test_niceness_is_what_the_environment_says(given: str, meant: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(priority.VARIABLE, given)
    assert (priority.niceness() == meant and priority.creation_flags() == 0) or sys.platform == "win32"
