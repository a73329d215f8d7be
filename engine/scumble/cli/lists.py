"""`scumble models`, and how it and other lists are declared and shown."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tqdm import tqdm

from ..features import weights
from ..methods.listing import list_models
from ..methods.places import people

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Listing:
    """What a list shows: `columns` of `rows()`, of which `cells` tells those that are not shown as they are."""

    rows: Callable[[], Sequence[Row]]
    columns: Sequence[str]
    cells: Mapping[str, Callable[[Row], str]] = field(default_factory=dict)

    def show(self, args: argparse.Namespace) -> int:
        """Print a table, or all of it as one line of JSON."""
        rows = self.rows()
        if args.json:
            print(json.dumps(list(rows), ensure_ascii=False))
            return 0
        table = [[self._cell(row, column) for column in self.columns] for row in rows]
        widths = [max((len(line[i]) for line in table), default=0) for i in range(len(self.columns))]
        for line in table:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        return 0

    def _cell(self, row: Row, column: str) -> str:
        return self.cells[column](row) if column in self.cells else str(row.get(column, ""))


def add_list(commands: Commands, name: str, about: str, listing: Listing) -> Commands:
    """Declare a command that lists, as a table or as JSON; what its actions are added to."""
    parser = commands.add_parser(name, help=about)
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=listing.show)
    return parser.add_subparsers(title="actions", metavar="ACTION")


def add_commands(commands: Commands) -> None:
    """Declare `models`."""
    listing = Listing(list_models, ("name", "kind", "state", "about"), {"state": _state})
    actions = add_list(commands, "models", "list the models, add or fetch their weights", listing)
    add = actions.add_parser("add", help="take a weight file that was fetched elsewhere")
    add.add_argument("name", help="the model")
    add.add_argument("file", help="its weight file")
    add.add_argument("--replace", action="store_true", help="also where there is one already")
    add.set_defaults(run=_add)
    fetch = actions.add_parser("fetch", help="download the weights of a model")
    fetch.add_argument("name", help="the model")
    fetch.set_defaults(run=_fetch)


def _state(model: Row) -> str:
    """Whether the weights are here, or what fetches them; generators come with the package only."""
    if model["available"]:
        return "here"
    return f"not here: scumble models fetch {model['name']}" if model["kind"] != "generator" else "not in this package"


def _add(args: argparse.Namespace) -> int:
    print(people.take(args.file) if args.name == "people" else weights.add_file(args.name, args.file, args.replace))
    return 0


def _fetch(args: argparse.Namespace) -> int:
    if args.name == "people":
        print(people.fetch())
        return 0
    with tqdm(desc=args.name, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), file=sys.stderr) as bar:

        def on_progress(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        path = weights.fetch(args.name, on_progress)
    print(path)
    return 0
