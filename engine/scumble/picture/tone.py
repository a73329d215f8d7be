"""A curve for scene-referred light: highlights above white come below it for the networks, and go back exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .color import ROWS, decode, encode
from .picture import Picture, Space

KNEE = 0.5  # of linear light: what is darker stays as it is


@dataclass(frozen=True)
class Tone:
    """Linear light from `KNEE` to `brightest`, which is more than 1, is brought below 1 by a logarithm, as eyes do."""

    brightest: float

    @classmethod
    def of(cls, picture: Picture) -> Tone | None:
        """The curve that a picture needs; None where nothing finite in it is brighter than white."""
        if picture.depth != "f32":
            return None
        colors = picture.data[..., :-1] if picture.has_alpha else picture.data
        brightest = float(np.max(colors, initial=0.0, where=np.isfinite(colors)))
        if picture.space == "srgb":
            brightest = float(decode(np.array(brightest, np.float64)))
        return cls(brightest) if brightest > 1.0001 else None

    def lowered(self, picture: Picture) -> Picture:
        """The picture under the curve; alpha stays."""
        if not picture.has_alpha:
            return replace(picture, data=_in_light(picture.data, picture.space, self._down))
        data = picture.data.copy()
        data[..., :-1] = _in_light(data[..., :-1], picture.space, self._down)
        return replace(picture, data=data)

    def raised(self, colors: NDArray[Any], space: Space) -> NDArray[Any]:
        """Colours of a lowered picture as they were before."""
        return _in_light(colors, space, self._up)

    @property
    def _span(self) -> float:
        return (self.brightest - KNEE) / (1 - KNEE)

    @property
    def _bend(self) -> float:
        """How much the logarithm bends, so that it leaves the knee as steep as what is below: c = log(1 + c·span)."""
        bend = self._span
        for _ in range(500):
            bend = math.log1p(bend * self._span)
        return bend

    def _down(self, light: NDArray[Any]) -> NDArray[Any]:
        above, bend = (np.clip(light, KNEE, self.brightest) - KNEE) / (1 - KNEE), self._bend
        curved = KNEE + (1 - KNEE) * np.log1p(bend * above) / math.log1p(bend * self._span)
        return np.where(light > KNEE, curved, light)

    def _up(self, light: NDArray[Any]) -> NDArray[Any]:
        above, bend = (np.clip(light, KNEE, 1) - KNEE) / (1 - KNEE), self._bend
        raised = KNEE + (1 - KNEE) * np.expm1(above * math.log1p(bend * self._span)) / bend
        return np.where(light > KNEE, raised, light)


def _in_light(colors: NDArray[Any], space: Space, curve: Callable[[NDArray[Any]], NDArray[Any]]) -> NDArray[Any]:
    """A curve of linear light over float32 colours in `space`, in double precision, some rows at a time."""
    out = np.empty(colors.shape, np.float32)
    for top in range(0, len(colors), ROWS):
        with np.errstate(invalid="ignore"):  # what is no number stays none
            exact = colors[top : top + ROWS].astype(np.float64)
            out[top : top + ROWS] = curve(exact) if space == "linear" else encode(curve(decode(exact)))
    return out
