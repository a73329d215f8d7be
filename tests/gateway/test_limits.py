"""What the gateway refuses, and how it says so: strangers, bodies too large or not understood, bombs, odd options."""

from __future__ import annotations

import base64
import json
import socket
import struct
import zlib

import pytest

from scumble.gateway.params import read_params
from scumble.wire.protocol.errors import ScumbleError

from .serving import TOKEN, Served, drawn, serving

pytestmark = pytest.mark.timeout(120)
PICTURE = base64.b64encode(drawn()).decode()


def bomb(side: int) -> bytes:
    """A PNG that says it is `side` pixels wide and high, and packs so many zeros as fit into some kilobytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(20_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def test_a_stranger_gets_nothing_but_the_page(slow: Served) -> None:
    plain = slow.http.get("/openapi.json").json()
    for path, methods in plain["paths"].items():
        for method in methods:
            for given in (
                {"Authorization": ""},
                {"Authorization": "Bearer wrong"},
                {"Authorization": f"Basic {TOKEN}"},
            ):
                answer = slow.http.request(method, path.format(task="0" * 16, name="x"), headers=given)
                assert answer.status_code == 401 and answer.headers["www-authenticate"].startswith("Bearer")
    assert slow.http.get("/openapi.json", headers={"Authorization": ""}).status_code == 401
    page = slow.http.get("/", headers={"Authorization": ""})
    assert page.status_code == 200 and TOKEN not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (
        slow.http.get("/page/../settings.py").status_code == slow.http.get("/page/%2e%2e%2fapp.py").status_code == 404
    )


def test_a_strangers_body_is_not_read(slow: Served) -> None:
    with socket.create_connection(("127.0.0.1", slow.port), 10) as line:
        line.sendall(b"POST /v1/style_transfer HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 401")


def test_too_large(slow_engine: object, tmp_path) -> None:
    with serving(tmp_path, body=20_000, bodies=30_000, pixels=1000) as small:
        answer = small.post(content_image="A" * 30_000)
        assert answer.status_code == 413 and "uploads" in answer.json()["error"]["remedy"]
        chunks = (b"a" * 1000 for _ in range(40))  # no length is announced
        answer = small.http.post("/v1/style_transfer", content=chunks, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413
        answer = small.post(content_image=PICTURE, style="scream")  # 48 × 32 pixels
        assert answer.status_code == 413 and answer.json()["error"]["code"] == "picture-large"


def test_too_much_at_once(slow_engine: object, tmp_path) -> None:
    with serving(tmp_path, bodies=30_000) as small, socket.create_connection(("127.0.0.1", small.port), 10) as line:
        head = f"POST /v1/style_transfer HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 19000\r\n\r\n{{".encode())
        for _ in range(50):
            answer = small.post(content_image="A" * 15_000)
            if answer.status_code == 429:
                break
        assert answer.status_code == 429 and answer.headers["retry-after"]


def test_a_body_that_stops_in_the_middle(slow_engine: object, tmp_path) -> None:
    with serving(tmp_path, silence=0.3) as hasty, socket.create_connection(("127.0.0.1", hasty.port), 10) as line:
        head = f"POST /v1/style_transfer HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        line.sendall(f"{head}Content-Type: application/json\r\nContent-Length: 900\r\n\r\n{{".encode())
        assert line.recv(200).startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("text/plain", b"hello", 415, "body-kind"),
        ("", b"", 415, "body-kind"),
        ("application/json", b"{", 422, "body-malformed"),
        ("application/json", b"[" * 100_000, 422, "body-malformed"),
        ("application/json", b'{"content_image": NaN}', 422, "body-malformed"),
        ("application/json", b"[1]", 422, "body-malformed"),
        ("application/json", b"\xff\xfe", 422, "body-malformed"),
        ("application/json", b'{"style": "scream"}', 422, "body-malformed"),
        ("application/json", b'{"content_image": "no base64!", "style": "scream"}', 422, "body-malformed"),
        ("application/json", b'{"content_image": 5, "style": "scream"}', 422, "body-malformed"),
        ("application/json", b'{"content_image": "aGVsbG8=", "style": "scream"}', 422, "picture-unreadable"),
        ("application/json", b'{"content_image": "upload:../../x"}', 404, "upload-unknown"),
        ("multipart/form-data", b"x", 422, "body-malformed"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken", 422, "body-malformed"),
    ],
)
def test_bodies_that_are_not_understood(slow: Served, kind: str, body: bytes, status: int, code: str) -> None:
    answer = slow.http.post("/v1/style_transfer", content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code), answer.text


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({}, 422, "styles-missing"),
        ({"style": "screem"}, 422, "style-unknown"),
        ({"style": "scream:x"}, 422, "option-type"),
        ({"style": "scream:1000"}, 422, "option-range"),
        ({"style": ["scream"] * 17}, 422, "styles-many"),
        ({"style": [5]}, 422, "body-malformed"),
        ({"stile": "scream"}, 422, "body-malformed"),
        ({"style": "scream", "params": 5}, 422, "body-malformed"),
        ({"style": "scream", "params": {"iteration": 5}}, 422, "option-unknown"),
        ({"style": "scream", "params": {"strength": "much"}}, 422, "option-type"),
        ({"style": "scream", "params": {"content_weight": 1e9}}, 422, "option-range"),
        ({"style": "scream", "params": {"content_weight": True}}, 422, "option-type"),
        ({"style": "scream", "params": {"resolution": "huge"}}, 422, "option-type"),
        ({"style": "scream", "params": {"resolution": "1x99999"}}, 422, "option-range"),
        ({"style": "scream", "params": {"method": "fast", "iterations": 3}}, 422, "option-unhonoured"),
        ({"style": "scream", "params": {"device": "cuda"}}, 422, "option-unknown"),
        ({"style_image": base64.b64encode(drawn()[:200]).decode()}, 422, "picture-truncated"),
        ({"style": "scream", "mask": base64.b64encode(drawn(10, 40)).decode()}, 422, "mask-size"),
    ],
)
def test_orders_that_cannot_be_carried_out(slow: Served, more: dict[str, object], status: int, code: str) -> None:
    answer = slow.post(content_image=PICTURE, **more)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (status, code), answer.text
    assert error["sentence"] and error["remedy"] and "Traceback" not in answer.text


@pytest.mark.parametrize("side", [9000, 60_000])
def test_a_bomb_is_seen_by_its_header(slow: Served, side: int) -> None:
    packed = base64.b64encode(bomb(side)).decode()
    answer = slow.post(content_image=PICTURE, style_image=packed)
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "picture-large"


def test_what_there_is_not(slow: Served) -> None:
    assert slow.http.get("/v2").json()["error"]["code"] == "route-unknown"
    answer = slow.http.put("/v1/style_transfer")
    assert answer.status_code == 405 and "POST" in answer.headers["allow"]
    assert slow.http.get("/v1/tasks/0123456789abcdef").json()["error"]["code"] == "task-unknown"
    assert slow.http.get("/v1/tasks/../../etc").status_code == 404


def test_the_others_units_are_mapped() -> None:
    sent = read_params(json.dumps({"content_weight": 1e5, "style_weight": 1e1, "resolution": "512x384"}))
    assert sent.options == {"content_weight": 1.0, "style_weight": 1.0} and sent.box == (512, 384)
    assert read_params({"content_weight": 2e5, "style_weight": 5}).options == {
        "content_weight": 2.0,
        "style_weight": 0.5,
    }
    assert read_params(None).options == {}
    with pytest.raises(ScumbleError, match="option-range"):
        read_params({"style_weight": -1})
