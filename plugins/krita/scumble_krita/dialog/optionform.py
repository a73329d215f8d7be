"""The request's declared options as a form: the basic ones in sight, the others under “More”, found by their words."""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Sequence, Tuple

from ..guard import guarded
from ..qt import QGridLayout, QLabel, QLineEdit, Qt, QVBoxLayout, QWidget, Signal
from ..texts import tr
from ..widgets import Fold, dim, named, tip
from ..wire.editor.forms import BIG, grouped, label_of, matches
from ..wire.request.options import Option
from .editors import Editor, make_editor


class Row:
    """One option's label and editor in a grid."""

    def __init__(self, option: Option, grid: Any) -> None:
        self.option, self.editor = option, make_editor(option)
        self.label = QLabel(label_of(option))
        self.label.setBuddy(self.editor.widget)
        self.label.setToolTip(tip(tr(option.help)))
        line = grid.rowCount()
        grid.addWidget(self.label, line, 0)
        grid.addWidget(self.editor.widget, line, 1)

    def enable(self, enabled: bool) -> None:
        """Let it be changed or not."""
        self.label.setEnabled(enabled)
        self.editor.widget.setEnabled(enabled)

    def show(self, shown: bool) -> bool:
        """Show or hide it."""
        self.label.setVisible(shown)
        self.editor.widget.setVisible(shown)
        return shown


class OptionForm(QWidget):
    """Editors for options; what stands at its default is left out of `values()`."""

    changed = Signal()

    def __init__(self, options: Iterable[Option], parent: Any = None) -> None:
        super().__init__(parent)
        self.rows: Dict[str, Row] = {}
        self._headings: List[Tuple[Any, List[Row]]] = []
        self.options = list(options)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        grid = _grid()
        column.addLayout(grid)
        self._add(grid, [o for o in self.options if o.basic])
        self.more = Fold(tr("More options"), self._rest([o for o in self.options if not o.basic]), self)
        column.addWidget(self.more)
        width = max(row.label.sizeHint().width() for row in self.rows.values())
        for lines in (grid, self.more.inside.layout()):
            lines.setColumnMinimumWidth(0, width)

    def _add(self, grid: Any, options: Iterable[Option]) -> List[Row]:
        rows = [Row(o, grid) for o in options]
        for row in rows:
            self.rows[row.option.name] = row
            row.editor.changed.connect(guarded(self._on_change))
            if row.option.name in BIG:
                row.editor.widget.setMinimumHeight(34)
        return rows

    def _rest(self, options: List[Option]) -> Any:
        inside, self.search = QWidget(), QLineEdit()
        grid = _grid()
        inside.setLayout(grid)
        grid.setContentsMargins(0, 4, 0, 0)
        self.search.setPlaceholderText(tr("Find an option…"))
        self.search.setClearButtonEnabled(True)
        named(self.search, tr("Find an option"))
        self.search.textChanged.connect(guarded(self._filter))
        grid.addWidget(self.search, 0, 0, 1, 2)
        for title, group in grouped(options):
            heading = QLabel(title)
            font = heading.font()
            font.setBold(True)
            heading.setFont(font)
            heading.setContentsMargins(0, 8, 0, 0)
            grid.addWidget(dim(heading, 0.25), grid.rowCount(), 0, 1, 2)
            self._headings.append((heading, self._add(grid, group)))
        self._nothing = dim(QLabel(tr("No option is called so.")))
        self._nothing.hide()
        grid.addWidget(self._nothing, grid.rowCount(), 0, 1, 2)
        return inside

    def _on_change(self) -> None:
        self._suit_method()
        self.changed.emit()

    def _suit_method(self) -> None:
        """What the method does not look at can be read, not changed."""
        method = self.rows["method"].editor.get() if "method" in self.rows else ""
        for row in self.rows.values():
            row.enable(not method or row.option.honoured_by(method))

    def _filter(self) -> None:
        words, found = self.search.text(), False
        for heading, rows in self._headings:
            shown = [row.show(matches(row.option, words)) for row in rows]
            heading.setVisible(any(shown))
            found = found or any(shown)
        self._nothing.setVisible(not found)

    def values(self) -> Dict[str, Any]:
        """What differs from its default, by name. Raises `option-…` for what cannot be meant."""
        checked = {name: row.option.check(row.editor.get()) for name, row in self.rows.items()}
        return {name: v for name, v in checked.items() if v != self.rows[name].option.default}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show values; what is not named goes to its default. No change is signalled."""
        for name, row in self.rows.items():
            row.editor.put(values.get(name, row.option.default))
        self._suit_method()
        if any(name in values and not row.option.basic for name, row in self.rows.items()):
            self.more.head.setChecked(True)

    def fill_lists(self, choices: Sequence[Tuple[str, str]]) -> None:
        """What the engine has, for the options that are chosen of that."""
        for row in self.rows.values():
            if row.option.listed:
                row.editor.widget.fill(choices)

    def editor(self, name: str) -> Editor:
        """The editor of an option."""
        return self.rows[name].editor


def _grid() -> Any:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setColumnStretch(1, 1)
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(7)
    grid.setAlignment(Qt.AlignmentFlag.AlignTop)
    return grid
