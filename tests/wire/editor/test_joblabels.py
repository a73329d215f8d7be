"""What is said of the history."""

from __future__ import annotations

import time

from scumble.wire.editor.jobs.labels import when_words


def test_when_in_words() -> None:
    now = time.mktime((2026, 5, 20, 15, 0, 0, 0, 0, -1))
    past = [5, 300, 3 * 3600, 20 * 3600, 50 * 3600]
    expected = ["just now", "5 min ago", "12:00", "yesterday", "2 days ago"]
    assert [when_words(now - s, now) for s in past] == expected
