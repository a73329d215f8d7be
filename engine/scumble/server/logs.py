"""The engine's log: one file that rotates, in the platform's log folder."""

from __future__ import annotations

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from ..wire.engine.folders import log_folder
from .version import VERSION

LOG_BYTES = 1 << 20
LOG_FILES = 3


def log_path() -> Path:
    """Where the engine's log is."""
    return log_folder() / "engine.log"


def start_log() -> Path:
    """Send the log of this process to the file; a full disk loses lines, never the engine."""
    path = log_path()
    handler = RotatingFileHandler(path, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.raiseExceptions = False
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    logging.getLogger("scumble").info("engine %s, process %d", VERSION, os.getpid())  # what errors name is there then
    logging.getLogger("zmq.auth").setLevel(logging.WARNING)  # its debug lines hold the token
    return path
