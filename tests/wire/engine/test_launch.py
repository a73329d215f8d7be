"""Starting the engine: which command, in which environment, and what is said when it fails."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scumble.wire.client import find_engine as reach
from scumble.wire.client.find_engine import finding_engine
from scumble.wire.engine import launch
from scumble.wire.engine.connection import Connection
from scumble.wire.engine.launch import Command, clean_environment, engine_command, start_engine
from scumble.wire.engine.processes import is_alive
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.transport.base import ConnectionLost, finish

from ...server.running import note_command

pytestmark = pytest.mark.usefixtures("folders")


@pytest.fixture(autouse=True)
def no_engine_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCUMBLE_ENGINE", raising=False)


def give(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setenv("SCUMBLE_ENGINE", json.dumps([sys.executable, "-c", code]))


def test_the_variable_rules_then_the_installers_file_then_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    own = engine_command()
    assert own.words == [sys.executable, "-m", "scumble.server"] and (Path(own.python_path) / "scumble").is_dir()
    note_command(["/opt/pÿthon", "-m", "scumble.server"])
    assert engine_command() == Command(["/opt/pÿthon", "-m", "scumble.server"])
    monkeypatch.setenv("SCUMBLE_ENGINE", "'/my python' -m scumble.server --verbose")
    assert engine_command().words[0].strip("'") == "/my python"
    monkeypatch.setenv("SCUMBLE_ENGINE", '["/my python", "x"]')
    assert engine_command().words == ["/my python", "x"]


def test_without_any_engine_it_says_how_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "_own_engine", lambda: None)
    with pytest.raises(ScumbleError) as e:
        finish(finding_engine())
    assert e.value.code == "engine-missing" and "install.py" in e.value.remedy


@pytest.mark.parametrize(
    "content", ["", "[]", '{"command": []}', '{"command": "x"}', '{"command": [5]}', '{"command": [""]}']
)
def test_a_damaged_installers_file_is_named(content: str) -> None:
    note_command(["x"]).write_text(content)
    with pytest.raises(ScumbleError) as e:
        engine_command()
    assert e.value.code == "engine-missing" and launch.COMMAND_FILE in e.value.sentence


@pytest.mark.parametrize("given", ["'unclosed", "[", '[""]', "[1]"])
def test_a_damaged_variable_is_named(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCUMBLE_ENGINE", given)
    with pytest.raises(ScumbleError) as e:
        engine_command()
    assert e.value.code == "engine-missing" and "SCUMBLE_ENGINE" in e.value.sentence


def test_what_editors_set_is_dropped_and_the_rest_kept() -> None:
    editor = {"PYTHONPATH": "/gimp", "PYTHONHOME": "/k", "LD_LIBRARY_PATH": "/l", "GI_TYPELIB_PATH": "/g"}
    mine = {"PATH": "/bin", "HOME": "/home/ada", "SCUMBLE_DATA": "/d", "CUDA_VISIBLE_DEVICES": "0"}
    assert clean_environment({**editor, **mine}) == mine
    assert clean_environment({**editor, **mine}, "/own")["PYTHONPATH"] == "/own"
    kept = {**editor, **mine, "SCUMBLE_KEEP_ENV": "1"}
    assert clean_environment(kept) == kept


def test_a_program_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCUMBLE_ENGINE", "/nowhere/python -m scumble.server")
    with pytest.raises(ScumbleError) as e:
        finish(finding_engine())
    assert e.value.code == "engine-missing" and "/nowhere/python" in e.value.sentence


def test_an_engine_that_dies_leaves_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "STARTS", 1)
    give(monkeypatch, "import sys; print('loading'); sys.exit('no module named torch')")
    with pytest.raises(ScumbleError) as e:
        finish(finding_engine())
    assert e.value.code == "engine-missing" and "no module named torch" in e.value.sentence


def test_an_engine_that_never_listens_is_given_up_after_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    give(monkeypatch, "import time; time.sleep(3)")
    waited, begun = [], time.monotonic()
    with pytest.raises(ScumbleError) as e:
        finish(finding_engine(seconds=0.5), lambda: waited.append(1))
    assert e.value.code == "engine-missing" and 0.5 < time.monotonic() - begun < 2.5
    assert len(waited) > 3
    launch._started[-1].process.kill()
    launch._started[-1].process.wait()


STARTER = """
import gc, importlib, sys
from scumble.wire.engine.launch import Command, start_engine
started = start_engine(Command([sys.executable, "-c", "import time; time.sleep(60)"]))
print(started.process.pid, flush=True)
if sys.argv[1] == "unloaded":  # as an editor that loads its plug-ins anew
    del started, start_engine
    sys.modules["scumble.wire.engine.launch"].__dict__.clear()
    gc.collect()
"""


@pytest.mark.parametrize("how", ["ends", "unloaded"])
def test_who_starts_an_engine_may_end_before_it_without_a_warning(how: str) -> None:
    command = [sys.executable, "-W", "error", "-c", STARTER, how]
    env = {**os.environ, "PYTHONPATH": str(Path(launch.__file__).parents[3])}
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, env=env)
    pid = int(done.stdout)
    try:
        assert (done.returncode, done.stderr) == (0, "") and is_alive(pid)
    finally:
        os.kill(pid, signal.SIGTERM)


@pytest.mark.skipif(sys.platform == "win32", reason="sessions are POSIX's")
def test_the_engine_runs_apart_from_the_editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reach, "STARTS", 1)
    monkeypatch.setenv("LD_LIBRARY_PATH", str(tmp_path))
    told = tmp_path / "told.json"
    code = (
        "import json, os, sys\n"
        "seen = [os.getsid(0), os.getpid(), os.environ.get('LD_LIBRARY_PATH'), sys.stdin.read()]\n"
        f"json.dump(seen, open({str(told)!r}, 'w'))"
    )
    give(monkeypatch, code)
    with pytest.raises(ScumbleError):
        finish(finding_engine(seconds=2))
    session, pid, libraries, stdin = json.loads(told.read_text())
    assert session == pid and libraries is None and stdin == ""


def test_what_an_engine_says_at_its_start_is_read_in_any_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")  # as on Windows
    started = start_engine(Command([sys.executable, "-c", "print('“Zoë” 画家')"]))
    assert started.process.wait(30) == 0
    assert started.tail() == "“Zoë” 画家"


def test_an_error_crosses_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "STARTS", 1)
    error = ScumbleError("file-write", name="/a {b} [c]", reason="“it” is full")
    words = f"import sys; print('loading', {str(error)!r}); sys.exit({launch.error_line(error)!r})"
    give(monkeypatch, words)
    with pytest.raises(ScumbleError) as e:
        finish(finding_engine())
    assert (e.value.to_plain(), str(e.value)) == (error.to_plain(), str(error))
    assert "loading" in launch._started[-1].tail() and launch.ERROR_LINE not in launch._started[-1].tail()


def test_a_file_that_is_written_anew_meanwhile_is_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (Connection(f"tcp://127.0.0.1:{port}", "t" * 43) for port in (1, 2))
    there, tried = [old, new], []
    monkeypatch.setattr(reach, "read_connection", lambda: there[0])

    def connecting(connection: Connection, prefer: str | None) -> Iterator[None]:
        tried.append(connection)
        del there[:-1]  # the engine writes its file anew
        if connection == old:
            raise ConnectionLost("refused")
        raise ScumbleError("engine-silent")
        yield

    monkeypatch.setattr(reach, "connecting", connecting)
    with pytest.raises(ScumbleError) as e:
        finish(finding_engine(may_start=lambda: False))
    assert e.value.code == "engine-silent" and tried == [old, new]


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX's own")
def test_what_others_may_have_written_is_not_executed() -> None:
    path = note_command(["/opt/python", "-m", "scumble.server"])
    folder = path.parent

    def code(file: int, around: int) -> str:
        path.chmod(file), folder.chmod(around)
        try:
            return engine_command().words[0]
        except ScumbleError as e:
            assert str(path) in e.sentence
            return e.code

    found = {(f, d): code(f, d) for f in (0o600, 0o664, 0o666, 0o622) for d in (0o700, 0o755, 0o777)}
    folder.chmod(0o700)
    well = {(f, 0o700) for f in (0o600, 0o664, 0o666, 0o622)} | {(0o600, 0o755)}
    assert {k for k, v in found.items() if v == "/opt/python"} == well
    assert {v for k, v in found.items() if k not in well} == {"folder-unsafe"}


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_another_user_owns_is_not_executed(what: str) -> None:
    path = note_command(["/opt/python"])
    os.chown(path if what == "file" else path.parent, 12345, 12345)
    with pytest.raises(ScumbleError) as e:
        engine_command()
    assert e.value.code == "folder-unsafe"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX's own")
def test_a_program_that_everyone_may_write_is_not_executed(tmp_path: Path) -> None:
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\ntouch " + str(tmp_path / "ran"))
    program.chmod(0o777)
    with pytest.raises(ScumbleError) as e:
        start_engine(Command([str(program)]))
    assert e.value.code == "folder-unsafe" and str(program) in e.value.sentence
    assert not (tmp_path / "ran").exists()
