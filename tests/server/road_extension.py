"""An extension for a test: writes down which files of ours a request is in as it is handed on, up to the first step."""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import scumble

PACKAGE = Path(scumble.__file__).parent
ROOTS = {PACKAGE: ""}  # folders of ours, and what the map writes before the names of what lies in them


def files(last: str) -> list[str]:
    """The files of ours on the stack down to the event loop, if there is one, the outermost first; then the `last`."""
    frame, found = sys._getframe(1), [_named(last)]
    while frame is not None and "asyncio" not in frame.f_code.co_filename:
        found.append(_named(frame.f_code.co_filename))
        frame = frame.f_back  # type: ignore[assignment]
    return list(dict.fromkeys(name for name in reversed(found) if name))


def _named(file: str) -> str:
    """A file as the map names it; empty where it is not ours."""
    path = Path(file)
    root = next((root for root in ROOTS if root in path.parents), None)
    return f"{ROOTS[root]}{path.relative_to(root).as_posix()}" if root is not None else ""


def watched(whole: Callable[..., Any], target: Path, concerns: Callable[..., bool]) -> Callable[..., Any]:
    """A method whose first call that `concerns` the request leaves in `target` the files that led to it."""

    def called(*args: Any, **more: Any) -> Any:
        if not target.exists() and concerns(*args):
            target.write_text(json.dumps(files(inspect.unwrap(whole).__code__.co_filename)), "utf-8")
        return whole(*args, **more)

    return called


def watch(folder: Path) -> None:
    """In the engine's processes."""
    if Path(sys.argv[0]).parent.name == "worker":
        from scumble.methods.optimize.neighbours.adam import Adam

        Adam.step = watched(Adam.step, folder / "road-worker", lambda *_: True)  # type: ignore[method-assign]
    else:
        from scumble.server.jobs.process import WorkerProcess

        is_run = lambda _, message: message.get("type") == "run"  # noqa: E731
        WorkerProcess.send = watched(WorkerProcess.send, folder / "road-front", is_run)  # type: ignore[method-assign]


if PACKAGE in Path(sys.argv[0]).parents:
    watch(Path(os.environ["SCUMBLE_DATA"]))
