"""Colour preservation after Gatys et al. 2016, with weights that decide which pixels count."""

from __future__ import annotations

import numpy as np
import pytest
from skimage import data
from skimage.exposure import match_histograms

from scumble.picture.oklab import in_gamut, to_oklab
from scumble.picture.recolor import keep_chroma, luma, match_histogram, match_luminance, moments, recolor

RNG = np.random.default_rng(1)


@pytest.fixture(scope="module")
def cat():
    return (data.chelsea()[::4, ::4] / 255).astype(np.float32)


@pytest.fixture(scope="module")
def coffee():
    return (data.coffee()[::8, ::8] / 255).astype(np.float32)


def ones(picture):
    return np.ones(picture.shape[:2], np.float32)


def test_lightness_is_the_result_s_and_hue_the_content_s(cat, coffee):
    content = coffee[:50, :75]
    result = cat[:50, :75]
    kept = keep_chroma(result, content)
    assert kept.min() >= 0 and kept.max() <= 1
    got, wanted = to_oklab(kept), to_oklab(content)
    np.testing.assert_allclose(got[..., 0], to_oklab(result)[..., 0], atol=2e-4)
    cross = got[..., 1] * wanted[..., 2] - got[..., 2] * wanted[..., 1]
    np.testing.assert_allclose(cross, 0, atol=1e-4)  # same direction: same hue
    assert np.all((got[..., 1:] * wanted[..., 1:]).sum(axis=2) >= -1e-6)


def test_content_under_its_own_lightness_is_unchanged(cat):
    np.testing.assert_allclose(keep_chroma(cat, cat), cat, atol=2e-4)


def test_oklab_of_known_colours():
    rgb = np.array([[1, 1, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]], np.float32)
    known = [[1, 0, 0], [0.628, 0.225, 0.126], [0.866, -0.234, 0.179], [0.452, -0.032, -0.312], [0, 0, 0]]
    np.testing.assert_allclose(to_oklab(rgb), known, atol=1e-3)
    np.testing.assert_allclose(in_gamut(to_oklab(rgb)), rgb, atol=5e-3)


def test_a_colour_that_does_not_fit_keeps_its_lightness_and_hue_in_gamut():
    blue = to_oklab(np.array([[0, 0, 1]], np.float32)).repeat(9, 0)
    blue[:, 0] = np.linspace(0.1, 0.95, 9)
    rgb = in_gamut(blue)
    assert rgb.min() >= 0 and rgb.max() <= 1
    got = to_oklab(rgb)
    np.testing.assert_allclose(got[:, 0], blue[:, 0], atol=2e-3)
    np.testing.assert_allclose(np.arctan2(got[:, 2], got[:, 1]), np.arctan2(blue[:, 2], blue[:, 1]), atol=0.02)


def test_palette_takes_mean_and_covariance():
    # spreads small enough that nothing is clipped
    style = (0.5 + 0.03 * RNG.standard_normal((40, 40, 3)) @ np.diag([1, 2, 3])).astype(np.float32)
    mix = np.array([[1, 0.5, 0], [0, 1, -0.4], [0.2, 0, 0.8]])
    content = ([0.4, 0.5, 0.6] + 0.03 * RNG.standard_normal((30, 50, 3)) @ mix).astype(np.float32)
    matched = recolor(style, content, ones(style), ones(content), "palette")
    (mean, cov), (mean_c, cov_c) = moments(matched, ones(matched)), moments(content, ones(content))
    np.testing.assert_allclose(mean, mean_c, atol=1e-3)
    np.testing.assert_allclose(cov, cov_c, atol=6e-5)


def test_histogram_agrees_with_skimage(cat, coffee):
    ours = match_histogram(coffee, cat, ones(coffee), ones(cat))
    theirs = match_histograms(coffee, cat, channel_axis=2)
    assert np.abs(ours - theirs).mean() < 0.004
    for q in (0.1, 0.5, 0.9):
        np.testing.assert_allclose(np.quantile(ours, q, (0, 1)), np.quantile(cat, q, (0, 1)), atol=0.01)


@pytest.mark.parametrize("how", ["palette", "histogram"])
def test_pixels_without_weight_do_not_count(cat, coffee, how):
    style_weight, content_weight = ones(coffee), ones(cat)
    style_weight[:20], content_weight[:, 40:] = 0, 0
    clean = recolor(coffee, cat, style_weight, content_weight, how)
    dirty_style, dirty_content = coffee.copy(), cat.copy()
    dirty_style[:20], dirty_content[:, 40:] = (1, 0, 1), (0, 1, 0)
    dirty = recolor(dirty_style, dirty_content, style_weight, content_weight, how)
    np.testing.assert_array_equal(clean[20:], dirty[20:])
    assert not np.allclose(clean, recolor(coffee, cat, ones(coffee), ones(cat), how), atol=0.01)


@pytest.mark.parametrize("how", ["palette", "histogram"])
def test_one_flat_colour_is_taken_over(coffee, how):
    flat = np.full((9, 9, 3), (0.2, 0.4, 0.6), np.float32)
    np.testing.assert_allclose(recolor(coffee, flat, ones(coffee), ones(flat), how).mean((0, 1)), flat[0, 0], atol=0.01)
    assert np.isfinite(recolor(flat, coffee, ones(flat), ones(coffee), how)).all()


def test_nothing_to_match_leaves_the_style(cat, coffee):
    nothing = np.zeros(cat.shape[:2], np.float32)
    assert recolor(coffee, cat, ones(coffee), nothing, "palette") is coffee


def test_luminance_of_style_gets_the_content_s_mean_and_deviation(cat, coffee):
    narrow = cat * 0.3 + 0.3
    matched = match_luminance(coffee, narrow, ones(coffee), ones(narrow))
    assert np.ptp(matched, axis=2).max() == 0
    assert matched[..., 0].mean() == pytest.approx(luma(narrow).mean(), abs=2e-3)
    assert matched[..., 0].std() == pytest.approx(luma(narrow).std(), abs=2e-3)
