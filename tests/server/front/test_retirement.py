"""An older engine makes room for the installed one when it has nothing to do, and never twice for the same reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire import Client, Connection, Link, Result, read_connection
from scumble.wire.engine.launch import STARTER
from scumble.wire.engine.processes import is_alive
from scumble.wire.protocol.messages import decode, encode
from scumble.wire.transport.connect import connect
from scumble.wire.version import VERSION, newer, version_on_disk

from ...wire.ticking import Ticking, kill_engine, use_folders
from ..running import FAST, ask, submit, wait_for_end, wait_until

OLD, NEW = "0.0.9", "999.0"


def words(version: str, more: str = "") -> list[str]:
    """An engine that takes itself for another version."""
    code = (
        f"import sys, scumble.wire.version as v; v.VERSION = {version!r}\n{more}\n"
        "from scumble.server.__main__ import main; sys.exit(main(sys.argv[1:]))"
    )
    return [sys.executable, "-c", code, *FAST]


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Starts an engine as nobody's client does; the installed one is this package's. At the end none is left."""
    use_folders(tmp_path, monkeypatch)
    monkeypatch.delenv(STARTER, raising=False)
    begun: list[subprocess.Popen[bytes]] = []

    def start(version: str, more: str = "") -> int:
        begun.append(subprocess.Popen(words(version, more), start_new_session=True))
        wait_until(lambda: (c := read_connection()) and c.pid == begun[-1].pid)
        return begun[-1].pid

    yield start
    kill_engine()
    for process in begun:
        process.kill()
        process.wait(10)


def install(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    """What a client starts is of that version from now on."""
    monkeypatch.setenv("SCUMBLE_ENGINE", json.dumps(words(version)))


def pid() -> int:
    found = read_connection()
    return found.pid if found else 0


@pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
def test_an_idle_older_engine_makes_room(begin, prefer: str) -> None:
    old = begin(OLD)
    with Client.connect_or_start("test", prefer=prefer) as client:
        assert client.info["version"] == VERSION and client.info["pid"] != old
        wait_until(lambda: not is_alive(old))  # it lets go of its connection file first
        a = ask()
        client.run(a.request, a.blobs)


@pytest.mark.parametrize("version", [VERSION, NEW, "source"])
def test_an_equal_or_newer_engine_stays(begin, version: str) -> None:
    running = begin(version)
    with Client.connect_or_start("test") as client:
        assert client.info["pid"] == running and client.info["version"] == version


def test_a_link_too_and_a_look_alone_changes_nothing(begin) -> None:
    old = begin(OLD)
    ticking = Ticking("pure")
    ticking.link.start(launch=False)
    ticking.until(lambda: ticking.link.state == "ready")
    assert ticking.link.info["pid"] == old
    ticking.link.close()
    ticking.link.start()
    ticking.until(lambda: ticking.link.state == "ready")
    assert ticking.link.info["pid"] != old and ticking.link.info["version"] == VERSION and ticking.faults == []
    ticking.link.close()


def test_what_comes_back_as_old_is_used_as_it_is(begin, monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch, OLD)
    first = begin(OLD)
    with Client.connect_or_start("test") as client:
        second = client.info["pid"]
        assert second != first and client.info["version"] == OLD
    for _ in range(3):
        with Client.connect_or_start("test") as client:
            assert client.info["pid"] == second


def test_an_engine_at_work_goes_on_and_goes_when_it_is_done(begin) -> None:
    old = begin(OLD)
    connection = read_connection() or pytest.fail("no engine")
    with Client.connect_to(connection) as worker:
        job = submit(worker, ask(steps=100))
        with Client.connect_or_start("test") as client:
            assert client.info["pid"] == old, "it works"
        assert isinstance(wait_for_end(worker, job)[1], Result)
        with Client.connect_or_start("test") as client:
            assert client.info["pid"] == old, "the result is not fetched yet"
        worker.forget(job)
        wait_until(lambda: not is_alive(old) and not pid(), 20, "the end of an engine that is to go")
    with Client.connect_or_start("test") as client:
        assert client.info["version"] == VERSION


def test_it_is_asked_before_any_greeting_and_in_every_protocol(begin) -> None:
    old = begin(OLD)
    transport = connect(read_connection() or pytest.fail("no engine"))

    def exchange(**header: object) -> dict[str, object]:
        transport.send(encode(header))
        assert transport.poll(5)
        return decode(transport.receive() or []).header

    assert exchange(type="retire", id=1, version=OLD) == {"type": "ok", "re": 1, "retiring": False}
    assert exchange(type="retire", id=2, version="nonsense")["retiring"] is False
    assert exchange(type="retire", id=3, version=5)["type"] == "error"
    assert exchange(type="retire", id=4, version=VERSION)["retiring"] is True
    transport.close()
    wait_until(lambda: not is_alive(old) and not pid())


def test_an_engine_that_knows_no_such_message_is_used_as_it_is(begin) -> None:
    old = begin(OLD, "import scumble.server.front.handlers as h; del h.HANDLERS['retire']")
    with Client.connect_or_start("test") as client:
        assert client.info["pid"] == old


def test_two_clients_at_once_end_with_one_new_engine(begin) -> None:
    old = begin(OLD)
    code = "from scumble.wire import Client\nwith Client.connect_or_start() as c: print(c.info['pid'])"
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) for _ in range(2)]
    pids = {int(p.communicate(timeout=40)[0]) for p in both}
    assert len(pids) == 1 and old not in pids


@pytest.mark.parametrize("prefer", ["pure", "pyzmq"])
@pytest.mark.parametrize("message", ["retire", "hello"])
def test_one_that_ends_when_it_is_spoken_to_is_followed_by_the_next(begin, message: str, prefer: str) -> None:
    more = f"import os, scumble.server.front.handlers as h; h.HANDLERS[{message!r}] = lambda *_: os._exit(0)"
    old = begin(OLD if message == "retire" else VERSION, more)
    with Client.connect_or_start("test", prefer=prefer) as client:
        assert client.info["pid"] != old and client.info["version"] == VERSION


def test_one_that_hangs_up_on_every_greeting_is_told_as_lost(begin) -> None:
    hang_up = "import os, scumble.server.front.handlers as h; h.HANDLERS['hello'] = lambda *_: os._exit(0)"
    begin(VERSION, hang_up)
    replace = f"import json, os; os.environ['SCUMBLE_ENGINE'] = json.dumps({words(VERSION, hang_up)!r})"
    code = f"{replace}\nfrom scumble.wire import Client\nClient.connect_or_start()"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=40)
    assert "[engine-lost]" in told.stderr


def test_an_idle_engine_whose_files_were_replaced_ends(begin, tmp_path: Path) -> None:
    file = tmp_path / "version.py"
    file.write_text(f'VERSION = "{VERSION}"\n')
    more = (
        "import functools, pathlib, scumble.server.front.retirement as s\n"
        f"s.version_on_disk = functools.partial(s.version_on_disk, pathlib.Path({str(file)!r}))\n"
        "s.LOOK_SECONDS = s.QUIET_SECONDS = 0.3; import scumble.server.front.engine as e; e.QUIET_SECONDS = 0.3"
    )
    running = begin(VERSION, more)
    with Client.connect_to(read_connection() or pytest.fail("no engine")) as client:
        job = submit(client, ask(steps=60))
        file.write_text(f'VERSION = "{NEW}"\n')
        assert isinstance(wait_for_end(client, job)[1], Result), "a job is finished before"
        client.forget(job)
        wait_until(lambda: not is_alive(running), 10, "the engine's end")


def test_a_client_whose_engine_went_meanwhile_starts_the_next(begin) -> None:
    old = begin(OLD)
    ticking = Ticking("pure")
    ticking.link.start(launch=False)
    ticking.until(lambda: ticking.link.state == "ready")
    Client.connect_or_start("another").close()
    wait_until(lambda: not is_alive(old))
    run = ticking.ended(ticking.run(ask()))
    assert run.state == "done" and ticking.link.info["version"] == VERSION
    ticking.link.close()


@pytest.mark.parametrize(
    ("version", "other", "is_newer"),
    [
        ("0.2.0", "0.1.9", True),
        ("0.10.0", "0.9.0", True),
        ("1.0", "1.0.0", False),
        ("0.2.0", "0.2.0rc1", True),
        ("0.2.0rc1", "0.2.0", False),
        ("0.2.0rc2", "0.2.0rc1", True),
        ("0.1.0", "source", False),
        ("source", "0.1.0", False),
        ("", "", False),
        ("1" * 5000, "1", False),
    ],
)
def test_versions_are_ordered(version: str, other: str, is_newer: bool) -> None:
    assert newer(version, other) is is_newer and not newer(version, version)


def test_the_version_is_everywhere_the_same() -> None:
    root = Path(__file__).parents[3]
    assert f'version = "{VERSION}"' in (root / "pyproject.toml").read_text("utf-8")
    for plugin in ("plugins/krita/scumble_krita", "plugins/gimp/scumble/scumble_gimp"):
        assert f'VERSION = "{VERSION}"' in (root / plugin / "version.py").read_text("utf-8")
    assert version_on_disk() == VERSION and version_on_disk(Path(os.devnull)) == version_on_disk(root / "none") == ""


def test_a_version_that_nobody_told_asks_nothing(begin) -> None:
    """An engine in a file without a version, as a script may write it, is left alone."""
    running = begin(OLD)
    connection = read_connection() or pytest.fail("no engine")
    told = connection.to_plain()
    told["version"] = ""
    path = Path(os.environ["SCUMBLE_RUNTIME"]) / "engine.json"
    assert Connection.from_plain(told).version == ""
    path.write_text(json.dumps(told))
    started = time.monotonic()
    link = Link("test", "1")
    link.start(launch=True)
    while link.state != "ready":
        link.tick()
        assert time.monotonic() - started < 20
    assert link.info["pid"] == running
    link.close()
