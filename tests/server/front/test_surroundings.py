"""The engine started by an editor that is odd in one way each: it starts well, or says in a sentence why not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scumble.wire.engine.processes import is_alive

from ..people import ROOT, Person, interpreter, two_people
from ..running import FAST, HERE, PACKAGE, wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="limits, masks and signals are POSIX's"),
]

EDITOR = """
import json, os, resource, signal, sys
from scumble.wire import Client, ScumbleError
from tests.server.running import ask
told, odd = sys.argv[1:]
exec(odd)
said = {}
try:
    client = Client.connect_or_start("test", prefer="pure", seconds=20)
    a = ask()
    said["bytes"] = len(client.run(a.request, a.blobs)[1])
    said["pid"], said["workers"] = client.info["pid"], [w["pid"] for w in client.status()["workers"]]
    a = ask(how="die")
    try:
        client.run(a.request, a.blobs)
    except ScumbleError as e:
        said["died"] = e.sentence
    client.shutdown()
except ScumbleError as e:
    said["error"] = [e.code, e.sentence, e.remedy]
with open(told, "w") as file:
    json.dump(said, file)
"""
POISON = """
os.environ.update(
    LD_LIBRARY_PATH={here!r}, PYTHONHOME="/nowhere", PYTHONPATH={here!r}, GI_TYPELIB_PATH="/nowhere",
    QT_PLUGIN_PATH="/nowhere", PYTHONNOUSERSITE="1", PYTHONSTARTUP={here!r} + "/zmq.py",
)
"""
ODD = {
    "libraries of its own": POISON,
    "a folder that was deleted": "os.mkdir({here!r} + '/gone'); os.chdir({here!r} + '/gone'); os.rmdir(os.getcwd())",
    "modules in the home folder": "os.chdir({here!r})",
    "no streams": "for n in (0, 1, 2): os.close(n)",
    "few descriptors": "n = resource.RLIMIT_NOFILE; resource.setrlimit(n, (20, resource.getrlimit(n)[1]))",
    "an open mask": "os.umask(0)",
    "a closed mask": "os.umask(0o077)",
    "children not waited for": "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
    "signals held back": "signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGTERM, signal.SIGINT, signal.SIGCHLD}})",
    "a temporary folder that is gone": "os.environ['TMPDIR'] = '/nowhere/tmp'",
    "no language": "os.environ.update(LANG='C', LC_ALL='POSIX', PYTHONUTF8='0', PYTHONCOERCECLOCALE='0')",
    "no path": "os.environ.pop('PATH')",
    "odd Python": "os.environ.update(PYTHONINSPECT='1', PYTHONIOENCODING='ascii', PYTHONOPTIMIZE='2')",
}


def surroundings(home: Path) -> dict[str, str]:
    """Of an editor whose user has a new home; the engine is a program with its Python's folders."""
    paths = os.pathsep.join([str(PACKAGE), str(HERE), str(HERE.parents[1])])
    engine = ["/usr/bin/env", f"PYTHONPATH={paths}", sys.executable, "-m", "scumble.server", *FAST]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SCUMBLE_", "XDG_", "PYTHON"))}
    session = {"XDG_RUNTIME_DIR": str(home), "TMPDIR": str(home)}  # else one of the machine’s own may be met
    own = {**session, "HOME": str(home), "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    return {**kept, **own, "SCUMBLE_ENGINE": json.dumps(engine)}


def edit(home: Path, odd: str, **more: str) -> dict[str, Any]:
    """What an editor that is `odd` says of the engine that it started, and used."""
    told = home.parent / "told.json"
    command = [sys.executable, "-c", EDITOR, str(told), odd]
    done = subprocess.run(command, env={**surroundings(home), **more}, capture_output=True, text=True, timeout=55)
    assert told.exists(), done.stderr
    return dict(json.loads(told.read_text()))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which lie modules that are none of ours."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    for name in ("zmq.py", "numpy.py", "torch.py"):
        (home / name).write_text("raise SystemExit('the wrong module')")
    (home / "libstdc++.so.6").write_text("no library")
    return home


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_editor_gets_a_sound_engine(home: Path, odd: str) -> None:
    said = edit(home, ODD[odd].format(here=str(home)))
    assert said.get("bytes") == 12 * 8 * 4, said
    assert "SIGKILL" in said["died"], "the end of a worker is told, whatever was inherited"
    wait_until(lambda: not any(map(is_alive, [said["pid"], *said["workers"]])), 20, "the engine's end")
    made = [p for p in home.rglob("*") if p.parent != home or p.is_dir()]
    assert made and [f"{p} {p.lstat().st_mode:o}" for p in made if p.lstat().st_mode & 0o077] == []


def test_too_few_descriptors_are_told(home: Path) -> None:
    said = edit(home, "resource.setrlimit(resource.RLIMIT_NOFILE, (14, 14))")
    assert said["error"][0] == "engine-missing" and "Traceback" not in str(said), said


@pytest.mark.parametrize("place", ["/proc/nowhere", "/dev/null/home"])
def test_a_home_that_cannot_be_used_is_told(home: Path, place: str) -> None:
    said = edit(home, f"os.environ['HOME'] = {place!r}")
    assert said["error"][0] == "file-write" and place in said["error"][1] and said["error"][2]


@pytest.fixture
def zoe() -> Iterator[Person]:
    with two_people() as (one, _):
        yield one


@ROOT
def test_a_user_without_a_home_is_told_so(zoe: Person) -> None:
    zoe.more["HOME"] = ""
    environment = {k: v for k, v in zoe.environment().items() if k != "HOME"}
    code = "from scumble.cli import main; import sys; sys.exit(main(['status']))"
    done = subprocess.run(
        [interpreter()[0], "-c", code], env=environment, cwd="/", capture_output=True, text=True, user=zoe.uid
    )
    assert done.returncode == 1 and "no home folder" in done.stderr and "Traceback" not in done.stderr


@ROOT
@pytest.mark.parametrize("threads", ["many", "0", "-3", "1000000"])
def test_silly_numbers_of_threads_do_no_harm(zoe: Person, threads: str) -> None:
    """With torch in the worker, which reads them."""
    zoe.more["OMP_NUM_THREADS"] = threads
    zoe.tell("arrive")
    assert len(zoe.tell("paint")) == 1
