"""The connection file: where the engine listens and the token that opens it, readable by its user alone."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import os
import re
import stat
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Mapping, Optional, Tuple, TypeVar

from ..protocol.errors import ScumbleError
from ..protocol.messages import PROTOCOL
from .folders import runtime_folder
from .processes import is_alive, is_locked, namespace

FILE_NAME = "engine.json"
LOCK_NAME = "engine.lock"  # beside it; locked while its engine runs
MAX_FILE = 1 << 16  # bytes
MAX_TOKEN = 255  # bytes: PLAIN counts the password in one byte
WAITS = (0.02, 0.1, 0.5) if sys.platform == "win32" else ()  # seconds
_OFTEN_EMPTY = ("token", "server_key", "client_key", "client_secret", "namespace")

_T = TypeVar("_T")


@dataclass(frozen=True)
class Connection:
    """How to reach an engine. Either `token` (PLAIN, on loopback) or `server_key` (CURVE, Z85) is set.

    `client_key` and `client_secret` are the client's own, where the engine lets only some in.
    """

    address: str
    token: str = ""
    server_key: str = ""
    pid: int = 0
    version: str = ""
    protocol: int = PROTOCOL
    log: str = ""
    client_key: str = ""
    client_secret: str = ""
    namespace: str = ""  # that `pid` belongs to

    def to_plain(self) -> Dict[str, Any]:
        """A plain dictionary, as in the file."""
        return {k: v for k, v in asdict(self).items() if v or k not in _OFTEN_EMPTY}

    @property
    def pid_is_here(self) -> bool:
        """Whether `pid` is a number of this process's namespace."""
        return self.namespace in ("", namespace())

    @classmethod
    def from_plain(cls, plain: object) -> Connection:
        """The connection that `to_plain` described. Raises `message-malformed`, `address-refused`."""
        if not isinstance(plain, Mapping):
            raise _malformed("not an object")
        texts = {k: plain.get(k, "") for k in ("address", "version", "log", *_OFTEN_EMPTY)}
        numbers = {k: plain.get(k, 0) for k in ("pid", "protocol")}
        if not all(isinstance(v, str) for v in texts.values()) or not all(type(v) is int for v in numbers.values()):
            raise _malformed("a value has the wrong type")
        out = cls(**texts, **numbers)
        if len(out.token.encode("utf-8", "replace")) > MAX_TOKEN or not (out.token or out.server_key):
            raise _malformed("no token of 1 to 255 bytes and no server key")
        if not all(_is_key(k) for k in (out.server_key, out.client_key, out.client_secret)):
            raise _malformed("a key is not a CURVE key")
        out.host_and_port()
        return out

    def host_and_port(self) -> Tuple[str, int]:
        """Host and port. Raises `address-refused` where a token would leave this machine."""
        host, port = split_address(self.address)
        if not self.server_key and not is_loopback(self.address):
            raise ScumbleError("address-refused", address=self.address)
        return host, port


def _is_key(text: str) -> bool:
    """Whether it is a CURVE key in Z85, or none."""
    return not text or re.fullmatch(r"[0-9a-zA-Z.\-:+=^!/*?&<>()\[\]{}@%$#]{40}", text) is not None


def split_address(address: str) -> Tuple[str, int]:
    """Host and port of `tcp://HOST:PORT`; port 0 for `*`. Raises `message-malformed`."""
    scheme, _, rest = address.partition("://")
    host, _, port = rest.rpartition(":")
    number = 0 if port == "*" else int(port) if port.isascii() and port.isdigit() and len(port) < 6 else -1
    if scheme != "tcp" or not host or not 0 <= number < 1 << 16:
        raise _malformed(f"the address “{address[:80]}” is not tcp://HOST:PORT")
    return host.strip("[]"), number


def is_loopback(address: str) -> bool:
    """Whether `tcp://HOST:PORT` can be reached from this machine only. Raises `message-malformed`."""
    host, _ = split_address(address)
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"  # no other name: what it resolves to may change


def connection_path(folder: Optional[Path] = None) -> Path:
    """The connection file's path in `folder`, else in the runtime folder."""
    return (folder or runtime_folder()) / FILE_NAME


def write_connection(connection: Connection, folder: Optional[Path] = None) -> Path:
    """Write the file whole, mode 600, by rename; return its path. Raises `file-write`."""
    path = connection_path(folder)
    part = path.with_name(f"{FILE_NAME}.{os.getpid()}.part")
    try:
        for left in path.parent.glob(f"{FILE_NAME}.*.part"):  # of an engine that was killed; one writes at a time
            left.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
            json.dump(connection.to_plain(), file)
        _patiently(lambda: os.replace(part, path))
    except OSError as e:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e
    return path


def _patiently(call: Callable[[], _T]) -> _T:
    """Do it; again after a moment where Windows refuses, because another reads or replaces that file just now."""
    for wait in WAITS:
        try:
            return call()
        except PermissionError:
            time.sleep(wait)
    return call()


def read_connection(folder: Optional[Path] = None) -> Optional[Connection]:
    """The running engine's connection; None where there is no file, it is damaged or its engine is gone.

    Raises `folder-unsafe` for a file that others own or can read.
    """
    path = connection_path(folder)
    try:
        connection = read_file(path)
    except FileNotFoundError:
        return None
    except ScumbleError as e:
        if e.code == "folder-unsafe":
            raise
        return None  # the next engine, or the one that runs, writes it anew
    if not is_loopback(connection.address):
        return connection
    return connection if _lives(connection, path.with_name(LOCK_NAME)) else None


def _lives(connection: Connection, lock: Path) -> bool:
    """Whether its engine runs. After a crash another process may have its number, but nobody holds the lock."""
    if not connection.pid_is_here:
        return is_locked(lock)
    if not is_alive(connection.pid):
        return False
    return not lock.exists() or is_locked(lock)


def read_file(path: Path) -> Connection:
    """What a private file says. Raises `FileNotFoundError`, `folder-unsafe`, and as `from_plain` does."""
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(_patiently(lambda: os.open(path, flags)), "rb") as file:
            _check_private(os.fstat(file.fileno()), path)
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise
    except OSError as e:
        raise ScumbleError("folder-unsafe", path=path) from e
    try:
        return Connection.from_plain(json.loads(data.decode("utf-8")) if len(data) <= MAX_FILE else None)
    except (ValueError, RecursionError) as e:
        raise _malformed("not JSON") from e


def remove_connection(pid: int, folder: Optional[Path] = None) -> None:
    """Remove the file if it is the one of process `pid`; another engine's stays."""
    path = connection_path(folder)
    try:
        if json.loads(path.read_text("utf-8")).get("pid") == pid:
            path.unlink()
    except (OSError, ValueError, AttributeError):
        pass  # gone already, or not ours


def _check_private(found: os.stat_result, path: Path) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ScumbleError("folder-unsafe", path=path)
    if sys.platform != "win32" and (found.st_uid != os.getuid() or found.st_mode & 0o077):
        raise ScumbleError("folder-unsafe", path=path)


def _malformed(reason: str) -> ScumbleError:
    return ScumbleError("message-malformed", reason=f"connection file: {reason}")
