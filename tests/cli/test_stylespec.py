"""How styles are written: names, paths with drive letters, colons, at-signs and any letters."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.cli.stylespec import parse_style
from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.request.stylechoice import StyleChoice

NAMED = {"starry-night"}
FILES = {
    "wave.jpg",
    r"C:\Bilder\Welle.jpg",
    "a@b.png",
    "k@ffee:2.png",
    "sky.png",
    "Große Woge.jpg",
    "3:4",
    "odd,keep=2.png",
}


def style(source, weight=1.0, stroke_size=1.0, mask="", **rest):
    """A choice as it is expected of a name or a path; `mask` is a file's."""
    masked = {"mask": "layer", "mask_name": mask, "mask_layer": mask} if mask else {}
    kind = "library" if source in (*NAMED, "missing", "missing:a") else "file"
    return StyleChoice(kind, source, weight=weight, stroke_size=stroke_size, **masked, **rest)


def read(text):
    return parse_style(text, NAMED.__contains__, FILES.__contains__)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("starry-night", style("starry-night")),
        ("starry-night:0.7", style("starry-night", 0.7)),
        ("starry-night:.7:2", style("starry-night", 0.7, 2.0)),
        ("wave.jpg:0.3@sky.png", style("wave.jpg", 0.3, 1.0, "sky.png")),
        ("wave.jpg@sky.png", style("wave.jpg", mask="sky.png")),
        (r"C:\Bilder\Welle.jpg", style(r"C:\Bilder\Welle.jpg")),
        (r"C:\Bilder\Welle.jpg:0.5:1e0", style(r"C:\Bilder\Welle.jpg", 0.5, 1.0)),
        ("a@b.png", style("a@b.png")),
        ("a@b.png:0.5@a@b.png", style("a@b.png", 0.5, 1.0, "a@b.png")),
        ("k@ffee:2.png:0.5@sky.png", style("k@ffee:2.png", 0.5, 1.0, "sky.png")),
        ("Große Woge.jpg:2", style("Große Woge.jpg", 2.0)),
        ("starry-night,strength=.6,stroke=2", style("starry-night", stroke_size=2.0, strength=0.6)),
        ("wave.jpg:2,keep=4@sky.png", style("wave.jpg", 2.0, mask="sky.png", content_weight=4.0)),
        (
            "missing,keep=4,strength=.5@none.png",
            style("missing", 1, mask="none.png", content_weight=4, strength=0.5),
        ),
        ("wave.jpg:2@sky.png, keep = 4", style("wave.jpg", 2.0, mask="sky.png", content_weight=4.0)),
        ("wave.jpg,share=3", style("wave.jpg", 3.0)),
        ("odd,keep=2.png", style("odd,keep=2.png")),  # a file of that very name
        ("odd,keep=2.png,keep=3", style("odd,keep=2.png", content_weight=3.0)),
        ("3:4", style("3:4")),  # a file of that very name
        ("3:4:0.5", style("3:4", 0.5)),
        # nothing of the kind exists: the error will name the source
        ("missing.jpg:0.3@sky.png", style("missing.jpg", 0.3, 1.0, "sky.png")),
        ("wave.jpg:0.3@missing.png", style("wave.jpg", 0.3, 1.0, "missing.png")),
        (r"D:\fehlt.jpg:0.3", style(r"D:\fehlt.jpg", 0.3)),
        ("missing:a", style("missing:a")),
        ("starry-night@sky", StyleChoice(name="starry-night", mask="sky")),
        ("wave.jpg,mask=faces", StyleChoice("file", "wave.jpg", mask="faces")),
        ("wave.jpg,from=sky.png", style("wave.jpg", part="file", part_name="sky.png")),
        ("wave.jpg,from=sky", style("wave.jpg", part="sky")),
        (
            "wave.jpg@sky.png,from=background,keep=2",
            style("wave.jpg", mask="sky.png", part="background", content_weight=2),
        ),
        (
            "wave.jpg:.5@sky.png,from=k.png,keep=2",
            style("wave.jpg", 0.5, 1.0, "sky.png", part="file", part_name="k.png", content_weight=2.0),
        ),
    ],
)
def test_reading(text, expected):
    assert read(text) == expected


def test_a_file_called_like_a_place_is_a_file():
    assert parse_style("scream@sky", {"scream"}.__contains__, {"sky"}.__contains__).mask_layer == "sky"
    part = parse_style("wave.jpg,from=sky", lambda _: False, {"wave.jpg", "sky"}.__contains__)
    assert (part.part, part.part_name) == ("file", "sky")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("starry-night:200", "option-range"),
        ("starry-night:-1", "option-range"),
        ("starry-night:1:9", "option-range"),
        ("starry-night:nan", "option-type"),
        ("starry-night,strength=2", "option-range"),
        ("starry-night,keep=much", "option-type"),
        ("starry-night,stroke=", "option-type"),
    ],
)
def test_weights_and_strokes_out_of_range_are_refused(text, code):
    with pytest.raises(ScumbleError) as e:
        read(text)
    assert e.value.code == code


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.floats(0, 100),
    st.floats(0.25, 4),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
def test_any_existing_name_can_be_written(source, weight, stroke, mask):
    written = f"{source}:{weight!r}:{stroke!r}" + (f"@{mask}" if mask else "")
    read_back = parse_style(written, lambda _: False, {source, mask}.__contains__)
    assert read_back == replace(style(source, weight, stroke, mask), source="file")


@given(st.text())
def test_no_text_breaks_it(text):
    try:
        parse_style(text, lambda _: False, lambda _: False)
    except ScumbleError as e:
        assert e.code.startswith("option-")
