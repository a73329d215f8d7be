"""What the dialog paints, by name; and the tick that edits a result in place of painting over it."""

from __future__ import annotations

from typing import Any, Optional, Tuple

from ..dockparts import Line
from ..guard import guarded
from ..qt import QCheckBox, Qt, QVBoxLayout, QWidget, Signal
from ..texts import tr
from ..widgets import named
from ..wire.editor.target import target_words


class TargetLine(QWidget):
    """Knows the active layer as a result (`editing.Result`), where it is one; `changed` by the user's tick."""

    changed = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.result: Any = None
        self.line, self.edit = Line(), QCheckBox(tr("Edit this result"))
        about = tr("Paint again what this layer was painted from, and put the result in its place.")
        named(self.edit, tr("Edit this result"), about)
        self.edit.hide()
        self.edit.clicked.connect(guarded(lambda: self.changed.emit()))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignLeft)

    def take(self, result: Any) -> None:
        """Another layer may be active, which may be a result: that is edited unless the user says otherwise."""
        before, self.result = self.result, result
        if result is None or before is None or before.node != result.node:
            self.edit.setChecked(result is not None)  # else the user would paint over a painting without noticing it
        self.edit.setVisible(result is not None)

    def edited(self) -> Any:
        """The result that is painted anew; None where a new one is to be made."""
        return self.result if self.edit.isChecked() else None

    def tell(self, layer: str, selected: Optional[Tuple[int, int]], more: int, frame: bool) -> None:
        """The layer that is read, the size of what is selected of it, how many `more`; whether it is but a frame."""
        edited = self.edited()
        instead, more = (edited.node.name(), 0) if edited is not None else ("", more)
        self.line.set_text(target_words(layer, selected, instead, more, frame))
