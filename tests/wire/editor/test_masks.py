"""What a painted layer selects as a mask."""

from __future__ import annotations

import pytest

from scumble.wire.editor.masks import mask_of_painting

NONE, HALF, FULL = 0, 128, 255


@pytest.mark.parametrize(
    ("paint", "mask"),
    [
        ([(255, FULL), (0, FULL), (100, FULL)], [255, 0, 100]),  # it covers everything: lightness
        ([(0, FULL), (0, NONE), (0, HALF)], [255, 0, 128]),  # black on transparent: opacity
        ([(255, FULL), (255, NONE), (255, HALF)], [255, 0, 128]),  # white on transparent
        ([(60, FULL), (60, NONE), (60, HALF)], [255, 0, 128]),  # any one colour
        ([(255, FULL), (0, FULL), (0, NONE)], [255, 0, 0]),  # white and black: black takes away
        ([(200, HALF), (200, NONE), (200, HALF)], [128, 0, 128]),  # thin paint alone
        ([(0, NONE), (0, NONE)], [0, 0]),
        ([], []),
    ],
)
def test_opacity_counts_as_well_as_lightness(paint: list[tuple[int, int]], mask: list[int]) -> None:
    light, alpha = bytes(v * a // 255 for v, a in paint), bytes(a for _, a in paint)
    found = list(mask_of_painting(light, alpha))
    assert [abs(f - m) <= 2 for f, m in zip(found, mask, strict=True)] == [True] * len(mask), found
