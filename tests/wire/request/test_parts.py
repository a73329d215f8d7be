"""What of a style's own picture is taken, on its way into a request."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scumble.wire import PixelFormat, Pixels, Recipe, Request, ScumbleError, StyleChoice, build_request, digest_of
from scumble.wire.request.recipe import layer_parts

SKY = StyleChoice(name="starry-night")
CONTENT = Pixels(PixelFormat(4, 2, 4), bytes(range(32)), 20, 30)
CANVAS = (100, 80)


def test_a_part_of_a_style_travels_as_the_file_that_says_it(tmp_path: Path) -> None:
    for name in ("wave.png", "part.png"):
        (tmp_path / name).write_bytes(name.encode())
    wave = StyleChoice("file", str(tmp_path / "wave.png"), part="file", part_name=str(tmp_path / "part.png"))
    request, _ = build_request(Recipe(styles=(wave,)), CONTENT, None, CANVAS, {}, {})
    mask = request.styles[0].picture_mask
    assert mask is not None and mask.digest == digest_of(b"part.png") and mask.format is None
    assert mask in request.pictures() and Request.from_plain(request.to_plain()) == request
    assert Recipe.from_plain(Recipe(styles=(wave,)).to_plain()).styles == (wave,)
    assert wave.exchanged(SKY).part == "all" and wave.for_another_picture() == wave
    for part in ("file", "sky", "layer"):
        with pytest.raises(ScumbleError) as e:
            build_request(Recipe(styles=(replace(SKY, part=part),)), CONTENT, None, CANVAS, {}, {})
        assert e.value.code == "style-no-part"


def test_a_part_of_a_style_by_its_name_and_by_a_layer(tmp_path: Path) -> None:
    file = tmp_path / "wave.png"
    file.write_bytes(b"wave")
    sky = StyleChoice("file", str(file), part="sky")
    request, _ = build_request(Recipe(styles=(sky,)), CONTENT, None, CANVAS, {}, {})
    assert (request.styles[0].picture_where, request.styles[0].picture_mask) == ("sky", None)
    assert Request.from_plain(request.to_plain()) == request and sky.for_another_picture() == sky

    mask = Pixels(PixelFormat(5, 4, 1), bytes(range(20)))
    by_layer = replace(sky, part="layer", part_name="Waves", part_layer="{7}")
    of_layer = StyleChoice("layer", "Sea", "{8}", part="layer", part_name="Waves", part_layer="{7}")
    idle = replace(by_layer, weight=0.0)
    recipe, sea = Recipe(styles=(by_layer, of_layer, idle)), replace(CONTENT, x=3, y=2)
    parts = layer_parts(recipe, {by_layer: mask, of_layer: mask}.__getitem__)
    assert list(parts) == [0, 1]
    request, blobs = build_request(recipe, CONTENT, None, CANVAS, {1: sea}, {}, parts=parts)
    for style in request.styles:
        assert style.picture_mask is not None and style.picture_mask_stretched and style.picture_where == "all"
        assert bytes(blobs[style.picture_mask.digest]) == mask.data
    assert Request.from_plain(request.to_plain()) == request
    assert by_layer.for_another_picture() == replace(sky, part="all")
    for lacking, code in ((recipe, "layer-gone"), (Recipe(styles=(replace(sky, part="layer"),)), "mask-missing")):
        with pytest.raises(ScumbleError) as e:
            build_request(lacking, CONTENT, None, CANVAS, {1: sea}, {})
        assert e.value.code == code


def test_a_preset_of_before_still_opens() -> None:
    old = {"source": "file", "name": "wave.png", "picture_mask": "sky.png"}
    choice = StyleChoice.from_plain(old)
    assert (choice.name, choice.part, choice.part_name) == ("wave.png", "file", "sky.png")
    assert StyleChoice.from_plain({**old, "picture_mask": ""}) == StyleChoice("file", "wave.png")
