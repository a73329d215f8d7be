"""A method for these tests that warms up: as slowly, or as wrongly, as the file “how” in its data folder says."""

from __future__ import annotations

import os
import time
from pathlib import Path

from slow_method import run  # noqa: F401  # a worker imports both by name

from scumble.methods.base import Plan, Reporter

FOLDER = Path(os.environ["SCUMBLE_DATA"])


def tell(what: str) -> None:
    with (FOLDER / "warm").open("a") as file:
        file.write(f"{what}\n")


def warm_up(report: Reporter, plan: Plan) -> None:
    how = (FOLDER / "how").read_text()
    tell(f"begun on {plan.device}")
    if how == "wrongly":
        raise ValueError("cold")
    for _ in range(1000 if how == "slowly" and (FOLDER / "warm").read_text().count("begun") == 1 else 1):
        report.check()
        time.sleep(0.02)
    tell("done")
