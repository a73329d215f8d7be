"""Pictures that are larger than what is painted over: small ones here, for which that size is made smaller still."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from skimage.data import astronaut, coffee

from scumble.methods.base import Plan
from scumble.methods.optimize.neighbours import fullsize
from scumble.methods.problem import Problem
from scumble.methods.regions import Regions
from scumble.methods.run import run
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from ..conftest import Recorder, Store

FINEST = 64.0


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fullsize, "FINEST", FINEST)


def problem(height: int, width: int) -> Problem:
    content = torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(0))
    return Problem(content, Regions(torch.ones(1, height, width), (0,), torch.ones(height, width)), [], float(width))


def test_what_is_larger_is_made_smaller_with_its_strokes() -> None:
    whole = problem(100, 400)
    reduced = fullsize.reduced(whole)
    height, width = reduced.content.shape[-2:]
    assert abs(height * width - FINEST**2) < 0.05 * FINEST**2 and abs(width / height - 4) < 0.1
    assert reduced.canvas_side / width == pytest.approx(whole.canvas_side / 400, rel=0.02)
    assert reduced.regions.visible.shape == (height, width)
    assert fullsize.reduced(problem(60, 60)).content.shape == (1, 3, 60, 60)


def painting(store: Store, content: NDArray[Any], **more: Any) -> NDArray[Any]:
    style = Style("a", picture=store.put(astronaut()[::4, ::4].copy()))
    request = Request(content=store.put(content), styles=(style,), iterations=4, **more)
    return run(request, store.load, Recorder(), Plan()).layer.data


def test_a_large_picture_is_the_small_one_with_its_own_edges(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    content = coffee()[20:276:2, 40:360:2].copy()
    assert content.shape[0] * content.shape[1] > FINEST**2
    out = painting(store, content)
    assert out.shape[:2] == content.shape[:2]
    monkeypatch.setattr(fullsize, "ROWS", 7 * content.shape[1])  # in many bands: the same
    bands = painting(store, content)
    assert np.abs(out.astype(int) - bands).max() <= 1 and (out != bands).mean() < 0.01

    monkeypatch.setattr(fullsize, "ROWS", 1 << 19)
    monkeypatch.setattr(fullsize, "Enlarged", Bicubic)
    plain = painting(store, content)
    small = [F.avg_pool2d(gray(p), 4) for p in (out, plain)]
    assert float((small[0] - small[1]).abs().mean()) < 0.03  # the same painting
    edges = (gray(content)[..., 1:] - gray(content)[..., :-1]).abs() > 0.2
    steps = [(gray(p)[..., 1:] - gray(p)[..., :-1]).abs()[edges].mean() for p in (out, plain)]
    assert steps[0] > 1.1 * steps[1]


class Bicubic:
    """What it is compared with."""

    def __init__(self, painted: torch.Tensor, content: torch.Tensor, size: tuple[int, int]) -> None:
        self.whole = F.interpolate(painted, size, mode="bicubic").clamp(0, 1)

    def rows(self, top: int, bottom: int, content: torch.Tensor) -> torch.Tensor:
        return self.whole[..., top:bottom, :]


def gray(pixels: NDArray[Any]) -> torch.Tensor:
    return torch.from_numpy(pixels[..., :3].astype(np.float32).mean(2) / 255)[None, None]


def test_where_no_style_is_the_large_picture_stays(store: Store) -> None:
    content = coffee()[20:276:2, 40:360:2].copy()
    mask = np.zeros((*content.shape[:2], 1), np.uint8)
    mask[:, :80] = 255
    style = Style("a", picture=store.put(astronaut()[::4, ::4].copy()), mask=store.put(mask))
    request = Request(content=store.put(content), styles=(style,), iterations=4)
    out = run(request, store.load, Recorder(), Plan()).layer.data
    assert np.array_equal(out[:, 80:, :3], content[:, 80:]) and not np.array_equal(out[:, :80, :3], content[:, :80])
