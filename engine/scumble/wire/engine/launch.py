"""Start the engine: which command, in which environment, apart from the editor."""

from __future__ import annotations

import importlib.util
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO, Dict, List, Mapping, NamedTuple, Optional, Sequence

from ..protocol.errors import CASES, ScumbleError
from ..protocol.paths import native, readable
from ..version import VERSION
from .folders import data_folder, log_folder

COMMAND_FILE = "engine-command.json"
LOG_FILE = "engine-start.log"
MAX_LOG = 1 << 20  # bytes
INSTALL = "python install.py"
STARTER = "SCUMBLE_STARTER"  # the version of whoever started an engine: it is what is installed for that
OWNER = "SCUMBLE_OWNER"  # the process with which an engine ends, where it was started for that one alone
ERROR_LINE = "scumble-error: "  # before an error as JSON, which an engine that was started by a program ends with
SPEECH = {"PYTHONIOENCODING": "utf-8"}  # in which its output is read, whatever Windows's code page

# What editors and bundles set for their own Python and libraries; the engine has others.
_FOREIGN = (
    *("LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_INSERT_LIBRARIES", "DYLD_FRAMEWORK_PATH"),
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONNOUSERSITE", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__"),
    *("GI_TYPELIB_PATH", "GIO_MODULE_DIR", "GIO_EXTRA_MODULES", "GDK_PIXBUF_MODULE_FILE", "GSETTINGS_SCHEMA_DIR"),
    *("QT_PLUGIN_PATH", "QT_QPA_PLATFORM_PLUGIN_PATH", "BABL_PATH", "GEGL_PATH", "APPDIR", "APPIMAGE", "ARGV0", "OWD"),
)


class Command(NamedTuple):
    """How the engine is started: the words, and folders its Python needs besides its own."""

    words: List[str]
    python_path: str = ""


class _Detached(subprocess.Popen):  # type: ignore[type-arg]  # Python 3.8 cannot subscribe it
    """A process that may outlive this one, by design: no object of it warns of that when it goes."""

    def __del__(self, *_: object) -> None:
        """Nothing to warn of."""


class Started(NamedTuple):
    """An engine's process and where its output begins in the log."""

    process: subprocess.Popen[bytes]
    log: Path
    begin: int
    at: float

    def lost(self) -> bool:
        """Whether it ended because another engine holds the lock: one that is just starting, or just ending."""
        return self.process.poll() is not None and "[engine-running]" in self.tail()

    def tail(self) -> str:
        """The last lines it wrote for people."""
        lines = [line for line in self._lines() if not line.startswith(ERROR_LINE)]
        return " / ".join(line.strip() for line in lines[-5:] if line.strip())[-600:]

    def error(self) -> Optional[ScumbleError]:
        """The error that it ended with, if that was one of ours: its remedy helps more than “install again”."""
        # Not always the last line: what was printed before may be written out only as the process ends.
        last = next((line for line in reversed(self._lines()) if line.startswith(ERROR_LINE)), "")
        try:
            plain = json.loads(last[len(ERROR_LINE) :]) if last else None
        except ValueError:
            return None
        return ScumbleError.from_plain(plain) if isinstance(plain, dict) and plain.get("code") in CASES else None

    def _lines(self) -> List[str]:
        try:
            with self.log.open("rb") as file:
                file.seek(self.begin)
                return file.read(MAX_LOG).decode("utf-8", "replace").splitlines()
        except OSError:
            return []


_started: List[Started] = []  # kept, so that ended ones are collected


def engine_command() -> Command:
    """`$SCUMBLE_ENGINE`, else the installer's file, else this Python's own engine.

    Raises `engine-missing`; `folder-unsafe` where the installer's file is not ours alone to write.
    """
    given = os.environ.get("SCUMBLE_ENGINE", "")
    if given:
        return Command(_words(readable(given)))
    installed = data_folder() / COMMAND_FILE
    if installed.is_file():
        return Command(_read_command(installed))
    package = _own_engine()
    if package is not None:
        return Command([sys.executable, "-m", "scumble.server"], str(package))
    raise ScumbleError("engine-missing", reason="it was not found on this machine", command=INSTALL)


def start_engine(command: Command) -> Started:
    """Start a process that outlives this one and shares nothing with it. Raises `engine-missing`, `folder-unsafe`."""
    path = log_folder() / LOG_FILE
    detach: Dict[str, int] = {}
    _check_program(command.words[0])
    if sys.platform == "win32":
        detach["creationflags"] = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
    try:
        with _open_log(path) as log:
            begin = log.tell()
            env = {**clean_environment(os.environ, command.python_path), **SPEECH, STARTER: VERSION}
            process = _Detached(
                out_of_sandbox(command.words, env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=env,
                cwd=str(path.parent),  # a folder of ours: a file in the user's own could be taken for a module
                start_new_session=sys.platform != "win32",
                **detach,  # type: ignore[call-overload]
            )
    except OSError as e:
        raise ScumbleError(
            "engine-missing", reason=f"{readable(command.words[0])}: {e.strerror or e}", command=INSTALL
        ) from e
    _started[:] = [s for s in _started if s.process.poll() is None]
    _started.append(Started(process, path, begin, time.monotonic()))
    return _started[-1]


def _open_log(path: Path) -> BinaryIO:
    """To append to, begun anew when it is long; for the user alone, whatever the editor's umask."""
    longest = path.exists() and path.stat().st_size >= MAX_LOG
    return open(path, "wb" if longest else "ab", opener=lambda name, flags: os.open(name, flags, 0o600))


def error_line(error: ScumbleError) -> str:
    """The line by which an engine tells whoever started it why it ends."""
    return ERROR_LINE + json.dumps(error.to_plain())


def clean_environment(environ: Mapping[str, str], python_path: str = "") -> Dict[str, str]:
    """`environ` without what editors set for themselves, unless `SCUMBLE_KEEP_ENV` is set."""
    keep = bool(environ.get("SCUMBLE_KEEP_ENV"))
    out = {k: v for k, v in environ.items() if keep or k not in _FOREIGN}
    if python_path:
        out["PYTHONPATH"] = os.pathsep.join(filter(None, (python_path, out.get("PYTHONPATH"))))
    return out


def out_of_sandbox(words: Sequence[str], environ: Mapping[str, str]) -> List[str]:
    """`words`, in which Flatpak's way out of a sandbox is told our variables: it takes along none by itself."""
    if os.path.basename(words[0]) != "flatpak-spawn":
        return list(words)
    ours = [f"--env={name}={value}" for name, value in sorted(environ.items()) if name.startswith("SCUMBLE_")]
    return [words[0], *ours, *words[1:]]


def _own_engine() -> Optional[Path]:
    """The folder that holds this Python's own `scumble`, with its server; None in an editor."""
    try:
        spec = importlib.util.find_spec("scumble.server")
    except (ImportError, ValueError):
        return None
    if spec is None or not spec.origin:
        return None
    return Path(spec.origin).parents[2]


def check_ours(found: os.stat_result, path: Path) -> None:
    """Refuse what others may have written: it is about to be executed. Raises `folder-unsafe`."""
    if sys.platform == "win32":
        return
    folder = path.parent.stat()
    ours = (os.getuid(), 0)
    closed = folder.st_uid in ours and not folder.st_mode & 0o077  # then its own mode lets nobody in
    open_to_others = not closed and (found.st_mode | folder.st_mode) & 0o022
    if not stat.S_ISREG(found.st_mode) or found.st_uid not in ours or folder.st_uid not in ours or open_to_others:
        raise ScumbleError("folder-unsafe", path=readable(path))


def _check_program(word: str) -> None:
    """Refuse a program that everyone may write. Raises `folder-unsafe`."""
    program = shutil.which(word)
    if sys.platform != "win32" and program is not None and os.stat(program).st_mode & 0o002:
        raise ScumbleError("folder-unsafe", path=readable(program))


def _words(text: str) -> List[str]:
    """A command line, or a JSON list of words."""
    try:
        words = json.loads(text) if text.startswith("[") else shlex.split(text, posix=sys.platform != "win32")
    except ValueError as e:
        raise ScumbleError("engine-missing", reason=f"SCUMBLE_ENGINE: {e}", command=INSTALL) from e
    return _checked(words, "SCUMBLE_ENGINE")


def _read_command(path: Path) -> List[str]:
    try:
        with path.open("rb") as file:
            check_ours(os.fstat(file.fileno()), path)
            plain = json.loads(file.read().decode("utf-8"))
    except (OSError, ValueError) as e:
        how = f"cannot be read: {e.strerror}" if isinstance(e, OSError) else "is damaged"
        raise ScumbleError("engine-missing", reason=f"{readable(path)} {how}", command=INSTALL) from e
    return _checked(plain.get("command") if isinstance(plain, dict) else None, readable(path))


def _checked(words: object, where: str) -> List[str]:
    if not isinstance(words, list) or not words or not all(isinstance(w, str) and w and "\0" not in w for w in words):
        raise ScumbleError("engine-missing", reason=f"{where} holds no command", command=INSTALL)
    return [w.strip('"') if sys.platform == "win32" else native(w) for w in words]
