"""The version the engine tells, and that its cache of results depends on."""

from __future__ import annotations

from ..wire.version import VERSION

__all__ = ["VERSION"]
