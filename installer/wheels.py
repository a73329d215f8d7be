"""Whether a folder of wheels suits this Python and this system: told from their names, before anything is touched."""

from __future__ import annotations

import platform
import re
import sys
import sysconfig
import zipfile
from email.parser import HeaderParser
from pathlib import Path
from typing import AbstractSet, Dict, Iterator, List, NamedTuple, Set, Tuple

from .speech import Failed

# name-version[-build]-pythons-abis-platforms.whl; the last three may be several each, with dots between
NAME = re.compile(r"([^-]+)-([^-]+)(?:-\d[^-]*)?-([^-]+)-([^-]+)-([^-]+)\.whl")
OLD_LINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
SYSTEMS = {"linux": "Linux", "win": "Windows", "macosx": "macOS"}


class Target(NamedTuple):
    """What wheels have to be made for."""

    python: Tuple[int, int]
    system: str  # “linux”, “win”, “macosx”
    machine: str  # “x86_64”, “amd64”, “arm64”
    release: Tuple[int, int] = (0, 0)  # of macOS, or of glibc
    musl: bool = False  # that library is musl, not glibc
    threaded: bool = False  # this Python has no global lock

    @property
    def abi(self) -> str:
        """As wheels name it: “cp313”."""
        return "cp{}{}{}".format(*self.python, "t" if self.threaded else "")

    def __str__(self) -> str:
        release = "{}.{}".format(*self.release) if any(self.release) else ""
        system = SYSTEMS.get(self.system, self.system) + (f" {release}" if release and self.system == "macosx" else "")
        library = f", glibc {release}" if release and self.system == "linux" and not self.musl else ""
        return f"Python {self.python[0]}.{self.python[1]} ({self.abi}) on {system} {self.machine}{library}"


def this_machine() -> Target:
    """What this Python takes."""
    system, _, machine = sysconfig.get_platform().partition("-")
    if system == "macosx":
        release, machine = platform.mac_ver()[0], platform.machine()
    else:
        release = platform.libc_ver()[1]
    if system == "win32":
        system, machine = "win", "x86"
    major, minor = ([int(part) for part in re.findall(r"\d+", release)] + [0, 0])[:2]
    threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    musl = "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")
    return Target((sys.version_info[0], sys.version_info[1]), system, machine, (major, minor), musl, threaded)


def suits(wheel: str, target: Target) -> bool:
    """Whether a wheel of this file name can be installed there."""
    match = NAME.fullmatch(wheel)
    if not match:
        return False
    pythons, abis, platforms = (match[i].split(".") for i in (3, 4, 5))
    return any(_python_suits(p, a, target) for p in pythons for a in abis) and any(
        _platform_suits(p, target) for p in platforms
    )


def check(folder: Path, wheel: Path, target: Target, installed: AbstractSet[str] = frozenset()) -> None:
    """Raise `Failed` where what `wheel` needs is neither in `folder` for `target` nor `installed` already.

    What is needed under conditions alone is left to pip.
    """
    wheels: Dict[str, List[Path]] = {}
    for path in sorted(folder.glob("*.whl")):
        wheels.setdefault(_plain(path.name.partition("-")[0]), []).append(path)
    foreign, missing, seen, to_do = [], [], set(), [_plain(wheel.name.partition("-")[0])]
    while to_do:
        name = to_do.pop()
        if name in seen:
            continue
        seen.add(name)
        fitting = [path for path in wheels.get(name, []) if suits(path.name, target)]
        if fitting:
            to_do += _needs(fitting[-1])
        elif name in installed:
            continue
        elif name in wheels:
            foreign.append(f"{wheels[name][0].name} is for {_tags(wheels[name][0])}")
        else:
            missing.append(name)
    if foreign or missing:
        raise Failed(_sentence(folder, sorted(foreign), sorted(missing), target))


def installed_in(packages: Path) -> Set[str]:
    """The packages in an environment, as `check` names them."""
    return {_plain(path.name.partition("-")[0]) for path in packages.glob("*.dist-info")}


def how_to_make() -> str:
    """What makes a folder that suits."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    python = f"py -{version}" if sys.platform == "win32" else f"python{version}"
    return (
        "On a machine with a network and the same system and Python, run in a copy of this folder: "
        f"{python} -m pip wheel --wheel-dir FOLDER . pip"
    )


def _sentence(folder: Path, foreign: List[str], missing: List[str], target: Target) -> str:
    said = [f"{folder} does not suit this machine, which is {target}."]
    if foreign:
        more = f"; and {len(foreign) - 3} more" if len(foreign) > 3 else ""
        said.append(f"It has what is needed for other machines: {'; '.join(foreign[:3])}{more}.")
    if missing:
        said.append(f"It lacks {', '.join(missing[:8])}{' …' if len(missing) > 8 else ''}.")
    return " ".join([*said, how_to_make()])


def _python_suits(python: str, abi: str, target: Target) -> bool:
    match = re.fullmatch(r"(py|cp)(\d)(\d*)", python)
    if not match:
        return False
    kind, wanted = match[1], (int(match[2]), int(match[3] or 0))
    older = wanted[0] == target.python[0] and wanted <= target.python
    if abi == "none":
        return older if kind == "py" or not match[3] else wanted == target.python
    if abi == "abi3":
        return kind == "cp" and older and not target.threaded
    if abi == "abi3t":  # the same for a Python without the lock
        return kind == "cp" and older and target.threaded
    return kind == "cp" and wanted == target.python and abi == target.abi


def _platform_suits(name: str, target: Target) -> bool:
    if name == "any":
        return True
    if target.system == "win":
        return name == f"win_{target.machine}" or (name == "win32" and target.machine == "x86")
    match = re.fullmatch(r"([a-z]+)_(\d+)_(\d+)_(\w+)", name)
    least = (int(match[2]), int(match[3])) if match else None
    kind, machine = (match[1], match[4]) if match else _split(name)
    if target.system == "macosx":
        machines = (target.machine, "universal2")
        return kind == "macosx" and least is not None and least <= target.release and machine in machines
    if machine != target.machine:
        return False
    if kind == "linux":
        return True
    if target.musl:
        return kind == "musllinux"
    least = least or OLD_LINUX.get(kind)
    return kind.startswith("manylinux") and least is not None and least <= target.release


def _split(name: str) -> Tuple[str, str]:
    """“manylinux2014_x86_64” in two."""
    kind, _, machine = name.partition("_")
    return kind, machine


def _needs(wheel: Path) -> Iterator[str]:
    """The packages that a wheel needs in any case. Raises `Failed` where it is damaged."""
    try:
        with zipfile.ZipFile(str(wheel)) as archive:
            name = next(n for n in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", n))
            told = HeaderParser().parsestr(archive.read(name).decode("utf-8", "replace"))
    except (OSError, StopIteration, zipfile.BadZipFile):
        raise Failed(f"{wheel} is damaged. Copy it again, and run this again.") from None
    needs: Set[str] = {str(line) for line in told.get_all("Requires-Dist") or ()}
    yield from (_plain(re.split(r"[^\w.-]", line.strip())[0]) for line in needs if ";" not in line)


def _plain(name: str) -> str:
    """A package's name, however it was spelt."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _tags(wheel: Path) -> str:
    match = NAME.fullmatch(wheel.name)
    return f"{match[3]}-{match[4]}-{match[5]}" if match else "nothing that can be told"
