"""Both transports against the real engine: starting it, blobs, resuming, its end, and strangers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire import (
    Blobs,
    Client,
    Connection,
    Event,
    PictureRef,
    PixelFormat,
    Progress,
    Request,
    Result,
    ScumbleError,
    Started,
    Style,
    read_connection,
)
from scumble.wire.engine.processes import is_alive
from scumble.wire.protocol.messages import MAX_RAW, decode, encode
from scumble.wire.protocol.pixels import digest_of
from scumble.wire.transport.connect import connect

BIG = os.urandom(3 * MAX_RAW + 17)
BOTH = pytest.mark.parametrize("prefer", ["pure", "pyzmq"])


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders of this module's own, and at the end no engine in them."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
            patch.setenv(f"SCUMBLE_{name}", str(folder / name.lower()))
        patch.delenv("SCUMBLE_ENGINE", raising=False)
        patch.setenv("SCUMBLE_NICENESS", "0")  # tests run side by side, and no worker is to give way to them
        yield folder
        if read_connection() is not None:
            Client.connect_or_start().shutdown(now=True)


def wait_until_gone(pid: int, seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while is_alive(pid):
        assert time.monotonic() < end, "the engine does not end"
        time.sleep(0.02)


@BOTH
def test_it_is_started_and_greets(home: Path, prefer: str) -> None:
    with Client.connect_or_start("test", "1", prefer) as client:
        connection = read_connection()
        assert connection is not None and client.info["pid"] == connection.pid
        assert client.info["protocol"] == 1 and {"optimize", "fast"} >= set(client.info["methods"]) != set()
        assert client.status()["pid"] == connection.pid
        assert isinstance(client.styles(), list) and isinstance(client.models(), list) and client.jobs() == []
        client.ping()


@BOTH
def test_blobs_go_there_and_back_and_are_not_sent_twice(home: Path, prefer: str) -> None:
    data = BIG + prefer.encode()
    with Client.connect_or_start("test", prefer=prefer) as client:
        assert client.have([digest_of(data)]) == {digest_of(data): 0}
        digest = client.put(data)
        assert client.have([digest, "0" * 64]) == {digest: len(data), "0" * 64: 0}
        assert client.get(digest, len(data)) == data
        begun = time.monotonic()
        client.put(data)
        assert time.monotonic() - begun < 1
        with pytest.raises(ScumbleError) as e:
            client.get("0" * 64)
        assert e.value.code == "blob-missing"


@BOTH
def test_an_upload_goes_on_where_a_broken_one_ended(home: Path, prefer: str) -> None:
    data = os.urandom(2 * MAX_RAW + 5)
    connection = read_connection() or pytest.fail("no engine")
    first = connect(connection, prefer)
    put = {"type": "put", "id": 2, "digest": digest_of(data), "size": len(data), "offset": 0}
    first.send(encode({"type": "hello", "id": 1, "protocol": 1, "client": "t", "version": ""}))
    first.send(encode(put, [data[:MAX_RAW]]))
    replies = []
    while len(replies) < 2:
        assert first.poll(5)
        replies.append(decode(first.receive() or []).header)
    assert replies[1].get("received") == MAX_RAW, replies
    first.close()
    with Client.connect_to(connection, prefer=prefer) as second:
        assert second.have([digest_of(data)]) == {digest_of(data): MAX_RAW}
        assert second.get(second.put(data)) == data


@BOTH
def test_a_chunk_out_of_order_and_wrong_data_are_named(home: Path, prefer: str) -> None:
    data = os.urandom(100)
    with Client.connect_or_start(prefer=prefer) as client:
        fields = {"digest": digest_of(data), "size": 100}
        for offset, raw, code in ((50, data[50:], "blob-order"), (0, bytes(100), "blob-digest")):
            with pytest.raises(ScumbleError) as e:
                client.finish(lambda s, o=offset, r=raw: s.ask("put", [r], **fields, offset=o))
            assert e.value.code == code
        assert client.get(client.put(data)) == data


@BOTH
def test_a_request_is_refused_by_name_and_for_missing_data(home: Path, prefer: str) -> None:
    missing = PictureRef("0" * 64, PixelFormat(8, 8, 3))
    request = Request(content=missing, styles=(Style(picture=missing),), canvas=(8, 8))
    with Client.connect_or_start(prefer=prefer) as client:
        with pytest.raises(ScumbleError) as e:
            client.submit(request, {})
        assert e.value.code == "blob-missing"
        with pytest.raises(ScumbleError) as e:
            client.ask("submit", request={"strength": 2.0}, outlive=False, key="")
        assert e.value.code == "option-range" and e.value.values["name"] == "strength"
        with pytest.raises(ScumbleError) as e:
            client.attach("no-such-job")
        assert e.value.code == "job-unknown"


@BOTH
def test_a_stranger_gets_nothing(home: Path, prefer: str) -> None:
    connection = read_connection() or pytest.fail("no engine")
    for token in ("wrong", connection.token[:-1]):
        with pytest.raises(ScumbleError) as e:
            connect(Connection(connection.address, token=token), prefer)
        assert e.value.code == "engine-refused"
    with Client.connect_to(connection) as client:
        assert client.status()["pid"] == connection.pid


def test_two_clients_that_start_at_once_end_with_one_engine(home: Path) -> None:
    with Client.connect_or_start() as client:
        pid = client.info["pid"]
        client.shutdown(now=True)
    wait_until_gone(pid)
    assert read_connection() is None
    code = "from scumble.wire import Client\nwith Client.connect_or_start() as c: print(c.info['pid'])"
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    both = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environ) for _ in range(2)]
    pids = {int(p.communicate(timeout=40)[0]) for p in both}
    assert [p.returncode for p in both] == [0, 0] and len(pids) == 1 and pid not in pids
    connection = read_connection()  # it outlives those who started it
    assert connection is not None and {connection.pid} == pids


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX's")
def test_after_a_crash_a_new_engine_is_started_and_the_client_goes_on(home: Path) -> None:
    with Client.connect_or_start() as client:
        digest, pid = client.put(b"before the crash"), client.info["pid"]
        os.kill(pid, signal.SIGKILL)
        wait_until_gone(pid)
        assert client.get(client.put(b"before the crash")) == b"before the crash"
        assert client.info["pid"] != pid and digest == digest_of(b"before the crash")


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_a_picture_is_painted_where_it_is_selected(home: Path) -> None:
    content, style = PixelFormat(48, 40, 4), PixelFormat(40, 40, 3)
    blobs = Blobs()
    request = Request(
        iterations=2,
        min_size=32,
        preview_seconds=0.1,
        canvas=(100, 80),
        content=blobs.add(bytes((x * 5) % 256 for x in range(content.nbytes)), content, 10, 20),
        selection=blobs.add(bytes(24) + bytes([255]) * 24 + bytes(46 * 32 - 48), PixelFormat(46, 32, 1), 11, 22),
        styles=(Style(picture=blobs.add(os.urandom(style.nbytes), style)),),
    )
    seen: list[Event] = []
    with Client.connect_or_start("test") as client:
        picture, data, result = client.run(request, blobs, seen.append)
        steps = [e for e in seen if isinstance(e, Progress)]
        assert steps and steps[-1].step == steps[-1].of == result.steps
        assert [type(e) for e in seen][-1] is Result and any(isinstance(e, Started) for e in seen)
        assert picture.raw.channels == 4 and picture.raw.depth == "u8" and len(data) == picture.raw.nbytes
        alpha = {
            (picture.x + i % picture.raw.width, picture.y + i // picture.raw.width): a for i, a in enumerate(data[3::4])
        }
        assert {at for at, a in alpha.items() if a} == {(x, 22) for x in range(11 + 24, 11 + 46)} | {(11, 23), (12, 23)}
        again = client.run(request, blobs)
        assert again[1] == data and again[2].cached
