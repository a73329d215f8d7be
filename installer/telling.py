"""What a run tells of the machine before it begins, and of what was installed when it has ended."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Dict

from . import environment, hardware
from .editors import Found
from .speech import say
from .system import System

ENTRIES = {
    "krita": "restart it, then: Filter ▸ Scumble: Style Transfer…  (Ctrl+Alt+Y)",
    "gimp": "restart it, then: Filters ▸ Scumble ▸ Style Transfer…",
}


def tell_hardware(system: System, machine: hardware.Hardware, args: argparse.Namespace, here: bool) -> None:
    """What torch will compute on, and what the user could do about it; `here`: torch is there already."""
    say(f"torch will compute on {machine.name}.")
    if machine.hint:
        say(machine.hint)
    if args.torch_index or args.offline:
        return
    if hardware.needs_an_index(system, machine):
        say(
            f"The package registry's torch for this system does not use it. To change that, run this again with "
            f"--torch-index ADDRESS, an index that has torch's build “{machine.builds[0]}”."
        )
    elif hardware.wastes_space(system, machine) and not here:
        say("The package registry's torch brings libraries for GPUs, 5 GB; an index given by --torch-index need not.")


def tell_engine(home: Path, wish: environment.Wish, args: argparse.Namespace) -> None:
    """What would become of the engine: for a dry run."""
    if environment.is_current(home, wish) and not args.fresh:
        say(f"The engine in {home} is up to date.")
    else:
        builds = " or ".join(attempt.build for attempt in wish.attempts)
        torch = f", with torch's build {builds}" if builds else ""
        say(f"would set the engine up in {home}: all files in it, from {wish.packages[-1]}{torch}")
    for name in args.weights:
        say(f"would bring the weights of {name} into {home.parent / 'weights'}")


def tell_end(system: System, found: Found, states: Dict[Path, str], home: Path, well: bool) -> None:
    """How Scumble is used from now on."""
    print("\nScumble is installed." if well else "\nScumble is installed, but its trial failed; see above.")
    width = max([8, *(len(p.title) for p in found.profiles)])
    for profile in found.profiles:
        print(f"  {profile.title.ljust(width)}  {ENTRIES[profile.editor]}")
    if not states and found.looked_at:
        print("  " + not_found(found).replace("\n", "\n  "))
    program = home / ("Scripts/scumble.exe" if system.windows else "bin/scumble")
    print(f"  {'Terminal'.ljust(width)}  “{program}” stylize photo.jpg --style starry-night -o out.png", flush=True)


def not_found(found: Found) -> str:
    """Where editors were looked for in vain, and what to do."""
    lines = ["No editor was found. Looked for:", *(f"  {place}" for place in found.looked_at), *found.hints]
    return "\n".join([*lines, "Name its profile with --profile FOLDER, or start the editor once and run this again."])
