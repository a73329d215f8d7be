"""Layers as frames in a real GIMP: painted in their order, onto a new group of layers, undone in one step."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ..editors.engine import EngineHome, wait_until
from .gimpproc import GimpProcess

WORDS = Path(__file__).with_name("dialoglab.py").read_text("utf-8")
MORE = Path(__file__).with_name("framelab.py").read_text("utf-8")


def shoot(gimp: GimpProcess, name: str) -> None:
    folder = os.environ.get("SCUMBLE_SHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        gimp.screenshot(Path(folder) / f"{name}.png")


def test_ten_layers_become_a_group_of_ten_and_one_undo_takes_it_back(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome
) -> None:
    engine_home.start()
    gimp = make_gimp(gui=True)
    gimp.wait_seconds = 150.0
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\n{MORE}\nimage = animation()")
    gimp.run("""
        link = life.link(); link.start()
        sources = image.get_layers()
        before, called = [pixels(layer) for layer in sources], names(sources)
        image.undo_disable(); image.undo_enable()
        d = opened(); assert painted()
    """)
    assert gimp.get("d.choices().frames"), "names with times are taken for frames"
    assert gimp.get("pump(20, lambda: d.parts.estimate.get_text().startswith('About'))")
    check_three(gimp)
    shoot(gimp, "gimp-frames")
    check_painting(gimp)
    gimp.run("group = image.get_layers()[0]")
    assert gimp.get("[group.get_name(), group.is_group()]") == ["The Starry Night", True]
    inside = gimp.get("names(group.get_children())")
    assert [name.split(" #")[0] for name in inside] == gimp.get("called")
    gimp.run("new = [pixels(layer) for layer in group.get_children()]")
    assert gimp.get("[a != b for a, b in zip(new, before)]") == [n != 4 for n in range(9, -1, -1)]
    assert gimp.get("[pixels(layer) for layer in image.get_layers()[1:]] == before and not any(new[5])")
    assert gimp.get("len(set(new))") == 10
    shoot(gimp, "gimp-frames-painted")
    gimp.run("after = frame_layers(image, image.get_selected_layers())")
    assert gimp.get("names(after) == called[::-1]"), "what was painted from frames is none"
    assert gimp.display is not None
    gimp.display.xdotool("windowfocus", "--sync", gimp.wait_for_window("96x64"))
    gimp.display.key("ctrl+z")
    wait_until(lambda: gimp.get("names(image.get_layers()) == called"), "one step undoes it")
    assert gimp.get("[refused(*image.get_layers()[:1]), names(frame_layers(image, image.get_layers()[2:4]))]") == [
        None,
        gimp.get("called[2:4][::-1]"),
    ]
    gimp.run("image.get_layers()[3].resize(50, 60, 0, 0)")
    assert gimp.get("refused(*image.get_layers()[:1])") == "frames-differ"
    gimp.run("single = Gimp.Image.new(96, 64, Gimp.ImageBaseType.RGB); old, image = image, single; frame(single, 1)")
    assert gimp.get("refused(*image.get_layers())") == "frames-few"
    gimp.run("window.delete()")


def test_what_fails_midway_leaves_the_frames_before_it(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome
) -> None:
    engine_home.start()
    gimp = make_gimp(gui=True)
    gimp.wait_seconds = 150.0
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\n{MORE}\nimage = animation(8)")
    gimp.run("""
        link = life.link(); link.start()
        chosen = frame_layers(image, image.get_selected_layers())
        called = names(chosen)
        jobs = Jobs(link)
        def watch(job):
            if job.frame == 2 and chosen[6].is_valid():
                image.remove_layer(chosen[6])
        jobs.watch = watch
        made = transfer_frames(jobs, image, chosen, Recipe({'method': 'fast'}, (StyleChoice(name='scream'),)))
    """)
    assert gimp.get("[name.split(' #')[0] for name in names(made)] == called[:6]"), "the bare one is among them"
    assert gimp.get("[any(pixels(layer)) for layer in made]") == [n != 4 for n in range(6)]
    told = gimp.get("[jobs.broken.error.code, jobs.broken.text]")
    assert told[0] == "layer-changed" and "frame 7 of 8 could not be painted" in told[1]
    group = gimp.get("names(image.get_layers())[0]")
    assert gimp.get("made[0].get_parent().get_name()") == group, "above all frames, also above those that are missing"
    gimp.run("window.delete()")


BY_HAND = """
def by_hand(name, width, height, x, y, pixel):
    layer = Gimp.Layer.new(image, name, width, height, Gimp.ImageType.RGBA_IMAGE, 100.0, Gimp.LayerMode.NORMAL)
    image.insert_layer(layer, group, 0)
    layer.set_offsets(x, y)
    data = b"".join(pixel(i, j) for j in range(height) for i in range(width))
    buffer = layer.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "R'G'B'A u8", data)
    buffer.flush()
    layer.update(0, 0, width, height)
    return layer

def keyed(keys):
    try:
        transfer_frames(Jobs(link), image, chosen, choices.recipe, keys=keys)
    except ScumbleError as e:
        return e.code

image = animation(8)
group = Gimp.GroupLayer.new(image, 'By hand')
image.insert_layer(group, None, 0)
link = life.link(); link.start()
whole = by_hand('Frame 1 (10ms)', 96, 64, 0, 0, lambda x, y: bytes([x, 255 - y, 7 * x % 256, 255]))
spot = by_hand('Frame 6 copy', 10, 10, 45, 27, lambda x, y: bytes([255, 0, 255, 255]))
image.set_selected_layers([image.get_layers()[1]])
image.undo_disable(); image.undo_enable()
d = opened(); assert painted()
"""


def test_layers_in_a_group_that_were_painted_by_hand_lead_the_frames(
    make_gimp: Callable[..., GimpProcess], engine_home: EngineHome
) -> None:
    engine_home.start()
    gimp = make_gimp(gui=True)
    gimp.wait_seconds = 150.0
    gimp.run(f"PLUGIN = {str(gimp.plugins / 'scumble')!r}\n{WORDS}\n{MORE}\n{BY_HAND}")
    assert gimp.get("whole.get_name() != 'Frame 1 (10ms)'"), "GIMP lets no name be there twice"
    choose_by_hand(gimp)
    gimp.run("""
        chosen = frame_layers(image, image.get_selected_layers(), choices.keys)
        made = transfer_frames(Jobs(link), image, chosen, choices.recipe, keys=choices.keys)
        new = [pixels(layer) for layer in made]
        at = lambda number, x, y: list(new[number][(y * 96 + x) * 4:][:3])
    """)
    assert gimp.get("len(chosen)") == 8, "the group is no frame"
    assert gimp.get("new[1] == pixels(whole)"), "to the bit"
    assert gimp.get("at(6, 50, 32)") == [255, 0, 255]
    red, green, blue = gimp.get("at(7, 55, 32)")
    assert red > 180 and green < 90 and blue > 180, "it moves along with the disc"
    assert gimp.get("at(6, 20, 10) != [255, 0, 255] and at(6, 58, 32) != [255, 0, 255]")
    shoot(gimp, "gimp-keys-painted")
    gimp.run("""
        said = [keyed('Gone')]
        spot.set_name('Other'); whole.set_name('Another')
        said.append(keyed('By hand'))
        spot.set_name('Frame 2 a'); whole.set_name('Frame 2 b')
        said.append(keyed('By hand'))
    """)
    assert gimp.get("said") == ["layer-gone", "keys-none", "key-twice"]
    gimp.run("window.delete()")


def choose_by_hand(gimp: GimpProcess) -> None:
    """The dialog offers the group; it is chosen there."""
    gimp.run("row = d.parts.form.rows['keys']")
    assert gimp.get("row.editor.widget.get_visible() and row.editor.get() == ''")
    assert gimp.get("[r[0] for r in row.editor.widget.get_model()]") == ["None by hand", "By hand"]
    gimp.run("row.editor.put('By hand'); pump(0.5)")
    assert gimp.get("d.choices().keys") == "By hand"
    frames_shown = "d.frames.strip.settled and len([c for c in d.parts.pane.strip.cells if c.painted])"
    assert gimp.get(f"pump(60, lambda: {frames_shown})")
    shoot(gimp, "gimp-keys")
    gimp.run("choices = d.choices(); d.end()")


def check_three(gimp: GimpProcess) -> None:
    """The first, the middle and the last frame are painted small, while layers are taken for frames."""
    gimp.run("cells = lambda: [c for c in d.parts.pane.strip.cells if c.widget.get_visible()]")
    three = "d.frames.strip.settled and len(cells()) == 3 and [c.painted for c in cells()] == [True, False, True]"
    assert gimp.get(f"pump(60, lambda: {three})")
    assert gimp.get("[c._words.get_text() for c in cells()]") == ["Frame 1", "Frame 5", "Frame 10"]
    assert gimp.get("len({c.picture.get_pixels() for c in cells()})") == 3
    assert not gimp.get("any(cells()[1].picture.get_pixels()[3::4])"), "nothing is painted on the bare one"
    gimp.run("d.put(dataclasses.replace(d.choices(), frames=False)); d.changed(); pump(0.5)")
    assert gimp.get("cells()") == [] and not gimp.get("d.parts.pane.strip.widget.get_visible()")
    gimp.run("d.put(dataclasses.replace(d.choices(), frames=True)); d.changed(); pump(0.2)")
    assert gimp.get(f"pump(60, lambda: {three})")
    gimp.run("size = d.window.get_size(); d.window.resize(1, 1); pump(1)")
    shoot(gimp, "gimp-frames-narrow")
    gimp.run("d.window.resize(*size); pump(1)")


def check_painting(gimp: GimpProcess) -> None:
    """What the window says of ten frames, and what is kept of them."""
    gimp.run("choices = d.choices(); d.end()")
    gimp.run("""
        from scumble_gimp.windows.progress import ProgressWindow
        chosen = frame_layers(image, image.get_selected_layers())
        jobs = Jobs(link)
        shown = ProgressWindow(jobs, image, chosen, 0.1, as_frames=True)
        seen, parts = [], []
        def watch(job):
            shown.watch(job)
            parts.append(shown.progress.get_fraction())
            words = shown.words.get_text().split(',')[0]
            if words.startswith('Frame') and words not in seen:
                seen.append(words)
        jobs.watch = watch
        made = transfer_frames(jobs, image, chosen, choices.recipe)
        shown.end()
    """)
    assert gimp.get("names(chosen) == called[::-1]"), "from the bottom up"
    seen = gimp.get("seen")
    assert seen and set(seen) <= {f"Frame {n} of 10" for n in range(1, 11) if n != 5}, "nothing is painted on that"
    assert gimp.get("parts == sorted(parts) and parts[-1]") == 1.0, "the bar never goes back"
    kept = gimp.get("[[e.title, e.ref.raw.width] for e in painted_before().entries]")
    assert kept == [["The Starry Night", 96]], "of all frames the first is kept"
