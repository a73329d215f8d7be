"""`/v1/styles` and `/v1/status`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import JSONResponse

from ..wire.protocol.errors import ScumbleError
from .desk import Desk
from .problems import documented
from .schema import STYLE, file, gives, listed

SHOWN = ("name", "title", "artist", "year", "licence", "tags", "own")
Name = Annotated[str, Path(max_length=100)]


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["styles"])

    @routes.get("/styles", responses={**documented(), 200: gives("The library.", listed("styles", STYLE))})
    async def styles() -> JSONResponse:
        found = []
        for style in await desk.styles():
            plain = {k: style.get(k) for k in SHOWN}
            plain["thumbnail"] = f"/v1/styles/{style['name']}/thumbnail" if style.get("thumbnail") else None
            found.append(plain)
        return JSONResponse({"styles": found})

    @routes.get(
        "/styles/{name}/thumbnail",
        responses={**documented(404), 200: file("A small picture of it.", "image/jpeg")},
        response_class=Response,
    )
    async def thumbnail(name: Name) -> Response:
        for style in await desk.styles():
            if style.get("name") == name and style.get("thumbnail"):
                keep = {"Cache-Control": "private, max-age=300"}
                return Response(bytes(style["thumbnail"]), media_type="image/jpeg", headers=keep)
        raise ScumbleError("route-unknown", name=name)

    @routes.get("/status", responses={**documented(), 200: gives("What it does.", {"type": "object"})})
    async def status() -> JSONResponse:
        engine = await desk.bridge.ask("status")
        told = {k: engine.get(k) for k in ("state", "version", "uptime", "jobs")}
        devices = [w.get("device") for w in engine.get("workers", []) if isinstance(w, dict)]
        waiting = len(desk.tasks.unfinished())
        limits = {"body": desk.limits.body, "upload": desk.limits.upload, "pixels": desk.limits.pixels}
        return JSONResponse({"engine": {**told, "devices": devices}, "unfinished": waiting, "limits": limits})

    return routes
