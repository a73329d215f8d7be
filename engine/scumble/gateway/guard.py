"""What stands before every route: the token, and how much may be sent. Nothing of a stranger's body is read."""

from __future__ import annotations

import asyncio
import hmac
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..wire.protocol.errors import ScumbleError
from .problems import answer
from .settings import Limits

OPEN = ("/", "/favicon.ico")  # the page itself holds no secret; it asks with the token
OPEN_UNDER = "/page/"
UPLOADS = "/v1/uploads"  # written to disk as they come
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", POLICY.encode()),
)


class Guard:
    """Middleware around the app."""

    def __init__(self, app: ASGIApp, token: str, limits: Limits) -> None:
        self.app, self.limits = app, limits
        self._token = token.encode()
        self.held = 0  # bytes of bodies that are read just now, as announced

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """An ASGI application."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        own = _with_headers(send)
        path = scope["path"]
        headers = dict(scope["headers"])
        try:
            if path not in OPEN and not path.startswith(OPEN_UNDER) and not self._knows(headers):
                raise ScumbleError("token-wrong")
            if path.startswith(UPLOADS):
                await self.app(scope, self._patient(receive), own)
            else:
                await self._bounded(scope, receive, own, headers)
        except ScumbleError as e:
            await answer(e)(scope, receive, own)

    def _knows(self, headers: dict[bytes, bytes]) -> bool:
        kind, _, given = headers.get(b"authorization", b"").partition(b" ")
        return kind.lower() == b"bearer" and hmac.compare_digest(given.strip(), self._token)

    async def _bounded(self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes]) -> None:
        """Let a body pass that is not too large, while all that are read together are not."""
        length = headers.get(b"content-length", b"")
        announced = int(length) if length.isdigit() else 0
        if b"transfer-encoding" in headers and not length:
            announced = self.limits.body  # it may become that large
        if announced > self.limits.body:
            raise ScumbleError("body-large", limit=_mb(self.limits.body))
        if self.held and self.held + announced > self.limits.bodies:
            raise ScumbleError("gateway-busy")
        self.held += announced
        try:
            await self.app(scope, self._patient(receive, self.limits.body), send)
        finally:
            self.held -= announced

    def _patient(self, receive: Receive, limit: int | None = None) -> Receive:
        """`receive` that ends a body which is longer than `limit`, or whose sender falls silent in the middle."""
        taken, whole = 0, False

        async def bounded() -> Message:
            nonlocal taken, whole
            if whole:
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), self.limits.silence)
            except asyncio.TimeoutError:
                raise ScumbleError("body-slow", seconds=self.limits.silence) from None
            taken += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if limit is not None and taken > limit:
                raise ScumbleError("body-large", limit=_mb(limit))
            return message

        return bounded


def _mb(size: int) -> float:
    return round(size / 1e6, 1)


def _with_headers(send: Send) -> Send:
    async def own(message: Message) -> None:
        if message["type"] == "http.response.start":
            given: list[Any] = list(message.get("headers", ()))
            if not any(name == b"cache-control" for name, _ in given):
                given.append((b"cache-control", b"no-store"))
            message = {**message, "headers": [*given, *HEADERS]}
        await send(message)

    return own
