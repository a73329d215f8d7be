"""The connection file: whole, private, and ignored when its engine is gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from scumble.wire.engine import connection as module
from scumble.wire.engine.connection import (
    Connection,
    connection_path,
    is_loopback,
    read_connection,
    read_file,
    remove_connection,
    write_connection,
)
from scumble.wire.engine.processes import is_alive, is_locked
from scumble.wire.protocol.errors import ScumbleError

OURS = Connection("tcp://127.0.0.1:4711", token="t" * 43, pid=os.getpid(), version="0.1.0", log="/l")
ENGINE = Path(module.__file__).parents[3]
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX's")
pytestmark = pytest.mark.usefixtures("folders")


def test_what_is_written_is_read_and_removed() -> None:
    assert read_connection() is None
    path = write_connection(OURS)
    assert read_connection() == OURS and path == connection_path()
    assert json.loads(path.read_text())["protocol"] == 1 and "server_key" not in json.loads(path.read_text())
    remove_connection(os.getpid() + 1)
    assert path.exists()
    remove_connection(os.getpid())
    assert read_connection() is None and list(path.parent.iterdir()) == []


@posix
def test_the_file_is_private_whatever_the_umask() -> None:
    old = os.umask(0)
    try:
        path = write_connection(OURS)
    finally:
        os.umask(old)
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_open_to_others_is_refused(mode: int) -> None:
    write_connection(OURS).chmod(mode)
    with pytest.raises(ScumbleError) as e:
        read_connection()
    assert e.value.code == "folder-unsafe"


@posix
def test_another_users_file_a_link_and_a_pipe_are_refused(tmp_path: Path, monkeypatch) -> None:
    path = write_connection(OURS)
    with monkeypatch.context() as m:
        uid = os.getuid()
        m.setattr(module.os, "getuid", lambda: uid + 1)
        with pytest.raises(ScumbleError) as e:
            read_connection(path.parent)
        assert e.value.code == "folder-unsafe"
    path.rename(tmp_path / "elsewhere.json")
    path.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(ScumbleError) as e:
        read_connection()
    assert e.value.code == "folder-unsafe"
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(ScumbleError) as e:
        read_connection()  # and without waiting for a writer
    assert e.value.code == "folder-unsafe"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[" * 100_000,
        b"[]",
        b"\xff\xfe",
        b'{"address": 5}',
        b'{"address": "tcp://127.0.0.1:1"}',
        json.dumps({**OURS.to_plain(), "pid": "4711"}).encode(),
        json.dumps({**OURS.to_plain(), "pid": True}).encode(),
        json.dumps({**OURS.to_plain(), "token": "t" * 256}).encode(),
        json.dumps({**OURS.to_plain(), "address": "ipc:///tmp/x"}).encode(),
        json.dumps({**OURS.to_plain(), "address": "tcp://127.0.0.1:99999"}).encode(),
        json.dumps({**OURS.to_plain(), "log": "x" * 70_000}).encode(),
        json.dumps({**OURS.to_plain(), "server_key": "k" * 39}).encode(),
        json.dumps({**OURS.to_plain(), "client_secret": "k" * 39 + "ä"}).encode(),
    ],
    ids=lambda c: repr(c[:30]),
)
def test_a_damaged_file_is_stale_and_is_written_anew(content: bytes) -> None:
    path = write_connection(OURS)
    path.write_bytes(content)
    assert read_connection() is None
    with pytest.raises(ScumbleError) as e:
        read_file(path)
    assert e.value.code == "message-malformed"
    write_connection(OURS)
    assert read_connection() == OURS


def test_a_token_that_would_leave_this_machine_is_never_used() -> None:
    path = write_connection(OURS)
    path.write_text(json.dumps({**OURS.to_plain(), "address": "tcp://192.0.2.7:5000"}))
    assert read_connection() is None


def test_what_a_killed_engine_left_half_written_goes() -> None:
    path = write_connection(OURS)
    left = path.with_name("engine.json.4711.part")
    left.write_text("{")
    write_connection(OURS)
    assert [p.name for p in path.parent.iterdir()] == [path.name] and read_connection() == OURS


def test_a_token_for_another_machine_is_refused() -> None:
    plain = {**OURS.to_plain(), "address": "tcp://192.0.2.7:5000"}
    with pytest.raises(ScumbleError) as e:
        Connection.from_plain(plain)
    assert e.value.code == "address-refused"
    curve = {**plain, "token": "", "server_key": "k" * 40}
    assert Connection.from_plain(curve).host_and_port() == ("192.0.2.7", 5000)


@pytest.mark.parametrize(
    ("address", "loopback"),
    [
        ("tcp://127.0.0.1:1", True),
        ("tcp://127.9.9.9:*", True),
        ("tcp://[::1]:1", True),
        ("tcp://localhost:1", True),
        ("tcp://0.0.0.0:1", False),
        ("tcp://*:1", False),
        ("tcp://[::]:1", False),
        ("tcp://192.168.1.5:1", False),
        ("tcp://localhost.example:1", False),
        ("tcp://127.0.0.1.example:1", False),
        ("tcp://eth0:1", False),
    ],
)
def test_loopback_is_told_from_the_network(address: str, loopback: bool) -> None:
    assert is_loopback(address) is loopback


def test_an_engine_on_another_machine_is_not_looked_for_among_our_processes() -> None:
    remote = Connection("tcp://192.0.2.7:5000", server_key="k" * 40, pid=1 << 22)
    write_connection(remote)
    assert read_connection() == remote


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere an ended child cannot be left uncollected")
def test_a_file_whose_process_ended_is_stale() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    write_connection(Connection("tcp://127.0.0.1:1", token="t", pid=process.pid))
    assert read_connection() is not None and is_alive(process.pid)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # ended, not collected: a zombie
    assert not is_alive(process.pid) and read_connection() is None
    process.communicate()
    assert not is_alive(process.pid) and read_connection() is None


@pytest.mark.parametrize("pid", [0, -1, -os.getpid(), 1 << 40], ids=["zero", "all", "a group", "huge"])
def test_no_group_of_processes_is_taken_for_one(pid: int) -> None:
    assert not is_alive(pid)


def test_a_reader_never_sees_half_a_file() -> None:
    write_connection(OURS)
    stop, seen, wrong = threading.Event(), 0, []

    def read() -> None:
        nonlocal seen
        while not stop.is_set():
            got = read_connection()
            seen += 1
            if got is None or got.token not in ("t" * 43, "u" * 200):
                wrong.append(got)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(300):
        write_connection(Connection(OURS.address, token=("t" * 43, "u" * 200)[n % 2], pid=os.getpid()))
    stop.set()
    reader.join()
    assert wrong == [] and seen > 10


def test_a_file_that_another_is_at_is_tried_again_where_the_system_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As Windows does, while a file is read or replaced."""
    refusals = []

    def refuse(*arguments: object, **options: object) -> None:
        if len(refusals) % 3 < 2:
            refusals.append(arguments)
            raise PermissionError(13, "Permission denied")
        refusals.append(())

    def refusing(call):
        return lambda *a, **k: refuse(*a) or call(*a, **k)

    monkeypatch.setattr(module, "WAITS", (0, 0))
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", refusing(os.replace))
        write_connection(OURS)
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", refusing(os.open))
        assert read_connection() == OURS
    assert len(refusals) == 6


def test_a_lock_is_seen_while_another_process_holds_it() -> None:
    lock = connection_path().with_name("engine.lock")
    write_connection(OURS)
    code = (
        "import sys; from pathlib import Path; from scumble.server.front.lock import EngineLock\n"
        "lock = EngineLock(Path(sys.argv[1])); lock.acquire(); print('held', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(lock.parent)]
    environ = {**os.environ, "PYTHONPATH": str(ENGINE)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        assert is_locked(lock) and read_connection() == OURS
        process.kill()
    assert not is_locked(lock)
    assert read_connection() is None, "its process's number is another's by now"
