"""One scale of the draft: its loss in strips and at once, and what it keeps of the photograph."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from skimage.data import astronaut, chelsea
from torch import Tensor

from scumble.features.registry import load_encoder
from scumble.losses.columns import TAPS, columns_of
from scumble.methods.optimize.course import Stage
from scumble.methods.optimize.neighbours.scene import Pull, Scene, Subject
from scumble.methods.optimize.neighbours.similarity import SelfSimilarity
from scumble.methods.optimize.neighbours.strips import columns_in_strips

from .test_parts import paint, photo

ENCODER = load_encoder("slim")
SHALLOW = Pull(taps=TAPS[:5])


def posed(content: Tensor, styles: int = 1) -> Subject:
    shares = torch.linspace(0.2, 0.8, content.shape[-1]).expand(1, *content.shape[-2:])
    shares = torch.cat([shares, 1 - shares]) if styles == 2 else torch.ones_like(shares)
    paints = [paint(photo(astronaut(), 96), 96.0), paint(photo(chelsea(), 64), 96.0)][:styles]
    return Subject(content, content, shares, paints)


def fallen(subject: Subject, pull: Pull) -> tuple[float, Tensor]:
    """The loss of the content, and its derivative by a half of the content's brightness."""
    stage = Stage(subject.content.shape[-2], subject.content.shape[-1], 1)
    scene = Scene.of(subject, stage, subject.content, ENCODER, pull)
    start = (0.5 * subject.content).requires_grad_(True)
    return scene.fall(2 * start, scene.target(subject.content)), torch.as_tensor(start.grad)


@pytest.mark.parametrize("styles", [1, 2])
@pytest.mark.parametrize("strength", [1.0, 0.5])
def test_in_strips_the_loss_and_its_derivative_are_the_same(
    styles: int, strength: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, pull = replace(posed(photo(chelsea(), 160), styles), strength=strength), SHALLOW
    whole = fallen(subject, pull)
    monkeypatch.setattr("scumble.methods.optimize.neighbours.strips.ROWS", 6)
    strips = fallen(subject, pull)
    assert strips[0] == pytest.approx(whole[0], rel=1e-4)
    assert torch.allclose(strips[1], whole[1], atol=1e-3 * float(whole[1].abs().max()))


def test_columns_in_strips_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scumble.methods.optimize.neighbours.strips.ROWS", 6)
    picture = photo(chelsea(), 160)
    for taps in (TAPS[:5], TAPS):  # deep taps see far: those are not cut
        both = columns_of(ENCODER, picture, taps), columns_in_strips(ENCODER, picture, taps)
        assert all(torch.allclose(a, b, atol=1e-4) for a, b in zip(*both, strict=True))


def test_what_is_kept_is_the_photograph_and_not_its_colours_alone() -> None:
    """A picture near to the photograph loses less than one near to the content in the style's pale colours."""
    plain = photo(astronaut(), 128)
    pale = 0.5 + 0.1 * (plain - 0.5)
    subject = replace(posed(pale), model=plain)
    scene = Scene.of(subject, Stage(*plain.shape[-2:], 1), pale, ENCODER, Pull())
    assert scene.similarity is not None
    parts = [columns_of(ENCODER, x, TAPS[5:]) for x in (plain, pale)]
    assert float(scene.similarity(parts[0])) < 0.5 * float(scene.similarity(parts[1]))


def test_of_a_large_scene_some_places_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scumble.methods.optimize.neighbours.similarity.MOST_PLACES", 300)
    parts = columns_of(ENCODER, photo(astronaut(), 128), TAPS[5:])
    kept = SelfSimilarity(parts, 0)
    assert len(kept.content[0]) == 300 and len(parts[0]) == 1024 and float(kept(parts)) < 1e-4
