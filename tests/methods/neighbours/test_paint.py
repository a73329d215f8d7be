"""The objective “neighbours” in whole runs: what a request means holds for it too."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from skimage.data import astronaut, chelsea, coffee

from scumble.methods.base import Outcome, Plan
from scumble.methods.run import run
from scumble.picture import Picture, paste
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from ..conftest import Recorder, Store, scene, stripes

QUICK: dict[str, Any] = {"iterations": 8}


def shrunk(pixels: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    height, width = (n // by * by for n in pixels.shape[:2])
    cells = pixels[:height, :width].reshape(height // by, by, width // by, by, -1)
    return cells.mean((1, 3)).astype(np.uint8)


def grainy(color: tuple[int, int, int], side: int = 64) -> NDArray[np.uint8]:
    """A style of one colour, streaked."""
    y, x = np.mgrid[:side, :side]
    streaks = 25 * np.sin((x + 2 * y) / 3.0) + np.random.default_rng(0).normal(0, 6, (side, side))
    return np.clip(np.array(color) + streaks[..., None], 0, 255).astype(np.uint8)


def go(store: Store, content: NDArray[Any], *styles: Style, recorder: Recorder | None = None, **more: Any) -> Outcome:
    request = Request(content=store.put(content), styles=styles, objective="neighbours", **(QUICK | more))
    return run(request, store.load, recorder or Recorder(), Plan())


def rgb(outcome: Outcome) -> NDArray[np.float64]:
    return outcome.layer.data[..., :3].astype(np.float64)


def test_progress_previews_and_the_same_seed(store: Store) -> None:
    style = Style("a", picture=store.put(shrunk(astronaut(), 8)))
    content, told = shrunk(chelsea(), 4), Recorder()
    first = go(store, content, style, recorder=told, seed=3)
    steps = [s for s, _, _ in told.steps]
    assert steps == list(range(1, len(steps) + 1)) and told.steps[-1][0] == told.steps[-1][1] == first.steps
    assert told.left[-1] == pytest.approx(0, abs=1e-6) and told.previews[0].shape[:2] == content.shape[:2]
    assert first.model == "slim" and first.notes == ()
    assert np.array_equal(first.layer.data, go(store, content, style, seed=3).layer.data)
    assert not np.array_equal(first.layer.data, go(store, content, style, seed=4).layer.data)


@pytest.mark.parametrize("after", [0, 5, 12])
def test_it_ends_at_once_when_it_is_cancelled(store: Store, after: int) -> None:
    recorder = Recorder(cancel_after=after)
    with pytest.raises(ScumbleError, match="cancelled"):
        go(store, scene(64, 80), Style("a", picture=store.put(stripes(64, 64, (1, 0.5, 0)))), recorder=recorder)
    assert len(recorder.steps) <= after + 1


def test_it_takes_the_styles_colours_and_keeps_the_scene(store: Store) -> None:
    content, style = shrunk(coffee(), 4), shrunk(astronaut(), 4)
    out = rgb(go(store, content, Style("a", picture=store.put(style))))
    for channel in range(3):
        assert abs(out[..., channel].mean() - style[..., channel].mean()) < 30
    light = [v.mean(2) for v in (out, content.astype(np.float64))]
    coarse = [shrunk(v[..., None], 8)[..., 0].astype(float) for v in light]
    assert np.corrcoef(coarse[0].ravel(), coarse[1].ravel())[0, 1] > 0.8


@pytest.mark.parametrize("soft", [False, True])
def test_a_style_paints_where_its_mask_holds_and_nowhere_else(store: Store, soft: bool) -> None:
    content = shrunk(chelsea(), 5)
    height, width = content.shape[:2]
    ramp = np.clip((np.arange(width) - width * 0.4) / (width * 0.2), 0, 1) if soft else np.arange(width) >= width // 2
    right = np.broadcast_to(np.rint(ramp * 255), (height, width)).astype(np.uint8)[..., None]
    styles = (
        Style("red", picture=store.put(grainy((200, 40, 40))), mask=store.put(255 - right)),
        Style("blue", picture=store.put(grainy((40, 40, 200))), mask=store.put(right.copy())),
    )
    out = rgb(go(store, content, *styles))
    edge = int(width * (0.4 if soft else 0.5))
    far = width - edge
    assert float((out[:, : edge - 1, 2] - out[:, : edge - 1, 0]).max()) < 0  # nowhere more blue than red
    assert float((out[:, far + 1 :, 0] - out[:, far + 1 :, 2]).max()) < 0


def test_four_styles_in_four_quarters(store: Store) -> None:
    content = shrunk(chelsea(), 5)
    height, width = content.shape[:2]
    colors = [(200, 40, 40), (40, 180, 40), (40, 40, 200), (200, 200, 40)]
    styles, middles = [], []
    for i, color in enumerate(colors):
        mask = np.zeros((height, width, 1), np.uint8)
        rows, columns = np.array_split(np.arange(height), 2)[i // 2], np.array_split(np.arange(width), 2)[i % 2]
        mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = 255
        styles.append(Style(str(i), picture=store.put(grainy(color)), mask=store.put(mask)))
        middles.append((rows, columns))
    out = rgb(go(store, content, *styles))
    for color, (rows, columns) in zip(colors, middles, strict=True):
        got = out[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].reshape(-1, 3)
        distance = [np.abs(got - np.array(c)).sum(1) for c in colors]
        nearest = np.stack(distance).argmin(0)
        assert (nearest == colors.index(color)).mean() > 0.95


def test_weights_mix_strokes_in_proportion(store: Store) -> None:
    """Two styles of one place share a palette; how each paints is still its own: stripes along and across."""
    y, x = np.mgrid[:64, :64]
    noise = np.random.default_rng(0).normal(0, 4, (64, 64))
    along, across = (np.clip(128 + 60 * np.sin(v / 2.0) + noise, 0, 255) for v in (y, x))
    pictures = [store.put(np.repeat(v[..., None], 3, 2).astype(np.uint8)) for v in (along, across)]
    shares = []
    for weight in (0.9, 0.5, 0.1):
        styles = (Style("a", weight, picture=pictures[0]), Style("b", 1 - weight, picture=pictures[1]))
        out = rgb(go(store, scene(64, 64), *styles, texture=0.0)).mean(2)
        down, right = np.abs(np.diff(out, axis=0)).mean(), np.abs(np.diff(out, axis=1)).mean()
        shares.append(down / (down + right))
    assert shares[0] >= shares[1] - 0.02 and shares[1] >= shares[2] - 0.02  # turned views blur the difference


@pytest.mark.parametrize("depth", ["u8", "u16", "f32"])
def test_outside_a_feathered_selection_nothing_changes_and_no_halo_lies_around_it(store: Store, depth: str) -> None:
    small = shrunk(coffee(), 6)
    content = {"u8": small, "u16": small.astype(np.uint16) * 257, "f32": small.astype(np.float32) / 255}[depth]
    height, width = content.shape[:2]
    y, x = np.mgrid[:height, :width]
    soft = np.clip((np.hypot(y - height * 0.4, x - width * 0.55) - 16) / 8, 0, 1)  # spares a disc
    selection = np.rint(soft * 255).astype(np.uint8)[..., None]
    request = Request(
        content=store.put(content), selection=store.put(selection), objective="neighbours",
        styles=(Style("a", picture=store.put(shrunk(astronaut(), 8))),), **QUICK,
    )  # fmt: skip
    layer = run(request, store.load, Recorder(), Plan()).layer
    pasted = paste(Picture(content), layer).data
    outside = selection[..., 0] == 0
    assert np.array_equal(pasted[outside], content[outside])
    inner = (soft > 0) & (soft < 0.35)  # where mostly the content is seen, the paint has its light
    box = np.s_[layer.y : layer.y + layer.height, layer.x : layer.x + layer.width]
    full = {"u8": 255, "u16": 65535, "f32": 1}[depth]
    step = (layer.data[..., :3] / full).mean(2) - (content[box] / full).mean(2)
    far = soft[box] == 1
    assert abs(step[inner[box]].mean()) < 0.06 or abs(step[inner[box]].mean()) < 0.6 * abs(step[far].mean())


def test_strength_walks_from_the_content(store: Store) -> None:
    content, style = shrunk(chelsea(), 5), Style("a", picture=store.put(shrunk(astronaut(), 8)))
    walk = [rgb(go(store, content, style, strength=s)) for s in (0.0, 0.4, 1.0)]
    assert np.array_equal(walk[0], content.astype(np.float64))
    distance = [np.abs(w - content).mean() for w in walk]
    assert distance == sorted(distance) and distance[1] < 0.75 * distance[2]


def test_where_no_style_is_there_is_no_paint(store: Store) -> None:
    content = shrunk(chelsea(), 5)
    mask = np.zeros((*content.shape[:2], 1), np.uint8)
    mask[:, :36] = 255
    out = rgb(go(store, content, Style("a", picture=store.put(grainy((200, 40, 40))), mask=store.put(mask))))
    assert np.abs(out[:, 36:] - content[:, 36:]).max() <= 1 and np.abs(out[:, :33] - content[:, :33]).mean() > 20


@pytest.mark.parametrize("colors", ["luminance", "palette", "histogram"])
def test_the_layers_colours_can_be_kept(store: Store, colors: str) -> None:
    content, style = shrunk(coffee(), 6), Style("a", picture=store.put(grainy((30, 60, 220))))
    out = rgb(go(store, content, style, colors=colors))
    assert np.abs(out.mean((0, 1)) - content.mean((0, 1))).max() < 25


@pytest.mark.parametrize("repaint", [0.0, 0.5, 1.0])
def test_painting_over_can_be_less(store: Store, repaint: float) -> None:
    out = go(store, scene(48, 64), Style("a", picture=store.put(shrunk(astronaut(), 8))), repaint=repaint)
    assert out.layer.data.shape == (48, 64, 4) and out.steps > 0


CASES: dict[str, tuple[NDArray[np.uint8], NDArray[np.uint8]]] = {
    "tiny content": (scene(12, 12), shrunk(astronaut(), 8)),
    "tiny style": (scene(48, 64), shrunk(astronaut(), 32)),
    "30:1": (scene(8, 240), shrunk(astronaut(), 8)),
    "1:30": (scene(240, 8), shrunk(astronaut(), 8)),
    "uniform style": (scene(48, 64), np.full((64, 64, 3), (180, 90, 40), np.uint8)),
    "uniform content": (np.full((48, 64, 3), (120, 160, 200), np.uint8), shrunk(astronaut(), 8)),
    "transparent style": (scene(48, 64), np.dstack([shrunk(astronaut(), 8), np.full((64, 64), 255, np.uint8)])),
    "style like the content": (scene(48, 64), scene(48, 64)),
    "black": (np.zeros((48, 64, 3), np.uint8), np.zeros((64, 64, 3), np.uint8)),
}
CASES["transparent style"][1][:, 20:, 3] = 0


def thin(pixels: NDArray[np.uint8], alpha: NDArray[Any]) -> NDArray[np.uint8]:
    """A style on a transparent layer."""
    return np.dstack([pixels, np.broadcast_to(alpha, pixels.shape[:2]).astype(np.uint8)])


NOISE = np.random.default_rng(2).integers(0, 256, (64, 64))
THIN = {"faint": np.array(120), "noise": NOISE, "lines": np.where(np.arange(64) % 9 == 4, 255, 0)}


@pytest.mark.parametrize("alpha", THIN.values(), ids=THIN)
def test_a_style_that_is_nowhere_wholly_covered(store: Store, alpha: NDArray[Any]) -> None:
    """Its colours are painted all the same, and not what hides where nothing is."""
    opaque = grainy((200, 60, 40))
    hidden = np.where((alpha > 0)[..., None], opaque, np.array([0, 255, 0])).astype(np.uint8)
    for texture in (0.0, 0.5):
        out = rgb(go(store, scene(48, 64), Style("a", picture=store.put(thin(hidden, alpha))), texture=texture))
        plain = rgb(go(store, scene(48, 64), Style("a", picture=store.put(opaque)), texture=texture))
        assert np.abs(out.mean((0, 1)) - plain.mean((0, 1))).max() < 12
        assert out.std((0, 1)).min() > 0.5 * plain.std((0, 1)).min()  # not one patch everywhere


def test_a_faint_style_paints_like_a_solid_one(store: Store) -> None:
    pixels = shrunk(astronaut(), 8)
    faint, solid = (Style("a", picture=store.put(thin(pixels, np.array(a)))) for a in (120, 255))
    a, b = (rgb(go(store, scene(48, 64), style)) for style in (faint, solid))
    assert np.abs(a - b).max() <= 1


@pytest.mark.parametrize("case", CASES)
def test_odd_pictures_are_painted_all_the_same(store: Store, case: str) -> None:
    content, style = CASES[case]
    out = go(store, content, Style("a", picture=store.put(style)))
    assert out.layer.data.shape == (*content.shape[:2], 4)
    if case == "uniform style":
        assert np.abs(rgb(out).mean((0, 1)) - style[0, 0]).max() < 25
    if case == "style like the content":
        assert np.abs(rgb(out).mean((0, 1)) - content.mean((0, 1))).max() < 15
    if case == "black":
        assert rgb(out).max() < 45


@pytest.mark.parametrize("stroke", [0.25, 4.0])
def test_strokes_of_any_size(store: Store, stroke: float) -> None:
    style = Style("a", stroke_size=stroke, picture=store.put(shrunk(astronaut(), 4)))
    assert go(store, scene(48, 64), style).layer.data.shape == (48, 64, 4)


def test_sixteen_styles(store: Store) -> None:
    styles = [Style(str(i), picture=store.put(grainy((15 * i, 255 - 15 * i, 99), 32))) for i in range(16)]
    assert go(store, scene(32, 48), *styles, iterations=2, texture=0.0).layer.data.shape == (32, 48, 4)
