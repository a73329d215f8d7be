"""Learn a style from one painting: its code in a shipped network (Dumoulin et al. 2017, section 3.2), or a network.

A code is a thousand numbers, beside the weights of the named style that is most like it, where it begins. A quarter of
the time goes into pairs: some photographs are painted by *optimize*, and the network learns to paint them so at once.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from torch import Tensor

from ...features import tensors
from ...features.registry import load_encoder
from ...methods.device import choose_device
from ...methods.fast.colors import StyleColors
from ...networks.likeness import SIDE, look_of, most_alike
from ...networks.models import network_digest, network_file
from ...networks.painter import SIZES, Painter, read_painter
from ...networks.transform import ALIGN, with_own
from ...styles.library import check_free
from ...styles.statistics import PictureStyle
from ...wire.engine.folders import data_folder
from ...wire.protocol.errors import ScumbleError
from ..fast.judging import TAPS, SlimJudge
from ..fast.pairpool import PairPool
from ..library.thumbnails import thumbnail
from ..loop.allocator import keep_memory
from ..loop.checkpoint import check_file
from ..loop.rest import Rest
from ..loop.run import CHECKPOINT, Plan, Report, Run
from ..loop.sheet import write_sheet
from .contents import Contents, read_contents
from .examples import Examples
from .lesson import Apprentice, Lesson, places_of
from .newstyle import check_writable, store_style, style_name
from .order import Order
from .targets import measure_targets, read_painting

LEARNING_RATE = {"code": 5e-3, "network": 1e-3}
SHEET_SECONDS = 30
DEFAULT_MINUTES = 12.0
PAIRING, MOST_PAIRS, STEPS_A_PAIR = 0.25, 40, 20  # share of the minutes; where only steps count, one pair for so many
Tell = Callable[[str, int, int], None]  # what is being done, how far it is, and of how much


class Training:
    """An order that has been checked, ready to run. `rest` tells when it gives way."""

    def __init__(self, order: Order, version: str, tell: Tell, rest: Rest | None = None) -> None:
        self.order, self.version, self.tell, self.rest = order, version, tell, rest or Rest()
        self.name = style_name(order.name, order.painting)
        check_free(self.name, order.replace)
        self.style = read_painting(order.painting)
        self.device = choose_device(order.device)
        self.network = _network()
        self.base = ""  # the named style that it begins from
        self.folder = order.out or data_folder() / "training" / self.name
        begun = self.folder / CHECKPOINT
        if order.resume and not begun.is_file():
            raise ScumbleError("checkpoint-missing", path=self.folder)
        if begun.is_file():
            check_file(begun, self._about)  # before a minute is spent on photographs
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
            order.content, self.side, order.seed, tell=lambda done, of: self.tell("reading photographs", done, of)
        )
        lesson = self._lesson(contents)
        run = self._start(lesson)
        assert isinstance(run.average, Apprentice)
        average = run.average
        run.notes.setdefault("before", json.dumps(lesson.examine(average)))
        if not self._examples().make(contents, run):
            return None
        lesson.pairs.look()

        def on_due() -> dict[str, Any]:
            self._write_sheet(lesson, average)
            return {"held_out": lesson.examine(average)}

        self._write_sheet(lesson, average)
        if not run.go(on_due, on_step):
            return None
        return self._store(lesson, run, contents)

    @property
    def side(self) -> int:
        """Pixels of a crop: a multiple of what the network's noise asks for."""
        return max(64, self.order.size // ALIGN * ALIGN)

    @property
    def _about(self) -> dict[str, str]:
        """What a checkpoint must agree in, to be gone on with."""
        painting, network = self.style.key, network_digest("painter")
        return {"name": self.name, "painting": painting, "kind": self.order.kind, "network": network}

    @property
    def _pairs(self) -> Path:
        return self.folder / f"pairs-{self.style.key[:12]}" / self.name

    def _examples(self) -> Examples:
        order = self.order
        minutes = order.minutes or (0.0 if order.steps else DEFAULT_MINUTES)
        most = MOST_PAIRS if minutes else min(MOST_PAIRS, order.steps // STEPS_A_PAIR)
        tell = partial(self.tell, "painting examples")
        return Examples(self._pairs, self.style, most, 60 * PAIRING * minutes, tell, self.rest)

    def _lesson(self, contents: Contents) -> Lesson:
        """Network, first code, and targets."""
        order, device = self.order, self.device
        style, encoder = _moved(self.style, device), load_encoder("slim", device)
        plain = [style.moments(encoder, size, TAPS) for size in SIZES]
        painter = read_painter(tensors.load_checked(self.network), self.network.name)
        self.base = _base(painter, style)
        net = with_own(painter.net, painter.own.get(self.base)).requires_grad_(order.alone)
        apprentice = Apprentice(net, _first_code(painter, self.base)).to(device)
        targets = measure_targets(
            style, encoder, order.seed, tell=lambda done, of: self.tell("measuring the painting", done, of)
        )
        judge = SlimJudge(encoder)
        grams = [judge.grams_of(m) for m in plain]
        columns, waves = zip(*(places_of(judge, style, size) for size in SIZES), strict=True)
        pairs = PairPool(self._pairs.parent, {self.name: StyleColors.of_source(self.style)})
        apprentice.vivid = pairs.vivid()
        places = list(columns), list(waves)
        return Lesson(apprentice, judge, contents, targets, grams, *places, self.name, pairs, order.batch, order.alone)

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
        run = Run(lesson.apprentice, lambda: lesson.loss(run.rng), plan, self.folder, self._about)
        run.resume()
        return run

    def _write_sheet(self, lesson: Lesson, average: Apprentice) -> None:
        contents, *painted = lesson.rows(average)
        rows: list[list[Tensor | None]] = [[None, *contents]]
        rows += [[self.style.pixels[0], *row] for row in painted]
        write_sheet(self.folder / "sheet.png", rows, min(self.side, 256))

    def _store(self, lesson: Lesson, run: Run, contents: Contents) -> dict[str, Any]:
        """Put the style into the library; the checkpoint is not needed any more."""
        order = self.order
        check_free(self.name, order.replace)
        assert isinstance(run.average, Apprentice)
        before, after = json.loads(run.notes["before"]), lesson.examine(run.average)
        account = {
            "steps": run.step,
            "seconds": round(run.seconds, 1),
            "before": before,
            "after": after,
            "device": str(self.device),
            "version": self.version,
            "pairs": len(lesson.pairs),
            "photographs": {"crops": len(contents.crops), "held_out": contents.apart, **contents.skipped},
        }
        shown = {k: getattr(order, k) for k in ("title", "artist", "year", "licence")}
        shown["title"] = order.title or self.name
        record = {**shown, "tags": list(order.tags), "kind": order.kind, "network": network_digest("painter")}
        painter = run.average.cpu().painter(self.name).state()
        shown_as = thumbnail(read_painter(painter, self.network.name), self.name, self.style)
        if not order.alone:
            painter = {k: v for k, v in painter.items() if k.startswith(("code.", "vivid."))}
            record["base"] = self.base
        folder = store_style(
            self.name, {**record, "account": account}, painter, self.style, load_encoder("slim"), shown_as
        )
        run.file.unlink(missing_ok=True)
        shutil.rmtree(self._pairs.parent, ignore_errors=True)
        return {"name": self.name, "folder": str(folder), "sheet": str(self.folder / "sheet.png"), **account}


def _network() -> Path:
    """The weight file of the network that a style joins or grows from. Raises `generator-missing`."""
    file = network_file("painter")
    if not file.is_file():
        raise ScumbleError("generator-missing")
    return file


def _base(painter: Painter, style: PictureStyle) -> str:
    """The named style that is most like one; empty where the painter does not know how its own look."""
    if not painter.looks:
        return ""
    shown = style.picture(SIDE)
    encoder = load_encoder("slim", shown.pixels.device)
    return most_alike(look_of(encoder, shown.pixels, shown.coverage), painter.looks)


def _first_code(painter: Painter, base: str) -> Tensor:
    """Codes S×P to begin with: those of the style it begins from, or the mean of all."""
    known = [painter.codes[base]] if base else list(painter.codes.values())
    return torch.stack(known).mean(0) if known else torch.zeros(len(SIZES), painter.net.code_size)


def _moved(style: PictureStyle, device: torch.device) -> PictureStyle:
    return replace(style, pixels=style.pixels.to(device), coverage=style.coverage.to(device))
