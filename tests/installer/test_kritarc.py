"""The one key in Krita's settings, and nothing else touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from installer.editors.kritarc import disabled, enabled
from scumble.wire.engine.profiles import moved_resources

LINE = b"enable_scumble_krita=true"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b"[python]\n%s\n"),
        (b"[a]\nb=c", b"[a]\nb=c\n\n[python]\n%s\n"),
        (b"[a]\nb=c\n", b"[a]\nb=c\n\n[python]\n%s\n"),
        (b"[python]\n%s\n", b"[python]\n%s\n"),
        (b"[python]\nx=1\n%s\n", b"[python]\nx=1\n%s\n"),
        (b"[python]\nenable_scumble_krita=false\nx=1\n[z]\n", b"[python]\n%s\nx=1\n[z]\n"),
        (b"[python]", b"[python]\n%s\n"),
        (b"[z]\r\na=1\r\n[python]\r\nx=1\r\n", b"[z]\r\na=1\r\n[python]\r\n%s\r\nx=1\r\n"),
        (b"[other]\nenable_scumble_krita=false\n", b"[other]\nenable_scumble_krita=false\n\n[python]\n%s\n"),
        (b"[python]\na=1\n[b]\n[python]\nenable_scumble_krita=false\n", b"[python]\n%s\na=1\n[b]\n[python]\n"),
        (b"[a]\nb=\xff\x85[python]\x0cx\n", b"[a]\nb=\xff\x85[python]\x0cx\n\n[python]\n%s\n"),
    ],
)
def test_the_key_is_set_and_the_rest_stays(before, after):
    after = after.replace(b"%s", LINE)
    assert enabled(before.replace(b"%s", LINE)) == after == enabled(after)


@pytest.mark.parametrize(
    "before",
    [
        b"",
        b"[a]\nb=c\n",
        b"ResourceDirectory=\n[MainWindow]\nState=\xff\xfe==\n\n[python]\nenable_other=false\n\n[theme]\nTheme=x\n",
        b"[z]\r\na=1\r\n[python]\r\nx=1\r\n",
        b"[a]\nb=c\n\n\n",
    ],
)
def test_switching_off_restores_what_was(before):
    assert disabled(enabled(before)) == before == disabled(before)


def test_a_section_that_krita_moved_goes_with_our_line_alone():
    assert disabled(b"[a]\nb=c\n\n[python]\n" + LINE + b"\n\n[z]\nq=1\n") == b"[a]\nb=c\n\n[z]\nq=1\n"
    assert disabled(b"[python]\n" + LINE + b"\n\n[z]\n") == b"[z]\n"
    assert disabled(b"[python]\n" + LINE + b"\nenable_x=true\n") == b"[python]\nenable_x=true\n"


def test_resources_that_were_moved_are_found():
    assert moved_resources(b"a=b\nResourceDirectory=/mnt/art\n[x]\n") == Path("/mnt/art")
    assert moved_resources(b"ResourceDirectory=\n") is None
    assert moved_resources(b"[x]\nResourceDirectory=/mnt/art\n") is None
