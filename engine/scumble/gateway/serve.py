"""The gateway's process: a socket, uvicorn, and what is said on the terminal."""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
import sys

import uvicorn

from ..wire.protocol.errors import ScumbleError
from .app import create_app
from .settings import Settings

GRACE_SECONDS = 2
CONNECTIONS = 512


def serve(settings: Settings, version: str) -> int:
    """Serve until Ctrl-C; the exit code. Raises `address-unusable`, `file-missing`, `certificate-unusable`."""
    logging.basicConfig(level=logging.WARNING, format="scumble: %(message)s")
    with _listening(settings.host, settings.port) as at:
        config = uvicorn.Config(
            create_app(settings, version),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            limit_concurrency=CONNECTIONS,
            ssl_certfile=settings.certificate or None,
            ssl_keyfile=settings.key or None,
            lifespan="on",
        )
        try:
            config.load()
        except (OSError, ssl.SSLError) as e:
            raise ScumbleError("certificate-unusable", name=settings.certificate, reason=e) from e
        _tell(settings, at.getsockname()[1])
        server = uvicorn.Server(config)
        server.run(sockets=[at])
    return 0


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        at = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":  # there it would let another take the port over
                at.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            at.bind((host, port))
        except OSError:
            at.close()
            raise
    except (OSError, OverflowError, UnicodeError) as e:
        reason = getattr(e, "strerror", None) or str(e)
        raise ScumbleError("address-unusable", address=f"{host}:{port}", reason=reason) from e
    return at


def _tell(settings: Settings, port: int) -> None:
    """Where it is. The token stands behind the #, which browsers send to nobody."""
    scheme = "https" if settings.certificate else "http"
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    print(f"{scheme}://{host}:{port}/#token={settings.token}", flush=True)
    if scheme == "http" and not _is_loopback(settings.host):
        words = "the token and the pictures travel unencrypted; give --certificate and --key, or put a proxy before it"
        print(f"scumble: {words}", file=sys.stderr, flush=True)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
