"""One installation of the engine: an installer's process that is started, looked at and ended, without waiting."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Dict, Optional

from ...engine.folders import cache_folder, data_folder, log_folder
from ...engine.launch import clean_environment
from ...protocol.errors import ScumbleError
from ...protocol.paths import readable
from ...words.translation import explain
from .labels import labels
from .pythons import PythonSearch, without_window
from .sources import find_sources, in_sandbox
from .speech import STOPPED, Told

LOG = "install.log"
PATIENCE = 5.0  # seconds that the installer has to end by itself
PREFIX, OLD_SECONDS = "installing-", 86_400.0  # its folder in the cache, which is removed when nobody can use it now
# The installer's own process unpacks it: that takes too long for an editor's timer.
BOOT = """
import runpy, sys, zipfile
archive, folder, *words = sys.argv[1:]
with zipfile.ZipFile(archive) as file:
    file.extractall(folder)
sys.path.insert(0, folder)
sys.argv = [folder + "/install.py", *words]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Installation:
    """Call `tick` from a timer. `state` is “looking” (for a Python), “ready”, “running”, then “done”, “failed” or
    “cancelled”; “impossible” where it cannot be done from here. `text` says why, and what to do.
    """

    def __init__(self, plugin: Path, search: Optional[PythonSearch] = None) -> None:
        """`plugin` is the folder of a plug-in, which may carry what the engine is installed from."""
        self.state, self.text = "looking", labels().looking
        self.told = Told()
        self.log = ""  # where all that was said can be read
        self._search = search if search is not None else PythonSearch()
        self._sources: Optional[Path] = None
        self._process: Optional[subprocess.Popen[bytes]] = None
        self._folder, self._read, self._rest = "", 0, b""
        self._cancelled = 0.0  # when
        try:
            self._sources = find_sources(plugin)
            reason = labels().sandbox if in_sandbox() else "" if self._sources else labels().no_sources
        except ScumbleError as e:
            reason = explain(e)
        if reason:
            self._end("impossible", reason)

    @property
    def ended(self) -> bool:
        """Whether nothing more happens until `begin`."""
        return self.state not in ("looking", "running")

    @property
    def may_begin(self) -> bool:
        """Whether `begin` would do anything."""
        return self._search.found is not None and self.state in ("ready", "failed", "cancelled")

    @property
    def cancelling(self) -> bool:
        """Whether it was told to end, and has not ended."""
        return self.state == "running" and bool(self._cancelled)

    @property
    def heading(self) -> str:
        """What it does now, or how it ended."""
        if self.cancelling:
            return labels().cancelling
        return self.told.stage if self.state == "running" else self.text

    @property
    def detail(self) -> str:
        """More on that; where all can be read that was said, when it failed."""
        if self.state == "running":
            return " · ".join(part for part in (self.told.detail, self.told.counted) if part)
        return labels().log.format(path=readable(self.log)) if self.state == "failed" and self.log else ""

    def begin(self) -> None:
        """Install, or try once more."""
        if not self.may_begin:
            return
        self.told, self._read, self._rest, self._cancelled = Told(), 0, b"", 0.0
        try:
            self._start()
        except (OSError, ScumbleError) as e:
            reason = explain(e) if isinstance(e, ScumbleError) else f"{readable(e.filename or '')}: {e.strerror or e}"
            self._clear()
            self._end("failed", reason)

    def cancel(self) -> None:
        """End it; what has been brought is gone on with the next time."""
        if self.state == "looking":
            self._search.stop()
            self._end("cancelled", labels().cancelled)
        elif self.state == "running" and not self._cancelled:
            self._cancelled = time.monotonic()
            _end_group(self._process, signal.SIGINT)

    def tick(self) -> bool:
        """Move on; whether something may have changed."""
        if self.state == "looking":
            self._look()
            return True
        if self.state != "running" or self._process is None:
            return False
        code = self._process.poll()
        self._listen()
        if code is None and self._cancelled and time.monotonic() > self._cancelled + PATIENCE:
            _end_group(self._process, getattr(signal, "SIGKILL", signal.SIGTERM))
        if code is not None:
            self._process = None
            self._clear()
            self._over(code)
        return True

    def _look(self) -> None:
        self._search.tick()
        if self._search.ended:
            found = self._search.found
            if found is None:
                self._end("impossible", labels().no_python)
            else:
                python = f"Python {found.version}, {readable(found.words[0])}"
                self._end("ready", labels().about.format(folder=readable(data_folder()), python=python))

    def _start(self) -> None:
        assert self._search.found is not None and self._sources is not None
        _remove_old(cache_folder())
        self._folder = tempfile.mkdtemp(prefix=PREFIX, dir=str(cache_folder()))
        folder, brought = os.path.join(self._folder, "sources"), os.path.join(self._folder, "brought")
        os.mkdir(brought)
        self.log = str(log_folder() / LOG)
        words = [folder, "--editor", "none", "--watched", brought]
        more = {"PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1"}
        with open(self.log, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as log:
            self._process = subprocess.Popen(
                [*self._search.found.words, "-c", BOOT, str(self._sources), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**clean_environment(os.environ), **more},
                cwd=self._folder,
                **_own_group(),
            )
        self.state, self.text = "running", ""

    def _listen(self) -> None:
        """Take what was written to the log since the last time."""
        try:
            with open(self.log, "rb") as file:
                file.seek(self._read)
                new = file.read()
        except OSError:
            return
        self._read += len(new)
        *lines, self._rest = (self._rest + new).split(b"\n")
        for line in lines:
            self.told.take(line.decode("utf-8", "replace").rstrip("\r"))

    def _over(self, code: int) -> None:
        if code == 0:
            self._end("done", labels().done)
        elif self._cancelled or code == STOPPED:
            self._end("cancelled", labels().cancelled)
        else:
            self._end("failed", self.told.why(code))

    def _end(self, state: str, text: str) -> None:
        self.state, self.text = state, text

    def _clear(self) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = ""


def _own_group() -> Dict[str, Any]:
    """What lets the installer be ended with all that it started; it may outlive the editor, and then ends its work."""
    if sys.platform == "win32":
        flags = without_window()["creationflags"] | subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": flags}
    return {"start_new_session": True}


def _end_group(process: Optional[subprocess.Popen[bytes]], number: int) -> None:
    if process is None or process.poll() is not None:
        return
    try:
        if sys.platform == "win32":
            words = ["taskkill", "/T", "/F", "/PID", str(process.pid)]
            subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **without_window())
        else:
            os.killpg(process.pid, number)
    except OSError:  # it has just ended
        pass


def _remove_old(cache: Path) -> None:
    """What installations left behind whose editor ended before them."""
    for path in cache.glob(PREFIX + "*"):
        try:
            old = path.stat().st_mtime < time.time() - OLD_SECONDS
        except OSError:
            continue
        if old:
            shutil.rmtree(str(path), ignore_errors=True)
