"""What the editors' tests need of the machine. With `SCUMBLE_EDITORS=required`, want of it is a failure, not a skip."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

EDITOR_SECONDS = 170  # the limit of a test that starts an editor and an engine, on a machine that is busy


def require(reason: str) -> NoReturn:
    """Skip, or fail where editors are required; also for a whole module, from its top level."""
    if os.environ.get("SCUMBLE_EDITORS") == "required":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def program(name: str) -> str:
    """The path of a program, or what `require` does."""
    return shutil.which(name) or require(f"{name} is not installed")


def give_time(items: list[pytest.Item], fixture: str) -> None:
    """A longer limit for tests that use `fixture`; what fixtures do is not counted, since they wait for each other.

    A test in which the editor itself crashed is run once more: Krita 5.1 does so now and then while layers change.
    """
    for item in items:
        if fixture in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(EDITOR_SECONDS, func_only=True))
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["EditorGone"]))
