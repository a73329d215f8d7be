"""Odd pictures, and pictures that change meanwhile: a right sentence, or a right layer; never half of one."""

from __future__ import annotations

import numpy as np
import pytest

from .gimpproc import GimpProcess
from .lab import pixels, teach


@pytest.fixture
def lab(shared_gimp: GimpProcess) -> GimpProcess:
    return teach(shared_gimp)


READ = "code_of(reading.sources_of, image, {}, 0.1)"


def test_what_cannot_be_read_is_said(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base', [1, 2, 3, 255]); clear = added('clear', [1, 2, 3, 0])")
    lab.run(
        "away = added('away', [1, 2, 3, 255], (70, 50, 8, 8)); part = added('part', [1, 2, 3, 255], (0, 0, 20, 20))"
    )
    lab.run("dark = added('dark', [0, 0, 0, 128], (0, 40, 2, 2))")
    lab.run("box = Box(0, 40, 4, 2)")
    for size in ("", ", (4, 2)"):  # black on transparent selects where it is
        assert lab.get(f"list(reading.read_mask(dark, box{size}).data)") == [128, 128, 0, 0] * 2
    lab.run("image.remove_layer(dark)")
    lab.run("channel = Gimp.Channel.new(image, 'c', 64, 48, 50.0, Gegl.Color.new('red'))")
    lab.run("image.insert_channel(channel, None, 0); group = Gimp.GroupLayer.new(image, 'g')")
    lab.run("image.insert_layer(group, None, 0)")
    for drawables, code in {
        "[]": "layer-missing",
        "[channel]": "layer-unsupported",
        "[image.get_selection()]": "layer-unsupported",
        "[clear]": "layer-empty",
        "[away]": "layer-empty",
        "[group]": "layer-empty",
    }.items():
        assert lab.get(READ.format(drawables)) == [code, True], drawables
    lab.run("select(30, 30, 10, 10)")  # beside the layer
    assert lab.get(READ.format("[part]")) == ["layer-empty", True]
    lab.run(
        "fill(part, (bytes([1, 2, 3, 255]) * 10 + bytes(40)) * 20); select(10, 5, 10, 10)"
    )  # where it shows nothing
    assert lab.get(READ.format("[part]")) == ["layer-empty", True]
    lab.run("Gimp.Selection.none(image); select(5, 5, 20, 20); floating = Gimp.Selection.float(image, [base], 2, 2)")
    assert lab.get(READ.format("[floating]")) == ["layer-unsupported", True]
    lab.run("Gimp.floating_sel_to_layer(floating); image.remove_layer(floating)")
    assert lab.get(READ.format("[floating]"))[0] == "layer-changed"
    lab.run("image = new_image(12000, 9000); base = added('huge', None, (0, 0, 12000, 9000))")
    assert lab.get(READ.format("[base]")) == ["picture-large", True]
    lab.run("gone = image; image.delete(); image = new_image()")
    assert lab.get("refusal(reading.sources_of, gone, [base], 0.1)") == "document-closed"


def test_selections_that_choose_nothing_or_all(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base', [1, 2, 3, 255])")
    lab.run("select(5, 5, 20, 20); Gimp.Selection.none(image); source = reading.sources_of(image, [base], 0.1)[0]")
    assert lab.get("[source.selection, list(source.box.bounds)]") == [None, [0, 0, 64, 48]]
    lab.run("layer = apply(base)")
    assert lab.get("[bounds(layer), layer.get_mask(), set(whole(layer)[3::4])]") == [[0, 0, 64, 48], None, "{255}"]
    lab.run("Gimp.Selection.all(image); layer = apply(base)")
    assert lab.get("[bounds(layer), set(whole(layer.get_mask(), 'Y u8'))]") == [[0, 0, 64, 48], "{255}"]
    lab.run("select(20, 10, 30, 20); source = reading.sources_of(image, [base], 0.2)[0]")
    assert lab.get("list(source.box.bounds)") == [14, 4, 56, 36]
    lab.run("part = added('part', [9, 9, 9, 255], (25, 12, 10, 90)); layer = apply(part, margin=1.0)")
    assert lab.get("bounds(layer)") == [25, 12, 35, 30]


def test_a_picture_that_changed_meanwhile(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base', [1, 2, 3, 255], (4, 4, 30, 30)); select(10, 10, 10, 10)")
    lab.run("source = reading.sources_of(image, [base], 0.1)[0]; ref, data = answer(source)")
    add = "code_of(add_result, source, ref, data, STYLES, 'n')"
    lab.run(
        "Gimp.Selection.none(image); base.set_offsets(7, 3); layer = add_result(source, ref, data, STYLES, 'moved')"
    )
    assert lab.get("bounds(layer)") == [13, 9, 23, 19]
    assert lab.get("set(whole(layer.get_mask(), 'Y u8'))") == "{255}"  # the selection of then
    lab.run("base.set_offsets(4, 4); base.resize(40, 40, 5, 5); layer = add_result(source, ref, data, STYLES, 'grown')")
    assert lab.get("bounds(layer)") == [10, 10, 20, 20]
    assert lab.get("code_of(add_result, source, ref, data[:-4], STYLES, 'n')") == ["picture-truncated", True]
    lab.run("image.scale(32, 24)")
    assert lab.get(add) == ["layer-changed", True]
    lab.run("image.scale(64, 48); image.remove_layer(base)")
    assert lab.get(add) == ["layer-changed", True]
    lab.run("other = added('other', [1, 2, 3, 255]); two = [reading.sources_of(image, [other], 0.1)[0], source]")
    assert lab.get("code_of(add_results, [PaintedLayer(s, *answer(s)) for s in two], STYLES, 'n')") == [
        "layer-changed",
        True,
    ]
    lab.run("image.delete(); image = new_image()")
    assert lab.get(add) == ["document-closed", True]


def test_locked_and_hidden_layers_are_read_and_left_alone(lab: GimpProcess) -> None:
    lab.run("image = new_image(); group = Gimp.GroupLayer.new(image, 'g'); image.insert_layer(group, None, 0)")
    lab.run("child = added('child', [200, 10, 10, 255], (10, 8, 20, 16), group); child.set_visible(False)")
    lab.run("child.set_lock_alpha(True)")
    lab.run("for item in (group, child): item.set_lock_content(True); item.set_lock_position(True)")
    lab.run("before = whole(child); apply(child)")
    assert lab.get("[names(group), whole(child) == before]") == [["Styled", "child"], True]


def test_gray_stays_gray_unless_it_may_be_converted(lab: GimpProcess) -> None:
    lab.run("image = new_image(kind=GRAY); base = added('base', [50, 50, 50, 255], alpha=False); before = whole(base)")
    lab.run("select(8, 8, 30, 20, feather=4); layer = apply(base)")
    assert lab.get("[image.get_base_type() == GRAY, layer.type() == TYPES[GRAY], whole(base) == before]") == [True] * 3
    assert lab.get("list(whole(layer)[:4])") == [205, 205, 205, 255]
    lab.run("sources = reading.sources_of(image, [base], 0.1); ref, data = answer(sources[0])")
    lab.run("data = bytes([200, 20, 30, 255]) * (len(data) // 4)")
    lab.run("layer = add_result(sources[0], ref, data, STYLES, 'Red', 'mask', True)")
    assert lab.get("[image.get_base_type() == RGB, names(), whole(base) == before]") == [
        True,
        ["Styled", "Red", "base"],
        True,
    ]
    assert lab.get("list(whole(layer)[:4])") == [200, 20, 30, 255]


def test_indexed_pictures_are_refused_unless_they_may_be_converted(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base', [200, 20, 30, 255])")
    lab.run("image.convert_indexed(Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 4, False, False, '')")
    assert lab.get("code_of(apply, base)") == ["image-indexed", True]
    assert lab.get("image.get_base_type() == INDEXED")
    lab.run("before = whole(base); layer = apply(base, convert=True)")
    assert lab.get("[image.get_base_type() == RGB, names(), whole(base) == before]") == [True, ["Styled", "base"], True]
    assert lab.get("list(whole(layer)[:4])") == [55, 235, 225, 255]


def test_style_pictures_and_masks_are_read(lab: GimpProcess) -> None:
    lab.run(
        "image = new_image(); layer = added('style', [255, 255, 255, 128], (-5, 40, 20, 16)); box = Box(0, 40, 4, 2)"
    )
    lab.run("picture = reading.read_layer(layer); mask = reading.read_mask(layer, box)")
    assert lab.get("[picture.x, picture.y, picture.format.width, picture.format.height]") == [-5, 40, 20, 16]
    assert lab.get("[list(picture.data[:4]), list(mask.data)]") == [[255, 255, 255, 128], [128] * 8]
    lab.run("channel = Gimp.Channel.new(image, 'c', 64, 48, 50.0, Gegl.Color.new('red'))")
    lab.run("image.insert_channel(channel, None, 0); fill(channel, bytes(range(64)) * 48, 'Y u8')")
    assert lab.get("list(reading.read_mask(channel, Box(60, 0, 6, 1)).data)") == [60, 61, 62, 63, 0, 0]
    small = pixels(lab, "reading.read_mask(channel, Box(0, 0, 64, 48), (16, 12)).data", (12, 16))
    assert np.abs(small[5].astype(float) - (np.arange(16) * 4 + 1.5)).max() <= 1
    lab.run(
        "own = layer.create_mask(Gimp.AddMaskType.WHITE); layer.add_mask(own); fill(own, bytes([64]) * 320, 'Y u8')"
    )
    assert lab.get("list(reading.read_mask(own, box).data)") == [64] * 8
    assert lab.get("list(reading.read_mask(layer, box).data)") == [32] * 8
    assert lab.get("list(reading.read_layer(layer, 10).data[:4])") == [255, 255, 255, 32]
    lab.run("image.remove_layer(layer)")
    assert (
        lab.get("[refusal(reading.read_layer, layer), refusal(reading.read_mask, layer, box)]") == ["layer-changed"] * 2
    )


def test_small_pictures_are_smooth_and_lend_no_colour(lab: GimpProcess) -> None:
    lab.run("image = new_image(400, 300); base = added('base', None, (40, 20, 320, 240))")
    lab.run("fill(base, (bytes([255, 0, 0, 255]) + bytes(4)) * (160 * 240)); select(80, 60, 160, 120)")
    lab.run("source = reading.sources_of(image, [base], 0.25)[0]; small = reading.small_source(source, 96)")
    assert lab.get("[list(source.box.bounds), small.canvas, list(small.box.bounds)]") == [
        [40, 20, 280, 220],
        [160, 120],
        [16, 8, 112, 88],
    ]
    content = pixels(lab, "small.content.data", (80, 96, 4))
    assert np.all(content[..., 0] >= 254) and not content[..., 1:3].any() and set(np.unique(content[..., 3])) == {128}
    chosen = pixels(lab, "small.selection.data", (80, 96))
    assert np.all(chosen[17:63, 17:79] == 255) and not chosen[:15].any() and not chosen[:, 81:].any()
    assert lab.get("reading.small_sources_of(image, [base], 0.25, 96)[0].content == small.content")
    lab.run("image.remove_layer(base)")
    assert lab.get("refusal(reading.small_source, source, 96)") == "layer-changed"


def test_settings_are_kept_in_any_script_and_else_none(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base', [1, 2, 3, 255])")
    for text in ("list(b'{')", "list(b'[1]')", "list(b'[' * 9999)", "[-1, -2]", "list(b'{\"version\": 99}')", "[0]"):
        lab.run(f"base.attach_parasite(Gimp.Parasite.new('scumble-settings', 1, {text}))")
        assert lab.get("stored(base)") is None, text
    lab.run(
        "recipe = Recipe({'strength': 0.5}, (StyleChoice('file', '/画/星夜.png', weight=0.7),)); store(base, recipe)"
    )
    assert lab.get("stored(base) == recipe")
