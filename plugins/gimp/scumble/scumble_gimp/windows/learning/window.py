"""“Learn a style…”: a form for a new one, and under it those that are learned."""

from __future__ import annotations

from typing import Any, Callable, Dict

from ...wire.editor.learning.desk import Desk
from ...wire.editor.learning.labels import labels
from ...wire.editor.learning.lessons import Lessons
from ..gtklib import Gdk, Gtk
from ..gtkparts import EDGE, box, guarded, push, words
from .card import TrainingCard
from .form import LearnForm

WIDTH, LIST = 560, 330  # points: the window's, and the height that trainings have


class LearnWindow:
    """Over the dialog, and modal as that is; closing it ends nothing. `used` is told of a style that is to be used."""

    def __init__(self, lessons: Lessons, layers: Any, thumbs: Any, parent: Any, used: Callable[[str], object]) -> None:
        self._lessons, self._used = lessons, used
        self.window = Gtk.Window(
            title=labels().window,
            modal=True,
            transient_for=parent,
            destroy_with_parent=True,
            window_position=Gtk.WindowPosition.CENTER_ON_PARENT,
        )
        self.form, self.told = LearnForm(thumbs), words()
        self.learn = push(labels().learn, "l", labels().learn_help, self._begin)
        self.away = push(labels().close, "c", "", self.close)
        self.cards: Dict[str, TrainingCard] = {}
        self.desk = Desk(lessons, layers, layers.pixels, self.say, self.form.clear)
        self._list, self._rows = Gtk.ScrolledWindow(no_show_all=True), box(vertical=True)
        self._lay_out()
        self.window.connect("delete-event", guarded(lambda *_: self.close()))
        self.window.connect("key-press-event", guarded(self._on_key))
        self.form.begin(self.desk)
        self.show_trainings()

    def _lay_out(self) -> None:
        column, foot = box(vertical=True, spacing=EDGE), box()
        about = words(labels().intro, "dim-label")
        for label in (about, self.told):
            label.set_xalign(0.0)
            label.set_justify(Gtk.Justification.LEFT)
            label.set_max_width_chars(70)
        self.told.set_no_show_all(True)
        self._list.set_policy(Gtk.PolicyType.NEVER, Gtk.PolicyType.AUTOMATIC)
        self._list.set_size_request(-1, LIST)
        self._rows.show()
        self._list.add(self._rows)
        foot.pack_end(self.learn, False, False, 0)
        foot.pack_end(self.away, False, False, 0)
        for part in (about, self.form.widget, self.told, self._list):
            column.pack_start(part, part is self._list, True, 0)
        column.pack_end(foot, False, False, 0)
        column.set_border_width(EDGE)
        column.set_size_request(WIDTH, -1)
        self.window.add(column)
        self.learn.set_can_default(True)
        self.window.set_default(self.learn)

    def show(self) -> None:
        """Bring it to the front."""
        self.window.show_all()
        self.window.present()

    def close(self) -> bool:
        """Put it away; what is learned goes on."""
        self.window.hide()
        return True

    def end(self) -> None:
        """The dialog ends."""
        self.window.destroy()

    def say(self, text: str) -> None:
        """Tell something; nothing takes no room."""
        self.told.set_text(text)
        self.told.set_visible(bool(text))

    def _begin(self) -> None:
        self.desk.begin(self.form.lesson())

    def show_trainings(self) -> None:
        """Those that the engine tells of, the newest first."""
        lines = self._lessons.lines
        for name in [n for n in self.cards if n not in {line.name for line in lines}]:
            self.cards.pop(name).widget.destroy()
        for line in lines:
            if line.name not in self.cards:
                self.cards[line.name] = card = TrainingCard(self._act)
                self._rows.pack_start(card.widget, False, False, 0)
                self._rows.reorder_child(card.widget, 0)
                card.widget.show_all()
            self.cards[line.name].show_training(line, self._lessons.sheets.get(line.name, b""))
        self._list.set_visible(bool(self.cards))

    def _act(self, name: str, what: str) -> None:
        if what == "use":
            self._used(name)
        else:
            self.desk.do(name, what)

    def _on_key(self, widget: Any, event: Any) -> bool:
        return self.close() if event.keyval == Gdk.KEY_Escape else False
