"""A place by its name, as a mask; found once for a picture."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np

from ...picture.color import Floats
from ...styles.kept import Kept
from ...wire.protocol.errors import ScumbleError
from .sky import sky
from .subject import faces, subject

FINDERS: dict[str, Callable[[Floats], Floats]] = {"subject": subject, "sky": sky, "faces": faces}
OTHERS = {"background": "subject", "ground": "sky", "rest": "faces"}  # all but
LEAST = 5e-4  # of the picture: what is smaller was not found
KEPT = 8  # masks

_MASKS: Kept[Floats] = Kept(KEPT)


def find_place(name: str, rgb: Floats) -> Floats:
    """The mask H×W in [0, 1] of a place in `rgb`, H×W×3 sRGB in [0, 1].

    Raises `place-missing` where there is none; `people-missing`, `regions-missing` for what finds it.
    """
    finder = OTHERS.get(name, name)
    digest = hashlib.sha256(np.ascontiguousarray(rgb).data).hexdigest() + str(rgb.shape)
    mask = _MASKS.get((finder, digest), lambda: FINDERS[finder](rgb))
    out = 1 - mask if name in OTHERS else mask
    if float(out.mean()) < LEAST:
        raise ScumbleError("place-missing", name=name)
    return out
