"""Files in parts, by tus: with its own client, broken off, continued, and used in an order."""

from __future__ import annotations

import io
import os
import socket
import time
from pathlib import Path

import pytest
from tusclient.client import TusClient

from scumble.gateway.settings import Limits
from scumble.gateway.uploads import Uploads
from scumble.wire.protocol.errors import ScumbleError

from .serving import TOKEN, Served, drawn, pixels, serving

pytestmark = pytest.mark.timeout(120)
TUS = {"Tus-Resumable": "1.0.0"}
PART = {**TUS, "Content-Type": "application/offset+octet-stream"}


def begin(served: Served, length: int) -> str:
    answer = served.http.post("/v1/uploads", headers={**TUS, "Upload-Length": str(length)})
    assert answer.status_code == 201 and answer.headers["tus-resumable"] == "1.0.0"
    return str(answer.headers["upload-id"])


def offset_of(served: Served, name: str) -> int:
    answer = served.http.head(f"/v1/uploads/{name}", headers=TUS)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    return int(answer.headers["upload-offset"])


def test_tus_own_client(slow: Served) -> None:
    data = os.urandom(3_000_000)
    client = TusClient(f"{slow.url}/v1/uploads", headers={"Authorization": f"Bearer {TOKEN}"})
    uploader = client.uploader(file_stream=io.BytesIO(data), chunk_size=700_000)
    uploader.upload()
    assert offset_of(slow, uploader.url.rsplit("/", 1)[1]) == len(data)


def test_broken_off_five_times(slow: Served) -> None:
    data = drawn(400, 300, 5)
    length, name = len(data), begin(slow, len(data))
    for turn in range(5):
        at = offset_of(slow, name)
        assert at >= turn * (length // 12)
        with socket.create_connection(("127.0.0.1", slow.port), 10) as line:
            head = f"PATCH /v1/uploads/{name} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
            head += "Tus-Resumable: 1.0.0\r\nContent-Type: application/offset+octet-stream\r\n"
            head += f"Upload-Offset: {at}\r\nContent-Length: {length - at}\r\n\r\n"
            line.sendall(head.encode() + data[at : at + length // 10])
            line.shutdown(socket.SHUT_WR)
        end = time.monotonic() + 10
        while offset_of(slow, name) == at:
            assert time.monotonic() < end
            time.sleep(0.01)
    time.sleep(0.1)
    unfinished = slow.post(content_image=f"upload:{name}", style="scream", params={"iterations": 1})
    assert unfinished.status_code == 409 and unfinished.json()["error"]["code"] == "upload-unfinished"
    at = offset_of(slow, name)
    answer = slow.http.patch(f"/v1/uploads/{name}", headers={**PART, "Upload-Offset": str(at)}, content=data[at:])
    assert answer.status_code == 204 and int(answer.headers["upload-offset"]) == length
    made = slow.post(content_image=f"upload:{name}", style="scream")
    told = slow.wait(made.json()["task_id"])
    assert (pixels(slow.http.get(told["links"]["result"]).content) == 255 - pixels(data)).all()


def test_what_is_not_as_it_should_be(slow: Served) -> None:
    name = begin(slow, 10)
    path = f"/v1/uploads/{name}"
    patch = slow.http.patch
    wrong = patch(path, headers={**PART, "Upload-Offset": "3"}, content=b"abc")
    assert wrong.status_code == 409 and wrong.json()["error"]["values"]["expected"] == 0
    assert patch(path, headers={**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}).status_code == 415
    assert patch(path, headers={**PART, "Upload-Offset": "x"}).status_code == 422
    assert patch(path, headers={**PART, "Upload-Offset": "0"}, content=b"a" * 11).status_code == 413
    assert offset_of(slow, name) <= 10
    assert slow.http.head(path).status_code == 422
    assert slow.http.head(path, headers={"Tus-Resumable": "0.2.2"}).status_code == 412
    assert slow.http.post("/v1/uploads", headers=TUS).status_code == 422
    assert slow.http.post("/v1/uploads", headers={**TUS, "Upload-Length": str(10**12)}).status_code == 413
    assert slow.http.options("/v1/uploads").headers["tus-extension"] == "creation,expiration,termination"
    assert slow.http.delete(path, headers=TUS).status_code == 204
    assert slow.http.head(path, headers=TUS).status_code == 404
    assert slow.http.head("/v1/uploads/..%2f..%2fetc", headers=TUS).status_code == 404


def test_there_is_room_for_so_much_and_so_long(slow_engine: object, tmp_path: Path) -> None:
    with serving(tmp_path, uploads=100) as tight:
        name = begin(tight, 80)
        assert tight.http.post("/v1/uploads", headers={**TUS, "Upload-Length": "30"}).status_code == 507
        tight.http.delete(f"/v1/uploads/{name}", headers=TUS)
        begin(tight, 100)
    old = Uploads(tmp_path / "old", Limits(upload_seconds=0.0))
    name = old.create(5).id
    time.sleep(0.01)
    old.expire()
    with pytest.raises(ScumbleError, match="upload-unknown"):
        old.find(name)
