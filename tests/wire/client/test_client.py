"""The client: calls, blobs, jobs and their events."""

from __future__ import annotations

import os
import time

import pytest

from scumble.wire import (
    Blobs,
    Failed,
    PictureRef,
    PixelFormat,
    Preview,
    Progress,
    Request,
    ScumbleError,
)
from scumble.wire.client.submission import Submission
from scumble.wire.protocol.messages import MAX_AHEAD, MAX_RAW, decode
from scumble.wire.protocol.pixels import digest_of

RED = PixelFormat(4, 3, 4)
BIG = os.urandom(3 * MAX_RAW + 17)


def result_event(data: bytes) -> dict:
    picture = PictureRef(digest_of(data), RED, 5, -6).to_plain()
    return {"type": "result", "picture": picture, "seconds": 1.5, "steps": 3, "losses": {"style": 0.5}, "cached": False}


def test_a_run_brings_events_in_order_and_the_picture(make_router, engine, make_client) -> None:
    picture = os.urandom(RED.nbytes)
    engine.blobs[digest_of(picture)] = bytearray(picture)
    preview = {"type": "preview", "format": PixelFormat(2, 1, 3).to_plain(), "raw": [b"abcdef"]}
    steps = [{"type": "progress", "step": n, "of": 3, "losses": {"tv": n / 2}} for n in (1, 2, 3)]
    engine.script = lambda job: [{"type": "queued", "position": 0}, *steps, preview, result_event(picture)]
    blobs = Blobs()
    request = Request(content=blobs.add(bytes(RED.nbytes), RED))
    seen: list = []
    ref, data, result = make_client(make_router(engine)).run(request, blobs, seen.append)
    assert data == picture and (ref.x, ref.y) == (5, -6) and result.losses == {"style": 0.5}
    assert [type(e).__name__ for e in seen] == ["Queued", *["Progress"] * 3, "Preview", "Result"]
    assert seen[1] == Progress("j1", 1, 3, losses={"tv": 0.5}) and seen[1].seconds_left < 0
    assert isinstance(seen[4], Preview) and seen[4].pixels == b"abcdef"
    assert engine.asked[-1] == "forget"


def test_what_the_engine_holds_is_not_sent_again(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    digest = client.put(BIG)
    assert bytes(engine.blobs[digest]) == BIG and engine.asked.count("put") == 4
    client.put(BIG)
    assert engine.asked.count("put") == 4
    assert client.get(digest) == BIG


def test_an_upload_goes_on_where_it_was(make_router, engine, make_client) -> None:
    digest = digest_of(BIG)
    engine.blobs[digest] = bytearray(BIG[: MAX_RAW + 5])
    make_client(make_router(engine)).put(BIG)
    assert bytes(engine.blobs[digest]) == BIG and engine.asked.count("put") == 3


def test_an_upload_that_another_client_overtakes_asks_again(make_router, engine, make_client) -> None:
    digest, ask = digest_of(BIG), engine.on_have
    lies = iter([{digest: 7}])  # once: what was there when asked is not there any more

    def have(header, raw):
        held = next(lies, None)
        return [engine._ok(header, have=held)] if held else ask(header, raw)

    engine.on_have = have
    make_client(make_router(engine)).put(BIG)
    assert bytes(engine.blobs[digest]) == BIG


def test_a_download_with_wrong_bytes_is_refused(make_router, engine, make_client) -> None:
    engine.blobs[digest_of(b"right")] = bytearray(b"wrong")
    client = make_client(make_router(engine))
    with pytest.raises(ScumbleError) as e:
        client.get(digest_of(b"right"))
    assert e.value.code == "blob-digest"
    with pytest.raises(ScumbleError) as e:
        client.get(digest_of(b"right"), size=4)
    assert e.value.code == "message-malformed"


def test_errors_of_the_engine_arrive_with_code_and_values(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    with pytest.raises(ScumbleError) as e:
        client.get("0" * 64)
    assert e.value.code == "blob-missing" and e.value.values == {"digest": "0" * 64}
    assert client.status() == {"state": "idle", "pid": 1} and client.styles() == [{"name": "wave"}]


def test_another_protocol_is_refused(make_router, engine, make_client) -> None:
    engine.protocol = 2
    with pytest.raises(ScumbleError) as e:
        make_client(make_router(engine))
    assert e.value.code == "protocol-version"


def test_cancel_is_acknowledged_and_then_the_job_fails(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    job = client.submit(Request(), {})
    assert client.cancel(job) == "cancelling"
    (event,) = client.poll(2)
    assert isinstance(event, Failed) and event.error.code == "cancelled" and event.job == job


def test_a_listener_that_raises_cancels_the_job(make_router, engine, make_client) -> None:
    engine.script = lambda job: [{"type": "queued", "position": 3}]

    def stop(event) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_client(make_router(engine)).run(Request(), {}, stop)
    assert engine.asked[-1] == "cancel"


def test_poll_never_waits_beyond_its_timeout(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    client.submit(Request(), {})
    for timeout, most in ((0.0, 0.05), (0.1, 0.3)):
        begun = time.monotonic()
        assert client.poll(timeout) == []
        assert time.monotonic() - begun < most


def test_a_large_upload_does_not_block_a_timer(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    data = os.urandom(33 << 20)
    task = client.channel.send(Submission(Request(), {digest_of(data): data}))
    turns = 0
    while not task.done:
        assert client.poll(0) == []
        turns += 1
    assert task.result() == "j1" and turns > 33 // MAX_AHEAD  # each turn sends no more than may be ahead


def test_the_same_key_makes_one_job(make_router, engine, make_client) -> None:
    client = make_client(make_router(engine))
    assert {client.send(Submission(Request(), {}, key="a")) for _ in range(2)} == {"j1"}
    assert client.submit(Request(), {}) == "j2" and client.submit(Request(), {}) == "j3"


def test_damaged_events_do_no_harm_and_a_damaged_result_ends_the_job(make_router, engine, make_client, until) -> None:
    engine.script = lambda job: [
        {"type": "progress", "step": "many"},
        {"type": "preview", "format": None},
        {"type": "unheard-of"},
        {"type": "result", "picture": {"digest": 5}},
    ]
    client = make_client(make_router(engine))
    client.submit(Request(), {})
    (event,) = until(client, lambda: not client.channel._watched) or client.poll(0)
    assert isinstance(event, Failed) and event.error.code == "picture-format"


def test_hello_tells_who_we_are(make_router, engine, make_client) -> None:
    router = make_router(engine)
    client = make_client(router)
    header = decode(router.received[0]).header
    assert (header["type"], header["client"], header["version"], header["protocol"]) == ("hello", "test", "1", 1)
    assert client.info["version"] == "9" and client.info["devices"] == ["cpu"]
