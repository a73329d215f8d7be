"""The fast method with the shipped network: the same request, the same masks, one pass."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from skimage.data import astronaut

from scumble.methods.base import Outcome, Plan
from scumble.methods.run import run
from scumble.networks.painter import SIZES
from scumble.picture import Picture, paste
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store, scene, stripes
from .test_run import ellipse

LUMA = np.array([0.299, 0.587, 0.114])


def go(request: Request, store: Store, recorder: Recorder | None = None) -> Outcome:
    return run(request, store.load, recorder or Recorder(), Plan())


def photo(side: int) -> NDArray[np.uint8]:
    return np.ascontiguousarray(astronaut()[: side * 2 : 2, : side * 2 : 2])


def three_masks(store: Store, height: int, width: int) -> list[Any]:
    """Soft bands from left to right."""
    at = np.linspace(0, 2, width)[None].repeat(height, 0)
    return [store.put((np.clip(1 - abs(at - k), 0, 1)[..., None] * 65535).astype(np.uint16)) for k in range(3)]


def painted(store: Store, content: NDArray[Any], **changes: Any) -> Outcome:
    base: dict[str, Any] = {"method": "fast", "content": store.put(content), "styles": (Style("starry-night"),)}
    return go(Request(**(base | changes)), store)


@pytest.mark.parametrize("method", ["fast", "optimize"])
def test_one_request_by_both_methods(store: Store, method: str) -> None:
    """Three styles, one of them a picture, under soft masks and a selection: nothing but the method differs."""
    content, masks = scene(72, 96), three_masks(store, 72, 96)
    styles = (
        Style("starry-night", mask=masks[0]),
        Style("scream", 2.0, mask=masks[1]),
        Style("mine", 1.0, 0.5, store.put(stripes(64, 64, (0.9, 0.3, 0.1))), masks[2]),
    )
    selection = ellipse(72, 96)
    request = Request(
        content=store.put(content), selection=store.put(selection), styles=styles, iterations=2, min_size=64
    )
    layer = go(dataclasses.replace(request, method=method).honoured(), store).layer
    pasted, outside = paste(Picture(content), layer).data, selection[..., 0] == 0
    assert np.array_equal(pasted[outside], content[outside])
    assert not np.array_equal(pasted[~outside], content[~outside])
    box = np.s_[layer.y : layer.y + layer.height, layer.x : layer.x + layer.width]
    assert np.array_equal(layer.data[..., 3], selection[box][..., 0])


@pytest.mark.parametrize("styles", [("starry-night",), ("starry-night", "scream", "great-wave")])
def test_strength_walks_from_the_picture(store: Store, styles: tuple[str, ...]) -> None:
    content, masks = photo(96), three_masks(store, 96, 96)
    chosen = (
        tuple(Style(n, mask=m) for n, m in zip(styles, masks, strict=False)) if len(styles) > 1 else (Style(styles[0]),)
    )
    walk = [
        painted(store, content, styles=chosen, strength=s).layer.data[..., :3].astype(float)
        for s in (0, 0.25, 0.5, 0.75, 1)
    ]
    assert np.array_equal(walk[0], content)
    away = [float(abs(w - content).mean()) for w in walk]
    assert away == sorted(away) and away[1] < 0.8 * away[-1]


def test_styles_differ_and_lie_where_their_masks_do(store: Store) -> None:
    content, masks = photo(96), three_masks(store, 96, 96)
    alone = [painted(store, content, styles=(Style(n),)).layer.data for n in ("the-kiss", "great-wave")]
    assert abs(alone[0].astype(float) - alone[1]).mean() > 20
    both = (Style("the-kiss", mask=masks[0]), Style("great-wave", mask=masks[2]))
    mixed = painted(store, content, styles=both).layer.data.astype(float)
    left, right = np.s_[:, :24, :3], np.s_[:, -24:, :3]
    for side, near, far in ((left, 0, 1), (right, 1, 0)):
        assert abs(mixed[side] - alone[near][side]).mean() < abs(mixed[side] - alone[far][side]).mean()


def test_shares_by_weight(store: Store) -> None:
    content = photo(64)

    def mix(a: float, b: float) -> NDArray[Any]:
        return painted(store, content, styles=(Style("the-kiss", a), Style("great-wave", b))).layer.data.astype(float)

    kiss, even, wave = mix(1, 0), mix(1, 1), mix(0, 1)
    assert abs(even - kiss).mean() < abs(wave - kiss).mean()
    assert np.array_equal(mix(2, 2), even)


def test_stroke_size_changes_the_strokes(store: Store) -> None:
    content = photo(128)
    fine, broad = (
        painted(store, content, styles=(Style("starry-night", 1.0, s),), canvas=(512, 512)) for s in (0.5, 2.0)
    )
    assert abs(fine.layer.data.astype(float) - broad.layer.data).mean() > 1


def test_an_unknown_style_is_painted_from_its_statistics_and_it_says_so(store: Store) -> None:
    style = Style("my stripes", picture=store.put(stripes(96, 96, (1.0, 0.2, 0.1))))
    done = painted(store, photo(64), styles=(style,))
    assert [n.code for n in done.notes] == ["style-predicted"] and "my stripes" in done.notes[0].sentence
    assert painted(store, photo(64)).notes == ()


def test_a_named_style_is_not_predicted_because_another_is(store: Store) -> None:
    """Both mix in one pass: the note names the stranger alone."""
    stranger = Style("stranger", picture=store.put(stripes(96, 96, (0.1, 0.8, 0.3))))
    done = painted(store, photo(64), styles=(Style("scream"), stranger))
    assert "stranger" in done.notes[0].sentence and "scream" not in done.notes[0].sentence


def test_strokes_too_far_apart_in_size_say_so(store: Store) -> None:
    broad, fine = Style("starry-night", stroke_size=4.0), Style("scream", stroke_size=0.25)
    done = painted(store, photo(64), canvas=(2000, 2000), styles=(broad, fine))
    assert [(n.code, n.fields) for n in done.notes] == [("strokes-limited", {"size": SIZES[0]})]
    told = (Path(__file__).parents[2] / "docs/models.md").read_text("utf-8")
    assert "at {}, {} and {}".format(*SIZES) in told and f"names the {SIZES[0]} pixels" in told
    for canvas in ((6000, 4000), (64, 64)):
        assert painted(store, photo(64), canvas=canvas).notes == ()


@pytest.mark.parametrize("depth", ["u8", "u16", "f32"])
def test_depth_stays(store: Store, depth: str) -> None:
    rgb = photo(64)
    content = {"u8": rgb, "u16": rgb.astype(np.uint16) * 257, "f32": rgb.astype(np.float32) / 255}[depth]
    layer = painted(store, content).layer
    assert layer.depth == depth
    if depth == "u16":
        assert len(np.unique(layer.data[..., 0] % 257)) > 100  # not eight bits in disguise


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (65, 64), (71, 133)])
def test_any_size(store: Store, size: tuple[int, int]) -> None:
    layer = painted(store, scene(*size)).layer
    assert (layer.height, layer.width) == size and not np.isnan(layer.data.astype(float)).any()


@pytest.mark.parametrize("value", [0, 127, 255])
def test_a_flat_picture_stays_calm(store: Store, value: int) -> None:
    """It gets paint, not a pattern of its own."""
    layer = painted(store, np.full((64, 80, 3), value, np.uint8)).layer
    assert layer.data[8:-8, 8:-8, :3].std(axis=(0, 1)).max() < 40


def test_flat_areas_keep_the_order_of_their_lightness(store: Store) -> None:
    steps = np.repeat(np.array([0, 60, 120, 180, 240], np.uint8), 40)[None, :, None].repeat(96, 0).repeat(3, 2)
    for style in ("starry-night", "great-wave", "red-tree"):
        layer = painted(store, np.ascontiguousarray(steps), styles=(Style(style),)).layer.data[..., :3] @ LUMA
        means = [float(layer[8:-8, k * 40 + 8 : k * 40 + 32].mean()) for k in range(5)]
        assert means == sorted(means) and means[-1] - means[0] > 40, (style, means)


@pytest.mark.parametrize("style", ["starry-night", "great-wave", "grande-jatte"])
def test_a_selection_of_one_colour_keeps_its_lightness(store: Store, style: str) -> None:
    """Black alone becomes the style's dark, white its light, not both its mean."""
    means = [
        float(
            (
                painted(store, np.full((64, 64, 3), v, np.uint8), styles=(Style(style),)).layer.data[..., :3] @ LUMA
            ).mean()
        )
        for v in (8, 128, 250)
    ]
    assert means == sorted(means) and means[2] - means[0] > 80, means


@pytest.mark.parametrize("style", ["great-wave", "metzinger", "starry-night"])
def test_the_paper_of_a_drawing_becomes_the_styles_light(store: Store, style: str) -> None:
    """And not its mean, as the mean of the whole drawing would have it."""
    drawing = np.full((96, 96, 3), 255, np.uint8)
    drawing[:, 40:44] = drawing[60:63] = 0
    light, middle = (
        float((painted(store, content, styles=(Style(style),)).layer.data[8:50, 8:32, :3] @ LUMA).mean())
        for content in (drawing, np.full((96, 96, 3), 115, np.uint8))
    )
    assert light > middle + 25


@pytest.mark.parametrize("texture", [0.0, 1.0])
def test_texture_in_flat_areas_is_asked_for(store: Store, texture: float) -> None:
    flat = np.full((96, 96, 3), 128, np.uint8)
    asked, usual = (
        painted(store, flat, **given).layer.data[16:-16, 16:-16, :3].std(axis=(0, 1)).mean()
        for given in ({"texture": texture}, {})
    )
    assert asked < usual if texture == 0 else asked > usual


def test_specks_that_the_network_leaves_are_taken_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def speckled(net: Any, scene: Any, *more: Any) -> Any:
        out = torch.full_like(scene.content, 0.5)
        out[..., 20, 30] = 0
        return out

    monkeypatch.setattr("scumble.methods.fast.stylize.paint", speckled)
    assert np.ptp(painted(store, photo(64)).layer.data[..., :3]) <= 1


def test_same_request_same_picture(store: Store) -> None:
    a, b = (painted(store, photo(64)).layer.data for _ in range(2))
    assert np.array_equal(a, b)


@pytest.mark.parametrize("colors", ["luminance", "palette", "histogram"])
def test_original_colours(store: Store, colors: str) -> None:
    content = photo(64)
    plain, kept = (painted(store, content, colors=c).layer.data[..., :3].astype(float) for c in ("style", colors))
    mean = content.mean((0, 1))
    assert abs(kept.mean((0, 1)) - mean).max() < abs(plain.mean((0, 1)) - mean).max()


def test_progress_and_cancel(store: Store, recording: Any) -> None:
    recorder = Recorder()
    request = Request(method="fast", content=store.put(photo(64)), styles=(Style("scream"),))
    go(request, store, recorder)
    assert [s[0] for s in recorder.steps] == list(range(recorder.steps[0][1]))
    with pytest.raises(ScumbleError, match="cancelled"):
        go(request, store, recording(1))


def test_transparent_pixels_do_not_count(store: Store) -> None:
    rgb = photo(64)
    hidden = rgb.copy()
    hidden[:, 32:] = (255, 0, 255)
    alpha = np.full((64, 64, 1), 255, np.uint8)
    alpha[:, 32:] = 0
    a, b = (painted(store, np.concatenate([p, alpha], 2)).layer.data[:, :16] for p in (rgb, hidden))
    assert abs(a.astype(float) - b).max() <= 2


@pytest.mark.parametrize("plan", [Plan(level=2), Plan(bytes_free=260_000_000)])
def test_scarce_memory_paints_the_same_in_bands(store: Store, plan: Plan) -> None:
    request = Request(
        method="fast", content=store.put(photo(128)), styles=(Style("scream"),), precision="fp32", size=128
    )
    whole, banded = go(request, store), run(request, store.load, Recorder(), plan)
    if plan.level < 2:  # a lower level computes at a smaller size too
        assert abs(whole.layer.data.astype(int) - banded.layer.data).max() <= 1
    assert banded.layer.data.shape == whole.layer.data.shape


def test_too_little_memory_says_so(store: Store) -> None:
    request = Request(method="fast", content=store.put(photo(64)), styles=(Style("scream"),))
    with pytest.raises(ScumbleError) as caught:
        run(request, store.load, Recorder(), Plan(bytes_free=100_000_000))
    assert caught.value.code == "memory"
