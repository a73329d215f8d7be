"""The plug-in's own log, `gimp.log` beside the engine's: what a user sends when something went wrong."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Optional

from .wire.errors import ScumbleError
from .wire.folders import log_folder

FILE = "gimp.log"
MAX_BYTES = 1 << 19
KEPT = 2  # older files

logger = logging.getLogger("scumble.gimp")


def log_path() -> Optional[Path]:
    """The log's path; None where its folder cannot be used."""
    try:
        return log_folder() / FILE
    except (ScumbleError, OSError):
        return None


def start_log() -> None:
    """Write to the log from now on. A folder that cannot be used is no reason to fail: nothing is logged then."""
    if logger.handlers:
        return
    logger.propagate = False  # GIMP prints what Python prints
    logger.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk is no reason to fail either
    path = log_path()
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        handler = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
