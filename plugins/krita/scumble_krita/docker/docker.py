"""The docker “Scumble”, one in each of Krita's windows."""

from __future__ import annotations

from typing import Any

from krita import DockWidget

from ..guard import guarded
from ..model.studio import studio
from .panel import ScumblePanel


class ScumbleDocker(DockWidget):
    """The panel in Krita's frame."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Scumble")
        self.panel: Any = None
        self._fill()

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
