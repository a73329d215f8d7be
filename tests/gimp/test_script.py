"""The script of docs/gimp-scripting.md, run as it is written there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from ..editors.engine import EngineHome
from ..editors.tree import enter, leave
from .gimpproc import GimpProcess

TEXT = (Path(__file__).parents[2] / "docs/gimp-scripting.md").read_text("utf-8")
Console = Callable[[str], tuple[int, str]]


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.fixture
def console(tree: Path, gimp_profile: Path, engine_home: EngineHome, tmp_path: Path) -> Iterator[Console]:
    """Runs a command line in a folder with photographs; its exit code and output."""
    gimp = GimpProcess(tree, gimp_profile, engine_home.environment(leave()), None, [tmp_path])
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.fromarray(astronaut()[100:228, 150:310]).save(photos / "one.jpg", quality=95)
    Image.fromarray(np.rot90(astronaut()[100:228, 150:310]).copy()).save(photos / "two.PNG")
    (photos / "notes.txt").write_text("no picture")
    (tmp_path / "style_folder.py").write_text(block("python"), "utf-8")

    def run(command: str) -> tuple[int, str]:
        words = ["env", "-i", *(f"{k}={v}" for k, v in gimp.env.items()), "sh", "-c", f"cd {tmp_path}\n{command}"]
        process = subprocess.Popen(
            enter(tree, words, gimp.folders),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = process.communicate(timeout=55)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return process.returncode, output

    yield run
    gimp.remove()


def test_a_folder_is_painted(console: Console, tmp_path: Path) -> None:
    code, output = console(block("sh"))
    assert code == 0, output
    assert "one.jpg is painted" in output and "two.PNG is painted" in output
    assert sorted(p.name for p in (tmp_path / "painted").iterdir()) == ["one.png", "two.png"]
    for name, source in (("one.png", "one.jpg"), ("two.png", "two.PNG")):
        before = np.asarray(Image.open(tmp_path / "photos" / source).convert("RGB"), int)
        after = np.asarray(Image.open(tmp_path / "painted" / name).convert("RGB"), int)
        assert after.shape == before.shape and np.abs(after - before).mean() > 10


def test_what_cannot_be_painted_fails_with_its_reason(console: Console, tmp_path: Path) -> None:
    code, output = console(block("sh").replace("The Starry Night", "The Stary Nihgt"))
    assert code not in (0, None) and "[style-unknown]" in output and "starry-night" in output
    assert list((tmp_path / "painted").iterdir()) == []


def test_every_argument_is_named(gimp: GimpProcess) -> None:
    named = set(re.findall(r"`((?:style-1|[a-z]+)(?:-[a-z]+)*)`", TEXT))
    specs = "[s.name for s in Gimp.get_pdb().lookup_procedure('scumble-style-transfer').get_arguments()]"
    known = {*gimp.get(specs)}
    assert {n for n in known if n.startswith("style-1")} <= named
    assert {"method", "strength", "colors", "selection-as", "convert"} <= named & known
    wrong = {n for n in named if n.startswith("style-") and n not in known} - {"style-unknown", "style-4"}
    assert not wrong
