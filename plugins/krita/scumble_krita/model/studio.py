"""The plug-in's heart, one for each Krita: the engine, the jobs and the history. No widgets.

Everything happens in Krita's own thread, from timers, and nothing waits.
"""

from __future__ import annotations

import time
from functools import partial
from typing import Any, Callable, List, Mapping, Optional, cast

from ..guard import guarded, log_error, set_reporter
from ..log import log_path, logger
from ..pictures.document import selected_sources
from ..pictures.editing import Result
from ..pictures.place import active_place
from ..qt import QObject, Signal
from ..texts import explain, tr
from ..wire.editor.library import StyleEntry, titles_of
from ..wire.editor.link import Link
from ..wire.protocol.errors import ScumbleError
from ..wire.protocol.messages import Buffer
from ..wire.protocol.paths import readable
from ..wire.request import presets
from ..wire.request.recipe import Recipe
from ..wire.request.request import Request
from ..wire.words.translation import sentence
from .canvas import open_document, show_on_canvas
from .delivery import Delivery
from .dialogopener import DialogOpener, Factory
from .engineroom import EngineRoom
from .history import History, HistoryEntry
from .jobs import LayerJob, in_sight
from .requests import ask_for, without_pixels

EDITOR = "krita"


class Studio(QObject):
    """What the dialog and the docker show, and whom they ask. It says what is wrong instead of raising it."""

    changed = Signal()  # the engine, a job, the history or the message
    styles_changed = Signal()
    said = Signal(str)

    def __init__(self, link: Optional[Link] = None, history: Optional[History] = None) -> None:
        super().__init__()
        self.engine = EngineRoom(link)
        self.jobs: List[LayerJob] = []  # those that have not ended, and the last that failed
        self.history = history if history is not None else History()
        self.message = ""
        self._dialog_opener = DialogOpener()
        self._delivery = Delivery(self.history, self._on_added, self._on_failed)
        self._last_document: Any = None
        self._changed = self._closed = False
        self.engine.turned.connect(guarded(self._after_turn))
        self.engine.changed.connect(guarded(self._note_change))
        self.engine.styles_changed.connect(self.styles_changed)
        set_reporter(self.complain)

    @property
    def link(self) -> Link:
        """The engine, as wire sees it."""
        return self.engine.link

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
            self._delivery.stop()
            self.engine.close()

    @guarded
    def run(self, recipe: Recipe, result: Optional[Result] = None) -> Optional[LayerJob]:
        """Begin a job over each selected layer and the selection; the first of them.

        None where that cannot be, which is said. With a `result` what that was painted from is painted, in its place.
        """
        asked = time.perf_counter()
        recipe.check()
        margin = recipe.value("margin")
        sources = [result.read(margin)] if result else selected_sources(margin)
        jobs = [self._begin(recipe, source, result, asked) for source in sources]
        presets.save_last(EDITOR, recipe)
        self._last_document = sources[0].document
        return jobs[0]

    def _begin(self, recipe: Recipe, source: Any, result: Optional[Result], asked: float) -> LayerJob:
        request, blobs = ask_for(recipe, source)
        job = LayerJob(recipe.title(titles_of(self.styles)), recipe, without_pixels(source), result and result.node)
        job.mark("asked", asked)
        job.mark("read", time.perf_counter())
        self.jobs = [*in_sight(self.jobs), job]
        job.run = self.send(request, blobs, partial(self._on_run, job))
        self._note_change()
        logger.info("job: %s, %d×%d", request.method, source.box.width, source.box.height)
        return job

    def send(self, request: Request, blobs: Mapping[str, Buffer], on_change: Callable[[Any], None]) -> Any:
        """Hand a request to the engine, which is started if need be; its `wire.editor.link.Run`."""
        return self.engine.send(request, blobs, on_change)

    @guarded
    def repeat_last(self) -> Optional[LayerJob]:
        """What was chosen last, on the layer that is active now."""
        recipe = self.last_recipe()
        if not recipe.styles:
            raise ScumbleError("styles-missing")
        return cast(Optional[LayerJob], self.run(recipe))

    def last_recipe(self) -> Recipe:
        """What was chosen last, else nothing but defaults; its size only for the document it was chosen for."""
        recipe = presets.load_last(EDITOR) or Recipe()
        return recipe if self._last_document == open_document() else recipe.for_another_picture()

    @guarded
    def cancel(self, job: LayerJob) -> None:
        """End a job: no layer will come of it."""
        if not job.ended:
            if job.run is not None:
                job.run.cancel()
            job.move_to("cancelled")
            self.engine.hurry()
            self.say(tr("Cancelled: {title}").format(title=job.title))
        self._remove(job)

    def cancel_all(self) -> None:
        """End every job."""
        for job in list(self.jobs):
            self.cancel(job)

    def dismiss(self, job: LayerJob) -> None:
        """Put a job that failed out of sight."""
        if job.ended:
            self._remove(job)

    @guarded
    def apply_again(self, entry: HistoryEntry) -> None:
        """Make a kept result a layer above the active one."""
        place = active_place()
        self._delivery.bring_again(entry, place, partial(self._say_added, entry.title))

    def say(self, text: str) -> None:
        """Tell the user something."""
        self.message = text
        self.said.emit(text)
        self._note_change()

    def complain(self, error: BaseException) -> None:
        """Tell the user what went wrong and what to do about it; on the canvas too, where it is seen."""
        self._complain(explain(error))

    def _complain(self, text: str) -> None:
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

    def _on_run(self, job: LayerJob, run: Any) -> None:
        """A run told of itself; what follows is done in turns of its own."""
        job.run = run
        self._changed = True
        if job.taken:
            return
        job.title = job.recipe.title(titles_of(self.styles))  # known only now, where the engine had to start first
        if run.state == "done":
            self._delivery.bring(job)
        elif run.state == "failed":
            self._on_failed(job, run.error)
        elif run.state == "cancelled":
            self._remove(job)

    def _on_added(self, job: LayerJob) -> None:
        notes = " ".join(map(sentence, job.notes))
        self._remove(job)
        self._say_added(job.title, notes)

    def _on_failed(self, job: LayerJob, error: BaseException, kept: bool = False) -> None:
        log_error(error)
        job.fail(error)
        if kept:
            job.error += " " + tr("The result is kept in the history.")
        self._complain(job.error)

    def _say_added(self, title: str, more: str = "") -> None:
        self.say(f"{tr('Done: “{title}” is a new layer.').format(title=title)} {more}".strip())

    def _after_turn(self) -> None:
        if self._changed:
            self._changed = False
            self.changed.emit()

    def _note_change(self) -> None:
        self._changed = False
        self.changed.emit()

    def _remove(self, job: LayerJob) -> None:
        self.jobs = [j for j in self.jobs if j is not job]
        self._note_change()


_studio: List[Studio] = []


def studio() -> Studio:
    """This Krita's studio, made when it is first asked for."""
    if not _studio:
        _studio.append(Studio())
    return _studio[0]
