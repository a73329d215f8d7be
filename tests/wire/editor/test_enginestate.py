"""How the engine is, in words."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from scumble.wire import ScumbleError
from scumble.wire.editor.enginestate import engine_sentence
from scumble.wire.words.translation import explain


def said(state: str, error: Any = None, info: Any = None, unwanted: bool = False) -> str:
    return engine_sentence(SimpleNamespace(state=state, error=error, info=info or {}), unwanted)  # type: ignore[arg-type]


def test_the_engine_in_words() -> None:
    lost = ScumbleError("engine-missing", reason="x", command="python install.py")
    assert said("ready", info={"devices": [{"name": "cpu"}]}) == "Ready, on the processor"
    assert (said("starting", lost), said("off")) == ("Starting…", "Off")
    assert said("off", lost) == explain(lost) and "could not be started: x. Run: python install.py" in explain(lost)
    assert said("off", lost, unwanted=True) == "Off"


def test_errors_are_explained_with_what_to_do() -> None:
    assert explain(ScumbleError("file-missing", name="a.png"), "a.log") == "There is no file “a.png”. Check the path."
    assert "install it again" in explain(ModuleNotFoundError("wire"))
    assert explain(KeyError("secret"), "/logs/gimp.log").endswith("report it with /logs/gimp.log")
    assert explain(KeyError("secret")).endswith("report it with –")
