"""Both plug-ins' manuals come of one source."""

from __future__ import annotations

import pytest

from plugins.manual import MARKS, PAGES, SOURCE, manual_of


@pytest.mark.parametrize("editor", PAGES)
def test_each_page_is_what_the_source_makes(editor: str) -> None:
    assert PAGES[editor].read_text("utf-8") == manual_of(editor), "run: python plugins/manual.py"


def test_what_is_for_one_editor_is_on_its_page_alone() -> None:
    krita, gimp = manual_of("krita"), manual_of("gimp")
    assert "The docker" in krita and "The docker" not in gimp and "View Engine…" in gimp and "View Engine…" not in krita
    assert not any(mark in page for mark in MARKS for page in (krita, gimp))
    text = SOURCE.read_text("utf-8")
    assert all(line in MARKS for line in text.splitlines() if line.startswith("<!--"))
