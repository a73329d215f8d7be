"""Conversions are exact: to the working form and back is the identity for every value a depth can hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.picture import Picture, from_working, to_working
from scumble.picture.color import coverage, decode, encode
from scumble.wire.protocol.errors import ScumbleError

DTYPES = {"u8": np.uint8, "u16": np.uint16}


@pytest.mark.parametrize("space", ["srgb", "linear"])
@pytest.mark.parametrize("depth", ["u8", "u16"])
def test_every_integer_comes_back(depth, space):
    count = 256 if depth == "u8" else 65536
    values = np.arange(count, dtype=DTYPES[depth]).reshape(16, -1, 1).repeat(3, axis=2)
    rgb, alpha = to_working(Picture(values, space))
    assert rgb.dtype == np.float32 and rgb.min() == 0 and rgb.max() == 1
    assert np.all(alpha == 1)
    np.testing.assert_array_equal(from_working(rgb, depth, space), values)


def test_floats_come_back():
    values = np.linspace(0, 1, 30_000, dtype=np.float32).reshape(100, 100, 3)
    np.testing.assert_array_equal(from_working(to_working(Picture(values))[0], "f32"), values)
    there = to_working(Picture(values, "linear"))[0]
    np.testing.assert_allclose(from_working(there, "f32", "linear"), values, rtol=2e-6, atol=1e-7)


def test_curve_is_that_of_iec_61966():
    linear = np.array([0.0, 0.0031308, 0.214041140, 0.5, 1.0])
    encoded = np.array([0.0, 0.04044994, 0.5, 0.735356983, 1.0])
    np.testing.assert_allclose(encode(linear), encoded, atol=1e-6)
    np.testing.assert_allclose(decode(encoded), linear, atol=1e-6)


@given(st.floats(-4, 4, allow_nan=False))
def test_curve_is_odd_and_invertible_beyond_the_unit_range(value):
    x = np.array([value])
    np.testing.assert_allclose(decode(encode(x)), x, atol=1e-6)
    np.testing.assert_array_equal(encode(-x), -encode(x))


def test_wide_values_become_narrow_ones_by_rounding():
    every = np.arange(65536, dtype=np.uint16).reshape(256, 256, 1)
    narrow = from_working(to_working(Picture(every))[0][..., :1], "u8")
    np.testing.assert_array_equal(narrow, np.rint(every / 257).astype(np.uint8))


def test_what_is_no_number_is_black_and_what_is_out_of_range_is_clipped():
    data = np.array([[[np.nan, np.inf, -np.inf], [2.0, -1.0, 0.25]]], np.float32)
    rgb, _ = to_working(Picture(data))
    np.testing.assert_array_equal(rgb, [[[0, 1, 0], [1, 0, 0.25]]])
    assert np.array_equal(from_working(np.array([[[np.nan, 3.0, -1.0]]]), "u8"), [[[0, 255, 0]]])


def test_gray_becomes_three_equal_channels_and_alpha_is_never_curved():
    data = np.array([[[10000, 32768]]], np.uint16)
    rgb, alpha = to_working(Picture(data, "linear"))
    assert rgb.shape == (1, 1, 3) and np.ptp(rgb) == 0
    assert rgb[0, 0, 0] == pytest.approx(float(encode(np.array(10000 / 65535))), abs=1e-6)
    assert alpha[0, 0] == np.float32(32768 / 65535)


def test_masks_are_luma_times_alpha_without_a_curve():
    assert coverage(Picture(np.full((1, 1, 1), 0.5, np.float32), "linear"))[0, 0] == 0.5
    red_half = np.array([[[255, 0, 0, 102]]], np.uint8)
    assert coverage(Picture(red_half))[0, 0] == pytest.approx(0.299 * 0.4, abs=1e-6)


def test_raw_bytes_are_the_wire_s_and_come_back():
    data = np.arange(24, dtype=np.uint16).reshape(2, 3, 4) * 1000
    picture = Picture(data, "linear", 5, -7)
    raw = picture.raw()
    assert raw[:4] == b"\x00\x00\xe8\x03"  # little-endian
    back = Picture.from_raw(picture.ref(raw), raw)
    np.testing.assert_array_equal(back.data, data)
    assert (back.space, back.x, back.y, back.format) == ("linear", 5, -7, picture.format)
    turned = Picture(data[::-1], "linear")  # not contiguous
    assert Picture.from_raw(turned.ref(), turned.raw()).data[0, 0, 0] == 12000


def test_raw_bytes_of_another_length_are_refused():
    picture = Picture(np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ScumbleError) as e:
        Picture.from_raw(picture.ref(), picture.raw()[:-1])
    assert e.value.code == "picture-format"


@pytest.mark.parametrize(
    ("shape", "dtype", "code"),
    [
        ((0, 0, 3), np.uint8, "picture-empty"),
        ((4, 0, 3), np.uint8, "picture-empty"),
        ((2, 2, 5), np.uint8, "picture-format"),
        ((2, 2), np.uint8, "picture-format"),
        ((2, 2, 3), np.float64, "picture-format"),
        ((2, 2, 3), np.int16, "picture-format"),
    ],
)
def test_arrays_that_are_no_picture_are_refused(shape, dtype, code):
    with pytest.raises(ScumbleError) as e:
        Picture(np.zeros(shape, dtype))
    assert e.value.code == code


@pytest.mark.parametrize(
    ("shape", "code"),
    [((3, 30000, 3), "picture-shape"), ((65, 1, 1), "picture-shape"), ((20_001, 20_000, 1), "picture-large")],
)
def test_extreme_shapes_are_refused(shape, code):
    with pytest.raises(ScumbleError) as e:
        Picture(np.broadcast_to(np.uint8(0), shape)).check("it")
    assert e.value.code == code and "it" in e.value.sentence


@pytest.mark.parametrize("shape", [(1, 1, 3), (64, 1, 1), (1, 1, 4)])
def test_small_shapes_are_fine(shape):
    Picture(np.full(shape, 9, np.uint8)).check()


def test_fully_transparent_is_refused():
    with pytest.raises(ScumbleError) as e:
        Picture(np.zeros((2, 2, 4), np.uint8)).check()
    assert e.value.code == "picture-transparent"
