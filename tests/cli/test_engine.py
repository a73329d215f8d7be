"""The command line with a real engine in a process of its own, on tiny pictures."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import scumble
from scumble.cli import main
from scumble.picture import Picture, decode_file, save_file
from scumble.server.commands import status

pytestmark = pytest.mark.timeout(180)  # the engine's worker loads torch once

TINY = ["--iterations", "2", "--min-size", "32", "--device", "cpu"]


@pytest.fixture(scope="module")
def place(own_engine, tmp_path_factory):
    """A folder with pictures, and an engine that the first command starts."""
    folder = tmp_path_factory.mktemp("cli")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        rng = np.random.default_rng(5)
        ramp = np.linspace(0, 60000, 48)[None, :, None] + rng.integers(0, 5000, (40, 48, 3))
        save_file("Foto ä.tif", Picture(ramp.astype(np.uint16)))
        save_file("style.png", Picture(rng.integers(0, 256, (36, 36, 3), np.uint8)))
        mask = np.zeros((40, 48, 1), np.uint8)
        mask[10:30, 8:40] = 255
        mask[10:14] //= 3
        save_file("sel.png", Picture(mask))
        save_file("left.png", Picture(np.tile(np.linspace(255, 0, 48), (40, 1))[..., None].astype(np.uint8)))
        yield folder


def test_a_masked_run_of_two_styles_leaves_all_else_alone(place, capsys):
    words = ["Foto ä.tif", "--style", "style.png:0.7:0.5@left.png", "--style", "starry-night:0.3", "--json"]
    files = ["--selection", "sel.png", "-o", "Bild ö.tif", "--layer", "layer.tif"]
    assert main(["stylize", *words, *files, *TINY]) == 0
    account = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {k: account[k] for k in ("output", "layer", "x", "y", "device", "model", "cached")} == {
        **{"output": "Bild ö.tif", "layer": "layer.tif", "x": 8, "y": 10},
        **{"device": "cpu", "model": "slim", "cached": False},
    }
    assert account["steps"] >= 2 and account["seconds"] > 0 and account["losses"]
    before, after, layer = decode_file("Foto ä.tif"), decode_file("Bild ö.tif"), decode_file("layer.tif")
    mask = decode_file("sel.png").data[..., 0]
    assert after.depth == layer.depth == "u16"
    np.testing.assert_array_equal(after.data[mask == 0], before.data[mask == 0])
    changed = (after.data != before.data).any(axis=2)
    assert changed[mask == 255].mean() > 0.9
    np.testing.assert_array_equal(layer.data[..., 3], mask[10:30, 8:40].astype(np.uint16) * 257)
    full = mask[10:30, 8:40] == 255
    np.testing.assert_array_equal(after.data[10:30, 8:40][full], layer.data[..., :3][full])


def test_the_same_again_comes_from_the_cache(place, capsys):
    words = ["stylize", "Foto ä.tif", "--style", "style.png", "-o", "a.png", "--json", *TINY]
    assert main(words) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(words) == 0
    second = json.loads(capsys.readouterr().out)
    assert (first["cached"], second["cached"]) == (False, True)
    assert first["layer"] is None and (first["x"], first["y"]) == (0, 0)


def test_an_error_of_the_engine_is_told(place, capsys):
    words = ["stylize", "Foto ä.tif", "--style", "style.png", "-o", "b.png", "--style-layers", "conv9_9", *TINY]
    assert main(words) == 1
    assert "[layer-unknown]" in capsys.readouterr().err
    assert not Path("b.png").exists()


def test_status_and_doctor(place, capsys):
    assert main(["stylize", "Foto ä.tif", "--style", "style.png", "-o", "c.png", "--quiet", *TINY]) == 0
    assert capsys.readouterr().out == ""
    assert main(["status"]) == 0
    assert "Engine" in capsys.readouterr().out
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["running"] is True


@pytest.mark.skipif(sys.platform == "win32", reason="signals are otherwise there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_cancels_the_job_at_the_engine(place, number):
    words = ["stylize", "Foto ä.tif", "--style", "style.png", "-o", "d.png", "--seed", str(int(number))]
    code = "import sys\nfrom scumble.cli import main\nsys.exit(main())"
    environment = {**os.environ, "PYTHONPATH": str(Path(scumble.__file__).parents[1])}
    command = [sys.executable, "-c", code, *words, *TINY, "--iterations", "20000"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: jobs()["running"] == 1 or process.poll() is not None)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)
    assert process.returncode == 130 and "[cancelled]" in said and "Traceback" not in said
    wait_for(lambda: jobs()["running"] == 0)
    assert not Path("d.png").exists()


def jobs():
    report = status()
    return report["jobs"] if report["running"] else {"running": 0}


def wait_for(condition):
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)
