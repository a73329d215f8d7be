"""A number as a bar that is dragged, stepped by keys or the wheel, or typed: Krita's own way with sliders."""

from __future__ import annotations

from typing import Any

from ..guard import guarded
from ..qt import QColor, QDoubleSpinBox, QLocale, QPainter, QPainterPath, QPalette, QRectF, Qt, Signal
from ..wire.editor.scales import PERCENT, Scale

DIGITS = 4  # shown of a number


class NumberBar(QDoubleSpinBox):
    """A spin box whose ground fills up with its number. Right or double click, or any digit, edits it as text."""

    moved = Signal()  # by the user, once for each new number

    def __init__(
        self, scale: Scale, unit: str = "", zero_label: str = "", parent: Any = None, draggable: bool = True
    ) -> None:
        super().__init__(parent)
        self.scale, self._draggable = scale, draggable
        self._dragged = self._typing = False
        self._times = PERCENT if scale.percent else 1.0
        self._setting = False
        locale = QLocale(self.locale())
        locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
        self.setLocale(locale)
        self.setDecimals(0 if scale.whole else 6)
        self.setRange(scale.low * self._times, scale.high * self._times)
        self.setSuffix(" %" if scale.percent else f" {unit}" if unit[:1].isalpha() else unit)
        self.setSpecialValueText(zero_label)
        self.setButtonSymbols(QDoubleSpinBox.ButtonSymbols.NoButtons)
        self.setFrame(True)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel, which scrolls the form
        self.setKeyboardTracking(False)
        self.setMinimumWidth(110)
        self._dress_line()
        self.valueChanged.connect(guarded(self._changed))

    def _dress_line(self) -> None:
        line = self.lineEdit()
        palette = QPalette(line.palette())
        palette.setColor(QPalette.ColorRole.Base, QColor(0, 0, 0, 0))
        line.setPalette(palette)
        line.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)

    def number(self) -> float:
        """The number in the option's unit."""
        return float(round(self.value() / self._times, 8))

    def set_number(self, number: float) -> None:
        """Show a number without telling of it."""
        self._setting = True
        try:
            self.setValue(number * self._times)
        finally:
            self._setting = False

    def _changed(self) -> None:
        self.update()
        if not self._setting:
            self.moved.emit()

    # what Qt asks a spin box

    def textFromValue(self, value: float) -> str:
        """At most four digits that count, and no noughts behind."""
        text = f"{value:.{DIGITS}g}" if abs(value) < 10**DIGITS else f"{value:.0f}"
        return str(self.locale().toString(float(text), "f", max(0, len(text.partition(".")[2]))))

    def stepBy(self, steps: int) -> None:
        """Steps are hundredths of the bar."""
        self.set_by_user(self.scale.stepped(self.number(), steps))

    def set_by_user(self, number: float) -> None:
        """Take a number and tell of it."""
        self.setValue(number * self._times)

    # keys and the mouse

    def keyPressEvent(self, event: Any) -> None:
        if event.text().strip() and not self._typing:
            self._edit()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: Any) -> None:
        self._typing = False
        super().focusOutEvent(event)

    def mousePressEvent(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._draggable:
            self._dragged, self._typing = True, False
            self._set_at(event)
        else:
            self._edit()

    def mouseMoveEvent(self, event: Any) -> None:
        if self._dragged:
            self._set_at(event)

    def mouseReleaseEvent(self, event: Any) -> None:
        self._dragged = False

    def mouseDoubleClickEvent(self, event: Any) -> None:
        self._dragged = False
        self._edit()

    def contextMenuEvent(self, event: Any) -> None:
        event.accept()

    def wheelEvent(self, event: Any) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _set_at(self, event: Any) -> None:
        self.set_by_user(self.scale.number((event.pos().x() - 2) / max(1, self.width() - 4)))

    def _edit(self) -> None:
        self._typing = True
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.selectAll()

    # looks

    def paintEvent(self, event: Any) -> None:
        super().paintEvent(event)
        if self._draggable:
            painter = QPainter(self)
            self._fill(painter)
            painter.end()

    def _fill(self, painter: Any) -> None:
        fraction = self.scale.fraction(self.number())
        inner = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = QPainterPath()
        shape.addRoundedRect(inner, 2, 2)
        colour = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        colour.setAlphaF(0.75 if self.isEnabled() else 0.25)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(shape)
        painter.fillRect(QRectF(inner.left(), inner.top(), inner.width() * fraction, inner.height()), colour)
