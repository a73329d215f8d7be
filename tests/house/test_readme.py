"""The README's two commands are those that exist and that CI runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def commands() -> list[str]:
    """The lines of the README that run install.py."""
    text = (ROOT / "README.md").read_text("utf-8")
    blocks = re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", text, re.M | re.S)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if "install.py" in line]


def test_the_readme_has_two_commands() -> None:
    assert commands() == ["python3 install.py --demo", "python3 install.py --test"]


def test_install_knows_them() -> None:
    text = subprocess.run(
        [sys.executable, "install.py", "--help"], cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=30
    ).stdout.decode()
    assert all(command.split()[-1] in text for command in commands())


def test_ci_runs_the_readmes_test_command() -> None:
    assert "python3 install.py --test" in (ROOT / ".ci/run").read_text("utf-8").splitlines()


def test_what_the_readme_points_at_is_there() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)[^)]*\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
