"""What install.py does for a user, step by step."""

from __future__ import annotations

import argparse
import json
import sys
import sysconfig
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Dict, List, Set

from plugins.assemble import PURE, msgpack_files

from . import bundle, commands, editors, environment, hardware, plugin, uninstall, weights, wishes
from .disk import PRIVATE, Content, Disk
from .editors import Found, Profile, Sandbox
from .health import site_packages
from .lock import LOCK, alone
from .plugin import UP_TO_DATE
from .speech import NO_EDITOR, OK, TRIAL_FAILED, Failed, remedy, say, short
from .system import ROOT, System
from .trial import try_out
from .uninstall import COMMAND, ENGINE, in_vain
from .venvs import interpreter, works
from .wheels import installed_in

SANDBOXED = (
    "{name} lives in a sandbox ({kind}) and cannot start the engine by itself: see “Editors in sandboxes” in "
    "docs/install.md."
)
ENTRIES = {
    "krita": "restart it, then: Filter ▸ Scumble: Style Transfer…  (Ctrl+Alt+Y)",
    "gimp": "restart it, then: Filters ▸ Scumble ▸ Style Transfer…",
}


def carry_out(args: argparse.Namespace, system: System, disk: Disk) -> int:
    """Install, pack or uninstall as the command line says; the exit code. Raises `Failed`."""
    try:
        if args.pack:
            return pack(args, disk)
        work = remove if args.uninstall else install
        if disk.dry:
            return work(args, system, disk)
        with alone(system.own("data") / LOCK):
            code = work(args, system, disk)
        if args.uninstall:
            uninstall.remove_own_folder(system, disk)
        return code
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        raise Failed(f"{where}{reason}. {remedy(f'errno {error.errno} {reason}')}".rstrip()) from None
    except LookupError as error:
        raise Failed(f"{error}; run this again.") from None


def install(args: argparse.Namespace, system: System, disk: Disk) -> int:
    """The engine, then the plug-ins, then a trial."""
    if system.environ.get("SUDO_USER"):
        raise Failed("run this as yourself, without sudo: it would be installed for the administrator.")
    found = find(args, system)
    if not found.profiles and args.editor in editors.EDITORS:
        raise Failed(_not_found(found), NO_EDITOR)
    machine = hardware.look(system, args.cpu)
    home = system.own("data") / ENGINE
    _tell_hardware(system, machine, args, environment.has_torch(home))
    wish = wishes.for_user(machine, args.torch_index, args.offline, _installed(home, args))
    weights.check(home.parent, args.weights, args.offline)
    if disk.dry:
        _tell_engine(home, wish, args)
    else:
        disk.make_folder(home.parent, 0o700)
        environment.set_up(home, wish, args.fresh)
        weights.bring(interpreter(home), args.weights, args.offline)
    states = put_plugins(system, disk, found.profiles, interpreter(home), _msgpack(home, disk))
    for hint in found.hints:
        say(hint)
    if disk.dry:
        say("This was a dry run: nothing was changed.")
        return OK
    well = try_out(interpreter(home))
    _tell_end(system, found, states, home, well)
    return OK if well else TRIAL_FAILED


def put_plugins(
    system: System, disk: Disk, profiles: List[Profile], python: Path, msgpack: List[Path]
) -> Dict[Path, str]:
    """The plug-ins into these profiles, and for them how the engine is started; what became of each."""
    states = {}
    write_command(system.own("data"), [str(_without_window(python)), "-m", "scumble.server"], disk)
    disk.show()
    for profile in profiles:
        states[profile.plugins] = plugin.put(profile, plugin.plugin_files(profile.editor, msgpack), disk)
        would = "would be " if disk.dry and states[profile.plugins] != UP_TO_DATE else ""
        say(f"{profile.title}: {would}{states[profile.plugins]}, in {short(profile.plugins, system.home)}")
        disk.show()
    for box in _boxes(system, profiles):
        if box.kind == "flatpak":
            write_command(box.data, ["flatpak-spawn", "--host", str(python), "-m", "scumble.server"], disk)
            disk.show()
        say(SANDBOXED.format(name=editors.TITLES[box.editor], kind=box.kind))
    return states


def write_command(data: Path, words: List[str], disk: Disk) -> None:
    """Note how the engine is started, where the plug-ins look for it."""
    disk.make_folder(data, 0o700)
    disk.write(data / COMMAND, Content(json.dumps({"command": words}).encode(), PRIVATE))


def remove(args: argparse.Namespace, system: System, disk: Disk) -> int:
    """The plug-ins, then, unless one editor alone was meant, the engine."""
    found = find(args, system)
    gone = []
    for profile in found.profiles:
        if plugin.take_away(profile, disk):
            gone.append(profile)
            say(f"{profile.title}: {'would be' if disk.dry else 'is'} removed from {profile.plugins}")
            disk.show()
    if not gone and args.editor != "none":
        say(in_vain(found.profiles))
    if args.editor in editors.EDITORS or args.profile:
        return OK
    boxes = editors.sandboxes(system)
    uninstall.remove_engine(system, disk)
    for box in boxes:
        uninstall.remove_from_sandbox(box, disk)
    disk.show()
    kept = uninstall.left([system.own("data"), *(box.data for box in boxes)], disk)
    say(
        "Left, because you made it: " + "; ".join(kept)
        if kept
        else f"Nothing of Scumble {'would be' if disk.dry else 'is'} left."
    )
    if (ROOT / ".venv").exists():
        say(f"This folder with .venv in it is yours to delete: {ROOT}")
    return OK


def pack(args: argparse.Namespace, disk: Disk) -> int:
    """The plug-ins as zip files."""
    with tempfile.TemporaryDirectory(prefix="scumble-pack-") as name:
        for path in bundle.pack(args.pack, wishes.version(), _some_msgpack(Path(name)), disk):
            say(f"{path}")
        disk.show()
    return OK


def find(args: argparse.Namespace, system: System) -> Found:
    """The profiles that the command line means."""
    if args.profile:
        return Found([editors.given(system, args.profile, args.editor)], [], [])
    return editors.search(system, args.editor)


def _boxes(system: System, profiles: List[Profile]) -> List[Sandbox]:
    """The sandboxes of the editors that were installed for."""
    return [box for box in editors.sandboxes(system) if box.editor in {p.editor for p in profiles}]


def _installed(home: Path, args: argparse.Namespace) -> Set[str]:
    """The packages of an engine that would only be brought up to date."""
    if args.offline and not args.fresh and works(interpreter(home)):
        return installed_in(site_packages(home))
    return set()


def _msgpack(home: Path, disk: Disk) -> List[Path]:
    """The engine's msgpack; in a dry run, before there is an engine, its names."""
    packages = site_packages(home)
    try:
        return msgpack_files(packages)
    except LookupError:
        if not disk.dry:
            raise
        return [packages / "msgpack" / name for name in (*PURE, "COPYING")]


def _some_msgpack(spare: Path) -> List[Path]:
    """msgpack from this Python or the project's, else fetched into a folder. Raises `Failed`."""
    for packages in (Path(sysconfig.get_paths()["purelib"]), site_packages(ROOT / ".venv")):
        with suppress(LookupError):
            return msgpack_files(packages)
    words = ["install", "--quiet", "--no-deps", "--target", str(spare), "msgpack"]
    code, output = commands.run_pip(Path(sys.executable), words, ROOT)
    if code:
        raise Failed(remedy(output) or "msgpack cannot be fetched; pip's words are above.")
    return msgpack_files(spare)


def _without_window(python: Path) -> Path:
    """On Windows the Python that opens no window beside the editor."""
    quiet = python.with_name("pythonw.exe")
    return quiet if quiet.is_file() else python


def _tell_hardware(system: System, machine: hardware.Hardware, args: argparse.Namespace, here: bool) -> None:
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


def _tell_engine(home: Path, wish: environment.Wish, args: argparse.Namespace) -> None:
    if environment.is_current(home, wish) and not args.fresh:
        say(f"The engine in {home} is up to date.")
    else:
        builds = " or ".join(attempt.build for attempt in wish.attempts)
        torch = f", with torch's build {builds}" if builds else ""
        say(f"would set the engine up in {home}: all files in it, from {wish.packages[-1]}{torch}")
    for name in args.weights:
        say(f"would bring the weights of {name} into {home.parent / 'weights'}")


def _tell_end(system: System, found: Found, states: Dict[Path, str], home: Path, well: bool) -> None:
    print("\nScumble is installed." if well else "\nScumble is installed, but its trial failed; see above.")
    width = max([8, *(len(p.title) for p in found.profiles)])
    for profile in found.profiles:
        print(f"  {profile.title.ljust(width)}  {ENTRIES[profile.editor]}")
    if not states and found.looked_at:
        print("  " + _not_found(found).replace("\n", "\n  "))
    program = home / ("Scripts/scumble.exe" if system.windows else "bin/scumble")
    print(f"  {'Terminal'.ljust(width)}  “{program}” stylize photo.jpg --style starry-night -o out.png", flush=True)


def _not_found(found: Found) -> str:
    lines = ["No editor was found. Looked for:", *(f"  {place}" for place in found.looked_at), *found.hints]
    return "\n".join([*lines, "Name its profile with --profile FOLDER, or start the editor once and run this again."])
