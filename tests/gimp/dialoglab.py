# ruff: noqa: F401, F821
"""Sent to GIMP by the tests of the dialog: opened here and not waited for, so that a test can look at it."""

import sys
import time

sys.path.insert(0, PLUGIN)

from scumble_gimp import life, texts
from scumble_gimp.arguments import Choices, choices_of
from scumble_gimp.pictures import settings
from scumble_gimp.windows import dialog as dialogs
from scumble_gimp.windows import pictures, remembered
from scumble_gimp.windows.gtklib import Gdk, Gtk
from scumble_gimp.wire.request import presets
from scumble_gimp.wire.request.recipe import Recipe
from scumble_gimp.wire.request.stylechoice import StyleChoice

texts.speak("en")


def pump(seconds=0.2, until=None):
    """Let GTK and the engine go on; whether `until` came true."""
    end = time.monotonic() + seconds
    while True:
        while GLib.MainContext.default().iteration(False):
            pass
        if until is not None and until():
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.005)


def picture(width=160, height=120, selected=True):
    """An image of two colours with a round selection, in a window."""
    made = Gimp.Image.new(width, height, Gimp.ImageBaseType.RGB)
    layer = Gimp.Layer.new(made, "Photo", width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    made.insert_layer(layer, None, 0)
    row = b"".join(bytes([40 + x, 120, 200 - x, 255]) for x in range(width))
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "R'G'B'A u8", row * height)
    buffer.flush()
    layer.update(0, 0, width, height)
    if selected:
        made.select_ellipse(Gimp.ChannelOps.REPLACE, 20, 10, 110, 90)
    global window
    window = Gimp.Display.new(made)
    return made


def opened(**options):
    """The dialog over the image's selected layers; options as a caller would set them.

    Its method is the quick one, unless told: most tests are not about what is painted, and wait for many previews.
    """
    procedure = Gimp.get_pdb().lookup_procedure("scumble-style-transfer")
    config = procedure.create_config()
    for key, value in {"method": "fast", "style_1": "starry-night", **options}.items():
        config.set_property(key.replace("_", "-"), value)
    dialogs.start_ui()
    made = dialogs.StyleDialog(procedure, config, image, image.get_selected_layers())
    made.window.show()
    return made


def painted(seconds=120):
    """Wait until what is set has been painted, as well as it will be; whether it was."""
    pump(0.05)
    return pump(seconds, lambda: d.preview.previews.settled and not d._soon and canvas().picture is not None)


def canvas():
    return d.parts.pane.canvas


def shown():
    """The pixels of the picture in the preview."""
    return canvas().picture.get_pixels()


def rows():
    return d.parts.styles.rows


def plain():
    return d.recipe().to_plain()


def dialog_ended():
    d.end()
    life.end()
    return image.is_dirty()
