"""The widget for each kind of declared option."""

from __future__ import annotations

import random
from typing import Any, Callable, NamedTuple

from ..guard import guarded
from ..qt import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    Qt,
    QWidget,
)
from ..texts import tr
from ..widgets import Switch, named, push, spoken
from ..wire.editor.forms import SEEDS, kind_of, label_of, labelled
from ..wire.editor.scales import scale_of
from ..wire.request.options import Option
from .numberbar import NumberBar


class Editor(NamedTuple):
    """A widget with what reads it, what fills it without telling, and the signal of a user's change."""

    widget: Any
    get: Callable[[], Any]
    put: Callable[[Any], None]
    changed: Any


def make_editor(option: Option, parent: Any = None) -> Editor:
    """The editor of a declared option, named and with its help as tooltip."""
    make = {
        "switch": _switch,
        "combo": _combo,
        "seed": _seed,
        "number": _number,
        "check": _check,
        "text": _text,
        "names": _names,
        "listed": _listed,
    }[kind_of(option)]
    editor = make(option, parent)
    spoken(editor.widget, label_of(option), tr(option.help))
    editor.put(option.default)
    return editor


class Combo(QComboBox):
    """A combo box that leaves the wheel to the form around it."""

    def wheelEvent(self, event: Any) -> None:
        """Let the form scroll."""
        event.ignore()

    @guarded
    def paintEvent(self, event: Any) -> None:
        """Names of layers are indented in the list alone."""
        painter, looks = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(looks)
        looks.currentText = looks.currentText.strip()
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, looks)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, looks)
        painter.end()


def _number(option: Option, parent: Any) -> Editor:
    bar = NumberBar(scale_of(option), tr(option.unit), tr(option.zero_label), parent)
    whole = option.kind == "int"
    return Editor(bar, lambda: round(bar.number()) if whole else bar.number(), bar.set_number, bar.moved)


def _seed(option: Option, parent: Any) -> Editor:
    around, another = QWidget(parent), push(tr("Another"))
    bar = NumberBar(scale_of(option), parent=around, draggable=False)
    named(another, tr("Another seed"), tr("Take another seed, for another picture of the same kind."))
    another.clicked.connect(guarded(lambda: bar.set_by_user(random.randint(1, SEEDS))))
    row = QHBoxLayout(around)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(bar, 1)
    row.addWidget(another)
    around.setFocusProxy(bar)
    return Editor(around, lambda: round(bar.number()), bar.set_number, bar.moved)


def _switch(option: Option, parent: Any) -> Editor:
    switch = Switch(labelled(option), parent)
    return Editor(switch, switch.value, switch.set_value, switch.changed)


def _combo(option: Option, parent: Any) -> Editor:
    combo = Combo(parent)
    for choice, label in labelled(option):
        combo.addItem(label, choice)
    combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return Editor(combo, combo.currentData, lambda v: combo.setCurrentIndex(combo.findData(v)), combo.activated)


class ListedCombo(Combo):
    """A combo box whose entries come later; what is chosen stays, whether it is among them or not."""

    def fill(self, choices: Any) -> None:
        """Offer these, as (value, label)."""
        chosen = self.currentData()
        if [(self.itemData(i), self.itemText(i)) for i in range(self.count())] == list(choices):
            return
        self.clear()
        for value, label in choices:
            self.addItem(label, value)
        self.choose(chosen if chosen is not None else "")

    def choose(self, value: str) -> None:
        """Show a value; one that is not offered comes last."""
        if self.findData(value) < 0 and value:
            self.addItem(value, value)
        self.setCurrentIndex(max(0, self.findData(value)))


def _listed(option: Option, parent: Any) -> Editor:
    combo = ListedCombo(parent)
    combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    combo.fill([(option.default, option.default)])
    return Editor(combo, combo.currentData, combo.choose, combo.activated)


def _check(option: Option, parent: Any) -> Editor:
    check = QCheckBox(parent)
    return Editor(check, check.isChecked, check.setChecked, check.clicked)


def _text(option: Option, parent: Any) -> Editor:
    line = QLineEdit(parent)
    return Editor(line, lambda: line.text().strip(), line.setText, line.textEdited)


def _names(option: Option, parent: Any) -> Editor:
    line = QLineEdit(parent)

    def put(names: Any) -> None:
        line.setText(" ".join(names))
        line.setCursorPosition(0)

    return Editor(line, lambda: tuple(line.text().split()), put, line.textEdited)
