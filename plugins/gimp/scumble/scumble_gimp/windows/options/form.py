"""The declared options as a form: the basic ones in sight, the others under “More”, found by their words."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Tuple

from ...texts import tr
from ...wire.editor.forms import BIG, grouped, label_of, matches
from ...wire.request.options import Option
from ..gtklib import Gtk
from ..gtkparts import EDGE, GAP, box, guarded, heading, line, marked, spoken
from .editors import Listed, make_editor

FADED = 0.4  # of what cannot be changed
FIRST = ("method", "frames", "keys")  # what stands above all
LETTERS = {"method": "m", "strength": "t", "colors": "u", "seed": "e", "size": "z"}


class Row:
    """One option's label and editor in a grid."""

    def __init__(self, option: Option, grid: Any, at: int, labels: Any) -> None:
        letter = LETTERS.get(option.name, "")
        self.option, self.editor = option, make_editor(option, letter)
        self.parts = [self.editor.widget]
        if self.editor.full:
            grid.attach(self.editor.widget, 0, at, 2, 1)
        else:
            label = Gtk.Label(xalign=0.0, tooltip_text=tr(option.help))
            label.set_text_with_mnemonic(marked(label_of(option), letter) if letter else label_of(option))
            label.set_mnemonic_widget(_focusable(self.editor.widget))
            self.parts.append(label)
            labels.add_widget(label)
            grid.attach(label, 0, at, 1, 1)
            grid.attach(self.editor.widget, 1, at, 1, 1)
            self.editor.widget.set_hexpand(True)

    def enable(self, enabled: bool) -> None:
        """Let it be changed or not."""
        for part in self.parts:
            part.set_sensitive(enabled)
            part.set_opacity(1.0 if enabled else FADED)  # some themes draw both alike

    def show(self, shown: bool) -> bool:
        """Show or hide it."""
        for part in self.parts:
            part.set_no_show_all(not shown)
            part.set_visible(shown)
        return shown


class OptionForm:
    """Editors for options: `first`, `basic` and `more` are where they lie. `told` is called after each change."""

    def __init__(self, options: Iterable[Option], output: Iterable[Option], told: Any) -> None:
        self.rows: Dict[str, Row] = {}
        self._told, self._putting = told, False
        self._groups: List[Tuple[Any, List[Row]]] = []
        options, output = list(options), list(output)
        self.first, self.basic = _grid(), _grid()
        labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)  # as wide as the widest
        self._add(self.first, [o for o in (*options, *output) if o.name in FIRST], labels)
        self._add(self.basic, [o for o in options if o.basic and o.name not in FIRST], labels)
        self.more = Gtk.Expander(label=marked(tr("More options"), "i"), use_underline=True)
        folded = self._rest([o for o in options if not o.basic], [o for o in output if o.name not in FIRST])
        self.more.add(folded)
        self._hide_folded(folded)
        for name in BIG:
            self.rows[name].editor.widget.get_style_context().add_class("scumble-big")

    def _hide_folded(self, column: Any) -> None:
        """GTK lets Tab go into what is folded away; into what is hidden it does not."""
        column.show_all()
        column.set_no_show_all(True)
        column.set_visible(False)
        self.more.connect("notify::expanded", guarded(lambda *_: column.set_visible(self.more.get_expanded())))

    def values(self, options: Iterable[Option]) -> Dict[str, Any]:
        """What is set of these options. Raises `option-…` for what cannot be meant."""
        return {o.name: o.check(self.rows[o.name].editor.get()) for o in options}

    def put(self, values: Mapping[str, Any]) -> None:
        """Show values; what is not named goes to its default. No change is signalled."""
        self._putting = True
        try:
            for name, row in self.rows.items():
                row.editor.put(values.get(name, row.option.default))
        finally:
            self._putting = False
        self._suit_method()

    def fill_list(self, name: str, choices: List[Tuple[str, str]]) -> None:
        """What there is, for an option that is chosen of that."""
        editor = self.rows[name].editor
        if isinstance(editor, Listed):
            editor.fill(choices)

    def _add(self, grid: Any, options: Iterable[Option], labels: Any) -> List[Row]:
        rows = [Row(o, grid, at, labels) for at, o in enumerate(options)]
        for row in rows:
            self.rows[row.option.name] = row
            row.editor.connect(self._changed)
        return rows

    def _rest(self, options: List[Option], output: List[Option]) -> Any:
        column = box(vertical=True)
        column.set_margin_top(GAP)
        self.search = Gtk.SearchEntry(placeholder_text=tr("Find an option…"))
        spoken(self.search, tr("Find an option"))
        self.search.connect("search-changed", guarded(lambda _: self._filter()))
        column.add(self.search)
        labels = Gtk.SizeGroup(mode=Gtk.SizeGroupMode.HORIZONTAL)
        for title, group in [(tr("The new layer"), output), *grouped(options)]:
            grid, head = _grid(), heading(title)
            head.set_margin_top(EDGE)
            column.add(head)
            column.add(grid)
            self._groups.append((head, self._add(grid, group, labels)))
        self._nothing = line(tr("No option is called so."), "dim-label")
        self._nothing.set_no_show_all(True)
        column.add(self._nothing)
        return column

    def _changed(self) -> None:
        if not self._putting:
            self._suit_method()
            self._told()

    def _suit_method(self) -> None:
        """What the method does not look at can be read, not changed."""
        method = self.rows["method"].editor.get()
        for row in self.rows.values():
            row.enable(row.option.honoured_by(method))

    def _filter(self) -> None:
        found = False
        for head, rows in self._groups:
            shown = [row.show(matches(row.option, self.search.get_text())) for row in rows]
            head.set_visible(any(shown))
            found = found or any(shown)
        self._nothing.set_visible(not found)


def _focusable(widget: Any) -> Any:
    """What of an editor Alt and a letter leads to."""
    return widget.get_children()[0] if isinstance(widget, Gtk.Box) else widget


def _grid() -> Any:
    return Gtk.Grid(row_spacing=GAP, column_spacing=EDGE)
