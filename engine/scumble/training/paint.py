"""Train the painter that ships: first for any style (codes predicted), then for the library's too (codes in a table).

    python -m scumble.training.paint any --data PHOTOS --paintings FOLDER[:SHARE] … --out RUN
    python -m scumble.training.paint both --data PHOTOS --paintings … --from RUN/painter.safetensors --out RUN2

`named` trains the table alone, in a network that stays as it is: for styles that join the library later.

Losses: `paintloss`. Some pictures of a batch are trained towards the identity, some towards a strength between, so that
between the identity's code and a style's lies the style weakened. The averaged weights are what is exported. A run that
finds a checkpoint goes on from it; Ctrl-C and a signal to end write one.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from ..features import tensors
from ..features.encoder import Encoder
from ..features.registry import load_encoder
from ..networks.adaptive import BLOCKS, WIDTHS, AdaptiveNet
from ..networks.painting import recalled
from .allocator import keep_memory
from .log import Terms
from .namedstyles import NamedStyles
from .painters import AnyStyle, Apprentice, BothStyles, StyleTable, stacked
from .paintloss import Seen, Wanted, Weights, look, paint_loss
from .pictures import Crops, find_pictures, held_out
from .run import CHECKPOINT, Plan, Run
from .sheet import write_sheet
from .sources import AnySource, MixedSource, NamedSource, Source
from .stylepool import StylePool, UnseenPaintings, read_groups

CALIBRATION = 160  # styles
IDENTITY, BETWEEN = 0.07, 0.15  # of pictures
SHOWN = 4  # photographs of a contact sheet


class Task:
    """A painter's losses on random photographs in styles of a source."""

    def __init__(self, args: argparse.Namespace, apprentice: Apprentice, source: Source, encoder: Encoder) -> None:
        photos = find_pictures(args.data)
        self.args, self.apprentice, self.source, self.encoder = args, apprentice, source, encoder
        self.weights = Weights(content=args.content_weight)
        self.paths = [p for p in photos if not held_out(p)]
        self.unseen = [p for p in photos if held_out(p)] or photos
        self.crops: Crops | None = None

    @property
    def trained(self) -> nn.Module:
        """What learns: named styles only their codes, so that the network still paints any other."""
        return self.apprentice.styles if self.args.mode == "named" else self.apprentice

    def loss(self, rng: np.random.Generator) -> tuple[Tensor, Terms]:
        """See `run.Loss`."""
        self.crops = self.crops or Crops(self.paths, self.args.size, rng)
        x = self.crops.batch(self.args.batch).contiguous(memory_format=torch.channels_last)
        drawn = self.source.draw(rng, len(x))
        strengths = [_strength(rng, 0 if self.args.mode == "named" else IDENTITY) for _ in drawn]
        seen = look(self.encoder, x, min(strengths) < 1)
        y = _recalled(_paint(self.apprentice, seen, [d[0] for d in drawn], strengths), x, strengths)
        wanted = [Wanted(d[1], s) for d, s in zip(drawn, strengths, strict=True)]
        return paint_loss(self.encoder, x, y, wanted, self.weights, seen)

    @torch.no_grad()
    def validate(self, average: Apprentice) -> dict[str, Any]:
        """Mean losses of the averaged weights on photographs that were held out, and a contact sheet."""
        side = self.args.sheet
        x = Crops(self.unseen, side, np.random.default_rng(5)).batch(SHOWN)
        seen = look(self.encoder, x, False)
        rows: list[list[Tensor | None]] = [[None, *x.unbind()]]
        sums: list[Terms] = []
        for given, moments, picture in self.source.examples():
            y = _paint(average, seen, [given] * SHOWN, [1.0] * SHOWN)
            wanted = [Wanted(moments, 1.0)] * SHOWN
            sums.append(paint_loss(self.encoder, x, y.clamp(0, 1), wanted, self.weights, seen)[1])
            rows.append([picture, *y.unbind()])
        write_sheet(self.args.out / "sheet.png", rows, side)
        same = _recalled(_paint(average, seen, [given] * SHOWN, [0.0] * SHOWN), x, [0.0] * SHOWN).clamp(0, 1)
        psnr = -10 * math.log10(float((same - x).square().mean()) + 1e-9)
        means = {k: round(float(np.mean([s[k] for s in sums])), 4) for k in ("style", "content", "tv")}
        return {"unseen": {**means, "identity_psnr": round(psnr, 2)}}


def _strength(rng: np.random.Generator, identity: float) -> float:
    kind = rng.random()
    return 0.0 if kind < identity else float(rng.uniform(0.1, 1)) if kind < identity + BETWEEN else 1.0


def _paint(apprentice: Apprentice, seen: Sequence[Seen], styles: Sequence[Any], strengths: Sequence[float]) -> Tensor:
    codes = apprentice.styles.codes(styles)
    with torch.autocast("cpu", torch.bfloat16):
        y: Tensor = apprentice(seen, codes, torch.tensor(strengths))
    return y


def _recalled(y: Tensor, contents: Tensor, strengths: Sequence[float]) -> Tensor:
    """As the painter does it: weakened paintings take the content's colours back."""
    even = y.new_ones(y.shape[-2:])
    rows = zip(torch.split(y, 1), torch.split(contents, 1), strengths, strict=True)
    return torch.cat([recalled(one, content, even, 1 - s) for one, content, s in rows])


def prepare_any(args: argparse.Namespace, encoder: Encoder, started: bool) -> tuple[Apprentice, Source]:
    """The painter of any style and its paintings; unless it was `started`, its predictor is calibrated on them."""
    apprentice = _beginner(args, encoder)
    unseen = UnseenPaintings(args.unseen, args.paintings, encoder)
    pool = StylePool(read_groups(args.paintings, unseen.paths), encoder, np.random.default_rng(args.seed))
    for _ in range(args.calibration):
        pool.renew()
    if not (args.start or started):
        assert isinstance(apprentice.styles, AnyStyle)
        apprentice.styles.predictor.calibrate(stacked(pool.entries))
    return apprentice, AnySource(pool, unseen)


def prepare_both(args: argparse.Namespace, encoder: Encoder, started: bool) -> tuple[Apprentice, Source]:
    """A painter of any style, and the library's styles in a table beside it, their codes begun as it predicts them."""
    general, source = prepare_any(args, encoder, started)
    styles = NamedStyles(encoder, args.names)
    assert isinstance(source, AnySource) and isinstance(general.styles, AnyStyle)
    table = StyleTable(styles.names, styles.initial(general.styles))
    apprentice = Apprentice(general.net, general.identity_code(), BothStyles(general.styles, table))
    return apprentice, MixedSource(source, NamedSource(styles))


def prepare_named(args: argparse.Namespace, encoder: Encoder, started: bool) -> tuple[Apprentice, Source]:
    """The library's styles for a painter of any style, their codes begun as it predicts them."""
    styles, general = NamedStyles(encoder, args.names), _beginner(args, encoder).requires_grad_(False)
    assert isinstance(general.styles, AnyStyle)
    table = StyleTable(styles.names, styles.initial(general.styles))
    apprentice = Apprentice(general.net, general.identity_code(), table)
    apprentice.identity.requires_grad_(False)
    return apprentice, NamedSource(styles)


def _beginner(args: argparse.Namespace, encoder: Encoder) -> Apprentice:
    """A painter of any style, as it was made or as the file says that it is begun from."""
    net = AdaptiveNet(encoder, args.widths, args.blocks)
    found = Apprentice(net, torch.zeros(net.code_size), AnyStyle(net))
    if args.start:
        found.take(tensors.parse(args.start.name, tensors.read_bytes(args.start)), args.start.name)
    return found


def train(args: argparse.Namespace) -> bool:
    """Train to the end and export; False when it was stopped on the way."""
    keep_memory()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    encoder = load_encoder("slim", "cpu", torch.bfloat16)
    prepare = {"any": prepare_any, "both": prepare_both, "named": prepare_named}[args.mode]
    apprentice, source = prepare(args, encoder, (args.out / CHECKPOINT).exists())
    task = Task(args, apprentice.to(memory_format=torch.channels_last), source, encoder)
    plan = Plan(args.steps, args.minutes, args.lr, every=args.every, seed=args.seed)
    run = Run(task.trained, lambda: task.loss(run.rng), plan, args.out, {})
    print("resumed at" if run.resume() else "started at", "step", run.step, flush=True)
    average = apprentice.averaged(run.average)
    done = run.go(lambda: task.validate(average))
    state = average.painter().state()
    if args.mode == "named":
        general = _beginner(args, encoder).painter().state()
        state |= {k: v for k, v in general.items() if k.startswith("predictor.")}
    tensors.store(args.out / "painter.safetensors", state)
    return done


def main(argv: list[str] | None = None) -> int:
    """Entry point of ``python -m scumble.training.paint``."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("mode", choices=("any", "both", "named"))
    p.add_argument("--data", type=Path, nargs="+", required=True, help="folders of photographs")
    paintings = "folders of paintings, or patterns of files below one, each with its share of what is drawn"
    p.add_argument("--paintings", nargs="+", default=[], metavar="FOLDER[/PATTERN][:SHARE]", help=paintings)
    p.add_argument("--unseen", type=Path, default=Path(__file__).parent / "unseen.json", help="works left out, by name")
    p.add_argument("--from", dest="start", type=Path, help="a painter's file, or a checkpoint, to begin with")
    p.add_argument("--names", nargs="+", help="named styles (default: the whole library)")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int)
    p.add_argument("--minutes", type=float, default=None)
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--size", type=int, default=192)
    p.add_argument("--sheet", type=int, default=320, help="side of a picture on the contact sheet")
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--every", type=int, default=500)
    p.add_argument("--content-weight", type=float, default=0.12)
    p.add_argument("--calibration", type=int, default=CALIBRATION, help="styles")
    p.add_argument("--widths", type=int, nargs=2, default=WIDTHS)
    p.add_argument("--blocks", type=int, nargs=3, default=BLOCKS)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args(argv)
    if args.mode != "named" and not args.paintings:
        p.error("any style needs --paintings")
    if args.mode != "any" and not args.start:
        p.error("named styles begin --from a painter of any style")
    if not (args.steps or args.minutes):
        p.error("say how long: --steps or --minutes")
    return 0 if train(args) else 130


if __name__ == "__main__":
    raise SystemExit(main())
