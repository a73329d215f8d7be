"""Makes each plug-in's Manual.html of the one source, `manual.html`: `python plugins/manual.py` writes them anew.

A line such as `<!-- krita -->` begins what is for one editor alone, `<!-- all -->` what is for all. The pages are kept
beside their plug-ins, where editors look for them; a test compares them with the source.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Iterator

PLUGINS = Path(__file__).resolve().parent
SOURCE = PLUGINS / "manual.html"
PAGES = {
    "krita": PLUGINS / "krita" / "scumble_krita" / "Manual.html",
    "gimp": PLUGINS / "gimp" / "scumble" / "scumble_gimp" / "Manual.html",
}
MARKS: Dict[str, str] = {f"<!-- {name} -->": name for name in ("all", *PAGES)}


def manual_of(editor: str) -> str:
    """The page for `editor` (“krita”, “gimp”)."""
    return "".join(_lines(editor))


def _lines(editor: str) -> Iterator[str]:
    part = "all"
    for line in SOURCE.read_text("utf-8").splitlines(keepends=True):
        mark = MARKS.get(line.strip())
        if mark:
            part = mark
        elif part in ("all", editor):
            yield line


if __name__ == "__main__":
    for name, page in PAGES.items():
        page.write_bytes(manual_of(name).encode())  # not as text: the same bytes on every system
        print(page)
