"""The dialog of a style transfer: the styles and options on the right, what comes of them on the left."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, Optional, Sequence

from ..arguments import OUTPUT, STYLES, Choices, argument, choices_of, write_choices
from ..gimplib import GLib
from ..life import link
from ..pictures.settings import suits
from ..texts import tr
from ..wire.editor.enginestate import Return
from ..wire.editor.estimates import Estimate, Estimates
from ..wire.editor.preview.view import Point
from ..wire.editor.styles import picks
from ..wire.editor.styles.chooser import FIRST_STYLE
from ..wire.editor.styles.library import titles_of
from ..wire.protocol.errors import ScumbleError
from ..wire.request.presets import load_last
from ..wire.request.recipe import Recipe
from ..wire.request.request import REQUEST_OPTIONS
from . import remembered
from .dialogparts import DialogParts
from .enginewatch import EngineWatch
from .givenpictures import watch_for_pictures
from .gtklib import GimpUi, Gtk
from .gtkparts import guarded, set_reporter, start_ui
from .history.past import Past
from .learning.learning import Learning
from .preview.easel import Preview
from .preview.framestrip import FramesShown, suited
from .styles.choosing import Choosing
from .styles.imagelayers import ImageLayers
from .variations.varying import Varying

SIZE = (1080, 700)
UNCHANGED = 0.5  # seconds in which an image that was read is not read again by itself


def ask(procedure: Any, config: Any, image: Any, drawables: Sequence[Any]) -> Optional[Choices]:
    """What the user wants; None where he cancelled."""
    start_ui()
    dialog = StyleDialog(procedure, config, image, drawables)
    try:
        return dialog.run()
    finally:
        dialog.end()


class StyleDialog:
    """Shows what is in `config` and keeps it there, with a preview. GIMP stays usable while it is open."""

    def __init__(self, procedure: Any, config: Any, image: Any, drawables: Sequence[Any]) -> None:
        self.config, self._writing, self._ended = config, False, False
        self.image, self._count = image, len(drawables)
        self.window = GimpUi.ProcedureDialog.new(procedure, config, tr("Scumble: Style Transfer"))
        self.layers = ImageLayers(image, drawables)
        self.engine = EngineWatch(link(), self._on_state, self._on_styles)
        self.choosing, self.varying, self.learning = Choosing(self), Varying(self), Learning(self)
        self.past = Past(self)
        self.parts = DialogParts(self, self.engine, self.layers, image)
        self.preview = Preview(self.engine.link, image, drawables, self.parts.pane)
        self.frames = FramesShown(self.preview, self.parts.pane.strip, image, drawables)
        self.varying.connect()
        self.learning.connect()
        self.estimates, self._smaller = Estimates(self.engine.link, self._on_estimate), 0
        self._found: Optional[Estimate] = None  # of one layer
        self._soon = 0  # what is to be done when GTK has nothing else to do
        self._looked = 0.0  # when the image was read
        self._return = Return()
        set_reporter(self.parts.pane.fail)
        self.parts.put_into(self.window)
        self.window.set_default_size(*remembered.size(SIZE))
        self.window.connect("focus-in-event", guarded(lambda *_: self._on_focus()))
        watch_for_pictures(self.window, self.choosing.take_picture)
        config.connect("notify", guarded(lambda *_: self._on_config()))
        self.look_again()
        edited, first = self.parts.target.edited(), suited(self._first(), image)
        if not suits(image, first.recipe):
            first = replace(first, recipe=first.recipe.for_another_picture())
        self.put(first if edited is None else replace(first, recipe=edited.recipe))
        self.window.get_widget_for_response(Gtk.ResponseType.OK).grab_focus()

    def run(self) -> Optional[Choices]:
        """Wait for OK or Cancel."""
        while self.window.run():
            try:
                choices = self.choices()
                choices.recipe.check()
            except ScumbleError as e:
                self.parts.pane.fail(e)
                continue
            picks.use(choices.recipe.styles)
            self.layers.put_away(choices.recipe)
            return choices
        return None

    def end(self) -> None:
        """Closed either way: nothing more is painted for it."""
        if self._ended:
            return
        self._ended = True
        remembered.keep_size(*self.window.get_size())
        self.choosing.stop()
        self.varying.stop()
        self.learning.stop()
        self.preview.stop()
        self.frames.stop()
        self.estimates.stop()
        self.parts.install.end()
        self.engine.end()
        if self._soon:
            GLib.source_remove(self._soon)
        self.window.destroy()
        while Gtk.events_pending():  # so that the window is gone before the work begins
            Gtk.main_iteration()

    # what is set

    def choices(self) -> Choices:
        """What is set now. Raises `option-…` where a text is not what it should be."""
        return Choices(self.recipe(), **self.parts.form.values(OUTPUT), result=self.parts.target.edited())

    def recipe(self) -> Recipe:
        """The recipe that is set now. Raises as `choices`."""
        return Recipe(self.parts.form.values(REQUEST_OPTIONS.values()), self.parts.styles.styles())

    def put(self, choices: Choices) -> None:
        """Show choices."""
        output = {o.name: getattr(choices, o.name) for o in OUTPUT}
        self.parts.form.put({**choices.recipe.options, **output})
        self.parts.styles.put(choices.recipe.styles or (FIRST_STYLE,))

    def adopt(self, recipe: Recipe) -> None:
        """Show another recipe; what is said of the new layer stays."""
        self.put(replace(self.choices(), recipe=recipe))
        self.changed()

    def changed(self) -> None:
        """Something was set: ask for a preview soon."""
        if not self._soon and not self._ended:
            self._soon = GLib.idle_add(self._turn)

    def _turn(self) -> bool:
        self._soon = 0
        guarded(self._show)()
        return False

    def _show(self) -> None:
        """Keep what is set and preview it; the newest wins."""
        choices = self.choices()
        self._writing = True
        try:
            write_choices(self.config, choices)
        finally:
            self._writing = False
        choices.recipe.check()
        if self.varying.open:  # it has pictures of its own
            return
        if self.past.open:
            return self.past.look_again()
        self.parts.pane.caption.try_again()
        self.preview.show(choices.recipe)
        self.frames.show(choices)
        self._on_estimate(self._found)  # the count may be another
        self.estimates.show(choices.recipe, *self.preview.sizes())

    def _on_estimate(self, found: Optional[Estimate]) -> None:
        if not self._ended:
            self._found, self._smaller = found, found.smaller_size if found is not None else 0
            count = self.frames.count(self.choices()) if self._count < 2 else self._count
            self.parts.show_estimate(found.times(count) if found is not None else None)

    def take_smaller(self) -> None:
        """The size that takes less time."""
        if self._smaller:
            recipe = self.recipe()
            self.adopt(replace(recipe, options={**recipe.options, "size": self._smaller}))

    def _first(self) -> Choices:
        """What GIMP kept of the last time; where that is nothing, what all of Scumble kept."""
        try:
            return choices_of(self.config)
        except ScumbleError:
            kept = load_last("gimp")
            return Choices(kept if kept is not None and not _has_layers(kept) else Recipe({}, (FIRST_STYLE,)))

    def _on_config(self) -> None:
        """GIMP itself has changed the arguments: by its buttons that reset and load them."""
        if not self._writing and not self._ended:
            GLib.idle_add(guarded(self._take_config))

    def _take_config(self) -> None:
        if self._ended:
            return
        given = any(self.config.get_property(f"style-{i}") for i in range(1, STYLES + 1))
        if not given and not any(self.config.get_property(f"style-{i}-layer") for i in range(1, STYLES + 1)):
            self._writing = True
            self.config.set_property(argument("style_1"), FIRST_STYLE.name)
            self._writing = False
        self.put(choices_of(self.config))
        self.changed()

    # the image

    def look_again(self) -> None:
        """Read the image anew: it may have been painted on."""
        self.layers.refresh()
        self.parts.show_layers(self.layers)
        self.parts.pane.caption.take_back()
        self.parts.target.take(self.layers.result())
        self.preview.refresh_source(self.parts.target.edited())
        self.frames.look_again()
        self.parts.target.tell(*self.preview.target, self._count - 1)
        self.parts.pane.show_before(self.preview.before, self.preview.close, self.preview.scale)
        self._looked = time.monotonic()
        self._on_state()
        self.varying.look_again()
        self.changed()

    def look_closer(self, spot: Optional[Point]) -> None:
        """Show this spot of the layer in its own pixels; None: all of it."""
        self.preview.look_closer(spot, self.parts.pane.canvas.room_for_pixels(self.recipe().value("method")))
        self.look_again()

    def _on_focus(self) -> None:
        if time.monotonic() > self._looked + UNCHANGED:
            self.look_again()

    # the engine

    def _on_state(self) -> None:
        if not self._ended:
            self.parts.show_engine(self.engine)
            self.estimates.go_on()
            if self._return.look(self.engine.link):
                self.changed()

    def _on_styles(self) -> None:
        if not self._ended:
            self.parts.show_styles(titles_of(self.engine.styles))


def _has_layers(recipe: Recipe) -> bool:
    """Whether it needs layers, which were those of another image."""
    return any("layer" in (s.source, s.mask, s.part) for s in recipe.styles)
