"""Paths in a Python that was started with another encoding than its user's, as an editor's may be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.paths import native, readable

PACKAGE = Path(__file__).parents[3] / "engine"
NAME = "Zoë 画家.png"
# What an editor does in such a Python: read a style's file, look for one that is not there, start the engine.
EDITOR = """
import json, os, sys
assert sys.getfilesystemencoding() == "ascii"
sys.modules["numpy"] = sys.modules["torch"] = None
from scumble.wire.engine import launch
from scumble.wire.request import sources
from scumble.wire.editor.styles.chooser import files_there
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.engine.folders import data_folder
path = json.loads(sys.argv[1])
assert sources.file_bytes(path) == b"pixels" and files_there([path, path + "x"]) == [path]
try:
    sources.file_bytes(path + "x")
except ScumbleError as e:
    json.dump([str(e), e.to_plain()], sys.stdout)
command = launch.engine_command()
assert launch.start_engine(command).process.wait(20) == 7, command
try:
    launch.start_engine(command._replace(words=[command.words[0] + "x"]))
except ScumbleError as e:
    sys.stderr.write(json.dumps(e.to_plain()))
assert (data_folder() / "engine-command.json").is_file()
"""
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="on Windows paths are Unicode everywhere")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with letters in its name, a picture, and an engine that ends with 7."""
    made = tmp_path / "Zoë Müller 画家"
    data = made / "data"
    data.mkdir(parents=True)
    (made / NAME).write_bytes(b"pixels")
    program = made / "Motor"
    program.write_text("#!/bin/sh\nexit 7\n", "utf-8")
    program.chmod(0o755)
    (data / "engine-command.json").write_text(json.dumps({"command": [str(program)]}, ensure_ascii=False), "utf-8")
    return made


@POSIX
def test_an_editor_without_its_users_encoding_finds_all_files(home: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG", "SCUMBLE_"))}
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "PYTHONPATH": str(PACKAGE)}
    folders = {f"SCUMBLE_{kind.upper()}": str(home / kind) for kind in ("data", "logs", "cache", "runtime")}
    command = [sys.executable, "-c", EDITOR, json.dumps(str(home / NAME))]
    done = subprocess.run(command, env={**kept, **plain, **folders, "HOME": str(home)}, capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    told, error = json.loads(done.stdout)
    assert NAME + "x" in told and error["values"]["name"].endswith(NAME + "x")
    assert str(home / "Motorx") in json.loads(done.stderr)["sentence"]


@POSIX
def test_both_forms_are_one_where_encodings_agree() -> None:
    assert native(NAME) == NAME == readable(NAME) == readable(Path(NAME))
    assert readable(os.fsdecode(b"M\xfcller")) == "M�ller"


@POSIX
def test_an_error_shows_a_path_as_people_read_it() -> None:
    strange = os.fsdecode("Zoë".encode("latin-1"))
    for value in (strange, Path(strange)):
        error = ScumbleError("file-missing", name=value)
        assert "Zo�" in error.sentence and error.to_plain()["values"] == {"name": "Zo�"}
