"""A mask painted in a real GIMP: a layer for it, what is said, hidden once it was used."""

from __future__ import annotations

from .gimpproc import GimpProcess
from .test_dialog import WINDOWS, gimp, photograph

__all__ = ["WINDOWS", "gimp"]


def test_a_layer_is_made_to_paint_a_mask_on(gimp: GimpProcess) -> None:
    gimp.run("""
        image = picture(selected=False)
        d = opened()
        d.parts.form.rows['method'].editor.put('fast')
        assert painted(), canvas().sentence()
        seen, combo = shown(), rows()[0].mask.combo
        combo.set_active([row[0] for row in rows()[0].mask.rows].index("Paint a mask…"))
        pump(0.3)
        mask = image.get_layers()[0]
    """)
    assert gimp.get("[mask.get_name(), mask.get_opacity(), mask.get_offsets()[1:]]")[:2] == [
        "Mask: The Starry Night",
        50,
    ]
    assert gimp.get("[s.mask_layer == str(mask.get_id()) for s in d.recipe().styles]") == [True]
    assert gimp.get("pump(20, lambda: 'in any colour' in canvas().sentence())")
    photograph(gimp, "gimp-mask-empty")
    gimp.run("""
        buffer = mask.get_buffer()
        buffer.set(Gegl.Rectangle.new(0, 0, 80, 120), "R'G'B'A u8", bytes((200, 30, 30, 255)) * 80 * 120)
        buffer.flush(); mask.update(0, 0, 80, 120)
        d.look_again(); pump(0.2); assert painted(), canvas().sentence()
    """)
    assert gimp.get("shown() != seen and d.preview.target[0]") == "Photo"
    photograph(gimp, "gimp-mask-painted")
    gimp.run("d.layers.put_away(d.recipe())")
    assert gimp.get("[mask.get_visible(), image.get_layers()[1].get_visible()]") == [False, True]
