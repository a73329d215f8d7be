"""Real users for tests that root runs: numbers of their own, homes with names as people have them."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import signal
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scumble.wire.engine.processes import is_alive

from .running import HERE, PACKAGE, wait_until

ROOT = pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root can be several users, and /proc tells what they run"
)
ROOM = HERE.parents[1]


@dataclasses.dataclass
class Person:
    """One user. `tell` does things in a process of theirs; see person.py."""

    uid: int
    home: Path
    more: dict[str, str] = dataclasses.field(default_factory=dict)  # of the environment
    prefix: list[str] = dataclasses.field(default_factory=list)  # before the engine's command
    suffix: list[str] = dataclasses.field(default_factory=list)  # behind it
    process: subprocess.Popen[str] | None = None

    def environment(self) -> dict[str, str]:
        python, paths = interpreter()
        tests = os.pathsep.join([*paths, str(ROOM), str(HERE)])
        engine = [
            *self.prefix,
            "/usr/bin/env",
            f"PYTHONPATH={tests}",
            python,
            "-m",
            "scumble.server",
            "--device",
            "cpu",
            *self.suffix,
        ]
        own = {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "PYTHONPATH": tests}
        quiet = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
        return {**own, **quiet, "SCUMBLE_ENGINE": json.dumps(engine), **self.more}

    def start(self, words: list[str], **options: Any) -> subprocess.Popen[str]:
        """Run something as this user."""
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        who = {"user": self.uid, "group": self.uid, "extra_groups": []}
        return subprocess.Popen(words, env=self.environment(), cwd="/", **{**streams, **who, **options})

    def begin(self, *words: object) -> None:
        """Say what to do; `answer` waits for it."""
        if self.process is None:
            self.process = self.start([interpreter()[0], "-m", "tests.server.person"])
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        assert self.process is not None and self.process.stdout is not None and self.process.stderr is not None
        line = self.process.stdout.readline()
        assert line, self.process.stderr.read()
        return dict(json.loads(line))

    def tell(self, *words: object) -> Any:
        """What came of it; an error fails the test."""
        self.begin(*words)
        answer = self.answer()
        assert "is" in answer, answer
        return answer["is"]

    def fail(self, *words: object) -> str:
        """The error's code; that there is one."""
        self.begin(*words)
        answer = self.answer()
        assert "error" in answer, answer
        return str(answer["error"])

    def processes(self) -> list[int]:
        """All that this user runs, but for the process that `tell` speaks with."""
        told = self.process.pid if self.process else 0
        return [pid for pid in processes_of(self.uid) if pid != told]

    def go(self) -> None:
        """End what is left of them."""
        for pid in processes_of(self.uid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self.process is not None:
            self.process.communicate()
        wait_until(lambda: not processes_of(self.uid), what="the end of a user's processes")


def processes_of(uid: int) -> list[int]:
    """The numbers of a user's processes that live."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if entry.stat().st_uid == uid and is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


@cache
def interpreter() -> tuple[str, tuple[str, ...]]:
    """A Python that every user may run, and where it finds all we need; the test is skipped without one."""
    packages = (str(PACKAGE), *site.getsitepackages())
    for python in (sys.executable, f"/usr/bin/python{sys.version_info[0]}.{sys.version_info[1]}"):
        env = {"PYTHONPATH": os.pathsep.join([*packages, str(ROOM)]), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [python, "-c", "import zmq, msgpack, numpy, torch, safetensors, tests.server.running"]
        with contextlib.suppress(OSError):
            done = subprocess.run(
                command, env=env, cwd="/", capture_output=True, user=STRANGERS[0], group=STRANGERS[0], extra_groups=[]
            )
            if done.returncode == 0:
                return python, packages
    pytest.skip("other users may not run this Python, or not read this folder")


WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])  # tests side by side have people of their own
STRANGERS = (51_001 + 2 * WORKER, 51_002 + 2 * WORKER)  # numbers of nobody's


@contextlib.contextmanager
def two_people(names: tuple[str, str] = ("Zoë Müller 画家", "Søren's  Bilder $x")) -> Iterator[tuple[Person, Person]]:
    """Two users with homes in a folder that all may pass, which is also their shared temporary folder."""
    interpreter()
    assert not any(processes_of(uid) for uid in STRANGERS), "somebody has these numbers"
    place = Path(tempfile.mkdtemp(prefix="scumble-people-"))
    place.chmod(0o755)
    shared = place / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    people = []
    for uid, name in zip(STRANGERS, names, strict=True):
        home = place / "home" / name
        home.mkdir(parents=True)
        os.chown(home, uid, uid)
        people.append(Person(uid, home, {"TMPDIR": str(shared)}))
    try:
        yield people[0], people[1]
    finally:
        for person in people:
            person.go()
        shutil.rmtree(place)
