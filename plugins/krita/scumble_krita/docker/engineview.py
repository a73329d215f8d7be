"""The engine at the docker's top: how it is, in plain words and with a dot, and a menu to start and stop it."""

from __future__ import annotations

from typing import Any, Callable, Optional

from ..dockparts import AMBER, GAP, GREEN, RED, accent, column, shade
from ..guard import guarded
from ..installwindow import install_button, offer
from ..qt import QAction, QtCore, QtGui, QtWidgets
from ..texts import tr
from ..wire.words.translation import remedy, sentence
from ..wrappedtext import WrappedText
from .controls import MenuButton


class Dot(QtWidgets.QWidget):
    """A small round light: `hue` in degrees, or None for none on."""

    def __init__(self, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self.hue: Optional[int] = None
        self.setFixedSize(10, 10)

    def set_hue(self, hue: Optional[int]) -> None:
        """Light it in `hue`."""
        if hue != self.hue:
            self.hue = hue
            self.update()

    @guarded
    def paintEvent(self, event: Any) -> None:
        """A disc, or a ring while nothing is on."""
        painter = QtGui.QPainter(self)
        painter.setRenderHint(QtGui.QPainter.RenderHint.Antialiasing)
        disc = QtCore.QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.hue is None:
            painter.setPen(QtGui.QPen(shade(self.palette(), 0.5), 1.4))
        else:
            painter.setPen(QtCore.Qt.PenStyle.NoPen)
            painter.setBrush(accent(self.palette(), self.hue))
        painter.drawEllipse(disc)


class EngineView(QtWidgets.QWidget):
    """One line on the engine, and below it what to do when something is wrong."""

    def __init__(self, studio: Any, parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self.trouble = ""  # what is wrong and what to do, as one text
        self._dot = Dot()
        self._state, self._sentence, self._remedy = WrappedText(), WrappedText(), WrappedText(dim=True)
        self.install = install_button(studio, self.window)
        self.button = MenuButton(tr("Engine"), self._menu())
        self.button.setToolTip(tr("What paints, in the background: start it, stop it, see its log"))
        self._beside, self._words = column(None), column(None)
        self._beside.addWidget(self._dot)
        self._words.addWidget(self._state)
        first = QtWidgets.QHBoxLayout()
        first.setSpacing(GAP)
        for part, stretch in ((self._beside, 0), (self._words, 1)):
            part.addStretch(1)
            first.addLayout(part, stretch)
        first.addWidget(self.button, 0, QtCore.Qt.AlignmentFlag.AlignTop)
        layout = column(self, gap=2)
        layout.addLayout(first)
        for below in (self._sentence, self._remedy):
            layout.addWidget(below)
        layout.addWidget(self.install, 0, QtCore.Qt.AlignmentFlag.AlignLeft)
        self._align()

    def _align(self) -> None:
        """The dot and the first line stand level with the button, whatever the font."""
        middle = self.button.sizeHint().height() // 2
        self._beside.setContentsMargins(0, max(0, middle - self._dot.height() // 2), 0, 0)
        self._words.setContentsMargins(0, max(0, middle - self.fontMetrics().height() // 2), 0, 0)

    @guarded
    def changeEvent(self, event: Any) -> None:
        """It follows the font: Krita's dockers have a small one."""
        super().changeEvent(event)
        if event.type() == QtCore.QEvent.Type.FontChange:
            self._align()

    def _menu(self) -> Any:
        menu = QtWidgets.QMenu(self)
        self.start = _action(menu, tr("Start"), self._studio.start_engine)
        self.stop = _action(menu, tr("Stop"), self._studio.stop_engine)
        menu.addSeparator()
        self.log = _action(menu, tr("Open log"), self._open_log)
        return menu

    def refresh(self, told: Callable[[str], bool] = lambda trouble: False) -> None:
        """Take over what changed; `told` says whether what is wrong can be read elsewhere already."""
        link = self._studio.link
        words = self._studio.engine_sentence()
        error = link.error if link.state == "off" and words != tr("Off") else None  # stopped on purpose, it is no error
        self.trouble = f"{sentence(error)} {remedy(error)}".strip() if error else ""
        self._dot.set_hue({"ready": GREEN, "starting": AMBER}.get(link.state, RED if error else None))
        words = tr("Off until you need it") if words == tr("Off") else words
        self._state.set_text(tr("Not running") if error else words)
        if error is not None and told(self.trouble):
            error = None
        self._sentence.set_text(sentence(error) if error else "")
        self._remedy.set_text(remedy(error) if error else "")
        offer(self.install, self._studio)
        self.stop.setText(tr("Disconnect") if link.remote else tr("Stop"))  # another machine's goes on for others
        for action, usable in ((self.start, link.state == "off"), (self.stop, link.state != "off")):
            if action.isEnabled() != usable:
                action.setEnabled(usable)

    @guarded
    def _open_log(self) -> None:
        path = self._studio.log_path()
        if not QtGui.QDesktopServices.openUrl(QtCore.QUrl.fromLocalFile(path)):
            self._studio.say(tr("The log is {path}").format(path=path))


def _action(menu: Any, text: str, then: Any) -> Any:
    action = QAction(text, menu)
    action.triggered.connect(guarded(lambda: then()))
    menu.addAction(action)
    return action
