"""What the engine finds is made a layer in a real GIMP: chosen, painted on further, taken back by one step."""

from __future__ import annotations

from .gimpproc import GimpProcess
from .test_dialog import WINDOWS, gimp, photograph

__all__ = ["WINDOWS", "gimp"]

LANDSCAPE = """
def landscape(image):
    layer = image.get_layers()[0]
    rows = []
    for y in range(120):
        for x in range(160):
            noise = (x * 7919 + y * 104729) % 61 - 30
            sky = (120 + y // 2, 170 + y // 3, 230)
            rows.append(bytes((*(sky if y < 60 else (70 + noise, 85 + noise, 45 + noise)), 255)))
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, 160, 120), "R'G'B'A u8", b"".join(rows))
    buffer.flush(); layer.update(0, 0, 160, 120)

def choose(text):
    combo = rows()[0].mask.combo
    combo.set_active([row[0] for row in rows()[0].mask.rows].index(text))

def alpha(x, y):
    place = Gegl.Rectangle.new(x, y, 1, 1)
    return bytes(mask.get_buffer().get(place, 1.0, "R'G'B'A u8", Gegl.AbyssPolicy.NONE))[3]
"""


def test_the_sky_is_made_a_layer_and_painted_on(gimp: GimpProcess) -> None:
    gimp.run(LANDSCAPE)
    gimp.run("""
        image = picture()  # with a selection: the mask is of the whole photograph all the same
        landscape(image)
        d = opened()
        choose("The sky"); assert painted(), canvas().sentence()
    """)
    photograph(gimp, "gimp-place-chosen")
    gimp.run("""
        seen = shown()
        choose("Make “The sky” a layer")
        assert pump(30, lambda: len(image.get_layers()) == 2), (canvas().sentence(), d.parts.pane.note.get_text())
        mask = image.get_layers()[0]
        assert pump(5, lambda: rows()[0].hint.get_visible())
    """)
    assert gimp.get("[mask.get_name(), mask.get_opacity()]") == ["Mask: The sky", 50]
    assert gimp.get("[s.mask_layer == str(mask.get_id()) for s in d.recipe().styles]") == [True]
    assert gimp.get("[alpha(5, 5), alpha(150, 5), alpha(5, 110), alpha(150, 110)]") == [255, 255, 0, 0]
    assert gimp.get("image.get_selected_layers() == [mask]")
    gimp.run("assert painted()")
    photograph(gimp, "gimp-place-layer")

    gimp.run("""
        buffer = mask.get_buffer()
        buffer.set(Gegl.Rectangle.new(0, 60, 160, 60), "R'G'B'A u8", b"\\xff" * (4 * 160 * 60))
        buffer.flush(); mask.update(0, 60, 160, 60)
        whole = [alpha(5, 5), alpha(150, 110), alpha(80, 61)]
        def pixel(shown):  # selected, and where there was no sky
            at = shown.get_n_channels() * 80 + shown.get_rowstride() * 80
            return shown.get_pixels()[at:at + 3]

        d.look_again(); pump(0.2); assert painted(), canvas().sentence()
        changed = pump(30, lambda: pixel(canvas().before) != pixel(canvas().picture))
    """)
    assert gimp.get("[whole, d.preview.target[0]]") == [[255, 255, 255], "Photo"]
    assert gimp.get("changed")
    photograph(gimp, "gimp-place-painted")


def test_one_step_of_undo_holds_all_of_it(gimp: GimpProcess) -> None:
    gimp.run(LANDSCAPE)
    gimp.run("""
        image = picture(selected=False)
        landscape(image)
        d = opened()
        steps = []
        start, end = Gimp.Image.undo_group_start, Gimp.Image.undo_group_end
        Gimp.Image.undo_group_start = lambda i: steps.append("start") or start(i)
        Gimp.Image.undo_group_end = lambda i: steps.append("end") or end(i)
        choose("All but the sky"); choose("Make “All but the sky” a layer")
        assert pump(30, lambda: len(image.get_layers()) == 2), canvas().sentence()
        mask = image.get_layers()[0]
        Gimp.Image.undo_group_start, Gimp.Image.undo_group_end = start, end
    """)
    assert gimp.get("[steps, alpha(5, 5), alpha(5, 110)]") == [["start", "end"], 0, 255]
