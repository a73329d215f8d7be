"""An editor under test: a home of its own, Python run inside through a bridge, and its end."""

from __future__ import annotations

import base64
import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import textwrap
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .display import Box, Display


class EditorError(Exception):
    """What a snippet raised in the editor: its traceback."""


class EditorGone(Exception):
    """The editor ended while it was asked, or does not answer."""


class EditorProcess:
    """One editor, from `start` to `quit` or `kill`. How to start it, and how it quits, its subclass knows.

    `home`, `env` (with the bridge's socket as SCUMBLE_BRIDGE), `log` and `display` are set by then.
    """

    wait_seconds = 20.0  # for an answer, unless told
    home: Path
    env: dict[str, str]
    log: Path
    display: Display | None
    process: subprocess.Popen[bytes] | None = None
    forgive = False  # whether what is wrong at its end is the test's doing
    _asked = ""  # the code that was sent last

    def start(self, seconds: float = 0.0) -> EditorProcess:
        """Start it and wait until it answers."""
        raise NotImplementedError

    def run(self, code: str, seconds: float = 0.0) -> None:
        """Execute statements inside; names stay for later. Raises `EditorError` with the traceback, `EditorGone`."""
        self.begin(code)
        self.end(seconds)

    def get(self, expression: str, seconds: float = 0.0) -> Any:
        """The value of an expression, by JSON; bytes come as bytes."""
        return self._ask({"code": f"def _get(): return ({expression})", "call": "_get", "arguments": []}, seconds)

    def call(self, function: Callable[..., Any], *arguments: Any, seconds: float = 0.0) -> Any:
        """What `function` returns when it is called inside. Its source is sent: it may use nothing around it."""
        code = textwrap.dedent(inspect.getsource(function))
        return self._ask({"code": code, "call": function.__name__, "arguments": arguments}, seconds)

    def begin(self, code: str) -> None:
        """Begin to execute statements that wait for somebody, as a dialog does; then `end`."""
        self._send({"code": textwrap.dedent(code)})

    def end(self, seconds: float = 0.0) -> Any:
        """The answer to what was begun."""
        seconds = seconds or self.wait_seconds
        try:
            self.socket.settimeout(seconds)
            line = self.answers.readline()
        except TimeoutError:
            self.show_where()
            raise EditorGone(f"no answer in {seconds} s to {self._asked}\n{self.log_tail()}") from None
        except OSError:
            line = b""
        if not line:
            raise EditorGone(f"it ended ({self._code()}) at {self._asked}\n{self.log_tail()}")
        answer = json.loads(line, object_hook=_unplain)
        if "error" in answer:
            raise EditorError(answer["error"])
        return answer["value"]

    def wait(self, expression: str, seconds: float = 0.0) -> Any:
        """The value of an expression, once it is true; its exceptions are raised."""
        end = time.monotonic() + (seconds or self.wait_seconds)
        while not (value := self.get(expression)):
            if time.monotonic() > end:
                raise AssertionError(f"{expression} did not become true in time; the log:\n{self.log_tail()}")
            time.sleep(0.03)
        return value

    def screenshot(self, path: Path | None = None, box: Box | None = None) -> Path:
        """The screen as a PNG."""
        assert self.display is not None
        return self.display.screenshot(path or self.home / "screen.png", box)

    # its end

    def quit(self, seconds: float = 0.0) -> int:
        """End it well; the exit code, 0 where all is well."""
        raise NotImplementedError

    def finish(self) -> None:
        """What must hold when a test ends: it quits with 0."""
        if self.process is not None and self.process.returncode is None:
            code = self.quit()
            assert code == 0, f"it ended with {code}:\n{self.log_tail()}"

    def kill(self) -> None:
        """End it and all it started in its session, at once."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        self.hang_up()

    def remove(self) -> None:
        """Kill it and remove its home."""
        self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def log_text(self) -> str:
        """All that it printed."""
        return self.log.read_text("utf-8", "replace") if self.log.exists() else ""

    def log_tail(self) -> str:
        """The last that it printed."""
        return "\n".join(self.log_text().splitlines()[-30:])

    # for those that are made of this

    def launch(
        self, command: Sequence[str], seconds: float, env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> None:
        """Start it, and wait until its bridge listens. Raises `EditorGone`."""
        with self.log.open("wb") as log:
            out: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.process = subprocess.Popen(command, env=env, cwd=cwd, start_new_session=True, **out)
        end = time.monotonic() + seconds
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(self.env["SCUMBLE_BRIDGE"])
                break
            except OSError:
                self.socket.close()
                if self.process.poll() is not None or time.monotonic() > end:
                    raise EditorGone(f"it did not start ({self.process.poll()}):\n{self.log_tail()}") from None
                time.sleep(0.05)
        self.answers = self.socket.makefile("rb")

    def wait_for_end(self, seconds: float = 0.0) -> int:
        """The exit code, once it has ended. Raises `EditorGone`."""
        assert self.process is not None
        seconds = seconds or self.wait_seconds
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.show_where()
            raise EditorGone(f"it did not end in {seconds} s:\n{self.log_tail()}") from None

    def show_where(self) -> None:
        """Let it write into its log what keeps it, where it can."""

    def hang_up(self) -> None:
        """Close the connection to the bridge."""
        if hasattr(self, "answers"):
            self.answers.close()
            self.socket.close()

    def _ask(self, request: dict[str, Any], seconds: float) -> Any:
        self._send(request)
        return self.end(seconds)

    def _send(self, request: dict[str, Any]) -> None:
        assert self.process is not None, "it was not started"
        self._asked = request["code"]
        try:
            self.socket.settimeout(self.wait_seconds)
            self.socket.sendall(json.dumps(request, default=_plain).encode() + b"\n")
        except OSError:
            raise EditorGone(f"it ended ({self._code()}) before {self._asked}\n{self.log_tail()}") from None

    def _code(self) -> int | None:
        """The exit code of one that hung up; None where it goes on."""
        assert self.process is not None
        try:
            return self.process.wait(5)
        except subprocess.TimeoutExpired:
            return None


def _plain(thing: object) -> object:
    if isinstance(thing, (bytes, bytearray)):
        return {"bytes": base64.b64encode(thing).decode()}
    if isinstance(thing, Path):
        return str(thing)
    raise TypeError(f"{type(thing).__name__} cannot travel")


def _unplain(thing: dict[str, Any]) -> Any:
    return base64.b64decode(thing["bytes"]) if set(thing) == {"bytes"} else thing
