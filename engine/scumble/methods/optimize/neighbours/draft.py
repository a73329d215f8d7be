"""The draft: the content's columns drawn to their nearest neighbours among the styles', coarse to fine.

Neural neighbour style transfer (Kolkin et al. 2022), changed: several styles under soft shares; the content's own
self-similarity as a second term; half of the content's new detail given back at each doubling.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from torch import Tensor

from ....features.encoder import Encoder
from ....styles.source import resized
from ..course import Stage
from ..pyramid import laplacian, synthesise
from ..trail import Trail
from .adam import Adam
from .scene import Pull, Scene, Subject
from .station import Station

SLOWEST = 0.1  # of the rate, at a scale's last step
REMATCHED = 15  # steps after which neighbours are looked for anew
MIXED = 0.5  # of the picture, the rest being the content, in what is matched first at a scale
DETAIL = 0.5  # of the content's detail that a scale brings

Watch = Callable[[Stage, Tensor, float], None]  # a step was made: its scale, the picture, the loss


def draft(
    subject: Subject, stages: Sequence[Stage], encoder: Encoder, pull: Pull, watch: Watch, trail: Trail
) -> tuple[Tensor, Scene | None]:
    """The draft 1×3×h×w at the last stage's size, which begins with the content; and that stage's scene.

    It continues where `trail` says that it was interrupted.
    """
    picture, coarser = subject.content, (0, 0)
    scene: Scene | None = None
    station = Station.of(trail, "draft")
    for number, stage in enumerate(stages):
        size = (stage.height, stage.width)
        if number < station.number:
            continue
        content = resized(subject.content, size)
        del scene  # the next one needs the room
        scene = Scene.of(subject, stage, content, encoder, replace(pull, seed=pull.seed + 31 * number))
        if number == 0 or number == station.number:  # what is kept takes the place of these
            now = first = content
        else:
            new = content - resized(resized(content, coarser), size)
            now = (resized(picture, size) + DETAIL * new).clamp(0, 1)
            first = MIXED * now + (1 - MIXED) * content
        picture, coarser = descend(scene, now, first, stage, pull.rate, watch, station.at(number)), size
    return picture, scene


def descend(
    scene: Scene, picture: Tensor, first: Tensor, stage: Stage, rate: float, watch: Watch, station: Station
) -> Tensor:
    """`picture` (1×3×h×w) after the stage's steps; `first` is what is matched before the first step."""
    bands, begin = station.bands() or laplacian(picture), station.steps
    adam = Adam([band.requires_grad_(True) for band in bands])
    asked = station.resume(adam, scene, first)
    target = scene.target(asked)
    for step in range(begin, stage.steps):
        if step and step % REMATCHED == 0:
            asked = synthesise(bands).detach().clamp(0, 1)
            target = scene.target(asked)
        fall = 0.5 * (1 + math.cos(math.pi * step / stage.steps))
        now = synthesise(bands)
        loss = scene.fall(now, target)
        adam.step(rate * (SLOWEST + (1 - SLOWEST) * fall))
        watch(stage, now.detach(), loss)
        station.save(step + 1, adam, scene, asked, ended=step + 1 == stage.steps)
    return synthesise(bands).detach().clamp(0, 1)
