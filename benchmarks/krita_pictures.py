"""Pictures of the plug-in at work in a real Krita, with a real engine: for the README.

    python -m benchmarks.krita_pictures --out FOLDER [--jpeg docs/pictures/krita.jpg] [--threads 2]

Leaves krita-menu.png, krita-dialog.png, krita-running.png and krita-result.png, each the whole screen, and, composed of
them, one JPEG. The photograph is scikit-learn's china.jpg (by danielbuechele, CC BY 2.0). Needs krita with its PyQt5,
Xvfb, xdotool and ImageMagick.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import sklearn
from PIL import Image

from tests.editors.display import Box, Display
from tests.krita.kritaproc import KritaProcess

from .krita import Threads

ROOT = Path(__file__).parents[1]
LAB = (ROOT / "tests/krita/e2elab.py").read_text("utf-8")
SCALE = 2  # the photograph is small; the lasso is given in its own pixels
FEATHER, AROUND = 8, 40  # pixels; the lasso goes on beyond the canvas, so that its soft edge lies outside
DIALOG, DOCKER_WIDTH = (960, 620), 330
WIDTH, GAP, TOP, BOTTOM = 1400, 6, 545, 672  # the JPEG and its two rows, pixels
DOCKER_TOP, PICTURE_TOP = 52, 128  # on the screen
MOST_BYTES = 200_000  # of it
# Around the sky and the lake, past the tree, the bushes and the pagoda's eaves.
LASSO = (
    *((-20, -20), (660, -20), (660, 175), (632, 160), (622, 148), (612, 142), (600, 143), (592, 150), (584, 166)),
    *((580, 184),),
    *((566, 206), (556, 216), (553, 228), (554, 248), (557, 273), (540, 276), (528, 280), (518, 291), (500, 299)),
    *((480, 295), (470, 298), (450, 301), (440, 308), (425, 315), (405, 319), (390, 327), (375, 329), (368, 329)),
    *((357, 320), (350, 312), (350, 305), (343, 298), (342, 272), (352, 258), (350, 249), (336, 242), (329, 239)),
    *((329, 226), (321, 222), (320, 186), (330, 179), (331, 172), (318, 164), (305, 159), (295, 155), (295, 138)),
    *((306, 134), (321, 126), (319, 117), (298, 109), (282, 101), (265, 93), (252, 86), (238, 76), (225, 66)),
    *((217, 58), (216, 34), (205, 28), (196, 34), (195, 50), (191, 61), (178, 75), (160, 87), (140, 96), (122, 97)),
    *((100, 105), (94, 114), (94, 131), (117, 141), (118, 157), (110, 161), (84, 169), (82, 178), (90, 187), (99, 191)),
    *((98, 222), (93, 244), (82, 245), (65, 257), (62, 268), (79, 282), (80, 300), (77, 318), (22, 320), (16, 302)),
    *((-20, 294), (-20, 272), (30, 268), (45, 258), (58, 250), (71, 236), (61, 224), (45, 214), (40, 198), (17, 185)),
    *((4, 178), (-2, 155), (-20, 130)),
)
WORDS = """
def select_lasso(points, feather, around):
    width, height = document.width() + 2 * around, document.height() + 2 * around
    mask = QtGui.QImage(width, height, QtGui.QImage.Format.Format_Grayscale8)
    mask.fill(0)
    painter = QtGui.QPainter(mask)
    painter.translate(around, around)
    painter.setBrush(QtGui.QColor(255, 255, 255))
    painter.drawPolygon(QtGui.QPolygon([QtCore.QPoint(x, y) for x, y in points]))
    painter.end()
    lines = [mask.constScanLine(i).asstring(width) for i in range(height)]
    selection = Selection()
    selection.setPixelData(b"".join(lines), -around, -around, width, height)
    selection.feather(feather)
    document.setSelection(selection)

def lay_out(docker_width):
    show_docker()
    main = Krita.instance().activeWindow().qwindow()
    layers_dock = next(d for d in Krita.instance().dockers() if d.objectName() == "KisLayerBox")
    main.resizeDocks([dock(), layers_dock], [docker_width] * 2, QtCore.Qt.Orientation.Horizontal)
    main.resizeDocks([layers_dock, dock()], [190, 710], QtCore.Qt.Orientation.Vertical)
"""


class Photographer:
    """A Krita with the photograph open, and where the pictures of it go."""

    def __init__(self, krita: KritaProcess, folder: Path) -> None:
        self.krita, self.folder = krita, folder

    def open(self) -> None:
        """The photograph, whole, its sky selected, and the docker beside it."""
        krita = self.krita
        krita.fill_screen()
        krita.run(LAB)
        krita.run(WORDS)
        krita.wait("adopt()")
        krita.settle()
        krita.run(f"lay_out({DOCKER_WIDTH})")
        krita.settle()
        self.select()
        krita.run("studio.start_engine()")
        krita.wait("studio.link.state == 'ready' and studio.styles", 60)
        for _ in range(2):  # to 100 %, and from there to the whole picture
            krita.run("Krita.instance().action('toggle_zoom_to_fit').trigger()")
            krita.settle(0.6)

    def select(self) -> None:
        """A soft lasso around the sky and the lake."""
        krita = self.krita
        krita.run(f"select_lasso({[(x * SCALE, y * SCALE) for x, y in LASSO]}, {FEATHER}, {AROUND})")
        krita.settle()
        krita.run("trigger('invert_selection'); trigger('invert_selection')")  # the view learns of it
        krita.settle()

    def take(self, name: str) -> Path:
        """A picture of the whole screen."""
        return self.krita.screenshot(self.folder / f"krita-{name}.png")

    def menu(self) -> Box:
        """The Filter menu with our two entries, the mouse on the first."""
        krita = self.krita
        krita.run(
            "_bar = Krita.instance().activeWindow().qwindow().menuBar()\n"
            "_menu = next(a.menu() for a in _bar.actions() if a.menu().objectName() == 'Filter')\n"
            "_p = _bar.mapToGlobal(_bar.actionGeometry(_menu.menuAction()).center())\n"
        )
        krita.display.click(*krita.get("_p"))
        krita.wait("_menu.isVisible()")
        krita.run("_a = Krita.instance().action('scumble_style_transfer')")
        x, y = krita.get("_menu.mapToGlobal(_menu.actionGeometry(_a).center())")
        for near in (8, 4, 0):  # a menu heeds a mouse that moves
            krita.display.move(x + near, y)
        krita.settle(0.6)
        self.take("menu")
        box = krita.box_of("_menu")
        krita.display.key("Escape", "Escape")
        krita.wait("not _menu.isVisible()")
        return box

    def dialog(self, recipe: str) -> Box:
        """The dialog with a recipe and what it would paint."""
        krita = self.krita
        krita.run(f"studio.open_dialog({recipe})")
        krita.wait("dialog() is not None")
        krita.run(f"dialog().resize({DIALOG[0]}, {DIALOG[1]})")
        krita.run(f"dialog().move({(1600 - DIALOG[0]) // 2 - 60}, {(1000 - DIALOG[1]) // 2})")
        krita.wait("dialog().parts.pane.canvas.picture is not None and dialog().preview.previews.settled", 240)
        krita.display.move(1580, 980)
        krita.settle(1.5)
        self.take("dialog")
        return krita.box_of("dialog()")

    def result(self) -> Box:
        """What OK made: the new layer over the photograph, nothing selected."""
        krita = self.krita
        krita.click_widget("dialog().parts.ok")
        krita.wait("len(names()) == 2 and not studio.jobs", 300)
        krita.settle(1.5)
        krita.run("Krita.instance().action('deselect').trigger()")
        for x in (1500, 1510, 1520):  # and no brush over it
            krita.display.move(x, 985)
        krita.settle(2.0)
        self.take("result")
        return krita.box_of("canvas()")

    def running(self, recipe: str) -> Box:
        """The docker in the midst of another run over the photograph; then cancelled."""
        krita = self.krita
        krita.run("document.setActiveNode(layers()[0])")
        self.select()
        krita.run(f"job = studio.run({recipe})")
        krita.wait("job.ended or job.preview is not None and job.step > 0.7 * job.of", 500)
        krita.settle(0.2)
        self.take("running")
        krita.run("studio.cancel(job)")
        krita.wait("not dock().panel.queue.cards")
        return krita.box_of("dock()")


def photograph(folder: Path) -> Path:
    """The pagoda, large enough for a screen."""
    path = folder / "pagoda.png"
    with Image.open(Path(sklearn.__file__).parent / "datasets/images/china.jpg") as picture:
        size = (picture.width * SCALE, picture.height * SCALE)
        picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(path)
    return path


def recipe(**options: object) -> str:
    """Two styles, as an expression for Krita."""
    styles = ", ".join(f"StyleChoice(name={name!r}, weight=0.5)" for name in ("red-tree", "scream"))
    return f"Recipe({options!r}, ({styles}))"


def shoot(folder: Path, threads: int) -> dict[str, Box]:
    """All four pictures; where on the screen what matters is, by name."""
    screen = Display()
    home = Threads(Path(tempfile.mkdtemp(prefix="scumble-")), threads)
    krita = KritaProcess(screen, arguments=[photograph(home.folder)], env=home.environment())
    try:
        krita.start()
        camera = Photographer(krita, folder)
        camera.open()
        boxes = {"menu": camera.menu(), "dialog": camera.dialog(recipe(method="optimize")), "result": camera.result()}
        boxes["running"] = camera.running(recipe(method="optimize", size=640, preview_seconds=0.5))
        assert krita.quit() == 0, krita.log_tail()
        return boxes
    finally:
        krita.remove()
        home.stop()
        screen.close()


def compose(folder: Path, boxes: dict[str, Box], path: Path) -> None:
    """Two rows: the menu and the dialog, the docker and the result; text nearly as large as on the screen."""
    menu_left, docker_left, docker_width = boxes["menu"][0] - 40, boxes["running"][0], boxes["running"][2]
    picture_left, picture_width, across = boxes["result"][0], boxes["result"][2], WIDTH - GAP - docker_width
    dialog = _cut(folder, "dialog", boxes["dialog"], (round(DIALOG[0] * TOP / DIALOG[1]), TOP))
    beside = WIDTH - GAP - dialog.width
    menu = _cut(folder, "menu", (menu_left, 0, beside, TOP), (beside, TOP))
    docker = _cut(folder, "running", (docker_left, DOCKER_TOP, docker_width, BOTTOM), (docker_width, BOTTOM))
    picture = (picture_left, PICTURE_TOP, picture_width, round(BOTTOM * picture_width / across))
    result = _cut(folder, "result", picture, (across, BOTTOM))
    sheet = Image.new("RGB", (WIDTH, TOP + GAP + BOTTOM), "white")
    for i, pair in enumerate(((menu, dialog), (docker, result))):
        sheet.paste(pair[0], (0, i * (TOP + GAP)))
        sheet.paste(pair[1], (pair[0].width + GAP, i * (TOP + GAP)))
    for quality in range(90, 30, -2):
        sheet.save(path, quality=quality, optimize=True, progressive=True)
        if path.stat().st_size <= MOST_BYTES:
            return


def _cut(folder: Path, name: str, box: Box, size: tuple[int, int]) -> Image.Image:
    """A part of a picture, at another size."""
    x, y, width, height = box
    with Image.open(folder / f"krita-{name}.png") as picture:
        part: Image.Image = picture.convert("RGB").crop((x, y, x + width, y + height))
        return part.resize(size, Image.Resampling.LANCZOS)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--jpeg", type=Path)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    boxes = shoot(given.out, given.threads)
    if given.jpeg:
        compose(given.out, boxes, given.jpeg)


if __name__ == "__main__":
    main()
