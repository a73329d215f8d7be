"""Weights that are not in the package: fetched by the engine's own command, or taken from a folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import List, Optional

from . import commands
from .speech import Failed, say
from .system import output_of

ENDINGS = (".safetensors", ".pth")


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
    """From a file whose name begins with the model's; its digest is checked."""
    if _is_here(scumble, name):
        return
    found = [path for path in sorted(folder.glob(f"{name}*")) if path.suffix in ENDINGS]
    if not found:
        raise Failed(f"{folder} holds no weights of {name}: {name}*.pth or {name}*.safetensors.")
    if commands.run([*scumble, "add", name, str(found[0])], Path.home()):
        raise Failed(f"{found[0]} could not be taken; see above.")


def _is_here(scumble: List[str], name: str) -> bool:
    try:
        models = json.loads(output_of([*scumble, "--json"]))
    except ValueError:
        return False
    return any(m.get("name") == name and m.get("available") for m in models)
