"""What the eye sees, on pictures whose order is known."""

from __future__ import annotations

import numpy as np
import pytest
import skimage.data
import torch
import torch.nn.functional as F

from scumble.features.encoder import Encoder
from scumble.metrics import Eye, Painting, Sight, load_judge, recolored
from scumble.metrics.grain import octaves, weave
from scumble.metrics.judges import Squeeze
from scumble.metrics.likeness import Paint
from scumble.wire.protocol.errors import ScumbleError

SIDE = 192
ALL = torch.ones(SIDE, SIDE)


def square(pixels: np.ndarray, top: int = 0, left: int = 0) -> torch.Tensor:
    """A square of a picture as a tensor."""
    values = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, 2)
    cut = values[top : top + SIDE, left : left + SIDE].astype(np.float32) / 255
    return torch.from_numpy(cut).permute(2, 0, 1)[None]


@pytest.fixture(scope="module")
def photo() -> torch.Tensor:
    from sklearn.datasets import load_sample_image  # slow to import: not by each process that looks for tests

    return square(load_sample_image("china.jpg"), 150, 100)


@pytest.fixture(scope="module")
def brick() -> torch.Tensor:
    """A wall: the same texture everywhere."""
    return square(skimage.data.brick())


@pytest.fixture(scope="module")
def eye(slim: Encoder, photo: torch.Tensor, brick: torch.Tensor) -> Eye:
    return Eye.of(load_judge(None, slim), photo, ALL, Painting(brick, torch.ones_like(brick[:, :1])))


def seen(eye: Eye, picture: torch.Tensor) -> Sight:
    return eye.see(picture, picture)


def noise(like: torch.Tensor, strength: float) -> torch.Tensor:
    return strength * torch.randn(like.shape, generator=torch.Generator().manual_seed(0))


def blurred(picture: torch.Tensor) -> torch.Tensor:
    return F.avg_pool2d(F.pad(picture, (2, 2, 2, 2), mode="reflect"), 5, 1)


def test_paint_is_best_on_another_piece_of_the_same_wall(eye: Eye, photo: torch.Tensor) -> None:
    other = square(skimage.data.brick(), 256, 256)
    found = [seen(eye, p).paint or 2 for p in (other, (other + noise(other, 0.2)).clamp(0, 1), photo)]
    assert found[0] < 0.8 * found[1] and found[0] < 0.8 * found[2]
    painting = eye.see_painting()
    assert painting is not None and painting.paint == pytest.approx(found[0], rel=0.3)
    assert painting.luma_hf == pytest.approx(1, abs=0.2) and painting.structure is None


def test_a_turned_painting_is_still_painted(eye: Eye, brick: torch.Tensor) -> None:
    assert (seen(eye, brick.rot90(1, (2, 3))).paint or 0) < 0.02


def test_a_lattice_weaves_and_a_picture_does_not(photo: torch.Tensor) -> None:
    """Every fourth column and row a little lighter; of period 5 it would not be a network's."""

    def with_lattice(period: int) -> torch.Tensor:
        made = photo.clone()
        made[..., ::period] += 0.04
        made[..., ::period, :] += 0.04
        return made

    plain, woven = weave(photo, ALL), weave(with_lattice(4), ALL)
    assert plain is not None and woven is not None and 0.7 < plain < 1.5 and woven > 2
    assert (weave(with_lattice(5), ALL) or 9) < 1
    left = torch.zeros_like(ALL)
    left[:, :90] = 1
    half = torch.cat([photo[..., :96], with_lattice(4)[..., 96:]], 3)
    assert (weave(half, left) or 9) < 1.5 < 2 < (weave(half, left.flip(1)) or 0)
    assert weave(photo[..., :63], ALL[:, :63]) is None
    assert weave(photo.repeat(1, 1, 12, 1), ALL.repeat(12, 1)) == pytest.approx(plain, rel=0.5)  # its middle


def test_blur_takes_luma_and_coloured_grain_adds_chroma(eye: Eye, brick: torch.Tensor, photo: torch.Tensor) -> None:
    luma, chroma = octaves(photo, ALL)
    assert octaves(blurred(photo), ALL)[0] < 0.5 * luma
    colored, gray = noise(photo, 0.1), noise(photo, 0.1)[:, :1].expand_as(photo)
    assert octaves(photo + colored, ALL)[1] > 2 * chroma
    assert octaves(photo + gray, ALL)[1] == pytest.approx(chroma, rel=1e-3) and octaves(photo + gray, ALL)[0] > luma
    assert seen(eye, brick).luma_hf == pytest.approx(1)
    assert seen(eye, photo).chroma_hf is None  # the wall has no colours to compare with


def test_shuffling_loses_the_scene_and_recolouring_does_not(eye: Eye, photo: torch.Tensor) -> None:
    blocks = F.unfold(photo, 32, stride=32)
    order = torch.randperm(blocks.shape[-1], generator=torch.Generator().manual_seed(0))
    shuffled = F.fold(blocks[..., order], (SIDE, SIDE), 32, stride=32)
    warm = torch.diag(torch.tensor([0.9, 0.75, 0.6]))
    painted = recolored(photo, ALL, torch.tensor([0.6, 0.5, 0.3]), warm @ photo[0].flatten(1).cov() @ warm)
    same, other, lost = (seen(eye, p).structure for p in (photo, painted, shuffled))
    assert same == 0 and other is not None and lost is not None and other < 0.5 * lost


def test_recolouring_gives_the_colours_that_were_asked_for(photo: torch.Tensor) -> None:
    mean, spread = torch.tensor([0.5, 0.45, 0.55]), torch.tensor([[9.0, 2, 1], [2, 6, 1], [1, 1, 4]]) * 1e-3
    values = recolored(photo, ALL, mean, spread)[0].flatten(1)
    assert torch.allclose(values.mean(1), mean, atol=5e-3) and torch.allclose(values.cov(), spread, atol=1e-3)


def test_only_what_counts_is_seen(slim: Encoder, photo: torch.Tensor, brick: torch.Tensor) -> None:
    left = torch.zeros_like(ALL)
    left[:, :96] = 1
    painting = Painting(brick, torch.ones_like(brick[:, :1]))
    half = torch.cat([brick[..., :96], photo[..., 96:]], 3)
    inside, outside = (Eye.of(load_judge(None, slim), photo, w, painting) for w in (left, left.flip(1)))
    assert (seen(inside, half).paint or 2) < 0.5 * (seen(outside, half).paint or 0)
    assert (seen(inside, half).structure or 0) > 2 * (seen(outside, half).structure or 0)
    covered = Painting(half, left[None, None])  # the photograph's half of the style is transparent
    assert (seen(Eye.of(load_judge(None, slim), photo, ALL, covered), photo).paint or 0) > 0.1


def test_without_a_painting_paint_and_grain_are_not_told(slim: Encoder, photo: torch.Tensor) -> None:
    eye = Eye.of(load_judge(None, slim), photo, ALL)
    found = seen(eye, photo)
    assert eye.see_painting() is None and found.paint is found.luma_hf is found.chroma_hf is None
    assert found.weave is not None and found.structure == 0


def test_the_nearest_column_is_found() -> None:
    known, ones = torch.tensor([[1.0, -1, 0, 0], [0, 0, 1, -1]]).view(2, 2, 2), torch.ones(2, 2)
    paint = Paint.of([(known, ones)])
    assert paint.distance(2 * known, ones) == pytest.approx(0, abs=1e-6)
    assert paint.distance(torch.ones(2, 2, 2), ones) == pytest.approx(1 - 0.5**0.5)
    assert paint.distance(torch.ones(2, 2, 2), ones - torch.eye(2)) == pytest.approx(1 - 0.5**0.5)


def test_squeezenet_is_torchvisions(photo: torch.Tensor) -> None:
    import torchvision  # slow to import: not by each process that looks for tests

    with torch.random.fork_rng():
        torch.manual_seed(0)
        whole = torchvision.models.squeezenet1_1(weights=None).eval()
    strokes, scene = Squeeze(whole.state_dict(), "w").look(photo)
    mean, std = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    x = (photo - mean.view(1, 3, 1, 1)) / std.view(1, 3, 1, 1)
    with torch.no_grad():
        assert torch.allclose(strokes, whole.features[:5](x)[0], atol=1e-5)
        assert torch.allclose(scene, whole.features[:8](x)[0], atol=1e-5)
    with pytest.raises(ScumbleError, match=r"features\.0\.weight"):
        Squeeze({}, "w")
