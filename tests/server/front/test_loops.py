"""The front in an event loop of another kind: the one that selects is all that Windows has for sockets."""

from __future__ import annotations

import asyncio
import contextlib
import selectors
from pathlib import Path

import pytest

from scumble.server.front.auth import make_door
from scumble.server.front.front import Front
from scumble.server.settings import Settings

from ..running import environment


@pytest.mark.parametrize("selector", [selectors.SelectSelector, selectors.DefaultSelector])
def test_it_ends_well_whatever_waits_for_its_sockets(
    selector: type[selectors.BaseSelector], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    settings = Settings(devices=("cpu",), method_module="slow_method")

    async def serve() -> None:
        front = Front(settings, make_door(settings))
        front.bind(settings.address)
        await asyncio.sleep(0.05)  # the sockets are watched by now
        stop = asyncio.Event()
        stop.set()
        await front.run(stop)
        await front.close()
        await asyncio.sleep(0.05)  # and looked at once more

    with contextlib.closing(asyncio.SelectorEventLoop(selector())) as loop:
        loop.run_until_complete(serve())
