"""Training of the painters that ship, tiny: they learn, resume, export what can be loaded, and are published."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from scumble.features import tensors
from scumble.features.registry import load_encoder
from scumble.networks.adaptive import AdaptiveNet
from scumble.networks.painter import SIZES, load_painter_file
from scumble.networks.painting import paint as paint_scene
from scumble.networks.painting import recalled
from scumble.networks.scene import RIM, Scene
from scumble.training import paint, publish
from scumble.training.namedstyles import NamedStyles, draw_size
from scumble.training.painters import AnyStyle, Apprentice, Pick, StyleTable
from scumble.training.paintloss import Wanted, Weights, look, paint_loss
from scumble.training.stylepool import UnseenPaintings, matching, measure, read_groups

from .conftest import draw

SHAPE = ((4, 8), (1, 1, 1))
TINY = ["--widths", "4", "8", "--blocks", "1", "1", "1"]


@pytest.fixture
def paintings(tmp_path: Path) -> Path:
    for i in range(4):
        draw(tmp_path / "paintings" / f"{'fine' if i % 2 else 'work'}-{i}.png", (120, 100), 50 + i)
    return tmp_path / "paintings"


def tiny() -> AdaptiveNet:
    return AdaptiveNet(load_encoder("slim"), *SHAPE)


def arguments(mode: str, photos: Path, out: Path, steps: int, *more: str) -> list[str]:
    fixed = ["--size", "64", "--sheet", "64", "--batch", "2", "--every", "4", "--lr", "5e-3", "--calibration", "6"]
    return [mode, "--data", str(photos), "--out", str(out), "--steps", str(steps), *fixed, *more]


def log_of(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text().splitlines()]


def names_of(file: Path) -> set[str]:
    return {k.partition(".")[0] for k in load_file(file)}


def test_any_style_learns_and_resumes(
    photos: Path, paintings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, unseen = tmp_path / "run", tmp_path / "unseen.json"
    unseen.write_text('["work-0", "elsewhere"]')
    given = ["--paintings", str(paintings), "--unseen", str(unseen), *TINY]
    assert paint.main(arguments("any", photos, out, 4, *given)) == 0
    assert paint.main(arguments("any", photos, out, 16, *given)) == 0
    assert "resumed at step 4" in capsys.readouterr().out
    lines = [line["unseen"] for line in log_of(out) if "unseen" in line]
    assert [line["step"] for line in log_of(out)] == [4, 8, 12, 16]
    assert lines[-1]["style"] < lines[0]["style"] and lines[-1]["identity_psnr"] > 5
    assert (out / "sheet.png").stat().st_size > 1000
    kept = load_file(out / "checkpoint.safetensors")
    assert float(kept["adam.step.net.out.weight"]) == 16 and "average.styles.predictor.centre" in kept
    assert names_of(out / "painter.safetensors") == {"net", "identity", "predictor"}


def test_a_checkpoint_goes_on_by_its_keys(photos: Path, paintings: Path, tmp_path: Path) -> None:
    """A file with these keys and this metadata is one, whichever version wrote it."""
    out, net = tmp_path / "run", tiny()
    apprentice = Apprentice(net, torch.zeros(net.code_size), AnyStyle(net))
    state = {f"{k}.{n}": t.clone() for k in ("net", "average") for n, t in apprentice.state_dict().items()}
    assert {"net.net.out.weight", "net.identity", "net.styles.predictor.layers.0.weight"} <= set(state)
    for name, p in apprentice.named_parameters():
        state |= {f"adam.{k}.{name}": torch.zeros_like(p) for k in ("exp_avg", "exp_avg_sq")}
        state[f"adam.step.{name}"] = torch.tensor(7.0)
    out.mkdir()
    save_file(state, out / "checkpoint.safetensors", metadata={"step": "7", "seconds": "3.5"})
    given = ["--paintings", str(paintings), *TINY]
    assert paint.main(arguments("any", photos, out, 8, *given)) == 0
    kept = load_file(out / "checkpoint.safetensors")
    assert float(kept["adam.step.identity"]) == 8
    assert not torch.equal(kept["net.net.out.weight"], state["net.net.out.weight"])


def test_it_is_published(
    photos: Path, paintings: Path, tmp_path: Path, shipped: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    paint.main(arguments("any", photos, out, 2, "--paintings", str(paintings)))
    publish.main(["--painters", str(out / "painter.safetensors")])
    painter = load_painter_file(shipped / "painter.safetensors")
    style = measure(load_encoder("slim"), torch.rand(3, 64, 64))
    assert painter.predict(style).shape == (painter.net.code_size,)
    (out / "painter.safetensors").rename(out / "other.safetensors")
    (out / "painter.json").rename(out / "other.json")
    with pytest.raises(Exception, match="painter"):
        publish.publish_painters([out / "other.safetensors"])


def test_named_styles_learn_from_a_painter_of_any(photos: Path, tmp_path: Path) -> None:
    net = tiny()
    general = Apprentice(net, torch.randn(net.code_size) * 0.1, AnyStyle(net))
    start, out = tmp_path / "any.safetensors", tmp_path / "run"
    tensors.store(start, general.painter().state())
    given = ["--from", str(start), "--names", "scream", "great-wave", *TINY]
    assert paint.main(arguments("named", photos, out, 20, *given)) == 0
    lines = [line["unseen"] for line in log_of(out)]
    assert lines[-1]["style"] < lines[0]["style"]
    exported = load_file(out / "painter.safetensors")
    assert {k for k in exported if k.startswith("code.")} == {"code.scream", "code.great-wave"}
    assert exported["code.scream"].shape == (len(SIZES), net.code_size)
    for key, value in load_file(start).items():  # any other style is painted as before
        assert torch.equal(value, exported[key]), key


def test_both_kinds_learn_in_one_network(photos: Path, paintings: Path, tmp_path: Path) -> None:
    net = tiny()
    general = Apprentice(net, torch.randn(net.code_size) * 0.1, AnyStyle(net))
    start, out = tmp_path / "any.safetensors", tmp_path / "run"
    tensors.store(start, general.painter().state())
    given = ["--paintings", str(paintings), "--from", str(start), "--names", "scream", "great-wave", *TINY]
    for steps in (6, 12):
        assert paint.main(arguments("both", photos, out, steps, *given)) == 0
    lines = [line["unseen"] for line in log_of(out)]
    assert lines[-1]["style"] < lines[0]["style"]
    before, after = load_file(start), load_file(out / "painter.safetensors")
    assert names_of(out / "painter.safetensors") == {"net", "identity", "predictor", "code"}
    assert not torch.equal(before["net.out.weight"], after["net.out.weight"])
    assert not torch.equal(before["predictor.layers.0.weight"], after["predictor.layers.0.weight"])


def test_recalling_flat_colours_keeps_gradients_finite() -> None:
    y = torch.full((1, 3, 8, 8), 0.5, requires_grad=True)
    recalled(y, torch.zeros(1, 3, 8, 8), torch.ones(8, 8), 1.0).square().sum().backward()
    assert y.grad is not None and bool(y.grad.isfinite().all())


def test_a_table_begins_where_the_predictor_says() -> None:
    styles, net = NamedStyles(load_encoder("slim"), ["scream", "great-wave"]), tiny()
    general = AnyStyle(net)
    table = StyleTable(styles.names, styles.initial(general))
    pick = Pick(1, float(SIZES[2]))
    assert torch.allclose(table.codes([pick])[0], general.codes([styles.moments(pick)])[0], atol=1e-5)
    half, ends = table.codes([Pick(0, 512, 1, 0.5)])[0], table.codes([Pick(0, 512), Pick(1, 512)])
    assert torch.allclose(half, ends.mean(0), atol=1e-6)
    mixed, a, b = (styles.moments(p)["conv3_1"] for p in (Pick(0, 512, 1, 0.25), Pick(0, 512), Pick(1, 512)))
    assert torch.allclose(mixed, 0.75 * a + 0.25 * b, atol=1e-4)


def test_sizes_are_more_often_near_the_middle() -> None:
    import numpy as np

    rng = np.random.default_rng(1)
    sizes = [draw_size(rng) for _ in range(2000)]
    assert SIZES[0] <= min(sizes) and max(sizes) <= SIZES[-1]
    assert sum(360 < s < 724 for s in sizes) > 0.7 * 2000


def test_strength_goes_from_the_identity_to_the_style() -> None:
    net, encoder = tiny(), load_encoder("slim")
    apprentice = Apprentice(net, torch.randn(net.code_size) * 0.3, StyleTable(["a"], torch.randn(1, 3, net.code_size)))
    code = apprentice.styles.codes([Pick(0, 512)])  # type: ignore[arg-type]
    seen = look(encoder, torch.rand(1, 3, 32, 32), False)
    none, whole = (apprentice(seen, code, torch.tensor([s])) for s in (0.0, 1.0))
    other = apprentice(seen, torch.zeros_like(code), torch.tensor([0.0]))
    assert torch.allclose(none, other, atol=1e-6) and not torch.allclose(none, whole, atol=1e-3)


def test_it_paints_as_the_painter_that_it_becomes() -> None:
    torch.manual_seed(3)
    net, encoder = tiny(), load_encoder("slim")
    apprentice = Apprentice(net, torch.randn(net.code_size) * 0.3, AnyStyle(net))
    x, style = torch.rand(1, 3, 32, 32), measure(encoder, torch.rand(3, 64, 64))
    codes = apprentice.styles.codes([style])  # type: ignore[arg-type]
    painter, shares = apprentice.painter(), torch.ones(1, 32, 32)
    assert torch.allclose(painter.predict(style), codes[0], atol=1e-5)
    for strength in (1.0, 0.5):
        scene = Scene.of(x, painter.identity, codes, shares, shares[0], strength)
        seen = look(encoder, scene.framed(torch.float32).content, False)
        mine = apprentice(seen, codes, torch.tensor([strength])).detach()[..., RIM:-RIM, RIM:-RIM]
        mine = recalled(mine, x, shares[0], 1 - strength).clamp(0, 1)
        assert torch.allclose(paint_scene(net, scene, lambda done, of: None), mine, atol=1e-3)


def test_losses_of_what_is_wanted() -> None:
    encoder, x, y = load_encoder("slim"), torch.rand(2, 3, 64, 64), torch.rand(2, 3, 64, 64)
    style, seen = measure(encoder, torch.rand(3, 64, 64)), look(encoder, x, True)
    one_by_one = [look(encoder, content[None], True)[0] for content in x]
    wanted = [Wanted(style, 1.0), Wanted(style, 0.3)]
    both, single = (paint_loss(encoder, x, y, wanted, Weights(), s)[1] for s in (seen, one_by_one))
    assert both == pytest.approx(single, rel=1e-3) and both["style"] > 0 and both["pixels"] == 0
    same = paint_loss(encoder, x, x, [Wanted(style, 0.0)] * 2, Weights(), seen)[1]
    assert same["style"] < 1e-6 and same["content"] < 1e-6 and same["pixels"] == 0
    assert paint_loss(encoder, x, y, [Wanted(style, 0.0)] * 2, Weights(), seen)[1]["pixels"] > 0.01


def test_groups_of_paintings(paintings: Path, tmp_path: Path) -> None:
    draw(tmp_path / "more" / "again.jpg", (90, 75), 50)  # another scan of work-0
    groups = read_groups([f"{paintings}/fine*:3", str(tmp_path / "more"), f"{paintings}:1"], [paintings / "work-0.png"])
    assert [share for share, _ in groups] == [0.6, 0.2, 0.2]
    assert [sorted(p.name for p in paths) for _, paths in groups] == [
        ["fine-1.png", "fine-3.png"],
        [],
        ["fine-1.png", "fine-3.png", "work-2.png"],
    ]
    with pytest.raises(ValueError, match="no pictures match"):
        matching(f"{paintings}/none*")
    names = tmp_path / "unseen.json"
    names.write_text('["fine-1"]')
    shown = UnseenPaintings(names, [str(paintings)], load_encoder("slim"))
    assert [p.name for p in shown.paths] == ["fine-1.png"] and shown.measured()[0][0].shape == (3, 427, 512)


def test_what_is_missing_is_said(photos: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for mode, word in (("any", "--paintings"), ("named", "--from")):
        with pytest.raises(SystemExit):
            paint.main(arguments(mode, photos, tmp_path, 1))
        assert word in capsys.readouterr().err


def test_an_apprentice_can_be_copied() -> None:
    net = tiny()
    copied = copy.deepcopy(Apprentice(net, torch.zeros(net.code_size), AnyStyle(net)))
    assert copied.net is not net and isinstance(copied.styles, AnyStyle)
