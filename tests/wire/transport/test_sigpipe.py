"""An engine that dies while it is written to ends no editor, whatever the editor does with SIGPIPE."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import scumble

# What Krita is to Python: a process that leaves the signal at its default, which is to end.
EDITOR = """
import signal, socket, sys
signal.signal(signal.SIGPIPE, signal.SIG_DFL)
from scumble.wire.transport.zmtp import Dealer
server = socket.create_server(("127.0.0.1", 0))
dealer = Dealer("127.0.0.1", server.getsockname()[1], "token", "log")
engine, _ = server.accept()
assert dealer._tcp.ready(5.0)
server.close()
engine.close()
for _ in range(1000):
    dealer._queue(bytes(1 << 16))
    dealer._guard(dealer._write)
print(type(dealer._lost).__name__)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGPIPE"), reason="there is no such signal here")
def test_a_dead_engine_is_an_error_and_not_the_editors_end() -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    done = subprocess.run([sys.executable, "-c", EDITOR], env=env, capture_output=True, text=True, timeout=50)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "ConnectionLost"
