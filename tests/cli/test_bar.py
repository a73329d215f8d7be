"""The bar on a terminal: whoever waits sees for what."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from scumble.cli import main
from scumble.cli.bar import Bar
from scumble.picture import Picture, save_file
from scumble.wire.protocol.events import Event, Fetching, Preparing, Progress, Queued, Started

pytestmark = pytest.mark.timeout(180)


class Terminal:
    """What tqdm and the bar need of one."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.shown.append(text)
        return len(text)

    def flush(self) -> None: ...


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([], "reaching the engine"),
        ([Queued("j", 2, waits_for="jobs")], "waiting, 2 before"),
        ([Queued("j", 0, waits_for="jobs")], "waiting, next in turn"),
        ([Queued("j", 0, True, "worker")], "loading PyTorch"),
        ([Queued("j", 0, True, "process")], "the system can start no more programs just now"),
        ([Started("j", "cpu", "vgg16"), Fetching("j", "vgg16", 3_000_000, 58_000_000)], "downloading vgg16, 3 MB"),
        ([Started("j", "cpu", "vgg16"), Preparing("j", "network", "vgg16")], "loading the network vgg16"),
        ([Started("j", "cpu", "slim"), Preparing("j", "of a newer engine")], "slim on cpu"),
        ([Started("j", "cpu", "slim"), Preparing("j", "styles"), Progress("j", 1, 4)], "slim on cpu"),
    ],
)
def test_each_wait_is_told(events: list[Event], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with Bar(quiet=False) as bar:
        for event in events:
            bar(event)
        assert words in "".join(terminal.shown[-3:])


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such terminals")
def test_on_a_real_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl
    import pty
    import termios

    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    save_file("photo.png", Picture(np.random.default_rng(5).integers(0, 256, (40, 48, 3), np.uint8)))
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    words = ["stylize", "photo.png", "--style", "scream", "--method", "fast", "--device", "cpu", "-o", "painted.png"]
    try:
        process = subprocess.Popen([sys.executable, "-m", "scumble", *words], stderr=theirs, stdout=subprocess.DEVNULL)
        os.close(theirs)
        shown, end = b"", time.monotonic() + 150
        while process.poll() is None and time.monotonic() < end:
            shown += read(ours)
        shown += read(ours)
        assert process.wait(10) == 0
        for told in (b"reaching the engine", b"loading PyTorch"):
            assert told in shown
    finally:
        os.close(ours)
        main(["stop", "--now"])


def read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # its other end is closed
        time.sleep(0.05)
        return b""
