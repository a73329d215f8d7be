"""Training of the fast network that ships, tiny: it learns by pairs, resumes, and exports what can be published."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file

from scumble.features import tensors
from scumble.methods.colortable import USUAL, Vividness
from scumble.methods.fast.colors import StyleColors
from scumble.methods.pixels import luma
from scumble.networks.painter import SIZES, load_painter_file
from scumble.styles.library import shipped_names
from scumble.training.fast import train as fast
from scumble.training.fast.columns import Columns, hypercolumns
from scumble.training.fast.judging import SlimJudge, Wanted, judged, lattice
from scumble.training.fast.pairpool import PairPool, vividness
from scumble.training.fast.pupil import Pupil
from scumble.training.fast.spectrum import powers
from scumble.training.library import publish
from scumble.training.slim.teachers import DISTILLED, DISTILLED_ORDER

from .conftest import draw

CHANNELS = {"1": 4, "2": 6, "3": 8, "4": 8, "5": 8}


@pytest.fixture
def teachers(tmp_path: Path) -> Path:
    """A judge of random weights."""
    torch.manual_seed(2)
    state, inputs = {"conv0.weight": torch.eye(3)[:, :, None, None], "conv0.bias": torch.zeros(3)}, 3
    for key in (k for k in DISTILLED_ORDER if k != "p"):
        outputs = CHANNELS[key[0]]
        state[f"conv{key}.weight"] = torch.randn(outputs, inputs, 3, 3) / (9 * inputs) ** 0.5 * 1.4
        state[f"conv{key}.bias"] = torch.zeros(outputs)
        state[f"conv{key}_aux.weight"] = torch.randn(10, outputs, 1, 1) / outputs**0.5
        state[f"conv{key}_aux.bias"] = torch.zeros(10)
        inputs = outputs
    (tmp_path / "teachers").mkdir()
    save_file(state, tmp_path / "teachers" / DISTILLED)
    return tmp_path / "teachers"


@pytest.fixture
def pairs(tmp_path: Path) -> Path:
    """Pairs that are their contents, inverted."""
    for name in shipped_names()[:2]:
        content = np.asarray(Image.open(draw(tmp_path / "c.png", (256, 256), 3)))
        (tmp_path / "pairs" / name).mkdir(parents=True)
        both = Image.fromarray(np.concatenate([content, 255 - content], 1))
        both.save(tmp_path / "pairs" / name / "000-512.png")
    return tmp_path / "pairs"


def log_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


@pytest.mark.timeout(240)
def test_it_learns_resumes_and_is_published(
    photos: Path, pairs: Path, teachers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = shipped_names()[:5]  # each is a network more
    monkeypatch.setattr(fast, "shipped_names", lambda: names)
    monkeypatch.setattr(fast, "CROP", 96)
    monkeypatch.setattr(fast, "SHEET", 64)
    monkeypatch.setattr("scumble.training.fast.paintings.LARGEST", 0.25)
    folders = ["--photos", photos, "--pairs", pairs, "--teachers", teachers]
    fixed = [*map(str, folders), "--batch", "2", "--every", "4", "--minutes", "60"]
    for steps in (4, 8):
        assert fast.main([*fixed, "--steps", str(steps), "--out", str(tmp_path / "run")]) == 0
    log = log_of(tmp_path / "run")
    assert [line["step"] for line in log] == [4, 8] and log[-1]["pairs"] == 2
    assert {"style", "near", "content", "colors", "lattice"} <= set(log[-1])
    painter = load_painter_file(tmp_path / "run" / "painter.safetensors")
    assert set(painter.codes) == set(painter.own) == set(names)
    assert set(painter.looks) == set(names)
    assert set(painter.vivid) == set(names[:2]), "of which there are pairs"
    with Image.open(tmp_path / "run" / "sheet.png") as sheet:
        assert sheet.width > 4 * 64
    monkeypatch.setattr("scumble.networks.models.SHIPPED", tmp_path / "shipped")
    publish.publish_painters([tmp_path / "run" / "painter.safetensors"])
    assert set(load_painter_file(tmp_path / "shipped" / "painter.safetensors").codes) == set(names)
    again = [*fixed, "--steps", "2", "--from", str(tmp_path / "run" / "painter.safetensors"), "--only", names[3]]
    assert fast.main([*again, "--out", str(tmp_path / "next")]) == 0
    alone = load_painter_file(tmp_path / "next" / "painter.safetensors")
    moved = {n for n in names if not torch.equal(alone.own[n].out.weight, painter.own[n].out.weight)}
    assert moved == {names[3]}, "one style learns on, the others paint as before"
    assert torch.equal(alone.net.out.weight, painter.net.out.weight)


def test_a_pupil_begins_where_a_painter_is(tmp_path: Path) -> None:
    torch.manual_seed(1)
    first = Pupil(["a", "b"])
    with torch.no_grad():
        first.style.normal_(0, 0.2)
        first.size.normal_(0, 0.2)
        first.own[1].out.weight.fill_(0.5)
    tensors.store(tmp_path / "painter.safetensors", first.painter().state())
    second = Pupil(["b", "c"])
    second.take(load_painter_file(tmp_path / "painter.safetensors"))
    assert torch.allclose(second.table()[0], first.table()[1], atol=2e-3)
    assert torch.allclose(second.table()[1], torch.zeros(len(SIZES), first.net.code_size))
    assert torch.allclose(second.net.out.weight, first.net.out.weight, atol=1e-3)
    assert bool((second.own[0].out.weight == 0.5).all())
    assert not second.own[1].out.weight.any(), "adds nothing yet"


def test_a_pair_is_better_than_what_is_not_it() -> None:
    from scumble.features.registry import load_encoder

    judge = SlimJudge(load_encoder("slim"))
    torch.manual_seed(0)
    aim, other = (torch.nn.functional.interpolate(torch.rand(1, 3, 12, 12), 96, mode="bicubic") for _ in range(2))
    maps = judge.maps(aim[..., 16:-16, 16:-16])
    columns = Columns.of([[maps[k] for k in judge.places]])
    strange = judge.grams(judge.maps(other[..., 16:-16, 16:-16]))  # a pair is judged by its own
    wanted = Wanted(aim, torch.tensor([True]), strange, [columns], powers(other))
    (best, terms), (worse, _) = judged(judge, aim, wanted), judged(judge, other, wanted)
    assert float(best) < 0.25 * float(worse) and terms["near"] == terms["content"] == 0
    assert terms["style"] < 0.25  # its parts are not quite as the whole is
    assert terms["waves"] < 1e-6
    assert terms["paint"] < 1e-4


def test_columns_of_a_painting_are_near_and_others_are_not() -> None:
    """A style's own places are found again, turned too; mixed with another's, both are."""
    torch.manual_seed(0)
    first, second = ([torch.randn(1, c, 16 // k, 16 // k) for c, k in ((4, 1), (6, 2), (8, 4))] for _ in range(2))
    one, two = Columns.of([first]), Columns.of([second])
    own, other = (hypercolumns(maps)[0] for maps in (first, second))
    assert float(one.distance(own)) < 1e-4 < 0.2 < float(one.distance(other))
    both = one.mixed(two, 0.5)
    assert len(both.rows) == len(one.rows) == 64


def test_the_lattice_is_seen_and_noise_is_none() -> None:
    torch.manual_seed(0)
    grain = torch.randn(1, 3, 160, 160) * 0.1
    weave = torch.zeros(1, 3, 160, 160)
    weave[..., ::4, ::4] = 0.4
    assert float(lattice(grain)) < 0.05 < 0.3 < float(lattice(grain * 0.3 + weave))


def test_pairs_are_read_as_they_come(pairs: Path) -> None:
    gray = torch.full((1, 3, 64, 64), 0.5)
    plain = StyleColors.of(gray, gray[0, 0])
    pool = PairPool(pairs, dict.fromkeys(shipped_names(), plain))
    assert len(pool) == 2
    rng = np.random.default_rng(0)
    assert pool.draw(rng, 96, 5) is None
    crop = pool.draw(rng, 96, 0)
    assert (
        crop is not None
        and crop.style == 0
        and crop.size == 512
        and crop.content.shape == crop.painted.shape == (3, 96, 96)
    )
    (pairs / shipped_names()[5]).mkdir()
    (pairs / shipped_names()[0] / "000-512.png").rename(pairs / shipped_names()[5] / "001-256.png")
    pool.look()
    assert len(pool) == 3 and pool.draw(rng, 96, 5) is not None


def test_how_vivid_a_style_is_painted_is_measured() -> None:
    """By contents in the style's colours against what was painted: half as much again of chroma, the same light."""
    torch.manual_seed(0)
    content = torch.nn.functional.interpolate(0.35 + 0.3 * torch.rand(1, 3, 8, 8), 256, mode="nearest")
    colors = StyleColors.of(content, torch.ones(256, 256))
    plain = replace(colors, vivid=Vividness(1, 1)).laid_on(content)
    painted = luma(plain) + 1.5 * (plain - luma(plain))
    light, chroma = vividness([(content, painted)] * 3, colors)
    assert light == pytest.approx((3 + USUAL.light) / 4, abs=1e-3), "the usual counts as one picture more"
    assert chroma == pytest.approx((3 * 1.5 + USUAL.chroma) / 4, abs=1e-3)
