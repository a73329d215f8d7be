"""A gateway on a real socket, in a thread of the test's process, before a real engine in processes of its own."""

from __future__ import annotations

import contextlib
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import uvicorn
from PIL import Image

from scumble.gateway.app import create_app
from scumble.gateway.settings import Limits, Settings

TOKEN = "a-token-of-the-tests"


class Served:
    """A gateway that listens. `http` asks it with the token."""

    def __init__(self, folder: Path, **limits: Any) -> None:
        settings = Settings(token=TOKEN, folder=folder, limits=replace(Limits(), **limits))
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        config = uvicorn.Config(create_app(settings, "test"), log_level="warning", timeout_graceful_shutdown=1)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]})
        headers = {"Authorization": f"Bearer {TOKEN}"}
        self.http = httpx.Client(base_url=self.url, headers=headers, timeout=60, trust_env=False)

    def start(self) -> Served:
        self.thread.start()
        end = time.monotonic() + 20
        while not self.server.started:
            assert time.monotonic() < end and self.thread.is_alive()
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        self.http.close()
        self.server.should_exit = True
        self.thread.join(20)
        self.socket.close()
        assert not self.thread.is_alive()

    def post(self, **fields: Any) -> httpx.Response:
        """Ask for a picture by JSON."""
        return self.http.post("/v1/style_transfer", json=fields)

    def wait(self, task: str, *states: str, seconds: float = 60.0) -> dict[str, Any]:
        """What is told of a task once it is in one of the states."""
        end = time.monotonic() + seconds
        while True:
            told: dict[str, Any] = self.http.get(f"/v1/tasks/{task}").json()
            if told["status"] in (states or ("done", "failed", "cancelled")):
                return told
            assert time.monotonic() < end, told
            time.sleep(0.03)

    def events(self, task: str, **headers: str) -> list[tuple[str, dict[str, Any]]]:
        """All events until the end."""
        with self.http.stream("GET", f"/v1/tasks/{task}/events", headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            text = "".join(answer.iter_text())
        blocks = [dict(line.split(": ", 1) for line in b.split("\n")) for b in text.split("\n\n") if b.startswith("id")]
        return [(b["event"], json.loads(b["data"])) for b in blocks]


@contextlib.contextmanager
def serving(folder: Path, **limits: Any) -> Iterator[Served]:
    served = Served(folder, **limits).start()
    try:
        yield served
    finally:
        served.stop()


def drawn(width: int = 48, height: int = 32, seed: int = 1, kind: str = "PNG") -> bytes:
    """A picture file of soft colours."""
    small = np.random.default_rng(seed).integers(0, 255, (5, 7, 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC).save(out, kind)
    return out.getvalue()


def pixels(data: bytes) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(io.BytesIO(data)))
