"""A Python without ensurepip, as Debian has it: really hidden, by a mount that only the test's processes see."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installer.pips import SHELVES, pip_wheels
from installer.system import clean_environment

from .wheel import wheel

ROOT = Path(__file__).parents[2]
SET_UP = """
import sys
from pathlib import Path
from installer.environment import Wish, set_up
from installer.speech import Failed
words = ["--no-index", "--find-links", sys.argv[2], "scumble"]
try:
    print(set_up(Path(sys.argv[1]), Wish(words, ["stamp"], offline=Path(sys.argv[3]) if sys.argv[3:] else None)))
except Failed as failure:
    print(failure, file=sys.stderr)
    sys.exit(1)
"""
BUNDLED = Path(pytest.importorskip("ensurepip").__file__).parent
HIDE = 'for folder in $HIDDEN; do mount -t tmpfs none "$folder" || exit 99; done; exec "$@"'


def hidden(command: list[str], folders: list[Path], **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command that sees nothing in these folders; skips where the system does not let us."""
    if not shutil.which("unshare"):
        pytest.skip("there is no unshare here")
    as_root = [] if os.getuid() == 0 else ["--map-root-user"]
    words = ["unshare", *as_root, "--mount", "sh", "-c", HIDE, "sh", *command]
    env = clean_environment(**{"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", **more}, HIDDEN=" ".join(map(str, folders)))
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=55)
    if done.returncode == 99 or "unshare:" in done.stderr:
        pytest.skip(f"no folder can be hidden here: {done.stderr.strip()}")
    return done


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    wheel(tmp_path / "Räder", "scumble", "1.0", "A = 1\n")
    return tmp_path / "Räder"


def bundled_pip() -> Path:
    found = pip_wheels(BUNDLED / "_bundled")
    if not found:
        pytest.skip("this Python's ensurepip has no wheel of pip in it")
    return found[0]


def bare(engine: Path, wheels: Path, *offline: Path, shelves: bool = False, **more: str):
    """`set_up` in a Python without ensurepip and, unless `shelves`, without the distribution's wheels."""
    folders = [BUNDLED, *(path for path in SHELVES if path.is_dir() and not shelves)]
    command = [sys.executable, "-c", SET_UP, str(engine), str(wheels), *map(str, offline)]
    return hidden(command, folders, **more)


def check(done: subprocess.CompletedProcess[str], engine: Path) -> None:
    assert done.returncode == 0, done
    python = engine / "bin/python"
    assert done.stdout.splitlines()[-1] == str(python)
    code = "import pip, scumble, sys; sys.exit(not pip.__file__.startswith(sys.prefix))"
    assert subprocess.run([str(python), "-c", code], env=clean_environment()).returncode == 0
    assert subprocess.run([str(python), "-m", "pip", "check"], env=clean_environment()).returncode == 0


def test_pip_comes_from_the_folder_beside_the_wheels(tmp_path, wheels):
    shutil.copy(bundled_pip(), wheels)
    (wheels / "pip-999.0-py3-none-any.whl").write_text("a broken one, which sorts first")
    engine = tmp_path / "Zoë 画家/engine"
    check(bare(engine, wheels, wheels), engine)
    done = bare(engine, wheels, wheels)
    assert done.returncode == 0 and done.stdout.strip() == str(engine / "bin/python")  # it is healthy: nothing to do


def test_pip_comes_from_the_distributions_wheels(tmp_path, wheels):
    if not any(pip_wheels(shelf) for shelf in SHELVES):
        pytest.skip("no wheel of pip lies in " + ", ".join(map(str, SHELVES)))
    check(bare(tmp_path / "engine", wheels, shelves=True), tmp_path / "engine")


def test_pip_is_fetched_by_the_systems_own(tmp_path, wheels):
    (tmp_path / "index").mkdir()
    shutil.copy(bundled_pip(), tmp_path / "index")
    done = bare(tmp_path / "engine", wheels, PIP_FIND_LINKS=(tmp_path / "index").as_uri())
    check(done, tmp_path / "engine")
    assert "Fetching pip" in done.stdout


@pytest.mark.parametrize("offline", [True, False])
def test_without_any_it_is_told_what_to_install(tmp_path, wheels, offline):
    done = bare(tmp_path / "engine", wheels, *([wheels] if offline else []))
    package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    assert done.returncode == 1 and f"sudo apt install {package}" in done.stderr, done
    assert ("pip's own wheel" in done.stderr) is offline
    assert "Traceback" not in done.stderr and not (tmp_path / "engine").exists()


def test_the_newest_wheel_comes_first(tmp_path):
    for name in ("pip-9.0.1-py3-none-any.whl", "pip-23.0.1-py3-none-any.whl", "pip-23.3-py3-none-any.whl", "pip-x.whl"):
        (tmp_path / name).touch()
    assert [w.name.split("-")[1] for w in pip_wheels(tmp_path)] == ["23.3", "23.0.1", "9.0.1"]
    assert pip_wheels(tmp_path / "none") == []
