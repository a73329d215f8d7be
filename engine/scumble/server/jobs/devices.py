"""Which devices there are: told by the user, or found by the first worker; the front itself never looks."""

from __future__ import annotations

from typing import Any

from ...wire.engine.alike import like_the_best
from ...wire.protocol.errors import ScumbleError


class Devices:
    """The devices jobs may run on, best first; unknown until a worker has looked, unless the user named them."""

    def __init__(self, named: tuple[str, ...] = ()) -> None:
        self.found: list[dict[str, Any]] = [{"name": _canonical(n)} for n in named]
        self._fixed = bool(named)

    @property
    def names(self) -> list[str]:
        """Their names; empty while unknown."""
        return [d["name"] for d in self.found]

    @property
    def default(self) -> str:
        """The one that “auto” means; empty while unknown."""
        return self.names[0] if self.found else ""

    def learn(self, found: list[dict[str, Any]]) -> None:
        """Take what a worker found; where the user named the devices, only their descriptions."""
        if not self._fixed:
            self.found = found or self.found
            return
        described = {d["name"]: d for d in found}
        self.found = [described.get(d["name"], d) for d in self.found]

    def choices(self, wanted: str) -> list[str]:
        """Where a job may run: of “auto” every device that is like the best. Raises as `resolve`."""
        best = self.resolve(wanted)
        if wanted not in ("", "auto") or not self.found:
            return [best]
        return [d["name"] for d in like_the_best(self.found)]

    def resolve(self, wanted: str) -> str:
        """The device a job runs on; “auto” while nobody has looked yet. Raises `device-unavailable`."""
        if not self.found:
            return "auto"
        if wanted in ("", "auto"):
            return self.default
        if _canonical(wanted) not in self.names:
            raise ScumbleError("device-unavailable", device=wanted[:40], known=", ".join(["auto", *self.names]))
        return _canonical(wanted)

    def find(self, wanted: str) -> str:
        """As `resolve`; empty where there is no such one any more."""
        try:
            return self.resolve(wanted)
        except ScumbleError:
            return ""


def _canonical(name: str) -> str:
    return f"{name}:0" if name in ("cuda", "xpu") else name
