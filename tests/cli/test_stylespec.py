"""How styles are written: names, paths with drive letters, colons, at-signs and any letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.cli.stylespec import StyleSpec, parse_style
from scumble.wire.protocol.errors import ScumbleError

KNOWN = {
    "starry-night",
    "wave.jpg",
    r"C:\Bilder\Welle.jpg",
    "a@b.png",
    "k@ffee:2.png",
    "sky.png",
    "Große Woge.jpg",
    "3:4",
}


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("starry-night", StyleSpec("starry-night")),
        ("starry-night:0.7", StyleSpec("starry-night", 0.7)),
        ("starry-night:.7:2", StyleSpec("starry-night", 0.7, 2.0)),
        ("wave.jpg:0.3@sky.png", StyleSpec("wave.jpg", 0.3, 1.0, "sky.png")),
        ("wave.jpg@sky.png", StyleSpec("wave.jpg", mask="sky.png")),
        (r"C:\Bilder\Welle.jpg", StyleSpec(r"C:\Bilder\Welle.jpg")),
        (r"C:\Bilder\Welle.jpg:0.5:1e0", StyleSpec(r"C:\Bilder\Welle.jpg", 0.5, 1.0)),
        ("a@b.png", StyleSpec("a@b.png")),
        ("a@b.png:0.5@a@b.png", StyleSpec("a@b.png", 0.5, 1.0, "a@b.png")),
        ("k@ffee:2.png:0.5@sky.png", StyleSpec("k@ffee:2.png", 0.5, 1.0, "sky.png")),
        ("Große Woge.jpg:2", StyleSpec("Große Woge.jpg", 2.0)),
        ("3:4", StyleSpec("3:4")),  # a file of that very name
        ("3:4:0.5", StyleSpec("3:4", 0.5)),
        # nothing of the kind exists: the error will name the source
        ("missing.jpg:0.3@sky.png", StyleSpec("missing.jpg", 0.3, 1.0, "sky.png")),
        ("wave.jpg:0.3@missing.png", StyleSpec("wave.jpg", 0.3, 1.0, "missing.png")),
        (r"D:\fehlt.jpg:0.3", StyleSpec(r"D:\fehlt.jpg", 0.3)),
        ("missing:a", StyleSpec("missing:a")),
    ],
)
def test_reading(text, spec):
    assert parse_style(text, KNOWN.__contains__) == spec


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("starry-night:200", "option-range"),
        ("starry-night:-1", "option-range"),
        ("starry-night:1:9", "option-range"),
        ("starry-night:nan", "option-type"),
    ],
)
def test_weights_and_strokes_out_of_range_are_refused(text, code):
    with pytest.raises(ScumbleError) as e:
        parse_style(text, KNOWN.__contains__)
    assert e.value.code == code


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1),
    st.floats(0, 100),
    st.floats(0.25, 4),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
)
def test_any_existing_name_can_be_written(source, weight, stroke, mask):
    written = f"{source}:{weight!r}:{stroke!r}" + (f"@{mask}" if mask else "")
    assert parse_style(written, {source, mask}.__contains__) == StyleSpec(source, weight, stroke, mask)


@given(st.text())
def test_no_text_breaks_it(text):
    try:
        parse_style(text, lambda _: False)
    except ScumbleError as e:
        assert e.code.startswith("option-")
