"""Ray loaded and a crew of its workers made: what has to be said to Ray comes before it is loaded."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable

from ..wire.protocol.errors import ScumbleError
from .orders import Crew
from .painter import marks_of

# Nobody is told of its use, and what it would print between our lines is an error of ours instead.
ALWAYS = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_DEDUP_LOGS": "1", "RAY_DEDUP_LOGS_SKIP_REGEX": "^"}
NEAR = ("127.0.0.1", "localhost", "::1")


def join_cluster(address: str, workers: int, styles: Iterable[str], remark: Callable[[ScumbleError], None]) -> Crew:
    """A crew of `workers` in the Ray cluster at `address`; without one, in a cluster that is started here for it.

    With 0 `workers` it is one a GPU, else one a machine, of those started here two. `styles` are the named ones that
    will be asked for. Raises `extra-missing`, `cluster-unreachable`.
    """
    os.environ.update(ALWAYS)
    if not address:
        _stay_here()
    try:
        from .hands import Hands
        from .rays import Rays
    except ImportError as e:
        raise ScumbleError("extra-missing", package="ray", what="A cluster", extra="cluster") from e
    rays = Rays(address, workers)
    try:
        return Hands(rays, marks_of(styles), remark)
    except BaseException:
        rays.close()
        raise


def _stay_here() -> None:
    """A cluster that is started here listens to this machine alone, and wants a token that no other user knows."""
    os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # Ray's word, on every system, for “the loopback address”
    # An engine gives way by itself: Ray's 15 on top is a standstill beside a busy program.
    os.environ.update(RAY_worker_niceness="0", RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=secrets.token_hex(32))
    os.environ.pop("RAY_ADDRESS", None)
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(dict.fromkeys([*filter(None, os.environ.get(name, "").split(",")), *NEAR]))
