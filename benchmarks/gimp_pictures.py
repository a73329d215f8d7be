"""Pictures of the plug-in at work in a real GIMP 3, with a real engine: for the README.

    python -m benchmarks.gimp_pictures --out FOLDER [--jpeg docs/pictures/gimp.jpg] [--threads 2]

Leaves gimp-menu.png, gimp-python.png, gimp-dialog.png, gimp-running.png and gimp-result.png, each the whole screen, and
composed of them one JPEG. The photograph is scikit-image's coffee.png (by Rachel Michetti, CC0). As root, with the tree
that `tests/editors/tree.py` makes; needs Xvfb, xdotool and ImageMagick.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import skimage
from PIL import Image, ImageChops

from scumble.wire.editor.preview.previews import PAUSE
from scumble.wire.request.recipe import Recipe
from scumble.wire.request.stylechoice import StyleChoice
from tests.editors.display import Box, Display
from tests.editors.engine import wait_until
from tests.editors.tree import leave, tree_folder
from tests.gimp.gimpproc import GimpProcess

from .gimp_sheet import DIALOG, DOCK, LAYERS, PHOTOGRAPH, SCREEN, compose
from .krita import Threads

WORDS = (Path(__file__).parents[1] / "tests/gimp/calling.py").read_text("utf-8")
TITLE = "Scumble: Style Transfer"
STYLES = (("starry-night", 0.7), ("the-kiss", 0.3))
HANDLES = (8, 32)  # pixels that GIMP puts beside and above them
FILTERS = (426, 12)  # on the screen, the menu
FEATHER = 6
# What is not painted, in the photograph's pixels: the saucer with the spoon's bowl, the spoon's handle, the cup.
SAUCER = (
    *((689, 178), (720, 201), (752, 240), (777, 290), (790, 340), (793, 385), (788, 430), (769, 483), (737, 527)),
    *((692, 567), (642, 599), (590, 621), (530, 634), (470, 639), (400, 635), (340, 623), (279, 598), (227, 566)),
    *((187, 528), (152, 472), (134, 420), (126, 365), (128, 320), (138, 278), (153, 244), (178, 210), (208, 181)),
    *((243, 155), (297, 124)),
)
HANDLE = ((640, 200), (650, 130), (656, 114), (676, 106), (694, 106), (704, 120), (700, 142), (688, 190))
CUP = (284, 27, 390, 315)  # x, y, width, height of its ellipse
DOCKS = """
(session-info "toplevel"
    (factory-entry "gimp-single-image-window") (position 0 0) (size {width} {height}) (open-on-exit)
    (aux-info (left-docks-width "188") (right-docks-width "{dock}") (maximized "no"))
    (gimp-toolbox (side left)
        (book (current-page 0) (dockable "gimp-tool-options" (tab-style automatic))))
    (gimp-dock (side right)
        (book (current-page 0) (dockable "gimp-undo-history" (tab-style automatic)))
        (book (position {layers}) (current-page 0)
            (dockable "gimp-layer-list" (tab-style automatic) (preview-size 32))
            (dockable "gimp-channel-list" (tab-style automatic) (preview-size 32)))))
(hide-docks no)
(single-window-mode yes)
"""
SELECT = """
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path({photograph!r}))
view = Gimp.Display.new(image)
Gimp.context_set_antialias(True)
Gimp.context_set_feather(False)
for outline in ({saucer}, {handle}):
    image.select_polygon(Gimp.ChannelOps.ADD, [float(v) for point in outline for v in point])
image.select_ellipse(Gimp.ChannelOps.ADD, *{cup})
Gimp.Selection.invert(image)
Gimp.Selection.feather(image, {feather})
Gimp.displays_flush()
"""


class Photographer:
    """A GIMP on a screen, and where the pictures of it go."""

    def __init__(self, gimp: GimpProcess, screen: Display, folder: Path) -> None:
        self.gimp, self.screen, self.folder = gimp, screen, folder
        self.main = 0  # its window

    def open(self, photograph: Path) -> None:
        """The photograph, at 100 %, all selected but the cup and its saucer."""
        self.gimp.run(WORDS)
        outlines = {"saucer": SAUCER, "handle": HANDLE, "cup": CUP, "feather": FEATHER}
        self.gimp.run(SELECT.format(photograph=str(photograph), **outlines))
        self.main = self.gimp.wait_for_window("GIMP")
        self.screen.xdotool("windowsize", "--sync", self.main, *SCREEN)
        self.focus(self.main)
        time.sleep(1)
        self.screen.key("1")
        time.sleep(1)

    def focus(self, window: int) -> None:
        """Give a window the keyboard: there is no window manager."""
        self.screen.xdotool("windowraise", window)
        self.screen.xdotool("windowfocus", "--sync", window)

    def take(self, name: str) -> Path:
        """A picture of the whole screen."""
        return self.screen.screenshot(self.folder / f"gimp-{name}.png")

    def menu(self, name: str, *keys: str) -> None:
        """The Filters menu, opened with the mouse and gone through by `keys`. It stays open."""
        self.screen.click(*FILTERS)
        for key in ("", *keys):
            if key:
                self.screen.key(key)
            time.sleep(0.5)  # a menu takes keys when it has come up
        self.take(name)

    def menus(self) -> None:
        """Both of our places in the menu; out of the second comes the dialog."""
        self.menu("menu", "Up", "Right", "Up")
        self.screen.key("Escape", "Escape", "Escape")
        time.sleep(0.5)
        self.menu("python", "Up", "Up", "Right", "Down", "Right", "Down")
        self.screen.key("Return")

    def dialog(self) -> Box:
        """The dialog, with what it would paint; then OK."""
        window = self.gimp.wait_for_window(TITLE)
        self.screen.xdotool("windowsize", "--sync", window, *DIALOG)
        self.screen.xdotool("windowmove", window, (SCREEN[0] - DIALOG[0]) // 2, (SCREEN[1] - DIALOG[1]) // 2)
        self.focus(window)
        self.screen.move(SCREEN[0] - 10, SCREEN[1] - 60)
        box = self.box(window)
        time.sleep(2)  # from now on a light moves until the preview is there
        self.still(box, 240, 2 * PAUSE)  # longer than a first look stays
        self.take("dialog")
        self.screen.key("alt+o")
        return box

    def running(self, home: Threads) -> Box:
        """The progress window late in the work."""
        with home.client() as client:
            wait_until(lambda: any(_far(job) for job in client.jobs()), "it is painted", 900)
        window = self.gimp.wait_for_window(TITLE)
        self.take("running")
        return self.box(window)

    def result(self) -> None:
        """The new layer over the photograph, nothing selected."""
        wait_until(lambda: self.gimp.get("len(names()) == 2"), "the layer is there", 900)
        self.gimp.run("Gimp.Selection.none(image); Gimp.displays_flush()")
        self.still((0, 0, *SCREEN))
        self.take("result")
        self.gimp.run("view.delete()")

    def box(self, window: int) -> Box:
        """Where on the screen a window is."""
        lines = self.screen.xdotool("getwindowgeometry", "--shell", window).split()
        found = dict(line.split("=") for line in lines)
        return int(found["X"]), int(found["Y"]), int(found["WIDTH"]), int(found["HEIGHT"])

    def still(self, box: Box, seconds: float = 60, pause: float = 1.0) -> None:
        """Wait until nothing moves there any more for so long."""
        end, before = time.monotonic() + seconds, self._look(box)
        time.sleep(pause)
        while ImageChops.difference(before, now := self._look(box)).getbbox() and time.monotonic() < end:
            before = now
            time.sleep(pause)

    def _look(self, box: Box) -> Image.Image:
        with Image.open(self.screen.screenshot(self.gimp.home / "look.png", box)) as picture:
            look: Image.Image = picture.convert("RGB")
            return look


def _far(job: dict[str, Any]) -> bool:
    """Whether it is an optimization near its end."""
    return bool(job["state"] == "running" and job["of"] > 1 and job["step"] > 0.8 * job["of"])


def take_photograph(folder: Path) -> Path:
    """A cup of coffee, large enough for a screen."""
    path = folder / "coffee.png"
    with Image.open(Path(skimage.__file__).parent / "data/coffee.png") as picture:
        picture.convert("RGB").resize(PHOTOGRAPH, Image.Resampling.LANCZOS).save(path)
    return path


def remember(home: Threads) -> None:
    """What was used last, so that the dialog opens with it."""
    styles = tuple(StyleChoice(name=name, weight=weight) for name, weight in STYLES)
    recipe = Recipe({"preview_seconds": 0.5}, styles)
    (home.folder / "data").mkdir(mode=0o700, exist_ok=True)
    (home.folder / "data/last-gimp.json").write_text(json.dumps({"recipe": recipe.to_plain()}), "utf-8")


def shoot(folder: Path, threads: int) -> dict[str, Box]:
    """All five pictures; where on the screen the windows are, by name."""
    screen = Display(*SCREEN)
    home = Threads(Path(tempfile.mkdtemp(prefix="scumble-")), threads)
    gimp = GimpProcess(tree_folder(), env=home.environment(leave()), display=screen, folders=[home.folder])
    docks = DOCKS.format(
        width=SCREEN[0], height=SCREEN[1], dock=DOCK + HANDLES[0], layers=SCREEN[1] - LAYERS - HANDLES[1]
    )
    (gimp.plugins.parent / "sessionrc").write_text(docks, "utf-8")
    try:
        remember(home)
        gimp.start()
        camera = Photographer(gimp, screen, folder)
        camera.open(take_photograph(home.folder))
        camera.menus()
        boxes = {"dialog": camera.dialog(), "running": camera.running(home)}
        camera.result()
        assert gimp.quit() == 0, gimp.log_tail()
        return boxes
    finally:
        gimp.remove()
        home.stop()
        screen.close()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jpeg", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    boxes = shoot(given.out, given.threads)
    (given.out / "boxes.json").write_text(json.dumps(boxes))
    if given.jpeg:
        compose(given.out, boxes, given.jpeg)


if __name__ == "__main__":
    main()
