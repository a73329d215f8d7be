"""Objectives that work as Gram matrices do, but with another style loss."""

from __future__ import annotations

from dataclasses import replace

from ....features.encoder import Encoder
from ....wire.request.request import Request
from ...base import Painted, Reporter
from ...problem import Problem, no_picture_notes
from ..statistics.kind import GRAM, StyleKind
from ..statistics.stylize import stylize
from .kinds import COVARIANCE, PATCHES, SLICED


def covariance(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    """“covariance”: the Wasserstein-2 distance of means and covariances, from what styles tell of themselves.

    Raises `cancelled`, `diverged` and `layer-unknown`, as all of these do.
    """
    return stylize(problem, encoder, request, report, COVARIANCE)


def sliced(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    """“sliced”: Heitz et al. 2021. It needs the styles' pictures."""
    return _by_pictures(problem, encoder, request, report, SLICED)


def patches(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    """“patches”: Li & Wand 2016. It needs the styles' pictures."""
    return _by_pictures(problem, encoder, request, report, PATCHES)


def _by_pictures(problem: Problem, encoder: Encoder, request: Request, report: Reporter, kind: StyleKind) -> Painted:
    """Where a style has no picture, all is painted from Gram matrices, and a note says so."""
    missing = [s.source.name for s in problem.styles if s.source.picture(1) is None]
    painted = stylize(problem, encoder, request, report, GRAM if missing else kind)
    return replace(painted, notes=(*painted.notes, *no_picture_notes(missing)))
