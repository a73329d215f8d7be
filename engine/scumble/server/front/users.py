"""Which user holds the other end of a local connection: Linux tells it in /proc/net, other systems do not."""

from __future__ import annotations

import contextlib
import os
import re
import sys
from typing import BinaryIO

TABLES = ("/proc/net/tcp", "/proc/net/tcp6")
ESTABLISHED = b"01"


class Users:
    """Users by the ports of their ends of connections. Its files stay open: there may be none left to open later."""

    own, unknown = "own", "unknown"

    def __init__(self) -> None:
        self._tables: list[BinaryIO] = []
        self._ours = {b"0", b"%d" % os.getuid()} if sys.platform != "win32" else set()  # root may do as it likes
        for path in TABLES:
            with contextlib.suppress(OSError):
                self._tables.append(open(path, "rb", buffering=0))  # noqa: SIM115

    def of_ports(self, listening: int) -> dict[int, str]:
        """Who holds the far ends of connections to the port `listening`: `own`, or a user's number, by their ports."""
        # local address:port, remote address:port, state, queues, timer, retransmits, user
        row = re.compile(
            rb":\s[0-9A-F]+:([0-9A-F]{4})\s[0-9A-F]+:%04X\s%s\s\S+\s\S+\s+\S+\s+(\d+)\s" % (listening, ESTABLISHED)
        )
        found = {}
        for table in self._tables:
            with contextlib.suppress(OSError):
                table.seek(0)
                for port, user in row.findall(table.read()):
                    found[int(port, 16)] = self.own if user in self._ours else user.decode()
        return found

    def close(self) -> None:
        """Close the tables."""
        for table in self._tables:
            table.close()
