"""What the gateway is told: where it listens, the token that opens it, and its limits."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from ..wire.engine.folders import cache_folder, runtime_folder
from ..wire.protocol.errors import ScumbleError

TOKEN_VARIABLE = "SCUMBLE_GATEWAY_TOKEN"
TOKEN_FILE = "gateway.token"
LEAST_TOKEN = 16  # characters
MB = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What callers may ask of the gateway; sizes in bytes, times in seconds."""

    body: int = 96 * MB  # of one request, multipart or JSON
    bodies: int = 256 * MB  # of all that are read at once
    upload: int = 1000 * MB  # of one file that is sent in parts
    uploads: int = 4000 * MB  # of all of them together
    pixels: int = 50 * MB  # of a picture
    waiting: int = 32  # tasks that have not ended
    waiting_bytes: int = 1000 * MB  # of their pixels
    kept: int = 200  # tasks that have ended
    kept_seconds: float = 24 * 3600.0
    upload_seconds: float = 24 * 3600.0  # an upload that nobody goes on with
    silence: float = 30.0  # in the middle of a body
    keepalive: float = 15.0  # between two signs of life in a stream of events


@dataclass(frozen=True)
class Settings:
    """How the gateway runs. `folder` holds tasks and uploads."""

    host: str = "127.0.0.1"
    port: int = 8765
    token: str = ""
    certificate: str = ""
    key: str = ""
    folder: Path = Path()
    limits: Limits = field(default_factory=Limits)


def find_token(file: Path | None = None) -> str:
    """The token: of the file that was named, of the environment, or one of the user's own, made when there is none.

    Raises `token-weak`, `file-missing`, `file-write`.
    """
    if file is not None:
        try:
            return checked(file.read_text("utf-8").strip())
        except FileNotFoundError:
            raise ScumbleError("file-missing", name=file) from None
        except (OSError, ValueError) as e:
            raise ScumbleError("file-write", name=file, reason=getattr(e, "strerror", None) or "not text") from e
    given = os.environ.get(TOKEN_VARIABLE, "").strip()
    return checked(given) if given else _own_token(runtime_folder() / TOKEN_FILE)


def checked(token: str) -> str:
    """Raise `token-weak` for one that could be guessed or does not fit into a header."""
    if len(token) < LEAST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise ScumbleError("token-weak", least=LEAST_TOKEN)
    return token


def _own_token(path: Path) -> str:
    """The token that was made before, so that programs that know it go on."""
    try:
        if path.exists():
            return checked(path.read_text("utf-8").strip())
        token = secrets.token_urlsafe(24)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(token)
    except (OSError, ValueError) as e:
        raise ScumbleError("file-write", name=path, reason=getattr(e, "strerror", None) or "not text") from e
    return token


def own_folder() -> Path:
    """Where tasks and uploads are kept. Raises `file-write`."""
    path = cache_folder() / "gateway"
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as e:
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e
    return path
