"""A user's folder of photographs as training pictures: any layout below it, whatever cannot be used left out.

The crops are drawn once and kept, so that what the encoder sees in each is computed once: a style's code has a few
thousand numbers, and some hundred crops are more than it can remember.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor

from ...wire.protocol.errors import ScumbleError
from ..pictures import SUFFIXES

SMALLEST = 64  # pixels; a smaller picture has nothing to learn from
BANK = 240  # crops
HELD_OUT = 4  # photographs for the sheet, and for the losses that are reported
OTHERS = {".heic", ".heif", ".avif", ".tif", ".tiff", ".gif", ".bmp", ".jp2", ".jxl", ".psd", ".dng", ".cr2", ".cr3"}
OTHERS |= {".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"}  # photographs, but in no format that is read here
FORMATS = ("PNG", "JPEG", "MPO", "TIFF", "WEBP")  # never those for which Pillow starts another program


@dataclass
class Contents:
    """Crops 3×S×S as bytes; `held_out` ones are never trained on unless there is a single photograph."""

    crops: list[Tensor]
    held_out: list[Tensor]
    skipped: dict[str, int] = field(default_factory=dict)  # “unreadable”, “small”, “unsupported” → count
    apart: int = 0  # photographs that are held out; 0 where the only one is shown as well

    def batch(self, which: list[int]) -> Tensor:
        """Crops by index, N×3×S×S in [0, 1]."""
        return torch.stack([self.crops[i] for i in which]).float() / 255


def read_contents(
    folder: Path, size: int, seed: int, bank: int = 0, tell: Callable[[int, int], None] = lambda done, of: None
) -> Contents:
    """`bank` crops (0: as many as usual) of the photographs below `folder`; `tell` hears how many are read.

    Raises `contents-missing`.
    """
    bank, rng, skipped = bank or BANK, np.random.default_rng(seed), {"unreadable": 0, "small": 0, "unsupported": 0}
    paths = _find(folder, skipped)
    rng.shuffle(paths)
    pictures: list[Image.Image] = []
    wanted = bank + HELD_OUT
    for picture in _readable(paths, size, skipped):
        pictures.append(picture)
        tell(len(pictures), min(wanted, len(paths)))
        if len(pictures) == wanted:
            break
    if not pictures:
        reason = f"of its {len(paths)} pictures {skipped['unreadable']} cannot be read and {skipped['small']} are small"
        raise ScumbleError("contents-missing", path=folder, reason=reason, least=SMALLEST)
    held = min(HELD_OUT, len(pictures) // 2)
    shown, taught = pictures[: held or 1], pictures[held:]
    crops = [_crop(taught[i % len(taught)], size, rng) for i in range(bank)]
    return Contents(crops, [_middle(p, size) for p in shown], skipped, held)


def _find(folder: Path, skipped: dict[str, int]) -> list[Path]:
    """All picture files below `folder`, sorted; those of other formats are counted. Raises `contents-missing`."""
    if not folder.is_dir():
        raise ScumbleError("contents-missing", path=folder, reason="it is not a folder", least=SMALLEST)
    try:
        found = sorted(folder.rglob("*"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise ScumbleError("contents-missing", path=folder, reason=reason, least=SMALLEST) from None
    paths = [p for p in found if p.suffix.lower() in SUFFIXES]
    skipped["unsupported"] = sum(p.suffix.lower() in OTHERS for p in found)
    if not paths:
        reason = f"it holds no {', '.join(sorted(SUFFIXES))}"
        raise ScumbleError("contents-missing", path=folder, reason=reason, least=SMALLEST)
    return paths


def _readable(paths: list[Path], size: int, skipped: dict[str, int]) -> Iterator[Image.Image]:
    """The pictures that can be used, no larger than crops of `size` need."""
    for path in paths:
        try:
            picture = _read(path, size)
        except Exception:  # a broken file can make a decoder raise anything
            skipped["unreadable"] += 1
            continue
        if picture is None:
            skipped["small"] += 1
        else:
            yield picture


def _read(path: Path, size: int) -> Image.Image | None:
    """A photograph in RGB, its short side at most 1.6 × `size`; None for one that is too small."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of decoders, about odd metadata
        with Image.open(path, formats=FORMATS) as im:
            if min(im.size) < SMALLEST:
                return None
            short = round(1.6 * size)
            im.draft("RGB", (short, short))  # a JPEG is decoded at a fraction of its size
            upright = ImageOps.exif_transpose(im).convert("RGB")
    k = short / min(upright.size)
    if k >= 1:
        return upright
    width, height = (max(size, round(e * k)) for e in upright.size)
    return upright.resize((width, height), Image.Resampling.BICUBIC)


def _crop(im: Image.Image, size: int, rng: np.random.Generator) -> Tensor:
    """A random square of 60–100 % of the short side, perhaps mirrored."""
    side = min(im.size) * rng.uniform(0.6, 1.0)
    x, y = (rng.uniform(0, edge - side) for edge in im.size)
    t = _tensor(im.resize((size, size), Image.Resampling.BICUBIC, box=(x, y, x + side, y + side)))
    return t.flip(-1) if rng.random() < 0.5 else t


def _middle(im: Image.Image, size: int) -> Tensor:
    return _tensor(ImageOps.fit(im, (size, size), Image.Resampling.BICUBIC))


def _tensor(im: Image.Image) -> Tensor:
    return torch.from_numpy(np.asarray(im).copy()).permute(2, 0, 1)
