"""The manual, from the dialog in a real GIMP: for the browser, and named where none opens."""

from __future__ import annotations

from .gimpproc import GimpProcess
from .test_dialog import WINDOWS, gimp

__all__ = ["WINDOWS", "gimp"]


def test_the_manual_is_shown_or_named(gimp: GimpProcess) -> None:
    gimp.run("""
        from scumble_gimp.windows import helpbutton
        asked, d = [], opened()
        helpbutton.Gtk = type("None", (), {"show_uri_on_window": lambda window, uri, time: bool(asked.append(uri))})
        d.parts.help.clicked(); told = d.parts.pane.note.get_text()  # before the preview has its say
    """)
    assert gimp.get("[len(asked), helpbutton.MANUAL.is_file(), asked[0] == helpbutton.MANUAL.as_uri()]") == [
        1,
        True,
        True,
    ]
    assert gimp.get("told").endswith("Manual.html")
