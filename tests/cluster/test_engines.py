"""A batch over several engines: all of them paint, and where one is killed the other paints what it had."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scumble.cluster.orders import ahead
from scumble.wire import read_connection
from scumble.wire.engine.processes import is_alive

ROOT = Path(__file__).parents[2]
PHOTOS = 16


@pytest.fixture
def two_engines(tmp_path: Path) -> Iterator[list[int]]:
    """The processes of two real engines, in folders `a` and `b`, each with a connection file to be given."""
    started = []
    for name in "ab":
        environment = {f"SCUMBLE_{n}": str(tmp_path / name / n.lower()) for n in ("RUNTIME", "DATA", "CACHE", "LOGS")}
        more = {"SCUMBLE_NICENESS": "0", "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT / "engine")}
        command = [sys.executable, "-m", "scumble.server", "--device", "cpu"]
        started.append(subprocess.Popen(command, env={**os.environ, **environment, **more}))
    for name in "ab":
        while read_connection(tmp_path / name / "runtime") is None:
            assert all(p.poll() is None for p in started)
    yield [p.pid for p in started]
    for process in started:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.timeout(200)
def test_where_an_engine_is_killed_another_paints_its_pictures(tmp_path: Path, two_engines: list[int]) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(PHOTOS):
        pixels = np.random.default_rng(number).integers(0, 256, (48, 64, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number:02}.png")
    engines = [word for name in "ab" for word in ("--engine", str(tmp_path / name / "runtime" / "engine.json"))]
    style = ["--style", "scream", "--method", "fast", "--device", "cpu"]
    command = [sys.executable, "-m", "scumble", "stylize", str(folder), *style, "-o", f"{tmp_path}/out/", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "SCUMBLE_DATA": str(tmp_path / "data")}
    pipe = subprocess.PIPE
    with subprocess.Popen([*command, *engines], env=environment, stdout=pipe, stderr=pipe, encoding="utf-8") as batch:
        assert batch.stdout is not None and batch.stderr is not None
        lines = [batch.stdout.readline() for _ in range(2)]
        os.kill(two_engines[0], signal.SIGKILL)
        lines += batch.stdout.readlines()
        said = batch.stderr.read()
    assert batch.returncode == 0, said
    assert [Path(json.loads(line)["source"]).stem for line in lines[:-1]] == [f"{n:02}" for n in range(PHOTOS)]
    assert len(list((tmp_path / "out").iterdir())) == PHOTOS and json.loads(lines[-1])["painted"] == PHOTOS
    assert "remote-unreachable" in said or "engine-lost" in said
    assert not is_alive(two_engines[0]) and is_alive(two_engines[1])


def test_an_engine_gets_a_picture_for_each_device_and_one_ahead() -> None:
    card = {"name": "cuda:0", "title": "A"}
    assert ahead([]) == ahead(None) == 2
    assert ahead([card, {**card, "name": "cuda:1"}, {"name": "cuda:2", "title": "B"}, {"name": "cpu"}]) == 3


def test_a_file_that_describes_no_engine_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from scumble.cli import main

    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "a.json").chmod(0o600)
    Image.new("RGB", (8, 8)).save(tmp_path / "p.png")
    words = ["stylize", str(tmp_path), "--style", "scream", "-o", str(tmp_path / "out") + "/"]
    assert main([*words, "--engine", str(tmp_path / "a.json")]) == 1
    assert "[remote-unreadable]" in capsys.readouterr().err
