"""Every objective goes the same road: regions, mixtures, strength, seed, cancelling; and gram where pictures lack."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from scumble.features.encoder import VGG16_DEPTHS, VGG19_DEPTHS, Encoder
from scumble.losses import UNITS, Seen, moments
from scumble.losses.patching import sampled_patches
from scumble.methods.base import Outcome, Plan
from scumble.methods.optimize.distances import covariance, patches, sliced
from scumble.methods.optimize.distances.kinds import COVARIANCE, PATCHES, SLICED
from scumble.methods.optimize.statistics.kind import Place
from scumble.methods.problem import PaintedStyle, Problem
from scumble.methods.regions import Regions
from scumble.methods.run import run
from scumble.styles.statistics import PictureStyle
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Recorder, Store, scene, stripes

NEW = ("covariance", "sliced", "patches")
QUICK: dict[str, Any] = {"iterations": 4, "min_size": 64, "precision": "fp32"}
RED, BLUE = (1.0, 0.1, 0.1), (0.1, 0.1, 1.0)


def request_of(store: Store, objective: str, side: int = 64, **changes: Any) -> Request:
    style = Style("drawn", picture=store.put(stripes(64, 64, (0.9, 0.7, 0.1))))
    base: dict[str, Any] = {"content": store.put(scene(side, side)), "styles": (style,), **QUICK}
    return Request(**(base | {"objective": objective} | changes))


def go(request: Request, store: Store, recorder: Recorder | None = None) -> Outcome:
    return run(request, store.load, recorder or Recorder(), Plan())


@pytest.mark.parametrize("objective", NEW)
def test_the_loss_falls_and_the_same_seed_gives_the_same_bits(objective: str, store: Store, recorder: Recorder) -> None:
    request = request_of(store, objective, iterations=6, seed=5)
    first, second = go(request, store, recorder), go(request, store)
    assert np.array_equal(first.layer.data, second.layer.data) and first.notes == ()
    style = [entry["style"] for entry in recorder.losses]
    assert style[-1] < 0.6 * style[0]
    assert recorder.previews and recorder.left[-1] == 0


@pytest.mark.parametrize("objective", NEW)
def test_each_style_stays_in_its_region(objective: str, store: Store) -> None:
    gray = np.full((64, 128, 3), 128, np.uint8) + (np.arange(128, dtype=np.uint8) % 7)[:, None]
    left = np.zeros((64, 128, 1), np.uint8)
    left[:, :64] = 255
    styles = (
        Style("red", picture=store.put(stripes(64, 64, RED)), mask=store.put(left)),
        Style("blue", picture=store.put(stripes(64, 64, BLUE)), mask=store.put(255 - left)),
    )
    done = go(request_of(store, objective, content=store.put(gray), styles=styles), store)
    rgb = done.layer.data[..., :3].astype(float)
    redness = (rgb[..., 0] - rgb[..., 2]).mean(0)
    assert redness[:60].min() > 10 and redness[68:].max() < -10


@pytest.mark.parametrize("objective", NEW)
def test_weights_decide(objective: str, store: Store) -> None:
    red, blue = (store.put(stripes(64, 64, c)) for c in (RED, BLUE))

    def redness(a: float, b: float) -> float:
        styles = (Style("red", a, picture=red), Style("blue", b, picture=blue))
        rgb = go(request_of(store, objective, styles=styles), store).layer.data.astype(float)
        return float((rgb[..., 0] - rgb[..., 2]).mean())

    assert redness(0.8, 0.2) > redness(0.2, 0.8)


def test_losses_want_the_mixture_that_a_region_wants() -> None:
    """Without recolouring: what is drawn to two flat styles ends between them, as their shares say."""
    low, high = torch.zeros(4, 8, 8), torch.ones(4, 8, 8)
    ends = {}
    for part in (0.75, 0.25):
        mixture, weight = torch.tensor([part, 1 - part]), torch.ones(8, 8)
        place = Place("t", low + 0.5, weight, None, mixture, 1.0, 0, UNITS["relative"])
        measured = {
            "covariance": [moments(m, weight) for m in (low, high)],
            "sliced": [m.flatten(1).t() for m in (low, high)],
            "patches": [sampled_patches(m, weight > 0, 100, 0) for m in (low, high)],
        }
        for name, kind in (("covariance", COVARIANCE), ("sliced", SLICED), ("patches", PATCHES)):
            loss = kind.loss(place, measured[name])
            x = torch.rand(4, 8, 8, generator=torch.Generator().manual_seed(1)).requires_grad_(True)
            adam = torch.optim.Adam([x], lr=0.05)
            for _ in range(80):
                adam.zero_grad()
                loss(Seen(x, {"t": x})).backward()  # type: ignore[no-untyped-call]
                adam.step()
            ends[name, part] = float(x.detach().mean())
    for (name, part), mean in ends.items():
        assert mean == pytest.approx(1 - part, abs=0.05), name


@pytest.mark.parametrize("objective", NEW)
def test_strength_zero_is_the_content(objective: str, store: Store) -> None:
    content = scene(64, 64)
    unit: dict[str, Any] = {"content": store.put(content), "tv_weight": 0.0, "averaging": 0.0}
    none, some = (
        go(request_of(store, objective, strength=s, **unit), store).layer.data[..., :3].astype(int) for s in (0.0, 1.0)
    )
    assert np.abs(none - content).mean() < 2 < np.abs(some - content).mean()


@pytest.mark.parametrize("objective", NEW)
def test_what_is_not_selected_stays_and_previews_show_it(objective: str, store: Store, recorder: Recorder) -> None:
    selection, pixels = np.zeros((64, 64, 1), np.uint8), scene(64, 64)
    selection[16:48, 16:48] = 255
    go(request_of(store, objective, selection=store.put(selection), margin=1.0), store, recorder)
    difference = np.abs(recorder.previews[-1].astype(int) - pixels)
    assert difference[selection[..., 0] == 0].max() <= 1 and difference[20:44, 20:44].mean() > 5


@pytest.mark.parametrize("objective", NEW)
def test_cancel_stops_at_the_next_step(objective: str, store: Store, recording: Callable[[int], Recorder]) -> None:
    recorder = recording(2)
    with pytest.raises(ScumbleError) as error:
        go(request_of(store, objective), store, recorder)
    assert error.value.code == "cancelled" and len(recorder.steps) == 2


@pytest.mark.parametrize("objective", ["sliced", "patches"])
def test_without_a_picture_it_is_gram_and_a_note_says_so(
    objective: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scumble.styles.card.swatch_file", lambda name: None)
    request = request_of(store, objective, styles=(Style("scream"),))
    done, gram = go(request, store), go(dataclasses.replace(request, objective="gram"), store)
    assert [(n.code, n.fields) for n in done.notes] == [("style-no-picture", {"names": ("scream",)})]
    assert np.array_equal(done.layer.data, gram.layer.data)


def test_covariance_needs_no_picture(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scumble.styles.card.swatch_file", lambda name: None)
    request = request_of(store, "covariance", styles=(Style("scream"),))
    assert go(request, store).notes == ()


@pytest.mark.parametrize("objective", NEW)
@pytest.mark.parametrize("changes", [
    {"optimizer": "lbfgs", "iterations": 2}, {"style_layers": ("conv2_2:0.5", "conv4_3")}, {"precision": "bf16"},
    {"styles": ()},
])  # fmt: skip
def test_options_and_sizes(objective: str, changes: dict[str, Any], store: Store) -> None:
    tiny = store.put(scene(3, 20))
    if "styles" in changes:  # small, with large strokes
        changes = {"content": tiny, "styles": (Style("drawn", 1, 4.0, store.put(stripes(64, 64, RED))),)}
    outcome = go(request_of(store, objective, **changes), store)
    assert np.isfinite(list(outcome.losses.values())).all()


@pytest.mark.parametrize("depths", [VGG19_DEPTHS, VGG16_DEPTHS])
def test_any_encoder_with_the_taps_will_do(depths: tuple[int, ...]) -> None:
    torch.manual_seed(0)
    encoder = Encoder("tiny", depths, (4, 8, 8, 8, 8), "conv5_1").requires_grad_(False)
    content, style = (torch.from_numpy(a.copy()).permute(2, 0, 1)[None] / 255 for a in (
        scene(48, 64), stripes(64, 64, RED)))  # fmt: skip
    source = PictureStyle("red", style, torch.ones_like(style[:, :1]), "red")
    problem = Problem(content, Regions(torch.ones(1, 48, 64), (0,), torch.ones(48, 64)), [PaintedStyle(source, 1)], 64)
    for paint in (covariance, sliced, patches):
        assert paint(problem, encoder, Request(iterations=1), Recorder()).picture.shape == content.shape
