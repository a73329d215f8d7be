"""A picture that is dropped on the dialog, or pasted into it, becomes a style."""

from __future__ import annotations

from typing import Any, Callable

from ..guard import guarded
from ..qt import QApplication, QBuffer, QByteArray, QEvent, QIODevice, QKeySequence, QObject, QShortcut
from ..wire.editor.given import keep_pasted, picture_among

Take = Callable[[str, Any], None]


class GivenPictures(QObject):
    """Watches `dialog`; `take` gets a file's path, and the place where it was dropped (None where it was pasted)."""

    def __init__(self, dialog: Any, take: Take) -> None:
        super().__init__(dialog)
        self._dialog, self._take = dialog, take
        dialog.setAcceptDrops(True)
        dialog.installEventFilter(self)
        self.paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), dialog)
        self.paste.activated.connect(guarded(self._paste))

    @guarded
    def eventFilter(self, watched: Any, event: Any) -> bool:
        """A drag over the dialog, or its end."""
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            if holds_picture(event.mimeData()):
                event.acceptProposedAction()
                return True
        elif kind == QEvent.Type.Drop:
            path = path_of(event.mimeData())
            if path:
                event.acceptProposedAction()
                self._take(path, event.position().toPoint() if hasattr(event, "position") else event.pos())
                return True
        return False

    def _paste(self) -> None:
        path = path_of(QApplication.clipboard().mimeData())
        if path:
            self._take(path, None)


def holds_picture(data: Any) -> bool:
    """Whether what is dragged can be a style."""
    return bool(data.hasImage() or picture_among(u.toString() for u in data.urls()))


def path_of(data: Any) -> str:
    """The file of what was dropped or copied; a picture without one is kept as a file. Raises `file-write`."""
    path = picture_among(u.toString() for u in data.urls())
    if path or not data.hasImage():
        return path
    bytes_ = QByteArray()
    buffer = QBuffer(bytes_)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = QApplication.clipboard().image() if data is QApplication.clipboard().mimeData() else data.imageData()
    return keep_pasted(bytes(bytes_)) if image is not None and image.save(buffer, "PNG") else ""
