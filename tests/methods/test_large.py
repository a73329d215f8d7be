"""Pictures too large for floats: painted smaller, enlarged in strips, and what is not painted untouched."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from scumble.methods import memory
from scumble.methods.base import Outcome, Plan
from scumble.methods.large.reduced import bounds_in, reduced, reduced_mask
from scumble.methods.memory import factor_of, is_large, pictures_bytes, pixels_of
from scumble.methods.run import run
from scumble.picture import Picture
from scumble.training.loop.unwatched import Unwatched
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.geometry import Box
from scumble.wire.request.request import Request
from scumble.wire.request.style import Style

from .conftest import Store


@pytest.fixture(autouse=True)
def small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of 60,000 pixels is a large one, and strips have some rows."""
    monkeypatch.setattr(memory, "LARGE", 60_000)
    monkeypatch.setattr(memory, "PAINTED_SIDE", 160)
    monkeypatch.setattr("scumble.methods.large.paint.ROWS", 9_000)
    monkeypatch.setattr("scumble.methods.large.reduced.STRIP", 9_000)


def photo(height: int = 301, width: int = 402) -> NDArray[np.uint8]:
    """Large forms with sharp edges, of sides that no block fits."""
    rng = np.random.default_rng(3)
    small = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)).copy()


def painted(store: Store, content: NDArray[np.generic], space: str = "srgb", **options: object) -> Outcome:
    options = {"method": "fast", "styles": (Style("scream"),), "precision": "fp32", **options}
    return run(Request(content=store.put(content, space=space), **options), store.load, Unwatched(), Plan())  # type: ignore[arg-type]


def test_what_is_large() -> None:
    assert not is_large(300, 200) and is_large(301, 200)
    assert factor_of(402, 301) == 3 and factor_of(160, 900) == 6
    content = Picture(photo()).ref()
    assert pixels_of(Request(content=content)) == 134 * 101
    assert pixels_of(Request(content=content, size=67)) == 67 * 50
    one = pictures_bytes(Request(content=content))
    assert one < 402 * 301 * (3 + 8) + 134 * 101 * 100


def test_it_looks_like_the_same_picture_painted_smaller(store: Store) -> None:
    content = photo()
    layer = painted(store, content).layer
    assert layer.data.shape == (301, 402, 4) and layer.data.dtype == np.uint8 and (layer.data[..., 3] == 255).all()
    small = np.asarray(Image.fromarray(content).resize((134, 101), Image.Resampling.BOX))
    other = painted(store, small).layer.data[..., :3].astype(float)
    again = np.asarray(Image.fromarray(layer.data[..., :3]).resize((134, 101), Image.Resampling.BOX)).astype(float)
    assert np.abs(again - other).mean() < 6 < np.abs(other - small).mean()


def test_what_is_not_selected_is_not_in_the_layer(store: Store) -> None:
    mask = np.zeros((301, 402, 1), np.uint8)
    mask[37:290, 11:395] = 128
    mask[37, 11] = 255
    layer = painted(store, photo(), selection=store.put(mask)).layer
    assert (layer.x, layer.y, layer.width, layer.height) == (11, 37, 384, 253)
    assert np.array_equal(layer.data[..., 3], mask[37:290, 11:395, 0])


def test_a_small_selection_is_painted_in_its_own_pixels(store: Store) -> None:
    mask = np.zeros((301, 402, 1), np.uint8)
    mask[100:200, 150:280] = 255
    content = photo()
    layer = painted(store, content, selection=store.put(mask)).layer
    memory.LARGE, kept = 10**9, memory.LARGE
    try:
        plain = painted(store, content, selection=store.put(mask)).layer
    finally:
        memory.LARGE = kept
    assert layer.box == plain.box and np.array_equal(layer.data, plain.data)


@pytest.mark.parametrize(("dtype", "space"), [(np.uint8, "srgb"), (np.uint16, "linear"), (np.float32, "srgb")])
def test_without_strength_it_is_the_picture(store: Store, dtype: type, space: str) -> None:
    rng = np.random.default_rng(0)
    content = rng.random((301, 402, 4)).astype(np.float32)
    if dtype is not np.float32:
        content = np.rint(content * np.iinfo(dtype).max).astype(dtype)
    layer = painted(store, content, space, strength=0.0).layer
    near = 1e-3 if dtype is np.float32 else 0
    assert layer.data.dtype == dtype and np.abs(layer.data.astype(float) - content).max() <= near


def test_styles_under_masks_meet_where_the_masks_say(store: Store) -> None:
    left = np.zeros((301, 402, 1), np.uint8)
    left[:, :201] = 255
    styles = (Style("great-wave", mask=store.put(left)), Style("scream", mask=store.put(255 - left)))
    both = painted(store, photo(), styles=styles).layer.data[..., :3].astype(float)
    alone = [
        painted(store, photo(), styles=(Style(s),)).layer.data[..., :3].astype(float) for s in ("great-wave", "scream")
    ]
    for side, other in ((0, 1), (1, 0)):
        part = np.s_[:, :150] if side == 0 else np.s_[:, 250:]
        own, wrong = (np.abs(both[part].mean((0, 1)) - alone[i][part].mean((0, 1))).mean() for i in (side, other))
        assert own < wrong


def test_places_are_found_in_the_smaller_picture(store: Store) -> None:
    content = np.full((301, 402, 3), (70, 90, 40), np.uint8)
    content[:150] = (120, 170, 240)
    content[150:] += np.random.default_rng(0).integers(0, 60, (151, 402, 3), dtype=np.uint8)
    layer = painted(store, content, where="sky").layer
    alpha = np.zeros((301, 402))
    alpha[layer.y : layer.box.bottom, layer.x : layer.box.right] = layer.data[..., 3] / 255
    assert alpha[:130].mean() > 0.9 and alpha[170:].mean() < 0.1


def test_holes_stay_and_give_no_colour(store: Store) -> None:
    content = np.dstack([photo(), np.full((301, 402), 255, np.uint8)])
    content[50:120, 60:200] = (255, 0, 255, 0)
    layer = painted(store, content).layer
    assert (layer.data[50:120, 60:200, 3] == 0).all()
    small = reduced(Picture(content), 3)
    rgb = small.data[..., :3][small.data[..., 3] > 0].astype(float)
    assert np.abs(rgb.mean(0) / 257 - content[..., :3][content[..., 3] > 0].mean(0)).max() < 2


def test_blocks_are_means_and_the_border_goes_on() -> None:
    content = photo(31, 47)
    small = reduced(Picture(content), 4)
    assert small.data.shape == (8, 12, 3) and small.depth == "u16"
    assert np.abs(small.data[2, 3] / 257 - content[8:12, 12:16].mean((0, 1))).max() < 0.51
    assert np.abs(small.data[2, 11] / 257 - content[8:12, [44, 45, 46, 46]].mean((0, 1))).max() < 0.51
    mask = Picture(np.full((5, 6, 1), 255, np.uint8), x=10, y=8)
    found = reduced_mask(mask, Box(0, 0, 47, 31), 4)
    assert found.data.shape == (8, 12, 1) and found.data[2, 3, 0] == 65535 and found.data[1, 2, 0] == 0
    assert bounds_in(mask, Box(0, 0, 47, 31)) == Box(10, 8, 6, 5)
    assert bounds_in(mask, Box(12, 9, 3, 90)) == Box(12, 9, 3, 4)
    assert not bounds_in(mask, Box(20, 20, 5, 5))


def test_what_cannot_be_painted_is_told(store: Store) -> None:
    for options, code in (
        ({"selection": store.put(np.zeros((301, 402, 1), np.uint8))}, "mask-empty"),
        ({"styles": (Style("nobody"),)}, "style-unknown"),
    ):
        with pytest.raises(ScumbleError) as caught:
            painted(store, photo(), **options)
        assert caught.value.code == code
    with pytest.raises(ScumbleError) as caught:
        run(
            Request(content=store.put(photo()), styles=(Style("scream"),)),
            store.load,
            Unwatched(),
            Plan(0, "cpu", 10**6),
        )
    assert caught.value.code == "memory"
    clear = np.dstack([photo(), np.zeros((301, 402), np.uint8)])
    with pytest.raises(ScumbleError) as caught:
        painted(store, clear)
    assert caught.value.code == "picture-transparent"


def test_it_can_be_cancelled_and_tells_how_far_it_is(store: Store) -> None:
    told: list[tuple[int, int]] = []

    class Watching(Unwatched):
        def progress(self, step: int, of: int, *_: object) -> None:
            told.append((step, of))

        def check(self) -> None:
            if told and told[-1][0] > 200:
                raise ScumbleError("cancelled")

    request = Request(method="fast", content=store.put(photo()), styles=(Style("scream"),))
    with pytest.raises(ScumbleError, match="cancelled"):
        run(request, store.load, Watching(), Plan())
    assert 200 < told[-1][0] < 301 == told[-1][1]
