"""`/v1/style_transfer` and `/v1/tasks`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse

from .desk import Desk
from .intake import body_schema, read_order
from .painting import KINDS
from .problems import documented
from .schema import TASK, file, gives, listed
from .tasks import Task

TaskId = Annotated[str, Path(pattern="^[0-9a-f]{16}$", description="A task's id.")]
Key = Annotated[str, Header(alias="Idempotency-Key", max_length=200, pattern=r"^[\x21-\x7e]*$")]
LastEvent = Annotated[str, Header(alias="Last-Event-ID", max_length=20)]
Kind = Literal["png", "jpeg", "webp", "tiff"]
Part = Literal["picture", "layer"]
EVENTS = "text/event-stream"


def router(desk: Desk) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/v1", tags=["painting"])

    @routes.post(
        "/style_transfer",
        status_code=202,
        responses={**documented(408, 413, 415, 429, 507), 202: gives("The task; it waits.", TASK)},
        openapi_extra={"requestBody": body_schema()},
        summary="Paint a picture",
    )
    async def style_transfer(request: Request, key: Key = "") -> JSONResponse:
        desk.tasks.check_room()
        task = await desk.take(await read_order(request, desk.uploads), key)
        return JSONResponse(task.plain(), 202, {"Location": f"/v1/tasks/{task.id}"})

    @routes.get("/tasks", responses={**documented(), 200: gives("All tasks.", listed("tasks", TASK))})
    async def tasks() -> JSONResponse:
        return JSONResponse({"tasks": [t.plain() for t in desk.tasks]})

    @routes.get("/tasks/{task}", responses={**documented(404), 200: gives("How it goes.", TASK)})
    async def status(task: TaskId) -> JSONResponse:
        return JSONResponse(desk.tasks.get(task).plain())

    @routes.post("/tasks/{task}/cancel", responses={**documented(404), 200: gives("It stops.", TASK)})
    async def cancel(task: TaskId) -> JSONResponse:
        found = desk.tasks.get(task)
        if not found.finished:
            await desk.cancel(found)
        return JSONResponse(found.plain())

    @routes.delete("/tasks/{task}", status_code=204, responses=documented(404), summary="Cancel and forget")
    async def remove(task: TaskId) -> Response:
        found = desk.tasks.get(task)
        if not found.finished:
            await desk.cancel(found)
        desk.tasks.remove(found)
        return Response(status_code=204)

    _add_outcomes(routes, desk)
    return routes


def _add_outcomes(routes: APIRouter, desk: Desk) -> None:
    """What comes of a task: its result, and its events on the way."""
    kinds = [kind for _, kind in KINDS.values()]

    @routes.get(
        "/tasks/{task}/result",
        responses={**documented(404, 409, 507), 200: file("The painted picture.", *kinds)},
        response_class=Response,
        summary="The painted picture, or the layer alone",
    )
    async def result(task: TaskId, format: Kind = "png", part: Part = "picture") -> Response:
        found = desk.tasks.get(task)
        kind = "png" if part == "layer" else format
        return Response(await desk.file(found, kind, part), media_type=KINDS[kind][1])

    @routes.get(
        "/tasks/{task}/events",
        responses={**documented(404), 200: gives("Server-sent events, until it ends.", {"type": "string"}, EVENTS)},
        response_class=StreamingResponse,
        summary="How it goes, as it goes",
    )
    async def events(task: TaskId, last: LastEvent = "") -> StreamingResponse:
        found = desk.tasks.get(task)
        seen = int(last) if last.isascii() and last.isdigit() else 0
        return StreamingResponse(stream(found, seen, desk.limits.keepalive), media_type=EVENTS)


async def stream(task: Task, seen: int, keepalive: float) -> AsyncIterator[str]:
    """The newest event of each kind after number `seen`, then each as it comes, until the task ends."""
    while True:
        changed = task.changed
        for kind, (number, fields) in sorted(task.told.items(), key=lambda item: item[1][0]):
            if number > seen:
                seen = number
                yield f"id: {number}\nevent: {kind}\ndata: {json.dumps(fields)}\n\n"
        if task.finished and changed is task.changed:
            return
        try:
            await asyncio.wait_for(changed.wait(), keepalive)
        except asyncio.TimeoutError:
            yield ": still here\n\n"
