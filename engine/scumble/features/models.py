"""The perceptual networks by name: where their weights lie, and what a list shows. No torch here."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from ..wire.engine.folders import data_folder
from ..wire.protocol.errors import ScumbleError

SHIPPED = Path(__file__).parent / "weights_data"
ABOUT = {
    "slim": "Narrow VGG19, distilled by us; shipped with the package, runs anywhere.",
    "vgg19": "VGG19 of Simonyan & Zisserman with ImageNet weights (torchvision): the reference, slow on a CPU.",
    "vgg16": "VGG16 of Simonyan & Zisserman with ImageNet weights (torchvision).",
}


def list_models() -> list[dict[str, Any]]:
    """The networks as plain dictionaries: name, about, available, bytes, file. Loads nothing."""
    models = []
    for name, about in ABOUT.items():
        file = weights_file(name)
        here = file.is_file()
        size = file.stat().st_size if here else 0
        models.append({"name": name, "about": about, "available": here, "bytes": size, "file": str(file)})
    return models


def check_name(name: str) -> None:
    """Raise `option-choice` unless there is a network called `name`."""
    if name not in ABOUT:
        raise ScumbleError("option-choice", name="model", value=str(name)[:60], choices=", ".join(ABOUT))


def is_shipped(name: str) -> bool:
    """Whether the weights come with the package; others are fetched at first use."""
    return name == "slim"


def weights_file(name: str) -> Path:
    """Where the weights of `name` are, or would be. Raises `option-choice`, `folder-unsafe`, `file-write`."""
    check_name(name)
    return (SHIPPED if is_shipped(name) else data_folder() / "weights") / f"{name}.safetensors"


def record_file(file: Path) -> Path:
    """The small JSON file beside a weight file that holds its digest."""
    return file.with_suffix(".json")


def read_digest(file: Path) -> str:
    """The recorded SHA-256 of a weight file. Raises `weights-damaged`."""
    try:
        return str(json.loads(record_file(file).read_bytes())["sha256"])
    except (OSError, ValueError, KeyError, TypeError):
        reason = f"its digest file “{record_file(file).name}” cannot be read"
        raise ScumbleError("weights-damaged", name=file.name, reason=reason) from None


def weights_mark(name: str) -> str:
    """What changes when the weights of `name` do: their recorded digest; empty where there are none."""
    try:
        return weights_digest(name) if is_shipped(name) else read_digest(weights_file(name))
    except ScumbleError:
        return ""


@lru_cache(maxsize=8)
def weights_digest(name: str) -> str:
    """The recorded SHA-256 of the weights of a shipped network. Raises `option-choice`, `weights-damaged`."""
    return read_digest(weights_file(name))
