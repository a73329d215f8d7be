"""Which version this is."""

from __future__ import annotations

from importlib import metadata


def installed_version() -> str:
    """The installed package's version; “source” when run from a source tree that is not installed."""
    try:
        return metadata.version("scumble")
    except metadata.PackageNotFoundError:
        return "source"
