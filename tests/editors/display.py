"""An X server without a screen: what is on it as pictures, a mouse and a keyboard."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

from .needs import program

Box = tuple[int, int, int, int]  # x, y, width, height


class Display:
    """A virtual screen of the test's own, 1600×1000 unless told; ends with `close`."""

    def __init__(self, width: int = 1600, height: int = 1000) -> None:
        reader, writer = os.pipe()
        # Without -noreset the server starts anew when its last client leaves, and the next may meet it then.
        flags = ["-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset", "-displayfd", str(writer)]
        quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen([program("Xvfb"), *flags], pass_fds=[writer], **quiet)
        os.close(writer)
        with os.fdopen(reader) as answer:
            self.name = f":{answer.readline().strip()}"
        assert self.name != ":", f"Xvfb ended with {self.process.wait()}"

    def close(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def screenshot(self, path: Path, box: Box | None = None) -> Path:
        """The screen, or `box` of it, as a PNG at `path`."""
        crop = ["-crop", "{2}x{3}+{0}+{1}".format(*box), "+repage"] if box else []
        self._run(program("import"), "-window", "root", *crop, f"png:{path}")
        return path

    def move(self, x: int, y: int) -> None:
        self.xdotool("mousemove", x, y)

    def click(self, x: int, y: int, button: int = 1, times: int = 1) -> None:
        self.xdotool("mousemove", x, y, "click", "--repeat", times, "--delay", 60, button)

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self.xdotool("mousemove", *start, "mousedown", 1, "mousemove", *middle, "mousemove", *end, "mouseup", 1)

    def key(self, *keys: str) -> None:
        """Press keys by name, one after another: "ctrl+alt+y", "Return"."""
        self.xdotool("key", "--delay", 40, *keys)

    def type(self, text: str) -> None:
        self.xdotool("type", "--delay", 20, text)

    def windows(self, title: str) -> list[int]:
        """The visible windows whose title holds `title` (a regular expression)."""
        found = self._run(program("xdotool"), "search", "--onlyvisible", "--name", title, check=False)
        return [int(line) for line in found.split()]

    def xdotool(self, *words: object) -> str:
        return self._run(program("xdotool"), *map(str, words))

    def _run(self, *words: str, check: bool = True) -> str:
        env = {**os.environ, "DISPLAY": self.name}
        done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0 or not check, f"{words[0]}: {done.stderr}"
        return done.stdout
