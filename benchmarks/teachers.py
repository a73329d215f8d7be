"""The same optimization under *slim* and under the teachers that *slim* was distilled from, for a judge to compare.

    python -m benchmarks.teachers --teachers FOLDER --styles FOLDER --out FOLDER [--size 512]

Writes, for each of four photographs: content, the two masks, the result under slim and the one under the teachers.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection
from pathlib import Path

import skimage.data
import torch
from PIL import Image
from sklearn.datasets import load_sample_image
from torch import Tensor

from scumble.features.encoder import VGG19_DEPTHS, Encoder, conv_names
from scumble.features.registry import load_encoder
from scumble.methods.device import choose_dtype
from scumble.methods.optimize.statistics import paint
from scumble.training.slim.teachers import Teachers
from scumble.wire.request.request import Request

from .problems import Silent, halves, picture, problem

CPU = torch.device("cpu")
CASES = {
    "astronaut": ("van-gogh-the-starry-night", "munch-the-scream"),
    "china": ("hokusai-the-great-wave-off-kanagawa", "van-gogh-wheatfield-with-crows"),
    "coffee": ("monet-water-lilies", "munch-the-scream"),
    "chelsea": ("kandinsky-composition-vii", "van-gogh-the-starry-night"),
}


class TeacherEncoder(Encoder):
    """The teachers behind an encoder's interface."""

    def __init__(self, folder: Path) -> None:
        super().__init__("teachers", VGG19_DEPTHS, (64, 128, 256, 512, 512), "conv1_1")
        self.names = conv_names(VGG19_DEPTHS)[:13]
        self.teachers = Teachers(folder, CPU)

    def forward(self, x: Tensor, taps: Collection[str]) -> dict[str, Tensor]:
        """See `Encoder`."""
        return {t: f for t, f in self.teachers(x).items() if t in taps}


def photograph(name: str, side: int) -> Tensor:
    """A photograph that scikit-image's or scikit-learn's wheel carries."""
    pixels = load_sample_image("china.jpg") if name == "china" else getattr(skimage.data, name)()
    return picture(Image.fromarray(pixels), side)


def save(pixels: Tensor, file: Path) -> None:
    """Write 1×C×H×W in [0, 1] as PNG."""
    data = (pixels[0].permute(1, 2, 0).numpy() * 255 + 0.5).astype("uint8")
    Image.fromarray(data.squeeze()).save(file)


def main() -> None:
    """Paint every case under both networks."""
    p = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    p.add_argument("--teachers", type=Path, required=True)
    p.add_argument("--styles", type=Path, required=True)
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--size", type=int, default=512)
    p.add_argument("--only", choices=["slim", "teachers"])
    args = p.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    nets: dict[str, Encoder] = {"slim": load_encoder("slim", CPU, choose_dtype("auto", CPU))}
    nets["teachers"] = TeacherEncoder(args.teachers)
    for name, chosen in CASES.items():
        content = photograph(name, args.size)
        shares = halves(*content.shape[-2:])
        styles = [(s, picture(args.styles / f"{s}.jpg", 1024)) for s in chosen]
        save(content, args.out / f"{name}-content.png")
        for side, share in zip(("left", "right"), shares, strict=True):
            save(share[None, None], args.out / f"{name}-{side}.png")
        for net in [args.only] if args.only else list(nets):
            start = time.perf_counter()
            painted = paint(problem(content, styles, shares), nets[net], Request(), Silent())
            save(painted.picture, args.out / f"{name}-{net}.png")
            took = time.perf_counter() - start
            print(f"{name} under {net}: {took:.1f} s, {painted.steps} steps", flush=True)


if __name__ == "__main__":
    main()
