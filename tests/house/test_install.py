"""install.py's own logic: what it runs, when it mends the environment, and what it says when it cannot."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "install.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def project(install, tmp_path, monkeypatch) -> Path:
    """A project whose environment needs no network: pip's part is noted instead of done."""
    folder = tmp_path / "Jürgen's work"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[project]\n")
    monkeypatch.setattr(install, "ROOT", folder)
    return folder


@pytest.fixture
def installed(install, monkeypatch) -> list[list[str]]:
    """The extras of each installation."""
    found: list[list[str]] = []
    monkeypatch.setattr(install, "install", lambda python, extras: found.append(extras))
    return found


def run(folder: Path, *code: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, str(ROOT / "install.py"), *code], cwd=folder, capture_output=True)


def test_it_runs_on_python_3_9_with_the_standard_library_alone():
    tree = ast.parse((ROOT / "install.py").read_bytes(), feature_version=(3, 9))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {str(n.module) for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert names <= sys.stdlib_module_names


def test_it_runs_from_another_folder(tmp_path):
    done = run(tmp_path, "--help")
    assert done.returncode == 0 and b"--demo" in done.stdout and b"not installed yet" in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_the_environment_is_made_once_and_grows_with_what_is_asked(install, project, installed):
    venv = project / ".venv"
    python = install.set_up(venv, ["test"])
    assert python.exists() and installed == [["test"]]
    install.set_up(venv, ["test"])
    install.set_up(venv, [])
    assert installed == [["test"]]  # nothing to do
    install.set_up(venv, ["demo"])
    assert installed[1:] == [["demo", "test"]]  # what was there stays
    (project / "pyproject.toml").write_text("[project]\nname = 'changed'\n")
    install.set_up(venv, [])
    assert installed[2:] == [["demo", "test"]]


def test_a_broken_environment_is_made_anew(install, project, installed):
    venv = project / ".venv"
    python = install.set_up(venv, [])
    python.unlink()
    (venv / "rubbish").write_text("x")
    install.set_up(venv, [])
    assert install.works(python) and not (venv / "rubbish").exists() and len(installed) == 2


def test_an_installation_that_broke_off_is_not_taken_for_done(install, project, monkeypatch):
    def fail(python: Path, extras: list[str]) -> None:
        raise install.Failed("no network")

    monkeypatch.setattr(install, "install", fail)
    with pytest.raises(install.Failed):
        install.set_up(project / ".venv", [])
    again: list[list[str]] = []
    monkeypatch.setattr(install, "install", lambda python, extras: again.append(extras))
    install.set_up(project / ".venv", [])
    assert again == [[]]


def test_pip_that_fails_ends_with_the_remedy(install, project, capfd):
    (project / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "none"\n')
    with pytest.raises(install.Failed, match="its words are above"):
        install.install(Path(sys.executable), [])
    assert "error" in capfd.readouterr().out.lower()  # pip's own words are shown


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("NewConnectionError(: Failed to establish a new connection: [Errno -3] Temporary failure in name", "network"),
        ("ReadTimeoutError: Read timed out.", "network"),
        ("ERROR: No matching distribution found for torch>=2.8", "64-bit Python"),
        ("PermissionError: [Errno 13] Permission denied: '.venv/lib'", "who owns"),
        ("ERROR: something else", ""),
    ],
)
def test_errors_come_with_a_remedy(install, output, words):
    advice = install.remedy(output)
    assert words in advice if words else advice == ""


def test_a_python_without_venv_is_told_what_to_install(install):
    output = "The virtual environment was not created successfully because ensurepip is not available."
    assert f"python{sys.version_info[0]}.{sys.version_info[1]}-venv" in install.venv_reason(output)
    assert "sudo apt install" in install.venv_reason("No module named venv")


def test_an_old_python_is_refused(install):
    install.check_python((3, 10))
    with pytest.raises(install.Failed, match=r"3\.9"):
        install.check_python((3, 9))


def test_what_is_asked_is_what_is_run(install):
    def commands(*flags: str) -> list[str]:
        return [" ".join(c[1:]) for c in install.tasks(Path("python"), install.make_parser().parse_args(flags))]

    assert commands("--test") == ["-m pytest -n auto --maxprocesses 8 -q"]
    (demo,) = commands("--demo")
    assert demo.startswith("-m scumble.demo --out") and demo.endswith("out")
    assert commands("--krita") == ["-m plugins.profiles krita"]
    (doctor,) = commands()
    assert "doctor" in doctor


def test_the_exit_code_is_handed_on_and_ends_the_row(install, tmp_path):
    command = [
        sys.executable,
        "-c",
        "import sys, pathlib; pathlib.Path(sys.argv[1]).touch(); sys.exit(int(sys.argv[2]))",
    ]
    assert install.run_all([[*command, str(tmp_path / "a"), "0"], [*command, str(tmp_path / "b"), "3"]]) == 3
    assert install.run_all([[*command, str(tmp_path / "c"), "5"], [*command, str(tmp_path / "d"), "0"]]) == 5
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b", "c"]


def test_another_environment_does_not_lead_it_astray(install, monkeypatch):
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PIP_PROXY", "kept")
    env = install.environment()
    assert not {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"} & set(env) and env["PIP_PROXY"] == "kept"


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_in_place_of_the_environment_is_left_alone(install, project, installed, tmp_path):
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "file").write_text("x")
    (project / ".venv").symlink_to(tmp_path / "precious")
    with pytest.raises(install.Failed, match="link"):
        install.set_up(project / ".venv", [])
    assert (tmp_path / "precious" / "file").exists()
