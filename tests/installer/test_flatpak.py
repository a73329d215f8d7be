"""An editor in a Flatpak's sandbox: what the installer notes for it starts the host's engine, and is found again.

`flatpak-spawn` is a stand-in that does what the real one does: it runs a program with the host's environment, which is
that of the user's session, and takes along nothing but what `--env=` names.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scumble.wire.engine.launch import STARTER, out_of_sandbox
from scumble.wire.engine.processes import is_alive
from scumble.wire.version import VERSION
from tests.editors.engine import wait_until

ROOT = Path(__file__).parents[2]
SPAWN = """#!{python}
import os, sys
words, environ, host = sys.argv[1:], {environ}, False
while words[0].startswith("--"):
    word = words.pop(0)
    if word.startswith("--env="):
        name, _, environ[name] = word[len("--env="):].partition("=")
    elif word == "--host":
        host = True
    else:
        sys.exit("Unknown option " + word)
if not host:
    sys.exit("this would be another sandbox")
os.execve(words[0], words, environ)
"""
ENGINE = '#!/bin/sh\nPYTHONPATH="{engine}" OMP_NUM_THREADS=1 exec {python} "$@" --device cpu\n'
PRINTING = '#!/bin/sh\nenv > "{file}.part"; mv "{file}.part" "{file}"\n'
START = (
    "from scumble.wire.engine.launch import engine_command, start_engine; start_engine(engine_command()).process.wait()"
)
ASK = """
import json
from scumble.wire import Client
with Client.connect_or_start("krita", "test") as client:
    print(json.dumps({"status": client.status(), "shut": client.shutdown(now=True)}))
"""


class Sandbox:
    """An installed machine with a Krita from Flatpak, and that Krita's surroundings."""

    def __init__(self, machine, folder: Path) -> None:
        machine.add(".var/app/org.kde.krita/data/krita/")
        assert machine.install("--editor", "krita") == 0
        self.machine, self.folder = machine, folder
        self.box = machine.home / ".var/app/org.kde.krita"
        self.python = machine.data / "engine/bin/python"
        self.runtime = machine.root / "run"
        self.host = {"HOME": str(machine.home), "XDG_RUNTIME_DIR": str(self.runtime), "PATH": os.environ["PATH"]}
        self.program(folder / "flatpak-spawn", SPAWN.format(python=sys.executable, environ=repr(self.host)))

    @staticmethod
    def program(path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o755)

    def run(self, code: str, **more: str) -> str:
        """Run what a plug-in would, as the sandbox has it: folders of its own, and the one of the recipe."""
        environ = {
            "HOME": str(self.machine.home),
            "PATH": f"{self.folder}{os.pathsep}/usr/bin{os.pathsep}/bin",
            "XDG_RUNTIME_DIR": str(self.runtime),  # the same name; “scumble” in it is shared by the recipe
            "XDG_DATA_HOME": str(self.box / "data"),
            "XDG_CACHE_HOME": str(self.box / "cache"),
            "XDG_CONFIG_HOME": str(self.box / "config"),
            "XDG_STATE_HOME": str(self.box / ".local/state"),
            "PYTHONPATH": str(ROOT / "engine"),
            "LD_LIBRARY_PATH": "/app/lib",
            **more,
        }
        done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=55)
        assert done.returncode == 0, done
        return done.stdout


@pytest.fixture
def sandbox(machine, tmp_path: Path) -> Sandbox:
    (tmp_path / "app").mkdir()
    return Sandbox(machine, tmp_path / "app")


def test_the_engine_is_told_what_it_would_inherit_and_nothing_of_the_sandbox(sandbox, tmp_path):
    file = tmp_path / "environ"
    sandbox.program(sandbox.python, PRINTING.format(file=file))
    sandbox.run(START, SCUMBLE_IDLE="1 2=3")
    found = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert found[STARTER] == VERSION and found["SCUMBLE_IDLE"] == "1 2=3"
    assert {k: found[k] for k in sandbox.host} == sandbox.host
    assert not set(found) & {"XDG_DATA_HOME", "XDG_STATE_HOME", "PYTHONPATH", "LD_LIBRARY_PATH"}


def test_the_hosts_engine_is_started_found_and_ended_from_the_sandbox(sandbox):
    sandbox.program(sandbox.python, ENGINE.format(engine=ROOT / "engine", python=sys.executable))
    status = json.loads(sandbox.run(ASK))["status"]
    assert status["version"] == VERSION
    wait_until(lambda: not is_alive(status["pid"]), "the engine ends", 40)
    home = sandbox.machine.home
    assert (home / ".local/state/scumble/engine.log").is_file()  # the engine's own folders are the host's …
    assert (sandbox.box / ".local/state/scumble/engine-start.log").is_file()  # … and what it says at first is told here
    assert (sandbox.runtime / "scumble").is_dir() and not list(sandbox.box.rglob("engine.log"))


def test_a_way_that_is_not_flatpaks_stays_as_it_is():
    words = ["/opt/python", "-m", "scumble.server"]
    assert out_of_sandbox(words, {STARTER: "1"}) == words
    way = ["/usr/bin/flatpak-spawn", "--host", *words]
    assert out_of_sandbox(way, {STARTER: "1", "HOME": "/h"}) == [way[0], f"--env={STARTER}=1", *way[1:]]


def test_the_recipe_shares_the_folder_that_both_look_in(sandbox):
    """The engine on the host and the plug-in look in $XDG_RUNTIME_DIR/scumble; the recipe must open just that."""
    text = (ROOT / "docs/install.md").read_text("utf-8")
    recipe = next(
        line for line in text.splitlines() if line.strip().startswith("flatpak override") and "--talk" in line
    )
    assert "--talk-name=org.freedesktop.Flatpak" in recipe and "--filesystem=xdg-run/scumble:create" in recipe
    code = "from scumble.wire.engine.folders import runtime_folder; print(runtime_folder())"
    assert sandbox.run(code).strip() == str(sandbox.runtime / "scumble") == str(sandbox.machine.system.runtime())
