"""A real GIMP 3 under test, in the tree: a home of its own, our plug-in in it, and Python run inside."""

from __future__ import annotations

import base64
import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from plugins.assemble import assemble

from ..editors.display import Box, Display
from ..editors.tree import enter

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PROFILE = ".config/GIMP/3.0"
GIMPRC = '(config-version "3.0.4")\n(check-updates no)\n(show-welcome-dialog no)\n'
START_SECONDS, WAIT_SECONDS = 60.0, 40.0


class GimpError(Exception):
    """What a snippet raised in GIMP: its traceback."""


class GimpGone(Exception):
    """GIMP ended while it was asked, or does not answer."""


class GimpProcess:
    """One GIMP, from `start` to `quit`: without windows, or with them on `display`."""

    def __init__(
        self,
        tree: Path,
        profile: Path | None = None,
        env: Mapping[str, str] | None = None,
        display: Display | None = None,
        folders: Sequence[Path] = (),
    ) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="gimp-"))
        self.display = display
        self.tree, self.folders = tree, [self.home, ROOT, *folders]
        self.env = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DBUS_SESSION_BUS_ADDRESS": "disabled:",
            "NO_AT_BRIDGE": "1",
            "SCUMBLE_BRIDGE": str(self.home / "bridge.sock"),
            **({"DISPLAY": display.name} if display else {}),
            **(env or {}),
        }
        self.log = self.home / "gimp.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.forgive = False  # whether its end is the test's doing
        if profile is not None:
            shutil.copytree(profile / ".config", self.home / ".config")
        self.plugins = self.home / PROFILE / "plug-ins"
        self.plugins.mkdir(parents=True, exist_ok=True)
        if not (self.plugins.parent / "gimprc").exists():
            (self.plugins.parent / "gimprc").write_text(GIMPRC)
        assemble("gimp", self.plugins)

    def words(self, bridge: Path) -> list[str]:
        """GIMP's own command line, with the bridge to run."""
        program = ["gimp-3.0", "--no-splash"] if self.display else ["gimp-console-3.0", "-i"]
        batch = f"exec(compile(open({str(bridge)!r}).read(), 'bridge.py', 'exec'))"
        return [*program, "-d", "--quit", "--batch-interpreter", "python-fu-eval", "-b", batch]

    def command(self) -> list[str]:
        """How it is started in the tree."""
        words = ["env", "-i", *(f"{k}={v}" for k, v in self.env.items()), *self.words(HERE / "bridge.py")]
        return enter(self.tree, words, [f for f in dict.fromkeys(self.folders) if f.exists()])

    def start(self, seconds: float = START_SECONDS) -> GimpProcess:
        """Start it and wait until it answers."""
        command = self.command()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + seconds
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(self.env["SCUMBLE_BRIDGE"])
                break
            except OSError:
                self.socket.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise GimpGone(f"it did not start ({self.process.poll()}):\n{self.log_tail()}") from None
                time.sleep(0.05)
        self.answers = self.socket.makefile("rb")
        return self

    def run(self, code: str, seconds: float = WAIT_SECONDS) -> None:
        """Execute statements inside; `Gimp`, `Gegl`, `Gio`, `GLib`, `GObject` are there. Names stay for later calls.

        Raises `GimpError` with the traceback, `GimpGone`.
        """
        self.begin(code)
        self.end(seconds)

    def get(self, expression: str, seconds: float = WAIT_SECONDS) -> Any:
        """The value of an expression; bytes come as bytes."""
        self._send({"code": f"def _get(): return ({expression})", "call": "_get", "arguments": []})
        return self.end(seconds)

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float = WAIT_SECONDS) -> Any:
        """What `function` returns when it is called inside. Its source is sent: it may use nothing around it."""
        code = textwrap.dedent(inspect.getsource(function))
        self._send({"code": code, "call": function.__name__, "arguments": arguments})
        return self.end(seconds)

    def begin(self, code: str) -> None:
        """Begin to execute statements that wait for somebody, as a dialog does; then `end`."""
        self._send({"code": textwrap.dedent(code)})

    def end(self, seconds: float = WAIT_SECONDS) -> Any:
        """The answer to what was begun."""
        try:
            self.socket.settimeout(seconds)
            line = self.answers.readline()
        except TimeoutError:
            raise GimpGone(f"no answer in {seconds} s\n{self.log_tail()}") from None
        except OSError:
            line = b""
        if not line:
            raise GimpGone(f"it ended\n{self.log_tail()}")
        answer = json.loads(line, object_hook=_unplain)
        if "error" in answer:
            raise GimpError(answer["error"])
        return answer["value"]

    def screenshot(self, path: Path | None = None, box: Box | None = None) -> Path:
        """The screen as a PNG."""
        assert self.display is not None
        return self.display.screenshot(path or self.home / "screen.png", box)

    def wait_for_window(self, title: str, seconds: float = WAIT_SECONDS) -> int:
        """The window whose title holds `title`, once it is there."""
        assert self.display is not None
        end = time.monotonic() + seconds
        while not (found := self.display.windows(title)):
            assert time.monotonic() < end, f"no window “{title}” in {seconds} s\n{self.log_tail()}"
            time.sleep(0.05)
        return found[-1]

    def quit(self, seconds: float = WAIT_SECONDS) -> int:
        """Hang up, upon which it ends; the exit code, 0 where all is well."""
        assert self.process is not None
        self._hang_up()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise GimpGone(f"it did not end in {seconds} s:\n{self.log_tail()}") from None

    def kill(self) -> None:
        """End it and all it started, at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self._hang_up()

    def remove(self) -> None:
        """Kill it and remove its home."""
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def log_text(self) -> str:
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def log_tail(self) -> str:
        return "\n".join(self.log_text().splitlines()[-30:])

    def _hang_up(self) -> None:
        if hasattr(self, "answers"):
            self.answers.close()
            self.socket.close()

    def _send(self, request: dict[str, Any]) -> None:
        try:
            self.socket.sendall(json.dumps(request, default=_plain).encode() + b"\n")
        except OSError:
            raise GimpGone(f"it ended before {request['code']}\n{self.log_tail()}") from None


def _plain(thing: object) -> object:
    if isinstance(thing, (bytes, bytearray)):
        return {"bytes": base64.b64encode(thing).decode()}
    if isinstance(thing, Path):
        return str(thing)
    raise TypeError(f"{type(thing).__name__} cannot travel")


def _unplain(thing: dict[str, Any]) -> Any:
    return base64.b64decode(thing["bytes"]) if set(thing) == {"bytes"} else thing
