"""The dialog of a style transfer: the styles and options on the right, what comes of them on the left."""

from __future__ import annotations

import time
from typing import Any

from ..guard import guarded
from ..qt import QByteArray, QDialog, QEvent, Qt, QTimer
from ..texts import explain, tr
from ..wire.editor.enginestate import Return
from ..wire.editor.styles import picks
from ..wire.editor.styles.chooser import FIRST_STYLE
from ..wire.editor.styles.library import titles_of
from ..wire.protocol.errors import ScumbleError
from ..wire.request import presets
from ..wire.request.recipe import Recipe
from . import remembered
from .choosing import Choosing
from .dialogparts import DialogParts
from .givenpictures import GivenPictures
from .learning.learning import Learning
from .stylerows import MOST
from .variations.varying import Varying

EDITOR, SIZE = "krita", "dialog_geometry"
UNCHANGED = 0.5  # seconds in which a document that was read is not read again by itself


class StyleDialog(QDialog):
    """Shows a recipe, previews it and runs it. Krita stays usable while it is open."""

    def __init__(
        self,
        studio: Any,
        recipe: Recipe,
        parent: Any = None,
        preview: Any = None,
        layers: Any = None,
        chosen: bool = False,
    ) -> None:
        """`recipe` is shown, or the settings of the active layer's own where it is not `chosen` on purpose."""
        super().__init__(parent)
        self.setWindowTitle(tr("Scumble: Style Transfer"))
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._studio, self._ended, self._return = studio, False, Return()
        self.preview = preview if preview is not None else _live_preview(studio, self)
        self.layers = layers if layers is not None else _document_layers()
        self.parts = DialogParts(studio, self.layers, self.recipe, self)
        self._soon, self._look_soon = self._timer(self.ask), self._timer(self.look_again)
        self._looked = 0.0  # when the document was read
        self.choosing = Choosing(self, studio, self.preview)
        self.varying = Varying(self, studio, lambda: titles_of(studio.styles))
        self.learning = Learning(self, studio, self.choosing.take)
        self.given = GivenPictures(self, self.choosing.take_picture)
        self._connect()
        self._restore_size()
        self._read_layers()
        found = self.parts.target.result
        self.put(found.recipe if found is not None and not chosen else recipe)
        self._look_soon.start()  # once the dialog is seen
        studio.start_engine()
        self._on_studio()
        self._on_styles()
        self.parts.ok.setFocus()

    def _timer(self, slot: Any) -> Any:
        """Calls `slot` once, when the loop turns next."""
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(0)
        timer.timeout.connect(guarded(slot))
        return timer

    def _connect(self) -> None:
        p = self.parts
        self.frames = p.pane.connect_to(self.preview)
        p.pane.refresh.connect(guarded(self.look_again))
        p.pane.closer.connect(guarded(self.look_closer))
        p.rows.changed.connect(guarded(self._soon.start))
        p.rows.pick.connect(guarded(self.choosing.pick))
        p.rows.paint.connect(guarded(self.choosing.paint_mask))
        p.form.changed.connect(guarded(self._soon.start))
        p.picker.looked.connect(guarded(self.choosing.look))
        p.picker.taken.connect(guarded(self.choosing.take))
        p.picker.left.connect(guarded(self.choosing.leave))
        p.vary.clicked.connect(guarded(self.varying.begin))
        p.variations.looked.connect(guarded(self.varying.look))
        p.variations.taken.connect(guarded(self.varying.take))
        p.variations.left.connect(guarded(self.varying.leave))
        p.presets.chosen.connect(guarded(self._adopt))
        p.presets.said.connect(guarded(p.pane.note.set_text))
        p.target.changed.connect(guarded(self.look_again))
        p.reset.clicked.connect(guarded(self._reset))
        p.estimate.smaller_taken.connect(guarded(self._take_size))
        p.ok.clicked.connect(guarded(self.accept))
        p.cancel.clicked.connect(guarded(lambda: self.reject()))
        self._studio.said.connect(self._on_said)
        self._studio.changed.connect(self._on_studio)
        self._studio.styles_changed.connect(self._on_styles)

    def recipe(self) -> Recipe:
        """What is set now. Raises `option-…` where a text is not what it should be."""
        return Recipe(self.parts.form.values(), self.parts.rows.styles())

    def put(self, recipe: Recipe) -> None:
        """Show a recipe."""
        self.parts.form.set_values(recipe.options)
        self.parts.rows.put(recipe.styles[:MOST] or (FIRST_STYLE,))

    def _adopt(self, recipe: Recipe) -> None:
        self.put(recipe)
        self._soon.start()

    def _reset(self) -> None:
        self.put(Recipe())
        self._soon.start()

    def look_again(self) -> None:
        """Read the document anew: another one may be active, or painted on."""
        self._read_layers()
        self.parts.pane.caption.take_back()
        self.preview.refresh_source(self.parts.target.edited())
        self.parts.pane.show_before(self.preview.before, self.preview.close, self.preview.scale)
        self.parts.target.tell(*self.preview.target, *self.layers.beside(self.parts.target.edited()))
        self.frames.choose(self.parts.target.span() or ())
        self.parts.estimate.take_count(len(self.parts.target.span() or (0,)))
        self._looked = time.monotonic()
        self._on_studio()
        self.varying.look_again()
        self.learning.look_again()
        self._soon.start()

    def look_closer(self, spot: Any) -> None:
        """Show this spot of the layer in its own pixels; None: all of it."""
        self.preview.look_closer(spot, self.parts.pane.canvas.room_for_pixels(self.recipe().value("method")))
        self.look_again()

    def _read_layers(self) -> None:
        self.layers.refresh()
        self.parts.show_layers(self.layers.masks)
        self.parts.target.take(self.layers.result())

    def ask(self) -> None:
        """Ask for a preview of what is set now; the newest wins. Variations have their own."""
        if self.varying.open:
            return
        try:
            recipe = self.recipe()
            recipe.check()
        except ScumbleError as e:
            return self.parts.pane.fail(explain(e))
        self.parts.pane.caption.try_again()
        self.preview.show(recipe)
        self.frames.show(recipe)
        self.parts.estimate.estimates.show(recipe, *self.preview.sizes())

    def ask_soon(self) -> None:
        """Something was set: `ask` when the loop turns next."""
        self._soon.start()

    def _take_size(self, size: int) -> None:
        """A size that takes less time."""
        self.parts.form.editor("size").put(size)
        self._soon.start()

    @guarded
    def _on_studio(self) -> None:
        if not self._ended:
            self.parts.show_engine(self._studio)
            self.parts.estimate.estimates.go_on()
            if self._return.look(self._studio.link):
                self._soon.start()

    @guarded
    def _on_said(self, text: str) -> None:
        self.parts.pane.note.set_text(text)

    @guarded
    def _on_styles(self) -> None:
        if not self._ended:
            self.parts.show_styles(self._studio.styles)

    @guarded
    def accept(self) -> None:
        """OK: begin, and close if something began."""
        page = self.parts.stack.currentWidget()
        if page is not self.parts.page:
            page.take_current()
            return
        try:
            recipe = self.recipe()
        except ScumbleError as e:
            return self.parts.pane.fail(explain(e))
        if self._studio.run(recipe, *self.parts.target.chosen()) is None:
            return self.parts.pane.fail(self._studio.message)
        presets.save_last(EDITOR, recipe)
        picks.use(recipe.styles)
        self.layers.put_away(recipe)
        super().accept()

    @guarded
    def done(self, result: int) -> None:
        """Closed either way: nothing more is painted for it."""
        if not self._ended:
            self._end()
        super().done(result)

    def _end(self) -> None:
        self._ended = True
        self.deleteLater()
        self._studio.said.disconnect(self._on_said)
        self._studio.changed.disconnect(self._on_studio)
        self._studio.styles_changed.disconnect(self._on_styles)
        painters = (self.frames, self.preview, self.parts.estimate.estimates)
        for part in (self._soon, self._look_soon, self.varying, self.learning, self.choosing, *painters):
            part.stop()
        remembered.write(SIZE, bytes(self.saveGeometry().toBase64()).decode())

    @guarded
    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self.activateWindow()  # for Enter and Escape, where no window manager does it

    @guarded
    def changeEvent(self, event: Any) -> None:
        super().changeEvent(event)
        if (
            event.type() == QEvent.Type.ActivationChange
            and self.isActiveWindow()
            and time.monotonic() > self._looked + UNCHANGED
        ):
            self._look_soon.start()

    def _restore_size(self) -> None:
        kept = remembered.read(SIZE)
        if not (kept and self.restoreGeometry(QByteArray.fromBase64(kept.encode()))):
            self.resize(1000, 640)


def _live_preview(studio: Any, parent: Any) -> Any:
    from ..model.previews import Preview

    return Preview(studio, parent)


def _document_layers() -> Any:
    from .doclayers import DocumentLayers

    return DocumentLayers()
