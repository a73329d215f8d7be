"""What goes wrong is told in a sentence with what to do and a code, GIMP lives on, and the log says more."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ..editors.engine import SLOW, EngineHome, wait_until
from .callers import TRANSFER, call, called, calling, style_file
from .gimpproc import GimpProcess

ENGINE = SLOW

Make = Callable[..., GimpProcess]


def log_of(home: EngineHome) -> str:
    return (home.folder / "logs" / "gimp.log").read_text("utf-8")


def is_told(answer: tuple[str, Any], code: str) -> str:
    """The sentence, which is one: without a traceback."""
    status, told = answer
    assert status == "execution-error" and told.endswith(f"[{code}]"), answer
    assert "Traceback" not in told and 'File "' not in told and "\n" not in told
    return str(told)


def test_what_was_asked_wrongly(gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path) -> None:
    calling(gimp)
    is_told(call(gimp), "styles-missing")
    assert "starry-night" in is_told(call(gimp, style_1="Stary Nihgt"), "style-unknown")
    is_told(call(gimp, style_1=str(tmp_path / "none.png")), "file-missing")
    (tmp_path / "empty.png").touch()
    is_told(call(gimp, style_1=str(tmp_path / "empty.png")), "picture-unreadable")
    obey = style_file(tmp_path)
    is_told(call(gimp, style_1=obey, style_1_weight=0.0), "weights-zero")
    assert "“device”" not in is_told(call(gimp, style_1=obey, device="cuda:77"), "device-unavailable")
    is_told(call(gimp, style_1=obey, style_layers="conv1_1:many"), "option-type")
    gimp.run("image = new_image(); image.get_layers()[0].fill(Gimp.FillType.TRANSPARENT)")
    is_told(call(gimp, style_1=obey), "layer-empty")
    gimp.run("image = new_image(); image.convert_indexed(0, 0, 2, False, False, '')")
    is_told(call(gimp, style_1=obey), "image-indexed")
    is_told(tuple(gimp.get(f"call({TRANSFER!r}, [], style_1={obey!r})")), "layer-missing")
    assert gimp.get("names()") == ["layer 0"]
    assert "[style-unknown]" in log_of(engine_home)


def test_gimp_keeps_what_is_out_of_range_away(gimp: GimpProcess, engine_home: EngineHome) -> None:
    calling(gimp)
    gimp.run(f"procedure, config = configured({TRANSFER!r}, dict(strength=0.25))")
    gimp.run("config.set_property('strength', 7.0); config.set_property('colors', 'no such')")
    assert gimp.get("[config.get_property('strength'), config.get_property('colors')]") == [0.25, "style"]


def test_an_engine_that_does_not_start(make_gimp: Make, engine_home: EngineHome, tmp_path: Path) -> None:
    style = style_file(tmp_path)
    gimp = calling(make_gimp(env={"SCUMBLE_ENGINE": json.dumps(["/nowhere/scumble-engine"])}))
    assert "/nowhere/scumble-engine" in is_told(call(gimp, style_1=style), "engine-missing")
    assert gimp.get("status()").startswith("Engine: Off.")
    ending = json.dumps(["/bin/sh", "-c", "echo no torch here >&2; exit 3"])
    other = calling(make_gimp(env={"SCUMBLE_ENGINE": ending}))
    assert "no torch here" in is_told(call(other, style_1=style), "engine-missing")
    assert gimp.get("names()") == other.get("names()") == ["layer 0"]


def test_an_engine_of_another_version_or_user(gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path) -> None:
    calling(gimp)
    style, file = style_file(tmp_path), engine_home.folder / "runtime" / "engine.json"
    engine_home.start()
    right = json.loads(file.read_text())
    wrong = {**right, "token": "x" * len(right["token"])}

    def refused() -> bool:
        rewrite(file, wrong)
        answer = call(gimp, style_1=style, iterations=1)
        return answer[0] != "success" and bool(is_told(answer, "engine-refused"))

    # Again and again: the engine puts its file right now and then.
    wait_until(refused, "the call is refused")
    wait_until(lambda: rewrite(file, wrong) or "refused" in gimp.get("status()"), "the refusal is told")
    rewrite(file, right)
    messages = gimp.plugins / "scumble/scumble_gimp/wire/protocol/messages.py"
    text = messages.read_text("utf-8")
    assert "PROTOCOL = 1\n" in text
    messages.write_text(text.replace("PROTOCOL = 1\n", "PROTOCOL = 99\n"), "utf-8")
    assert "protocol 1" in is_told(call(gimp, style_1=style), "protocol-version")
    messages.write_text(text, "utf-8")
    status, layers = call(gimp, style_1=style, iterations=1)
    assert status == "success" and layers[-1].startswith("obey")


def rewrite(file: Path, plain: object) -> None:
    file.write_text(json.dumps(plain))
    file.chmod(0o600)


def test_a_worker_or_an_engine_that_dies(gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path) -> None:
    calling(gimp)
    is_told(call(gimp, style_1=style_file(tmp_path, "die"), iterations=5), "worker-died")
    is_told(call(gimp, style_1=style_file(tmp_path, "fail"), iterations=5), "internal")
    gimp.begin(f"answer = {called(style_1=style_file(tmp_path), iterations=2000)}")
    client = engine_home.client()
    wait_until(lambda: any(j["state"] == "running" for j in client.jobs()), "the job runs")
    client.close()
    for pid in engine_home.processes():
        os.kill(pid, signal.SIGKILL)
    gimp.end()
    is_told(tuple(gimp.get("answer")), "engine-lost")
    assert gimp.get("names()") == ["layer 0"]
    assert call(gimp, style_1=style_file(tmp_path), iterations=1) == ("success", ["obey"]), "the next one starts it"


def test_a_fault_of_ours(gimp: GimpProcess, engine_home: EngineHome, tmp_path: Path) -> None:
    calling(gimp)
    package = gimp.plugins / "scumble/scumble_gimp"
    transfer = package / "model/transfer.py"
    text = transfer.read_text("utf-8")
    transfer.write_text(text.replace("    recipe.check()\n", "    raise KeyError('a fault')\n", 1), "utf-8")
    told = is_told(call(gimp, style_1=style_file(tmp_path)), "internal")
    assert str(engine_home.folder / "logs" / "gimp.log") in told and "KeyError" not in told
    assert "Traceback" in log_of(engine_home) and "KeyError: 'a fault'" in log_of(engine_home)
    transfer.write_text(text, "utf-8")
    assert call(gimp, style_1=style_file(tmp_path), iterations=1) == ("success", ["obey"])


def test_an_incomplete_copy_says_so(gimp: GimpProcess, tmp_path: Path) -> None:
    calling(gimp)
    package = gimp.plugins / "scumble/scumble_gimp"
    (package / "wire" / "editor" / "link.py").unlink()
    status, told = call(gimp, style_1=style_file(tmp_path))
    assert status == "execution-error" and told.startswith("This copy of Scumble is incomplete")
    assert "Traceback" not in told and gimp.get("names()") == ["layer 0"]
    status, told = call(gimp, "scumble-repeat")
    assert status == "execution-error" and told.startswith("This copy of Scumble is incomplete")


def test_a_missing_window_is_told_too(gimp: GimpProcess, engine_home: EngineHome) -> None:
    calling(gimp)
    (gimp.plugins / "scumble/scumble_gimp/windows/dialog.py").unlink()
    answer = gimp.get(f"call({TRANSFER!r}, mode=Gimp.RunMode.INTERACTIVE)")
    assert is_told(tuple(answer), "internal").startswith("This copy of Scumble is incomplete")
    assert "No module named 'scumble_gimp.windows.dialog'" in log_of(engine_home)


@pytest.mark.parametrize("broken", ["wire", "python"])
def test_entries_stand_in_the_menu_whatever_is_wrong(make_gimp: Make, broken: str) -> None:
    gimp = calling(make_gimp(before=breaking(broken)))
    status, told = call(gimp)
    assert status == "execution-error"
    assert told.startswith("This copy" if broken == "wire" else "Scumble needs a GIMP with Python 3.8 or newer")
    entry = f"Gimp.get_pdb().lookup_procedure({TRANSFER!r})"
    assert gimp.get(f"[{entry}.get_menu_label(), {entry}.get_menu_paths()]") == [
        "Style Transfer…",
        ["<Image>/Filters/Scumble", "<Image>/Filters/Development/Python-Fu"],
    ]


def breaking(what: str) -> Callable[[Path], None]:
    """What breaks the plug-in in a folder of plug-ins, before GIMP asks it."""

    def make_broken(plugins: Path) -> None:
        if what == "wire":
            (plugins / "scumble/scumble_gimp/wire/protocol/errors.py").unlink()
        else:
            program = plugins / "scumble/scumble.py"
            program.write_text(program.read_text("utf-8").replace("PYTHON = (3, 8)", "PYTHON = (99, 0)"), "utf-8")

    return make_broken
