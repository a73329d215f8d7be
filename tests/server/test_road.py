"""The road of a request from the command line to the optimizer's first step, as ARCHITECTURE.md lists it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scumble.cli import main
from scumble.picture import Picture, save_file
from scumble.wire.transport.pyzmq import ZmqTransport

from .road_extension import watched
from .running import Running

MAP = Path(__file__).parents[2] / "ARCHITECTURE.md"
MOST = 18


def listed(beginning: str) -> list[str]:
    """The files in the map's paragraph that begins so, in their order."""
    line = re.search(rf"^{beginning}: (.+?)\n\n", MAP.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert line
    return re.findall(r"`([\w/]+\.py)`", line[1])


@pytest.mark.timeout(240)
def test_the_map_lists_the_road_of_a_request(
    start: Callable[..., Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = start("--extension", "road_extension", method=["--device", "cpu"])
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(engine.folder / name.lower()))
    engine.worker("idle")  # else the road begins again when it is there
    is_submit = lambda _, frames: b"\xa6submit" in bytes(frames[0])  # noqa: E731
    monkeypatch.setattr(ZmqTransport, "send", watched(ZmqTransport.send, tmp_path / "road-cli", is_submit))
    photo = tmp_path / "photo.png"
    save_file(photo, Picture(np.random.default_rng(1).integers(0, 256, (64, 64, 3), np.uint8)))
    words = ["--style", "scream", "--iterations", "1", "--repaint", "0", "--texture", "0"]
    assert main(["stylize", str(photo), *words, "-o", str(tmp_path / "painted.png")]) == 0
    places = (tmp_path / "road-cli", engine.folder / "data" / "road-front", engine.folder / "data" / "road-worker")
    road = [file for place in places for file in json.loads(place.read_text("utf-8"))]
    assert road == listed("From the command line") + listed("In the engine")
    assert len(set(road)) <= MOST
