"""Distil *slim* from VGG19 by feature matching through linear heads.

    python -m scumble.training.slim.distil --data PHOTOS PAINTINGS --teachers FOLDER --out RUN

Loss: at each tap, the squared error of the head's output over the variance of the teacher's map, plus a share of the
relative error of its Gram matrix (what style losses will read). Adam, linear warm-up and cosine decay over steps or
minutes, whichever is ahead; an average of the weights is what is exported. Checkpoints (safetensors) every
`--every` steps; a run that finds one goes on from it.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ...features.slim import HEAD_WIDTHS, SLIM_WIDTHS, Slim
from ..pictures import Crops, disturb, find_pictures, held_out
from .grow import grow
from .pool import Pool
from .teachers import Teachers

TAPS = tuple(HEAD_WIDTHS)
GRAM_SHARE = 0.25
EMA_DECAY = 0.998
WARM_UP = 200


def initialise(net: Slim) -> None:
    """He initialisation for thirteen ReLU layers without normalisation."""
    for module in net.convs.values():
        assert isinstance(module, nn.Conv2d) and module.bias is not None
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        nn.init.zeros_(module.bias)


class Scale:
    """The standard deviation of each teacher map, measured once: the unit of the heads."""

    def __init__(self, teachers: Teachers, crops: Crops, device: torch.device) -> None:
        with torch.no_grad():
            maps = [teachers(crops.batch(8).to(device)) for _ in range(6)]
        self.std = {t: float(torch.cat([m[t].flatten() for m in maps]).std()) for t in TAPS}

    def __call__(self, maps: dict[str, Tensor]) -> dict[str, Tensor]:
        return {t: maps[t].float() / self.std[t] for t in TAPS}


def gram(features: Tensor) -> Tensor:
    """Gram matrices per position, N×C×C."""
    f = features.flatten(2)
    return f @ f.transpose(1, 2) / f.shape[-1]


def matching_loss(net: Slim, x: Tensor, targets: dict[str, Tensor]) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and at each tap the error over the target's variance (1 - R²)."""
    total, unexplained = x.new_zeros(()), {}
    for tap, features in net(x, TAPS).items():
        wide, target = net.widened(tap, features.float()), targets[tap]
        error = (wide - target).square().mean() / target.var()
        g, g_target = gram(wide), gram(target)
        gram_error = (g - g_target).square().sum((1, 2)) / g_target.square().sum((1, 2))
        total = total + error + GRAM_SHARE * gram_error.clamp_max(4).mean()
        unexplained[tap] = float(error.detach())
    return total / len(TAPS), unexplained


class Run:
    """A training run: student, its average, optimizer and the place where they are kept."""

    def __init__(self, args: argparse.Namespace) -> None:
        torch.manual_seed(args.seed)
        self.args, self.device = args, torch.device(args.device)
        self.rng = np.random.default_rng(args.seed)
        self.net = Slim(args.widths)
        initialise(self.net)
        if args.grow:
            grow(load_file(args.grow), self.net)
        self.net.to(self.device).to(memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net)
        self.adam = torch.optim.Adam(self.net.parameters(), lr=args.lr, betas=(0.9, 0.99))
        self.step, self.seconds = 0, 0.0
        paths = find_pictures(args.data)
        self.crops = Crops([p for p in paths if not held_out(p)], args.size, self.rng)
        self.validation = [p for p in paths if held_out(p)]
        self.teachers = Teachers(args.teachers, self.device)
        self.scale = Scale(self.teachers, Crops(self.crops.paths, args.size, np.random.default_rng(0)), self.device)
        self.pool = Pool(args.pool)

    @property
    def progress(self) -> float:
        done: float = max(self.step / self.args.steps, self.seconds / 60 / self.args.minutes)
        return min(1.0, done)

    def batch(self) -> Tensor:
        """Disturbed crops and pictures from the pool."""
        n = self.args.batch
        own = disturb(self.crops.batch(n - self.args.from_pool), self.rng)
        fresh = [
            (self.crops.one().to(self.device), self.crops.one().to(self.device)) for _ in range(self.args.from_pool)
        ]
        with self.autocast():
            played = self.pool.step(self.net, fresh)
        return torch.cat([own.to(self.device), played]).to(memory_format=torch.channels_last)

    def autocast(self) -> torch.autocast:
        return torch.autocast(self.device.type, torch.bfloat16)

    def train_step(self) -> tuple[float, dict[str, float]]:
        """One step; the loss and 1 - R² by tap."""
        ramp = min(1.0, (self.step + 1) / WARM_UP)
        lr = self.args.lr * ramp * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * self.progress)))
        for group in self.adam.param_groups:
            group["lr"] = lr
        x = self.batch()
        with self.autocast(), torch.no_grad():
            targets = self.scale(self.teachers(x))
        with self.autocast():
            loss, unexplained = matching_loss(self.net, x, targets)
        self.adam.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.adam.step()
        self.step += 1
        decay = min(EMA_DECAY, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for a, p in zip(self.average.parameters(), self.net.parameters(), strict=True):
                a.lerp_(p, 1 - decay)
        return float(loss.detach()), unexplained

    @torch.no_grad()
    def validate(self, batches: int = 12) -> dict[str, float]:
        """R² of the averaged student's heads on held-out pictures."""
        crops = Crops(self.validation, self.args.size, np.random.default_rng(1))
        sums: dict[str, list[float]] = {t: [] for t in TAPS}
        for _ in range(batches):
            x = crops.batch(8).to(self.device)
            unexplained = matching_loss(self.average, x, self.scale(self.teachers(x)))[1]
            for tap, value in unexplained.items():
                sums[tap].append(value)
        return {t: round(1 - float(np.mean(v)), 4) for t, v in sums.items()}

    def save(self) -> None:
        """Write a checkpoint, whole or not at all."""
        tensors = {f"net.{k}": v for k, v in self.net.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for name, p in self.net.named_parameters():
            state = self.adam.state[p]
            tensors |= {f"adam.{key}.{name}": state[key] for key in ("step", "exp_avg", "exp_avg_sq")}
        file, new = self.args.out / "checkpoint.safetensors", self.args.out / "checkpoint.new"
        meta = {"step": str(self.step), "seconds": str(self.seconds)}
        save_file({k: v.contiguous() for k, v in tensors.items()}, new, metadata=meta)
        os.replace(new, file)

    def load(self) -> bool:
        """Take up the checkpoint of an earlier run; False when there is none."""
        file = self.args.out / "checkpoint.safetensors"
        if not file.exists():
            return False
        tensors = load_file(file)
        with safe_open(file, "pt") as handle:
            meta = handle.metadata()
        self.step, self.seconds = int(meta["step"]), float(meta["seconds"])
        for net, prefix in ((self.net, "net."), (self.average, "average.")):
            net.load_state_dict({k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)})
        for name, p in self.net.named_parameters():
            self.adam.state[p] = {k: tensors[f"adam.{k}.{name}"] for k in ("step", "exp_avg", "exp_avg_sq")}
        return True

    def export(self) -> Path:
        """The averaged student in fp16, as the package ships it."""
        file: Path = self.args.out / "slim.safetensors"
        tensors = {k: v.half().contiguous() for k, v in self.average.state_dict().items()}
        save_file(tensors, file, metadata={"name": "slim", "steps": str(self.step)})
        return file

    def go(self) -> None:
        """Train until steps or minutes are used up, logging one line of JSON now and then."""
        with (self.args.out / "log.jsonl").open("a") as log:
            while self.progress < 1:
                start = time.monotonic()
                loss, unexplained = self.train_step()
                self.seconds += time.monotonic() - start
                if self.step % 20 == 0 or self._stop_due():
                    print(json.dumps(self._line(loss, unexplained)), file=log, flush=True)

    def _stop_due(self) -> bool:
        return self.step % self.args.every == 0 or self.progress >= 1

    def _line(self, loss: float, unexplained: dict[str, float]) -> dict[str, object]:
        """A line of the log; with validation, checkpoint and export when they are due."""
        line: dict[str, object] = {"step": self.step, "minutes": round(self.seconds / 60, 2), "loss": round(loss, 4)}
        if self._stop_due():
            line["r2"] = self.validate()
            self.save()
            self.export()
        return line | {"unexplained": {t: round(v, 3) for t, v in unexplained.items()}}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--data", type=Path, nargs="+", required=True, help="folders of photographs and paintings")
    p.add_argument("--teachers", type=Path, required=True, help="folder of the teachers' safetensors")
    p.add_argument("--out", type=Path, required=True, help="folder of checkpoint, log and weights")
    p.add_argument("--steps", type=int, default=8000)
    p.add_argument("--minutes", type=float, default=100)
    p.add_argument("--batch", type=int, default=8)
    p.add_argument("--from-pool", type=int, default=2, help="pictures of each batch that come from the pool")
    p.add_argument("--pool", type=int, default=16)
    p.add_argument("--size", type=int, default=192, help="crop side in pixels")
    p.add_argument("--lr", type=float, default=2e-3)
    p.add_argument("--every", type=int, default=250, help="steps between checkpoints")
    p.add_argument("--widths", type=int, nargs=5, default=SLIM_WIDTHS, help="channels of the five blocks")
    p.add_argument("--grow", type=Path, help="exported weights of a narrower run to start from")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    return p


def main(argv: list[str] | None = None) -> None:
    """Entry point of ``python -m scumble.training.slim.distil``."""
    args = parser().parse_args(argv)
    args.out.mkdir(parents=True, exist_ok=True)
    run = Run(args)
    print("resumed" if run.load() else "started", "at step", run.step, flush=True)
    run.go()


if __name__ == "__main__":
    main()
