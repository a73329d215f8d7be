"""LPIPS on backbones with random weights; and what happens without weights, or with others than it needs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from scumble.metrics import LIBRARY_MISSING, load_lpips
from scumble.metrics.prepared import prepare_content
from scumble.picture import Picture
from scumble.wire.protocol.errors import ScumbleError

from .conftest import rough, smooth

ALL = torch.ones(64, 96)
State = dict[str, torch.Tensor]


@pytest.fixture(autouse=True)
def no_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of torchvision's in which nothing lies."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path / "torch" / "hub" / "checkpoints"


@pytest.fixture(scope="module")
def squeeze() -> State:
    import torchvision  # slow to import: not by each process that looks for tests

    with torch.random.fork_rng():
        torch.manual_seed(0)
        return {k: v.clone() for k, v in torchvision.models.squeezenet1_1(weights=None).state_dict().items()}


def alex() -> State:
    """The convolutions of AlexNet alone: the whole takes long to draw."""
    shapes = {0: (64, 3, 11, 11), 3: (192, 64, 5, 5), 6: (384, 192, 3, 3), 8: (256, 384, 3, 3), 10: (256, 256, 3, 3)}
    g, state = torch.Generator().manual_seed(0), State()
    for index, shape in shapes.items():
        state[f"features.{index}.weight"] = torch.randn(*shape, generator=g) / (shape[1] * shape[2] ** 2) ** 0.5
        state[f"features.{index}.bias"] = torch.zeros(shape[0])
    return state


def pixels(picture: Picture) -> torch.Tensor:
    return prepare_content(picture, None, (64, 96))[0]


@pytest.mark.parametrize("net", ["squeeze", "alex"])
def test_a_weight_file_is_recognised_and_measures(net: str, squeeze: State, tmp_path: Path) -> None:
    save_file(squeeze if net == "squeeze" else alex(), tmp_path / "w.safetensors")
    lpips, reason = load_lpips(tmp_path / "w.safetensors")
    assert lpips is not None and lpips.net == net and reason == ""
    content, far = pixels(smooth(1)), pixels(rough(2))
    near = content + 0.1 * (far - content)
    assert lpips(content, content, ALL) == pytest.approx(0, abs=1e-6)
    assert 0 < lpips(near, content, ALL) < lpips(far, content, ALL)


def test_the_weights_of_the_file_are_those_used(squeeze: State, tmp_path: Path) -> None:
    other = {k: v.roll(1, 0) if k == "features.0.weight" else v for k, v in squeeze.items()}
    found = []
    for state in (squeeze, squeeze, other):
        save_file(state, tmp_path / "w.safetensors")
        lpips, _ = load_lpips(tmp_path / "w.safetensors")
        assert lpips is not None
        found.append(lpips(pixels(rough(2)), pixels(smooth(1)), ALL))
    assert found[0] == found[1] != found[2]


def test_a_mask_counts_only_what_it_covers(squeeze: State, tmp_path: Path) -> None:
    save_file(squeeze, tmp_path / "w.safetensors")
    lpips, _ = load_lpips(tmp_path / "w.safetensors")
    assert lpips is not None
    content, changed = pixels(smooth(1)), pixels(smooth(1)).clone()
    changed[..., 64:] = pixels(rough(2))[..., 64:]
    left, right = torch.zeros(64, 96), torch.zeros(64, 96)
    left[:, :32], right[:, 64:] = 1, 1
    assert lpips(changed, content, left) < 0.2 * lpips(changed, content, right)
    assert lpips(changed, content, ALL) == pytest.approx(lpips(changed, content, 0.5 * ALL))


@pytest.mark.parametrize("fault", ["missing", "shape", "numbers", "other", "cut", "suffix"])
def test_other_files_are_refused_by_name(fault: str, squeeze: State, tmp_path: Path) -> None:
    state, path, key = dict(squeeze), tmp_path / "mine.safetensors", "features.6.expand1x1.weight"
    if fault == "missing":
        del state[key]
    elif fault == "shape":
        state[key] = state[key][:4].clone()
    elif fault == "numbers":
        state[key] = state[key] * float("nan")
    elif fault == "other":
        state = {"convs.conv1_1.weight": torch.zeros(3)}
    save_file(state, path)
    if fault == "cut":
        path.write_bytes(path.read_bytes()[:1000])
    if fault == "suffix":
        path = path.rename(tmp_path / "mine.pth")
    with pytest.raises(ScumbleError) as error:
        load_lpips(path)
    assert error.value.code == ("weights-digest" if fault == "suffix" else "weights-damaged")
    assert path.name in error.value.sentence
    assert fault not in ("missing", "shape", "numbers") or key in error.value.sentence


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ScumbleError) as error:
        load_lpips(tmp_path / "none.safetensors")
    assert error.value.code == "file-missing"


def test_without_weights_the_reason_is_told_and_nothing_is_fetched(no_cache: Path) -> None:
    lpips, reason = load_lpips()
    assert lpips is None and "--lpips-weights" in reason
    assert not no_cache.exists()


def test_a_damaged_file_of_the_cache_is_a_reason(no_cache: Path) -> None:
    from torchvision.models import AlexNet_Weights

    no_cache.mkdir(parents=True)
    name = AlexNet_Weights.IMAGENET1K_V1.url.rpartition("/")[2]
    (no_cache / name).write_bytes(b"no weights")
    lpips, reason = load_lpips()
    assert lpips is None and name in reason and "digest" in reason


def test_the_cache_of_torchvision_is_used(no_cache: Path, squeeze: State, monkeypatch: pytest.MonkeyPatch) -> None:
    from torchvision.models import SqueezeNet1_1_Weights

    no_cache.mkdir(parents=True)
    name = SqueezeNet1_1_Weights.IMAGENET1K_V1.url.rpartition("/")[2]
    torch.save(squeeze, no_cache / name)
    digest = name.removesuffix(".pth").rpartition("-")[2]
    monkeypatch.setattr("scumble.metrics.lpips.file_digest", lambda path: digest + "0" * 56)
    lpips, reason = load_lpips()
    assert lpips is not None and lpips.net == "squeeze" and reason == ""


def test_without_the_library(squeeze: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_file(squeeze, tmp_path / "w.safetensors")
    monkeypatch.setitem(sys.modules, "torchmetrics.functional.image.lpips", None)
    assert load_lpips(tmp_path / "w.safetensors") == (None, LIBRARY_MISSING)
