"""The plug-in's modules without Krita: a fake `krita` (tests/krita/fake) and Qt without a screen.

`from scumble_krita import …` works in these tests. Where PyQt6 or PyQt5 imports, one of them is used ($SCUMBLE_QT says
which; PyQt6 else, since the real Krita has 5). A test that needs Qt asks for `qt`, and is skipped where there is none,
or fails with SCUMBLE_EDITORS=required. `krita_app` is a fake Krita, new for the test: `.reset("5.1.5")` for another.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from ...editors.needs import require

ROOT = Path(__file__).parents[3]


def _find_qt() -> str:
    """“6” or “5”, whichever imports with its widgets; “” where none does."""
    for major in [os.environ["SCUMBLE_QT"]] if os.environ.get("SCUMBLE_QT") else ["6", "5"]:
        try:
            importlib.import_module(f"PyQt{major}.QtWidgets")
            return major
        except ImportError:  # not installed, or the system lacks libGL, libEGL…
            continue
    return ""


os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
QT = os.environ["SCUMBLE_QT"] = _find_qt()
for folder in (ROOT / "plugins/krita", ROOT / "tests/krita/fake"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import krita  # noqa: E402  # the fake, before the plug-in looks for one


def need_qt() -> str:
    """Which Qt there is, 5 or 6; skips, or fails where editors are required."""
    return QT or require("neither PyQt6 nor PyQt5 imports here")


@pytest.fixture(autouse=True)
def nothing_uncaught(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a slot raises fails its test; PyQt would end the whole process."""
    seen: list[str] = []
    monkeypatch.setattr(sys, "excepthook", lambda *error: seen.append("".join(traceback.format_exception(*error))))
    yield
    assert not seen, "\n".join(seen)


@pytest.fixture(scope="session", autouse=True)
def old_things_are_left_alone() -> Iterator[None]:
    """What was imported before the first test is not gone through after each: that took longer than the tests."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def nothing_lives_on(nothing_uncaught: None) -> Iterator[None]:
    """Widgets and timers end with their test; else they would go off in another, or die in the middle of one."""
    yield
    widgets = sys.modules.get(f"PyQt{QT}.QtWidgets")
    application = widgets.QApplication.instance() if widgets else None
    if application is not None:
        for widget in application.topLevelWidgets():
            widget.hide()
            widget.deleteLater()
        events = sys.modules[f"PyQt{QT}.QtCore"].QEvent.Type
        application.sendPostedEvents(None, events.DeferredDelete)
        gc.collect()


@pytest.fixture(scope="session")
def qt() -> Any:
    """Qt's application object."""
    widgets = importlib.import_module(f"PyQt{need_qt()}.QtWidgets")
    return widgets.QApplication.instance() or widgets.QApplication(["test"])


@pytest.fixture
def krita_app() -> Any:
    """A fake Krita without documents."""
    return krita.Krita.reset()


def answers_of_the_fake(steps: Sequence[Any], version: str) -> list[Any]:
    """What the steps of a fact return when the fake, with a document of 8 × 6, is asked."""
    app = krita.Krita.reset(version)
    app.activeWindow().addView(app.createDocument(8, 6, "test", "RGBA", "U8", "", 300.0))
    answers = []
    for step in steps:
        answers.append(step())
        app.turn()
    return answers
