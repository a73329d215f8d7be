"""What an artist does first after installing: the menu's entry, the dialog, OK, and a layer, in the real editors."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from ..editors.display import Display
from ..editors.engine import wait_until
from .editors import InstalledGimp, InstalledKrita
from .machine import Machine

PHOTO = "Größe 1.png"  # 400×300 pixels, in the home folder
TITLE = "Scumble: Style Transfer"
KRITA_WORDS = Path(__file__).parents[1] / "krita/e2elab.py"
GIMP_MENU = (426, 12)  # on the screen: Filters, of a window at the corner
OPEN_IN_GIMP = """
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({path!r}))
image.select_ellipse(Gimp.ChannelOps.REPLACE, 90, 60, 200, 170)
view = Gimp.Display.new(image)
"""
READ_IN_GIMP = """
layers = image.get_layers()

offset = layers[0].get_offsets()

def pixels(thing, x, y, kind):
    place = Gegl.Rectangle.new(120 - x, 90 - y, 140, 110)
    return bytes(thing.get_buffer().get(place, 1.0, kind, Gegl.AbyssPolicy.NONE))

source = pixels(layers[1], 0, 0, "R'G'B'A u8")
layer = pixels(layers[0], offset.offset_x, offset.offset_y, "R'G'B'A u8")
cover = pixels(layers[0].get_mask(), offset.offset_x, offset.offset_y, "Y' u8")
"""
GIMP_LAYERS = "[layer.get_name() for layer in image.get_layers()]"


def shot(machine: Machine, display: Display, name: str) -> None:
    """Keep a picture of the screen where $SCUMBLE_SHOTS says."""
    if folder := os.environ.get("SCUMBLE_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        display.screenshot(Path(folder, f"{machine.tree.name}-{machine.user}-{name}.png"))


def check_painted(source: bytes, layer: bytes, cover: bytes) -> None:
    """Pixels of four bytes, and how much of each is selected: where it wholly is, they are others than they were."""
    before, after = (np.frombuffer(data, np.uint8).reshape(-1, 4)[:, :3].astype(int) for data in (source, layer))
    selected = np.frombuffer(cover, np.uint8) == 255
    assert selected.mean() > 0.1
    assert np.abs(after - before)[selected].mean() > 10 and after[selected].std() > 20


def paint_in_krita(machine: Machine, display: Display) -> None:
    krita = InstalledKrita(machine, display, machine.home / PHOTO)
    try:
        krita.start().fill_screen()
        krita.run(KRITA_WORDS.read_text("utf-8"))
        krita.wait("adopt()", 40)
        krita.settle()
        krita.run("select_ellipse(90, 60, 200, 170, 9)")
        krita.settle()
        krita.click_menu("Filter", f"{TITLE}…")
        krita.wait("dialog() is not None and len(studio.styles) > 10", 60)  # the engine starts and tells of its library
        krita.click_widget("dialog().parts.form.editor('method').widget.buttons()[1]")
        krita.wait("dialog().recipe().value('method') == 'fast'")
        krita.click_widget("dialog().parts.ok")
        krita.wait("len(names()) == 2 and not studio.jobs", 90)
        krita.settle()
        source, layer = (krita.get(f"whole(layers()[{i}])") for i in (0, 1))
        assert layer[3::4] == krita.get("whole(document.selection())")
        check_painted(source, layer, layer[3::4])
        krita.finish()
    except BaseException:
        shot(machine, display, "krita-failed")
        raise
    finally:
        krita.kill()


def paint_in_gimp(machine: Machine, display: Display) -> None:
    gimp = InstalledGimp(machine, display)
    try:
        gimp.start().run(OPEN_IN_GIMP.format(path=str(machine.home / PHOTO)))
        display.xdotool("windowfocus", "--sync", gimp.wait_for_window("400x300"))
        wait_until(lambda: _choose_in_gimp(display), "the menu's entry opens the dialog", 60)
        dialog = display.windows(TITLE)[-1]
        display.xdotool("windowfocus", "--sync", dialog)
        display.key("alt+m", "Right", "space")  # the fast method
        shot(machine, display, "gimp-dialog")
        display.key("alt+o")
        wait_until(lambda: len(gimp.get(GIMP_LAYERS)) == 2, "a new layer", 90)
        assert gimp.get(GIMP_LAYERS)[0] == "The Starry Night"
        gimp.run(READ_IN_GIMP)
        check_painted(gimp.get("source"), gimp.get("layer"), gimp.get("cover"))
        gimp.run("view.delete()")
        assert gimp.quit() == 0
    except BaseException:
        shot(machine, display, "gimp-failed")
        raise
    finally:
        gimp.kill()


def _choose_in_gimp(display: Display) -> bool:
    """Filters ▸ Scumble ▸ Style Transfer…, by mouse and keys: whether its window came."""
    display.click(*GIMP_MENU)
    time.sleep(0.6)  # the menu takes keys when it has come up
    display.key("Up", "Right")  # its last entry
    time.sleep(0.6)
    display.key("Return")  # the first of ours
    time.sleep(3)
    if not display.windows(TITLE):
        display.key("Escape", "Escape", "Escape")
    return bool(display.windows(TITLE))
