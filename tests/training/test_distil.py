"""The distillation on small teachers and drawn pictures: it learns, resumes, grows and publishes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from scumble.features.slim import Slim
from scumble.training.library import publish
from scumble.training.pictures import find_pictures, held_out
from scumble.training.slim import distil
from scumble.training.slim.grow import grow
from scumble.training.slim.pool import Pool
from scumble.training.slim.teachers import DISTILLED, EXACT

NARROW = (8, 8, 8, 16, 16)


@pytest.fixture
def teachers(tmp_path: Path) -> Path:
    """Teachers of the real files' layout with random weights."""
    torch.manual_seed(0)
    folder = tmp_path / "teachers"
    folder.mkdir()

    def conv(out: int, inputs: int, size: int = 3) -> dict[str, torch.Tensor]:
        scale = (2 / (inputs * size * size)) ** 0.5
        return {"weight": torch.randn(out, inputs, size, size) * scale, "bias": torch.randn(out) * 0.1}

    exact, distilled = {}, {"conv0.weight": torch.eye(3).view(3, 3, 1, 1), "conv0.bias": torch.zeros(3)}
    for i, (a, b) in {0: (3, 64), 2: (64, 64), 5: (64, 128), 7: (128, 128), 10: (128, 256)}.items():
        exact |= {f"features.{i}.{k}": v for k, v in conv(b, a).items()}
    before, widths = 3, {"1": 16, "2": 32, "3": 64, "4": 128, "5": 128}
    for name in ("11", "12", "21", "22", "31", "32", "33", "34", "41", "42", "43", "44", "51"):
        distilled |= {f"conv{name}.{k}": v for k, v in conv(widths[name[0]], before).items()}
        before = widths[name[0]]
    for name in ("41", "51"):
        distilled |= {f"conv{name}_aux.{k}": v for k, v in conv(512, 128, 1).items()}
    exact["features.0.weight"] /= 255  # it is fed 0…255
    save_file(exact, folder / EXACT)
    save_file(distilled, folder / DISTILLED)
    return folder


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for i in range(60):
        small = rng.integers(0, 255, (9, 12, 3), dtype=np.uint8)
        Image.fromarray(small).resize((96, 72), Image.Resampling.BICUBIC).save(folder / f"{i}.png")
    assert any(held_out(p) for p in find_pictures([folder]))
    return folder


def arguments(pictures: Path, teachers: Path, out: Path, steps: int, *more: str) -> list[str]:
    fixed = ["--size", "64", "--batch", "2", "--from-pool", "1", "--pool", "2", "--every", "8", "--device", "cpu"]
    widths = ["--widths", *map(str, NARROW)]
    folders = ["--data", str(pictures), "--teachers", str(teachers), "--out", str(out)]
    return [*folders, "--steps", str(steps), *fixed, *widths, *more]


def log_of(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


@pytest.mark.timeout(240)  # a busy machine takes minutes for it
def test_it_learns_and_resumes(
    pictures: Path, teachers: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    distil.main(arguments(pictures, teachers, out, 8))
    assert log_of(out)[-1]["step"] == 8
    before = load_file(out / "checkpoint.safetensors")
    distil.main(arguments(pictures, teachers, out, 24))
    assert "resumed at step 8" in capsys.readouterr().out
    assert float(load_file(out / "checkpoint.safetensors")["adam.step.convs.conv1_1.weight"]) == 24
    assert not torch.equal(
        before["net.convs.conv5_1.weight"], load_file(out / "checkpoint.safetensors")["net.convs.conv5_1.weight"]
    )
    lines = [line for line in log_of(out) if "r2" in line]
    first, last = lines[0]["loss"], lines[-1]["loss"]
    assert isinstance(first, float) and isinstance(last, float) and last < first


def test_growing_keeps_what_it_computes(tmp_path: Path) -> None:
    torch.manual_seed(1)
    narrow, wide = Slim(NARROW), Slim((12, 16, 24, 16, 16))
    distil.initialise(wide)
    grow(narrow.state_dict(), wide)
    x = torch.rand(1, 3, 64, 64)
    a, b = narrow(x, ["conv1_1", "conv5_1"]), wide(x, ["conv1_1", "conv5_1"])
    for tap in a:
        assert torch.allclose(narrow.widened(tap, a[tap]), wide.widened(tap, b[tap]), atol=1e-5)


def test_the_pool_moves_towards_the_style() -> None:
    torch.manual_seed(2)
    net, pool = Slim(NARROW), Pool(1)
    distil.initialise(net)
    content, style = torch.full((3, 64, 64), 0.2), torch.full((3, 64, 64), 0.8)
    for _ in range(15):
        x = pool.step(net, [(content, style)])
    assert float(x.mean()) > 0.3


def test_no_pictures_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no pictures"):
        find_pictures([tmp_path])


def test_a_card_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Image.fromarray(np.random.default_rng(3).integers(0, 255, (80, 100, 3), dtype=np.uint8)).save(tmp_path / "p.png")
    monkeypatch.setattr(publish, "CARDS", tmp_path)
    entry = publish.card_of("drawn", {"picture": "p.png", "title": "Drawn"}, tmp_path)
    assert entry["title"] == "Drawn" and "picture" not in entry
    assert load_file(tmp_path / entry["file"])["512.conv3_1"].dtype == torch.float16
