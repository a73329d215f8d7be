"""What Krita calls: the two entries of the Filter menu, and the plug-in's end with Krita's."""

from __future__ import annotations

from typing import Any, List

from krita import Extension, Krita

from .guard import guarded
from .log import logger, start_log
from .model.studio import studio
from .qt import QApplication, QTimer
from .texts import speak, tr
from .version import VERSION

MENU = "filter"
SETTLED_MS = 1500  # after which Krita has time for us
ACTIONS = ("scumble_style_transfer", "scumble_repeat")


class ScumbleExtension(Extension):
    """Puts the plug-in into each window of Krita."""

    def __init__(self, parent: Any) -> None:
        super().__init__(parent)
        self._kept: List[Any] = []  # what Python must not let go while Krita uses it

    @guarded
    def setup(self) -> None:
        """Krita has loaded its plug-ins."""
        start_log()
        speak()
        studio().dialog_factory = make_dialog
        self._kept.append(make_progress())
        logger.info("Scumble %s in Krita %s", VERSION, Krita.instance().version())
        notifier = Krita.instance().notifier()
        notifier.setActive(True)
        notifier.applicationClosing.connect(guarded(studio().close))
        self._kept.append(notifier)
        QApplication.instance().aboutToQuit.connect(guarded(studio().close))
        # An engine that runs already is greeted; none is started before it is needed.
        QTimer.singleShot(SETTLED_MS, guarded(lambda: studio().engine.start(launch=False)))

    @guarded
    def createActions(self, window: Any) -> None:
        """A window of Krita is being made."""
        transfer, repeat = ACTIONS
        self._add(window, transfer, tr("Scumble: Style Transfer…"), lambda: studio().open_dialog())
        self._add(window, repeat, tr("Scumble: Repeat Last"), lambda: studio().repeat_last())

    def _add(self, window: Any, name: str, text: str, slot: Any) -> None:
        action = window.createAction(name, text, MENU)
        action.setText(text)  # the .action file's is English
        action.triggered.connect(guarded(slot))
        self._kept.append(action)


def make_progress() -> Any:
    """What shows a job over the canvas where no docker can be seen."""
    from .docker.canvasprogress import CanvasProgress
    from .docker.docker import is_seen
    from .model.canvas import main_window

    return CanvasProgress(studio(), main_window, is_seen)


def make_dialog(studio: Any, recipe: Any, parent: Any, chosen: bool) -> Any:
    """The dialog; its modules are loaded when it is opened first."""
    from .dialog.dialog import StyleDialog

    return StyleDialog(studio, recipe, parent, chosen=chosen)
