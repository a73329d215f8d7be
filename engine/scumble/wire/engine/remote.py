"""An engine on another machine, when the user chose one: which, and that it is this one and no other."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
from pathlib import Path
from typing import Optional

from ..protocol.errors import ScumbleError
from .connection import Connection, is_loopback, read_file
from .folders import data_folder

VARIABLE = "SCUMBLE_ENGINE_FILE"
REMOTE_FILE = "remote.json"


def remote_path() -> Path:
    """Where the choice is kept: `$SCUMBLE_ENGINE_FILE`, else a file of the data folder."""
    given = os.environ.get(VARIABLE, "")
    return Path(given).expanduser().absolute() if given else data_folder() / REMOTE_FILE


def remote_connection() -> Optional[Connection]:
    """The remote engine that the user chose; None without one. Raises `remote-unreadable`, `folder-unsafe`."""
    path = remote_path()
    return connection_at(path) if os.path.lexists(path) or os.environ.get(VARIABLE, "") else None


def connection_at(path: Path) -> Connection:
    """The engine that a private file describes. Raises `remote-unreadable`, `folder-unsafe`."""
    try:
        found = read_file(path)
    except FileNotFoundError:
        raise ScumbleError("remote-unreadable", name=path, reason="there is no such file") from None
    except ScumbleError as e:
        if e.code == "folder-unsafe":
            raise
        raise ScumbleError("remote-unreadable", name=path, reason=_reason(e)) from e
    return _far(found)


def set_remote(source: Path, address: str = "") -> Connection:
    """Choose the engine that the file `source` describes, at another `address` if one is given.

    Raises `file-missing`, `remote-unreadable`, `address-refused`, `file-write`.
    """
    try:
        plain = json.loads(source.read_text("utf-8"))
        if address and isinstance(plain, dict):
            plain["address"] = address
        connection = _far(Connection.from_plain(plain))
    except FileNotFoundError:
        raise ScumbleError("file-missing", name=source) from None
    except OSError as e:
        raise ScumbleError("remote-unreadable", name=source, reason=e.strerror or e) from e
    except (ValueError, RecursionError) as e:
        raise ScumbleError("remote-unreadable", name=source, reason="not JSON") from e
    except ScumbleError as e:
        if e.code == "address-refused":
            raise
        raise ScumbleError("remote-unreadable", name=source, reason=_reason(e)) from e
    write_private(data_folder() / REMOTE_FILE, json.dumps(connection.to_plain()))
    return connection


def forget_remote() -> bool:
    """Go back to an engine on this machine; whether one was chosen. Raises `file-write`."""
    path = data_folder() / REMOTE_FILE
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as e:
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e
    return True


def write_private(path: Path, text: str) -> None:
    """Write a file whole, mode 600. Raises `file-write`."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(part, path)
    except OSError as e:
        with contextlib.suppress(OSError):
            part.unlink()
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e


def is_tunnel(connection: Connection) -> bool:
    """Whether it is reached through a port of this machine."""
    return is_loopback(connection.address)


def _reason(error: ScumbleError) -> str:
    """What is wrong with a file, for a sentence that names it."""
    return str(error.values.get("reason", error.sentence)).replace("connection file: ", "").rstrip(".")


def _far(connection: Connection) -> Connection:
    """Without what means something on its own machine alone."""
    return dataclasses.replace(connection, pid=0, namespace="", log="")
