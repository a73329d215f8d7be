"""The connection file: where the engine listens and the token that opens it, readable by its user alone."""

from __future__ import annotations

import ipaddress
import json
import os
import stat
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Dict, Mapping, Optional, Tuple

from .errors import ScumbleError
from .folders import runtime_folder
from .messages import PROTOCOL
from .processes import is_alive

FILE_NAME = "engine.json"
MAX_FILE = 1 << 16  # bytes
MAX_TOKEN = 255  # bytes: PLAIN counts the password in one byte


@dataclass(frozen=True)
class Connection:
    """How to reach an engine. Either `token` (PLAIN, on loopback) or `server_key` (CURVE, Z85) is set."""

    address: str
    token: str = ""
    server_key: str = ""
    pid: int = 0
    version: str = ""
    protocol: int = PROTOCOL
    log: str = ""

    def to_plain(self) -> Dict[str, Any]:
        """A plain dictionary, as in the file."""
        return {k: v for k, v in asdict(self).items() if v or k not in ("token", "server_key")}

    @classmethod
    def from_plain(cls, plain: object) -> Connection:
        """The connection that `to_plain` described. Raises `message-malformed`, `address-refused`."""
        if not isinstance(plain, Mapping):
            raise _malformed("not an object")
        texts = {k: plain.get(k, "") for k in ("address", "token", "server_key", "version", "log")}
        numbers = {k: plain.get(k, 0) for k in ("pid", "protocol")}
        if not all(isinstance(v, str) for v in texts.values()) or not all(type(v) is int for v in numbers.values()):
            raise _malformed("a value has the wrong type")
        out = cls(**texts, **numbers)
        if len(out.token.encode("utf-8", "replace")) > MAX_TOKEN or not (out.token or out.server_key):
            raise _malformed("no token of 1 to 255 bytes and no server key")
        out.host_and_port()
        return out

    def host_and_port(self) -> Tuple[str, int]:
        """Host and port. Raises `address-refused` where a token would leave this machine."""
        host, port = split_address(self.address)
        if not self.server_key and not is_loopback(self.address):
            raise ScumbleError("address-refused", address=self.address)
        return host, port


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
        part.unlink(missing_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
        with os.fdopen(os.open(part, flags, 0o600), "w", encoding="utf-8") as file:
            json.dump(connection.to_plain(), file)
        _replace(part, path)
    except OSError as e:
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e
    return path


def _replace(part: Path, path: Path) -> None:
    for wait in (0.02, 0.1, 0.5):
        try:
            return os.replace(part, path)
        except PermissionError:  # Windows: a client is reading the old file just now
            time.sleep(wait)
    os.replace(part, path)


def read_connection(folder: Optional[Path] = None) -> Optional[Connection]:
    """The running engine's connection; None where there is no file or its process, on this machine, is gone.

    Raises `folder-unsafe` for a file that others own or can read, `message-malformed` for one that is damaged.
    """
    path = connection_path(folder)
    try:
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags), "rb") as file:
            _check_private(os.fstat(file.fileno()), path)
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        return None
    except OSError as e:
        raise ScumbleError("folder-unsafe", path=path) from e
    try:
        connection = Connection.from_plain(json.loads(data.decode("utf-8")) if len(data) <= MAX_FILE else None)
    except (ValueError, RecursionError) as e:
        raise _malformed("not JSON") from e
    return connection if is_alive(connection.pid) or not is_loopback(connection.address) else None


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
