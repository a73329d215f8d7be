"""Layer in, layer out: the engine is a stand-in that inverts, in the engine's own format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from .gimpproc import GimpProcess
from .lab import exported, pixels, teach

PRECISIONS = [
    f"{depth}_{curve}"
    for depth in ("U8", "U16", "U32", "HALF", "FLOAT", "DOUBLE")
    for curve in ("LINEAR", "NON_LINEAR", "PERCEPTUAL")
]


@pytest.fixture
def lab(shared_gimp: GimpProcess) -> GimpProcess:
    return teach(shared_gimp)


def test_a_feathered_selection_becomes_a_layer_with_a_mask(lab: GimpProcess, tmp_path: Path) -> None:
    lab.run("image = new_image(); base = added('base'); fill(base, colours(64, 48)); before = whole(base)")
    plain = exported(lab, tmp_path / "plain.png")
    lab.run("select(16, 12, 30, 24, feather=6); layer = apply(base, 'Starry Night')")
    assert lab.get("names()") == ["Starry Night", "base"]
    assert (
        lab.get("[image.get_selected_drawables() == [layer], stored(layer) == STYLES, whole(base) == before]")
        == [True] * 3
    )
    left, top, right, bottom = lab.get("bounds(layer)")
    chosen = pixels(lab, "selection()", (48, 64))
    assert np.count_nonzero(chosen == 255) and np.count_nonzero((chosen > 0) & (chosen < 255))
    mask = np.zeros_like(chosen)
    mask[top:bottom, left:right] = pixels(lab, "whole(layer.get_mask(), 'Y u8')", (bottom - top, right - left))
    assert np.array_equal(mask, chosen)
    assert np.all(pixels(lab, "whole(layer)", (-1, 4))[:, 3] == 255)
    painted = exported(lab, tmp_path / "painted.png")
    assert np.array_equal(painted[chosen == 0], plain[chosen == 0])
    assert np.array_equal(painted[chosen == 255][:, :3], 255 - plain[chosen == 255][:, :3])
    soft = (chosen > 0) & (chosen < 255)
    low, high = np.minimum(plain, 255 - plain)[soft], np.maximum(plain, 255 - plain)[soft]
    assert np.all((painted[soft][:, :3] >= low[:, :3]) & (painted[soft][:, :3] <= high[:, :3]))
    lab.run("apply(base, 'Alpha', 'alpha'); layer.set_visible(False)")
    assert lab.get("names()") == ["Starry Night", "Alpha", "base"]
    by_alpha = exported(lab, tmp_path / "alpha.png").astype(int)
    assert np.abs(by_alpha - painted).max() <= 1 and lab.get("image.get_layers()[1].get_mask() is None")


def test_an_xcf_file_keeps_layer_mask_place_and_settings(lab: GimpProcess, tmp_path: Path) -> None:
    lab.run("image = new_image(); base = added('base', [10, 20, 200, 255], (4, 3, 40, 30))")
    lab.run(
        "select(16, 12, 40, 24, feather=4); layer = apply(base); kept = whole(layer), whole(layer.get_mask(), 'Y u8')"
    )
    path = str(tmp_path / "painted.xcf")
    lab.run(f"place = bounds(layer); export({path!r}); image = opened({path!r}); layer, base = image.get_layers()")
    assert lab.get("[names(), bounds(layer) == place, stored(layer) == STYLES, stored(base)]") == [
        ["Styled", "base"],
        True,
        True,
        None,
    ]
    assert lab.get("(whole(layer), whole(layer.get_mask(), 'Y u8')) == kept")


def test_every_precision_keeps_what_it_has(lab: GimpProcess) -> None:
    """A gradient that comes back as it went: nothing that is seen changes, and 16 bits stay more than 8."""
    for name in PRECISIONS:
        found = lab.get(f"same({name!r})")
        assert len(set(found["encodings"])) == 1 and name.split("_")[0].lower() in found["encodings"][0], (name, found)
        assert found["kept"] and found["difference"] < 1e-6, (name, found)
        assert found["mask"] <= (0 if name.startswith(("U8", "U16")) else 2e-5), (name, found)
        assert found["steps"] >= (20 if name.startswith("U8") else 60), (name, found)
        assert found["over"] == pytest.approx(2 if name.startswith(("HALF", "FLOAT", "DOUBLE")) else 1, abs=1e-3), name


def test_places_groups_and_layers_without_alpha(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base', [10, 20, 200, 255])")
    lab.run("off = added('off', [0, 255, 0, 255], (-10, -6, 30, 30), alpha=False)")
    lab.run("outer = Gimp.GroupLayer.new(image, 'outer'); image.insert_layer(outer, None, 0)")
    lab.run("inner = Gimp.GroupLayer.new(image, 'inner'); image.insert_layer(inner, outer, 0)")
    lab.run("top = added('top', [9, 9, 9, 255], (0, 0, 4, 4), inner)")
    lab.run("child = added('child', [200, 10, 10, 255], (10, 8, 20, 16), inner); image.reorder_item(child, inner, 1)")
    lab.run("made = [apply(d, d.get_name() + '+') for d in (off, child, inner, outer)]")
    assert lab.get("[names(), names(outer), names(inner)]") == [
        ["outer+", "outer", "off+", "off", "base"],
        ["inner+", "inner"],
        ["top", "child+", "child"],
    ]
    assert lab.get("[bounds(layer) for layer in made]") == [
        [0, 0, 20, 24],
        [10, 8, 30, 24],
        [0, 0, 30, 24],
        [0, 0, 30, 24],
    ]
    assert lab.get("all(layer.has_alpha() and layer.get_mask() is None for layer in made)")
    assert lab.get("[list(whole(layer)[:4]) for layer in made[:2]]") == [[255, 0, 255, 255], [55, 245, 245, 255]]
    group = pixels(lab, "whole(made[2])", (24, 30, 4))  # the stand-in's answer to the group's picture, child+ in it
    assert group[0, 0].tolist() == [246, 246, 246, 255] and group[20, 25].tolist() == [200, 10, 10, 255]
    assert not group[0, 20:, 3].any()


def test_alpha_masks_and_filters_of_the_source_hold_for_the_result(lab: GimpProcess) -> None:
    lab.run("image = new_image(); base = added('base')")
    lab.run("fill(base, bytes(v for i in range(3072) for v in (9, 8, 7, i % 256)))")
    lab.run("select(8, 8, 40, 30, feather=5)")
    for way in ("mask", "alpha"):
        lab.run(f"layer = apply(base, selection_as={way!r})")
        left, top, right, bottom = lab.get("bounds(layer)")
        alpha = pixels(lab, "whole(layer)", (bottom - top, right - left, 4))[..., 3].astype(float)
        source = (np.arange(3072) % 256).reshape(48, 64)[top:bottom, left:right]
        chosen = pixels(lab, "selection()", (48, 64))[top:bottom, left:right] / 255
        assert np.array_equal(alpha, source) if way == "mask" else np.abs(alpha - source * chosen).max() <= 0.51
    lab.run("Gimp.Selection.none(image); image = new_image(); base = added('base', [9, 8, 7, 255], (5, 5, 32, 20))")
    lab.run("mask = base.create_mask(Gimp.AddMaskType.WHITE); base.add_mask(mask)")
    lab.run("fill(mask, bytes(range(160)) * 4, 'Y u8'); before = whole(base); layer = apply(mask)")
    assert lab.get("[names(), bounds(layer), whole(base) == before, base.get_mask() == mask]") == [
        ["Styled", "base"],
        [5, 5, 37, 25],
        True,
        True,
    ]
    assert lab.get("whole(layer)[3::4] == bytes(range(160)) * 4")
    lab.run("base.set_apply_mask(False); layer = apply(base)")
    assert lab.get("set(whole(layer)[3::4])") == "{255}"
    lab.run("filter = Gimp.DrawableFilter.new(base, 'gegl:invert-gamma', ''); base.append_filter(filter)")
    assert lab.get("list(whole(apply(base))[:4])") == [9, 8, 7, 255]  # what the filter shows, inverted
    assert lab.get("[len(base.get_filters()), whole(base) == before]") == [1, True]
    lab.run("filter.set_visible(False)")
    assert lab.get("list(whole(apply(base))[:4])") == [246, 247, 248, 255]


def test_several_layers_come_together(lab: GimpProcess) -> None:
    lab.run("image = new_image(); below = added('below', [1, 2, 3, 255]); above = added('above', [9, 9, 9, 255])")
    lab.run("mask = above.create_mask(Gimp.AddMaskType.WHITE); above.add_mask(mask)")
    lab.run("sources = reading.sources_of(image, [above, mask, below], 0.1)")
    lab.run("made = add_results([PaintedLayer(s, *answer(s)) for s in sources], STYLES, 'Styled')")
    assert lab.get("names()") == ["Styled", "above", "Styled #1", "below"]
    assert lab.get("set(image.get_selected_layers()) == set(made)")
    assert lab.get("[list(whole(layer)[:3]) for layer in made]") == [[246, 246, 246], [254, 253, 252]]


def test_a_picture_with_another_profile(lab: GimpProcess) -> None:
    lab.run("image = new_image(); image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())")
    lab.run("base = added('base'); fill(base, colours(64, 48)); before = native(base)")
    lab.run("select(10, 10, 20, 20); source = reading.sources_of(image, [base], 0.1)[0]")
    assert lab.get("source.content.format.depth") == "u16"
    lab.run("layer = apply(base, invert=False)")
    assert lab.get("image.get_color_profile().get_label()") == "Compatible with Adobe RGB (1998)"
    base = pixels(lab, "native(base)", (48, 64, 4))
    left, top, right, bottom = lab.get("bounds(layer)")
    made = pixels(lab, "native(layer)", (bottom - top, right - left, 4))
    assert np.array_equal(made, base[top:bottom, left:right]) and lab.get("native(base) == before")
    lab.run("image = new_image(); image.set_color_profile(Gimp.ColorProfile.new_rgb_srgb())")
    lab.run("base = added('base', [1, 2, 3, 255])")
    assert lab.get("reading.sources_of(image, [base], 0.1)[0].content.format.depth") == "u8"
