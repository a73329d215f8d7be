"""What a call takes is in the log, part by part; and what is not computing is little."""

from __future__ import annotations

from benchmarks.gimp import last_parts

from ..editors.engine import EngineHome
from .callers import call, calling
from .gimpproc import GimpProcess

PARTS = ["connect", "read", "send", "compute", "fetch", "write"]
MOST = 8.0  # seconds; some 0.4 where nothing else runs


def test_the_parts_of_a_call_are_logged(gimp: GimpProcess, engine_home: EngineHome) -> None:
    calling(gimp)
    gimp.run("import time; image = new_image(512, 512)")
    assert call(gimp, style_1="starry-night", method="fast") == ("success", ["The Starry Night"])
    gimp.run("base = image.get_layers()[1:]; began = time.perf_counter()")
    gimp.run("answer = call('scumble-style-transfer', base, style_1='starry-night', method='fast', strength=0.5)")
    total, parts = gimp.get("time.perf_counter() - began"), last_parts(engine_home)
    assert gimp.get("answer[0]") == "success" and list(parts) == PARTS
    assert 0 < parts["compute"] < sum(parts.values()) < total
    assert total - parts["compute"] < MOST
    print(f"{total:.2f} s: {parts}")
