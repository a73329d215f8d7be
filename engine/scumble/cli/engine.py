"""`scumble serve`, `status`, `stop` and `doctor`: the engine's own commands."""

from __future__ import annotations

import argparse

from ..server import commands as server


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the four."""
    server.add_commands(commands)
