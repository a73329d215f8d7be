"""Speaking to terminals and files whose encoding lacks letters, as Windows's code pages do."""

from __future__ import annotations

import codecs
import io
import sys
from typing import Tuple

HANDLER = "scumble-lookalike"
LOOKALIKES = {
    **dict.fromkeys("“”„", '"'),
    **dict.fromkeys("‘’′", "'"),
    **dict.fromkeys("–—−‐", "-"),
    **{"…": "...", "×": "x", "→": "->", "▸": ">", "»": ">", "·": "-", "≤": "<=", "≥": ">=", "\u00a0": " "},
    **{"✓": "+", "✗": "x"},
}


def never_fail_to_speak() -> None:
    """Where standard output or error lack a letter, print what looks like it, or “?”."""
    codecs.register_error(HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=HANDLER)


def _replace(error: UnicodeError) -> Tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(LOOKALIKES.get(letter, "?") for letter in lacking), error.end
