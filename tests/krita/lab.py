"""What the tests of layers share: Krita knows the words of `layerlab`, and what the engine would send."""

from __future__ import annotations

from pathlib import Path

from ..editors import standin
from .kritaproc import KritaProcess

WORDS = "\n".join(p.read_text("utf-8") for p in (Path(__file__).with_name("layerlab.py"), Path(standin.__file__)))
BLUE = [200, 20, 10, 255]  # as Krita keeps it: blue first


def teach(krita: KritaProcess) -> KritaProcess:
    """Let it know them."""
    krita.run(WORDS)
    return krita


def with_base(krita: KritaProcess) -> KritaProcess:
    """Let it know them, and open a picture of one blue layer, `base`."""
    teach(krita).new_document()
    krita.run(f"base = fill(document.activeNode(), {BLUE})")
    krita.settle()
    return krita
