"""How far a tap sees: the receptive field of VGG-shaped encoders, in pixels of the picture."""

from __future__ import annotations

from collections.abc import Sequence


def radii(names: Sequence[str]) -> dict[str, int]:
    """By convolution, the distance in pixels from a position's centre to the farthest pixel that it depends on."""
    found, field, stride = {}, 1, 1
    for n in names:
        if n.endswith("_1") and n != "conv1_1":
            field += stride
            stride *= 2
        field += 2 * stride
        found[n] = field // 2
    return found


def strides(names: Sequence[str]) -> dict[str, int]:
    """By convolution, the distance in pixels between neighbouring positions: 1, 2, 4, 8, 16."""
    return {n: 2 ** (int(n[4]) - 1) for n in names}
