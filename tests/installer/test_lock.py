"""Two installers at once: real processes, one of which has to wait its turn, and one that is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from installer import lock
from installer.lock import LOCK, alone
from installer.speech import Failed
from installer.system import borrow

ROOT = Path(__file__).parents[2]
HOLD = "import sys; from pathlib import Path; from installer.lock import alone, held\nwith alone(Path(sys.argv[1])):\n"
WAIT = HOLD + "    print('held', flush=True); sys.stdin.read()\n"
WITH_CHILD = HOLD + (
    "    import subprocess\n"
    "    child = subprocess.Popen(['sleep', '50'], pass_fds=held())\n"
    "    print(child.pid, flush=True); sys.stdin.read()\n"
)
BUSY = "another run of install.py is at work on"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "Zoë 画家/data"


@pytest.fixture
def holder(data: Path):
    """Starts a process that holds the lock; its first word."""
    started: list[subprocess.Popen[str]] = []

    def start(code: str = WAIT, path: Path = data / LOCK) -> tuple[subprocess.Popen[str], str]:
        pipe = subprocess.PIPE
        command = [sys.executable, "-c", code, str(path)]
        started.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))
        return started[-1], started[-1].stdout.readline().strip()  # type: ignore[union-attr]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def installer(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """install.py itself, in a home of its own."""
    home = data.parent
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCUMBLE_", "GIMP3"))}
    env = {**kept, "HOME": str(home), "SCUMBLE_DATA": str(data), "SCUMBLE_RUNTIME": str(home / "run")}
    command = [sys.executable, str(ROOT / "install.py"), *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=50)


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def test_a_second_run_ends_with_a_sentence_and_touches_nothing(data, holder):
    process, _ = holder()
    before = names(data.parent)
    for words in (["--editor", "none"], ["--uninstall"]):
        done = installer(data, *words)
        assert done.returncode == 1 and f"install.py: {BUSY} {data}. Wait" in done.stderr, done
        assert "Traceback" not in done.stderr and names(data.parent) == before
    process.communicate("")
    assert not data.exists()  # it had made the folder for its lock
    done = installer(data, "--uninstall")
    assert done.returncode == 0 and "Nothing of Scumble is left" in done.stdout and not data.exists()


def test_looking_is_never_in_the_way(data, holder, tmp_path):
    holder()
    assert installer(data, "--help").returncode == 0
    assert installer(data, "--dry-run").returncode == 0
    assert installer(data, "--uninstall", "--dry-run").returncode == 0
    assert installer(data, "--pack", str(tmp_path / "out")).returncode == 0
    assert names(data) == [LOCK] and len(names(tmp_path / "out")) == 2


def test_looking_makes_no_file(data):
    for words in (["--help"], ["--dry-run"], ["--uninstall", "--dry-run"]):
        assert installer(data, *words).returncode == 0
        assert not data.parent.exists()


def test_a_lock_whose_process_was_killed_holds_nobody(data, holder):
    process, _ = holder()
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert (data / LOCK).is_file()
    done = installer(data, "--uninstall")
    assert done.returncode == 0 and not data.exists(), done


@pytest.mark.skipif(os.name == "nt", reason="the lock is not handed on there")
def test_a_pip_that_outlives_its_installer_keeps_the_next_out(data, holder):
    process, child = holder(WITH_CHILD)
    process.send_signal(signal.SIGKILL)
    process.wait()
    with pytest.raises(Failed, match=BUSY), alone(data / LOCK):
        pass
    os.kill(int(child), signal.SIGKILL)
    for _ in range(500):  # it takes the system a moment
        try:
            with alone(data / LOCK):
                break
        except Failed:
            threading.Event().wait(0.02)
    else:
        pytest.fail("the lock outlived the last process that held it")
    assert not (data / LOCK).exists()


def test_one_at_a_time_however_many_come(data):
    """A lock that is taken away at each end must never let two in: a counter is read and written inside it."""
    counter = data.parent / "counter"
    counter.parent.mkdir()
    counter.write_text("0")
    busy = (
        "import sys; from pathlib import Path; from installer.lock import alone; from installer.speech import Failed\n"
        "done = 0\n"
        "while done < 50:\n"
        "    try:\n"
        "        with alone(Path(sys.argv[1])):\n"
        "            c = Path(sys.argv[2]); c.write_text(str(int(c.read_text()) + 1)); done += 1\n"
        "    except Failed: pass\n"
    )
    command = [sys.executable, "-c", busy, str(data / LOCK), str(counter)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [p.wait(timeout=50) for p in processes] == [0] * 4
    assert counter.read_text() == "200" and names(data.parent) in (["counter"], ["counter", "data"])


def test_where_nothing_can_be_locked_it_goes_on_without(data, monkeypatch):
    data.parent.mkdir()
    data.write_text("a file in the way of the folder")
    with alone(data / LOCK):
        assert lock.held() == ()
    data.unlink()

    def unable(fd: int, shared: bool) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(borrow("engine.locks"), "_lock", unable)
    with alone(data / LOCK):
        assert lock.held() == ()


def test_demo_and_test_take_turns_beside_the_sources(install, monkeypatch, tmp_path, holder, capsys):
    monkeypatch.setattr(install, "VENV", tmp_path / ".venv")
    holder(path=tmp_path / ".venv.lock")
    assert install.main(["--demo"]) == 1
    assert BUSY in capsys.readouterr().err and names(tmp_path) == [".venv.lock"]
