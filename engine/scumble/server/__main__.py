"""`python -m scumble.server`: run the engine in this process."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from .settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`; their defaults are those of `Settings`."""
    d = Settings()
    add = parser.add_argument
    add("--address", default=d.address, help="where to listen; other than loopback needs --server-key (%(default)s)")
    add("--server-key", default="", metavar="FILE", help="CURVE key pair of the engine")
    add("--client-keys", default="", metavar="FOLDER", help="CURVE keys let in; else whoever knows the engine's key")
    add("--device", action="append", default=[], dest="devices", help="use this device (again for more), look for none")
    add("--store-bytes", type=_positive(int), default=d.store_bytes, help="space for pictures on disk (%(default)s)")
    add("--idle-minutes", type=_positive(float), default=d.idle_minutes, help="end after so long unused (%(default)s)")
    add(
        "--worker-idle-minutes",
        type=_positive(float),
        default=d.worker_idle_minutes,
        help="give memory back after so long unused (%(default)s)",
    )
    add("--method-module", default=d.method_module, help="module whose run() computes; for methods of your own")


def settings_from(options: argparse.Namespace) -> Settings:
    """The settings that parsed arguments describe."""
    names = Settings.__dataclass_fields__
    values = {name: getattr(options, name) for name in names}
    return Settings(**{**values, "devices": tuple(values["devices"])})


def _positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError("must be above 0")
        return value

    return parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(prog="scumble.server", description="The Scumble engine.")
    add_arguments(parser)
    settings = settings_from(parser.parse_args(arguments))
    from .commands import serve

    return serve(settings)


if __name__ == "__main__":
    sys.exit(main())
