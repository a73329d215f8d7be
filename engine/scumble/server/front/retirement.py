"""When an engine goes: a newer client asked, its files were replaced, or the process it was started for has ended."""

from __future__ import annotations

import os

from ...wire.engine.launch import OWNER, STARTER
from ...wire.engine.processes import is_alive
from ...wire.version import newer, version_on_disk
from ..version import VERSION

LOOK_SECONDS = 5.0  # between two looks at the files
QUIET_SECONDS = 5.0  # without jobs, before it goes unasked


class Retirement:
    """Whether this engine is the installed one. Clients of the version that started it are no reason to make room."""

    def __init__(self) -> None:
        self._starter = os.environ.get(STARTER, "")
        owner = os.environ.get(OWNER, "")
        self._owner = int(owner) if owner.isdecimal() else 0
        self._wanted = False
        self._looked = 0.0

    @property
    def orphaned(self) -> bool:
        """Whether the process that it belongs to has ended."""
        return self._owner > 0 and not is_alive(self._owner)

    def claim(self, version: str) -> bool:
        """Whether an engine for clients of `version` would be a newer one; remembered."""
        met = bool(self._starter) and not newer(version, self._starter)
        claimed = newer(version, VERSION) and not met
        self._wanted = self._wanted or claimed
        return claimed

    def due(self, now: float) -> bool:
        """Whether a successor was asked for, or its files lie where ours did."""
        if not self._wanted and now - self._looked > LOOK_SECONDS:
            self._looked = now
            self._wanted = version_on_disk() not in ("", VERSION)
        return self._wanted
