"""What an artist asks to have learned: a painting, by what it is called, and for how long."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from ...protocol.blobs import Blobs
from ...protocol.errors import ScumbleError
from ...request.sources import Pixels, file_bytes
from ...request.style import LEAST_SIDE
from ...request.stylechoice import StyleChoice
from ...request.training import GOOD, QUICK, TRAINING_OPTIONS, tags_in
from ...words.translation import tr

FORM = tuple(TRAINING_OPTIONS[name] for name in ("title", "tags", "photographs"))  # what is written


def lengths() -> List[Tuple[str, str]]:
    """How long it may take, with labels."""
    return [
        ("quick", tr("Quick: {n} minutes").format(n=f"{QUICK:g}")),
        ("good", tr("Good: {n} minutes").format(n=f"{GOOD:g}")),
    ]


def minutes_of(length: str) -> float:
    """The minutes of one of `lengths`."""
    return QUICK if length == "quick" else GOOD


@dataclass(frozen=True)
class Lesson:
    """`painting` is a file or a layer; `steps`, where they are given, end it sooner than its minutes."""

    title: str
    painting: Optional[StyleChoice]
    minutes: float = QUICK
    photographs: str = ""
    tags: str = ""
    steps: int = 0

    def check(self) -> None:
        """Raise `style-untitled`, `painting-missing` or `option-…` unless it can be sent."""
        if not self.title.strip():
            raise ScumbleError("style-untitled")
        if self.painting is None:
            raise ScumbleError("painting-missing")
        for option in FORM[:2]:
            option.check(getattr(self, option.name))

    def message(self, read: Callable[[StyleChoice], Pixels]) -> Tuple[Dict[str, Any], Blobs]:
        """The fields of `train`, and the data that goes before it; `read` reads a layer.

        Raises as `check`, what `read` raises, `file-missing`, `picture-unreadable`, `painting-small`.
        """
        self.check()
        blobs, choice = Blobs(), self.painting
        assert choice is not None
        if choice.source == "file":
            picture = blobs.add(file_bytes(choice.name))
        else:
            pixels = read(choice)
            width, height = pixels.format.width, pixels.format.height
            if min(width, height) < LEAST_SIDE:
                raise ScumbleError("painting-small", name=choice.name, width=width, height=height, least=LEAST_SIDE)
            picture = blobs.add(pixels.data, pixels.format)
        fields = {"title": self.title.strip(), "tags": list(tags_in(self.tags)), "minutes": self.minutes}
        fields.update(photographs=self.photographs.strip(), picture=picture.to_plain(), steps=self.steps)
        return fields, blobs


def title_of(choice: StyleChoice) -> str:
    """A name to begin with: a file's; a layer has none that says anything of a painting."""
    if choice.source != "file":
        return ""
    return os.path.splitext(os.path.basename(choice.name))[0].replace("_", " ").replace("-", " ").strip()


def paintings(layers: Sequence[Tuple[str, str]], files: Sequence[str]) -> List[Tuple[StyleChoice, str]]:
    """What can be learned from, with labels: files that were opened, then the picture's layers."""
    found = [(StyleChoice("file", path), os.path.basename(path)) for path in files]
    label = tr("Layer: {name}")
    return found + [(StyleChoice("layer", n.strip(), i), label.format(name=n.strip())) for i, n in layers]
