"""The docker “Scumble”, one in each of Krita's windows."""

from __future__ import annotations

from typing import Any, List

from krita import DockWidget

from ..guard import guarded
from ..model.studio import studio
from .panel import ScumblePanel

DOCKERS: List[Any] = []  # one for each window


def is_seen() -> bool:
    """Whether the docker can be seen in one of Krita's windows."""
    found = False
    for docker in list(DOCKERS):
        try:
            found = found or (docker.panel is not None and docker.panel.is_seen())
        except RuntimeError:  # Qt has deleted it with its window
            DOCKERS.remove(docker)
    return found


class ScumbleDocker(DockWidget):
    """The panel in Krita's frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Scumble")
        self.panel: Any = None
        self._fill()
        DOCKERS.append(self)

    @guarded
    def _fill(self) -> None:
        self.panel = ScumblePanel(studio())
        self.setWidget(self.panel)
        self.visibilityChanged.connect(self._on_visibility)

    @guarded
    def _on_visibility(self, visible: bool) -> None:
        """It came out from behind another docker's tab, perhaps."""
        if visible:
            self.panel.updates.look()

    def canvasChanged(self, canvas: Any) -> None:
        """Krita tells of the active canvas, None where there is none. Nothing here depends on it."""
