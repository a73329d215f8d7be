"""Where photographs to learn on are, when nobody says: the user's own pictures, else the one that is in the package."""

from __future__ import annotations

import os
import re
from pathlib import Path

PACKAGED = Path(__file__).parents[1] / "library"  # holds the motif alone
_LINE = re.compile(r'^XDG_PICTURES_DIR="(.*)"', re.M)


def pictures_folder() -> Path:
    """The user's folder of pictures, as the desktop knows it; it need not be there."""
    home = Path.home()
    try:
        config = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "user-dirs.dirs"
        found = _LINE.search(config.read_text("utf-8"))
    except (OSError, ValueError):
        found = None
    return Path(found[1].replace("$HOME", str(home))) if found else home / "Pictures"
