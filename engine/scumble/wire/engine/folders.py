"""Where the engine and its clients keep files: the platform's folders, private to the user.

`SCUMBLE_RUNTIME`, `SCUMBLE_DATA`, `SCUMBLE_CACHE` and `SCUMBLE_LOGS` override them one by one.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from pathlib import Path
from typing import Mapping, Optional

from ..protocol.errors import ScumbleError

NAME = "scumble"


def runtime_folder() -> Path:
    """The connection file and the lock: mode 700, owned by this user. Raises `folder-unsafe`, `file-write`."""
    path = _override("SCUMBLE_RUNTIME") or default_runtime(sys.platform, os.environ, _home())
    return _private(path, tighten=True)


def data_folder() -> Path:
    """What the user keeps: downloaded weights, their own styles, presets. Raises `folder-unsafe`, `file-write`."""
    return _private(_override("SCUMBLE_DATA") or default_folder("data", sys.platform, os.environ, _home()))


def cache_folder() -> Path:
    """What can be made again: blobs, results. Raises `folder-unsafe`, `file-write`."""
    return _private(_override("SCUMBLE_CACHE") or default_folder("cache", sys.platform, os.environ, _home()))


def log_folder() -> Path:
    """The engine's logs. Raises `folder-unsafe`, `file-write`."""
    return _private(_override("SCUMBLE_LOGS") or default_folder("logs", sys.platform, os.environ, _home()))


def default_runtime(platform: str, environ: Mapping[str, str], home: Path) -> Path:
    """The platform's runtime folder for `platform` (as `sys.platform`), before any override."""
    if platform == "win32":
        return _local_app_data(environ, home) / NAME / "run"
    if platform == "darwin":
        return home / "Library" / "Caches" / NAME / "run"
    xdg = environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(xdg) and _is_ours(Path(xdg)):  # after `su` it still names the other user's
        return Path(xdg) / NAME
    shared = Path(tempfile.gettempdir()) / f"{NAME}-{_uid()}{_other_home(home)}"
    if os.path.lexists(shared) and not _is_ours(
        shared, follow=False
    ):  # another user made it first: use a folder of our own instead
        return default_folder("cache", platform, environ, home) / "run"
    return shared


def default_folder(kind: str, platform: str, environ: Mapping[str, str], home: Path) -> Path:
    """The platform's folder for `kind` (“data”, “cache”, “logs”), before any override."""
    if platform == "win32":
        return _local_app_data(environ, home) / NAME / kind
    if platform == "darwin":
        parents = {"data": "Application Support", "cache": "Caches", "logs": "Logs"}
        return home / "Library" / parents[kind] / NAME
    variable, fallback = {
        "data": ("XDG_DATA_HOME", ".local/share"),
        "cache": ("XDG_CACHE_HOME", ".cache"),
        "logs": ("XDG_STATE_HOME", ".local/state"),
    }[kind]
    xdg = environ.get(variable, "")  # the XDG rules: a relative path is ignored
    return (Path(xdg) if os.path.isabs(xdg) else home / fallback) / NAME


def _override(variable: str) -> Optional[Path]:
    value = os.environ.get(variable, "")
    return Path(value).expanduser().absolute() if value else None


def _local_app_data(environ: Mapping[str, str], home: Path) -> Path:
    return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local")


def _uid() -> int:
    return os.getuid() if sys.platform != "win32" else 0


def _other_home(home: Path) -> str:
    """What tells a home apart that is not the user's usual one: its engine has other styles, weights and logs."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        usual = pwd.getpwuid(_uid()).pw_dir
    except KeyError:  # a user without a name
        return ""
    if os.path.realpath(usual) == os.path.realpath(home):
        return ""
    return "-" + hashlib.sha256(os.fsencode(os.path.realpath(home))).hexdigest()[:8]


def _home() -> Path:
    """Raises `file-write` where the system knows none."""
    try:
        return Path.home()
    except RuntimeError:
        raise ScumbleError("file-write", name="~", reason="this user has no home folder") from None


def _is_ours(path: Path, follow: bool = True) -> bool:
    try:
        found = path.stat() if follow else path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and (sys.platform == "win32" or found.st_uid == _uid())


def _private(path: Path, tighten: bool = False) -> Path:
    """`path`, made with mode 700 where it is new. With `tighten` it must be ours and is closed to everyone else."""
    try:
        for folder in [*reversed([p for p in path.parents if not p.exists()]), path]:  # none open, whatever the umask
            folder.mkdir(mode=0o700, exist_ok=True)
        if tighten and sys.platform != "win32":  # on Windows the profile's access list does this
            found = path.lstat()  # not stat: a link planted in the temporary folder must not be followed
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != _uid():
                raise ScumbleError("folder-unsafe", path=path)
            if found.st_mode & 0o077:
                path.chmod(0o700)
        if sys.platform != "win32" and not os.access(path, os.R_OK | os.X_OK):
            ours = path.stat().st_uid == _uid()  # else it was made with “sudo”, say
            raise PermissionError(13, "you may not look into it" if ours else "it belongs to another user")
    except OSError as e:
        raise ScumbleError("file-write", name=path, reason=e.strerror or e) from e
    return path
