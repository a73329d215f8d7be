"""Errors as HTTP tells them: a status, and the code, sentence and remedy that Scumble gives everywhere."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from ..wire.protocol.errors import ScumbleError

STATUS = {
    "token-wrong": 401,
    "route-unknown": 404,
    "task-unknown": 404,
    "upload-unknown": 404,
    "style-unknown": 422,
    "method-wrong": 405,
    "body-slow": 408,
    "task-unfinished": 409,
    "task-failed": 409,
    "upload-unfinished": 409,
    "blob-order": 409,
    "upload-version": 412,
    "body-large": 413,
    "picture-large": 413,
    "blob-large": 413,
    "body-kind": 415,
    "gateway-busy": 429,
    "job-limit": 429,
    "internal": 500,
    "worker-died": 500,
    "disk-full": 507,
    "memory": 507,
    **dict.fromkeys(("engine-missing", "engine-silent", "engine-lost", "engine-refused", "engine-stopping"), 503),
    **dict.fromkeys(("remote-unreachable", "remote-refused", "files-unusable"), 503),
}
OTHERWISE = 422  # the request was understood, and cannot be carried out
RETRY = {429: "2", 503: "5"}  # seconds
ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "sentence", "remedy", "values"],
            "properties": {
                "code": {"type": "string"},
                "sentence": {"type": "string"},
                "remedy": {"type": "string"},
                "values": {"type": "object"},
            },
        }
    },
}
ABOUT = {
    400: "The request is not HTTP as it should be.",
    401: "No token, or a wrong one.",
    404: "There is no such thing.",
    405: "That cannot be done here.",
    408: "The body stopped in the middle.",
    409: "Not in this state.",
    412: "Another version of tus.",
    413: "Too large.",
    415: "Neither multipart/form-data nor application/json, or not what is asked for here.",
    422: "Understood, but it cannot be carried out; the error says why.",
    429: "Too much at once: try again after Retry-After seconds.",
    500: "An error of our own.",
    503: "The engine cannot be reached.",
    507: "No room.",
}


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors of a route, for OpenAPI; those that any route can have are among them."""
    content = {"application/json": {"schema": ERROR_SCHEMA}}
    every = sorted({400, 401, 422, 503, *statuses})
    return {status: {"description": ABOUT[status], "content": content} for status in every}


def status_of(error: ScumbleError) -> int:
    """The HTTP status of an error."""
    return STATUS.get(error.code, OTHERWISE)


def answer(error: ScumbleError) -> JSONResponse:
    """The response that tells of an error."""
    status = status_of(error)
    headers = {"Retry-After": RETRY[status]} if status in RETRY else {}
    if status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="scumble"'
    return JSONResponse({"error": error.to_plain()}, status, headers)


def install(app: FastAPI) -> None:
    """Have the app tell every error so."""

    @app.exception_handler(ScumbleError)
    async def _scumble(request: Request, error: ScumbleError) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0] if error.errors() else {}
        where = " ".join(str(part) for part in first.get("loc", ())[1:])
        return answer(malformed(f"{where}: {first.get('msg', '')}"))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            return answer(ScumbleError("route-unknown", name=request.url.path[:100]))
        if error.status_code == 405:
            response = answer(ScumbleError("method-wrong", method=request.method[:20], name=request.url.path[:100]))
            response.headers.update(error.headers or {})
            return response
        return answer(malformed(str(error.detail)[:200]))

    @app.exception_handler(Exception)
    async def _internal(request: Request, error: Exception) -> JSONResponse:
        return answer(ScumbleError("internal", reason=type(error).__name__, log="the gateway's terminal"))


def malformed(reason: str) -> ScumbleError:
    """A `body-malformed` error."""
    return ScumbleError("body-malformed", reason=reason[:200])
