"""A method for these tests: inverts the content, slowly, and misbehaves when the style's name says so."""

from __future__ import annotations

import gc
import os
import threading
import time

import numpy as np

from scumble.methods.base import LoadPicture, Outcome, Plan, Reporter
from scumble.methods.keeping import Forgetful, keep_of
from scumble.picture import Picture
from scumble.wire.protocol.notes import Note
from scumble.wire.request.request import Request

STEP_SECONDS = 0.02
COLLECT_SECONDS = 1.0


def run(request: Request, load: LoadPicture, report: Reporter, plan: Plan) -> Outcome:
    assert request.content is not None
    content = load(request.content)
    if request.styles[0].name == "prepare":
        report.preparing("pictures")
        report.preparing("network", "vgg16")
        for _ in range(1000):
            report.check()
            time.sleep(STEP_SECONDS)
    keep = keep_of(report) if request.styles[0].name.startswith("kept") else Forgetful()
    kept = keep.load("slow")
    begun = kept.state["step"] if kept else 0
    for step in range(begun + 1, request.iterations + 1):
        if request.styles[0].name != "deaf":
            report.check()
        time.sleep(STEP_SECONDS)
        _misbehave(request.styles[0].name, step, plan)
        report.progress(step, request.iterations, f"{content.width}×{content.height}", {"style": 1.0 / step}, -1.0)
        if report.wants_preview():
            report.preview(np.full((16, 24, 3), step % 256, np.uint8))
        if keep.due():
            import torch

            keep.save("slow", {"step": torch.tensor(step)}, {"step": step})
    alpha = np.full((content.height, content.width, 1), 255, np.uint8)
    notes = {"note": (Note("style-predicted", {"names": ["a", "ü"]}),) * 20, "small": (Note("memory-smaller", {}),)}
    told = notes.get(request.styles[0].name, ())
    layer = Picture(np.concatenate([255 - content.data[..., :3], alpha], 2), "srgb", content.x, content.y)
    return Outcome(
        layer, request.iterations, {"style": 0.5}, plan.device, _tell(request.styles[0].name, plan, begun), told
    )


def _tell(how: str, plan: Plan, begun: int) -> str:
    if how.startswith("kept"):
        return f"plan {plan.level} from {begun}"
    if how == "how nice":
        return str(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    return f"{gc.get_freeze_count()} frozen" if how == "count frozen" else f"plan {plan.level}"


def _collect_slowly(phase: str, info: dict[str, int]) -> None:
    if phase == "start" and info["generation"] == 2:
        gc.callbacks.remove(_collect_slowly)
        time.sleep(COLLECT_SECONDS)
        print("collected", flush=True)


def _misbehave(how: str, step: int, plan: Plan) -> None:
    if how == "die" or (how == "die at first" and plan.level == 0):
        os.kill(os.getpid(), 9)
    elif how == "too much" or (how == "too much at first" and plan.level == 0):
        raise MemoryError("Unable to allocate 9.31 TiB")
    elif how == "kept and dies at once":
        os.kill(os.getpid(), 9)
    elif how == "fail":
        raise ValueError("not like this")
    elif how == "collect slowly" and _collect_slowly not in gc.callbacks:
        gc.callbacks.append(_collect_slowly)
    elif how == "dawdle":
        time.sleep(7)  # longer than a long job has to obey a cancel
    elif how in ("hang", "deaf"):
        time.sleep(600)
    elif how == "print":
        os.write(1, b"\xff" * 100)  # to the descriptor itself, past Python's own stream
        print("noise on standard output", flush=True)
