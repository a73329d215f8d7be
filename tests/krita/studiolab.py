# ruff: noqa: B905, E402, F401, F821
"""Sent to Krita by the tests of the studio: the studio, recipes, a probe of the event loop, short words."""

import sys
import time

studio = sys.modules["scumble_krita.model.studio"].studio()
from scumble_krita.model.previews import Preview
from scumble_krita.pictures import settings as keeping
from scumble_krita.wire.request.recipe import Recipe
from scumble_krita.wire.request.stylechoice import StyleChoice

said = []
studio.said.connect(said.append)


def slow(steps=10, how="obey", **options):
    """A recipe for the tests' own method: `steps` of 20 ms."""
    return Recipe({"iterations": steps, **options}, (StyleChoice(name=how),))


def style(method="fast", name="starry-night", **options):
    """A recipe for the real engine."""
    return Recipe({"method": method, **options}, (StyleChoice(name=name),))


def names():
    """The document's layers, lowest first."""
    return [n.name() for n in document.topLevelNodes() if not n.type().endswith("mask")]


def select(x, y, width, height):
    selection = Selection()
    selection.select(x, y, width, height, 255)
    document.setSelection(selection)


def paint(document):
    """Fill the active layer with something to look at."""
    width, height = document.width(), document.height()
    image = QtGui.QImage(width, height, QtGui.QImage.Format.Format_ARGB32)
    painter = QtGui.QPainter(image)
    sky = QtGui.QLinearGradient(0, 0, 0, height)
    sky.setColorAt(0, QtGui.QColor(60, 90, 170))
    sky.setColorAt(1, QtGui.QColor(240, 200, 140))
    painter.fillRect(0, 0, width, height, sky)
    for i in range(40):
        painter.setBrush(QtGui.QColor.fromHsv(i * 37 % 360, 180, 200))
        painter.drawEllipse(i * 97 % width, i * 61 % height, width // 12, height // 12)
    painter.end()
    pixels = image.constBits()
    pixels.setsize(image.sizeInBytes())
    document.activeNode().setPixelData(bytes(pixels), 0, 0, width, height)
    document.refreshProjection()
    document.waitForDone()


class Probe:
    """Beats every 10 ms; what lies between two beats is a gap of the event loop."""

    def __init__(self):
        self.beats = []
        self.timer = QtCore.QTimer()
        self.timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(lambda: self.beats.append(time.perf_counter()))

    def start(self):
        self.beats = []
        self.timer.start(10)

    def stop(self):
        """Median, 99th percentile and longest gap in milliseconds, and their number."""
        self.timer.stop()
        gaps = sorted(1000 * (b - a) for a, b in zip(self.beats, self.beats[1:]))
        return [round(gaps[int(len(gaps) * share)], 1) for share in (0.5, 0.99)] + [round(gaps[-1], 1), len(gaps)]

    def longest(self):
        """When the longest gaps ended, in seconds since `start`, and how long they were in milliseconds."""
        pairs = sorted(zip(self.beats, self.beats[1:]), key=lambda p: p[0] - p[1])[:5]
        return [(round(b - self.beats[0], 3), round(1000 * (b - a))) for a, b in pairs]


probe = Probe()
