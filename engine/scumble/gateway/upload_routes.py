"""`/v1/uploads`: tus 1.0 with creation, expiration and termination."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.requests import ClientDisconnect

from ..wire.protocol.errors import ScumbleError
from .problems import documented, malformed
from .uploads import Upload, Uploads

VERSION = "1.0.0"
KIND = "application/offset+octet-stream"
MOST = 1 << 53


def header(name: str, required: bool, schema: dict[str, Any]) -> dict[str, Any]:
    """A header for OpenAPI."""
    return {"name": name, "in": "header", "required": required, "schema": schema}


RESUMABLE = header("Tus-Resumable", True, {"type": "string", "enum": [VERSION]})
LENGTH = header("Upload-Length", True, {"type": "integer", "minimum": 0, "maximum": MOST})
OFFSET = header("Upload-Offset", True, {"type": "integer", "minimum": 0, "maximum": MOST})
PART = {"required": True, "content": {KIND: {"schema": {"type": "string", "format": "binary"}}}}


def router(uploads: Uploads) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1/uploads", tags=["uploads"], default_response_class=Response)  # headers, no body

    @routes.options("", responses=documented(), status_code=204, summary="What of tus is spoken")
    async def options() -> Response:
        told = {"Tus-Version": VERSION, "Tus-Extension": "creation,expiration,termination"}
        return _answer(204, {**told, "Tus-Max-Size": str(uploads.limits.upload)})

    @routes.post(
        "",
        status_code=201,
        responses=documented(412, 413, 507),
        openapi_extra={"parameters": [RESUMABLE, LENGTH]},
        summary="Begin an upload",
    )
    async def create(request: Request) -> Response:
        _check_version(request)
        upload = uploads.create(_number(request, "Upload-Length"))
        return _answer(201, {**_about(upload), "Location": str(request.url_for("head_upload", name=upload.id))})

    @routes.head(
        "/{name}", responses=documented(404, 412), openapi_extra={"parameters": [RESUMABLE]}, summary="How far it is"
    )
    async def head_upload(name: str, request: Request) -> Response:
        _check_version(request)
        return _answer(200, _about(uploads.find(name)))

    @routes.patch(
        "/{name}",
        status_code=204,
        responses=documented(404, 408, 409, 412, 413, 415, 507),
        openapi_extra={"parameters": [RESUMABLE, OFFSET], "requestBody": PART},
        summary="Go on with it",
    )
    async def append(name: str, request: Request) -> Response:
        _check_version(request)
        upload = uploads.find(name)
        if request.headers.get("content-type", "") != KIND:
            raise ScumbleError("body-kind", kind=request.headers.get("content-type", "nothing")[:60], choices=KIND)
        upload = await uploads.append(upload.id, _number(request, "Upload-Offset"), _parts(request))
        return _answer(204, _about(upload))

    @routes.delete(
        "/{name}",
        status_code=204,
        responses=documented(404, 412),
        openapi_extra={"parameters": [RESUMABLE]},
        summary="Drop it",
    )
    async def remove(name: str, request: Request) -> Response:
        _check_version(request)
        uploads.remove(name)
        return _answer(204, {})

    return routes


async def _parts(request: Request) -> AsyncIterator[bytes]:
    """What comes until it ends or breaks off: that much is kept."""
    with contextlib.suppress(ClientDisconnect):
        async for part in request.stream():
            yield part


def _check_version(request: Request) -> None:
    given = request.headers.get("tus-resumable")
    if given is None:
        raise malformed(f"the header Tus-Resumable is missing; it is {VERSION}")
    if given != VERSION:
        raise ScumbleError("upload-version", given=given[:20] or "empty", version=VERSION)


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 17):
        raise malformed(f"the header {name} is not a whole number")
    return int(text)


def _about(upload: Upload) -> dict[str, str]:
    return {
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.length),
        "Upload-Expires": formatdate(upload.expires, usegmt=True),
        "Upload-Id": upload.id,
    }


def _answer(status: int, headers: dict[str, str]) -> Response:
    return Response(status_code=status, headers={"Tus-Resumable": VERSION, "Cache-Control": "no-store", **headers})
