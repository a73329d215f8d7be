"""A machine that lacks what torch needs of the system is told what to install."""

from __future__ import annotations

from collections.abc import Callable

from scumble.wire import Failed

from ..running import Running, ask, submit, wait_for_end


def test_a_windows_without_its_runtime_is_told_which_to_install(start: Callable[..., Running]) -> None:
    engine = start(method=["--method-module", "lacking_method", "--device", "cpu"])
    with engine.client() as client:
        _, end = wait_for_end(client, submit(client, ask()))
    assert isinstance(end, Failed) and end.error.code == "engine-missing"
    assert "Visual C++ Redistributable" in end.error.sentence and "vc_redist.x64.exe" in end.error.remedy
