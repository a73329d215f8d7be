"""`python -m scumble.server`: run the engine in this process."""

from __future__ import annotations

import argparse
import importlib
import math
import sys
from collections.abc import Callable, Sequence

from ..wire.words.speech import never_fail_to_speak
from .settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `serve`; their defaults are those of `Settings`."""
    d = Settings()
    add = parser.add_argument
    listen = "where to listen (%(default)s); other than loopback needs keys, see “scumble keys”"
    add("--listen", "--address", default=d.address, dest="address", metavar="tcp://HOST:PORT", help=listen)
    add("--server-key", default="", metavar="FILE", help="other CURVE keys than those of “scumble keys”")
    add("--client-keys", default="", metavar="FOLDER", help="with those: clients let in; else all who know the key")
    add("--device", action="append", default=[], dest="devices", help="use this device (again for more), look for none")
    add("--store-bytes", type=_positive(int), default=d.store_bytes, help="space for pictures on disk (%(default)s)")
    idle = f"end after so long unused ({d.idle_minutes:g}; never with --listen)"
    add("--idle-minutes", type=_positive(float), help=idle)
    add(
        "--worker-idle-minutes",
        type=_positive(float),
        default=d.worker_idle_minutes,
        help="give memory back after so long unused (%(default)s)",
    )
    add("--method-module", default=d.method_module, help="module whose run() computes, in place of Scumble’s own")
    add("--training-module", default=d.training_module, help="module that learns styles, in place of Scumble’s own")
    extension = "module, without torch, that registers methods or objectives of your own (again for more)"
    add("--extension", action="append", default=[], dest="extensions", metavar="MODULE", help=extension)


def settings_from(options: argparse.Namespace) -> Settings:
    """The settings that parsed arguments describe."""
    names = Settings.__dataclass_fields__
    values = {name: getattr(options, name) for name in names}
    if values["idle_minutes"] is None:  # one that serves other machines stays: they cannot start it again
        values["idle_minutes"] = Settings.idle_minutes if options.address == Settings.address else math.inf
    return Settings(**{**values, **{name: tuple(values[name]) for name in ("devices", "extensions")}})


def _positive(kind: type[int] | type[float]) -> Callable[[str], float]:
    def parse(text: str) -> float:
        value = kind(text)
        if not value > 0:
            raise argparse.ArgumentTypeError("must be above 0")
        return value

    return parse


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the arguments and serve."""
    never_fail_to_speak()
    parser = argparse.ArgumentParser(prog="scumble.server", description="The Scumble engine.")
    add_arguments(parser)
    return run(settings_from(parser.parse_args(arguments)))


def run(settings: Settings) -> int:
    """Serve, in a process that is the engine's alone; its exit code."""
    from .commands import serve
    from .front.cleanstart import start_clean

    for name in settings.extensions:  # so that the names they register are known here as in the workers
        importlib.import_module(name)
    start_clean()
    return serve(settings)


if __name__ == "__main__":
    sys.exit(main())
