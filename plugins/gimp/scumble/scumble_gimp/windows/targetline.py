"""What the dialog paints, by name; and the tick that edits a result in place of painting over it."""

from __future__ import annotations

from typing import Any, Callable, Optional, Tuple

from ..texts import tr
from ..wire.editor.target import target_words
from .gtklib import Gtk
from .gtkparts import box, guarded, line, spoken


class TargetLine:
    """Knows the chosen layer as a result (`editing.Result`), where it is one. The user's tick calls `changed`."""

    def __init__(self, changed: Callable[[], Any]) -> None:
        self.result: Any = None
        self.line, self.edit = line(), Gtk.CheckButton(label=tr("Edit this result"), no_show_all=True)
        self._putting = False
        self._changed = changed
        about = tr("Paint again what this layer was painted from, and put the result in its place.")
        spoken(self.edit, tr("Edit this result"), about)
        self.edit.connect("toggled", guarded(lambda *_: self._tell()))
        self.widget = box(vertical=True, spacing=3)
        self.widget.add(self.line)
        self.widget.add(self.edit)

    def take(self, result: Any) -> None:
        """The layer may be a result: that is edited unless the user says otherwise."""
        fresh = result is None or self.result is None or self.result.layer.get_id() != result.layer.get_id()
        self.result = result
        if fresh:
            self._putting = True
            self.edit.set_active(result is not None)  # else the user would paint over a painting without noticing it
            self._putting = False
        self.edit.set_visible(result is not None)

    def edited(self) -> Any:
        """The result that is painted anew; None where a new one is to be made."""
        return self.result if self.edit.get_active() else None

    def tell(self, layer: str, selected: Optional[Tuple[int, int]], more: int = 0) -> None:
        """The layer that is read, how many `more` are painted, and the size of what is selected."""
        edited = self.edited()
        instead = edited.layer.get_name() if edited is not None else ""
        self.line.set_text(target_words(layer, selected, instead, more))

    def _tell(self) -> None:
        if not self._putting:
            self._changed()
