"""“Install the engine…”: where it is missing, a window that brings it, from the dialog and from the docker."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable, List, Optional

from .guard import guarded
from .helpbutton import help_button
from .qt import QDialog, QHBoxLayout, QProgressBar, Qt, QTimer, QVBoxLayout
from .widgets import named, push
from .wire.editor.installing.installation import Installation
from .wire.editor.installing.labels import labels
from .wire.editor.installing.sources import installing_helps
from .wrappedtext import WrappedText

EDGE, WIDTH = 14, 460  # points
TICK_MS = 100

_shown: List[InstallWindow] = []  # one for each Krita: the installation goes on while the window is closed


class InstallWindow(QDialog):
    """Says what will be done, does it when told to, and starts the engine then."""

    def __init__(self, installed: Callable[[], object], parent: Any = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(labels().window)
        self.setWindowFlag(Qt.WindowType.WindowContextHelpButtonHint, False)
        self._installed = installed
        self.installation = Installation(Path(__file__).resolve().parent)
        self.words, self.detail, self.bar = WrappedText(), WrappedText(dim=True), QProgressBar()
        self.begin, self.away = push(labels().install), push(labels().close)
        self.help = help_button(self, self.detail.set_text)
        self._lay_out()
        self.begin.clicked.connect(guarded(self._begin))
        self.away.clicked.connect(guarded(self._on_away))
        self._timer = QTimer(self)
        self._timer.timeout.connect(guarded(self._tick))
        self._timer.start(TICK_MS)
        self.resize(WIDTH, self.sizeHint().height())
        self._show()

    def _lay_out(self) -> None:
        column, foot = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(EDGE, EDGE, EDGE, EDGE)
        column.setSpacing(EDGE)
        self.bar.setRange(0, 0)  # how much there is in all is not known
        self.bar.setTextVisible(False)
        named(self.bar, labels().window)
        self.begin.setDefault(True)
        for part in (self.words, self.bar, self.detail):
            column.addWidget(part)
        column.addStretch(1)
        foot.addWidget(self.help)
        foot.addStretch(1)
        for button in (self.away, self.begin):
            button.setMinimumWidth(max(96, button.minimumWidth()))
            foot.addWidget(button)
        column.addLayout(foot)

    def _begin(self) -> None:
        self.installation.begin()
        self._timer.start(TICK_MS)
        self._show()

    def _on_away(self) -> None:
        if self.installation.state == "running":
            self.installation.cancel()
            self._show()
        else:
            self.close()

    def _tick(self) -> None:
        if self.installation.tick():
            self._show()
        if self.installation.ended:
            self._timer.stop()
            if self.installation.state == "done":
                self._installed()

    def _show(self) -> None:
        """Take over where the installation is."""
        now, running = self.installation, self.installation.state == "running"
        self.words.set_text(now.heading)
        self.detail.set_text(now.detail)
        self.bar.setVisible(not now.ended)
        self.begin.setText(labels().install if now.state in ("looking", "ready", "running") else labels().again)
        self.begin.setVisible(now.may_begin or now.state in ("looking", "running"))
        self.begin.setEnabled(now.may_begin)
        self.away.setText(labels().cancel if running else labels().close)
        self.away.setEnabled(not now.cancelling)

    def keeps_going(self) -> bool:
        """Whether an installation runs in it."""
        return not self.installation.ended


def show_installer(studio: Any, parent: Optional[Any]) -> None:
    """The window, in front; a new one unless an installation runs."""
    if not _shown or not _shown[0].keeps_going():
        for old in _shown:
            old.close()
            old.deleteLater()
        _shown[:] = [InstallWindow(studio.start_engine, parent)]
        _shown[0].destroyed.connect(_shown.clear)  # with the window of Krita's that it lies over
    for act in (_shown[0].show, _shown[0].raise_, _shown[0].activateWindow):
        act()


def install_button(studio: Any, over: Callable[[], Any]) -> Any:
    """The button that opens it; `over` gives the window that it is to lie over. Show it by `offer`."""
    button = named(push(labels().open), labels().open, labels().open_help)
    button.clicked.connect(guarded(lambda: show_installer(studio, over())))
    button.setVisible(False)
    return button


def offer(button: Any, studio: Any) -> None:
    """Show the button where the engine is missing."""
    wanted = studio.link.state == "off" and installing_helps(studio.link.error)
    if button.isHidden() == wanted:
        button.setVisible(wanted)
