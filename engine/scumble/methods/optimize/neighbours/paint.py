"""The objective “neighbours”: recolour, lay texture, draft, paint over, refine, from top to bottom."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ....features.encoder import Encoder
from ....losses.columns import TAPS
from ....styles.source import resized
from ....wire.request.choices import STYLE_LAYERS
from ....wire.request.request import Request
from ...base import Painted, Reporter
from ...keeping import keep_of
from ...pixels import luma, soft_colors
from ...problem import Problem, no_picture_notes
from ...texture.flatness import flatness
from ...texture.laying import lay_texture, textures_of
from ..course import ROUND, ROUNDS, Course, Level, Stage, step_work
from ..repaint.crisp import crisped
from ..repaint.repaint import Watching, repaint
from ..statistics import paint as paint_statistics
from ..statistics.objective import layers
from ..trail import Trail
from .draft import descend, draft
from .fullsize import enlarged, reduced
from .progress import Progress
from .scene import Pull, Scene, Subject
from .station import Station
from .subject import spread, subject_of

RATE, USUAL_RATE = 0.01, 0.03
REFINING_RATE, REFINING_SIMILARITY = 0.6, 2.0  # of a draft's: the last steps are small and keep closer to the content
KNOWN = 0.5  # of the laid texture that counts as part of the scene: with more, faces lose their expression
DEEP = 640.0  # pixels of a square: in larger pictures the last steps compare how things are painted, not where they are
SMOOTH = 4.0  # pixels over which a draft's colours are blurred, where strokes are to come
USUAL_SIDE = 512.0
SPECKLES = 1.4  # pixels, at `USUAL_SIDE`: colour that varies within so few is noise; more in larger pictures


def paint(problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> Painted:
    """Paint `problem` with its styles' pictures. Raises `cancelled`.

    Where a style has no picture, all is painted from statistics, and a note says so.
    """
    missing = [s.source.name for s in problem.styles if s.source.picture(1) is None]
    if missing:
        painted = paint_statistics(problem, encoder, request, report)
        return replace(painted, notes=(*painted.notes, *no_picture_notes(missing)))
    strength = problem.strength(request.strength)
    if not (isinstance(strength, Tensor) or strength) or not request.style_weight:
        return Painted(problem.content, 0, {}, encoder.name)
    small = reduced(problem)
    painting = _Run(small, encoder, request, report)
    picture = painting.painted()
    if small is not problem:
        picture = enlarged(picture, small, problem, painting.colors, request.strength, report.check)
    return Painted(picture, painting.tell.step, painting.tell.losses, encoder.name)


def _taps(request: Request, encoder: Encoder) -> tuple[str, ...]:
    """The layers that columns are made of: the objective's own, unless the request changes them.

    Their weights count for nothing here. Raises `layer-unknown`.
    """
    if request.style_layers == STYLE_LAYERS:
        return TAPS
    chosen = layers(request, "style_layers", encoder)
    return tuple(n for n in encoder.names if n in chosen) or TAPS


class _Run:
    """One run at a size that can be painted over: its pictures from stage to stage, and its reports."""

    def __init__(self, problem: Problem, encoder: Encoder, request: Request, report: Reporter) -> None:
        self.problem, self.encoder, self.request = problem, encoder, request
        self.size = (problem.content.shape[-2], problem.content.shape[-1])
        self.course = Course.of(*self.size, request)
        rate = RATE * (request.learning_rate or USUAL_RATE) / USUAL_RATE
        similarity = problem.content_weight(request.content_weight / request.style_weight)
        self.pull = Pull(rate=rate, seed=request.seed, taps=_taps(request, encoder))
        self.strength = problem.strength(request.strength)
        steps = sum(s.steps for s in self.course.stages)
        if request.repaint:
            steps += ROUNDS * len(self.course.levels) + self.course.refining.steps
        self.tell = Progress(problem, request, report, steps, self.course.work(ROUNDS if request.repaint else 0))
        self.trail = Trail(keep_of(report), self.tell)
        self.scene: Scene | None = None  # the draft's last, where what is refined is as large
        report.check()
        subject, self.colors = subject_of(problem, self.strength, similarity)
        self.subject = self._textured(subject)

    def painted(self) -> Tensor:
        """The picture, step by step."""
        x, scene = draft(self.subject, self.course.stages, self.encoder, self.pull, self._stepped, self.trail)
        last, refining = self.course.stages[-1], self.course.refining
        self.scene = scene if (last.height, last.width) == (refining.height, refining.width) else None
        del scene
        target = soft_colors(self._full(x), SMOOTH * self.request.tv_weight)
        if self.request.repaint:
            amount = self.request.repaint * self.strength
            target = torch.lerp(target, self._repainted(target), amount)
        picture = target.clamp(0, 1)
        cover = (self.subject.shares.sum(0) > 0).to(picture)
        return torch.lerp(self.problem.content, picture, cover)  # where there is no style there is no paint

    def _textured(self, subject: Subject) -> Subject:
        amount = self.request.texture * self.strength
        if not self.request.texture:
            return subject
        flat = flatness(self.problem.content)
        seed = self.request.seed
        textures = textures_of(subject.paints, self.size, self.encoder, seed)
        content = lay_texture(subject.content, flat, subject.shares, textures, amount, seed)
        ratio = min(1.0, DEEP / (self.size[0] * self.size[1]) ** 0.5)  # it is not looked at in larger pictures
        size = (max(1, round(self.size[0] * ratio)), max(1, round(self.size[1] * ratio)))
        plain, laid, model = (resized(t, size) for t in (subject.content, content, subject.model))
        model = (model + KNOWN * (laid - plain)).clamp(0, 1)
        return replace(subject, content=content, model=model)

    def _full(self, picture: Tensor) -> Tensor:
        """A draft at the picture's own size, with part of the content's detail that it was too small for."""
        content, small = self.subject.content, (picture.shape[-2], picture.shape[-1])
        if small[0] * small[1] >= 0.9 * self.size[0] * self.size[1]:
            return resized(picture, self.size)
        return (resized(picture, self.size) + 0.7 * (content - resized(resized(content, small), self.size))).clamp(0, 1)

    def _repainted(self, target: Tensor) -> Tensor:
        paints, shares = self.subject.paints, self.subject.shares
        seed, levels = self.request.seed, self.course.levels
        watching = Watching(self._level, self._refined, self.tell.report.check, self.trail)
        picture = repaint(target, spread(shares), paints, levels, seed, watching)
        return crisped(resized(picture, self.size), paints, shares, self.strength)

    def _refined(self, number: int, picture: Tensor) -> Tensor:
        """What was painted over, after a few small steps towards its neighbours; colours stay as they were painted."""
        stage = self.course.refining
        if number != self.course.refined or not stage.steps:
            return picture
        size, before = (stage.height, stage.width), (picture.shape[-2], picture.shape[-1])
        start, pull = resized(picture, size), self.pull
        scene, self.scene = self.scene, None  # the draft's last one serves again: making it takes as long as some steps
        if scene is None:
            if size[0] * size[1] > DEEP**2:
                pull = replace(pull, taps=pull.taps[: pull.shallow])
            scene = Scene.of(self.subject, stage, resized(self.subject.content, size), self.encoder, pull)
        scene = replace(scene, pull=replace(pull, similarity=pull.similarity * REFINING_SIMILARITY))
        rate, station = REFINING_RATE * pull.rate, Station.of(self.trail, "refine")
        after = resized(descend(scene, start, start, stage, rate, self._stepped, station), before)
        colors = soft_colors(0.5 * (picture + after), SPECKLES * max(1.0, (size[0] * size[1]) ** 0.5 / USUAL_SIDE))
        return (luma(after) + colors - luma(colors)).clamp(0, 1)

    def _stepped(self, stage: Stage, picture: Tensor, loss: float) -> None:
        self.tell(picture, step_work(stage), {"total": loss})

    def _level(self, level: Level, picture: Tensor) -> None:
        self.tell(picture, level.height * level.width * ROUND)
