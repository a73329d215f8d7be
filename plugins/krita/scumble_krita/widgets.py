"""Small widgets that the dialog is made of: a switch, a fold, a text that shortens itself."""

from __future__ import annotations

import html
from typing import Any, List, Sequence, Tuple

from .dockparts import mix
from .guard import guarded
from .qt import (
    QButtonGroup,
    QHBoxLayout,
    QPalette,
    QPushButton,
    QSizePolicy,
    Qt,
    QToolButton,
    QVBoxLayout,
    QWidget,
    Signal,
)

SWITCH = """
QPushButton {{ padding: 5px 10px; border: 1px solid {edge}; background: {ground}; color: {text}; {corners} }}
QPushButton:hover {{ background: {hover}; }}
QPushButton:checked {{ background: {on}; color: {on_text}; border-color: {on}; }}
QPushButton:focus {{ border-color: {focus}; }}
"""


PADDING = 14  # points beside a button's words


def tip(text: str) -> str:
    """A tooltip that breaks its lines."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""


def named(widget: Any, name: str, help: str = "") -> Any:
    """The widget with a name for screen readers and a tooltip."""
    widget.setAccessibleName(name)
    widget.setAccessibleDescription(help)
    widget.setToolTip(tip(help or name))
    return widget


def spoken(widget: Any, name: str, help: str) -> None:
    """Name a widget, and what takes its focus."""
    named(widget, name, help)
    if widget.focusProxy() is not None:
        named(widget.focusProxy(), name, help)


def push(text: str) -> Any:
    """A button that Enter does not press unless it has the focus."""
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setMinimumWidth(button.fontMetrics().horizontalAdvance(text) + 2 * PADDING)
    return button


def dim(widget: Any, share: float = 0.4) -> Any:
    """Let a label step back behind what it explains."""
    palette = QPalette(widget.palette())
    text, ground = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    palette.setColor(QPalette.ColorRole.WindowText, mix(text, ground, share))
    widget.setPalette(palette)
    return widget


class Switch(QWidget):
    """Two or three choices side by side, one of them pressed."""

    changed = Signal()

    def __init__(self, choices: Sequence[Tuple[str, str]], parent: Any = None) -> None:
        super().__init__(parent)
        self._group, self._values = QButtonGroup(self), [value for value, _ in choices]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for i, (_, label) in enumerate(choices):
            button = QPushButton(label, self)
            button.setCheckable(True)
            button.setAutoDefault(False)
            self._group.addButton(button, i)
            row.addWidget(button, 1)
        self._dress()
        self._group.button(0).setChecked(True)
        self.setFocusProxy(self._group.button(0))
        self._group.buttonClicked.connect(guarded(lambda: self.changed.emit()))

    def _dress(self) -> None:
        buttons = self.buttons()
        for button in buttons:
            button.setStyleSheet(self._style(button is buttons[0], button is buttons[-1]))

    @guarded
    def changeEvent(self, event: Any) -> None:
        """It follows the theme."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._dress()

    def _style(self, first: bool, last: bool) -> str:
        p = self.palette()
        role, window = QPalette.ColorRole, p.color(QPalette.ColorRole.Window)
        button, text, on = p.color(role.Button), p.color(role.ButtonText), p.color(role.Highlight)
        corners = ("border-top-left-radius:4px;border-bottom-left-radius:4px;" if first else "border-left:none;") + (
            "border-top-right-radius:4px;border-bottom-right-radius:4px;" if last else ""
        )
        colours = {
            "edge": mix(window, text, 0.25),
            "ground": button,
            "text": mix(text, button, 0.2),
            "hover": mix(button, text, 0.1),
            "on": on,
            "on_text": p.color(role.HighlightedText),
            "focus": mix(on, text, 0.5),
        }
        return SWITCH.format(corners=corners, **{k: c.name() for k, c in colours.items()})

    def buttons(self) -> List[Any]:
        """The buttons, left to right."""
        return list(self._group.buttons())

    def value(self) -> str:
        """The choice that is pressed."""
        return str(self._values[self._group.checkedId()])

    def set_value(self, value: str) -> None:
        """Press a choice without telling of it."""
        self._group.button(self._values.index(value)).setChecked(True)


class Fold(QWidget):
    """A heading that opens and closes what lies under it."""

    toggled = Signal(bool)

    def __init__(self, title: str, inside: Any, parent: Any = None) -> None:
        super().__init__(parent)
        self.inside, self.head = inside, QToolButton(self)
        self.head.setText(title)
        self.head.setCheckable(True)
        self.head.setStyleSheet("QToolButton { border: none; text-align: left; padding: 4px; }")
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.head.toggled.connect(guarded(self._show))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.head)
        column.addWidget(inside)
        self._show(False)

    def _show(self, open_: bool) -> None:
        self.head.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        self.inside.setVisible(open_)
        self.toggled.emit(open_)
