"""`scumble models`, and how lists are shown."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tqdm import tqdm

from ..features import weights
from ..methods.listing import list_models


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `models`."""
    models = commands.add_parser("models", help="list the models, add or fetch their weights")
    models.add_argument("--json", action="store_true", help="as JSON")
    models.set_defaults(run=_models)
    actions = models.add_subparsers(title="actions", metavar="ACTION")
    add = actions.add_parser("add", help="take a weight file that was fetched elsewhere")
    add.add_argument("name", help="the model")
    add.add_argument("file", help="its weight file")
    add.add_argument("--replace", action="store_true", help="also where there is one already")
    add.set_defaults(run=_add)
    fetch = actions.add_parser("fetch", help="download the weights of a model")
    fetch.add_argument("name", help="the model")
    fetch.set_defaults(run=_fetch)


def _models(args: argparse.Namespace) -> int:
    models = list_models()
    if args.json:
        return show(models, (), True)
    return show([{**m, "state": _state(m)} for m in models], ("name", "kind", "state", "about"), False)


def _state(model: Mapping[str, Any]) -> str:
    """Where the weights are, or what brings them; generators come with the package alone."""
    if model["available"]:
        return "here"
    return f"not here: scumble models fetch {model['name']}" if model["kind"] == "encoder" else "not in this package"


def _add(args: argparse.Namespace) -> int:
    print(weights.add_file(args.name, args.file, replace=args.replace))
    return 0


def _fetch(args: argparse.Namespace) -> int:
    with tqdm(desc=args.name, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        path = weights.fetch(args.name, on_progress)
    print(path)
    return 0


def show(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], as_json: bool) -> int:
    """A table of `columns`, or all of it as one line of JSON."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False))
        return 0
    table = [[str(row.get(c, "")) for c in columns] for row in rows]
    widths = [max((len(line[i]) for line in table), default=0) for i in range(len(columns))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    return 0
