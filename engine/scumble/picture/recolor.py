"""Whose colours: the content's colour under the result's lightness, or a style recoloured with the content's palette.

After Gatys et al., “Preserving Color in Neural Artistic Style Transfer”, arXiv:1606.05897. Weights (mask × alpha)
say which pixels count; those of weight 0 have no influence on any statistic.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .color import LUMA, ROWS, Floats
from .oklab import in_gamut, to_oklab

BINS = 65536
RIDGE = 1e-5  # on the covariance, in squared units: a flat picture has a colour but no spread


def luma(rgb: Floats) -> Floats:
    """The luma H×W of encoded RGB H×W×3."""
    return rgb @ LUMA


def match_luminance(style: Floats, content: Floats, style_weight: Floats, content_weight: Floats) -> Floats:
    """The style's luma picture with the content's mean and deviation of luma (section 2.2 of the paper)."""
    mean_s, cov_s = moments(luma(style)[..., None], style_weight)
    mean_c, cov_c = moments(luma(content)[..., None], content_weight)
    gain = np.sqrt((cov_c[0, 0] + RIDGE) / (cov_s[0, 0] + RIDGE))
    matched = (luma(style) - mean_s[0]) * gain + mean_c[0]
    return np.repeat(np.clip(matched, 0, 1).astype(np.float32)[..., None], 3, axis=2)


def keep_chroma(result: Floats, content: Floats) -> Floats:
    """The content's colour under the result's lightness, in gamut. Of the paper's section 2.1, but in Oklab.

    In YIQ, the paper's space, a hue turns where its lightness changes: deep blues become purple. Colours that do not
    fit at their new lightness lose chroma; lightness and hue stay.
    """
    out = np.empty_like(result)
    for top in range(0, len(result), ROWS):  # what lies between takes several times the memory of the result
        light, colors = to_oklab(result[top : top + ROWS]), to_oklab(content[top : top + ROWS])
        lab = np.concatenate([light[..., :1], colors[..., 1:]], axis=2)
        out[top : top + ROWS] = in_gamut(lab.reshape(-1, 3)).reshape(lab.shape)
    return out


def recolor(style: Floats, content: Floats, style_weight: Floats, content_weight: Floats, how: str) -> Floats:
    """The style H×W×3 in the content's colours; `how` is “palette” or “histogram”.

    The content may have another size. A side whose weights are all 0 has no colours to match: the style comes back
    unchanged.
    """
    if not (np.any(style_weight > 0) and np.any(content_weight > 0)):
        return style
    if how == "histogram":
        return match_histogram(style, content, style_weight, content_weight)
    return match_palette(style, content, style_weight, content_weight)


def match_palette(style: Floats, content: Floats, style_weight: Floats, content_weight: Floats) -> Floats:
    """The style with the content's mean and covariance of colour, clipped to [0, 1].

    The symmetric form Σc^½ Σs^-½ (image analogies) keeps hues better than Cholesky's, as the paper found.
    """
    mean_s, cov_s = moments(style, style_weight)
    mean_c, cov_c = moments(content, content_weight)
    ridge = RIDGE * np.eye(style.shape[-1])
    transform = _symmetric_root(cov_c + ridge) @ np.linalg.inv(_symmetric_root(cov_s + ridge))
    matched: Floats = (style - mean_s.astype(np.float32)) @ transform.T.astype(np.float32) + mean_c.astype(np.float32)
    return np.clip(matched, 0, 1)


def moments(values: Floats, weight: Floats) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted mean (C) and covariance (C×C) of H×W×C; zeros where the weights are all 0."""
    counted = weight > 0
    x, w = values[counted].astype(np.float64), weight[counted].astype(np.float64)
    if not len(w):
        return np.zeros(values.shape[-1]), np.zeros((values.shape[-1],) * 2)
    w = w / w.sum()
    mean = w @ x
    centred = x - mean
    return mean, (centred * w[:, None]).T @ centred


def match_histogram(style: Floats, content: Floats, style_weight: Floats, content_weight: Floats) -> Floats:
    """The style with the content's distribution in each channel, to 16 bits."""
    out = np.empty_like(style, np.float32)
    for channel in range(style.shape[-1]):
        table = _match_table(style[..., channel], content[..., channel], style_weight, content_weight)
        out[..., channel] = table[_bins(style[..., channel])]
    return out


def _match_table(style: Floats, content: Floats, style_weight: Floats, content_weight: Floats) -> Floats:
    """For each of 65536 style levels the content level of the same rank."""
    from_mass, to_mass = _mass(style, style_weight), _mass(content, content_weight)
    rank = np.cumsum(from_mass) - from_mass / 2
    present = np.flatnonzero(to_mass)
    to_rank = np.cumsum(to_mass)[present] - to_mass[present] / 2
    levels: Floats = (np.interp(rank, to_rank, present) / (BINS - 1)).astype(np.float32)
    return levels


def _mass(values: Floats, weight: Floats) -> NDArray[np.float64]:
    """The share of the weight at each of 65536 levels."""
    mass = np.bincount(_bins(values).ravel(), weight.ravel().astype(np.float64), BINS)
    total: float = mass.sum()
    return mass / total


def _bins(values: Floats) -> NDArray[np.int64]:
    return np.rint(np.clip(values, 0, 1) * (BINS - 1)).astype(np.int64)


def _symmetric_root(matrix: NDArray[Any]) -> NDArray[np.float64]:
    values, vectors = np.linalg.eigh(matrix)
    root: NDArray[np.float64] = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return root
