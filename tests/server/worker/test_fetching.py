"""A job that waits for weights says so from its first seconds on, and can be cancelled meanwhile."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest

from scumble.wire import Failed, PictureRef, PixelFormat, Request, Style, digest_of
from scumble.wire.protocol.events import Fetching

from ..running import Running, wait_for_end, wait_until


def test_a_silent_network_is_no_silence(start: Callable[..., Running], monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        for name in ("http_proxy", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{silent.getsockname()[1]}")
            monkeypatch.delenv(name.upper(), raising=False)
        engine = start(method=["--device", "cpu"])
        client, data = engine.client(), bytes(range(192))
        content = PictureRef(digest_of(data), PixelFormat(8, 8, 3))
        request = Request(model="vgg16", styles=(Style("scream"),), content=content, canvas=(8, 8), iterations=1)
        job = client.submit(request, {content.digest: data})
        told: list[Fetching] = []
        wait_until(lambda: told.extend(e for e in client.poll(0.1) if isinstance(e, Fetching)) or len(told) > 2, 50)
        assert {(e.job, e.name, e.done) for e in told} == {(job, "vgg16", 0)}
        begun = time.monotonic()
        client.cancel(job)
        _, end = wait_for_end(client, job)
        assert isinstance(end, Failed) and end.error.code == "cancelled" and time.monotonic() - begun < 4.5
        assert engine.worker("idle"), "and its worker was not killed for it"
