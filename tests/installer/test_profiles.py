"""`python -m plugins.profiles`, for those who work on the plug-ins: the tree's own, with the Python that runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(home: Path, editor: str = "krita") -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCUMBLE_"))}
    env = {**kept, "HOME": str(home), "PYTHONPATH": str(ROOT / "engine")}
    command = [sys.executable, "-m", "plugins.profiles", editor]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=50)


def test_a_profile_gets_the_trees_plugin_and_this_pythons_engine(tmp_path):
    home = tmp_path / "Jürgen"
    (home / ".local/share/krita").mkdir(parents=True)
    done = run(home)
    assert (done.returncode, done.stderr) == (0, "")
    assert (home / ".local/share/krita/pykrita/scumble_krita/wire/msgpack/fallback.py").is_file()
    assert (home / ".config/kritarc").read_text() == "[python]\nenable_scumble_krita=true\n"
    command = json.loads((home / ".local/share/scumble/engine-command.json").read_text())["command"]
    assert command == [sys.executable, "-m", "scumble.server"]
    assert run(home, "photoshop").returncode == 2


def test_a_folder_that_cannot_be_written_is_named_without_a_traceback(tmp_path):
    (tmp_path / ".config").mkdir()
    (tmp_path / ".config/kritarc").write_text("")
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local/share").write_text("a file in the way")
    done = run(tmp_path)
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "could not be installed" in done.stderr and str(tmp_path / ".local/share") in done.stderr
