"""The plug-in's heart, one for each Krita: the engine, the jobs and the history. No widgets.

Everything happens in Krita's own thread, from timers, and nothing waits.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable, List, Mapping, Optional, Sequence, cast

from ..guard import guarded, set_reporter
from ..log import log_path, logger
from ..pictures.document import selected_sources
from ..pictures.editing import Result, active_result
from ..pictures.film import close_films
from ..pictures.place import active_place
from ..qt import QObject, Signal
from ..texts import explain
from ..wire.editor.jobs.history import History, HistoryEntry
from ..wire.editor.jobs.runner import JobRunner
from ..wire.editor.learning.lessons import Lessons, Line
from ..wire.editor.learning.told import learned_words
from ..wire.editor.link import Link
from ..wire.editor.styles.library import StyleEntry, titles_of
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.messages import Buffer
from ..wire.protocol.paths import readable
from ..wire.request import presets
from ..wire.request.recipe import Recipe
from ..wire.request.request import Request
from .animating import paint_frames
from .canvas import open_document, show_on_canvas
from .delivery import KritaPlace
from .dialogopener import DialogOpener, Factory
from .engineroom import EngineRoom
from .host import StudioHost
from .jobs import LayerJob
from .requests import ask_for, without_pixels

EDITOR, HISTORY = "krita", "krita-history"


class Studio(QObject):
    """What the dialog and the docker show, and whom they ask. It says what is wrong instead of raising it."""

    changed = Signal()  # the engine, a job, the history or the message
    styles_changed = Signal()
    said = Signal(str)
    lessons_changed = Signal()

    def __init__(self, link: Optional[Link] = None, history: Optional[History] = None) -> None:
        super().__init__()
        self.engine = EngineRoom(link)
        self.history = history if history is not None else History(HISTORY, log=logger)
        self.message = ""
        self._dialog_opener = DialogOpener()
        self._place = KritaPlace()
        self._runner = JobRunner(StudioHost(self), self._place, self.history)
        self._last_document: Any = None
        self._changed = self._closed = False
        self.lessons = Lessons(self.engine.link, self.lessons_changed.emit, self._on_learned)
        self.engine.turned.connect(guarded(self._after_turn))
        self.engine.changed.connect(guarded(self.note_change))
        self.engine.styles_changed.connect(self.styles_changed)
        set_reporter(self.complain)

    @property
    def link(self) -> Link:
        """The engine, as wire sees it."""
        return self.engine.link

    @property
    def jobs(self) -> List[Any]:
        """The jobs that have not ended, and the last that failed."""
        return self._runner.jobs

    @property
    def styles(self) -> List[StyleEntry]:
        """The library, once the engine has told of it."""
        return self.engine.styles

    @guarded
    def start_engine(self) -> None:
        """Start the engine, or find the one that runs."""
        self.engine.start()

    @guarded
    def stop_engine(self) -> None:
        """End the engine and what it does."""
        self.engine.stop()

    def engine_sentence(self) -> str:
        """How the engine is: “Ready, on …”, “Starting…”, “Off”, or what is wrong with it."""
        return self.engine.sentence()

    def log_path(self) -> str:
        """Where the plug-in's log is; the engine's lies beside it."""
        return readable(log_path() or "")

    def close(self) -> None:
        """Krita ends: let everything go, without waiting."""
        if not self._closed:
            self._closed = True
            self._place.stop()
            close_films()
            self.engine.close()

    @guarded
    def run(
        self,
        recipe: Recipe,
        result: Optional[Result] = None,
        span: Optional[Sequence[int]] = None,
        by_hand: str = "",
    ) -> Optional[LayerJob]:
        """Begin a job over each selected layer and the selection; the first of them.

        None where that cannot be, which is said. With a `result` what that was painted from is painted, in its place;
        with a `span` the frames at these times, led by those of the layer `by_hand`, by its identity.
        """
        asked = time.perf_counter()
        recipe.check()
        margin = recipe.value("margin")
        if span is not None:
            jobs: List[LayerJob] = [paint_frames(self, self._runner, recipe, span, by_hand, result)]
        else:
            sources = [result.read(margin)] if result else selected_sources(margin)
            jobs = [self._begin(recipe, source, result, asked) for source in sources]
        presets.save_last(EDITOR, recipe)
        self._last_document = jobs[0].source.document
        return jobs[0]

    def _begin(self, recipe: Recipe, source: Any, result: Optional[Result], asked: float) -> LayerJob:
        request, blobs = ask_for(recipe, source)
        job = LayerJob(recipe.title(titles_of(self.styles)), recipe, without_pixels(source), result and result.node)
        job.result = result
        job.run = self.send(request, blobs, self._runner.begin(job, asked))
        self.note_change()
        logger.info("job: %s, %d×%d", request.method, source.box.width, source.box.height)
        return job

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Any], None]) -> Any:
        """Hand a request to the engine, which is started if need be; its `wire.editor.link.Run`."""
        self.engine.start()
        return self.link.run(request, blobs, guarded(on_change))

    @guarded
    def repeat_last(self) -> Optional[LayerJob]:
        """What was chosen last, on the layer that is active now; a painted animation is painted anew."""
        recipe = self.last_recipe()
        if not recipe.styles:
            raise ScumbleError("styles-missing")
        found = active_result()  # nobody means a painted animation's one frame
        result = found if found is not None and found.frames() else None
        how = (result, result.frames()[0].times, result.by_hand) if result is not None else ()
        return cast(Optional[LayerJob], self.run(recipe, *how))

    def last_recipe(self) -> Recipe:
        """What was chosen last, else nothing but defaults; its size only for the document it was chosen for."""
        recipe = presets.load_last(EDITOR) or Recipe()
        return recipe if self._last_document == open_document() else recipe.for_another_picture()

    @guarded
    def cancel(self, job: LayerJob) -> None:
        """End a job: no layer will come of it."""
        if self._runner.cancel(job):
            self.engine.hurry()

    @guarded
    def pause(self, job: LayerJob) -> None:
        """Let a job rest, or go on where it was."""
        self._runner.pause(job)
        self.engine.hurry()

    def cancel_all(self) -> None:
        """End every job."""
        for job in list(self.jobs):
            self.cancel(job)

    def dismiss(self, job: LayerJob) -> None:
        """Put a job that failed out of sight."""
        self._runner.dismiss(job)

    @guarded
    def apply_again(self, entry: HistoryEntry) -> None:
        """Make a kept result a layer above the active one."""
        place = active_place()
        self._place.bring_again(entry, place, partial(self._runner.tell_again, entry))

    def say(self, text: str) -> None:
        """Tell the user something."""
        self.message = text
        self.said.emit(text)
        self.note_change()

    def complain(self, error: BaseException) -> None:
        """Tell the user what went wrong and what to do about it; on the canvas too, where it is seen."""
        self.complain_in_words(explain(error))

    def complain_in_words(self, text: str) -> None:
        """The same, where the words are there."""
        self.say(text)
        show_on_canvas(text)

    @property
    def dialog_factory(self) -> Optional[Factory]:
        """What makes the dialog, of studio, recipe and parent."""
        return self._dialog_opener.factory

    @dialog_factory.setter
    def dialog_factory(self, factory: Factory) -> None:
        self._dialog_opener.factory = factory

    @guarded
    def open_dialog(self, recipe: Optional[Recipe] = None) -> None:
        """Show the dialog, for `recipe` or what was chosen last."""
        active_place()  # raises where there is nothing to paint over
        self.engine.start()
        if recipe is not None or not self._dialog_opener.bring_to_front():
            self._dialog_opener.show(self, recipe or self.last_recipe(), recipe is not None)

    def note_progress(self) -> None:
        """Tell of a change at the end of this turn."""
        self._changed = True

    def note_change(self) -> None:
        """Tell of a change at once."""
        self._changed = False
        self.changed.emit()

    def _on_learned(self, line: Line) -> None:
        self.engine.load_styles()
        self.say(learned_words(line))

    def _after_turn(self) -> None:
        self.lessons.tick()
        if self._changed:
            self.note_change()


_studio: List[Studio] = []


def studio() -> Studio:
    """This Krita's studio, made when it is first asked for."""
    if not _studio:
        _studio.append(Studio())
    return _studio[0]
