"""What a run tells of the machine before it begins, and of what was installed when it has ended."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import Dict

from . import environment, hardware
from .disk import read
from .editors.search import TITLES, Found, Sandbox
from .speech import say, short
from .system import System

ENTRIES = {
    "krita": "restart it, then: Filter ▸ Scumble: Style Transfer…  (Ctrl+Alt+Y)",
    "gimp": "restart it, then: Filters ▸ Scumble ▸ Style Transfer…",
}
SEE = "see “{}” in docs/install.md."
TALK, SHARE = "org.freedesktop.Flatpak", "xdg-run/scumble"
ALLOW = f"flatpak override --user --talk-name={TALK} --filesystem={SHARE}:create"


def tell_hardware(system: System, machine: hardware.Hardware, args: argparse.Namespace, here: bool) -> None:
    """What Scumble will compute on, and what the user could do about it; `here`: torch is there already."""
    say(f"Scumble will compute on {machine.name}.")
    if machine.hint:
        say(machine.hint)
    if args.torch_index or args.offline:
        return
    if hardware.needs_an_index(system, machine):
        say(
            f"The package registry's torch for this system does not use it; the build “{machine.builds[0]}” does. To "
            f"install that, {SEE.format('Which torch')}"
        )
    elif hardware.wastes_space(system, machine) and not here:
        say(f"torch brings 5 GB for GPUs all the same. To do without them, {SEE.format('Which torch')}")


def tell_sandbox(system: System, box: Sandbox) -> None:
    """How an editor in a sandbox comes to an engine, unless the user has seen to it."""
    name, see = TITLES[box.editor], SEE.format("Editors in sandboxes")
    if box.kind != "flatpak":
        say(f"{name} from a snap cannot start the engine by itself: {see}")
        return
    allowed = (read(system.home / ".local/share/flatpak/overrides" / box.name) or b"").decode("utf-8", "replace")
    if TALK not in allowed or SHARE not in allowed:
        say(f"{name} from Flatpak may not start the engine until you allow it, once; {see} In short:")
        print(f"    {ALLOW} {box.name}", flush=True)


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
    program = _typed(home / ("Scripts/scumble.exe" if system.windows else "bin/scumble"), system)
    print(f"  {'Terminal'.ljust(width)}  {program} stylize photo.jpg --style starry-night -o out.png", flush=True)


def _typed(program: Path, system: System) -> str:
    """A program as it is typed in a terminal."""
    plain = short(program, system.home)
    return f'"{program}"' if system.windows or shlex.quote(plain[2:]) != plain[2:] else plain


def not_found(found: Found) -> str:
    """Where editors were looked for in vain, and what to do."""
    lines = ["No editor was found. These were looked for:", *(f"  {place}" for place in found.looked_at), *found.hints]
    return "\n".join([*lines, "Name its profile with --profile FOLDER, or start the editor once and run this again."])
