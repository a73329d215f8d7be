"""Pictures that tile: opposite borders fit as well as what lies side by side anywhere."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor

from scumble.methods.base import Plan
from scumble.methods.memory import pixels_of, rim_of
from scumble.methods.problem import Problem
from scumble.methods.regions import Regions
from scumble.methods.run import run
from scumble.methods.seamless import Tile, cheapest_line
from scumble.picture import Picture
from scumble.training.loop.unwatched import Unwatched
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style


def tile(height: int = 128, width: int = 160) -> NDArray[np.uint8]:
    """Blots that go on beyond each border."""
    rng = np.random.default_rng(5)
    spectrum = np.fft.rfft2(rng.standard_normal((3, height, width)))
    fy, fx = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]
    waves = np.fft.irfft2(spectrum / (0.02 + np.hypot(fy, fx)) ** 1.5, (height, width)).transpose(1, 2, 0)
    return np.clip(128 + 60 * waves / waves.std(), 0, 255).astype(np.uint8)


def painted(seamless: str, content: NDArray[np.uint8], **options: object) -> NDArray[np.float64]:
    picture = Picture(content)
    request = Request(
        styles=(Style("starry-night"),),
        content=picture.ref(),
        seamless=seamless,
        **{"precision": "fp32", "preview_size": 0, **options},  # type: ignore[arg-type]
    )
    layer = run(request, lambda ref: picture, Unwatched(), Plan()).layer
    assert layer.data.shape == (*content.shape[:2], 4)
    return layer.data[..., :3].astype(float)


def jumps(picture: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
    """The mean step from each row (0) or column (1) to the next, the last to the first."""
    step = np.abs(np.roll(picture, -1, axis) - picture).mean(2)
    return np.asarray(step.mean(1 - axis))


@pytest.mark.parametrize(("method", "more"), [("fast", {}), ("optimize", {"iterations": 6})])
def test_both_ways_no_border_stands_out(method: str, more: dict[str, object]) -> None:
    content = tile()
    plain, whole = (painted(s, content, method=method, **more) for s in ("no", "both"))
    for axis in (0, 1):
        steps = jumps(whole, axis)
        assert steps[-1] <= np.quantile(steps[:-1], 0.98), "the border is like any other place"
        assert jumps(plain, axis)[-1] > 1.2 * steps[-1], "without it, it is not"


def test_one_way_alone() -> None:
    content = tile()
    across = painted("across", content, method="fast")
    both, down = jumps(across, 1), jumps(across, 0)
    assert both[-1] <= np.quantile(both[:-1], 0.98)
    assert down[-1] > 1.2 * np.median(down)


def test_a_selection_is_a_tile_of_its_own() -> None:
    content = np.full((200, 240, 3), 90, np.uint8)
    content[40:168, 50:210] = tile()
    mask = np.zeros((200, 240, 1), np.uint8)
    mask[40:168, 50:210] = 255
    pictures = {p.ref().digest: p for p in (Picture(content), Picture(mask))}
    first, second = (p.ref() for p in pictures.values())
    request = Request(
        method="fast",
        styles=(Style("starry-night"),),
        content=first,
        selection=second,
        seamless="both",
        precision="fp32",
    )
    layer = run(request, lambda ref: pictures[ref.digest], Unwatched(), Plan()).layer
    assert np.array_equal(layer.data[..., :3].astype(float), painted("both", tile(), method="fast", canvas=(240, 200)))


def test_what_tiles_already_stays_as_it_is() -> None:
    content = torch.from_numpy(tile()).permute(2, 0, 1)[None].float() / 255
    shape = content.shape[-2:]
    problem = Problem(content, Regions(torch.ones(1, *shape), (0,), torch.ones(shape)), (), 160.0)
    for choice in ("no", "both", "across", "down"):
        kind = Tile.of(content, choice)
        around = kind.among_copies(problem)
        assert around.content.shape[-2:] == (shape[0] + 2 * kind.above, shape[1] + 2 * kind.beside)
        assert around.regions.visible.shape == around.regions.shares.shape[1:] == around.content.shape[-2:]
        assert torch.equal(kind.closed(around.content), content)


def test_small_and_large_pictures() -> None:
    for side, rim in ((1, 1), (40, 40), (500, 64), (4096, 256)):
        assert rim_of(side) == rim
    thin: Tensor = torch.rand(1, 3, 3, 70)
    regions = Regions(torch.ones(1, 3, 70), (0,), torch.ones(3, 70))
    kind = Tile.of(thin, "both")
    assert torch.equal(kind.closed(kind.among_copies(Problem(thin, regions, (), 70.0)).content), thin)
    content = Picture(tile()).ref()
    assert pixels_of(Request(content=content, seamless="across")) == (160 + 2 * 64) * 128


def test_the_line_is_closed_and_finds_the_gap() -> None:
    costs = np.ones((60, 20), np.float32)
    rows = np.arange(60)
    gap = 10 + np.round(6 * np.sin(2 * np.pi * rows / 60)).astype(int)
    costs[rows, gap] = 0
    line = cheapest_line(costs)
    assert np.abs(line - gap).max() <= 1
    assert all(abs(a - b) <= 1 for a, b in pairwise(line.tolist())) and abs(line[0] - line[-1]) <= 2
    noisy = np.random.default_rng(1).random((50, 30)).astype(np.float32)
    closed = cheapest_line(noisy)
    assert abs(closed[0] - closed[-1]) <= 2 and all(abs(a - b) <= 1 for a, b in pairwise(closed.tolist()))


def test_previews_show_no_rim() -> None:
    shown: list[tuple[int, ...]] = []

    class Watching(Unwatched):
        def wants_preview(self) -> bool:
            return True

        def preview(self, rgb: NDArray[np.uint8]) -> None:
            shown.append(rgb.shape)

    picture = Picture(tile())
    request = Request(styles=(Style("scream"),), content=picture.ref(), seamless="both", iterations=2, preview_size=64)
    run(request, lambda ref: picture, Watching(), Plan())
    assert shown and all(abs(w / h - 160 / 128) < 0.15 for h, w, _ in shown)
