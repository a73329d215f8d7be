"""install.py's own logic: what it runs, when it mends the environment, and what it says when it cannot."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

from installer import commands, environment, trial, venvs
from installer.environment import Wish, set_up
from installer.speech import Failed, remedy
from installer.system import clean_environment
from installer.targets import for_project
from installer.venvs import works
from tests.editors.needs import EDITOR_SECONDS

ROOT = Path(__file__).parents[2]
PARTS = [ROOT / "install.py", ROOT / "plugins/assemble.py", *sorted((ROOT / "installer").rglob("*.py"))]


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """What pip is asked to install, instead of doing it."""
    found: list[list[str]] = []
    monkeypatch.setattr(environment, "install", lambda python, words: found.append(words))
    return found


@pytest.fixture
def venv(tmp_path) -> Path:
    return tmp_path / "Jürgen's work" / ".venv"


@pytest.mark.parametrize("path", PARTS, ids=lambda p: p.name)
def test_it_runs_on_older_pythons_with_the_standard_library_alone(path):
    tree = ast.parse(path.read_bytes(), feature_version=(3, 8))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and not n.level}
    assert {name.partition(".")[0] for name in names} <= {*sys.stdlib_module_names, "installer", "plugins"}


def test_it_starts_without_any_package_and_from_another_folder(tmp_path):
    command = [sys.executable, "-S", str(ROOT / "install.py"), "--help"]  # -S: no packages
    done = subprocess.run(command, cwd=tmp_path, capture_output=True)
    assert done.returncode == 0 and b"--demo" in done.stdout and done.stderr == b""
    assert list(tmp_path.iterdir()) == []


def test_the_environment_is_made_once_and_grows_with_what_is_asked(venv, asked):
    venv.mkdir(parents=True)
    (venv / "rubbish").write_text("a broken one is made anew")
    python = set_up(venv, for_project(venv, ["test"]))
    assert works(python) and not (venv / "rubbish").exists() and asked == [["-e", f"{ROOT}[test]"]]
    set_up(venv, for_project(venv, ["test"]))
    set_up(venv, for_project(venv, []))
    assert len(asked) == 1  # nothing to do
    set_up(venv, for_project(venv, ["demo"]))
    assert asked[1:] == [["-e", f"{ROOT}[demo,test]"]]  # what was there stays
    set_up(venv, Wish(["-e", "changed"], ["changed"]))
    assert asked[2:] == [["-e", "changed"]]


def test_an_installation_that_broke_off_is_not_taken_for_done(machine, tmp_path):
    wish = Wish(["x"], ["stamp"])
    machine.out_of_reach = {"x"}
    with pytest.raises(Failed, match="does not exist for this Python"):
        set_up(tmp_path / "e", wish)
    machine.out_of_reach.clear()
    set_up(tmp_path / "e", wish)
    set_up(tmp_path / "e", wish)
    assert machine.asked == ["install x", "install x"]


def test_pip_that_fails_ends_with_its_words_and_the_remedy(tmp_path, capfd):
    with pytest.raises(Failed, match="its words are above"):
        environment.install(Path(sys.executable), [str(tmp_path)])
    assert "error" in capfd.readouterr().out.lower()


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError(: Failed to establish a new connection: [Errno -3] Temporary failure in name", "network"),
        ("ReadTimeoutError: Read timed out.", "network"),
        ("ERROR: No matching distribution found for torch>=2.8", "64-bit Python"),
        ("PermissionError: [Errno 13] Permission denied: '.venv/lib'", "who owns"),
        ("ERROR: Could not find a version that satisfies hatchling>=1.25 (from versions: none)", "registry cannot be"),
        ("data: Read-only file system", "only be read"),
        ("errno 20 Not a directory", "A file is where a folder"),
        ("ERROR: something else", ""),
    ],
)
def test_errors_come_with_a_remedy(output, words):
    advice = remedy(output)
    assert words in advice if words else advice == ""


def test_a_python_without_venv_is_told_what_to_install():
    output = "The virtual environment was not created successfully because ensurepip is not available."
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}-venv" in venvs.venv_reason(output)
    assert "sudo apt install" in venvs.venv_reason("No module named venv")


def test_on_windows_nobody_is_told_of_debian(monkeypatch):
    monkeypatch.setattr(venvs, "os", types.SimpleNamespace(name="nt"))
    said = venvs.venv_reason("No module named venv")
    assert "Install Python's own." in said and "Debian" not in said


def test_an_old_python_finds_a_newer_one_that_works(install, monkeypatch):
    found = {"python3.13": "/nowhere/python3.13", "python3.11": sys.executable}
    assert environment.find_python(found.get) == sys.executable
    monkeypatch.setattr(install.environment, "find_python", lambda: None)
    with pytest.raises(Failed, match=r"3\.10 or later"):
        install.start_newer([])


@pytest.mark.parametrize(
    ("platform", "machine", "wide", "words"), [("darwin", "x86_64", True, "Intel"), ("win32", "x86", False, "32-bit")]
)
def test_machines_without_torch_are_refused(install, platform, machine, wide, words):
    install.check_machine("linux", "x86_64", True)
    with pytest.raises(Failed, match=words):
        install.check_machine(platform, machine, wide)


def test_what_is_asked_is_what_is_run(install):
    def rows(*flags: str) -> list[str]:
        return [" ".join(c[1:]) for c in install.tasks(Path("python"), install.make_parser().parse_args(flags))]

    assert rows("--test") == [f"-m pytest -n {min(8, (os.cpu_count() or 1) + 1)} --dist worksteal -q"]
    (demo,) = rows("--demo")
    assert demo.startswith("-m scumble.demo --out") and demo.endswith("out")
    assert install.make_parser().parse_args(["--krita"]).editor == "krita"


def test_demo_and_test_stay_beside_the_project(install, monkeypatch):
    seen = []
    monkeypatch.setattr(
        install.environment, "set_up", lambda folder, wish, fresh: seen.append((folder, wish)) or Path("p")
    )
    monkeypatch.setattr(install, "run_all", lambda rows: 7)
    assert install.main(["--test"]) == 7
    ((folder, wish),) = seen
    assert folder == ROOT / ".venv" and wish.packages[0] == "-e"


def test_failures_are_told_without_a_traceback(install, monkeypatch, capsys):
    def fail(*_: object) -> int:
        raise Failed("the reason", 3)

    monkeypatch.setattr(install.run, "carry_out", fail)
    assert install.main([]) == 3 and capsys.readouterr().err == "\ninstall.py: the reason\n"


@pytest.mark.parametrize(
    "words",
    [
        ("--demo", "--uninstall"),
        ("--pack", "x", "--test"),
        ("--uninstall", "--pack", "x"),
        ("--editor", "none", "--profile", "x"),
        ("--edit", "krita"),
    ],
)
def test_options_that_contradict_each_other_are_wrong(install, words, capsys):
    with pytest.raises(SystemExit) as end:
        install.main(list(words))
    assert end.value.code == 2 and "install.py: error:" in capsys.readouterr().err


def test_who_reads_what_is_said_may_go(tmp_path):
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCUMBLE_"))}
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, str(ROOT / "install.py"), "--dry-run"]
    done = subprocess.run(command, env={**kept, "HOME": str(tmp_path)}, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert done.returncode == 130 and done.stderr == b"" and list(tmp_path.iterdir()) == []


def test_the_exit_code_is_handed_on_and_ends_the_row(install, tmp_path):
    code = "import sys, pathlib; pathlib.Path(sys.argv[1]).touch(); sys.exit(int(sys.argv[2]))"
    command = [sys.executable, "-c", code]
    assert install.run_all([[*command, str(tmp_path / "a"), "0"], [*command, str(tmp_path / "b"), "3"]]) == 3
    assert install.run_all([[*command, str(tmp_path / "c"), "5"], [*command, str(tmp_path / "d"), "0"]]) == 5
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "c"]


def test_another_environment_does_not_lead_it_astray(monkeypatch):
    astray = ("PYTHONPATH", "PYTHONHOME", "PYTHONWARNINGS", "PYTHONINSPECT", "VIRTUAL_ENV")
    for name in (*astray, "PYTHONUSERBASE"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_PROXY", "kept")
    env = clean_environment()
    assert not {*astray} & set(env) and env["PYTHONUSERBASE"] == "/elsewhere" and env["PIP_PROXY"] == "kept"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_in_place_of_the_environment_is_left_alone(venv, asked, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    venv.parent.mkdir()
    venv.symlink_to(tmp_path / "precious")
    with pytest.raises(Failed, match="link"):
        set_up(venv, Wish(["x"], ["y"]))
    assert (tmp_path / "precious" / "file").exists()


def test_a_silent_program_is_said_to_work_still(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(commands, "QUIET_SECONDS", 0.5)
    code, output = commands.tee(
        [sys.executable, "-c", "import time; print('a'); time.sleep(2.5); print('b')"], tmp_path
    )
    assert code == 0 and output.split() == ["a", "b"] and "still working" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.timeout(EDITOR_SECONDS)  # it starts torch twice
def test_the_trial_is_a_real_one(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    with_engine = {**clean_environment(), "PYTHONPATH": str(ROOT / "engine")}
    monkeypatch.setattr(trial, "clean_environment", lambda: with_engine)
    stale = tmp_path / ".config/GIMP/3.0/plug-ins/scumble/scumble_gimp/version.py"
    stale.parent.mkdir(parents=True)
    stale.write_text('VERSION = "0.0.1"\n')  # of no concern to this run
    assert trial.try_out(Path(sys.executable), [])
    said = capfd.readouterr().out
    assert "✓ torch" in said and "✓ A small picture was painted" in said
    assert "! GIMP plug-in: 0.0.1" in said and "All that was asked for is well." in said


def test_a_trial_that_fails_says_why(monkeypatch, tmp_path, capfd):
    program = tmp_path / "python"
    program.write_text('#!/bin/sh\n[ "$3" = doctor ] || { echo the reason; exit 1; }\n')
    program.chmod(0o755)
    assert not trial.try_out(program, [])
    assert "✗ The picture was not painted: the reason" in capfd.readouterr().out


def test_the_trials_picture_is_one(tmp_path):
    from PIL import Image

    (tmp_path / "a.png").write_bytes(trial.png(96))
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.size == (96, 96) and len(picture.getcolors(1 << 16)) > 100


def test_a_dry_run_without_an_editor_says_where_one_was_looked_for(machine, capsys):
    assert machine.install("--dry-run") == 0
    said = capsys.readouterr().out
    assert "No editor was found. These were looked for:" in said and "--profile FOLDER" in said
    machine.add(".local/share/krita/")
    assert machine.install("--dry-run") == 0
    assert "No editor was found" not in capsys.readouterr().out
