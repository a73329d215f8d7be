"""The main job on a real photograph: a cup of coffee stays a photograph, all around it is painted in two styles.

    python -m scumble.demo --out FOLDER

The saucer is painted as the Great Wave, the table as the Starry Night, each under a soft mask; a feathered selection
spares the cup. It all goes the way a user's picture goes: `scumble stylize`, the client, the engine. The photograph is
scikit-image's own (CC0, Rachel Michetti), so nothing is downloaded.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from .cli import main as scumble

CUP = ((174, 16, 408, 205), (190, 110, 394, 278), (196, 227, 262, 308))  # its rim, body and handle, as ellipses
SPOON = (326, 240, 408, 326)
SAUCER = (76, 66, 480, 390)
SOFT = 14  # px: how far the two styles run into each other
FEATHER = 4  # px


def draw(folder: Path, photo: Image.Image) -> None:
    """Write what a user would bring: photo.png, selection.png, saucer.png, table.png."""
    photo.save(folder / "photo.png")
    spared = _ellipses(photo.size, (*CUP, SPOON)).filter(ImageFilter.GaussianBlur(FEATHER))
    ImageChops.invert(spared).save(folder / "selection.png")
    saucer = _ellipses(photo.size, (SAUCER,)).filter(ImageFilter.GaussianBlur(SOFT))
    saucer.save(folder / "saucer.png")
    ImageChops.invert(saucer).save(folder / "table.png")


def before_after(before: Image.Image, after: Image.Image) -> Image.Image:
    """The two pictures side by side."""
    gap = 8
    both = Image.new("RGB", (before.width + gap + after.width, max(before.height, after.height)), "white")
    both.paste(before, (0, 0))
    both.paste(after, (before.width + gap, 0))
    return both


def run(out: Path, options: Sequence[str]) -> int:
    """Paint, and write demo.png and demo-before-after.png to `out`; the exit code of `scumble stylize`."""
    from skimage.data import coffee

    folder = out / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    photo = Image.fromarray(coffee())
    draw(folder, photo)
    target = out / "demo.png"
    styles = {"great-wave": "saucer", "starry-night": "table"}
    chosen = [f"--style={name}@{folder / mask}.png" for name, mask in styles.items()]
    selection = f"--selection={folder / 'selection.png'}"
    code = scumble(["stylize", str(folder / "photo.png"), *chosen, selection, "-o", str(target), *options])
    if code == 0:
        with Image.open(target) as painted:
            before_after(photo, painted.convert("RGB")).save(out / "demo-before-after.png")
        print(f"The painted picture:  {target}\nBefore and after:     {out / 'demo-before-after.png'}")
    return code


def _ellipses(size: tuple[int, int], boxes: Sequence[tuple[int, int, int, int]]) -> Image.Image:
    mask = Image.new("L", size, 0)
    for box in boxes:
        ImageDraw.Draw(mask).ellipse(box, fill=255)
    return mask


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``python -m scumble.demo``; what it does not know itself goes to `scumble stylize`."""
    parser = argparse.ArgumentParser(prog="scumble.demo", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("out"), help="folder of the results (default: out)")
    args, options = parser.parse_known_args(argv)
    return run(args.out.absolute(), options)


if __name__ == "__main__":
    sys.exit(main())
