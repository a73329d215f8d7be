"""The application: routes, the page, errors, and the guard before all of them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from importlib import resources
from typing import Any

from fastapi import FastAPI, Response

from ..wire.protocol.errors import ScumbleError
from . import problems, style_routes, task_routes, upload_routes
from .desk import Desk
from .guard import Guard
from .settings import Settings

KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
PAGE = {
    path.name: (path.read_bytes(), KINDS[path.name.rpartition(".")[2]])
    for path in resources.files(__package__).joinpath("page").iterdir()
    if path.name.rpartition(".")[2] in KINDS
}
ABOUT = "Style transfer by Scumble's engine. Every call carries `Authorization: Bearer TOKEN`."


def create_app(settings: Settings, version: str) -> FastAPI:
    """The gateway's application, not started."""
    desk = Desk(settings, version)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk.start()
        yield
        await desk.stop()

    app = FastAPI(title="Scumble", version=version, description=ABOUT, lifespan=lifespan, docs_url=None, redoc_url=None)
    problems.install(app)
    for routes in (task_routes.router(desk), style_routes.router(desk), upload_routes.router(desk.uploads)):
        app.include_router(routes)
    _add_page(app)
    app.add_middleware(Guard, token=settings.token, limits=settings.limits)
    _describe_token(app)
    return app


def _add_page(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def index() -> Response:
        return _page("index.html")

    @app.get("/favicon.ico", include_in_schema=False)
    async def icon() -> Response:
        return _page("icon.svg")

    @app.get("/page/{name}", include_in_schema=False)
    async def part(name: str) -> Response:
        return _page(name)


def _page(name: str) -> Response:
    if name not in PAGE:
        raise ScumbleError("route-unknown", name=name[:100])
    data, kind = PAGE[name]
    return Response(data, media_type=kind, headers={"Cache-Control": "no-cache"})


def _describe_token(app: FastAPI) -> None:
    """Say in OpenAPI that every call needs the token."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = plain()
            schema.setdefault("components", {})["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            schema["security"] = [{"token": []}]
        return app.openapi_schema or plain()

    app.openapi = described  # type: ignore[method-assign]
