"""Weights that are not in the package: fetched by the engine's own command, or taken from a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List, Optional

from . import commands
from .speech import Failed, say
from .system import output_of

FOLDER = "weights"  # in the data folder
ENDINGS = (".safetensors", ".pth")


def check(data: Path, names: List[str], offline: Optional[Path]) -> None:
    """Raise `Failed` where weights that are neither here nor in the folder would be wanted from it."""
    for name in names if offline else []:
        if offline and not (data / FOLDER / f"{name}.safetensors").is_file():
            _file_of(name, offline)


def bring(python: Path, names: List[str], offline: Optional[Path]) -> None:
    """Bring the weights of these models, where they are not here yet. Raises `Failed`."""
    scumble = [str(python), "-m", "scumble", "models"]
    for name in names:
        if offline:
            _from_folder(scumble, name, offline)
            continue
        say(f"Bringing the weights of {name}.")
        if commands.run([*scumble, "fetch", name], Path.home()):
            raise Failed(f"the weights of {name} could not be fetched; run this again to go on with them.")


def _from_folder(scumble: List[str], name: str, folder: Path) -> None:
    """From a file of the model's name; its digest is checked."""
    if _is_here(scumble, name):
        return
    file = _file_of(name, folder)
    if commands.run([*scumble, "add", name, str(file)], Path.home()):
        raise Failed(f"{file} could not be taken; see above.")


def _file_of(name: str, folder: Path) -> Path:
    """“vgg19.safetensors” or, as it was downloaded, “vgg19-dcbb9e9d.pth”; not “vgg19_bn-….pth”. Raises `Failed`."""
    files = [path for path in sorted(folder.glob(f"{name}*")) if path.suffix in ENDINGS]
    found = [path for path in files if path.stem == name or path.stem.startswith(f"{name}-")]
    if not found:
        raise Failed(f"{folder} holds no weights of {name}: {name}-….pth or {name}.safetensors.")
    return found[0]


def _is_here(scumble: List[str], name: str) -> bool:
    try:
        models = json.loads(output_of([*scumble, "--json"]))
    except ValueError:
        return False
    return any(m.get("name") == name and m.get("available") for m in models)
