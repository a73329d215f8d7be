"""A batch by real Ray workers on this machine: one is killed, the batch is ended, Ray is missing."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from scumble.cli import main

ROOT = Path(__file__).parents[2]
STYLE = ["--style", "scream", "--method", "fast", "--device", "cpu"]


@pytest.fixture
def ray() -> None:
    """Real Ray, or the test is left out."""
    pytest.importorskip("ray", reason="ray is not installed: pip install 'scumble[cluster]'")
    if sys.platform == "win32":
        pytest.skip("processes are looked for as on Linux")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty pictures, and one behind the seventh that is none."""
    folder = tmp_path / "Fotos ä"
    folder.mkdir()
    rng = np.random.default_rng(3)
    for number in range(40):
        soft = rng.integers(0, 256, (5, 6, 3), np.uint8)
        Image.fromarray(soft).resize((64 + number % 3, 72)).save(folder / f"{number:02}.png")
    (folder / "07a.png").write_bytes(b"no picture")
    return folder


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Folders of its own, by which everything that was started is known; at the end nothing of it is left."""
    own = {f"SCUMBLE_{n}": str(tmp_path / n.lower()) for n in ("RUNTIME", "DATA", "CACHE", "LOGS")}
    clean = {k: v for k, v in os.environ.items() if k not in ("SCUMBLE_ENGINE", "SCUMBLE_ENGINE_FILE")}
    yield {**clean, **own, "PYTHONPATH": str(ROOT / "engine"), "SCUMBLE_NICENESS": "0"}
    left = processes(tmp_path)
    for process in left:
        with contextlib.suppress(psutil.Error):
            process.kill()
    assert not left


def processes(folder: Path) -> list[psutil.Process]:
    """What was started with the folders of this test: engines, their workers, Ray and its workers."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("SCUMBLE_DATA", "").startswith(str(folder)):
                found.append(process)
    return found


def begin(photos: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    """The batch, in a group of processes of its own, as a terminal makes one."""
    words = ["stylize", str(photos), *STYLE, "-o", str(photos.parent / "painted") + "/", "--json"]
    command = [sys.executable, "-m", "scumble", *words, "--cluster", "--workers", "2"]
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, env=environment, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", start_new_session=True
    )


def painters(folder: Path) -> list[psutil.Process]:
    return [p for p in processes(folder) if "ray::Painter" in " ".join(p.cmdline())]


def by_one_engine(photos: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same pictures by one engine, with as many threads as a worker's has."""
    for name, value in environment.items():
        if name.startswith("SCUMBLE_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // 2)))
    there = photos.parent / "alone"
    try:
        assert main(["stylize", str(photos), *STYLE, "-o", f"{there}/", "--quiet"]) == 1
    finally:
        main(["stop", "--now"])
    return there


@pytest.mark.timeout(280)
@pytest.mark.usefixtures("ray")
def test_forty_pictures_are_right_and_in_order_though_a_worker_is_killed(
    photos: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with begin(photos, environment) as batch:
        assert batch.stdout is not None and batch.stderr is not None
        lines = [batch.stdout.readline() for _ in range(3)]
        victims = painters(photos.parent)
        assert len(victims) == 2
        victims[0].send_signal(signal.SIGKILL)
        lines += batch.stdout.readlines()
        said = batch.stderr.read()
    *told, total = map(json.loads, lines)
    assert batch.returncode == 1, said
    assert [Path(t["source"]).name for t in told] == sorted(p.name for p in photos.iterdir())
    failed = [(Path(f["source"]).name, f["error"]["code"]) for f in total["failed"]]
    assert (total["painted"], failed) == (40, [("07a.png", "picture-unreadable")])
    assert "cluster-worker" in said and "Traceback" not in said and "raylet" not in said
    assert_gone(photos.parent, 5.0)
    alone = by_one_engine(photos, environment, monkeypatch)
    for picture in sorted(alone.iterdir()):
        mine, its = (np.asarray(Image.open(f / picture.name)) for f in (alone, photos.parent / "painted"))
        assert np.array_equal(mine, its), picture.name


@pytest.mark.timeout(280)
@pytest.mark.usefixtures("ray")
def test_ctrl_c_leaves_nothing(photos: Path, environment: dict[str, str]) -> None:
    with begin(photos, environment) as batch:
        assert batch.stdout is not None and batch.stderr is not None
        first = batch.stdout.readline()
        commands = " ".join(word for p in processes(photos.parent) for word in p.cmdline())
        folders = set(re.findall(r"/[^ =:,]*/sc-[\w-]+", commands))
        listening = listeners(photos.parent)
        os.killpg(batch.pid, signal.SIGINT)
        rest, said = batch.communicate(timeout=60)
    assert json.loads(first)["output"] and batch.returncode == 130 and "[cancelled]" in said, said
    assert len(rest.splitlines()) < 40 and "Traceback" not in said
    assert_gone(photos.parent, 10.0)
    assert folders and not any(Path(folder).exists() for folder in folders)
    assert listening and all(address in ("127.0.0.1", "::ffff:127.0.0.1", "::1") for address in listening)


def listeners(folder: Path) -> set[str]:
    """The addresses at which anything that was started listens."""
    found: set[str] = set()
    for process in processes(folder):
        with contextlib.suppress(psutil.Error):
            found |= {c.laddr.ip for c in process.net_connections("inet") if c.status == psutil.CONN_LISTEN}
    return found


def assert_gone(folder: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while (left := processes(folder)) and time.monotonic() < end:
        time.sleep(0.1)
    assert [" ".join(p.cmdline()) for p in left if p.is_running()] == []


def test_without_ray_it_says_how_to_get_it(photos: Path, environment: dict[str, str]) -> None:
    words = ["stylize", str(photos), *STYLE, "-o", str(photos.parent / "painted") + "/", "--cluster"]
    code = f"import sys; sys.modules['ray'] = None; from scumble.cli import main; sys.exit(main({words!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, encoding="utf-8", timeout=50
    )
    assert done.returncode == 1 and "[extra-missing]" in done.stderr and "scumble[cluster]" in done.stderr


@pytest.mark.parametrize("words", [["a", "b", "--workers", "2"], ["a.png", "--cluster"], ["a", "b", "--workers", "0"]])
def test_what_does_not_fit_together_is_said(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["stylize", *words, *STYLE, "-o", "out/" if "b" in words else "out.png"])
    assert caught.value.code == 2 and "Traceback" not in capsys.readouterr().err
