"""The machine and its user, as the installer sees them; tests make up others."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import subprocess
import sys
import types
from pathlib import Path
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence

ROOT = Path(__file__).resolve().parent.parent
WIRE = ROOT / "engine" / "scumble" / "wire"
ALONE = "scumble_wire_alone"
ASTRAY = ("VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
PLACES = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")
UNSAID = ("USER", "NO_DEPS", "DRY_RUN", "REQUIRE_HASHES", "IGNORE_INSTALLED", "REQUIRE_VIRTUALENV", "QUIET")
USERS_PACKAGES = ("PYTHONUSERBASE", "PYTHONNOUSERSITE")  # where pip itself may lie, and whether that is to be seen


def clean_environment(**more: str) -> Dict[str, str]:
    """This process's environment, without what would lead another Python astray and with `more`.

    Of Python's own variables nearly all would: other paths, warnings as errors, an interpreter that does not end.
    """
    env = {k: v for k, v in os.environ.items() if not _leads_astray(k.upper())}
    env["PYTHONUTF8"] = "1"
    env.update(more)
    return env


def _leads_astray(name: str) -> bool:
    return name in ASTRAY or (name.startswith("PYTHON") and name not in USERS_PACKAGES)


def offline_environment() -> Dict[str, str]:
    """`clean_environment` for a pip that is to take what it is given, whatever is set on this machine.

    Constraints, folders and indexes of the user's are for the network; here they would bring other packages, or refuse
    those that are there. `--isolated` would not do: pip goes on reading the files for all users. An empty file in place
    of the user's turns them all off, as Python's own ensurepip does it.
    """
    env = {k: v for k, v in clean_environment().items() if not k.upper().startswith("PIP_")}
    return {**env, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1"}


def pip_environment() -> Dict[str, str]:
    """`clean_environment` for a pip that goes by the machine's settings of where packages come from, and no others.

    A mirror, a certificate or a constraint is there for a reason. That packages go into the user's own folder, or
    come without what they need, was not said of this environment. The variables have the last word in pip.
    """
    env = {k: v for k, v in clean_environment().items() if k.upper() not in PLACES}
    return {**env, **{f"PIP_{name}": "0" for name in UNSAID}}


def output_of(command: Sequence[str]) -> str:
    """What a small program prints; empty where it is missing, fails or takes too long."""
    quiet = subprocess.DEVNULL
    try:
        done = subprocess.run(
            list(command), env=clean_environment(), timeout=20, stdout=subprocess.PIPE, stdin=quiet, stderr=quiet
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


class System:
    """A machine: `platform` as in `sys.platform`, and where to look instead of “/” for what belongs to all users."""

    def __init__(
        self,
        platform_name: str = sys.platform,
        environ: Optional[Mapping[str, str]] = None,
        home: Optional[Path] = None,
        root: Path = Path("/"),
        which: Callable[[str], Optional[str]] = shutil.which,
        output: Callable[[Sequence[str]], str] = output_of,
        machine: str = "",
    ) -> None:
        self.platform = platform_name
        self.environ = os.environ if environ is None else environ
        self.home = home or Path.home()
        self.root = root
        self.which = which
        self.output = output
        self.machine = (machine or platform.machine()).lower()

    @property
    def windows(self) -> bool:
        return self.platform == "win32"

    @property
    def mac(self) -> bool:
        return self.platform == "darwin"

    def own(self, kind: str) -> Path:
        """The user's folder of ours for `kind` (“data”, “cache”, “logs”); it is not made."""
        given = self.environ.get(f"SCUMBLE_{kind.upper()}", "")
        if given:
            return Path(given).expanduser().absolute()
        return Path(borrow("engine.folders").default_folder(kind, self.platform, self.environ, self.home))

    def runtime(self) -> Path:
        """Where a running engine tells how to reach it; it is not made."""
        given = self.environ.get("SCUMBLE_RUNTIME", "")
        if given:
            return Path(given).expanduser().absolute()
        return Path(borrow("engine.folders").default_runtime(self.platform, self.environ, self.home))

    def folder(self, variable: str, *fallback: str) -> Path:
        """A folder that an environment variable names, else one in the home folder; relative names do not count."""
        given = self.environ.get(variable, "")
        return Path(given) if os.path.isabs(given) else self.home.joinpath(*fallback)

    def found(self, folder: Path, pattern: str) -> List[Path]:
        """What matches in a folder, sorted; nothing where it cannot be read."""
        try:
            return sorted(folder.glob(pattern))
        except OSError:
            return []


def borrow(name: str) -> Any:
    """A module of the engine's `wire`, without the start of that package, which needs msgpack."""
    if ALONE not in sys.modules:
        package = types.ModuleType(ALONE)
        package.__path__ = [str(WIRE)]
        sys.modules[ALONE] = package
    return importlib.import_module(f"{ALONE}.{name}")
