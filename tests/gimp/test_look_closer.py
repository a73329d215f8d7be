"""The preview and the variations in a real GIMP: zoom, a close-up in the layer's own pixels, the line; six variants."""

from __future__ import annotations

from .gimpproc import GimpProcess
from .test_dialog import WINDOWS, gimp, photograph

__all__ = ["WINDOWS", "gimp"]


def test_zoom_a_close_up_and_the_line(gimp: GimpProcess) -> None:
    gimp.run("""
        image = picture(selected=False); image.scale(1200, 900)
        d = opened()
        d.parts.form.rows['method'].editor.put('fast')
        assert painted(), canvas().sentence()
        hand = canvas().hand
        hand.wheel(3, (200, 200)); pump(0.3)
    """)
    photograph(gimp, "gimp-zoomed")
    assert gimp.get("hand.view.zoom > 1.9 and canvas()._scale_chip.get_visible()")
    gimp.run("hand.key('0'); hand.double((200, 250)); pump(0.3); assert painted(); pump(0.3)")
    assert gimp.get("[d.preview.close, d.preview.scale, list(d.preview.sizes()[0])]") == [True, 1.0, [1200, 900]]
    assert gimp.get("max(d.preview.before.get_width(), d.preview.before.get_height()) <= 448")
    assert gimp.get("canvas()._scale_chip.get_text()") == "1:1"
    gimp.run("d.parts.pane.split.set_active(True); pump(0.2); x = hand.line_at()")
    gimp.run("hand.press((x, 100)); hand.drag((x - 60, 100)); hand.release(); pump(0.3)")
    assert gimp.get("hand.line < 0.45 and canvas()._before_chip.get_visible()")
    photograph(gimp, "gimp-line")
    gimp.run("hand.double((x + 60, 250)); pump(0.3); assert painted()")
    assert gimp.get("not d.preview.close")


def test_by_fast_it_is_refined_to_the_strokes_of_the_result(gimp: GimpProcess) -> None:
    gimp.run("""
        image = picture(selected=False); image.scale(1500, 1125)
        d = opened()
        sent, real, reads, read = [], d.preview._link.run, [], d.preview.read_finer
        def kept(request, *rest):
            sent.append(request.size)
            return real(request, *rest)
        def timed(side):
            began = time.perf_counter()
            found = read(side)
            reads.append(time.perf_counter() - began)
            return found
        d.preview._link.run, d.preview.read_finer = kept, timed
        assert painted(), canvas().sentence()
        pump(0.3)
    """)
    photograph(gimp, "gimp-fast-refined")
    finest = gimp.get("max(sent)")
    assert finest in (512, 1024), "less where the machine is slow"
    assert gimp.get("len(reads) == 1 and sent[0] < 385")
    assert gimp.get("[canvas().picture.get_width(), canvas().picture.get_height()]") == [finest, finest * 3 // 4]
    assert gimp.get("d.preview.before.get_width()") == 384 and gimp.get("d.parts.pane.note.get_text()") == ""
    gimp.run("canvas().compare(True); pump(0.2); canvas().compare(False)")
    gimp.run("d.parts.form.rows['strength'].editor.put(0.6)")
    gimp.run("assert pump(60, lambda: canvas().picture.get_width() == 384)")
    print("first look", gimp.get("d.preview.previews.seconds"), "finer", gimp.get("reads"), gimp.get("sent"))
    gimp.run("assert painted(); first = shown(); d.look_again(); assert painted()")
    assert gimp.get("shown() == first and sent[-1] in (512, 1024) and len(reads) <= 2")


def test_a_walk_between_two_styles_is_looked_at_and_taken(gimp: GimpProcess) -> None:
    gimp.run("""
        d = opened()
        d.parts.form.rows['method'].editor.put('fast')
        assert painted(), canvas().sentence()
        d.parts.vary.clicked(); d.parts.variations.tabs.put('walk')
        assert pump(120, lambda: len(d.varying.session.pictures) == 6)
        seen, flow = shown(), d.parts.variations.flow
        flow.select_child(flow.get_child_at_index(3)); pump(0.5)
    """)
    photograph(gimp, "gimp-walk")
    assert gimp.get("seen != shown() and d.parts.variations.use.get_sensitive()")
    gimp.run("d.parts.variations.use.clicked(); pump(0.2); assert painted()")
    assert gimp.get("[[s.name, s.weight] for s in d.recipe().styles]")[0] == ["starry-night", 0.33]
    gimp.run("d.parts.vary.clicked(); pump(0.1); d.varying.leave()")
    assert gimp.get("d.varying.session.painting.settled and not d.varying.open")
