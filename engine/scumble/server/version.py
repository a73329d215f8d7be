"""The version the engine tells, and that its cache of results depends on."""

from __future__ import annotations

from importlib import metadata

try:
    VERSION = metadata.version("scumble")
except metadata.PackageNotFoundError:  # run from a source tree that is not installed
    VERSION = "source"
