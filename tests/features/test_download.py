"""Downloads against a server that breaks off, refuses, lies and is not there."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from scumble.features.download import CHUNK, download
from scumble.wire.protocol.errors import ScumbleError

DATA = os.urandom(3 * CHUNK + 12345)


def fetch(url: str, path: Path, digest: str, **more: object) -> None:
    download(url, path, digest[:8], "vgg19", pause=0.01, **more)  # type: ignore[arg-type]


def code_of(*args: object, **more: object) -> str:
    with pytest.raises(ScumbleError) as caught:
        fetch(*args, **more)  # type: ignore[arg-type]
    return caught.value.code


def test_a_file_arrives_whole_and_its_progress_is_told(web, tmp_path):
    told: list[tuple[int, int]] = []
    fetch(*_put(web, tmp_path), progress=lambda done, total: told.append((done, total)))
    assert (tmp_path / "w").read_bytes() == DATA
    assert told[-1] == (len(DATA), len(DATA)) and len(told) >= 4 and told == sorted(told)
    assert [p.name for p in tmp_path.iterdir()] == ["w"]


def _put(web, tmp_path) -> tuple[str, Path, str]:
    url, digest = web.put("w", DATA)
    return url, tmp_path / "w", digest


def test_an_interrupted_download_goes_on_where_it_stopped(web, tmp_path):
    web.cuts = [CHUNK + 7, 100]
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA
    assert web.ranges == ["", f"bytes={CHUNK + 7}-", f"bytes={CHUNK + 107}-"]


def test_a_later_call_goes_on_with_what_an_earlier_one_left(web, tmp_path):
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(*_put(web, tmp_path), progress=stop)
    have = (tmp_path / "w.part").stat().st_size
    assert 0 < have < len(DATA)
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA and web.ranges[-1] == f"bytes={have}-"


def test_a_server_that_cannot_resume_starts_anew(web, tmp_path):
    web.resumes = False
    (tmp_path / "w.part").write_bytes(b"old")
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA


def test_what_is_whole_already_is_not_sent_again(web, tmp_path):
    (tmp_path / "w.part").write_bytes(DATA)
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA and web.ranges == [f"bytes={len(DATA)}-"]


def test_a_size_that_is_not_announced_is_no_hindrance(web, tmp_path):
    web.announces_size = False
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA


@pytest.mark.parametrize("code", [500, 503, 429, 408])
def test_a_server_in_trouble_is_asked_again(web, tmp_path, code):
    web.codes = [code, code]
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA and len(web.ranges) == 3


@pytest.mark.parametrize("code", [403, 404])
def test_a_server_that_refuses_is_asked_once(web, tmp_path, code):
    web.codes = [code] * 9
    assert code_of(*_put(web, tmp_path)) == "weights-missing"
    assert len(web.ranges) == 1


def test_a_wrong_digest_throws_the_file_away(web, tmp_path):
    url, path, _ = _put(web, tmp_path)
    assert code_of(url, path, "0" * 64) == "weights-digest"
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_start_is_found_by_the_digest_and_the_next_call_succeeds(web, tmp_path):
    (tmp_path / "w.part").write_bytes(b"x" * CHUNK)
    assert code_of(*_put(web, tmp_path)) == "weights-digest"
    fetch(*_put(web, tmp_path))
    assert (tmp_path / "w").read_bytes() == DATA


def test_who_breaks_off_for_ever_is_given_up_on_and_what_came_is_kept(web, tmp_path):
    web.cuts = [10] * 9
    assert code_of(*_put(web, tmp_path), tries=3) == "weights-missing"
    assert len(web.ranges) == 3 and (tmp_path / "w.part").read_bytes() == DATA[:30]


def test_an_unreachable_server_is_named_with_the_remedy(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/w"
    with pytest.raises(ScumbleError, match="refused") as caught:
        fetch(url, tmp_path / "w", "00", tries=2)
    assert caught.value.code == "weights-missing"
    assert url in caught.value.remedy and "scumble models add vgg19" in caught.value.remedy


def test_a_name_that_is_not_known_is_told_in_words(tmp_path):
    with pytest.raises(ScumbleError) as caught:
        fetch("http://nowhere.invalid/w", tmp_path / "w", "00", tries=1)
    assert caught.value.code == "weights-missing" and "Errno" not in caught.value.sentence


@pytest.mark.parametrize(
    "begin", [b"", b"HTTP/1.1 200 OK\r\nContent-Le", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhal"]
)
def test_a_server_that_falls_silent_is_asked_again_and_given_up_on(tmp_path, monkeypatch, begin):
    monkeypatch.setattr("scumble.features.download.SILENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as door:
        asked = []

        def serve() -> None:
            while len(asked) < 2:
                asked.append(door.accept()[0])
                asked[-1].sendall(begin)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(ScumbleError, match="said nothing for") as caught:
            fetch(f"http://127.0.0.1:{door.getsockname()[1]}/w", tmp_path / "w", "00", tries=2)
        thread.join()
    for connection in asked:
        connection.close()
    assert caught.value.code == "weights-missing" and len(asked) == 2
    assert (tmp_path / "w.part").exists() == begin.endswith(b"hal"), "what came is kept for the next time"


def test_what_is_longer_than_announced_is_another_file(web, tmp_path, monkeypatch):
    url, path, digest = _put(web, tmp_path)
    monkeypatch.setattr("http.server.BaseHTTPRequestHandler.send_header", _shorter)
    assert code_of(url, path, digest) == "weights-digest" and list(tmp_path.iterdir()) == []


def _shorter(handler, keyword: str, value: str) -> None:
    value = str(len(DATA) - 10) if keyword == "Content-Length" else value
    handler._headers_buffer.append(f"{keyword}: {value}\r\n".encode())


def test_a_proxy_that_the_system_names_is_used(web, tmp_path, monkeypatch):
    url = "http://weights.invalid/w"
    web.files[url] = DATA
    monkeypatch.setenv("http_proxy", web.address)
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setattr("urllib.request._opener", None)  # it was made when the proxies were others
    fetch(url, tmp_path / "w", file_digest_of(DATA))
    assert (tmp_path / "w").read_bytes() == DATA and len(web.ranges) == 1


def file_digest_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_server_that_lies_about_the_range_is_not_believed(web, tmp_path, monkeypatch):
    url, path, digest = _put(web, tmp_path)
    (tmp_path / "w.part").write_bytes(DATA[:10])
    monkeypatch.setattr("http.server.BaseHTTPRequestHandler.send_header", _lying)
    assert code_of(url, path, digest, tries=2) == "weights-missing"
    assert (tmp_path / "w.part").read_bytes() == DATA[:10]


def _lying(handler, keyword: str, value: str) -> None:
    value = value.replace("bytes 10-", "bytes 0-") if keyword == "Content-Range" else value
    handler._headers_buffer.append(f"{keyword}: {value}\r\n".encode())


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is Linux's")
def test_a_full_disk_is_called_so(web, tmp_path):
    (tmp_path / "w.part").symlink_to("/dev/full")
    assert code_of(*_put(web, tmp_path)) == "disk-full"
    assert len(web.ranges) == 1


def test_a_folder_that_is_not_there_is_called_so(web, tmp_path):
    url, _, digest = _put(web, tmp_path)
    assert code_of(url, tmp_path / "no" / "w", digest) == "file-write"


def reason_of(path: Path) -> str:
    urllib.request.install_opener(None)  # type: ignore[arg-type]  # or it goes on with the proxies that it first found
    with pytest.raises(ScumbleError) as caught:
        fetch("http://weights.invalid/w", path, "0" * 64, tries=1)
    return caught.value.sentence


def test_a_proxy_that_cannot_be_reached_is_named_without_its_password(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://zoe:secret@proxy.invalid:3128")
    said = reason_of(tmp_path / "w")
    assert "proxy proxy.invalid:3128 cannot be found; see the variable http_proxy" in said and "secret" not in said
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # nobody listens there
    assert "by the proxy 127.0.0.1:9" in reason_of(tmp_path / "w")
    monkeypatch.setenv("no_proxy", "weights.invalid")
    assert "the name weights.invalid cannot be found" in reason_of(tmp_path / "w")
