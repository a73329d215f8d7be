"""Photorealistic: colours and light of the style, edges and texture of the photograph, by either method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage.data import coffee
from skimage.metrics import structural_similarity

from scumble.methods import memory
from scumble.methods.base import Outcome, Plan
from scumble.methods.costs import work_of
from scumble.methods.photoreal.painting import without_strokes
from scumble.methods.run import run
from scumble.picture.oklab import to_oklab
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from ..conftest import Recorder, Store

SIDE = (160, 240)


def photo(size: tuple[int, int] = SIDE) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(coffee()).resize(size[::-1], Image.Resampling.LANCZOS))


def outcome(store: Store, content: NDArray[np.uint8], report: Recorder | None = None, **options: object) -> Outcome:
    options = {
        "method": "fast", "styles": (Style("great-wave"),), "precision": "fp32", "photorealistic": 1.0, **options
    }  # fmt: skip
    return run(Request(content=store.put(content), **options), store.load, report or Recorder(), Plan())  # type: ignore[arg-type]


def painted(store: Store, content: NDArray[np.uint8], **options: object) -> NDArray[np.float64]:
    return outcome(store, content, **options).layer.data[..., :3].astype(float)


def edges(rgb: NDArray[np.generic]) -> NDArray[np.float64]:
    """Gradients of luma, as strong as the picture's own strongest."""
    down, across = np.gradient(rgb.astype(float) @ (0.299, 0.587, 0.114))
    found = np.hypot(down, across)
    return np.clip(found / np.quantile(found, 0.99), 0, 1)


def likeness(first: NDArray[np.generic], second: NDArray[np.generic]) -> float:
    return float(structural_similarity(edges(first), edges(second), data_range=1.0))


@pytest.mark.parametrize(("method", "more"), [("fast", {}), ("optimize", {"iterations": 10})])
def test_colours_move_and_edges_stay(store: Store, method: str, more: dict[str, object]) -> None:
    content = photo()
    strokes = painted(store, content, method=method, photorealistic=0.0, **more)
    seen = painted(store, content, method=method, **more)
    assert likeness(content, seen) > max(0.6, 3 * likeness(content, strokes))
    own, wanted, got = (p.reshape(-1, 3).mean(0) for p in (content.astype(float), strokes, seen))
    assert np.abs(got - wanted).max() < 0.35 * np.abs(own - wanted).max()


def test_none_of_it_is_nothing_at_all(store: Store) -> None:
    plain = outcome(store, photo(), photorealistic=0.0)
    assert plain.look is None
    request = Request(photorealistic=0.0, repaint=0.7)
    assert without_strokes(request) is request


def test_part_of_it_mixes(store: Store) -> None:
    content = photo()
    none, half, whole = (
        painted(store, content, photorealistic=a, texture=0.0, colors="style") for a in (0.0, 0.5, 1.0)
    )
    assert np.abs(half - (none + whole) / 2).max() <= 2


def test_it_takes_less_paint_and_less_time() -> None:
    request = Request(repaint=1.0, texture=0.6, photorealistic=1.0)
    assert (without_strokes(request).repaint, without_strokes(request).texture) == (0.0, 0.0)
    assert without_strokes(replace(request, photorealistic=0.5)).texture == 0.3
    assert work_of(request) <= work_of(replace(request, photorealistic=0.0))


def test_a_region_is_told_by_its_own_pixels_alone(store: Store) -> None:
    content = photo()
    left = np.zeros((*SIDE, 1), np.uint8)
    left[:, :120] = 255
    masks = store.put(left), store.put(255 - left)
    first, second = (
        painted(store, content, texture=0.0, styles=(Style("great-wave", mask=masks[0]), Style(s, mask=masks[1])))
        for s in ("scream", "starry-night")
    )
    # Strokes know 64 pixels around them; what is further away must not know the other style at all.
    assert np.abs(first - second)[:, :40].max() <= 3
    assert np.abs(first - second)[:, 130:].mean() > 8


def test_where_there_is_no_style_or_no_strength_it_stays(store: Store) -> None:
    content = photo()
    left = np.zeros((*SIDE, 1), np.uint8)
    left[:, :120] = 255
    alone = painted(store, content, styles=(Style("great-wave", mask=store.put(left)),))
    assert np.abs(alone - content)[:, 120:].max() <= 1 and np.abs(alone - content)[:, :110].mean() > 8
    weak = (Style("great-wave", mask=store.put(left)), Style("scream", mask=store.put(255 - left), strength=0.0))
    assert np.abs(painted(store, content, styles=weak) - content)[:, 124:].max() <= 3
    assert np.abs(painted(store, content, strength=0.0) - content).max() == 0


def test_faces_that_are_kept_stay(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.zeros(SIDE, np.float32)
    mask[40:100, 80:160] = 1
    monkeypatch.setattr("scumble.methods.run._place", lambda content, box, name: mask)
    content = photo()
    seen = painted(store, content, keep_faces=1.0)
    assert np.abs(seen - content)[40:100, 80:160].max() <= 1 < 8 < np.abs(seen - content)[110:].mean()


def test_the_photographs_colours_can_stay(store: Store) -> None:
    content = photo()
    seen = painted(store, content, colors="luminance")
    own, got = (to_oklab((p / 255).astype(np.float32)) for p in (content, seen))
    hue, other = (np.arctan2(lab[..., 2], lab[..., 1]) for lab in (own, got))
    strong = (np.hypot(own[..., 1], own[..., 2]) > 0.08) & (np.hypot(got[..., 1], got[..., 2]) > 0.05)
    assert np.abs(np.angle(np.exp(1j * (hue - other))))[strong].mean() < 0.05
    assert np.abs(own[..., 0] - got[..., 0]).mean() > 0.02
    for colors in ("palette", "histogram"):
        kept = painted(store, content, colors=colors)
        assert np.abs(kept.mean((0, 1)) - content.mean((0, 1))).max() < 12


def test_edges_are_crisp_however_small_it_is_computed(store: Store) -> None:
    content = photo((320, 480))
    small = painted(store, content, size=96)
    assert likeness(content, small) > 0.6 > 2 * likeness(content, painted(store, content, size=96, photorealistic=0.0))


def test_a_large_picture_has_its_own_pixels_edges(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    content = photo((301, 402))
    mask = np.zeros((301, 402, 1), np.uint8)
    mask[31:280, 50:] = 255
    plain = outcome(store, content, selection=store.put(mask), margin=0.0).layer
    monkeypatch.setattr(memory, "LARGE", 60_000)
    monkeypatch.setattr(memory, "PAINTED_SIDE", 160)
    monkeypatch.setattr("scumble.methods.large.paint.ROWS", 9_000)
    large = outcome(store, content, selection=store.put(mask)).layer
    assert large.box == plain.box and np.array_equal(large.data[..., 3], plain.data[..., 3])
    own = content[large.y : large.box.bottom, large.x : large.box.right]
    assert likeness(own, large.data[..., :3]) > 0.6
    assert np.abs(large.data[..., :3].astype(float) - plain.data[..., :3]).mean() < 12
    kept = outcome(store, content, selection=store.put(mask), colors="luminance").layer.data[..., :3]
    assert np.abs(kept.astype(float) - own).mean() < np.abs(large.data[..., :3].astype(float) - own).mean()


def test_what_tiles_still_tiles(store: Store) -> None:
    waves = np.linspace(0, 2 * np.pi, 160, endpoint=False)
    content = np.stack([128 + 90 * np.sin(waves[None] + k * np.cos(waves[:128, None] * 1.25)) for k in (1, 2, 3)], -1)
    seen = painted(store, content.astype(np.uint8), seamless="both")
    for axis in (0, 1):
        steps = np.abs(np.roll(seen, -1, axis) - seen).mean(2).mean(1 - axis)
        assert steps[-1] <= steps[:-1].max()


def test_small_and_transparent_pictures(store: Store) -> None:
    content = np.dstack([photo(), np.full(SIDE, 255, np.uint8)])
    content[:60] = (255, 0, 255, 0)
    other = content.copy()
    other[:60] = (0, 255, 0, 0)
    first, second = (outcome(store, c, texture=0.0).layer.data for c in (content, other))
    assert (first[:60, :, 3] == 0).all() and np.abs(first[60:].astype(float) - second[60:]).max() <= 3
    assert painted(store, photo((5, 9))).shape == (5, 9, 3)
    flat = np.full((*SIDE, 3), 120, np.uint8)
    assert np.ptp(painted(store, flat), axis=(0, 1)).max() < 60


def test_pictures_on_the_way_are_photorealistic_too(store: Store) -> None:
    content, watching = photo(), Recorder()
    outcome(store, content, watching, method="optimize", iterations=10, preview_size=240)
    small = np.asarray(Image.fromarray(content).resize(watching.previews[-1].shape[1::-1], Image.Resampling.LANCZOS))
    assert likeness(small, watching.previews[-1]) > 0.5


def test_what_is_said_of_strokes_is_not_said_without_them(store: Store) -> None:
    styles = (Style("mine", picture=store.put(photo()[::-1])),)
    said = [outcome(store, photo(), styles=styles, photorealistic=a).notes for a in (0.9, 1.0)]
    assert said[0] and not said[1]


def test_it_can_be_cancelled(store: Store) -> None:
    with pytest.raises(ScumbleError, match="ancel"):
        outcome(store, photo(), Recorder(cancel_after=1), method="optimize", iterations=10)
