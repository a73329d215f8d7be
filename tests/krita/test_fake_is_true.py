"""The fake `krita` of the unit tests answers as the real one does."""

from __future__ import annotations

import pytest

from .facts import FACTS
from .unit.conftest import answers_of_the_fake


def near(a: object, b: object) -> bool:
    """Equal, floats within one of 255 levels: colour engines round each in their own way."""
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(near, a, b))
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, (int, float)) and isinstance(b, (int, float)) and abs(a - b) <= 1.01 / 255
    return a == b and type(a) is type(b)


def test_the_real_krita_answers_as_the_fake_does(krita):
    different: dict[str, str] = {}
    for name, steps in FACTS.items():
        krita.new_document(8, 6)
        real = []
        for step in steps:
            real.append(krita.call(step))
            krita.settle(0.2)
        fake = answers_of_the_fake(steps, krita.get("Krita.instance().version()"))
        if not near(real, fake):
            different[name] = f"real {real}, fake {fake}"
        krita.settle(0.2)
        krita.run("document.setModified(False); document.close()")
    assert not different, "\n".join(f"{name}: {answers}" for name, answers in different.items())


@pytest.mark.parametrize(("a", "b"), [([1, [0.5]], [1, [0.6]]), ([True], [1]), ([], [1]), ("a", None)])
def test_the_comparison_sees_differences(a, b):
    assert near(a, a) and not near(a, b)
