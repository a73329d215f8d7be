"""Paths in two forms: as people read them, and as this Python's file functions take them.

They differ in an editor's Python that has another encoding than its user: Krita on Linux sets LANG to its language,
without the encoding, before it starts Python, which then takes names of files for ASCII or Latin-1.
"""

from __future__ import annotations

import os
import sys
from pathlib import PurePath
from typing import Union


def native(text: str) -> str:
    """A path from a file, the wire or a toolkit as `open`, `os` and `subprocess` take it. Not to be done twice."""
    return text if sys.platform == "win32" else os.fsdecode(text.encode("utf-8", "surrogateescape"))


def readable(path: Union[str, PurePath]) -> str:
    """A path of `os`, `pathlib` or the environment as people read it; bytes that are not UTF-8 show as “�”."""
    try:
        return os.fsencode(path).decode("utf-8", "replace")
    except UnicodeEncodeError:  # it is readable already
        return str(path).encode("utf-8", "replace").decode("utf-8")
