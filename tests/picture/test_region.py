"""Region, layer and paste: nothing outside the selection changes, bit for bit; alpha is the selection, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from scumble.picture import Picture, find_region, layer, paste, to_working
from scumble.picture.color import encode
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.geometry import Box

FULL = {np.uint8: 255, np.uint16: 65535, np.float32: 1}


@st.composite
def pictures(draw, channels=(1, 2, 3, 4)):
    """A content picture of any depth, space and place, and a selection of its size and place."""
    height, width, count = draw(st.integers(1, 8)), draw(st.integers(1, 8)), draw(st.sampled_from(channels))
    dtype = draw(st.sampled_from(list(FULL)))
    elements = st.floats(-1, 2, width=32) if dtype is np.float32 else None
    data = draw(hnp.arrays(dtype, (height, width, count), elements=elements))
    if count in (2, 4):
        data[..., -1] = np.clip(data[..., -1], 0, FULL[dtype])
    mask = draw(hnp.arrays(np.uint8, (height, width, 1), elements=st.sampled_from([0, 1, 77, 254, 255])))
    assume(mask.any())
    x, y = draw(st.integers(-9, 9)), draw(st.integers(-9, 9))
    space = draw(st.sampled_from(["srgb", "linear"]))
    return Picture(data, space, x, y), Picture(mask, x=x, y=y)


def painted(content, selection, value=0.25):
    rgb = np.full((content.height, content.width, 3), value, np.float32)
    return layer(rgb, selection.data[..., 0] / np.float32(255), content)


@settings(max_examples=200, deadline=None)
@given(pictures())
def test_pasting_changes_colours_inside_the_selection_alone(both):
    content, selection = both
    out = paste(content, painted(content, selection))
    colors = content.data[..., :-1] if content.has_alpha else content.data
    before = np.broadcast_to(colors, (*colors.shape[:2], 3))
    outside = selection.data[..., 0] == 0
    assert out.data.dtype == content.data.dtype and out.box == content.box and out.space == content.space
    assert out.data[outside][..., :3].tobytes() == before[outside].tobytes()
    if content.has_alpha:
        assert out.data[..., 3].tobytes() == np.ascontiguousarray(content.data[..., -1]).tobytes()


@settings(deadline=None)
@given(pictures(channels=(1, 3)))
def test_full_selection_shows_the_layer_bit_for_bit(both):
    content, _ = both
    top = painted(content, Picture(np.full((content.height, content.width, 1), 255, np.uint8)))
    np.testing.assert_array_equal(paste(content, top).data, top.data[..., :3])


@pytest.mark.parametrize(("dtype", "scale"), [(np.uint8, 1), (np.uint16, 257), (np.float32, None)])
def test_layer_alpha_is_the_selection_exactly(dtype, scale):
    every = np.arange(256, dtype=np.uint8).reshape(16, 16)
    content = Picture(np.zeros((16, 16, 3), dtype))
    alpha = painted(content, Picture(every[..., None])).data[..., 3]
    wanted = every.astype(dtype) * scale if scale else (every / 255).astype(np.float32)
    np.testing.assert_array_equal(alpha, wanted)


def test_every_16_bit_selection_value_is_kept():
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    content = Picture(np.zeros((256, 256, 3), np.uint16))
    region = find_region(content, Picture(every), 0.0)
    top = region.layer(region.rgb)
    np.testing.assert_array_equal(top.data[..., 3], every[..., 0])


def test_layer_covers_the_selection_s_box_and_spares_transparent_pixels():
    data = np.full((20, 30, 4), 255, np.uint8)
    data[:10, :, 3] = 0
    data[10, :, 3] = 128
    mask = np.zeros((20, 30, 1), np.uint8)
    mask[8:15, 4:9] = 255
    region = find_region(Picture(data, x=100, y=50), Picture(mask, x=100, y=50), 0.5)
    top = region.layer(np.zeros_like(region.rgb))
    assert top.box == region.visible == Box(104, 58, 5, 7)
    assert region.box == Box(100, 54, 13, 15)  # a margin of 4 on each side
    np.testing.assert_array_equal(top.data[:, 0, 3], [0, 0, 128, 255, 255, 255, 255])


def test_half_a_selection_is_half_way_in_encoded_values():
    content = Picture(np.full((1, 1, 3), 100, np.uint8))
    top = Picture(np.array([[[200, 0, 100, 51]]], np.uint8))  # 20 %
    np.testing.assert_array_equal(paste(content, top).data, [[[120, 80, 100]]])
    dark = Picture(np.full((1, 1, 3), 0.1, np.float32), "linear")
    light = Picture(np.array([[[0.6, 0.6, 0.6, 0.5]]], np.float32), "linear")
    half_way = (encode(np.array(0.1)) + encode(np.array(0.6))) / 2
    np.testing.assert_allclose(to_working(paste(dark, light))[0], half_way, atol=1e-6)


def test_source_alpha_does_not_weaken_the_paint():
    content = Picture(np.array([[[10, 10, 10, 128]]], np.uint8))
    top = painted(content, Picture(np.full((1, 1, 1), 255, np.uint8)), 1.0)
    np.testing.assert_array_equal(paste(content, top).data, [[[255, 255, 255, 128]]])


def test_no_numbers_outside_the_selection_stay_and_inside_vanish():
    data = np.full((1, 3, 3), np.nan, np.float32)
    out = paste(Picture(data), painted(Picture(data), Picture(np.array([[[0], [128], [255]]], np.uint8))))
    assert np.isnan(out.data[0, 0]).all() and np.isfinite(out.data[0, 1:]).all()


def test_a_layer_beside_the_picture_changes_nothing():
    content = Picture(np.full((2, 2, 3), 7, np.uint8))
    out = paste(content, Picture(np.full((2, 2, 4), 255, np.uint8), x=5))
    np.testing.assert_array_equal(out.data, content.data)


def test_no_selection_is_the_whole_picture():
    content = Picture(np.zeros((5, 7, 3), np.uint8), x=3, y=4)
    region = find_region(content, None, 0.5)
    assert region.box == region.visible == content.box
    assert np.all(region.selection == 1)


def test_what_cannot_be_painted_is_refused():
    thin, clear = Picture(np.zeros((3, 30000, 3), np.uint8)), np.full((8, 8, 4), 255, np.uint8)
    clear[:4, :, 3] = 0
    top_half = np.zeros((8, 8, 1), np.uint8)
    top_half[:3] = 255
    cases = [
        (thin, None, "picture-shape"),
        (Picture(clear), Picture(np.zeros((8, 8, 1), np.uint8)), "mask-empty"),
        (Picture(clear), Picture(top_half), "picture-transparent"),
    ]
    for content, selection, code in cases:
        with pytest.raises(ScumbleError) as e:
            find_region(content, selection, 0.0)
        assert e.value.code == code


def test_a_layer_of_another_depth_is_refused():
    with pytest.raises(ScumbleError) as e:
        paste(Picture(np.zeros((1, 1, 3), np.uint16)), Picture(np.zeros((1, 1, 4), np.uint8)))
    assert e.value.code == "picture-format"
