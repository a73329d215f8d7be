"""The ZMTP parser: any cutting of the stream gives the same frames, and hostile peers are refused."""

from __future__ import annotations

import contextlib
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scumble.wire.transport.frames import (
    COMMAND,
    GREETING_SIZE,
    MAX_COMMAND,
    MORE,
    Frame,
    FrameParser,
    MessageBuilder,
    ZmtpError,
    check_greeting,
    frame_header,
    greeting,
    hello,
    parse_command,
    parse_properties,
)

frames = st.lists(st.tuples(st.sampled_from([0, MORE, COMMAND]), st.binary(max_size=600)), max_size=8)


def all_of(parser: FrameParser) -> list[Frame]:
    return list(iter(parser.next, None))


@given(frames, st.lists(st.integers(1, 300), min_size=1, max_size=20))
def test_the_stream_may_be_cut_anywhere(sent: list[tuple[int, bytes]], cuts: list[int]) -> None:
    stream = b"".join(frame_header(flags, len(body)) + body for flags, body in sent)
    parser, at, got, n = FrameParser(), 0, [], 0
    while at < len(stream):
        size = cuts[n % len(cuts)]
        parser.feed(stream[at : at + size])
        got += all_of(parser)
        at, n = at + size, n + 1
    assert [(f.flags, bytes(f.body)) for f in got] == sent


@given(st.binary(max_size=400), st.integers(1, 50))
@settings(max_examples=500)
def test_noise_is_frames_or_refused_the_same_however_cut(noise: bytes, cut: int) -> None:
    def parse(pieces: list[bytes]) -> tuple[list[Frame], bool]:
        parser = FrameParser(max_frame=100)
        try:
            for piece in pieces:
                parser.feed(piece)
        except ZmtpError:
            return all_of(parser), True
        return all_of(parser), False

    whole, refused = parse([noise])
    assert parse([noise[i : i + cut] for i in range(0, len(noise), cut)]) == (whole, refused)
    assert all(len(f.body) <= (MAX_COMMAND if f.flags & COMMAND else 100) for f in whole)


@pytest.mark.parametrize(
    "head",
    [
        b"\x02" + struct.pack(">Q", 2**63),
        b"\x02" + struct.pack(">Q", (1 << 20) + 1),
        b"\x06" + struct.pack(">Q", MAX_COMMAND + 1),
        b"\x08\x01",
        b"\x80\x01",
        b"\x05\x01",  # a command with more to come
    ],
    ids=repr,
)
def test_a_bad_frame_is_refused_by_its_head_alone(head: bytes) -> None:
    with pytest.raises(ZmtpError):
        FrameParser().feed(head)


def test_a_message_has_at_most_so_many_frames() -> None:
    builder = MessageBuilder(3)
    for _ in range(3):
        assert builder.add(Frame(MORE, bytearray(b"x"))) is None
    with pytest.raises(ZmtpError):
        builder.add(Frame(0, bytearray(b"x")))


@given(st.binary(max_size=60))
def test_damaged_commands_and_properties_are_refused_not_crashed(data: bytes) -> None:
    for parse in (parse_command, parse_properties):
        with contextlib.suppress(ZmtpError):
            parse(data)


@given(st.binary(max_size=64))
def test_a_greeting_is_judged_the_same_however_it_comes(data: bytes) -> None:
    def verdict(pieces: list[bytes]) -> bool:
        try:
            for piece in pieces:
                check_greeting(piece)
        except ZmtpError:
            return False
        return True

    assert verdict([data]) == verdict([data[:n] for n in range(len(data) + 1)])
    check_greeting(greeting())


def test_the_hello_is_as_rfc_24_has_it() -> None:
    assert hello(b"admin", b"secret") == b"\x04\x13\x05HELLO\x05admin\x06secret"


def test_a_greeting_fits_its_size() -> None:
    assert len(greeting()) == GREETING_SIZE
