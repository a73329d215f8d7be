"""What the dialog is put together from, and where each part lies."""

from __future__ import annotations

from typing import Any, Callable, List, Tuple

from ..dockparts import Line
from ..helpbutton import help_button
from ..installwindow import install_button, offer
from ..qt import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, Qt, QVBoxLayout, QWidget
from ..texts import tr
from ..widgets import named, push
from ..wire.editor.styles.library import titles_of
from ..wire.editor.variations.labels import open_words
from ..wire.request.request import REQUEST_OPTIONS
from ..wire.words.devices import device_choices
from .estimateline import EstimateLine
from .optionform import OptionForm
from .presetmenu import PresetMenu
from .preview.previewpane import PreviewPane
from .stylepicker import StylePicker
from .stylerows import StyleRows
from .targetline import TargetLine
from .thumbs import Thumbs
from .variations.variationspage import VariationsPage

SIDE_WIDTH = (410, 470)  # points, least and most, of the right side
EDGE = 12


class DialogParts:
    """The dialog's widgets, laid out in `dialog`."""

    def __init__(self, studio: Any, layers: Any, recipe: Callable[[], Any], dialog: Any) -> None:
        self.thumbs = Thumbs(studio, layers)
        self.pane, self.rows = PreviewPane(), StyleRows(self.thumbs)
        self.form, self.picker = OptionForm(REQUEST_OPTIONS.values()), StylePicker(studio, self.thumbs, layers)
        self.variations, self.vary = VariationsPage(), push(open_words()[0])
        named(self.vary, *open_words())
        self.presets = PresetMenu(recipe, layers.stored)
        self.reset, self.cancel, self.ok = push(tr("Reset")), push(tr("Cancel")), push(tr("OK"))
        self.engine, self.estimate = Line(dim=True), EstimateLine(studio.link)
        self.install = install_button(studio, dialog.parent)
        self.target = TargetLine()
        self.help = help_button(dialog, self.pane.note.set_text)
        self.page = self._page()
        self.stack = QStackedWidget()
        self.stack.addWidget(self.page)
        self.stack.addWidget(self.picker)
        self.stack.addWidget(self.variations)
        self.stack.setMinimumWidth(SIDE_WIDTH[0])
        self.stack.setMaximumWidth(SIDE_WIDTH[1])
        self._buttons()
        sides = QHBoxLayout()
        sides.setSpacing(EDGE)
        sides.addWidget(self.pane, 1)
        sides.addWidget(self.stack, 1)
        column = QVBoxLayout(dialog)
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(EDGE)
        column.addLayout(sides, 1)
        column.addLayout(self._foot())
        self.turn(self.page)

    def _page(self) -> Any:
        inside, page = QWidget(), QScrollArea()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(14)
        column.addWidget(self.target)
        column.addWidget(self.rows)
        column.addWidget(self.form)
        column.addStretch(1)
        page.setWidget(inside)
        page.setWidgetResizable(True)
        page.setFrameShape(QFrame.Shape.NoFrame)
        page.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return page

    def _buttons(self) -> None:
        named(self.reset, tr("Reset"), tr("Set styles and options to what they are at first."))
        named(self.ok, tr("OK"), tr("Paint on a new layer."))
        for button in (self.cancel, self.ok, *self._pages_buttons()):
            button.setMinimumWidth(max(96, button.minimumWidth()))

    def _foot(self) -> Any:
        foot = QHBoxLayout()
        foot.addWidget(self.presets)
        foot.addWidget(self.reset)
        foot.addWidget(self.vary)
        foot.addWidget(self.help)
        foot.addSpacing(EDGE)
        foot.addLayout(self._told(), 1)
        for button in (self.cancel, self.ok, *self._pages_buttons()):
            foot.addWidget(button)
        return foot

    def _pages_buttons(self) -> Tuple[Any, ...]:
        return self.picker.back, self.picker.use, self.variations.back, self.variations.use

    def _told(self) -> Any:
        """What OK would take, and how the engine is."""
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(self.estimate)
        column.addWidget(self.engine)
        column.addWidget(self.install, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def turn(self, page: Any) -> None:
        """Show the page of options, the picker or the variations."""
        self.stack.setCurrentWidget(page)
        for button in (self.presets, self.reset, self.vary, self.cancel, self.ok):
            button.setVisible(page is self.page)
        for other in (self.picker, self.variations):
            for button in (other.back, other.use):
                button.setVisible(page is other)
        (self.ok if page is self.page else page.use).setDefault(True)

    def picking(self) -> bool:
        """Whether the picker is shown."""
        return self.stack.currentWidget() is self.picker

    def show_layers(self, masks: List[Tuple[str, str]]) -> None:
        """The document's layers, which may have been painted on, and those of them that can be masks."""
        self.thumbs.forget_layers()
        self.rows.refresh(layers=masks)
        if self.picking():
            self.picker.refresh()

    def show_styles(self, styles: List[Any]) -> None:
        """The library."""
        self.rows.refresh(titles=titles_of(styles))
        if self.picking():
            self.picker.refresh()

    def show_engine(self, studio: Any) -> None:
        """How the engine is, in the foot and, while it is not there yet, over the preview."""
        self.engine.set_text(studio.engine_sentence())
        offer(self.install, studio)
        self.form.fill_lists(device_choices(studio.link.info))
        self.pane.caption.wait_for(tr("Starting the engine…") if studio.link.state == "starting" else "")
