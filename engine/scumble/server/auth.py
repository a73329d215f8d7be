"""Who may connect: PLAIN with the token on loopback, CURVE beyond it, both checked by ZAP before a message is read."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import zmq
import zmq.asyncio
from zmq.auth import CURVE_ALLOW_ANY, load_certificate
from zmq.auth.asyncio import AsyncioAuthenticator

from ..wire.connection import is_loopback
from ..wire.errors import ScumbleError
from ..wire.messages import USER
from .settings import Settings

DOMAIN = "scumble"


@dataclass(frozen=True)
class Door:
    """What a client must show: the token, or the server's key (Z85)."""

    token: str = ""
    server_key: str = ""
    secret_key: bytes = b""


def make_door(settings: Settings) -> Door:
    """A new token, or the key pair of the file. Raises `address-refused`, `keys-unreadable`."""
    if not settings.server_key:
        if not is_loopback(settings.address):
            raise ScumbleError("address-refused", address=settings.address)
        return Door(token=secrets.token_urlsafe(32))
    try:
        public, secret = load_certificate(settings.server_key)
    except (OSError, ValueError) as e:
        raise ScumbleError("keys-unreadable", name=settings.server_key, reason=e) from e
    if secret is None:
        raise ScumbleError("keys-unreadable", name=settings.server_key, reason="it has no secret key")
    return Door(server_key=public.decode(), secret_key=secret)


def guard(
    context: zmq.asyncio.Context, socket: zmq.asyncio.Socket, door: Door, client_keys: str
) -> AsyncioAuthenticator:
    """Put the door before a socket that is not bound yet; stop what is returned at the end."""
    authenticator = AsyncioAuthenticator(context)
    authenticator.start()
    socket.zap_domain = DOMAIN.encode()
    if door.token:
        authenticator.configure_plain(DOMAIN, {USER: door.token})
        socket.plain_server = True
    else:
        authenticator.configure_curve(DOMAIN, client_keys or CURVE_ALLOW_ANY)
        socket.curve_secretkey = door.secret_key
        socket.curve_publickey = door.server_key.encode()
        socket.curve_server = True
    return authenticator
