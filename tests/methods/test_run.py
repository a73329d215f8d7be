"""Whole runs with the shipped network: what an artist relies on."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from skimage.data import chelsea

from scumble.methods.base import Outcome, Plan
from scumble.methods.run import estimate, run
from scumble.methods.table import METHODS
from scumble.picture import Picture, paste
from scumble.picture.picture import DTYPES
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store, scene, stripes

QUICK: dict[str, Any] = {"iterations": 6, "min_size": 64}
FULL = {"u8": 255, "u16": 65535, "f32": 1.0}


def as_depth(rgb: NDArray[np.uint8], depth: str) -> NDArray[Any]:
    return {"u8": rgb, "u16": rgb.astype(np.uint16) * 257, "f32": rgb.astype(np.float32) / 255}[depth]


def ellipse(height: int, width: int, depth: str = "u8") -> NDArray[Any]:
    """A feathered elliptical selection."""
    y, x = np.mgrid[:height, :width]
    d = np.hypot((y - height / 2) / (height * 0.35), (x - width / 2) / (width * 0.35))
    soft = np.clip((1 - d) / 0.3 + 0.5, 0, 1)[..., None]
    return (soft * FULL[depth]).astype({"u8": np.uint8, "u16": np.uint16, "f32": np.float32}[depth])


def request_of(store: Store, pixels: NDArray[Any], **changes: Any) -> Request:
    base: dict[str, Any] = {"content": store.put(pixels), "styles": (Style("starry-night"),), **QUICK}
    return Request(**(base | changes))


def go(request: Request, store: Store, recorder: Recorder | None = None) -> Outcome:
    return run(request, store.load, recorder or Recorder(), Plan())


@pytest.mark.parametrize("depth", ["u8", "u16", "f32"])
@pytest.mark.parametrize("mask_depth", ["u8", "u16"])
def test_selection_is_alpha_and_outside_is_untouched(store: Store, depth: str, mask_depth: str) -> None:
    content, selection = as_depth(scene(48, 64), depth), ellipse(48, 64, mask_depth)
    layer = go(request_of(store, content, selection=store.put(selection)), store).layer
    assert layer.depth == depth and layer.channels == 4
    box = np.s_[layer.y : layer.y + layer.height, layer.x : layer.x + layer.width]
    expected = np.rint(selection[box][..., 0] / FULL[mask_depth] * FULL[depth]) if depth != "f32" else (
        selection[box][..., 0] / FULL[mask_depth]).astype(np.float32)  # fmt: skip
    assert np.array_equal(layer.data[..., 3], expected)
    pasted = paste(Picture(content), layer).data
    outside = selection[..., 0] == 0
    assert np.array_equal(pasted[outside], content[outside])
    assert not np.array_equal(pasted[~outside], content[~outside])


def test_same_seed_same_picture(store: Store) -> None:
    request = request_of(store, scene(40, 50), start="noise", seed=7)
    a, b = go(request, store).layer.data, go(request, store).layer.data
    assert np.array_equal(a, b)
    other = go(dataclasses.replace(request, seed=8), store).layer.data
    assert not np.array_equal(a, other)


def test_each_style_stays_in_its_region(store: Store) -> None:
    """A red style on the left and a blue one on the right, hard border: no colour crosses beyond a few pixels."""
    gray = np.full((64, 96, 3), 128, np.uint8) + (np.arange(96, dtype=np.uint8) % 7)[:, None]
    left = np.zeros((64, 96, 1), np.uint8)
    left[:, :48] = 255
    styles = (
        Style("red", picture=store.put(stripes(64, 64, (1.0, 0.1, 0.1))), mask=store.put(left)),
        Style("blue", picture=store.put(stripes(64, 64, (0.1, 0.1, 1.0))), mask=store.put(255 - left)),
    )
    rgb = (
        go(request_of(store, gray, styles=styles, iterations=12, content_weight=0.3), store)
        .layer.data[..., :3]
        .astype(float)
    )
    redness = (rgb[..., 0] - rgb[..., 2]).mean(0)
    assert redness[:44].min() > 2 and redness[52:].max() < -2


def test_weights_decide(store: Store) -> None:
    gray = np.full((48, 48, 3), 128, np.uint8)
    red, blue = (store.put(stripes(48, 48, c)) for c in ((1.0, 0.1, 0.1), (0.1, 0.1, 1.0)))

    def redness(a: float, b: float) -> float:
        styles = (Style("red", a, picture=red), Style("blue", b, picture=blue))
        rgb = go(request_of(store, gray, styles=styles), store).layer.data.astype(float)
        return float((rgb[..., 0] - rgb[..., 2]).mean())

    assert redness(1, 0) > redness(0.8, 0.2) > redness(0.2, 0.8) > redness(0, 1)


def test_strength_zero_is_the_content(store: Store) -> None:
    content = scene(64, 64)
    unit: dict[str, Any] = {"tv_weight": 0.0, "precision": "fp32"}
    none = go(request_of(store, content, strength=0.0, **unit), store).layer.data[..., :3].astype(int)
    some = go(request_of(store, content, strength=1.0, **unit), store).layer.data[..., :3].astype(int)
    assert np.abs(none - content).mean() < 1 < np.abs(some - content).mean()


@pytest.mark.parametrize("source", ["card", "picture"])
def test_original_colours(store: Store, source: str) -> None:
    """A green scene stays green under a red style, from a card or from a picture."""
    green = scene(64, 64)
    green[..., 0] //= 4
    red = (
        Style("red", picture=store.put(stripes(64, 64, (1.0, 0.05, 0.05)))) if source == "picture" else Style("scream")
    )
    distance = lambda a: np.abs(a[..., :3].mean((0, 1)) - green.mean((0, 1))).max()  # noqa: E731
    taken = distance(go(request_of(store, green, styles=(red,)), store).layer.data.astype(float))
    for colors in ("luminance", "palette", "histogram"):
        kept = go(request_of(store, green, styles=(red,), colors=colors), store).layer.data.astype(float)
        assert distance(kept) < 0.6 * taken, colors


def test_transparent_pixels_have_no_style(store: Store) -> None:
    """What hides under transparency does not matter, and alpha comes back."""
    rgba = np.concatenate([scene(64, 64), np.full((64, 64, 1), 255, np.uint8)], 2)
    rgba[:, 40:, 3] = 0
    other = rgba.copy()
    other[:, 40:, :3] = np.random.default_rng(1).integers(0, 255, other[:, 40:, :3].shape)
    a, b = go(request_of(store, rgba), store).layer, go(request_of(store, other), store).layer
    assert np.array_equal(a.data[:, :40], b.data[:, :40])
    assert np.array_equal(a.data[..., 3], rgba[..., 3])


def test_offsets_lie_on_the_canvas(store: Store) -> None:
    content = store.put(scene(80, 90), x=-20, y=300)
    selection = np.zeros((80, 90, 1), np.uint8)
    selection[30:70, 10:60] = 200
    request = Request(content=content, selection=store.put(selection, x=-20, y=300), styles=(Style("scream"),), **QUICK)
    layer = go(request, store).layer
    assert (layer.x, layer.y, layer.width, layer.height) == (-10, 330, 50, 40)
    assert (layer.data[..., 3] == 200).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (3, 5), (17, 300), (64, 33)])
def test_tiny_pictures(store: Store, size: tuple[int, int]) -> None:
    layer = go(request_of(store, scene(*size)), store).layer
    assert layer.data.shape == (*size, 4) and (layer.data[..., 3] == 255).all()


@pytest.mark.parametrize("changes", [
    {"optimizer": "lbfgs"}, {"start": "style"}, {"normalisation": "johnson"}, {"normalisation": "gatys"},
    {"precision": "bf16"}, {"precision": "fp32", "checkpointing": "on"}, {"averaging": 0.0, "clip": 0.0},
    {"size": 32}, {"iterations": 0}, {"style_layers": ("conv2_2:0.5", "conv4_3")}, {"content_weight": 0.0},
    {"scale_factor": 1.5},
])  # fmt: skip
def test_every_option_runs(store: Store, changes: dict[str, Any]) -> None:
    style = Style("drawn", picture=store.put(stripes(64, 64, (0.9, 0.7, 0.1))))
    outcome = go(request_of(store, scene(48, 64), styles=(style,), **changes), store)
    assert outcome.layer.data.shape == (48, 64, 4) and np.isfinite(list(outcome.losses.values())).all()


def test_loss_falls_and_progress_is_told(store: Store, recorder: Recorder) -> None:
    outcome = go(request_of(store, scene(96, 96), iterations=10, objective="gram"), store, recorder)
    steps = [s for s, _, _ in recorder.steps]
    assert steps == list(range(1, outcome.steps + 1)) and recorder.steps[-1][1] == outcome.steps
    assert recorder.steps[0][2] == "64×64" and recorder.steps[-1][2] == "96×96"
    first = [entry["total"] for entry, (_, _, s) in zip(recorder.losses, recorder.steps, strict=True) if s == "64×64"]
    assert first[-1] < 0.5 * first[0]
    assert recorder.left[-1] == 0 and recorder.left[0] > 0
    assert recorder.previews[0].dtype == np.uint8 and recorder.previews[-1].shape == (96, 96, 3)


@pytest.mark.parametrize(
    ("method", "prepared"),
    [("optimize", ["pictures", "network slim", "styles"]), ("fast", ["pictures", "network painter"])],
)
def test_what_comes_before_the_first_step_is_told(
    method: str, prepared: list[str], store: Store, recorder: Recorder
) -> None:
    go(request_of(store, scene(64, 64), method=method, iterations=1).honoured(), store, recorder)
    assert recorder.prepared == prepared


def test_previews_show_what_will_be_seen(store: Store, recorder: Recorder) -> None:
    selection = np.zeros((64, 64, 1), np.uint8)
    selection[16:48, 16:48] = 255
    pixels = scene(64, 64)
    go(request_of(store, pixels, selection=store.put(selection), margin=1.0), store, recorder)
    last = recorder.previews[-1].astype(int)
    assert last.shape == pixels.shape
    difference = np.abs(last - pixels)
    assert difference[selection[..., 0] == 0].max() <= 1 and difference[20:44, 20:44].mean() > 10


def test_cancel_stops_at_the_next_step(store: Store, recording: Callable[[int], Recorder]) -> None:
    recorder = recording(4)
    with pytest.raises(ScumbleError) as error:
        go(request_of(store, scene(64, 64)), store, recorder)
    assert error.value.code == "cancelled" and len(recorder.steps) == 4


@pytest.mark.parametrize(("changes", "code"), [
    ({"styles": ()}, "styles-missing"),
    ({"styles": (Style("starry-night", 0.0),)}, "weights-zero"),
    ({"styles": (Style("stary-nigt"),)}, "style-unknown"),
    ({"style_layers": ("conv9_1",)}, "layer-unknown"),
    ({"device": "cuda:77"}, "device-unavailable"),
    ({"content": None}, "picture-format"),
])  # fmt: skip
def test_errors_by_name(store: Store, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(ScumbleError) as error:
        go(request_of(store, scene(64, 64), **changes), store)
    assert error.value.code == code


def test_a_method_that_is_not_there(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(METHODS._places, "fast")
    with pytest.raises(ScumbleError, match="optimize") as error:
        go(request_of(store, scene(64, 64), method="fast"), store)
    assert error.value.code == "method-unavailable"


def test_unknown_style_names_the_nearest(store: Store) -> None:
    with pytest.raises(ScumbleError, match="starry-night"):
        go(request_of(store, scene(64, 64), styles=(Style("stary-nigt"),)), store)


def test_empty_and_misplaced_masks(store: Store) -> None:
    content, empty = scene(64, 64), np.zeros((64, 64, 1), np.uint8)
    with pytest.raises(ScumbleError) as error:
        go(request_of(store, content, selection=store.put(empty)), store)
    assert error.value.code == "mask-empty"
    far = store.put(np.full((64, 64, 1), 255, np.uint8), x=500)
    with pytest.raises(ScumbleError) as error:
        go(request_of(store, content, styles=(Style("scream", mask=far),)), store)
    assert error.value.code == "mask-empty"


@pytest.mark.parametrize("method", ["fast", "optimize"])
@pytest.mark.parametrize("depth", ["u8", "u16", "f32"])
def test_without_strength_it_is_the_content_to_the_bit(store: Store, method: str, depth: str) -> None:
    """At a smaller size and with soft alpha, too, where what is not seen is filled in for the networks."""
    pixels = np.random.default_rng(2).random((70, 90, 4))
    full = {"u8": 255, "u16": 65535, "f32": 1}[depth]
    data = (pixels * full if depth == "f32" else np.rint(pixels * full)).astype(DTYPES[depth])
    request = Request(method=method, content=store.put(data), styles=(Style("scream"),), strength=0.0, size=64)
    np.testing.assert_array_equal(go(request, store).layer.data[..., :3], data[..., :3])


def test_a_smaller_plan_computes_less(store: Store, recorder: Recorder) -> None:
    """The first one after a failure already does, and says so."""
    request = request_of(store, scene(100, 100), objective="gram")
    done = run(request, store.load, recorder, Plan(level=1))
    assert recorder.steps[-1][2] == "70×70"
    assert [n.to_plain()["fields"] for n in done.notes if n.code == "memory-smaller"] == [{"size": 70}]
    assert done.layer.data.shape == (100, 100, 4)


def test_memory_is_known_before_the_start(store: Store) -> None:
    request = request_of(store, scene(64, 64))
    assert estimate(request) < estimate(dataclasses.replace(request, model="vgg19"))
    with pytest.raises(ScumbleError) as error:
        run(request, store.load, Recorder(), Plan(bytes_free=1000))
    assert error.value.code == "memory"


def test_a_preview_looks_like_the_result(store: Store) -> None:
    """Runs at 72 and 192 px, both seen at 48 px, are far nearer to each other than either to the content."""
    content = chelsea()[:300, :450]
    request = request_of(store, content, iterations=10)
    big, small = (go(dataclasses.replace(request, size=side), store).layer.data[..., :3] for side in (192, 72))
    shrink = lambda a: np.asarray(Image.fromarray(a).resize((48, 32), Image.Resampling.BOX), float)  # noqa: E731
    a, b, c = shrink(big), shrink(small), shrink(content)
    assert np.abs(a - b).mean() < 0.5 * min(np.abs(a - c).mean(), np.abs(b - c).mean())


def test_no_frame_of_loud_colour(store: Store) -> None:
    """The outermost pixels are no louder than those inside."""
    layer = go(
        request_of(store, chelsea()[:300, :450], size=128, styles=(Style("scream"),), iterations=12), store
    ).layer
    rgb = layer.data[..., :3].astype(float)
    chroma = rgb.max(2) - rgb.min(2)
    ring = np.concatenate([chroma[:4].ravel(), chroma[-4:].ravel(), chroma[:, :4].ravel(), chroma[:, -4:].ravel()])
    assert ring.mean() < 1.3 * chroma[20:-20, 20:-20].mean()
