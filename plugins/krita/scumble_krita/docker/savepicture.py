"""A kept result saved as a picture file: chosen in a window that blocks nothing, written by a thread."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Callable, Optional

from ..guard import guarded
from ..qt import QtCore, QtGui, QtWidgets, Signal
from ..texts import explain, tr
from ..wire.protocol.errors import ScumbleError

_FORMATS = {"u8": "Format_RGBA8888", "u16": "Format_RGBA64"}  # RGBA with straight alpha; Qt 5 has none for floats


def can_save(entry: Any) -> bool:
    """Whether Qt can write a result's pixels as they are: RGBA of 8 or 16 bits."""
    form = entry.ref.raw
    return form.channels == 4 and form.depth in _FORMATS and form.space == "srgb"


def write_picture(entry: Any, path: Path) -> None:
    """Write an entry as the ending of `path` says. Raises `file-missing`, `picture-truncated`, `file-write`."""
    form, data = entry.ref.raw, entry.pixels()
    kind = getattr(QtGui.QImage.Format, _FORMATS[form.depth])
    image = QtGui.QImage(data, form.width, form.height, len(data) // form.height, kind)
    image.setColorSpace(QtGui.QColorSpace(QtGui.QColorSpace.NamedColorSpace.SRgb))
    writer = QtGui.QImageWriter(str(path))
    if not writer.write(image):
        raise ScumbleError("file-write", name=path, reason=writer.errorString())


class PictureSaver(QtCore.QObject):
    """Asks where to, writes in a thread, and says how it went."""

    _written = Signal(str)

    def __init__(self, say: Callable[[str], None], parent: Optional[Any] = None) -> None:
        super().__init__(parent)
        self._written.connect(guarded(lambda text: say(text)))

    def ask(self, entry: Any, window: Any) -> None:
        """Let the user choose a file, then write it."""
        dialog = QtWidgets.QFileDialog(window, tr("Save picture"), _suggested(entry), tr("Pictures (*.png *.jpg)"))
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("png")
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(False)
        dialog.fileSelected.connect(guarded(lambda path: self.write(entry, Path(path))))
        dialog.show()

    def write(self, entry: Any, path: Path) -> None:
        """Write in a thread: a large PNG takes seconds."""
        threading.Thread(target=self._write, args=(entry, path), daemon=True).start()

    def _write(self, entry: Any, path: Path) -> None:
        try:
            write_picture(entry, path)
            text = tr("Saved as {name}").format(name=path)
        except Exception as e:
            text = explain(e)
        self._written.emit(text)


def _suggested(entry: Any) -> str:
    kept = "".join(c if c.isalnum() or c in " -+_" else " " for c in entry.title).strip() or "Scumble"
    return f"{kept}.png"
