"""The plug-in's own log, `krita.log` beside the engine's: what a user sends when something went wrong."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Optional

from .wire.editor.pluginlog import log_file, write_to_file

FILE = "krita.log"

logger = logging.getLogger("scumble.krita")


def log_path() -> Optional[Path]:
    """The log's path; None where its folder cannot be used."""
    return log_file(FILE)


def start_log() -> None:
    """Write to the log from now on."""
    write_to_file(logger, FILE)
