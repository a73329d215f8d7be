"""Downloads over HTTP: resumed where they broke off, tried again, checked against their digest."""

from __future__ import annotations

import errno
import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import urlsplit

from ..wire.protocol.errors import ScumbleError

Progress = Callable[[int, int], None]  # bytes so far, bytes in all (0: unknown)
CHUNK = 1 << 20
SILENCE = 30.0  # seconds: a server that says nothing for so long is asked again
LARGEST = 1 << 30  # a server that never stops sending does not fill the disk
_NETWORK = (OSError, http.client.HTTPException, UnicodeError)  # OSError holds URLError, timeouts, broken connections


class _Broken(Exception):
    """This try failed in a way that another may not."""


def download(
    url: str, path: Path, digest: str, model: str, progress: Progress | None = None, tries: int = 5, pause: float = 1.0
) -> None:
    """Fetch `url` to `path`, whose SHA-256 must begin with `digest` (hexadecimal).

    What has arrived lies in `path` + “.part”; a later call goes on from there. Between tries it waits
    `pause` seconds, doubled each time. Raises `weights-missing` (the address cannot be reached), `weights-digest` (what
    came is not the file expected; it is thrown away), `disk-full`, `file-write`, and whatever `progress` raises.
    """
    part = path.with_name(path.name + ".part")
    reason = ""
    for attempt in range(tries):
        if attempt:
            time.sleep(pause * 2 ** (attempt - 1))
        try:
            _receive(url, part, progress)
            break
        except _Broken as error:
            reason = str(error)
        except urllib.error.HTTPError as error:
            error.close()
            reason = f"the server answered {error.code}"
            if error.code < 500 and error.code not in (408, 429):
                raise _missing(model, url, reason) from None
        except _NETWORK as error:
            reason = _why(error, url)
    else:
        raise _missing(model, url, reason)
    if not file_digest(part).startswith(digest):
        part.unlink()
        raise ScumbleError("weights-digest", name=path.name, url=url)
    part.replace(path)


def file_digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            sha.update(chunk)
    return sha.hexdigest()


def _why(error: Exception, url: str) -> str:
    """What the network did, in words."""
    inner, proxy = getattr(error, "reason", error), _proxy(url)
    if isinstance(inner, TimeoutError):
        return f"the server said nothing for {SILENCE:g} s"
    if isinstance(inner, UnicodeError) or type(inner).__name__ == "gaierror":  # without opening sockets of our own
        if proxy:
            return f"the name of the proxy {proxy} cannot be found; see the variable {urlsplit(url).scheme}_proxy"
        return f"the name {urlsplit(url).hostname} cannot be found, as without a network"
    said = str(getattr(inner, "strerror", None) or inner) or type(error).__name__
    return f"{said}, by the proxy {proxy}" if proxy else said


def _proxy(url: str) -> str:
    """The proxy that stands before a server, without the password that its address may hold; empty where none does."""
    asked = urlsplit(url)
    given = urllib.request.getproxies().get(asked.scheme, "")
    if not given or urllib.request.proxy_bypass(asked.hostname or ""):
        return ""
    return (urlsplit(given if "//" in given else f"//{given}").netloc or given).rpartition("@")[2]


def _missing(model: str, url: str, reason: str) -> ScumbleError:
    return ScumbleError("weights-missing", model=model, reason=reason, url=url)


def _receive(url: str, part: Path, progress: Progress | None) -> None:
    """One try: append to `part` until the file is whole."""
    have = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"User-Agent": "scumble"})
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        response = urllib.request.urlopen(request, timeout=SILENCE)
    except urllib.error.HTTPError as error:
        if error.code == 416 and have:  # there is nothing beyond what we have; the digest tells whether it is right
            error.close()
            return
        raise
    with response:
        if urlsplit(response.url).scheme != urlsplit(url).scheme:
            raise _Broken(f"the server redirects to {urlsplit(response.url).scheme}")
        start, total = _extent(response, have)
        if total > LARGEST:
            raise _Broken(f"the server announces {total} bytes")
        _append(response, part, start, total, progress)


def _extent(response: http.client.HTTPResponse, have: int) -> tuple[int, int]:
    """Where the answer begins in the file, and the file's size (0: unknown). A server may ignore the range."""
    if response.status != 206:
        return 0, int(response.headers.get("Content-Length") or 0)
    try:
        span, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
        start, size = int(span.partition("-")[0]), int(total)
    except ValueError:
        raise _Broken("the server's Content-Range cannot be read") from None
    if start != have:
        raise _Broken(f"the server began at {start} instead of {have}")
    return start, size


def _append(response: http.client.HTTPResponse, part: Path, start: int, total: int, progress: Progress | None) -> None:
    done = start
    with _opened(part, "ab" if start else "wb") as file:
        while chunk := response.read(CHUNK):
            _write(file, chunk, part)
            done += len(chunk)
            if done > (total or LARGEST):
                raise _Broken("the server sends more than it announced")
            if progress:
                progress(done, total)
    if done < total:
        raise _Broken(f"the connection ended after {done} of {total} bytes")


def _opened(part: Path, mode: str) -> BinaryIO:
    try:
        return cast(BinaryIO, part.open(mode, buffering=0))  # unbuffered: a full disk shows in `write`, not in `close`
    except OSError as error:
        raise disk_error(error, part) from None


def _write(file: BinaryIO, chunk: bytes, part: Path) -> None:
    try:
        while chunk:
            chunk = chunk[file.write(chunk) :]
    except OSError as error:
        raise disk_error(error, part) from None


def disk_error(error: OSError, path: Path) -> ScumbleError:
    """`disk-full` or `file-write`, as the system's error tells."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ScumbleError("disk-full")
    return ScumbleError("file-write", name=str(path), reason=error.strerror or str(error))
