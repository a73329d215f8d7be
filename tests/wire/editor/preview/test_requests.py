"""Previews tell the truth: by a real engine, a small run looks as the result will, and is known when it comes again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray
from PIL import Image
from skimage.metrics import structural_similarity

from scumble.wire import Client, PixelFormat, Pixels, Preview, Recipe, StyleChoice, build_request, read_connection
from scumble.wire.editor.preview.easel import Small
from scumble.wire.editor.preview.finer import finer_side
from scumble.wire.editor.preview.pace import FAST_SIDES, FINEST
from scumble.wire.editor.preview.requests import first_look, preview_request

from ....server.running import launch, wait_until

RECIPE = Recipe({}, (StyleChoice(name="great-wave"),))
Colors = NDArray[np.uint8]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a real engine."""
    folder = tmp_path_factory.mktemp("engine")
    process = launch(folder, ["--device", "cpu"])
    wait_until(lambda: read_connection(folder / "runtime") or process.poll() is not None, 40)
    connection = read_connection(folder / "runtime")
    assert connection is not None
    with Client.connect_to(connection, "test") as client:
        yield client
    process.terminate()
    process.communicate(timeout=20)


def photograph(width: int, height: int) -> Colors:
    return np.asarray(Image.fromarray(skimage.data.astronaut()[:384]).resize((width, height), Image.Resampling.LANCZOS))


def small(picture: Colors, width: int = 176) -> NDArray[Any]:
    height = round(picture.shape[0] * width / picture.shape[1])
    return np.asarray(Image.fromarray(picture).resize((width, height), Image.Resampling.LANCZOS)).astype(float)


def painted(picture: tuple[Any, bytes, Any]) -> Colors:
    form = picture[0].format
    return np.frombuffer(picture[1], np.uint8).reshape(form.height, form.width, form.channels)[..., :3]


@pytest.mark.slow
@pytest.mark.timeout(240)  # a result at its own size, where the machine is busy
def test_a_preview_looks_like_the_result(real: Client) -> None:
    photo = photograph(256, 192)
    content = Pixels(PixelFormat(256, 192, 3), photo.tobytes())
    canvas = (256, 192)
    request, blobs = preview_request(RECIPE, content, None, canvas, {}, {}, {}, 176)
    look, live = first_look(request, 12), []
    seen = real.run(look, blobs, lambda event: live.append(event) if isinstance(event, Preview) else None)
    refined = real.run(request, blobs)
    result = small(painted(real.run(*build_request(RECIPE, content, None, canvas, {}, {}))))
    assert live and (live[-1].format.width, live[-1].format.height) == (176, 132)
    away = np.abs(small(photo) - result).mean()
    for picture, most in ((seen, 0.8), (refined, 0.66)):
        assert painted(picture).shape == photo.shape
        assert np.abs(small(painted(picture)) - result).mean() < most * away

    begun = time.perf_counter()
    for again in (look, request):  # going back to earlier settings
        assert real.run(again, blobs)[2].cached
    assert time.perf_counter() - begun < 2


def fast(options: dict[str, Any], *styles: StyleChoice) -> Recipe:
    return Recipe({"method": "fast", **options}, styles)


SETTINGS = {
    "wave": fast({}, StyleChoice(name="great-wave")),
    "two": fast({"strength": 0.7}, StyleChoice(name="great-wave"), StyleChoice(name="starry-night", stroke_size=0.6)),
    "fine": fast({}, StyleChoice(name="starry-night", stroke_size=0.5)),
    "large": fast({"texture": 1.0}, StyleChoice(name="starry-night", stroke_size=2.0)),
    "reduced": fast({"size": 700, "photorealistic": 0.5}, StyleChoice(name="starry-night")),
}


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", SETTINGS)
def test_a_refined_preview_by_the_fast_method_is_the_result(real: Client, name: str) -> None:
    recipe, photo = SETTINGS[name], photograph(1500, 1125)
    content = Pixels(PixelFormat(1500, 1125, 3), photo.tobytes())
    result = painted(real.run(*build_request(recipe, content, None, (1500, 1125), {}, {})))
    read = FAST_SIDES[0]
    first = Small(shrunken(photo, read), None, (read, round(0.75 * read)), 0, 1500)
    side = finer_side(recipe, first, read, FINEST)
    alike = []
    for width in (read, side):
        over = shrunken(photo, width)
        canvas = (over.format.width, over.format.height)
        seen = painted(real.run(*preview_request(recipe, over, None, canvas, {}, {}, {}, width)))
        alike.append(float(structural_similarity(seen, small(result, width).astype(np.uint8), channel_axis=2)))
    print(f"{name}: SSIM {alike[0]:.3f} at {read} px, {alike[1]:.3f} at {side} px")
    assert alike[1] >= 0.8 and alike[1] > alike[0]


def shrunken(photo: Colors, width: int) -> Pixels:
    pixels = small(photo, width).astype(np.uint8)
    return Pixels(PixelFormat(pixels.shape[1], pixels.shape[0], 3), pixels.tobytes())
