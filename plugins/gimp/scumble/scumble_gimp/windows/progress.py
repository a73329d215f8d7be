"""The window while the engine works: where it is, how the picture comes along, Pause and Cancel."""

from __future__ import annotations

import time
from typing import Any, List, Sequence

from ..model.jobs import Jobs
from ..model.statusbar import StatusBar
from ..texts import explain, tr
from ..wire.editor.jobs.jobs import Job
from ..wire.protocol.errors import ScumbleError
from ..wire.words.jobs import part_done, pause_words, state_words
from .gtklib import Gdk, GimpUi, Gtk
from .gtkparts import EDGE, GAP, box, guarded, line, marked, push, spoken, start_ui, styled
from .preview.livepicture import WIDTH, LivePicture

SHOWN_AFTER = 0.4  # seconds: what is done sooner needs no window
READ = 8.0  # seconds that a refusal can be read, while the job goes on


class ProgressWindow:
    """Tells of the `jobs` of one call, one after another, as GIMP's status bar does at the same time.

    `drawables` are the layers that are painted, each with `margin` around the selection or `cover`; as the frames of
    one job, or each by a job of its own. Cancel, Escape and closing the window cancel all.
    """

    def __init__(
        self,
        jobs: Jobs,
        image: Any,
        drawables: Sequence[Any],
        margin: float,
        cover: Any = None,
        as_frames: bool = False,
    ) -> None:
        start_ui()
        self._jobs, self._link, self._layers = jobs, jobs.link, 1 if as_frames else len(drawables)
        self._bar = StatusBar(jobs.link, self._layers)
        self._seen: List[Job] = []
        self._cancelled, self._read_until, self._place = False, 0.0, -1
        jobs.when_refused(self._fail)
        self.window = Gtk.Window(
            title=tr("Scumble: Style Transfer"), resizable=False, window_position=Gtk.WindowPosition.CENTER
        )
        self.picture, self.head, self.words = (
            LivePicture(image, drawables, margin, cover),
            line("", "dim-label"),
            line(),
        )
        self.progress = styled(Gtk.ProgressBar(), "scumble-progress")
        self.cancel = push(tr("Cancel"), "c", tr("Stop at once; nothing is added."), self._cancel)
        self.pause = push("", "", "", self._rest)
        self._lay_out()
        self.window.connect("delete-event", guarded(lambda *_: self._cancel()))
        self.window.connect("key-press-event", guarded(self._on_key))
        GimpUi.window_set_transient(self.window)
        self._begun = time.monotonic()

    def _lay_out(self) -> None:
        column, foot = box(vertical=True, spacing=GAP), box()
        self.head.set_no_show_all(True)
        self.words.set_width_chars(1)
        spoken(self.progress, tr("Progress"))
        spoken(self.picture.widget, tr("Preview"))
        foot.pack_end(self.cancel, False, False, 0)
        foot.pack_end(self.pause, False, False, 0)
        for part in (self.picture.widget, self.head, self.words, self.progress, foot):
            column.add(part)
        self.picture.widget.set_margin_bottom(GAP)
        foot.set_margin_top(GAP)
        column.set_border_width(EDGE)
        column.set_size_request(WIDTH + 2 * EDGE, -1)
        self.window.add(column)

    def waiting(self) -> None:
        """The engine may be starting. Raises `cancelled`."""
        if self._cancelled:
            raise ScumbleError("cancelled")
        self._bar.waiting()
        if self._link.state == "starting":
            self.words.set_text(tr("Starting the engine…"))

    def watch(self, job: Job) -> None:
        """Show where `job` is."""
        if job not in self._seen:
            self._seen.append(job)
        self._make_room(job)
        self._bar.watch(job)
        self._say(job)
        if not self.window.get_visible() and time.monotonic() > self._begun + SHOWN_AFTER:
            self.window.show_all()
            self.cancel.grab_focus()
        self.picture.show(job.preview)

    def end(self) -> None:
        """Take it down."""
        self.window.destroy()
        self._bar.end()
        while Gtk.events_pending():
            Gtk.main_iteration()

    def _say(self, job: Job) -> None:
        if self._layers > 1:
            self.head.set_text(tr("Layer {n} of {of}").format(n=len(self._seen), of=self._layers))
            self.head.show()
        if time.monotonic() > self._read_until:
            self._tell(state_words(job, self._link.state == "starting"))
        self._offer_pause(job)
        if job.state == "paused":
            return
        if job.step or job.frame > 1 or job.state in ("fetching", "adding"):
            done = len(self._seen) - 1 + part_done(job)
            self.progress.set_fraction(done / max(self._layers, len(self._seen)))
        else:
            self.progress.pulse()

    def _offer_pause(self, job: Job) -> None:
        """The button, as far as the engine lets jobs rest."""
        text, about = pause_words(job)
        label = marked(text, "r" if job.state == "paused" else "p")
        if self.pause.get_label() != label:
            self.pause.set_label(label)
            spoken(self.pause, text, about)
        self.pause.set_sensitive(self._link.can_pause and (job.may_pause or job.state == "paused"))

    def _rest(self) -> None:
        """Let the job that is under way rest, or go on."""
        self._read_until = 0.0
        self._jobs.pause(self._seen[-1])

    def _fail(self, error: ScumbleError) -> None:
        """It could not be let rest, or go on: nothing else tells of it."""
        self._read_until = time.monotonic() + READ
        self._tell(explain(error))

    def _tell(self, text: str) -> None:
        self.words.set_text(text)
        self.words.set_tooltip_text(text)  # the line may be too short for it

    def _make_room(self, job: Job) -> None:
        """A place for the pictures that will come, so that the window does not grow under the hand."""
        place, request = len(self._seen) - 1 + max(0, job.frame - 1), job.run.request
        if place != self._place and request.method == "optimize" and request.preview_size and request.content:
            self.picture.begin(place, request.content.raw.width, request.content.raw.height)
        self._place = place

    def _cancel(self) -> bool:
        """All is cancelled at once; whoever waits for it is told."""
        self._cancelled = True
        self.cancel.set_sensitive(False)
        self.words.set_text(tr("Cancelled"))
        self._jobs.cancel()
        return True

    def _on_key(self, widget: Any, event: Any) -> bool:
        if event.keyval == Gdk.KEY_Escape:
            return self._cancel()
        return False
