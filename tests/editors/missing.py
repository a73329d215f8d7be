"""A machine without the engine: what it is installed from, and a folder of packages in place of a registry.

The packages are small. Scumble's own hands everything on to the engine of these tests, so that what is installed, by
the real installer with a real Python and a real pip, starts a real engine.
"""

from __future__ import annotations

import ensurepip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import msgpack

from installer import targets
from installer.bundle import packed_sources
from installer.sources import NAME
from plugins.assemble import PURE

from ..installer.wheel import wheel
from .engine import EngineHome

HAND_ON = """
import os, sys
words = {words}
os.execvp(words[0], [*words, *sys.argv[1:]])
"""
TRIAL = """
import sys
if sys.argv[1] == "stylize":
    open(sys.argv[sys.argv.index("-o") + 1], "w").write("painted")
"""


def bare(home: EngineHome, way: Sequence[str] = ()) -> dict[str, str]:
    """What an editor must be given that finds no engine, and can install one; `way` as in `environment`."""
    data, packages = home.folder / "data", home.folder / "packages"
    data.mkdir(mode=0o700, parents=True)
    (data / NAME).write_bytes(packed_sources())
    (data / NAME).chmod(0o600)
    words = json.dumps([*way, *home.command()])
    pure = {path.stem: path.read_text() for path in (Path(msgpack.__file__).with_name(name) for name in PURE)}
    wheel(packages, "msgpack", "1.0", pure.pop("__init__"), **pure)
    wheel(packages, "scumble", targets.version(), "", "msgpack", __main__=TRIAL, server=HAND_ON.format(words=words))
    for pip in (Path(ensurepip.__file__).parent / "_bundled").glob("pip-*.whl"):
        shutil.copy(pip, packages)
    return {**home.environment(), "SCUMBLE_ENGINE": "", "SCUMBLE_OFFLINE": str(packages)}
