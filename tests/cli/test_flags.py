"""Flags come from the declared options, all of them, and so do their limits."""

from __future__ import annotations

import argparse
import dataclasses

import pytest

from scumble.cli import main
from scumble.cli.entry import make_parser
from scumble.cli.flags import add_option_flags, given_options
from scumble.wire.request.options import declared_options, option
from scumble.wire.request.request import REQUEST_OPTIONS, Request


def parse(*words):
    return make_parser().parse_args(["stylize", "a.png", *words])


def other_value(o):
    """A value that is not the default, as typed and as read."""
    if o.kind == "choice":
        value = next((c for c in o.choices if c != o.default), o.default)  # an option may have one choice so far
        return value, value
    if o.kind == "layers":
        return "conv1_1,conv3_1:0.5", ("conv1_1", "conv3_1:0.5")
    if o.kind == "text":
        return "cuda:1", "cuda:1"
    value = o.high if o.default != o.high else o.low
    return str(int(value) if o.kind == "int" else value), value


@pytest.mark.parametrize("o", REQUEST_OPTIONS.values(), ids=lambda o: o.name)
def test_every_option_has_its_flag(o):
    typed, value = other_value(o)
    given = given_options(parse("--" + o.name.replace("_", "-"), typed))
    assert given == {o.name: value}
    assert getattr(Request.from_plain(given), o.name) == value


def test_what_is_not_given_is_not_there():
    assert given_options(parse()) == {}


@pytest.mark.parametrize("o", [o for o in REQUEST_OPTIONS.values() if o.high is not None], ids=lambda o: o.name)
def test_out_of_range_is_a_usage_error_that_names_option_and_range(o, capsys):
    with pytest.raises(SystemExit) as e:
        parse("--" + o.name.replace("_", "-"), str(int(o.high) + 1))
    assert e.value.code == 2
    said = capsys.readouterr().err
    assert o.name in said and str(o.high) in said


@pytest.mark.parametrize(
    "words",
    [
        ["--method", "magic"],
        ["--seed", "1.5"],
        ["--seed", "many"],
        ["--strength", "nan"],
        ["--style-layers", "a:b"],
        ["--stren", "1"],
        ["--unknown"],
    ],
)
def test_bad_flags_are_usage_errors(words, capsys):
    with pytest.raises(SystemExit) as e:
        parse(*words)
    assert e.value.code == 2
    assert "error" in capsys.readouterr().err


def test_switches_can_be_turned_off():
    @dataclasses.dataclass
    class Settings:
        live: bool = option(True, "100 % live.")

    parser = argparse.ArgumentParser()
    options = {o.name: o for o in declared_options(Settings)}
    add_option_flags(parser, options)
    assert given_options(parser.parse_args(["--no-live"]), options) == {"live": False}
    assert "100 % live. (default True)" in " ".join(parser.format_help().split())


def test_help_tells_range_unit_and_default(capsys):
    with pytest.raises(SystemExit) as e:
        main(["stylize", "--help"])
    assert e.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    for o in REQUEST_OPTIONS.values():
        assert o.help.split("(")[0][:40] in said
    assert "(0 to 16384 px; default 0)" in said
    assert "NAME_OR_FILE[:WEIGHT[:STROKE]][@MASK]" in said
