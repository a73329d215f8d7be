"""Learn a style from one painting: its code in a shipped network (Dumoulin et al. 2017, section 3.2), or a network.

A code is a thousand numbers; it begins from the predicted one. A quarter of the time goes into pairs: some photographs
are painted by *optimize*, and the network learns to paint them so in one pass.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from torch import Tensor

from ..features import tensors
from ..features.registry import load_encoder
from ..methods.colors import Palette
from ..methods.device import choose_device
from ..networks.models import network_digest, network_file
from ..networks.painter import SIZES, Painter, read_painter
from ..networks.predictor import TAPS
from ..networks.transform import ALIGN
from ..styles.statistics import PictureStyle
from ..wire.engine.folders import data_folder
from ..wire.protocol.errors import ScumbleError
from .allocator import keep_memory
from .columns import Columns
from .contents import Contents, read_contents
from .judging import SlimJudge
from .lesson import MIDDLE, Apprentice, Lesson
from .newstyle import check_free, check_writable, store_style, style_name
from .order import Order
from .pairpool import PairPool
from .pairs import PHOTOS, together, write_pair
from .run import CHECKPOINT, Plan, Report, Run
from .sheet import write_sheet
from .stopping import Stopping
from .targets import measure_targets, read_painting
from .thumbnails import thumbnail
from .unwatched import Unwatched

LEARNING_RATE = {"code": 5e-3, "network": 1e-3}
SHEET_SECONDS = 30
DEFAULT_MINUTES = 12.0
PAIRING, MOST_PAIRS, STEPS_A_PAIR = 0.25, 40, 20  # share of the minutes; where only steps count, one pair for so many
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
            order.content, self.side, order.seed, tell=lambda done, of: self.tell("reading photographs", done, of)
        )
        lesson = self._lesson(contents)
        run = self._start(lesson)
        assert isinstance(run.average, Apprentice)
        average = run.average
        run.notes.setdefault("before", json.dumps(lesson.examine(average)))
        if not self._make_pairs(contents, run):
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
    def _pairs(self) -> Path:
        return self.folder / f"pairs-{self.style.key[:12]}" / self.name

    def _make_pairs(self, contents: Contents, run: Run) -> bool:
        """Paint pairs for their share of the time; False when it was stopped on the way, with a checkpoint."""
        order, painting = self.order, _as_bytes(self.style)
        seconds = (
            60 * PAIRING * order.minutes if order.minutes else 0 if order.steps else 60 * PAIRING * DEFAULT_MINUTES
        )
        most = MOST_PAIRS if seconds else min(MOST_PAIRS, order.steps // STEPS_A_PAIR)
        begin = time.monotonic() - run.seconds
        with Stopping() as stopping:
            for number in range(most):
                file = self._pairs / f"{number:03d}-{SIZES[(1, 2, 1, 0)[number % 4]]}.png"
                if run.progress >= 1 or (seconds and time.monotonic() - begin > seconds):
                    break
                if not file.exists() and not stopping.asked:
                    self.tell("painting examples", number, most)
                    _write_unless(stopping, file, self._four(contents, number), painting)
            run.seconds = max(run.seconds, time.monotonic() - begin)
            if stopping.asked:
                run.save()
        return not stopping.asked

    def _four(self, contents: Contents, number: int) -> NDArray[np.uint8]:
        crops = [contents.crops[(PHOTOS * number + i) % len(contents.crops)] for i in range(PHOTOS)]
        return together([c.permute(1, 2, 0).numpy() for c in crops])

    def _lesson(self, contents: Contents) -> Lesson:
        """Network, first code, and targets."""
        order, device = self.order, self.device
        style, encoder = _moved(self.style, device), load_encoder("slim", device)
        plain = [style.moments(encoder, size, TAPS) for size in SIZES]
        painter = read_painter(tensors.load_checked(self.network), self.network.name)
        apprentice = Apprentice(painter.net.requires_grad_(order.alone), _first_code(painter, plain)).to(device)
        apprentice.to(memory_format=torch.channels_last)
        targets = measure_targets(
            style, encoder, order.seed, tell=lambda done, of: self.tell("measuring the painting", done, of)
        )
        judge, palette = SlimJudge(encoder), Palette(*(t.double().cpu() for t in style.colors()))
        grams = [judge.grams_of(m) for m in plain]
        columns = [_columns(judge, style, size) for size in SIZES]
        pairs = PairPool(self._pairs.parent, {self.name: palette})
        return Lesson(apprentice, judge, contents, targets, grams, columns, palette, pairs, order.batch, order.alone)

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
        run = Run(lesson.apprentice, lambda: lesson.loss(run.rng), plan, self.folder, about)
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
            "photographs": {"crops": len(contents.crops), **contents.skipped},
        }
        shown = {k: getattr(order, k) for k in ("title", "artist", "year", "licence")}
        shown["title"] = order.title or self.name
        record = {**shown, "tags": list(order.tags), "kind": order.kind, "network": network_digest("painter")}
        painter = run.average.cpu().painter(self.name).state()
        shown_as = thumbnail(read_painter(painter, self.network.name), self.name, self.style)
        if not order.alone:
            painter = {k: v for k, v in painter.items() if k.startswith("code.")}
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


@torch.no_grad()
def _columns(judge: SlimJudge, style: PictureStyle, size: int) -> Columns:
    """What a place of the painting looks like at a size, as it hangs and turned by a right angle."""
    shown = style.picture(min(float(size), max(style.pixels.shape[-2:])))
    mean = style.colors()[0].to(shown.pixels)
    pixels = torch.lerp(mean[None, :, None, None], shown.pixels, shown.coverage)
    turned = [judge.maps(p) for p in (pixels, pixels.rot90(1, (2, 3)))]
    return Columns.of([[maps[k] for k in judge.near[1:]] for maps in turned])


def _first_code(painter: Painter, plain: Sequence[Mapping[str, Tensor]]) -> Tensor:
    """Codes S×P to begin with: predicted, or for a network without a predictor the mean of those that it knows."""
    if painter.predictor is not None:
        return torch.stack([painter.predict({t: m.cpu() for t, m in moments.items()}) for moments in plain])
    known = list(painter.codes.values())
    return torch.stack(known).mean(0) if known else torch.zeros(len(SIZES), painter.net.code_size)


def _write_unless(stopping: Stopping, file: Path, content: NDArray[np.uint8], painting: NDArray[np.uint8]) -> None:
    """Write a pair, unless it is asked to stop meanwhile."""
    try:
        write_pair(file, content, painting, int(file.stem.split("-")[1]), _Until(stopping))
    except ScumbleError as error:
        if error.code != "cancelled":
            raise


class _Until(Unwatched):
    """Ends a run when it is asked to stop: a picture is not waited for."""

    def __init__(self, stopping: Stopping) -> None:
        self.stopping = stopping

    def check(self) -> None:
        """See `Reporter`."""
        if self.stopping.asked:
            raise ScumbleError("cancelled")


def _as_bytes(style: PictureStyle) -> NDArray[np.uint8]:
    """The painting H×W×3 as its pairs are painted from it, what is transparent in its mean colour."""
    shown = style.picture(min(float(MIDDLE * 2), max(style.pixels.shape[-2:])))
    mean, _ = style.colors()
    rgb = torch.lerp(mean[None, :, None, None], shown.pixels, shown.coverage)
    out: NDArray[np.uint8] = (rgb[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().cpu().numpy()
    return out


def _moved(style: PictureStyle, device: torch.device) -> PictureStyle:
    return replace(style, pixels=style.pixels.to(device), coverage=style.coverage.to(device))
