"""Cancelling: GIMP kills the plug-in without a word, and the engine stops its job at once."""

from __future__ import annotations

import time
from pathlib import Path

from scumble.wire import PictureRef, PixelFormat, Request, Style, digest_of

from ..editors.engine import SLOW, EngineHome, wait_until
from .callers import LONG, call, called, calling, kill, plugin_processes, running_job, state, style_file
from .gimpproc import GimpProcess

ENGINE = SLOW


def test_a_killed_plugin_stops_its_job_and_leaves_nothing(
    gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path
) -> None:
    calling(gimp)
    engine_home.start()
    style = style_file(tmp_path)
    gimp.begin(f"answer = {called(style_1=style, iterations=LONG)}")
    with engine_home.client() as client:
        job = running_job(client)
        (process,) = plugin_processes(engine_home)
        began = time.monotonic()
        kill(process)
        wait_until(lambda: state(client, job) == "cancelled", "the engine stops it", 5)
        print(f"the engine stopped {time.monotonic() - began:.2f} s after the plug-in was killed")
    gimp.end()
    status, told = gimp.get("answer")
    assert status != "success" and "Traceback" not in told
    assert gimp.get("[names(), image.is_dirty()]")[0] == ["layer 0"]
    assert call(gimp, style_1=style, iterations=1) == ("success", ["obey"])


def test_one_killed_while_it_waits_leaves_the_queue(gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path) -> None:
    calling(gimp)
    engine_home.start()
    with engine_home.client() as client:
        first = client.submit(*busy_request())
        wait_until(lambda: state(client, first) == "running", "the engine is at work", 30)
        gimp.begin(f"answer = {called(style_1=style_file(tmp_path), iterations=LONG)}")
        second = wait_until(lambda: next((j for j in client.jobs() if j["job"] != first), None), "it waits")
        assert second["state"] == "queued"
        kill(plugin_processes(engine_home)[0])
        wait_until(lambda: state(client, second["job"]) == "cancelled", "the engine drops it", 5)
        assert state(client, first) == "running"
    gimp.end()


def busy_request() -> tuple[Request, dict[str, bytes]]:
    """A request that keeps the engine at work."""
    data = bytes(8 * 8 * 3)
    content = PictureRef(digest_of(data), PixelFormat(8, 8, 3))
    request = Request(iterations=LONG, styles=(Style("obey"),), content=content, canvas=(8, 8))
    return request, {content.digest: data}
