"""`scumble train-style` and `scumble styles remove`, as typed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from scumble.cli import main
from scumble.features import tensors
from scumble.networks import models
from scumble.networks.painter import SIZES, Painter
from scumble.networks.transform import TransformNet
from scumble.styles.statistics import PictureStyle
from scumble.training.own import contents, targets


def draw(path, size, seed):
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize(size, Image.Resampling.BICUBIC).save(path)
    return path


@pytest.fixture
def typed(tmp_path, monkeypatch):
    """The command of a short training, with folders of the test's own; it measures small pictures only."""
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(models, "SHIPPED", tmp_path)
    real = PictureStyle.moments
    monkeypatch.setattr(PictureStyle, "moments", lambda self, e, side, taps: real(self, e, min(side, 64), taps))
    monkeypatch.setattr(targets, "SIZES", (64, 64, 64))
    monkeypatch.setattr(targets, "VARIANTS", 2)
    monkeypatch.setattr(contents, "BANK", 12)
    torch.manual_seed(1)
    net = TransformNet()
    painter = Painter(net, {"scream": torch.zeros(len(SIZES), net.code_size)})
    tensors.store(tmp_path / "painter.safetensors", painter.state())
    for i in range(6):
        draw(tmp_path / "photos" / f"{i}.png", (70, 64), i)
    (tmp_path / "photos" / "broken.jpg").write_bytes(b"x")
    painting = draw(tmp_path / "wave.png", (64, 64), 9)
    fixed = ["--content", str(tmp_path / "photos"), "--size", "64", "--batch", "1", "--steps", "4", "--device", "cpu"]
    return ["train-style", str(painting), *fixed]


def test_a_style_is_trained_listed_and_removed(typed, tmp_path, capsys):
    assert main([*typed, "--title", "The Wave", "--tag", "sea", "--json"]) == 0
    account = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (account["name"], account["steps"], account["photographs"]["unreadable"]) == ("wave", 4, 1)
    assert main(["styles", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)[-1]
    assert (listed["name"], listed["title"], listed["tags"], listed["own"]) == ("wave", "The Wave", ["sea"], True)
    with Image.open(tmp_path / "data" / "styles" / "wave" / "picture.jpg") as kept:
        assert kept.size == (64, 64), "the painting is kept, for what paints with its pixels"
    assert main(["styles", "remove", "wave"]) == 0
    assert main(["styles"]) == 0 and "The Wave" not in capsys.readouterr().out
    assert main(["styles", "remove", "wave"]) == 1 and "style-unknown" in capsys.readouterr().err
    assert main(["styles", "remove", "scream"]) == 1 and "style-shipped" in capsys.readouterr().err


def test_it_says_what_came_of_it(typed, capsys):
    assert main(typed) == 0
    out = capsys.readouterr().out
    assert out.startswith("wave: 4 steps in ") and "held out: style " in out and "sheet.png" in out
    assert "Left out: 1 that cannot be read." in out
    assert main([*typed, "--quiet", "--replace"]) == 0 and capsys.readouterr().out == ""


def test_of_a_single_photograph_nothing_is_held_out(typed, tmp_path, capsys):
    for i in range(1, 6):
        (tmp_path / "photos" / f"{i}.png").rename(tmp_path / "photos" / f"{i}.heic")
    assert main(typed) == 0
    out = capsys.readouterr().out
    assert "held out" not in out and "On the photograph that it was learned on: style " in out
    assert "5 in formats that are not read" in out


def test_stopped_it_says_how_to_go_on(typed, capsys, monkeypatch):
    from scumble.cli import train

    real = train._train

    def signalled(args, bar):
        def on_event(event):
            bar(event)
            if getattr(event, "step", 0) == 2 and event.scale == "":
                os.kill(os.getpid(), signal.SIGTERM)

        return real(args, on_event)

    monkeypatch.setattr(train, "_train", signalled)
    assert main(typed) == 130
    assert "the same command goes on" in capsys.readouterr().err
    monkeypatch.setattr(train, "_train", real)
    assert main([*typed, "--resume", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["steps"] == 4


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (["--name", "scream"], "style-taken"),
        (["--name", "No Name"], "style-name"),
        (["--resume"], "checkpoint-missing"),
        (["--content", "nowhere"], "contents-missing"),
        (["--device", "abacus"], "device-unavailable"),
        (["--out", "{file}/x"], "file-write"),
    ],
)
def test_errors_have_a_sentence_and_a_code(typed, tmp_path, capsys, more, code):
    (tmp_path / "file").write_text("")
    assert main([*typed, *(m.replace("{file}", str(tmp_path / "file")) for m in more)]) == 1
    err = capsys.readouterr().err
    assert err.strip().endswith(f"[{code}]") and "Traceback" not in err


@pytest.mark.parametrize("more", [["--size", "8"], ["--steps", "-1"], ["--minutes", "nan"], ["--year", "old"]])
def test_values_out_of_range_are_usage_errors(typed, capsys, more):
    with pytest.raises(SystemExit) as end:
        main([*typed, *more])
    assert end.value.code == 2


def test_the_command_line_loads_no_torch_for_it():
    code = "import sys, scumble.cli.train; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=30).returncode == 0
