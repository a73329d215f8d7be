"""Who may connect: PLAIN with the token on loopback, CURVE beyond it, both checked by ZAP before a message is read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

import zmq
import zmq.asyncio
from zmq.auth import CURVE_ALLOW_ANY
from zmq.auth.asyncio import AsyncioAuthenticator

from ...wire.engine.connection import is_loopback
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.messages import USER
from ..keys import NO_KEYS, Pair, guests, guests_folder, port_of, read_pair, server_file
from ..settings import Settings

DOMAIN = "scumble"


@dataclass(frozen=True)
class Door:
    """What a client must show: the token, or the server's key (Z85) and a key of its own that is in `guests`.

    `local` are the keys that this machine's own clients find in the connection file.
    """

    token: str = ""
    server: Pair = NO_KEYS
    local: Pair = NO_KEYS
    guests: Path | None = None  # None: whoever knows the server's key


def make_door(settings: Settings) -> Door:
    """A new token, or the key pair of the file. Raises `address-refused`, `address-unusable`, `keys-unreadable`."""
    given = settings.server_key
    port_of(settings.address)
    if not given and is_loopback(settings.address):
        return Door(token=secrets.token_urlsafe(32))
    if not given and not server_file().is_file():
        raise ScumbleError("address-refused", address=settings.address)
    folder = Path(settings.client_keys) if settings.client_keys else None if given else guests_folder()
    local = Pair(*(key.decode() for key in zmq.curve_keypair()))
    return Door(server=read_pair(Path(given) if given else server_file()), local=local, guests=folder)


class _Guests:
    """Asked by ZAP for each client; a key that was added or removed meanwhile counts at once."""

    def __init__(self, folder: Path, local: str) -> None:
        self._folder, self._local = folder, local.encode()

    def callback(self, domain: str, key: bytes) -> bool:
        return key == self._local or key in guests(self._folder)


def guard(context: zmq.asyncio.Context, socket: zmq.asyncio.Socket, door: Door) -> AsyncioAuthenticator:
    """Put the door before a socket that is not bound yet; stop what is returned at the end."""
    authenticator = AsyncioAuthenticator(context)
    authenticator.start()
    socket.zap_domain = DOMAIN.encode()
    if door.token:
        authenticator.configure_plain(DOMAIN, {USER: door.token})
        socket.plain_server = True
        return authenticator
    if door.guests is None:
        authenticator.configure_curve(DOMAIN, CURVE_ALLOW_ANY)
    else:
        authenticator.configure_curve_callback(DOMAIN, _Guests(door.guests, door.local.public))
    socket.curve_secretkey = door.server.secret.encode()
    socket.curve_publickey = door.server.public.encode()
    socket.curve_server = True
    return authenticator
