"""A photograph, and a painting of which a part is taken; and what the command line paints of them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..methods.test_picture_masks import half, landscape, photo
from .engine import ROOT, EngineHome

SIZE = (400, 240)  # of the photograph: twice the painting's, so that its mask is stretched to whole pixels


def make_pictures(folder: Path) -> None:
    """“photo.png”, “painting.png”, “half.png”, its right half's mask, and “hill.png”, a painting without a sky."""
    Image.fromarray(photo()).resize(SIZE, Image.Resampling.BICUBIC).save(folder / "photo.png")
    Image.fromarray(landscape()).save(folder / "painting.png")
    Image.fromarray(landscape()[80:]).save(folder / "hill.png")
    Image.fromarray(half()[..., 0]).save(folder / "half.png")


def painted_by_command(home: EngineHome, folder: Path, style: str) -> Any:
    """The layer that `scumble stylize` paints with the editor's own engine, RGBA."""
    words = ["photo.png", "--style", style, "--method", "fast", "--layer", "layer.png", "--quiet"]
    environment = {**os.environ, **home.environment(), "PYTHONPATH": str(ROOT / "engine")}
    command = [sys.executable, "-m", "scumble", "stylize", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    with Image.open(folder / "layer.png") as layer:
        return np.asarray(layer.convert("RGBA"))
