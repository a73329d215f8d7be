"""Bytes between Krita and the wire."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from .plugin import plugin_module

pixels = plugin_module("pictures.pixels")
masks = plugin_module("wire.editor.masks")

TYPES = {"u8": "<u1", "u16": "<u2", "f32": "<f4"}


def noise(shape, depth, seed=0):
    random = np.random.default_rng(seed)
    if depth == "f32":
        return random.random(shape, np.float32).astype("<f4")
    return random.integers(0, np.iinfo(TYPES[depth]).max, shape, TYPES[depth], endpoint=True)


@pytest.mark.parametrize("depth", ["u8", "u16"])
def test_integers_change_red_and_blue_and_floats_do_not(depth):
    image = noise((5, 7, 4), depth)
    there = pixels.to_wire(image.tobytes(), depth)
    assert there == image[..., [2, 1, 0, 3]].tobytes()
    assert pixels.to_krita(there, depth) == image.tobytes()
    floats = noise((5, 7, 4), "f32").tobytes()
    assert pixels.to_wire(floats, "f32") == floats == pixels.to_krita(floats, "f32")


@pytest.mark.parametrize("depth", TYPES)
def test_opaque_changes_alpha_alone(depth):
    image = noise((5, 7, 4), depth)
    expected = image.copy()
    expected[..., 3] = 1 if depth == "f32" else np.iinfo(TYPES[depth]).max
    assert pixels.opaque(image.tobytes(), depth) == expected.tobytes()


def test_alpha_as_a_mask_keeps_every_level_of_a_selection():
    levels = np.arange(256)
    for depth, values in (("u8", levels), ("u16", levels * 257), ("f32", levels / 255)):
        image = np.zeros((16, 16, 4), TYPES[depth])
        image[..., 3] = values.reshape(16, 16)
        assert list(masks.alpha_bytes(image.tobytes(), depth)) == list(levels)
    odd = struct.pack("<8f", 0, 0, 0, -1, 0, 0, 0, 7)
    assert list(masks.alpha_bytes(odd, "f32")) == [0, 255]


@pytest.mark.parametrize("depth", TYPES)
@pytest.mark.parametrize("alpha", [1, 0.5, 1e-2])
def test_what_shows_is_found_wherever_it_is(depth, alpha):
    image = noise((9, 11, 4), depth)
    image[..., 3] = 0
    assert not pixels.shows(image.tobytes(), depth)
    assert not pixels.shows(image.tobytes(), depth, b"\xff" * 99)
    full = 1 if depth == "f32" else np.iinfo(TYPES[depth]).max
    image[4, 5, 3] = alpha * full
    assert pixels.shows(image.tobytes(), depth)
    mask = bytearray(99)
    assert not pixels.shows(image.tobytes(), depth, bytes(mask))
    mask[48] = 2
    assert not pixels.shows(image.tobytes(), depth, bytes(mask))
    mask[49] = 2
    assert pixels.shows(image.tobytes(), depth, bytes(mask))
    image[..., 3] = full
    assert pixels.shows(image.tobytes(), depth, bytes(mask)) and not pixels.shows(image.tobytes(), depth, bytes(99))


@pytest.mark.parametrize("pixel", [1, 2, 4, 5, 8, 10, 16, 20])
@pytest.mark.parametrize("step", [1, 2, 3, 20])
def test_thinning_keeps_every_so_many_pixels_and_rows(pixel, step):
    image = noise((7, 11, pixel), "u8")
    assert pixels.thinned(image.tobytes(), 11, pixel, step) == image[::step, ::step].tobytes()


def test_rows_are_packed():
    assert pixels.packed(b"abc-def-", 3, 2, 4) == b"abcdef"
    assert pixels.packed(b"abcdef", 3, 2, 3) == b"abcdef"
