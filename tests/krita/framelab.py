"""Animations for the tests in a real Krita: a disc on its way, frames painted by hand, and the dialog over them."""

from __future__ import annotations

import os
from pathlib import Path

LAB = Path(__file__).with_name("e2elab.py").read_text("utf-8")
TITLE = "Scumble: Style Transfer…"
TIMES = (0, 2, 3, 5, 8, 9, 12, 13, 17, 20)
WORDS = f"""
TIMES = {TIMES}

def drawn(time):
    '''A frame: a disc that goes to the right over a slope of gray.'''
    rows = []
    for y in range(64):
        for x in range(96):
            inside = (x - 20 - 2.5 * time) ** 2 + (y - 32) ** 2 < 196
            rows.append(bytes([40, 90, 220, 255] if inside else [120 + y, 120 + y // 2, 60 + x, 255]))
    return b"".join(rows)

def keys(node):
    return [t for t in range(40) if node.hasKeyframeAtTime(t)]

def look(node, time):
    return bytes(node.pixelDataAtTime(0, 0, 96, 64, time))

def drawn_at():
    base.setPixelData(drawn(document.currentTime()), 0, 0, 96, 64)
    document.refreshProjection()

def choice():
    return dialog().parts.target.frames

def offered():
    return [choice().combo.itemText(i) for i in range(choice().combo.count())]
"""


def animated(krita, times=TIMES) -> None:
    """A document whose one layer has frames at these times; the one at 5 shows."""
    krita.wait_seconds = 90.0
    krita.new_document(96, 64)
    krita.run(LAB + WORDS)
    krita.wait("adopt()")
    krita.run("base = layers()[0]\nbase.enableAnimation()\ndocument.setActiveNode(base)")
    krita.settle()
    for time in times:
        krita.run(f"document.setCurrentTime({time})")
        krita.settle(0.2)
        if time:
            krita.run("Krita.instance().action('add_blank_frame').trigger()")
            krita.wait(f"base.hasKeyframeAtTime({time})")
        krita.run("drawn_at()")
        krita.settle(0.2)
    krita.run("document.setFullClipRangeStartTime(4)\ndocument.setFullClipRangeEndTime(9)\ndocument.setCurrentTime(5)")
    krita.settle()
    assert krita.get("keys(base)") == list(times)


def shoot(krita, name: str) -> None:
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        krita.screenshot(Path(folder) / f"{name}.png")


def opened(krita) -> None:
    krita.click_menu("Filter", TITLE)
    krita.wait("dialog() is not None and dialog().parts.target.frames.isVisible()")
    krita.click_widget("dialog().parts.form.editor('method').widget.buttons()[1]")
    krita.wait("dialog().recipe().value('method') == 'fast'")


def choose(krita, at: int) -> None:
    krita.run(f"choice().combo.setCurrentIndex({at})\nchoice().combo.activated.emit({at})")


def paint_by_hand(krita) -> None:
    """A layer of its own: at 5 all is painted, at 13 a spot on the disc, and a bare frame ends each."""
    krita.run("""
        hand = document.createNode('By hand', 'paintlayer')
        document.rootNode().addChildNode(hand, base)
    """)
    krita.settle()
    krita.run("hand.enableAnimation()\ndocument.setActiveNode(hand)")
    krita.settle()
    krita.run("""
        def all_by_hand():
            return b"".join(bytes([x, 255 - y, 7 * x % 256, 255]) for y in range(64) for x in range(96))

        def spot_by_hand():
            pixel = lambda x, y: bytes([255, 0, 255, 255] if abs(x - 52.5) < 5 and abs(y - 32) < 5 else 4)
            return b"".join(pixel(x, y) for y in range(64) for x in range(96))
    """)
    for time, drawing in ((5, "all_by_hand()"), (6, ""), (13, "spot_by_hand()"), (14, "")):
        krita.run(f"document.setCurrentTime({time})")
        krita.settle(0.2)
        krita.run("Krita.instance().action('add_blank_frame').trigger()")
        krita.wait(f"hand.hasKeyframeAtTime({time})")
        if drawing:
            krita.run(f"hand.setPixelData({drawing}, 0, 0, 96, 64)\ndocument.refreshProjection()")
            krita.settle(0.2)
    krita.run("document.setCurrentTime(5)\ndocument.setActiveNode(base)\nhand.setVisible(False)")
    krita.settle()
    assert krita.get("[t for t in keys(hand) if any(look(hand, t))]") == [5, 13]
