"""Messages: round trips, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scumble.wire.protocol.errors import ScumbleError
from scumble.wire.protocol.messages import MAX_FRAMES, MAX_HEADER, MAX_NESTING, MAX_RAW, decode, encode, readable_id

plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def refused(frames: list[bytes]) -> str:
    with pytest.raises(ScumbleError) as e:
        decode(frames)
    return e.value.code


@given(st.dictionaries(st.text(), plain, max_size=5), st.lists(st.binary(max_size=50), max_size=MAX_FRAMES - 1))
def test_what_is_encoded_comes_back(fields: dict[str, object], raw: list[bytes]) -> None:
    header = {**fields, "type": "x"}
    message = decode(encode(header, raw))
    assert message.header == header and message.raw == raw and message.type == "x"


@given(st.lists(st.binary(max_size=200), max_size=MAX_FRAMES + 2))
@settings(max_examples=500)
def test_any_bytes_are_a_message_or_refused(frames: list[bytes]) -> None:
    try:
        assert isinstance(decode(frames).type, str)
    except ScumbleError as e:
        assert e.code == "message-malformed"
    assert readable_id(frames) is None or readable_id(frames) >= 1


def nested(depth: int, inner: object = 1) -> object:
    for _ in range(depth):
        inner = [inner]
    return inner


def test_nesting_is_allowed_to_its_limit_and_not_beyond() -> None:
    decode([msgpack.packb({"type": "x", "v": nested(MAX_NESTING - 1)})])
    assert refused([msgpack.packb({"type": "x", "v": nested(MAX_NESTING)})]) == "message-malformed"
    assert refused([msgpack.packb({"type": "x", "v": nested(MAX_NESTING - 1, inner=[])})]) == "message-malformed"


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"\xc1",
        b"\x81\xa4type",  # truncated
        b"\x81\xa4type\xa1x\x00",  # something behind the map
        b"\x91\xa1x",  # not a map
        b"\x82\xa4type\xa1x\x01\x02",  # a number as a key
        b"\x82\xa4type\xa1x\xc4\x01k\x02",  # bytes as a key
        b"\x82\xa4type\xa1x\xc4\x00\x02",  # no bytes as a key
        b"\x82\xa4type\xa1x\xa1v\xc4\x01b",  # bytes as a value
        b"\x82\xa4type\xa1x\xa1v\xc4\x00",  # no bytes as a value
        b"\x82\xa4type\xa1x\xa1v\xd4\x05a",  # an extension type
        b"\x82\xa4type\xa1x\xa1v\xc7\x00\x05",  # an empty one
        b"\x82\xa4type\xa1x\xa1v\xd6\xff\x00\x00\x00\x01",  # a timestamp
        b"\x82\xa4type\xa1x\xa1v\xa1\xff",  # not UTF-8
        b"\x82\xa4type\xa1x\xa1v\xdd\xff\xff\xff\xff",  # four milliards of items announced
        b"\x82\xa4type\xa1x\xa1v\xc6\xff\xff\xff\xff",  # four gigabytes announced
        b"\x81\xa4type\x05",  # the type is no string
        b"\x80",
        b"\x91" * MAX_HEADER,
        b"\x81\xa1k" * 100_000,
    ],
    ids=repr,
)
@pytest.mark.parametrize("pure", [False, True], ids=["compiled", "pure msgpack"])
def test_hostile_headers_are_refused_by_both_msgpacks(
    header: bytes, pure: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if pure:
        from msgpack import fallback

        monkeypatch.setattr(msgpack, "unpackb", _pure_unpackb(fallback))
    assert refused([header]) == "message-malformed"


def _pure_unpackb(fallback):  # as msgpack.unpackb is where no compiled one loads
    def unpackb(packed, **options):
        unpacker = fallback.Unpacker(None, max_buffer_size=len(packed), **options)
        unpacker.feed(packed)
        try:
            value = unpacker._unpack()
        except fallback.OutOfData:
            raise ValueError("incomplete") from None
        except RecursionError:
            raise fallback.StackError from None
        if unpacker._got_extradata():
            raise fallback.ExtraData(value, unpacker._get_extradata())
        return value

    return unpackb


def test_the_engine_may_answer_with_bytes_as_a_value_and_nowhere_else() -> None:
    frames = encode({"type": "ok", "styles": [{"thumbnail": b"\xff\xd8"}]})
    assert decode(frames, binary=True).header["styles"] == [{"thumbnail": b"\xff\xd8"}]
    assert refused(frames) == "message-malformed"
    for bad in (
        b"\x82\xa4type\xa1x\xc4\x01k\x02",
        b"\x81\xa4type\xc4\x01x",
        b"\x82\xa4type\xa1x\xa1v\xc6\xff\xff\xff\xff",
    ):
        with pytest.raises(ScumbleError):
            decode([bad], binary=True)


def test_sizes_are_allowed_to_their_limits_and_not_beyond() -> None:
    room = MAX_HEADER - len(encode({"type": "x", "v": "a" * 70_000})[0]) + 70_000
    assert len(encode({"type": "x", "v": "a" * room})[0]) == MAX_HEADER
    for header, raw in (({"type": "x", "v": "a" * (room + 1)}, []), ({"type": "x"}, [bytes(MAX_RAW + 1)])):
        with pytest.raises(ScumbleError) as e:
            encode(header, raw)
        assert e.value.code == "message-large"
    ok = msgpack.packb({"type": "x"})
    decode([ok, *[bytes(MAX_RAW)] * (MAX_FRAMES - 1)])
    assert refused([ok, memoryview(bytes(4 * MAX_RAW)).cast("I")]) == "message-large"
    assert refused([bytes(MAX_HEADER + 1)]) == "message-large"
    assert refused([ok] * (MAX_FRAMES + 1)) == "message-malformed"
    assert refused([]) == "message-malformed"


@pytest.mark.parametrize("value", [object(), 2**64, {1, 2}, 1j], ids=["object", "large", "set", "complex"])
def test_what_msgpack_cannot_hold_is_named_at_the_sender(value: object) -> None:
    with pytest.raises(ScumbleError) as e:
        encode({"type": "x", "v": value})
    assert e.value.code == "message-malformed"


def test_a_file_name_that_is_not_unicode_is_sent_with_question_marks() -> None:
    assert decode(encode({"type": "x", "name": "caf\udce9.png"})).header["name"] == "caf?.png"


def test_an_id_is_read_where_it_can_be() -> None:
    assert readable_id([msgpack.packb({"id": 7})]) == 7  # no type, so refused, but answerable
    assert readable_id([msgpack.packb({"id": 7, "v": nested(40)})]) == 7
    assert readable_id([msgpack.packb({"type": "ping", "id": 7, "v": b"bytes"})]) == 7
    for bad in (0, -1, True, 1.0, "1", None):
        assert readable_id([msgpack.packb({"id": bad})]) is None
    assert readable_id([]) is None and readable_id([b"\xc1"]) is None


def test_both_msgpacks_write_the_same() -> None:
    code = (
        "import sys; sys.path[:0] = sys.argv[1:]\n"
        "from scumble.wire.protocol.messages import encode, decode\n"
        "h = {'type': 'x', 'n': [1, -5, 2**40, 1.5, None, True, 'ü' * 300], 'm': {'a': {}}}\n"
        "assert decode(encode(h)).header == h\n"
        "import msgpack; print(msgpack.Packer.__module__, encode(h)[0].hex())"
    )
    out = [
        subprocess.run(
            [sys.executable, "-c", code, *sys.path],
            env={**os.environ, "MSGPACK_PUREPYTHON": pure},
            capture_output=True,
            text=True,
        ).stdout.split()
        for pure in ("1", "")
    ]
    assert out[0][0] == "msgpack.fallback" and out[0][1:] == out[1][1:]
