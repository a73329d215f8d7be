"""What the windows show, looked at from inside a real GIMP: no engine is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")
LIVE = """
from scumble_gimp.windows.gtkparts import start_ui
from scumble_gimp.windows.preview.livepicture import LivePicture
from scumble_gimp.wire.protocol.events import Preview
from scumble_gimp.wire.protocol.pixels import PixelFormat

start_ui()
RED = bytes([255, 0, 0])

def live(margin=0.25):
    made = LivePicture(image, image.get_selected_layers(), margin)
    made.begin(0, 160, 120)
    return made

def painted_red(job='a', side=(40, 30)):
    return Preview(job, PixelFormat(side[0], side[1], 3), RED * (side[0] * side[1]))

def at(made, x, y):
    shown = made.widget.get_pixbuf()
    x, y = int(x * (shown.get_width() - 1)), int(y * (shown.get_height() - 1))
    start = y * shown.get_rowstride() + x * shown.get_n_channels()
    return list(shown.get_pixels()[start:start + 3])
"""


@pytest.fixture
def gimp(make_gimp: Callable[..., GimpProcess]) -> Iterator[GimpProcess]:
    made = make_gimp(gui=True)
    made.run(f"PLUGIN = {str(made.plugins / 'scumble')!r}\n{WORDS}\n{LIVE}\nimage = picture()")
    yield made
    made.run("life.end()")


def test_the_layer_is_seen_at_once_and_painted_where_it_is_selected(gimp: GimpProcess) -> None:
    gimp.run("made = live(); places = [(0.02, 0.5), (0.45, 0.5), (0.98, 0.9)]; before = [at(made, *p) for p in places]")
    assert gimp.get("made.widget.get_visible()")
    gimp.run("made.show(painted_red()); after = [at(made, *p) for p in places]")
    before, after = gimp.get("before"), gimp.get("after")
    assert before[0][0] < before[1][0] < before[2][0], "the layer grows red to the right"
    assert after == [before[0], [255, 0, 0], before[2]], "only the middle is selected"


def test_without_a_selection_all_is_painted_and_what_is_transparent_stays_so(gimp: GimpProcess) -> None:
    gimp.run("""
        Gimp.Selection.none(image)
        hole = image.get_layers()[0].get_buffer()
        hole.set(Gegl.Rectangle.new(0, 0, 80, 120), "R'G'B'A u8", bytes(4 * 80 * 120)); hole.flush()
        made = live(); made.show(painted_red())
    """)
    assert gimp.get("at(made, 0.9, 0.5)") == [255, 0, 0]
    red, green, blue = gimp.get("at(made, 0.1, 0.5)")
    assert red == green == blue, "a checkerboard is gray"


def test_a_layer_that_cannot_be_read_leaves_an_empty_place(gimp: GimpProcess) -> None:
    gimp.run("image.get_layers()[0].set_offsets(500, 500); made = live(); empty = at(made, 0.5, 0.5)")
    assert gimp.get("empty") == [0x80] * 3
    gimp.run("made.show(painted_red())")
    assert gimp.get("at(made, 0.5, 0.5)") == [255, 0, 0], "pictures come all the same"


def test_the_dialog_fits_the_screen_and_the_keyboard_passes_by_what_is_folded(gimp: GimpProcess) -> None:
    gimp.run("""
        remembered.keep_size(5000, 4000)
        d = opened(style_1='scream', style_2='starry-night'); pump(0.3)
        size = d.window.get_size(); more = d.parts.form.more
        more.grab_focus(); d.window.child_focus(Gtk.DirectionType.TAB_FORWARD)
        passed = d.window.get_focus() is d.parts.form.search
        more.set_expanded(True); pump(0.3)
        more.grab_focus(); d.window.child_focus(Gtk.DirectionType.TAB_FORWARD)
        entered = d.window.get_focus() is d.parts.form.search
        d.end()
    """)
    width, height = gimp.get("size")
    assert width <= 1600 and height < 1000, "the screen of the tests is 1600×1000"
    assert gimp.get("[passed, entered]") == [False, True]
