"""What a dialog paints, in words."""

from __future__ import annotations

from scumble.wire.editor.target import target_words


def test_words() -> None:
    assert target_words("Background", (120, 300)) == "Layer: Background · selection 120×300"
    assert target_words("Sky", None, "The Scream") == "Layer: Sky · replaces “The Scream”"
    assert target_words("Sky", (9, 8), more=2, frame=True) == "Layer: Sky and 2 more · this frame only · selection 9×8"
    assert target_words("") == ""
