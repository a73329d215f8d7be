"""What the dialog paints, by name; its frames; and the tick that edits a result in place of painting over it."""

from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple

from ..dockparts import Line
from ..guard import guarded
from ..qt import QCheckBox, QHBoxLayout, QLabel, Qt, QVBoxLayout, QWidget, Signal
from ..texts import tr
from ..widgets import named
from ..wire.editor.frames.spans import Span, frames_help, frames_label, keys_help, keys_label, no_keys
from ..wire.editor.target import target_words
from .editors import Combo


class TargetLine(QWidget):
    """Knows the active layer as a result (`editing.Result`), where it is one; `changed` by the user's tick."""

    changed = Signal()

    def __init__(self, parent: Any = None) -> None:
        super().__init__(parent)
        self.result: Any = None
        self.line, self.edit = Line(), QCheckBox(tr("Edit this result"))
        self.frames = FrameChoice()
        self.frames.changed.connect(guarded(lambda: self.changed.emit()))
        self.keys = KeyChoice()
        about = tr("Paint again what this layer was painted from, and put the result in its place.")
        named(self.edit, tr("Edit this result"), about)
        self.edit.hide()
        self.edit.clicked.connect(guarded(self._on_edit))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.frames)
        column.addWidget(self.keys)
        column.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignLeft)

    def take(self, result: Any) -> None:
        """Another layer may be active, which may be a result: that is edited unless the user says otherwise."""
        before, self.result = self.result, result
        if result is None or before is None or before.node != result.node:
            self.edit.setChecked(result is not None)  # else the user would paint over a painting without noticing it
            if result is not None:
                self._forget()
        self.edit.setVisible(result is not None)

    def _on_edit(self) -> None:
        self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        """Frames of another layer will be offered: what was chosen of them says nothing."""
        self.frames.offer(())
        self.keys.offer(())

    def edited(self) -> Any:
        """The result that is painted anew; None where a new one is to be made."""
        return self.result if self.edit.isChecked() else None

    def span(self) -> Optional[Tuple[int, ...]]:
        """The frames that are painted, by their times; None for the one that shows."""
        return self.frames.times()

    def chosen(self) -> Tuple[Any, Optional[Tuple[int, ...]], str]:
        """What `edited` and `span` say, and the layer whose frames were painted by hand, by its identity."""
        return self.edited(), self.span(), self.keys.layer() if self.span() is not None else ""

    def tell(
        self,
        layer: str,
        selected: Optional[Tuple[int, int]],
        more: int,
        moves: bool,
        spans: Sequence[Span],
        hands: Sequence[Tuple[str, str]] = (),
    ) -> None:
        """The layer that is read, the size of what is selected of it, how many `more`; whether it moves, and how; the
        layers whose frames may have been painted by hand, as (identity, name).
        """
        edited = self.edited()
        self.frames.offer(spans if not more else ())
        self.keys.offer(hands if self.span() is not None else (), edited.by_hand if edited is not None else "")
        instead, more = (edited.node.name(), 0) if edited is not None else ("", more)
        self.line.set_text(target_words(layer, selected, instead, more, moves and self.span() is None))


class ChoiceRow(QWidget):
    """A word and a list beside it: a row that is there while there is something to choose. `changed` by the user."""

    changed = Signal()

    def __init__(self, label: str, about: str) -> None:
        super().__init__()
        self.combo = Combo(self)
        self.combo.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self.combo, label, about)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(QLabel(label, self))
        row.addWidget(self.combo, 1)
        self.setFocusProxy(self.combo)
        self.hide()
        self.combo.activated.connect(guarded(lambda *_: self.changed.emit()))

    def put(self, words: Sequence[str], at: int) -> None:
        """What there is to choose, and which of it is chosen."""
        self.combo.clear()
        for word in words:
            self.combo.addItem(word)
        self.combo.setCurrentIndex(at)

    def at(self) -> int:
        """Which is chosen, from 0."""
        return max(0, int(self.combo.currentIndex()))


class FrameChoice(ChoiceRow):
    """There where a layer moves; what was chosen stays chosen as long as that is offered."""

    def __init__(self) -> None:
        super().__init__(frames_label(), frames_help())
        self._spans: Tuple[Span, ...] = ()

    def offer(self, spans: Sequence[Span]) -> None:
        """What there is to choose; nothing hides the row."""
        if tuple(spans) != self._spans:
            kind = self._span().kind if self._spans else ""
            self._spans = tuple(spans)
            at = [i for i, span in enumerate(self._spans) if span.kind == kind]
            self.put([span.label for span in self._spans], at[0] if at else 0)
        self.setVisible(bool(self._spans))

    def times(self) -> Optional[Tuple[int, ...]]:
        """The frames that are painted, by their times; None for the one that shows."""
        return self._span().times if self._spans and self._span().kind != "one" else None

    def _span(self) -> Span:
        return self._spans[self.at()]


class KeyChoice(ChoiceRow):
    """There where several frames are painted, and another layer moves; what was chosen stays so while it is there."""

    def __init__(self) -> None:
        super().__init__(keys_label(), keys_help())
        self._layers: Tuple[Tuple[str, str], ...] = ()

    def offer(self, layers: Sequence[Tuple[str, str]], first: str = "") -> None:
        """Layers, as (identity, name); nothing hides the row. `first` is chosen where the user could not choose yet."""
        if tuple(layers) != self._layers:
            chosen, self._layers = (self.layer() if self._layers else first), tuple(layers)
            at = [i for i, (identity, _) in enumerate(self._layers, 1) if identity == chosen]
            self.put([no_keys(), *(name for _, name in self._layers)], at[0] if at else 0)
        self.setVisible(bool(self._layers))

    def layer(self) -> str:
        """The layer's identity; empty for none."""
        return self._layers[self.at() - 1][0] if self._layers and self.at() else ""
