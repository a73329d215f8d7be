"""What the tests of layers share: GIMP knows the words of `layerlab`, and pictures come as arrays."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from ..editors import standin
from .gimpproc import GimpProcess

WORDS = "\n".join(p.read_text("utf-8") for p in (Path(__file__).with_name("layerlab.py"), Path(standin.__file__)))


def teach(gimp: GimpProcess) -> GimpProcess:
    """Let it know the words of `layerlab`, and through them the plug-in."""
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}")
    return gimp


def pixels(gimp: GimpProcess, expression: str, shape: tuple[int, ...], kind: str = "u1") -> NDArray[Any]:
    """What an expression gives as bytes, as an array."""
    return np.frombuffer(gimp.get(expression), f"<{kind}").reshape(shape)


def exported(gimp: GimpProcess, path: Path) -> NDArray[Any]:
    """What the image shows, by way of a PNG file, as RGBA."""
    gimp.run(f"export({str(path)!r})")
    return np.asarray(Image.open(io.BytesIO(path.read_bytes())).convert("RGBA"))
