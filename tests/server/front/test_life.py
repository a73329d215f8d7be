"""An engine's life: one per user, found by its file, quick to start, clean at its end; strangers stay outside."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import zmq.auth

from scumble.wire import Client, Failed, Result, ScumbleError
from scumble.wire.engine.connection import Connection
from scumble.wire.engine.processes import is_alive
from scumble.wire.protocol.messages import decode, encode
from scumble.wire.transport.connect import connect

from ..running import FAST, Running, ask, environment, launch, submit, wait_for_end, wait_until


def test_the_front_starts_fast_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, scumble.server.commands, scumble.server.__main__\n"
        "heavy = {'torch', 'numpy', 'PIL', 'torchvision', 'scipy'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=environment(Path("/")), capture_output=True, text=True)
    assert done.returncode == 0, f"loaded: {done.stderr}"


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="no /proc here")
def test_a_front_that_has_served_everything_has_loaded_nothing_heavy(start: Callable[..., Running]) -> None:
    engine = start()
    fields = Path(f"/proc/{engine.process.pid}/stat").read_text().rpartition(")")[2].split()
    assert (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") < 1.0, "seconds of computing until it listens"
    with engine.client() as client:
        client.styles(), client.models(), client.jobs(), client.status()
        wait_for_end(client, submit(client, ask()))
    maps = Path(f"/proc/{engine.process.pid}/maps").read_text()
    assert "libzmq" in maps or "zmq" in maps
    assert not [word for word in ("libtorch", "numpy", "_imaging") if word in maps]


def test_a_second_engine_leaves_the_first_alone(engine: Running) -> None:
    before = (engine.folder / "runtime" / "engine.json").read_bytes()
    second = launch(engine.folder, FAST)
    _, words = second.communicate(timeout=10)
    assert second.returncode == 3
    assert "[engine-running]" in words and "Traceback" not in words
    assert (engine.folder / "runtime" / "engine.json").read_bytes() == before
    with engine.client() as client:
        assert client.status()["pid"] == engine.process.pid


def test_the_connection_file_is_private_and_the_address_loopback(engine: Running) -> None:
    path = engine.folder / "runtime" / "engine.json"
    plain = json.loads(path.read_text())
    assert set(plain) - {"namespace"} == {"protocol", "version", "pid", "address", "token", "log"}
    assert len(plain["token"]) >= 32
    assert sys.platform == "win32" or stat.S_IMODE(path.stat().st_mode) == 0o600
    host, port = plain["address"].removeprefix("tcp://").split(":")
    assert host == "127.0.0.1"
    with socket.socket() as s, pytest.raises(OSError):
        s.connect((another_address(), int(port)))


def another_address() -> str:
    """An address of this machine that is not loopback's usual one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        try:
            s.connect(("192.0.2.1", 9))
        except OSError:
            return "127.0.0.2"
        return str(s.getsockname()[0])


def test_a_wrong_token_is_refused_in_the_handshake(engine: Running) -> None:
    for token in ("wrong", engine.connection.token[:-1], engine.connection.token + "x"):
        with pytest.raises(ScumbleError) as e:
            connect(Connection(engine.connection.address, token=token), timeout=5)
        assert e.value.code == "engine-refused"
    with engine.client() as client:
        client.ping()


def test_another_protocol_and_an_early_message_are_refused(engine: Running) -> None:
    transport = connect(engine.connection)

    def exchange(**header: object) -> dict[str, object]:
        transport.send(encode(header))
        assert transport.poll(5)
        return decode(transport.receive() or []).header

    early = exchange(type="status", id=1)
    assert early["type"] == "error" and early["re"] == 1 and early["error"]["code"] == "hello-missing"
    other = exchange(type="hello", id=2, protocol=2, client="t", version="")
    assert other["error"]["code"] == "protocol-version" and other["error"]["values"] == {"engine": 1, "client": 2}
    assert exchange(type="status", id=3)["type"] == "error", "a refused greeting is none"
    assert exchange(type="hello", id=4, protocol=1, client="t", version="")["type"] == "ok"
    assert exchange(type="nonsense", id=5)["error"]["code"] == "message-unknown"
    transport.close()


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize(("number", "how"), [("SIGTERM", "hang"), ("SIGTERM", "obey"), ("SIGINT", "obey")])
def test_a_signal_ends_it_cleanly_in_mid_job(start: Callable[..., Running], number: str, how: str) -> None:
    engine = start()
    client = engine.client()
    job = submit(client, ask(steps=5000, how=how))
    worker = engine.worker("busy")["pid"]
    engine.process.send_signal(getattr(signal, number))
    _, end = wait_for_end(client, job, 5)
    assert isinstance(end, Failed) and end.error.code == "cancelled"
    assert engine.ended(5) == 0 and not is_alive(worker)
    assert not (engine.folder / "runtime" / "engine.json").exists()
    assert engine.process.stderr is not None and engine.process.stderr.read() == ""


def test_shutdown_waits_for_the_jobs_and_takes_no_more(start: Callable[..., Running]) -> None:
    engine = start()
    client, other = engine.client(), engine.client()
    job = submit(client, ask(steps=60))
    other.shutdown()
    with pytest.raises(ScumbleError) as e:
        submit(client, ask())
    assert e.value.code == "engine-stopping"
    _, end = wait_for_end(client, job)
    assert isinstance(end, Result)
    client.forget(job)  # or else it waits some seconds for the result to be fetched
    assert engine.ended() == 0


def test_an_idle_engine_ends_itself_but_not_while_it_keeps_a_result(start: Callable[..., Running]) -> None:
    engine = start("--idle-minutes", "0.02")
    with engine.client() as client:
        job = submit(client, ask(steps=70))  # longer than the idle time
        assert isinstance(wait_for_end(client, job)[1], Result)
        time.sleep(1.5)
        assert engine.process.poll() is None
        client.forget(job)
        began = time.monotonic()
    assert engine.ended(10) == 0
    assert time.monotonic() - began > 0.8
    assert not (engine.folder / "runtime" / "engine.json").exists()


def test_a_new_engine_has_the_pictures_of_the_last(start: Callable[..., Running], tmp_path: Path) -> None:
    first = start(folder=tmp_path)
    with first.client() as client:
        digest = client.put(b"kept")
        client.shutdown(now=True)
    first.ended()
    second = start(folder=tmp_path)
    with second.client() as client:
        assert client.have([digest]) == {digest: 4} and client.get(digest) == b"kept"


@pytest.mark.parametrize("address", ["tcp://0.0.0.0:*", "tcp://192.0.2.1:7777", "tcp://example.org:*"])
def test_a_network_address_needs_keys(tmp_path: Path, address: str) -> None:
    process = launch(tmp_path, [*FAST, "--address", address])
    _, words = process.communicate(timeout=10)
    assert process.returncode == 4 and "[address-refused]" in words and "Traceback" not in words


def test_a_busy_port_and_keys_that_are_none_are_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = launch(tmp_path, [*FAST, "--address", f"tcp://127.0.0.1:{taken.getsockname()[1]}"])
        _, words = process.communicate(timeout=10)
    assert process.returncode == 4 and "[address-unusable]" in words and "(addr=" not in words
    process = launch(tmp_path, [*FAST, "--address", "nonsense"])
    _, words = process.communicate(timeout=10)
    assert process.returncode == 4 and "it is not tcp://HOST:PORT" in words and "[address-unusable]" in words
    process = launch(tmp_path, [*FAST, "--server-key", str(tmp_path / "none.key_secret")])
    _, words = process.communicate(timeout=10)
    assert process.returncode == 4 and "[keys-unreadable]" in words and "Traceback" not in words


def test_a_cache_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    (tmp_path / "cache" / "partial").write_text("a file where a folder should be")
    process = launch(tmp_path, FAST)
    _, words = process.communicate(timeout=10)
    assert process.returncode == 1 and "[file-write]" in words and "partial" in words and "Traceback" not in words
    assert sorted(p.name for p in (tmp_path / "runtime").iterdir()) == ["engine.lock"]


@pytest.mark.skipif(not zmq.has("curve"), reason="this libzmq has no CURVE")
def test_with_keys_it_listens_on_the_network(start: Callable[..., Running], tmp_path: Path) -> None:
    _, secret = zmq.auth.create_certificates(tmp_path, "server")
    Path(secret).chmod(0o600)
    engine = start("--address", "tcp://0.0.0.0:*", "--server-key", str(secret))
    connection = engine.connection
    assert connection.server_key and not connection.token
    reachable = Connection(connection.address, server_key=connection.server_key)
    with Client.connect_to(reachable, prefer="pyzmq") as client:
        assert client.status()["state"] == "idle"
        client.shutdown()
    public, _ = zmq.curve_keypair()
    with pytest.raises(ScumbleError):
        connect(Connection(reachable.address, server_key=public.decode()), timeout=1)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
def test_a_full_disk_is_told_and_survived(start: Callable[..., Running]) -> None:
    """The system lets this engine write no file above 1.5 MiB: what it then reports is what a full disk reports."""
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3 << 19, 3 << 19))

    engine = start(preexec_fn=limit)
    with engine.client() as client:
        with pytest.raises(ScumbleError) as e:
            client.put(os.urandom(3 << 20))
        assert e.value.code == "disk-full"
        assert client.get(client.put(b"small")) == b"small"
        a = ask(size=(700, 700))  # its RGBA is too large to write, and is handed over all the same
        _, end = wait_for_end(client, submit(client, a))
        assert isinstance(end, Result), end
        layer = np.frombuffer(client.get(end.picture.digest), np.uint8).reshape(700, 700, 4)
        assert (layer[..., :3] == 255 - a.pixels).all()
        assert isinstance(wait_for_end(client, submit(client, ask()))[1], Result)


def test_the_log_rotates_and_holds_no_token(start: Callable[..., Running]) -> None:
    engine = start()
    log = engine.folder / "logs" / "engine.log"
    with engine.client() as client:
        wait_for_end(client, submit(client, ask(how="fail")))
        wait_until(log.exists)
        assert engine.connection.token not in log.read_text("utf-8")
        log.write_bytes(b"x" * (1 << 20))
        wait_for_end(client, submit(client, ask(how="fail")))
        wait_until(lambda: (engine.folder / "logs" / "engine.log.1").exists(), 5)
