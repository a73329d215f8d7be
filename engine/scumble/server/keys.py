"""CURVE keys: the engine's own, and those of the clients it lets in. They lie in the data folder, for the user alone.

`keys/server.key_secret` is the engine's pair, `keys/clients/NAME.key` what is public of each client. A client's whole
pair leaves this machine in the file that `admit` returns the content of, and is kept nowhere here.
"""

from __future__ import annotations

import contextlib
import re
import stat
import sys
from pathlib import Path
from typing import NamedTuple

import zmq
from zmq.auth import load_certificate

from ..wire.engine.connection import Connection, split_address
from ..wire.engine.folders import data_folder
from ..wire.engine.remote import write_private
from ..wire.protocol.errors import ScumbleError

FOLDER, SERVER, CLIENTS = "keys", "server.key_secret", "clients"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,47}")


class Pair(NamedTuple):
    """Two keys in Z85."""

    public: str = ""
    secret: str = ""


NO_KEYS = Pair()


def server_file() -> Path:
    """Where the engine's own pair is, or would be."""
    return data_folder() / FOLDER / SERVER


def guests_folder() -> Path:
    """Where the clients' public keys are, or would be."""
    return data_folder() / FOLDER / CLIENTS


def read_pair(path: Path) -> Pair:
    """The pair in a file that nobody else can read. Raises `keys-unreadable`."""
    try:
        if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise ScumbleError("keys-unreadable", name=path, reason="others can read it, so that it is no secret")
        public, secret = load_certificate(path)
    except (OSError, ValueError) as e:
        raise ScumbleError("keys-unreadable", name=path, reason=e) from e
    if secret is None:
        raise ScumbleError("keys-unreadable", name=path, reason="it has no secret key")
    return Pair(public.decode(), secret.decode())


def admit(name: str, address: str) -> Connection:
    """Let a new client in, under `name`; what it needs to reach the engine at `address`.

    The engine's keys are made where there are none. A client of the same name is let in no more. Raises `keys-name`,
    `address-unusable`, `keys-unreadable`, `file-write`.
    """
    if not NAME.fullmatch(name):
        raise ScumbleError("keys-name", name=name[:60])
    if not port_of(address):
        raise ScumbleError("address-unusable", address=address, reason="it has no port")
    _folder(guests_folder())
    if not server_file().exists():
        write_private(server_file(), _certificate(_new_pair()))
    server, client = read_pair(server_file()), _new_pair()
    write_private(guests_folder() / f"{name}.key", _certificate(Pair(client.public)))
    return Connection(address, server_key=server.public, client_key=client.public, client_secret=client.secret)


def port_of(address: str) -> int:
    """The port of an address that a user gave; 0 for any. Raises `address-unusable`."""
    try:
        return split_address(address)[1]
    except ScumbleError:
        raise ScumbleError("address-unusable", address=address[:80], reason="it is not tcp://HOST:PORT") from None


def admitted() -> list[str]:
    """The names of the clients that are let in."""
    return sorted(path.stem for path in guests_folder().glob("*.key"))


def dismiss(name: str) -> None:
    """Let a client in no more. Raises `keys-name`."""
    path = guests_folder() / f"{name}.key"
    if not NAME.fullmatch(name) or not path.exists():
        raise ScumbleError("keys-unknown", name=name[:60], known=", ".join(admitted()) or "none")
    path.unlink()


def guests(folder: Path) -> set[bytes]:
    """The public keys in a folder; a damaged file lets nobody in."""
    found = set()
    for path in folder.glob("*.key"):
        with contextlib.suppress(OSError, ValueError):
            found.add(load_certificate(path)[0])
    return found


def _new_pair() -> Pair:
    return Pair(*(key.decode() for key in zmq.curve_keypair()))


def _folder(path: Path) -> None:
    try:
        for folder in (path.parent, path):
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as e:
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e


def _certificate(pair: Pair) -> str:
    """In the format of ZeroMQ's own tools."""
    secret = f'    secret-key = "{pair.secret}"\n' if pair.secret else ""
    return f'metadata\ncurve\n    public-key = "{pair.public}"\n{secret}'
