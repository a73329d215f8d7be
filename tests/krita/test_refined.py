"""A preview by *fast* in a real Krita: a first look as small as ever, then what OK will paint."""

from __future__ import annotations

from .test_dialog import cat, open_dialog, photograph

__all__ = ["cat"]

PREVIEW = "dialog().preview.previews"
SIZE = "[dialog().parts.pane.canvas.picture.width(), dialog().parts.pane.canvas.picture.height()]"
COUNTED = """
    import time
    import scumble_krita.model.previews as live
    reads, read, sent, send = [], live.Preview.read_finer, [], live.Preview.send
    def timed(self, side):
        began = time.perf_counter()
        found = read(self, side)
        reads.append(time.perf_counter() - began)
        return found
    def kept(self, request, *rest):
        sent.append(request.size)
        return send(self, request, *rest)
    live.Preview.read_finer, live.Preview.send = timed, kept
"""


def test_by_fast_it_is_refined_to_the_strokes_of_the_result(cat):
    cat.run("document.scaleImage(1500, 998, 300, 300, 'Bicubic')")
    cat.settle()
    cat.run(COUNTED)
    open_dialog(cat)
    cat.wait(f"{PREVIEW}.settled")
    finest = cat.get("max(sent)")
    assert finest in (512, 1024), "less where the machine is slow"
    assert cat.get("sent[0] < 385 and len(reads) == 1")
    assert cat.get(SIZE) == [finest, round(finest * 998 / 1500)]
    assert cat.get("dialog().preview.before.width()") == 384 and cat.get("dialog().parts.pane.note.text") == ""
    photograph(cat, "fast-refined")
    cat.run("dialog().parts.pane.canvas.hand.compare(True)")
    photograph(cat, "fast-refined-before")
    cat.run("dialog().parts.pane.canvas.hand.compare(False)")

    cat.run("dialog().parts.form.editor('strength').put(0.6); dialog().ask_soon()")
    cat.wait(f"len(sent) > 2 and {SIZE}[0] == 384")
    print("first look", cat.get(f"{PREVIEW}.seconds"), "read finer", cat.get("reads"), "sent", cat.get("sent"))
    cat.wait(f"{PREVIEW}.settled")
    assert cat.get("sent[-1]") in (512, 1024) and cat.get("len(reads)") <= 2
    cat.run("seen = picture(); dialog().look_again()")
    cat.wait(f"not dialog()._soon.isActive() and {PREVIEW}.settled")
    assert cat.get("picture() == seen"), "reading the same again takes nothing away"
