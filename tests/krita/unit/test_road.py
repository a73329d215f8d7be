"""The road of a click in Krita's dialog to the optimizer's first step, as ARCHITECTURE.md lists it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scumble.wire import read_connection

from ...server import road_extension
from ...server.running import Running, launch, wait_until
from ...server.test_road import MOST, listed
from .dialog_stage import make_dialog, turn_until
from .plugin import plugin_module

studios = plugin_module("model.studio")
recipes = plugin_module("wire.request.recipe")
channels = plugin_module("wire.client.channel")
transports = plugin_module("wire.transport.pyzmq")

PLUGIN = Path(studios.__file__).parents[1]
SHORT = recipes.Recipe({"iterations": 1, "repaint": 0.0, "texture": 0.0}, (recipes.StyleChoice("library", "scream"),))


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """An engine that writes down the road of the first request, and that the plug-in finds."""
    running = Running(launch(tmp_path, ["--device", "cpu", "--extension", "road_extension"]), tmp_path)
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    wait_until(lambda: read_connection(tmp_path / "runtime"))
    running.worker("idle")  # else the road begins again when it is there
    yield running
    running.process.terminate()
    running.ended()
    assert running.process.stderr is not None
    running.process.stderr.close()


@pytest.mark.timeout(240)
def test_the_map_lists_the_road_of_a_click(
    qt: Any, krita_app: Any, engine: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(road_extension.ROOTS, PLUGIN / "wire", "wire/")
    monkeypatch.setitem(road_extension.ROOTS, PLUGIN, f"{PLUGIN.name}/")
    watched = road_extension.watched
    is_submit = lambda _, frames: b"\xa6submit" in bytes(frames[0])  # noqa: E731
    monkeypatch.setattr(channels.Channel, "send", watched(channels.Channel.send, tmp_path / "click", lambda *_: True))
    transport = transports.ZmqTransport
    monkeypatch.setattr(transport, "send", watched(transport.send, tmp_path / "turn", is_submit))
    krita_app.activeWindow().addView(krita_app.createDocument(64, 48, "photo", "RGBA", "U8", "", 300.0))
    studio = studios.Studio()
    dialog = make_dialog(SHORT, studio)
    dialog.parts.ok.click()
    step = tmp_path / "data" / "road-worker"
    turn_until(step.is_file, 120.0)
    studio.close()
    places = (tmp_path / "click", tmp_path / "turn", tmp_path / "data" / "road-front", step)
    road = [file for place in places for file in json.loads(place.read_text("utf-8"))]
    road = list(dict.fromkeys(road))  # a click begins what later turns carry on, in some of the same files
    assert road == listed("From a click in Krita's dialog") + listed("In the engine")
    assert len(road) <= MOST
