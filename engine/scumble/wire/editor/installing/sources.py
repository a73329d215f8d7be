"""What the engine is installed from, and when that may help."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Optional

from ...engine.folders import data_folder
from ...engine.launch import INSTALL, check_ours
from ...engine.remote import remote_connection
from ...protocol.errors import ScumbleError

NAME = "scumble-sources.zip"  # as the installer writes it, into the zip of a plug-in and into the data folder
BOXES = ("/.flatpak-info",)  # a file that Flatpak puts into its sandboxes


def installing_helps(error: Optional[ScumbleError]) -> bool:
    """Whether the engine is missing, or broken, in a way that installing it mends.

    Not where the user named another one, here or on another machine, nor where the system lacks something.
    """
    if error is None or error.code != "engine-missing" or error.values.get("command") != INSTALL:
        return False
    try:
        return not os.environ.get("SCUMBLE_ENGINE") and remote_connection() is None
    except ScumbleError:
        return False


def find_sources(plugin: Path) -> Optional[Path]:
    """The zip file in a plug-in's folder, else the one that the installer kept. Raises `folder-unsafe`."""
    carried, kept = plugin / NAME, data_folder() / NAME
    if carried.is_file():
        return carried
    if not kept.is_file():
        return None
    check_ours(kept.stat(), kept)  # it is about to be executed
    return kept


def in_sandbox() -> bool:
    """Whether the editor is kept from this machine's programs, by Flatpak or as a snap."""
    return sys.platform.startswith("linux") and (
        any(os.path.exists(box) for box in BOXES) or bool(os.environ.get("SNAP_NAME"))
    )
