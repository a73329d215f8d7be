"""Painting over: patches, their search, their votes, and who paints where."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from skimage.data import astronaut, chelsea
from torch import Tensor

from scumble.methods.keeping import Forgetful
from scumble.methods.optimize.course import Level
from scumble.methods.optimize.repaint.assign import assigned
from scumble.methods.optimize.repaint.atlas import GUIDE_BLUR, Atlas, make_atlas
from scumble.methods.optimize.repaint.crisp import crisped
from scumble.methods.optimize.repaint.repaint import Watching, repaint
from scumble.methods.optimize.repaint.search import Search, anywhere, carried, style_of
from scumble.methods.optimize.repaint.vote import voted
from scumble.methods.optimize.trail import Trail
from scumble.methods.pixels import blurred, luma
from scumble.methods.texture.views import Paint, windows_of


def watching(level: Callable[[Level, torch.Tensor], None]) -> Watching:
    return Watching(level, lambda _, picture: picture, lambda: None, Trail(Forgetful(), Uncounted()))


class Uncounted:
    counted = (0, 0.0)

    def go_on(self, step: int, work: float) -> None:
        pass


def photo(pixels: np.ndarray, side: int) -> Tensor:
    x = torch.from_numpy(pixels.copy()).float().permute(2, 0, 1)[None] / 255
    factor = side / max(x.shape[-2:])
    return F.interpolate(x, size=[round(n * factor) for n in x.shape[-2:]], mode="area")


def paint(pixels: Tensor, side: float) -> Paint:
    return Paint(pixels, torch.ones_like(pixels[:, :1]), side)


def plain(color: tuple[float, float, float], side: int = 64) -> Tensor:
    """Paint of one colour, with a grain to tell strokes by."""
    grain = 0.04 * torch.randn(1, 1, side, side, generator=torch.Generator().manual_seed(1))
    return (torch.tensor(color).view(1, 3, 1, 1) + grain).clamp(0, 1)


def atlas_of(*styles: Tensor, orientations: tuple[int, ...] = (0, 1)) -> Atlas:
    paints = [paint(s, float(max(s.shape[-2:]))) for s in styles]
    return make_atlas([[w.view() for w in windows_of(p, orientations, 512, 0)] for p in paints])


def searched(atlas: Atlas, picture: Tensor, passes: int, wanted: Tensor | None = None) -> Search:
    generator = torch.Generator().manual_seed(0)
    size = (picture.shape[-2], picture.shape[-1])
    field = anywhere(atlas, wanted, size[0] * size[1], generator)
    search = Search(atlas, atlas.describe(picture, blurred(picture, GUIDE_BLUR)), size, field, wanted, generator)
    search.run(passes)
    return search


def test_a_picture_is_found_in_itself() -> None:
    picture = photo(astronaut(), 96)
    search = searched(atlas_of(picture), picture, 10)
    again = voted(search, torch.ones(1, *search.size), 3)
    inner = (slice(None), slice(None), slice(6, -6), slice(6, -6))
    assert float((again - picture)[inner].abs().mean()) < 0.02


def test_the_cost_never_rises_and_is_that_of_the_field() -> None:
    picture, atlas = photo(chelsea(), 64), atlas_of(photo(astronaut(), 96))
    search = searched(atlas, picture, 0)
    before = search.cost.clone()
    search.run(2)
    assert bool((search.cost <= before).all()) and float(search.cost.mean()) < 0.5 * float(before.mean())
    true = (atlas.described[search.field].float() - search.described.float()).square().sum(1)
    assert torch.allclose(search.cost, true, atol=1e-4) and bool(atlas.usable[search.field].all())


def test_a_field_is_carried_to_the_same_places() -> None:
    style = photo(astronaut(), 128)
    views = [windows_of(paint(style, 128.0), (0, 1, 4), 512, 0)]
    coarse, fine = (make_atlas([[w.view(r) for w in views[0]]]) for r in (0.5, 1.0))
    search = searched(coarse, photo(chelsea(), 48), 3)
    size = (search.size[0] * 2, search.size[1] * 2)
    field = carried(search.field, search.size, coarse, size, fine).view(size)
    old = search.field.view(search.size)
    y, x = old // coarse.width, old % coarse.width
    new_y, new_x = field[::2, ::2] // fine.width, field[::2, ::2] % fine.width
    view = torch.bucketize(y, coarse.starts, right=True) - 1
    expected = fine.starts[view] + 2 * (y - coarse.starts[view])
    assert int((new_y - expected).abs().max()) <= 2 and int((new_x - 2 * x).abs().max()) <= 2


def test_patches_and_votes_stay_where_their_style_is() -> None:
    red, blue = plain((0.8, 0.1, 0.1)), plain((0.1, 0.1, 0.8))
    atlas = atlas_of(red, blue)
    shares = torch.zeros(2, 64, 64)
    shares[0, :, :32], shares[1, :, 32:] = 1, 1
    wanted = assigned(shares, 0)
    assert wanted is not None and torch.equal(wanted.view(64, 64), (shares[1] > 0).long())
    search = searched(atlas, torch.full((1, 3, 64, 64), 0.4), 2, wanted)
    assert torch.equal(style_of(atlas, search.field), wanted)
    picture = voted(search, shares, 5)[0]
    assert float(picture[2, :, :32].max()) < 0.35 and float(picture[0, :, 32:].max()) < 0.35


@pytest.mark.parametrize("weights", [(0.5, 0.3, 0.2), (0.9, 0.1), (0.25, 0.25, 0.25, 0.25)])
def test_strokes_fall_to_styles_as_their_shares_say(weights: tuple[float, ...]) -> None:
    shares = torch.tensor(weights)[:, None, None].expand(-1, 200, 200)
    found = assigned(shares, 3)
    assert found is not None
    counted = torch.bincount(found, minlength=len(weights)) / len(found)
    assert torch.allclose(counted.float(), torch.tensor(weights), atol=0.06)
    row = found.view(200, 200)
    assert float((row[:, 1:] != row[:, :-1]).float().mean()) < 0.2  # strokes, not dust


def test_repainting_takes_the_paint_and_keeps_light_and_dark() -> None:
    content, style = photo(chelsea(), 96), photo(astronaut(), 128)
    shares, size = torch.ones(1, *content.shape[-2:]), (content.shape[-2], content.shape[-1])
    levels = [Level(size[0] // 2, size[1] // 2), Level(*size)]
    told: list[Level] = []
    again = [
        repaint(content, shares, [paint(style, 96.0)], levels, 5, watching(lambda level, _: told.append(level)))
        for _ in range(2)
    ]
    assert torch.equal(*again) and again[0].shape == content.shape  # the same seed, the same bits
    assert [level for level in told[:4]] == [levels[0], levels[0], levels[1], levels[1]]
    light = blurred(luma(again[0]), 6) - blurred(luma(content), 6)
    assert float(light.abs().mean()) < 0.02
    other = repaint(content, shares, [paint(style, 96.0)], levels, 6, watching(lambda *_: None))
    assert not torch.equal(other, again[0])


def test_descriptions_are_the_patches_in_bands_as_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = photo(astronaut(), 96)
    whole = atlas_of(picture)
    monkeypatch.setattr("scumble.methods.optimize.repaint.atlas.ROWS", 7)
    assert torch.equal(whole.described, atlas_of(picture).described)
    here = F.conv2d(picture[..., 1:-1, 1:-1], whole.basis)[0, :, 20, 30]  # a corner; the middle lies two pixels on
    assert torch.allclose(whole.described[22 * whole.width + 32, :-3].float(), here, atol=5e-3)


def energy(t: Tensor) -> float:
    return float((luma(t) - blurred(luma(t), 2)).std())


def test_crispness_brings_luma_towards_the_style_and_colour_stays() -> None:
    style = photo(astronaut(), 128)
    soft, shares = blurred(style, 3.0).clamp(0, 1), torch.ones(1, 128, 128)
    out = crisped(soft, [paint(style, 128.0)], shares)
    assert energy(soft) < energy(out) <= 1.02 * energy(style)
    assert energy(soft) < energy(crisped(soft, [paint(style, 128.0)], shares, 0.5)) < energy(out)
    kept = crisped(style, [paint(style, 128.0)], shares)
    assert energy(kept) == pytest.approx(energy(style), rel=0.05)  # it is as strong as it should be already
    half = shares.clone()
    half[..., :64] = 0
    assert float((crisped(soft, [paint(style, 128.0)], half) - soft)[..., :40].abs().max()) < 1e-3


def test_crispness_clears_empty_paper_and_strengthens_its_lines() -> None:
    generator = torch.Generator().manual_seed(0)
    lines = torch.full((1, 3, 128, 128), 0.8)
    lines[..., 60:64] = 0.1
    grainy = blurred(lines, 2.5) + 0.03 * torch.randn(1, 1, 128, 128, generator=generator)
    out = crisped(grainy, [paint(lines, 128.0)], torch.ones(1, 128, 128))
    assert energy(out[..., 90:]) < 0.7 * energy(grainy[..., 90:])
    assert energy(out[..., 50:74]) > 1.1 * energy(grainy[..., 50:74])
