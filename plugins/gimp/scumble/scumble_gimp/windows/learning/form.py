"""What an artist says of a style to learn: the painting, its name, how long, and what is seldom changed."""

from __future__ import annotations

from typing import Any, List, Tuple

from ...texts import tr
from ...wire.editor.forms import label_of
from ...wire.editor.learning.desk import Desk, lesson_of
from ...wire.editor.learning.labels import labels
from ...wire.editor.learning.lesson import FORM, Lesson, lengths
from ...wire.editor.styles.chooser import PATTERNS
from ...wire.request.stylechoice import StyleChoice
from ..gtklib import Gtk, Pango
from ..gtkparts import EDGE, GAP, line, push, spoken
from ..options.editors import Combo, Switch

PICTURE = 96  # points


class LearnForm:
    """The fields, in `widget`; `lesson` is what they say. `thumbs` makes the painting's small picture."""

    def __init__(self, thumbs: Any) -> None:
        self.desk: Any = None
        self._thumbs, self._filling = thumbs, False
        self._choices: List[Tuple[StyleChoice, str]] = []
        self.picture, self.painting = Gtk.Image(valign=Gtk.Align.START), Combo([])
        self.open = push(tr("Open a picture…"), "", "", self._open_file)
        self.browse = push(labels().browse, "", "", self._open_folder)
        self.title, self.tags, self.photographs = (Gtk.Entry(hexpand=True, activates_default=True) for _ in FORM)
        self.length = Switch(lengths(), labels().time)
        self.widget = Gtk.Grid(row_spacing=GAP + 2, column_spacing=EDGE)
        self._dress()
        self._lay_out()
        self.painting.connect(self._on_painting)

    def _dress(self) -> None:
        self.picture.set_size_request(PICTURE, PICTURE)
        for cell in self.painting.widget.get_cells():  # a layer's name may be long
            cell.set_property("ellipsize", Pango.EllipsizeMode.END)
        spoken(self.painting.widget, labels().painting, labels().painting_help)
        self.length.widget.set_tooltip_text(labels().time_help)
        hints = {
            "title": labels().title_hint,
            "photographs": labels().photographs_hint,
            "tags": labels().tags_hint,
        }
        for option in FORM:
            field = getattr(self, option.name)
            spoken(field, label_of(option), tr(option.help))
            field.set_max_length(4096 if option.name == "photographs" else 200)
            field.set_placeholder_text(hints[option.name])

    def _lay_out(self) -> None:
        title, tags, photographs = FORM
        self.widget.attach(self.picture, 0, 0, 1, 3)
        self._line(0, labels().painting, self.painting.widget, self.open)
        self._line(1, label_of(title), self.title)
        self._line(2, labels().time, self.length.widget)
        self._line(3, label_of(photographs), self.photographs, self.browse)
        self._line(4, label_of(tags), self.tags)

    def _line(self, at: int, text: str, field: Any, button: Any = None) -> None:
        self.widget.attach(line(text, "dim-label"), 1, at, 1, 1)
        self.widget.attach(field, 2, at, 1 if button is not None else 2, 1)
        if button is not None:
            self.widget.attach(button, 3, at, 1, 1)

    def begin(self, desk: Desk) -> None:
        """Fill in what there is to learn from."""
        self.desk = desk
        self.refresh()
        self.title.grab_focus()

    def refresh(self, first: bool = False) -> None:
        """Layers come and go; what was chosen stays, unless the `first` is wanted."""
        wanted, self._choices = None if first else self._chosen(), self.desk.paintings()
        self._filling = True
        self.painting.widget.remove_all()
        for at, (_, label) in enumerate(self._choices):
            self.painting.widget.append(str(at), label)
        at = next((i for i, (choice, _) in enumerate(self._choices) if choice == wanted), 0)
        self.painting.put(str(at))
        self._filling = False
        self._on_painting()

    def _chosen(self) -> Any:
        at = self.painting.get()
        return self._choices[int(at)][0] if at else None

    def _on_painting(self) -> None:
        choice = self._chosen()
        if self._filling or choice is None:
            return
        self.picture.set_from_pixbuf(self._thumbs.of(choice, PICTURE))
        self.title.set_text(self.desk.title(self.title.get_text(), choice))

    def lesson(self) -> Lesson:
        """What the fields say."""
        title, tags, photographs = (f.get_text() for f in (self.title, self.tags, self.photographs))
        return lesson_of(title, self._chosen(), self.length.get(), photographs, tags)

    def clear(self) -> None:
        """It was ordered: the next one has another name."""
        self.title.set_text("")
        self.tags.set_text("")

    def take_file(self, path: str) -> None:
        """Learn from this file."""
        self.desk.open(path)
        self.refresh(first=True)

    def _open_file(self) -> None:
        kinds = Gtk.FileFilter()
        kinds.set_name(tr("Pictures"))
        for pattern in (*PATTERNS, *(p.upper() for p in PATTERNS)):
            kinds.add_pattern(pattern)
        path = self._ask(labels().ask_file, Gtk.FileChooserAction.OPEN, kinds)
        if path:
            self.take_file(path)

    def _open_folder(self) -> None:
        path = self._ask(labels().ask_folder, Gtk.FileChooserAction.SELECT_FOLDER)
        if path:
            self.photographs.set_text(path)

    def _ask(self, title: str, action: Any, kinds: Any = None) -> str:
        chooser = Gtk.FileChooserNative.new(title, self.widget.get_toplevel(), action, None, None)
        if kinds is not None:
            chooser.add_filter(kinds)
        answer, path = chooser.run(), chooser.get_filename()
        chooser.destroy()
        return str(path) if answer == Gtk.ResponseType.ACCEPT and path else ""
