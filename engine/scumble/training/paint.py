"""Train the transformation network: for any style (codes predicted), or for named styles (codes in a table).

    python -m scumble.training.paint --data PHOTOS --styles FOLDER --more-styles FOLDER --out RUN
    python -m scumble.training.paint --data PHOTOS --styles FOLDER --named --from RUN/any.safetensors --out RUN2
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
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from ..features.registry import load_encoder
from ..networks.condition import PerPicture
from ..networks.predictor import TAPS, StylePredictor
from ..networks.transform import TransformNet
from .paintloss import Wanted, Weights, paint_loss
from .pictures import Crops, find_pictures, held_out
from .stylepool import Moments, StylePool, measure, without

EMA_DECAY = 0.998
WARM_UP = 150
CALIBRATION = 160  # styles
SIZES = (256, 512, 1024)  # at which a named style has a code: the long side of its picture
SHARES = (0.1, 0.2)  # of pictures trained towards the identity, and towards a strength between


class AnyStyle(nn.Module):
    """Codes predicted from statistics of a renewed pool of paintings."""

    def __init__(self, code_size: int) -> None:
        super().__init__()
        self.predictor = StylePredictor(code_size)

    def codes(self, styles: list[Moments]) -> Tensor:
        return self.predictor({t: torch.stack([s[t] for s in styles]) for t in TAPS})


class Painter(nn.Module):
    """What is trained together: the network, the identity's code, and where the others come from."""

    def __init__(self) -> None:
        super().__init__()
        self.net = TransformNet()
        self.identity = nn.Parameter(torch.zeros(self.net.code_size))
        self.styles = AnyStyle(self.net.code_size)

    def forward(self, x: Tensor, styles: list[Moments], strengths: list[float]) -> Tensor:
        codes = self.styles.codes(styles)
        a = torch.tensor(strengths)[:, None]
        mixed = self.identity * (1 - a) + codes * a
        out: Tensor = self.net(x, PerPicture(self.net.norms, mixed))
        return out


class Run:
    def __init__(self, args: argparse.Namespace) -> None:
        torch.manual_seed(args.seed)
        self.args, self.rng = args, np.random.default_rng(args.seed)
        self.encoder = load_encoder("slim", "cpu", torch.bfloat16)
        self.painter = Painter().to(memory_format=torch.channels_last)
        photos = find_pictures(args.data)
        self.crops = Crops([p for p in photos if not held_out(p)], args.size, self.rng)
        self.unseen_photos = [p for p in photos if held_out(p)]
        unseen = [args.styles / f"{n}.jpg" for n in json.loads(args.unseen.read_text())]
        own = without(find_pictures([args.styles]), unseen)
        more = without(find_pictures([args.more_styles]), unseen)
        fine = [p for p in more if p.name.startswith("hires")]
        small = [p for p in more if not p.name.startswith("hires")]
        print(len(own), len(fine), len(small), "paintings", flush=True)
        self.unseen = unseen
        self.pool = StylePool([(0.35, own), (0.3, fine), (0.35, small)], self.encoder, self.rng)
        self.step, self.seconds, self.sums, self.count = 0, 0.0, {}, 0

    def begin(self) -> None:
        for _ in range(CALIBRATION):
            self.pool.renew()
        if self.step == 0:
            some = [self.pool.entries[i] for i in range(CALIBRATION)]
            self.painter.styles.predictor.calibrate({t: torch.stack([s[t] for s in some]) for t in TAPS})
            self.average = copy.deepcopy(self.painter)
        self.weights = Weights(content=self.args.content_weight)

    def make_optimizer(self) -> None:
        self.adam = torch.optim.Adam(self.painter.parameters(), lr=self.args.lr, betas=(0.9, 0.99))

    @property
    def progress(self) -> float:
        return min(1.0, max(self.step / self.args.steps, self.seconds / 60 / self.args.minutes))

    def draw(self) -> tuple[Moments, float]:
        kind = self.rng.random()
        if kind < SHARES[0]:
            return self.pool.draw(), 0.0
        if kind < sum(SHARES):
            return self.pool.draw(), float(self.rng.uniform(0.1, 1))
        return self.pool.draw(), 1.0

    def train_step(self) -> dict[str, float]:
        if self.step % 2 == 0:
            self.pool.renew()
        lr = self.args.lr * min(1.0, (self.step + 1) / WARM_UP) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * self.progress)))
        for group in self.adam.param_groups:
            group["lr"] = lr
        x = self.crops.batch(self.args.batch).to(memory_format=torch.channels_last)
        drawn = [self.draw() for _ in range(self.args.batch)]
        styles, strengths = [d[0] for d in drawn], [d[1] for d in drawn]
        with torch.autocast("cpu", torch.bfloat16):
            y = self.painter(x, styles, strengths).float()
        total, terms = paint_loss(self.encoder, x, y, [Wanted(s, a) for s, a in drawn], self.weights)
        self.adam.zero_grad()
        total.backward()
        terms["norm"] = float(nn.utils.clip_grad_norm_(self.painter.parameters(), 1.0))
        self.adam.step()
        self.step += 1
        decay = min(EMA_DECAY, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for a, p in zip(self.average.parameters(), self.painter.parameters(), strict=True):
                a.lerp_(p, 1 - decay)
        return terms

    @torch.no_grad()
    def validate(self) -> dict[str, float]:
        """Losses of the averaged network on unseen paintings and photographs, and a contact sheet."""
        side, rows, sums = 320, [], []
        crops = Crops(self.unseen_photos, side, np.random.default_rng(5))
        contents = [crops.one() for _ in range(4)]
        rows.append([torch.zeros(3, side, side), *contents])
        for path in self.unseen:
            with Image.open(path) as im:
                im = im.convert("RGB")
                k = 512 / max(im.size)
                im = im.resize((round(im.width * k), round(im.height * k)), Image.Resampling.LANCZOS)
            s = torch.from_numpy(np.asarray(im).copy()).permute(2, 0, 1).float() / 255
            m = measure(self.encoder, s)
            shown = torch.nn.functional.interpolate(s[None], (side, side), mode="area")[0]
            row = [shown]
            for c in contents:
                with torch.autocast("cpu", torch.bfloat16):
                    y = self.average(c[None].to(memory_format=torch.channels_last), [m], [1.0]).float().clamp(0, 1)
                sums.append(paint_loss(self.encoder, c[None], y, [Wanted(m, 1.0)], self.weights)[1])
                row.append(y[0])
            rows.append(row)
        with torch.autocast("cpu", torch.bfloat16):
            same = self.average(torch.stack(contents).to(memory_format=torch.channels_last), [m] * 4, [0.0] * 4)
        mse = float((same.float().clamp(0, 1) - torch.stack(contents)).square().mean())
        sheet = torch.cat([torch.cat(r, 2) for r in rows], 1)
        Image.fromarray((sheet.permute(1, 2, 0) * 255).round().byte().numpy()).save(self.args.out / "sheet.png")
        out = {k: round(float(np.mean([s[k] for s in sums])), 4) for k in ("style", "content", "tv")}
        return out | {"identity_psnr": round(-10 * math.log10(mse + 1e-9), 2)}

    def save(self) -> None:
        tensors = {f"net.{k}": v for k, v in self.painter.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        for name, p in self.painter.named_parameters():
            if p in self.adam.state:
                state = self.adam.state[p]
                tensors |= {f"adam.{key}.{name}": state[key] for key in ("step", "exp_avg", "exp_avg_sq")}
        file, new = self.args.out / "checkpoint.safetensors", self.args.out / "checkpoint.new"
        save_file({k: v.clone().contiguous() for k, v in tensors.items()}, new, metadata={"step": str(self.step), "seconds": str(self.seconds)})
        os.replace(new, file)

    def load(self) -> bool:
        file = self.args.out / "checkpoint.safetensors"
        if not file.exists():
            return False
        tensors = load_file(file)
        with safe_open(file, "pt") as handle:
            meta = handle.metadata()
        self.step, self.seconds = int(meta["step"]), float(meta["seconds"])
        self.average = copy.deepcopy(self.painter)
        for net, prefix in ((self.painter, "net."), (self.average, "average.")):
            net.load_state_dict({k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)})
        for name, p in self.painter.named_parameters():
            if f"adam.step.{name}" in tensors:
                self.adam.state[p] = {k: tensors[f"adam.{k}.{name}"] for k in ("step", "exp_avg", "exp_avg_sq")}
        return True

    def go(self) -> None:
        with (self.args.out / "log.jsonl").open("a") as log:
            while self.progress < 1:
                start = time.monotonic()
                terms = self.train_step()
                self.seconds += time.monotonic() - start
                self.count += 1
                self.sums = {k: self.sums.get(k, 0.0) + v for k, v in terms.items()}
                due = self.step % self.args.every == 0 or self.progress >= 1
                if self.step % 50 == 0 or due:
                    line = {"step": self.step, "minutes": round(self.seconds / 60, 2)}
                    line |= {k: round(v / self.count, 5) for k, v in self.sums.items()}
                    self.sums, self.count = {}, 0
                    if due:
                        line["unseen"] = self.validate()
                        self.save()
                    print(json.dumps(line), file=log, flush=True)


def main() -> None:
    p = argparse.ArgumentParser()
    p.add_argument("--data", type=Path, nargs="+", required=True)
    p.add_argument("--styles", type=Path, required=True)
    p.add_argument("--more-styles", type=Path, required=True)
    p.add_argument("--unseen", type=Path, default=Path(__file__).parent / "unseen.json")
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--steps", type=int, default=100000)
    p.add_argument("--minutes", type=float, default=60)
    p.add_argument("--batch", type=int, default=4)
    p.add_argument("--size", type=int, default=256)
    p.add_argument("--lr", type=float, default=1.5e-3)
    p.add_argument("--every", type=int, default=500)
    p.add_argument("--content-weight", type=float, default=0.6)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    run = Run(args)
    run.make_optimizer()
    print("resumed" if run.load() else "started", run.step, flush=True)
    run.begin()
    run.go()


if __name__ == "__main__":
    main()
