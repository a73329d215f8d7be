"""What the dialog is put together from, and where each part lies."""

from __future__ import annotations

from typing import Any, Optional

from ..arguments import CONVERT, FRAMES, KEYS, OUTPUT
from ..gimplib import Gimp, GLib
from ..pictures.frames import all_frames, key_groups
from ..texts import tr
from ..wire.editor.estimates import Estimate, estimate_words, smaller_words
from ..wire.editor.frames.spans import no_keys
from ..wire.editor.jobs.labels import history_words
from ..wire.editor.variations.labels import open_words
from ..wire.request.request import REQUEST_OPTIONS
from ..wire.words.devices import device_choices
from .gtklib import Gtk
from .gtkparts import EDGE, box, guarded, line, push, spoken, styled
from .helpbutton import help_button, show_on_f1
from .history.page import HistoryPage
from .installwindow import InstallOffer
from .options.form import OptionForm
from .presetmenu import PresetMenu
from .preview.pane import PreviewPane
from .styles.box import StyleBox
from .styles.chooser import StyleChooser
from .styles.thumbnails import Thumbs
from .targetline import TargetLine
from .variations.page import VariationsPage

SIDE_WIDTH = 430  # points, of the right side
BETWEEN = 9  # points between its parts: two styles fit on a screen of 768 without scrolling
SETTLED_MS = 60  # after which GTK has laid out what was unfolded
PAGE, CHOOSER, VARIATIONS, HISTORY = "page", "chooser", "variations", "history"


class DialogParts:
    """The dialog's widgets: `widget` holds them all. `dialog` is whom they tell."""

    def __init__(self, dialog: Any, engine: Any, layers: Any, image: Any) -> None:
        self.thumbs = Thumbs(engine, layers)
        self.pane = PreviewPane(dialog.look_again, dialog.look_closer)
        self.target = TargetLine(dialog.look_again)
        choosing = dialog.choosing
        self.styles = StyleBox(self.thumbs, dialog.changed, choosing.pick, choosing.paint_mask, choosing.make_layer)
        self.form = OptionForm(REQUEST_OPTIONS.values(), OUTPUT, dialog.changed)
        self.chooser = StyleChooser(engine, self.thumbs, layers, choosing.look, choosing.take, choosing.leave)
        self.chooser.learn.connect("clicked", guarded(lambda _: dialog.learning.open()))
        varying = dialog.varying
        self.variations = VariationsPage(varying.look, varying.take, varying.leave)
        self.vary = push(open_words()[0], "v", open_words()[1], varying.begin)
        past = dialog.past
        self.history = HistoryPage(past.look, past.do, past.clear, past.leave)
        self.look_back = push(history_words()[0], "y", history_words()[1], past.begin)
        self.offer_history(bool(past.history.entries))
        self.help = help_button(self.note)
        self.presets = PresetMenu(dialog.recipe, layers.stored, dialog.adopt, self.note)
        self.engine = line("", "dim-label")
        self.engine.set_width_chars(46)
        self.install = InstallOffer(engine.link)
        self.estimate, self.smaller = line(), push("", "", "", dialog.take_smaller)
        styled(self.smaller, "scumble-flat").set_relief(Gtk.ReliefStyle.NONE)
        self.smaller.set_no_show_all(True)
        if image.get_base_type() == Gimp.ImageBaseType.RGB:
            self.form.rows[CONVERT.name].show(False)
        if len(all_frames(image)) < 2:
            self.form.rows[FRAMES.name].show(False)
        groups = key_groups(image) if len(all_frames(image)) > 2 else []
        self.form.rows[KEYS.name].show(bool(groups))
        self.form.fill_list(KEYS.name, [("", no_keys()), *((name, name) for name in groups)])
        self.stack = Gtk.Stack(transition_type=Gtk.StackTransitionType.CROSSFADE, transition_duration=120)
        self.stack.add_named(self._page(), PAGE)
        self.stack.add_named(self.chooser.widget, CHOOSER)
        self.stack.add_named(self.variations.widget, VARIATIONS)
        self.stack.add_named(self.history.widget, HISTORY)
        self.stack.set_size_request(SIDE_WIDTH, -1)
        self.stack.set_hexpand(False)  # the preview has what room there is
        sides = box(spacing=EDGE)
        sides.pack_start(self.pane.widget, True, True, 0)
        sides.pack_start(self.stack, False, True, 0)
        self.widget = box(vertical=True, spacing=EDGE)
        self.widget.set_border_width(EDGE)
        self.widget.pack_start(sides, True, True, 0)

    def _page(self) -> Any:
        column, page = box(vertical=True, spacing=BETWEEN), Gtk.ScrolledWindow()
        for part in (self.target.widget, self.form.first, self.styles.widget, self.form.basic, self.form.more):
            column.add(part)
        column.set_margin_end(EDGE)  # room for the scroll bar
        page.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
        page.set_overlay_scrolling(False)  # one sees that there is more below
        page.add(column)
        self.form.more.connect(
            "notify::expanded", guarded(lambda *_: GLib.timeout_add(SETTLED_MS, self._to_more, page))
        )
        return page

    def _to_more(self, page: Any) -> bool:
        """What was unfolded is seen."""
        if self.form.more.get_expanded():
            page.get_vadjustment().set_value(self.form.more.get_allocation().y)
        return False

    def put_into(self, window: Any) -> None:
        """Lay everything out in GIMP's own dialog, whose buttons for settings share a row with ours."""
        content = window.get_content_area()
        row = next((b for b in content.get_children() if _has_buttons(b)), None)
        if row is not None:
            for side in ("start", "end"):
                getattr(row, f"set_margin_{side}")(EDGE)
            for own in row.get_children():  # GIMP's own way to keep settings, beside ours, would be one too many
                own.set_no_show_all(True)
                own.hide()
            for part in (self.help, self.look_back, self.vary, self.presets.widget):
                row.add(part)
                row.reorder_child(part, 0)
        else:
            for part in (self.presets.widget, self.vary, self.look_back, self.help):
                self.widget.pack_start(part, False, False, 0)
        content.pack_start(self.widget, True, True, 0)
        content.reorder_child(self.widget, 0)
        self._say_engine_in(window)
        show_on_f1(window, self.note)
        self.widget.show_all()
        for part in (self.presets.widget, self.vary, self.look_back, self.help):
            part.show_all()

    def offer_history(self, there: bool) -> None:
        """The button of the history, while there is something in it."""
        self._any_past = there
        self.look_back.set_sensitive(there)

    def _say_engine_in(self, window: Any) -> None:
        """The engine's state in the place of GIMP's Help button: GIMP has no help on this dialog."""
        help = window.get_widget_for_response(Gtk.ResponseType.HELP)
        area = window.get_action_area()
        told, first = box(vertical=True, spacing=1), box()
        first.pack_start(self.estimate, False, False, 0)
        first.pack_start(self.smaller, False, False, 0)
        told.add(first)
        told.add(self.engine)
        told.add(self.install.button)
        area.add(told)
        area.set_child_secondary(told, True)
        area.set_child_non_homogeneous(told, True)
        if help is not None:
            area.remove(help)
        told.show_all()

    def show_estimate(self, found: Optional[Estimate]) -> None:
        """What OK would take; None where that is not known."""
        self.estimate.set_text(estimate_words(found))
        words = smaller_words(found)
        self.smaller.set_label(words)
        if found is not None and words:
            spoken(self.smaller, words, tr("Paint at {n} px").format(n=found.smaller_size))
        self.smaller.set_visible(bool(words))

    def note(self, text: str) -> None:
        """A word under the preview."""
        self.pane.note.set_text(text)

    def turn(self, page: str) -> None:
        """Show the page of options, the chooser, the variations or the history."""
        self.stack.set_visible_child_name(page)
        for part in (self.presets.widget, self.vary):
            part.set_sensitive(page == PAGE)
        self.look_back.set_sensitive(page == PAGE and self._any_past)

    def choosing(self) -> bool:
        """Whether the chooser is shown."""
        return bool(self.stack.get_visible_child_name() == CHOOSER)

    def show_layers(self, layers: Any) -> None:
        """The image's layers, which may have been painted on, and what can be masks."""
        self.thumbs.forget_layers()
        self.styles.refresh(layers=layers.masks)
        if self.choosing():
            self.chooser.refresh()

    def show_styles(self, titles: Any) -> None:
        """The library."""
        self.styles.refresh(titles=titles)
        if self.choosing():
            self.chooser.refresh()

    def show_engine(self, engine: Any) -> None:
        """How the engine is, in the foot and, while it is not there yet, over the preview."""
        self.engine.set_text(engine.sentence())
        self.engine.set_tooltip_text(engine.sentence())
        self.install.show()
        self.form.fill_list("device", device_choices(engine.link.info))
        self.pane.caption.wait_for(tr("Starting the engine…") if engine.link.state == "starting" else "")

    def begin_choosing(self, chosen: Any) -> None:
        """Open the chooser for a row's style; None for a new row."""
        self.turn(CHOOSER)
        self.chooser.begin(chosen)

    def end_choosing(self) -> None:
        """Back to the options."""
        self.turn(PAGE)


def _has_buttons(widget: Any) -> bool:
    """Whether it is a row of buttons in GIMP's dialog."""
    return isinstance(widget, Gtk.Box) and any(isinstance(w, Gtk.Button) for w in widget.get_children())
