"""Train the fast network: by pairs of what *optimize* painted, and by the paintings' Gram matrices.

    python -m scumble.training.fast.train --photos … --styles … --pairs FOLDER --teachers FOLDER --out RUN --minutes 90

A run that finds a checkpoint goes on from it, and `--from` begins with weights that were published; pairs may be made
beside it (`training.fast.pairs`): new ones join as they come.
"""

from __future__ import annotations

import argparse
import json
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
from ..library.publish import CATALOGUE
from ..loop.log import Terms
from ..loop.run import Plan, Run
from ..loop.sheet import write_sheet
from ..pictures import Crops, find_pictures, held_out
from .distilled import Distilled
from .judging import Wanted, judged
from .paintings import Painting, named_paintings, other_paintings
from .pairpool import PairPool
from .pupil import Pupil

CROP = 192  # pixels
SHEET = 256  # pixels of a picture on the sheet
ANY = 0.15  # of steps: on paintings that are known by their statistics
PAIRED, FLAT, FAMILIAR = 0.85, 0.05, 0.5  # of a named style's items; of contents; of the paintings of the others
DRAWN = (0.25, 0.45, 0.3)  # of items without a pair those at each of `SIZES`


class Item(NamedTuple):
    """A content 3×S×S in the style's colours, its pair (if it has one), its code, and its painting at a size."""

    content: Tensor
    pair: Tensor | None
    code: Tensor
    painting: Painting
    size: int


class _Seen(NamedTuple):
    """An item before it has a code."""

    content: Tensor
    pair: Tensor | None
    painting: Painting
    size: int


class Task:
    """What a step learns from."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.dtype = args, choose_dtype("auto", torch.device("cpu"))
        self.judge = Distilled(args.teachers, self.dtype)
        encoder = load_encoder("slim", "cpu", torch.float32)
        catalogue = json.loads(CATALOGUE.read_text("utf-8"))
        self.named = named_paintings(shipped_names(), self.judge, encoder)
        others = other_paintings(catalogue, [args.styles, *args.paintings], self.judge, encoder)
        self.others = others[:: max(1, len(others) // args.others)]
        photos = find_pictures(args.photos)
        self.unseen = [p for p in photos if held_out(p)] or photos
        self.crops = Crops([p for p in photos if not held_out(p)], CROP, np.random.default_rng(1))
        self.pairs = PairPool(args.pairs, {p.name: p.colors() for p in self.named})
        self.pupil = Pupil([p.name for p in self.named])
        self.grain = torch.Generator()

    def calibrate(self) -> None:
        """Show the predictor what styles look like."""
        seen = [p.moments(s) for p in [*self.named, *self.others] for s in SIZES[:2]]
        self.pupil.predictor.calibrate({t: torch.stack([m[t] for m in seen]) for t in seen[0]})

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, Terms]:
        """See `run.Loss`: of a step on one named style, or on paintings that are known by their statistics."""
        self.crops.rng = rng
        style = None if rng.random() < ANY else int(rng.integers(len(self.named)))
        items = [self._other(rng) if style is None else self._item(rng, style) for _ in range(self.args.batch)]
        x = torch.stack([i.content for i in items]).contiguous(memory_format=torch.channels_last)
        self.grain.manual_seed(int(rng.integers(2**31)))
        z = noise(len(items), CROP, CROP, self.grain).to(self.dtype, memory_format=torch.channels_last)
        y = self.pupil(x, torch.stack([i.code for i in items]), z, style)
        return judged(self.judge, y, self._wanted(items))

    def _wanted(self, items: Sequence[Item]) -> Wanted:
        grams = zip(*(i.painting.grams(i.size) for i in items), strict=True)
        return Wanted(
            torch.stack([i.content if i.pair is None else i.pair for i in items]),
            torch.tensor([i.pair is not None for i in items]),
            [torch.stack(g) for g in grams],
            [i.painting.columns(i.size) for i in items],
            torch.stack([i.painting.waves(i.size) for i in items]),
        )

    def _item(self, rng: np.random.Generator, style: int) -> Item:
        """Of a named style, by its own code: a pair's crop, or another photograph's."""
        seen = self._seen(rng, style)
        return Item(seen.content, seen.pair, self.pupil.code(style, seen.size), seen.painting, seen.size)

    def _other(self, rng: np.random.Generator) -> Item:
        """Of a painting that is known by its statistics alone, a named one now and then: of these there are pairs."""
        if rng.random() < FAMILIAR:
            seen = self._seen(rng, int(rng.integers(len(self.named))))
        else:
            painting, size = self.others[int(rng.integers(len(self.others)))], SIZES[int(rng.integers(2))]
            seen = _Seen(self._colored(rng, painting.colors(), size), None, painting, size)
        code = self.pupil.predict(seen.painting.moments(seen.size))
        return Item(seen.content, seen.pair, code, seen.painting, seen.size)

    def _seen(self, rng: np.random.Generator, style: int) -> _Seen:
        """What of a named style is looked at."""
        painting = self.named[style]
        pair = self.pairs.draw(rng, CROP, style) if rng.random() < PAIRED else None
        if pair is not None:
            return _Seen(pair.content, pair.painted, painting, pair.size)
        size = SIZES[int(rng.choice(3, p=DRAWN))]
        return _Seen(self._colored(rng, self.pairs.colors[painting.name], size), None, painting, size)

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
        shown: list[tuple[Painting, Tensor, int | None]] = [
            (self.named[i], table[i, 1], i) for i in range(0, len(self.named), 3)
        ]
        shown += [(p, average.predict(p.moments(SIZES[1])), None) for p in self.others[:3]]
        for painting, code, style in shown:
            colors = self.pairs.colors.get(painting.name) or painting.colors()
            colored = [colors.laid_on(c[None]) for c in x]
            painted = [average(in_dabs(c, SIZES[1]), code[None], z, style)[0] for c in colored]
            rows.append([painting.picture(SIZES[0])[0], *painted])
        write_sheet(self.args.out / "sheet.png", rows, side)
        self.pairs.look()
        painter = average.painter()
        painter.vivid |= self.pairs.vivid()
        tensors.store(self.args.out / "painter.safetensors", painter.state())
        return {"pairs": len(self.pairs)}


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m scumble.training.fast.train``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--photos", type=Path, nargs="+", required=True, help="folders of photographs")
    p.add_argument("--styles", type=Path, required=True, help="folder of the paintings in catalogue.json, and others")
    p.add_argument("--paintings", type=Path, nargs="*", default=[], help="folders of more paintings, for any style")
    p.add_argument("--pairs", type=Path, required=True, help="folder that training.fast.pairs fills")
    p.add_argument("--teachers", type=Path, required=True, help="folder of the judging network's weights")
    p.add_argument("--from", dest="start", type=Path, help="a painter's file to begin with")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, required=True)
    p.add_argument("--steps", type=int, help="end after so many steps, if minutes do not end it before")
    p.add_argument("--others", type=int, default=100, help="how many other paintings: each has to be measured first")
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--every", type=int, default=250)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    task = Task(args)
    plan = Plan(args.steps, args.minutes, args.lr, every=args.every, seed=args.seed, ema=0.998)
    run = Run(task.pupil, lambda: task.loss(run.rng), plan, args.out, {})
    if not run.resume():
        task.calibrate()
        if args.start:
            task.pupil.take(load_painter_file(args.start))
        run.average.load_state_dict(task.pupil.state_dict())
    print("at step", run.step, len(task.pairs), "pairs", len(task.others), "other paintings", flush=True)
    assert isinstance(run.average, Pupil)
    average = run.average
    return 0 if run.go(lambda: task.show(average)) else 130


if __name__ == "__main__":
    raise SystemExit(main())
