"""A picture given to the dialog, in a real GIMP: pasted with the keyboard, dropped as its address."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from ..editors.engine import EngineHome
from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")


def test_a_picture_that_is_pasted_or_dropped_is_a_style(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome, tmp_path: Path
) -> None:
    engine_home.start()
    gimp = make_gimp(gui=True)
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\nimage = picture()")
    gimp.run("""
        from scumble_gimp.windows import givenpictures
        d = opened(); pump(1.0)
        clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
        clipboard.set_image(canvas().before)
    """)
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", gimp.wait_for_window("Scumble: Style Transfer"))
    gimp.display.key("ctrl+v")
    assert gimp.get("pump(10, lambda: d.recipe().styles[0].source == 'file')")
    with Image.open(gimp.get("d.recipe().styles[0].name")) as pasted:
        assert pasted.size == tuple(gimp.get("canvas().before.get_width(), canvas().before.get_height()"))
    dropped = tmp_path / "dropped.png"
    Image.new("RGB", (20, 10), "red").save(dropped)
    gimp.run(f"givenpictures._give(['https://example.org/a.png', {dropped.as_uri()!r}], d.choosing.take_picture)")
    gimp.run("pump(0.3)")
    assert gimp.get("d.recipe().styles[0].name") == str(dropped)
    if os.environ.get("SCUMBLE_SHOTS"):
        gimp.screenshot(Path(os.environ["SCUMBLE_SHOTS"]) / "gimp-given.png")
    gimp.run("dialog_ended()")
