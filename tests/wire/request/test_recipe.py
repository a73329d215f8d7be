"""A recipe: kept as chosen, and turned into a request that the engine paints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scumble.wire import (
    REQUEST_OPTIONS,
    Client,
    PixelFormat,
    Pixels,
    Recipe,
    Request,
    ScumbleError,
    StyleChoice,
    build_request,
    digest_of,
    preview_request,
    read_connection,
)
from scumble.wire.editor.preview.requests import first_look, is_substituted
from scumble.wire.request.sources import MAX_FILE

from ...methods.conftest import stripes
from ...server.running import launch, wait_until
from ..recipes import changed
from .test_request import values_of

WAVE, SKY = StyleChoice(name="great-wave"), StyleChoice(name="starry-night")
CONTENT = Pixels(PixelFormat(4, 2, 4), bytes(range(32)), 20, 30)
MASK = Pixels(PixelFormat(4, 2, 1), bytes([0, 1, 2, 3, 128, 253, 254, 255]))
CANVAS = (100, 80)

texts = st.text(max_size=40)
choices = st.builds(
    StyleChoice,
    st.sampled_from(["library", "file", "layer"]),
    texts,
    texts,
    st.floats(0, 100),
    st.floats(0.25, 4),
    st.sampled_from(["none", "selection", "layer"]),
    texts,
    texts,
    st.booleans(),
)
recipes = st.builds(
    Recipe,
    st.fixed_dictionaries({}, optional={n: values_of(o) for n, o in REQUEST_OPTIONS.items()}),
    st.lists(choices, max_size=4).map(tuple),
)


def build(*styles: StyleChoice, selection: Pixels | None = None, **given: Any) -> tuple[Request, dict[str, Any]]:
    pictures, masks = given.pop("pictures", {}), given.pop("masks", {})
    return build_request(Recipe(given, styles), CONTENT, selection, CANVAS, pictures, masks)


def refused(call: Any, *arguments: Any, **named: Any) -> ScumbleError:
    with pytest.raises(ScumbleError) as e:
        call(*arguments, **named)
    return e.value


def pixels(array: np.ndarray[Any, Any], x: int = 0, y: int = 0) -> Pixels:
    height, width, channels = array.shape
    return Pixels(PixelFormat(width, height, channels), array.tobytes(), x, y)


@given(recipes)
def test_a_recipe_is_the_same_after_a_file(recipe: Recipe) -> None:
    assert Recipe.from_plain(json.loads(json.dumps(recipe.to_plain()))) == recipe


def test_defaults_are_left_out_and_known() -> None:
    recipe = Recipe({"method": "fast", "seed": 0, "style_layers": ["conv1_1"]}, [SKY])  # type: ignore[arg-type]
    assert recipe.options == {"method": "fast", "style_layers": ("conv1_1",)} and recipe.styles == (SKY,)
    assert (recipe.value("method"), recipe.value("seed"), recipe.value("strength")) == ("fast", 0, 1.0)
    assert changed(recipe, method="optimize", seed=5.0) == Recipe({"seed": 5, "style_layers": ("conv1_1",)}, (SKY,))
    assert refused(recipe.value, "strenght").code == "option-unknown"


@pytest.mark.parametrize(
    ("plain", "code", "named"),
    [
        (None, "option-type", "recipe"),
        ({"version": 2, "brushes": 1}, "recipe-newer", "2"),
        ({"version": "1"}, "option-type", "version"),
        ({"colour": 1}, "option-unknown", "colour"),
        ({"options": {"strenght": 1}}, "option-unknown", "strenght"),
        ({"options": {"strength": 2}}, "option-range", "strength"),
        ({"options": []}, "option-type", "options"),
        ({"styles": {}}, "option-type", "styles"),
        ({"styles": [{}] * 17}, "styles-many", "17"),
        ({"styles": [{"weigth": 1}]}, "option-unknown", "weigth"),
        ({"styles": [{"weight": -1}]}, "option-range", "weight"),
        ({"styles": [{"stroke_size": float("nan")}]}, "option-type", "stroke_size"),
        ({"styles": [{"mask": "brush"}]}, "option-choice", "mask"),
        ({"styles": [{"source": 1}]}, "option-choice", "source"),
        ({"styles": [{"invert": 1}]}, "option-type", "invert"),
        ({"styles": [{"name": 1}]}, "option-type", "name"),
        ({"styles": [{"layer": "x" * 5000}]}, "option-type", "layer"),
    ],
)
def test_what_is_no_recipe_is_refused_by_name(plain: object, code: str, named: str) -> None:
    error = refused(Recipe.from_plain, plain)
    assert error.code == code and named in error.sentence


def test_a_recipe_without_a_version_is_the_first(tmp_path: Path) -> None:
    assert Recipe.from_plain({"styles": [{"name": "great-wave"}]}) == Recipe({}, (WAVE,))


def test_another_style_takes_over_share_strokes_and_mask() -> None:
    kept = replace(SKY, weight=0.3, stroke_size=2.0, mask="selection", invert=True)
    layer = StyleChoice("layer", "Sketch", "7", weight=5.0)
    recipe = Recipe({"strength": 0.5}, (kept, WAVE))
    assert recipe.with_style(0, layer).styles == (replace(kept, source="layer", name="Sketch", layer="7"), WAVE)
    assert recipe.with_style(2, layer) == Recipe({"strength": 0.5}, (kept, WAVE, layer))
    assert kept.is_same_style(SKY) and not SKY.is_same_style(WAVE)
    assert layer.is_same_style(StyleChoice("layer", "Renamed", "7"))
    assert not layer.is_same_style(StyleChoice("layer", "Sketch", "8"))


def test_titles_are_what_a_user_calls_the_styles() -> None:
    file = StyleChoice("file", "/pictures/Ma peinture.v2.png")
    styles = (SKY, WAVE, replace(SKY, weight=0.0), file, StyleChoice("layer", "Ölskizze", "{1}"))
    assert Recipe({}, styles).title({"starry-night": "Starry Night"}) == (
        "Starry Night + great-wave + Ma peinture.v2 + Ölskizze"
    )
    assert Recipe().title() == ""


@pytest.mark.parametrize(
    ("recipe", "code"),
    [
        (Recipe(), "styles-missing"),
        (Recipe({}, (StyleChoice(),)), "styles-missing"),
        (Recipe({}, (SKY, StyleChoice("file"))), "styles-missing"),
        (Recipe({}, (StyleChoice("layer", "Sketch"),)), "styles-missing"),
        (Recipe({}, (SKY,) * 17), "styles-many"),
        (Recipe({}, (replace(SKY, weight=0.0),)), "weights-zero"),
        (Recipe({}, (replace(SKY, mask="layer"),)), "mask-missing"),
        (Recipe({}, (replace(SKY, weight=101.0),)), "option-range"),
        (Recipe({}, (replace(SKY, mask="brush"),)), "option-choice"),
        (Recipe({"seed": -1}, (SKY,)), "option-range"),
        (Recipe({"sede": 1}, (SKY,)), "option-unknown"),
    ],
)
def test_what_cannot_be_run_says_why(recipe: Recipe, code: str) -> None:
    assert refused(recipe.check).code == refused(build_request, recipe, CONTENT, None, CANVAS, {}, {}).code == code


def test_a_style_without_weight_may_be_unfinished() -> None:
    request, blobs = build(replace(StyleChoice("layer"), weight=0.0, mask="layer"), SKY)
    assert [s.name for s in request.styles] == ["starry-night"] and len(blobs) == 1


def test_the_request_holds_options_places_and_data() -> None:
    request, blobs = build(SKY, selection=MASK, strength=0.3, seed=3)
    assert (request.strength, request.seed, request.canvas) == (0.3, 3, CANVAS)
    for ref, source in ((request.content, CONTENT), (request.selection, MASK)):
        assert ref is not None and (ref.format, ref.x, ref.y) == (source.format, 20, 30)
        assert blobs[ref.digest] == source.data and ref.digest == digest_of(source.data)
    assert Request.from_plain(request.to_plain()) == request


def test_masks_come_from_the_selection_or_a_layer_either_way_round() -> None:
    wide = Pixels(PixelFormat(4, 2, 1, "u16"), np.array([0, 1, 257, 65535] * 2, "<u2").tobytes())
    from_layer = StyleChoice(name="scream", mask="layer", mask_name="Mask", mask_layer="{1}")
    styles = [replace(SKY, mask="selection"), replace(WAVE, mask="selection", invert=True), from_layer]
    styles += [replace(from_layer, invert=True), SKY]
    request, blobs = build(*styles, selection=MASK, masks={2: MASK, 3: wide})
    refs = [s.mask for s in request.styles]
    assert refs[4] is None and all(r is not None and (r.x, r.y) == (20, 30) for r in refs[:4])
    data = [np.frombuffer(blobs[r.digest], "<u2" if r.format.depth == "u16" else "u1") for r in refs if r and r.format]
    assert bytes(data[0]) == bytes(data[2]) == MASK.data
    assert data[1].tolist() == [255, 254, 253, 252, 127, 2, 1, 0]
    assert data[3].tolist() == [65535, 65534, 65278, 0] * 2


def test_without_a_selection_all_is_selected() -> None:
    assert build(replace(SKY, mask="selection"))[0].styles[0].mask is None
    assert refused(build, replace(SKY, mask="selection", invert=True)).code == "mask-empty"


def test_masks_that_cannot_be_are_named() -> None:
    layer = StyleChoice(name="scream", mask="layer", mask_name="Himmel", mask_layer="{1}")
    cases = {
        "mask-size": Pixels(PixelFormat(2, 4, 1), MASK.data),
        "picture-format": CONTENT,
        "mask-empty": replace(MASK, data=bytes(8)),
    }
    for code, mask in cases.items():
        error = refused(build, layer, masks={0: mask})
        assert error.code == code and "Himmel" in error.sentence
    full = replace(MASK, data=b"\xff" * 8)
    assert refused(build, replace(layer, invert=True), masks={0: full}).code == "mask-empty"
    assert refused(build, SKY, selection=replace(MASK, data=bytes(8))).code == "mask-empty"
    assert refused(build, SKY, selection=replace(MASK, data=b"\1" * 7)).code == "picture-truncated"
    gone = refused(build, layer)
    assert gone.code == "layer-gone" and "Himmel" in gone.sentence
    assert refused(build, StyleChoice("layer", "Skizze", "{2}")).code == "layer-gone"


def test_a_file_travels_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "ü wave.png"
    path.write_bytes(b"any bytes at all")
    request, blobs = build(StyleChoice("file", str(path), weight=0.3, stroke_size=2.0))
    style = request.styles[0]
    assert style.picture is not None and style.picture.format is None
    assert (style.name, style.weight, style.stroke_size) == ("ü wave.png", 0.3, 2.0)
    assert blobs[style.picture.digest] == b"any bytes at all"
    assert refused(build, StyleChoice("file", str(tmp_path / "gone.png"))).code == "file-missing"
    assert refused(build, StyleChoice("file", "\0" * 3)).code in ("file-missing", "picture-unreadable")
    assert refused(build, StyleChoice("file", "x" * 4000)).code == "picture-unreadable"
    assert refused(build, StyleChoice("file", str(tmp_path))).code == "picture-unreadable"
    path.write_bytes(b"")
    assert "empty" in refused(build, StyleChoice("file", str(path))).sentence
    with path.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    assert "256 MiB" in refused(build, StyleChoice("file", str(path))).sentence


def test_what_the_method_does_not_look_at_stays_out() -> None:
    request, _ = build(SKY, method="fast", strength=0.3, iterations=3, preview_size=0)
    assert (request.strength, request.iterations, request.preview_size) == (0.3, 40, 0)
    request.check_method()


def preview(recipe: Recipe, size: int = 256) -> Request:
    return preview_request(recipe, CONTENT, MASK, CANVAS, {}, {}, {}, size)[0]


def test_a_preview_is_a_small_run_of_what_will_be_run() -> None:
    recipe = Recipe({"iterations": 90, "strength": 0.5, "repaint": 0.4, "seed": 3, "preview_size": 512}, (SKY,))
    full, _ = build_request(recipe, CONTENT, MASK, CANVAS, {}, {})
    request = preview(recipe)
    assert request == replace(full, size=256, preview_size=0)
    assert preview(changed(recipe, size=4096)) == request
    assert preview(changed(recipe, size=200)).size == 200
    look = first_look(request, 12)
    assert look == replace(request, iterations=12, preview_size=256, preview_seconds=look.preview_seconds)
    assert first_look(request, 90) == request
    assert first_look(preview(changed(recipe, iterations=0)), 12).iterations == 0


def test_a_preview_by_the_fast_method_has_no_options_of_others() -> None:
    recipe = Recipe({"method": "fast", "iterations": 900, "strength": 0.5, "size": 4096, "model": "vgg19"}, (SKY,))
    request = preview(recipe, 384)
    full, _ = build_request(recipe, CONTENT, MASK, CANVAS, {}, {})
    assert request == Request(
        **{"method": "fast", "strength": 0.5, "size": 384, "preview_size": 0},  # type: ignore[arg-type]
        **{n: getattr(full, n) for n in ("styles", "canvas", "content", "selection")},
    )
    assert preview(changed(recipe, iterations=10, min_size=64, repaint=0.0), 384) == request
    assert first_look(request, 12) == request and not is_substituted(recipe)


def test_a_preview_is_by_the_network_that_is_always_there() -> None:
    recipe = Recipe({"model": "vgg19", "style_layers": ("conv5_4",), "tv_weight": 2.0}, (SKY,))
    request = preview(recipe)
    assert is_substituted(recipe) and not is_substituted(Recipe({}, (SKY,)))
    assert request == preview(Recipe({"tv_weight": 2.0}, (SKY,))) and request.model == "slim"


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


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fast", "optimize"])
def test_the_engine_paints_library_file_and_layer_under_their_masks(real: Client, tmp_path: Path, method: str) -> None:
    """Red strokes of a file on the left, blue ones of a layer elsewhere, a named style over all that is selected."""
    Image.fromarray(stripes(96, 96, (1.0, 0.1, 0.1))).save(tmp_path / "red.png")
    blue = np.dstack([stripes(80, 120, (0.1, 0.1, 1.0)), np.full((80, 120), 255, np.uint8)])
    blue[:20, :, 3] = 0
    height, width = 64, 112
    left = np.zeros((height, width, 1), np.uint8)
    left[:, : width // 2] = 255
    rows = np.arange(height)
    selection = np.repeat((np.clip(np.minimum(rows, rows[::-1]), 0, 15) * 17)[:, None, None], width, 1).astype(np.uint8)
    styles = (
        StyleChoice("file", str(tmp_path / "red.png"), mask="layer", mask_name="Left", mask_layer="7"),
        StyleChoice("layer", "Blue", "8", mask="layer", mask_name="Left", mask_layer="7", invert=True),
        StyleChoice(name="starry-night", weight=0.05, mask="selection"),
    )
    gray = np.full((height, width, 4), 128, np.uint8) + (np.arange(width, dtype=np.uint8) % 7)[:, None]
    gray[..., 3] = 255
    mask = pixels(left)
    recipe = Recipe({"method": method, "iterations": 1, "min_size": 112}, styles)
    request, blobs = build_request(
        recipe,
        pixels(gray, 40, 60),
        pixels(selection),
        (400, 300),
        {1: pixels(blue)},
        {0: mask, 1: mask},
    )
    picture, raw, _ = real.run(request, blobs)
    assert picture.format is not None
    layer = np.frombuffer(raw, np.uint8).reshape(picture.format.height, picture.format.width, 4)
    assert (picture.x, picture.y, layer.shape) == (40, 61, (62, width, 4))
    assert np.array_equal(layer[..., 3], selection[1:63, :, 0])
    if method == "fast":  # where one pass is enough to see it
        redness = (layer[10:-10, :, 0].astype(float) - layer[10:-10, :, 2]).mean(0)
        assert redness[:50].mean() > redness[-50:].mean() + 50


def test_what_belongs_to_one_picture_is_not_carried_to_another() -> None:
    masked = StyleChoice(name="great-wave", weight=0.4, mask="layer", mask_name="Sky", mask_layer="7", invert=True)
    selected = StyleChoice(name="scream", mask="selection", invert=True)
    recipe = Recipe({"size": 900, "seed": 3}, (masked, StyleChoice("layer", "Sea", "8"), selected))
    assert recipe.for_another_picture() == Recipe({"seed": 3}, (StyleChoice(name="great-wave", weight=0.4), selected))
