"""A plug-in's own log beside the engine's: what a user sends when something went wrong."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Optional

from ..engine.folders import log_folder
from ..protocol.errors import ScumbleError

MAX_BYTES = 1 << 19
KEPT = 2  # older files


def log_file(name: str) -> Optional[Path]:
    """The path of the log `name`; None where its folder cannot be used."""
    try:
        return log_folder() / name
    except (ScumbleError, OSError):
        return None


def write_to_file(logger: logging.Logger, name: str) -> None:
    """Write to the log `name` from now on. Where its folder cannot be used nothing is logged, and nothing fails."""
    if logger.handlers:
        return
    logger.propagate = False  # editors show or print what Python prints
    logger.setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk is no reason to fail either
    path = log_file(name)
    handler: logging.Handler = logging.NullHandler()
    if path is not None:
        handler = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(handler)
