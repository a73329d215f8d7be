"""The manual: by F1 anywhere in the dialog, and by a button."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

from .dockparts import small_button
from .guard import guarded
from .qt import QDesktopServices, QKeySequence, QShortcut, Qt, QUrl
from .widgets import named
from .wire.editor.manual import NAME, manual_words, not_shown

MANUAL = Path(__file__).resolve().parent / NAME


def help_button(dialog: Any, say: Callable[[str], object]) -> Any:
    """The button; F1 in `dialog` does the same. `say` gets what is to be told where no browser opens."""

    def show() -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(MANUAL))):
            say(not_shown(MANUAL))

    label, about = manual_words()
    button = named(small_button(label), label, about)
    button.clicked.connect(guarded(show))
    key = QShortcut(QKeySequence(Qt.Key.Key_F1), dialog)
    key.activated.connect(guarded(show))
    return button
