"""The connection file while the engine runs: written, kept as it should be, removed."""

from __future__ import annotations

import contextlib
from pathlib import Path

from ...wire.engine.connection import Connection, connection_path, read_file, remove_connection, write_connection
from ...wire.engine.processes import is_alive
from ...wire.protocol.errors import ScumbleError
from .lock import EngineLock


class ConnectionFile:
    """The file that says where this engine is."""

    def __init__(self, connection: Connection, lock: EngineLock) -> None:
        self.connection, self._lock = connection, lock

    def write(self) -> None:
        """Write the file. Raises `file-write`."""
        write_connection(self.connection)

    def keep(self) -> bool:
        """Write the file anew where it was lost or damaged. False where another engine has taken its place."""
        with contextlib.suppress(ScumbleError, OSError):  # a full disk, say: once more, later
            path = connection_path()  # makes a folder that was removed
            if not self._lock.renew():
                return False
            found = _read(path)
            if found == self.connection:
                return True
            if found is not None and found.pid != self.connection.pid and is_alive(found.pid):
                return False
            self.write()
        return True

    def remove(self) -> None:
        """Remove the file."""
        with contextlib.suppress(ScumbleError):
            remove_connection(self.connection.pid)


def _read(path: Path) -> Connection | None:
    try:
        return read_file(path)
    except (ScumbleError, FileNotFoundError):
        return None
