"""The widget for each kind of declared option."""

from __future__ import annotations

import random
from typing import Any, Callable, Dict, List, Tuple

from ...texts import tr
from ...wire.editor.forms import SEEDS, kind_of, label_of, labelled
from ...wire.request.options import Option
from ..gtklib import Gtk
from ..gtkparts import box, guarded, marked, push, spoken, styled
from .numberbar import NumberBar

Told = Callable[[], Any]


class Editor:
    """A widget, what reads it (`get`) and what fills it (`put`); `connect` tells of every change."""

    full = False  # whether it has its label within, and takes a whole row

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self._told: List[Told] = []

    def get(self) -> Any:
        """The value, as the option's `check` takes it."""
        raise NotImplementedError

    def put(self, value: Any) -> None:
        """Show a value."""
        raise NotImplementedError

    def connect(self, told: Told) -> None:
        """Call `told` after each change."""
        self._told.append(told)

    def tell(self, *unused: Any) -> None:
        """It has changed."""
        for told in self._told:
            guarded(told)()


class Switch(Editor):
    """A few choices as buttons side by side."""

    def __init__(self, choices: List[Tuple[str, str]], hint: str = "") -> None:
        super().__init__(styled(box(spacing=0), "linked", "scumble-switch"))
        self._buttons = {}
        first = None
        for value, label in choices:
            first = button = Gtk.RadioButton.new_with_label_from_widget(first, label)
            button.set_mode(False)
            button.connect("toggled", lambda b: self.tell() if b.get_active() else None)
            spoken(button, f"{hint}: {label}" if hint else label)
            self.widget.pack_start(button, True, True, 0)
            self._buttons[value] = button
        next(iter(self._buttons.values())).connect("mnemonic-activate", guarded(lambda *_: self._focus()))

    def _focus(self) -> bool:
        """Alt and the letter lead to what is chosen; arrows choose another."""
        self._buttons[self.get()].grab_focus()
        return True

    def set_sensitive(self, value: str, there: bool) -> None:
        """Whether a choice can be chosen."""
        self._buttons[value].set_sensitive(there)

    def get(self) -> str:
        return next(value for value, button in self._buttons.items() if button.get_active())

    def put(self, value: str) -> None:
        if value in self._buttons:
            self._buttons[value].set_active(True)


class Combo(Editor):
    """Choices in a menu; it leaves the wheel to the form around."""

    def __init__(self, choices: List[Tuple[str, str]]) -> None:
        super().__init__(Gtk.ComboBoxText())
        for value, label in choices:
            self.widget.append(value, label)
        self.widget.connect("changed", self.tell)
        self.widget.connect("scroll-event", guarded(lambda w, _: w.stop_emission_by_name("scroll-event")))
        self.widget.set_hexpand(True)

    def get(self) -> str:
        return str(self.widget.get_active_id() or "")

    def put(self, value: str) -> None:
        self.widget.set_active_id(value)


class Listed(Combo):
    """Choices that come later; what is chosen stays, whether it is among them or not."""

    def __init__(self, option: Option) -> None:
        self._offered: List[Tuple[str, str]] = []
        self._filling = False
        super().__init__([(option.default, option.default)])

    def fill(self, choices: List[Tuple[str, str]]) -> None:
        """Offer these, as (value, label)."""
        if choices == self._offered:
            return
        chosen, self._offered, self._filling = self.get(), list(choices), True
        self.widget.remove_all()
        for value, label in choices:
            self.widget.append(value, label)
        self.put(chosen)
        self._filling = False

    def put(self, value: str) -> None:
        if not self.widget.set_active_id(value) and value:
            self.widget.append(value, value)
            self.widget.set_active_id(value)

    def tell(self, *unused: Any) -> None:
        if not self._filling:
            super().tell()


class Bar(Editor):
    """A number as a bar."""

    full = True

    def __init__(self, option: Option, letter: str = "") -> None:
        self.bar = NumberBar(option, letter)
        super().__init__(self.bar.widget)
        self.bar.connect(self.tell)

    def get(self) -> Any:
        return self.bar.get()

    def put(self, value: Any) -> None:
        self.bar.put(value)


class Seed(Editor):
    """A whole number that says nothing: to be typed, or thrown."""

    def __init__(self, option: Option) -> None:
        super().__init__(box())
        self._number = Gtk.SpinButton.new_with_range(float(option.low or 0), float(option.high or 0), 1)
        spoken(self._number, label_of(option), tr(option.help))
        about = tr("Take another seed, for another picture of the same kind.")
        another = push(tr("Another"), "", about, lambda: self.put(random.randint(1, SEEDS)))
        self.widget.pack_start(self._number, True, True, 0)
        self.widget.pack_start(another, False, False, 0)
        self._number.connect("value-changed", self.tell)

    def get(self) -> int:
        return int(self._number.get_value_as_int())

    def put(self, value: int) -> None:
        self._number.set_value(value)


class Check(Editor):
    """Yes or no, with its label beside it."""

    full = True

    def __init__(self, option: Option, letter: str = "") -> None:
        label = label_of(option)
        super().__init__(Gtk.CheckButton.new_with_mnemonic(marked(label, letter) if letter else label))
        self.widget.connect("toggled", self.tell)

    def get(self) -> bool:
        return bool(self.widget.get_active())

    def put(self, value: bool) -> None:
        self.widget.set_active(value)


class Text(Editor):
    """A text; names of layers with spaces between them."""

    def __init__(self, names: bool) -> None:
        super().__init__(Gtk.Entry(hexpand=True, width_chars=8))
        self._names = names
        self.widget.connect("changed", self.tell)

    def get(self) -> Any:
        text = self.widget.get_text().strip()
        return tuple(text.split()) if self._names else text

    def put(self, value: Any) -> None:
        self.widget.set_text(" ".join(value) if self._names else value)


def make_editor(option: Option, letter: str = "") -> Editor:
    """The editor of a declared option, named and with its help as tooltip."""
    makers: Dict[str, Callable[[], Editor]] = {
        "switch": lambda: Switch(labelled(option), label_of(option)),
        "combo": lambda: Combo(labelled(option)),
        "seed": lambda: Seed(option),
        "number": lambda: Bar(option, letter),
        "check": lambda: Check(option, letter),
        "text": lambda: Text(names=False),
        "names": lambda: Text(names=True),
        "listed": lambda: Listed(option),
    }
    editor = makers[kind_of(option)]()
    spoken(editor.widget, label_of(option), tr(option.help))
    editor.put(option.default)
    return editor
