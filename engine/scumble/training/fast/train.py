"""Train the fast network: by pairs of what *optimize* painted, and by the paintings' Gram matrices.

    python -m scumble.training.fast.train --photos … --pairs FOLDER --teachers FOLDER --out RUN --minutes 90

A run that finds a checkpoint goes on from it, and `--from` begins with weights that were published; pairs may be made
beside it (`training.fast.pairs`): new ones join as they come. With `--only` some styles learn on, each what it adds to
the weights that all share, which stay as they are: the other styles paint as before.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ...features import tensors
from ...features.registry import load_encoder
from ...methods.device import choose_dtype
from ...methods.fast.colors import StyleColors
from ...networks.painter import SIZES, load_painter_file
from ...networks.patches import in_dabs
from ...networks.transform import noise
from ...styles.library import shipped_names
from ..loop.log import Terms
from ..loop.run import Plan, Run
from ..loop.sheet import write_sheet
from ..pictures import Crops, find_pictures, held_out
from .distilled import Distilled
from .judging import Wanted, judged
from .paintings import Painting, named_paintings
from .pairpool import PairPool
from .pupil import Pupil

CROP = 192  # pixels
SHEET = 256  # pixels of a picture on the sheet
PAIRED, FLAT = 0.85, 0.05  # of items; of contents
DRAWN = (0.25, 0.45, 0.3)  # of items without a pair those at each of `SIZES`


class Item(NamedTuple):
    """A content 3×S×S in the style's colours, its pair (if it has one), and the painting's size."""

    content: Tensor
    pair: Tensor | None
    size: int


class Task:
    """What a step learns from."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.dtype = args, choose_dtype("auto", torch.device("cpu"))
        self.judge = Distilled(args.teachers, self.dtype)
        encoder = load_encoder("slim", "cpu", torch.float32)
        self.named = named_paintings(shipped_names(), self.judge, encoder)
        photos = find_pictures(args.photos)
        self.unseen = [p for p in photos if held_out(p)] or photos
        self.crops = Crops([p for p in photos if not held_out(p)], CROP, np.random.default_rng(1))
        self.pairs = PairPool(args.pairs, {p.name: p.colors() for p in self.named})
        self.pupil = Pupil([p.name for p in self.named])
        self.looks = {p.name: p.look() for p in self.named}
        self.learners = [self.pupil.names.index(name) for name in args.only or self.pupil.names]
        self.pupil.net.requires_grad_(not args.only)
        self.grain = torch.Generator()

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, Terms]:
        """See `run.Loss`: of a step on one style."""
        self.crops.rng = rng
        style = int(rng.choice(self.learners))
        items = [self._item(rng, style) for _ in range(self.args.batch)]
        x = torch.stack([i.content for i in items]).contiguous(memory_format=torch.channels_last)
        self.grain.manual_seed(int(rng.integers(2**31)))
        z = noise(len(items), CROP, CROP, self.grain).to(self.dtype, memory_format=torch.channels_last)
        y = self.pupil(x, torch.stack([self.pupil.code(style, i.size) for i in items]), z, style)
        return judged(self.judge, y, self._wanted(self.named[style], items))

    def _wanted(self, painting: Painting, items: Sequence[Item]) -> Wanted:
        grams = zip(*(painting.grams(i.size) for i in items), strict=True)
        return Wanted(
            torch.stack([i.content if i.pair is None else i.pair for i in items]),
            torch.tensor([i.pair is not None for i in items]),
            [torch.stack(g) for g in grams],
            [painting.columns(i.size) for i in items],
            torch.stack([painting.waves(i.size) for i in items]),
        )

    def _item(self, rng: np.random.Generator, style: int) -> Item:
        """A pair's crop, or another photograph's."""
        pair = self.pairs.draw(rng, CROP, style) if rng.random() < PAIRED else None
        if pair is not None:
            return Item(pair.content, pair.painted, pair.size)
        size = SIZES[int(rng.choice(3, p=DRAWN))]
        return Item(self._colored(rng, self.pairs.colors[self.named[style].name], size), None, size)

    def _colored(self, rng: np.random.Generator, colors: StyleColors, size: int) -> Tensor:
        return in_dabs(colors.laid_on(self._content(rng)[None]), size)[0]

    def _content(self, rng: np.random.Generator) -> Tensor:
        if rng.random() >= FLAT:
            return self.crops.one()
        corners = torch.from_numpy(rng.uniform(0, 1, 3)[:, None, None] + rng.uniform(-0.15, 0.15, (3, 2, 2))).float()
        return F.interpolate(corners[None], (CROP, CROP), mode="bilinear", align_corners=True)[0].clamp(0, 1)

    @torch.no_grad()
    def show(self, average: Pupil) -> dict[str, Any]:
        """A sheet of photographs that were held out."""
        side, z = SHEET, noise(1, SHEET, SHEET, torch.Generator().manual_seed(1))
        x = Crops(self.unseen, side, np.random.default_rng(5)).batch(4)
        table, rows = average.table(), [[None, *x.unbind()]]
        for style in self.learners if self.args.only else range(0, len(self.named), 3):
            painting = self.named[style]
            colored = [self.pairs.colors[painting.name].laid_on(c[None]) for c in x]
            painted = [average(in_dabs(c, SIZES[1]), table[style, 1][None], z, style)[0] for c in colored]
            rows.append([painting.picture(SIZES[0])[0], *painted])
        write_sheet(self.args.out / "sheet.png", rows, side)
        self.pairs.look()
        painter = average.painter()
        painter.vivid |= self.pairs.vivid()
        painter.looks = self.looks
        tensors.store(self.args.out / "painter.safetensors", painter.state())
        return {"pairs": len(self.pairs)}


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m scumble.training.fast.train``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    p.add_argument("--pairs", type=Path, required=True, help="folder that training.fast.pairs fills")
    p.add_argument("--teachers", type=Path, required=True, help="folder of the judging network's weights")
    p.add_argument("--from", dest="start", type=Path, help="a painter's file to begin with")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, required=True)
    p.add_argument("--steps", type=int, help="end after so many steps, if minutes do not end it before")
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--every", type=int, default=250)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--only", nargs="+", default=(), choices=shipped_names(), metavar="NAME", help="who learns")
    args = p.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    task = Task(args)
    plan = Plan(args.steps, args.minutes, args.lr, every=args.every, seed=args.seed, ema=0.998)
    run = Run(task.pupil, lambda: task.loss(run.rng), plan, args.out, {})
    if not run.resume():
        if args.start:
            task.pupil.take(load_painter_file(args.start))
        run.average.load_state_dict(task.pupil.state_dict())
    print("at step", run.step, len(task.pairs), "pairs", flush=True)
    assert isinstance(run.average, Pupil)
    average = run.average
    return 0 if run.go(lambda: task.show(average)) else 130


if __name__ == "__main__":
    raise SystemExit(main())
