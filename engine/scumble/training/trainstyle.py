"""Learn a style from one painting: its code in a shipped network (Dumoulin et al. 2017, section 3.2), or a network.

A code is a few thousand numbers; with the network frozen a step costs no gradients of weights, and what the encoder
sees in the photographs is computed once. It begins from the predicted code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from ..features import tensors
from ..features.registry import load_encoder
from ..methods.device import choose_device, choose_dtype
from ..networks.models import network_digest, network_file
from ..networks.painter import SIZES, Painter, read_painter
from ..networks.predictor import TAPS
from ..styles.statistics import PictureStyle
from ..wire.engine.folders import data_folder
from ..wire.protocol.errors import ScumbleError
from .allocator import keep_memory
from .contents import Contents, read_contents
from .lesson import Lesson
from .newstyle import check_free, check_writable, store_style, style_name
from .order import Order
from .painters import Apprentice, Moments, StyleTable
from .run import CHECKPOINT, Plan, Report, Run
from .sheet import write_sheet
from .targets import measure_targets, read_painting
from .thumbnails import thumbnail

LEARNING_RATE = {"code": 5e-3, "network": 1e-3}
SHEET_SECONDS = 30
DEFAULT_MINUTES = 12.0
Tell = Callable[[str, int, int], None]  # what is being done, how far it is, and of how much


class Training:
    """An order that has been checked, ready to run."""

    def __init__(self, order: Order, version: str, tell: Tell) -> None:
        self.order, self.version, self.tell = order, version, tell
        self.name = style_name(order.name, order.painting)
        check_free(self.name, order.replace)
        self.style = read_painting(order.painting)
        self.device = choose_device(order.device)
        self.network = _network()
        self.folder = order.out or data_folder() / "training" / self.name
        if order.resume and not (self.folder / CHECKPOINT).is_file():
            raise ScumbleError("checkpoint-missing", path=self.folder)
        for folder in (self.folder, data_folder() / "styles"):
            check_writable(folder)

    def run(self, on_step: Callable[[Report], None]) -> dict[str, Any] | None:
        """Train, and store the style; its account, or None when it was stopped, to be gone on with later.

        Raises `contents-missing`, `checkpoint-unusable`, `training-running`, `weights-damaged`, `diverged`,
        `disk-full`, `file-write`.
        """
        keep_memory()
        try:
            with FileLock(self.folder / "lock", timeout=0):
                return self._run(on_step)
        except Timeout:
            raise ScumbleError("training-running", path=self.folder) from None

    def _run(self, on_step: Callable[[Report], None]) -> dict[str, Any] | None:
        order = self.order
        contents = read_contents(
            order.content, order.size, order.seed, tell=lambda done, of: self.tell("reading photographs", done, of)
        )
        lesson = self._lesson(contents)
        run = self._start(lesson)
        run.notes.setdefault("before", json.dumps(lesson.examine(run.average)))

        def on_due() -> dict[str, Any]:
            self._write_sheet(lesson, run)
            return {"held_out": lesson.examine(run.average)}

        self._write_sheet(lesson, run)
        if not run.go(on_due, on_step):
            return None
        return self._store(lesson, run, contents)

    def _lesson(self, contents: Contents) -> Lesson:
        """Network, first code, and targets."""
        order, device = self.order, self.device
        chosen = choose_dtype("auto", device)
        dtype = chosen if chosen == torch.bfloat16 else torch.float32  # fp16 would need its gradients scaled
        style, exact = _moved(self.style, device), load_encoder("slim", device)
        plain = [style.moments(exact, size, TAPS) for size in SIZES]
        encoder = load_encoder("slim", device, dtype)
        painter = read_painter(tensors.load_checked(self.network), self.network.name, encoder)
        table = StyleTable([self.name], _first_code(painter, plain)[None])
        apprentice = Apprentice(painter.net.requires_grad_(order.alone), painter.identity, table).to(device)
        apprentice.to(memory_format=torch.channels_last)
        targets = measure_targets(
            style, encoder, order.seed, tell=lambda done, of: self.tell("measuring the painting", done, of)
        )
        if not order.alone:
            apprentice.net.to(dtype)
            apprentice.identity.requires_grad_(False)
        return Lesson(apprentice, encoder, contents, targets, plain, order.batch, order.alone, dtype)

    def _start(self, lesson: Lesson) -> Run:
        """The run, as far as it is."""
        order = self.order
        minutes = order.minutes or (None if order.steps else DEFAULT_MINUTES)
        plan = Plan(
            order.steps or None,
            minutes,
            LEARNING_RATE[order.kind],
            warm_up=50,
            ema=0.995,
            every_seconds=SHEET_SECONDS,
            seed=order.seed,
            log_every=20,
        )
        about = {
            "name": self.name,
            "painting": self.style.key,
            "kind": order.kind,
            "network": network_digest("painter"),
        }
        run = Run(lesson.trained, lambda: lesson.loss(run.rng), plan, self.folder, about)
        run.resume()
        return run

    def _write_sheet(self, lesson: Lesson, run: Run) -> None:
        contents, *painted = lesson.rows(run.average)
        rows: list[list[Tensor | None]] = [[None, *contents]]
        rows += [[self.style.pixels[0], *row] for row in painted]
        write_sheet(self.folder / "sheet.png", rows, min(self.order.size, 256))

    def _store(self, lesson: Lesson, run: Run, contents: Contents) -> dict[str, Any]:
        """Put the style into the library; the checkpoint is not needed any more."""
        order = self.order
        check_free(self.name, order.replace)
        before, after = json.loads(run.notes["before"]), lesson.examine(run.average)
        account = {
            "steps": run.step,
            "seconds": round(run.seconds, 1),
            "before": before,
            "after": after,
            "device": str(self.device),
            "version": self.version,
            "photographs": {"crops": len(contents.crops), **contents.skipped},
        }
        shown = {k: getattr(order, k) for k in ("title", "artist", "year", "licence")}
        shown["title"] = order.title or self.name
        record = {**shown, "tags": list(order.tags), "kind": order.kind, "network": network_digest("painter")}
        painter, slim = lesson.apprentice.averaged(run.average).cpu().painter().state(), load_encoder("slim")
        shown_as = thumbnail(read_painter(painter, self.network.name, slim), self.name)
        if not order.alone:
            painter = {k: v for k, v in painter.items() if k.startswith("code.")}
        folder = store_style(self.name, {**record, "account": account}, painter, self.style, slim, shown_as)
        run.file.unlink(missing_ok=True)
        return {"name": self.name, "folder": str(folder), "sheet": str(self.folder / "sheet.png"), **account}


def _network() -> Path:
    """The weight file of the network that a style joins or grows from. Raises `generator-missing`."""
    file = network_file("painter")
    if not file.is_file():
        raise ScumbleError("generator-missing")
    return file


def _first_code(painter: Painter, plain: list[Moments]) -> Tensor:
    """Codes S×P to begin with: predicted, or for a network without a predictor the mean of those that it knows."""
    if painter.predictor is not None:
        return torch.stack([painter.predict({t: m.cpu() for t, m in moments.items()}) for moments in plain])
    known = list(painter.codes.values())
    return torch.stack(known).mean(0) if known else painter.identity.expand(len(SIZES), -1)


def _moved(style: PictureStyle, device: torch.device) -> PictureStyle:
    return replace(style, pixels=style.pixels.to(device), coverage=style.coverage.to(device))
