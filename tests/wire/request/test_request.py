"""The request: every option declared once, checked by name, and the same after any journey."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scumble.wire import REQUEST_OPTIONS, STYLE_OPTIONS, Option, PictureRef, PixelFormat, Request, ScumbleError, Style
from scumble.wire.protocol.messages import decode, encode
from scumble.wire.protocol.pixels import MAX_SIDE
from scumble.wire.request.options import parse_layer
from scumble.wire.request.request import MAX_STYLES

ALL = [*((Request, o) for o in REQUEST_OPTIONS.values()), *((Style, o) for o in STYLE_OPTIONS.values())]
each_option = pytest.mark.parametrize(("owner", "option"), ALL, ids=[f"{c.__name__}.{o.name}" for c, o in ALL])
NUMBERS = [(c, o) for c, o in ALL if o.kind in ("float", "int")]
each_number = pytest.mark.parametrize(("owner", "option"), NUMBERS, ids=[f"{c.__name__}.{o.name}" for c, o in NUMBERS])
DIGEST = "0123456789abcdef" * 4


def make(owner: type, name: str, value: object) -> object:
    plain = {name: value} if owner is Request else {"styles": [{name: value}]}
    request = Request.from_plain(plain)
    return getattr(request if owner is Request else request.styles[0], name)


def refused(owner: type, name: str, value: object) -> ScumbleError:
    with pytest.raises(ScumbleError) as e:
        make(owner, name, value)
    return e.value


def values_of(o: Option) -> st.SearchStrategy[object]:
    if o.kind == "float":
        return st.floats(o.low, o.high)
    if o.kind == "int":
        return st.integers(int(o.low or 0), int(o.high or 0))
    if o.kind == "choice":
        return st.sampled_from(o.choices)
    if o.kind == "layers":
        return st.just(o.default)
    return st.text(max_size=200) if o.kind == "text" else st.booleans()


refs = st.builds(
    PictureRef,
    st.just(DIGEST),
    st.none()
    | st.builds(PixelFormat, *[st.integers(1, MAX_SIDE)] * 2, st.integers(1, 4), st.sampled_from(["u8", "f32"])),
    *[st.integers(-(2**31) + 1, 2**31 - 1)] * 2,
)
styles = st.fixed_dictionaries({n: values_of(o) for n, o in STYLE_OPTIONS.items()}).flatmap(
    lambda v: st.builds(Style, **{k: st.just(x) for k, x in v.items()}, picture=st.none() | refs, mask=st.none() | refs)
)
requests = st.builds(
    Request,
    **{n: values_of(o) for n, o in REQUEST_OPTIONS.items()},
    styles=st.lists(styles, max_size=3).map(tuple),
    canvas=st.tuples(*[st.integers(0, 2**31 - 1)] * 2),
    content=st.none() | refs,
    selection=st.none() | refs,
)


@given(requests)
def test_a_request_is_the_same_after_the_wire_and_a_file(request_: Request) -> None:
    plain = request_.to_plain()
    assert Request.from_plain(decode(encode({"type": "submit", "request": plain})).header["request"]) == request_
    assert Request.from_plain(json.loads(json.dumps(plain))) == request_


@each_option
def test_a_default_is_allowed_explained_and_left_out(owner: type, option: Option) -> None:
    assert option.check(option.default) == option.default
    assert option.help.endswith(".") and option.help[0].isupper()
    assert option.name not in owner().to_plain() if owner is Request else True
    assert make(owner, option.name, option.default) == option.default


@each_number
def test_a_range_is_kept_to_its_ends(owner: type, option: Option) -> None:
    assert option.low is not None and option.high is not None
    for end, beyond in ((option.low, option.low - 1), (option.high, option.high * 2 + 1)):
        assert make(owner, option.name, end) == end
        error = refused(owner, option.name, beyond)
        assert error.code == "option-range" and error.values["name"] == option.name
        assert str(option.low) in error.remedy and str(option.high) in error.remedy
    assert refused(owner, option.name, 10**400).code == "option-range"


@each_number
@pytest.mark.parametrize("value", ["1", None, [1], True, math.nan, math.inf], ids=str)
def test_what_is_no_number_is_named(owner: type, option: Option, value: object) -> None:
    error = refused(owner, option.name, value)
    assert error.code == "option-type" and option.name in error.sentence


def test_whole_numbers_may_come_as_floats_and_no_others() -> None:
    assert make(Request, "iterations", 5.0) == 5 and type(make(Request, "iterations", 5.0)) is int
    assert refused(Request, "iterations", 5.5).code == "option-type"


@pytest.mark.parametrize("o", [o for o in REQUEST_OPTIONS.values() if o.kind == "choice"], ids=lambda o: o.name)
def test_a_choice_is_one_of_its_choices(o: Option) -> None:
    assert [make(Request, o.name, c) for c in o.choices] == list(o.choices)
    for wrong in ("no-such", "", None, 1, ["x"]):
        error = refused(Request, o.name, wrong)
        assert error.code == "option-choice" and all(c in error.remedy for c in o.choices)


def test_layers_are_read_with_their_weights() -> None:
    o = REQUEST_OPTIONS["style_layers"]
    assert o.check("conv1_1 conv2_1:0.5") == ("conv1_1", "conv2_1:0.5")
    assert parse_layer(o, "conv2_1:0.5") == ("conv2_1", 0.5) and parse_layer(o, "conv2_1") == ("conv2_1", 1.0)
    for wrong in ("conv1_1:x", ":1", "a:-1", "a:nan", "a:1e9", 5, ["a", 5], ["a"] * 33):
        assert refused(Request, "style_layers", wrong).code == "option-type"


@pytest.mark.parametrize("plain", [None, 5, "x", [], b"x"], ids=repr)
def test_what_is_no_request_is_refused(plain: object) -> None:
    for whole in (plain, {"styles": [plain]}, {"styles": 5}):
        with pytest.raises(ScumbleError) as e:
            Request.from_plain(whole)
        assert e.value.code == "option-type"


def test_unknown_options_are_named_with_the_known() -> None:
    error = refused(Request, "strenght", 1)
    assert error.code == "option-unknown" and "strenght" in error.sentence and "strength" in error.remedy
    assert refused(Style, "colour", 1).code == "option-unknown"


@pytest.mark.parametrize("canvas", [5, [1], [1, 2, 3], [1, -1], [1.5, 2], [True, 2], [1, 2**31], "12"], ids=str)
def test_a_canvas_is_two_sizes(canvas: object) -> None:
    assert refused(Request, "canvas", canvas).code == "option-type"


def test_styles_are_counted_and_weighed() -> None:
    assert refused(Request, "styles", [{}] * (MAX_STYLES + 1)).code == "styles-many"
    for request, code in ((Request(), "styles-missing"), (Request(styles=(Style(weight=0.0),)), "weights-zero")):
        with pytest.raises(ScumbleError) as e:
            request.check_styles()
        assert e.value.code == code
    Request(styles=(Style(weight=0.0), Style(name="wave"))).check_styles()


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("digest", "0" * 63, "picture-format"),
        ("digest", DIGEST.upper(), "picture-format"),
        ("digest", None, "picture-format"),
        ("x", 2**31, "picture-format"),
        ("y", 0.5, "picture-format"),
        ("format", 5, "picture-format"),
        ("width", 0, "picture-empty"),
        ("width", -1, "picture-format"),
        ("height", MAX_SIDE + 1, "picture-format"),
        ("channels", 5, "picture-format"),
        ("channels", True, "picture-format"),
        ("depth", "f64", "picture-format"),
        ("space", "cmyk", "picture-format"),
    ],
)
def test_a_picture_reference_is_checked_throughout(field: str, value: object, code: str) -> None:
    plain = PictureRef(DIGEST, PixelFormat(2, 3, 4, "u16", "linear"), -1, 5).to_plain()
    assert PictureRef.from_plain(plain).to_plain() == plain
    (plain if field in plain else plain["format"])[field] = value
    assert refused(Request, "content", plain).code == code


@pytest.mark.parametrize(("depth", "size"), [("u8", 24), ("u16", 48), ("f32", 96)])
def test_the_size_of_pixels(depth: str, size: int) -> None:
    assert PixelFormat(2, 3, 4, depth).nbytes == size


def test_a_request_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Request().seed = 5  # type: ignore[misc]
