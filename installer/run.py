"""What install.py does for a user, step by step."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Dict, List, Set

from plugins.assemble import PACKAGES, PURE, msgpack_files, own_msgpack

from . import bundle, commands, environment, hardware, targets, uninstall, weights
from .disk import PRIVATE, Content, Disk
from .editors import plugin
from .editors import search as editors
from .editors.plugin import UP_TO_DATE
from .editors.search import Found, Profile, Sandbox
from .health import site_packages
from .lock import LOCK, alone
from .reporting import not_found, tell_end, tell_engine, tell_hardware, tell_sandbox
from .sources import NAME as SOURCES
from .speech import NO_EDITOR, OK, TRIAL_FAILED, Failed, remedy, say, short
from .system import ROOT, System
from .trial import try_out
from .uninstall import COMMAND, ENGINE, in_vain
from .venvs import interpreter, works
from .wheels import installed_in


def carry_out(args: argparse.Namespace, system: System, disk: Disk) -> int:
    """Install, pack or uninstall as the command line says; the exit code. Raises `Failed`."""
    try:
        if args.pack:
            return pack(args, disk)
        if system.environ.get("SUDO_USER"):
            raise Failed("run this as yourself, without sudo: with it the administrator's own editors are meant.")
        work = remove if args.uninstall else install
        if disk.dry:
            return work(args, system, disk)
        with alone(system.own("data") / LOCK):
            code = work(args, system, disk)
        if args.uninstall:
            uninstall.remove_own_folder(system, disk)
        return code
    except BrokenPipeError:
        raise
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        reason = error.strerror or str(error)
        raise Failed(f"{where}{reason}. {remedy(f'errno {error.errno} {reason}')}".rstrip()) from None
    except LookupError as error:
        raise Failed(f"{error}; run this again.") from None


def install(args: argparse.Namespace, system: System, disk: Disk) -> int:
    """The engine, then the plug-ins, then a trial."""
    found = find(args, system)
    if not found.profiles and args.editor in editors.EDITORS:
        raise Failed(not_found(found), NO_EDITOR)
    commands.count_into(args.watched)
    machine = hardware.look(system, args.cpu)
    home = system.own("data") / ENGINE
    tell_hardware(system, machine, args, environment.has_torch(home))
    wish = targets.for_user(machine, args.torch_index, args.offline, _installed(home, args))
    weights.check(home.parent, args.weights, args.offline)
    if disk.dry:
        tell_engine(home, wish, args)
    else:
        disk.make_folder(home.parent, 0o700)
        environment.set_up(home, wish, args.fresh)
        weights.bring(interpreter(home), args.weights, args.offline)
    keep_sources(home.parent, disk)
    states = put_plugins(system, disk, found.profiles, interpreter(home), _msgpack(home, disk))
    for hint in found.hints:
        say(hint)
    if disk.dry:
        if not found.profiles and found.looked_at:
            say(not_found(found).replace("\n", "\n    "))
        say("This was a dry run: nothing was changed.")
        return OK
    well = try_out(interpreter(home), [p.plugins / PACKAGES[p.editor] for p in found.profiles])
    tell_end(system, found, states, home, well)
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
        say(f"{profile.title}: {would}{states[profile.plugins]} in {short(profile.plugins, system.home)}")
        disk.show()
    for box in _boxes(system, profiles):
        if box.kind == "flatpak":
            write_command(box.data, ["flatpak-spawn", "--host", str(python), "-m", "scumble.server"], disk)
            disk.show()
        tell_sandbox(system, box)
    return states


def keep_sources(data: Path, disk: Disk) -> None:
    """Keep what plug-ins install the engine from, should it ever be broken: these sources may be gone by then."""
    disk.write(data / SOURCES, Content(bundle.packed_sources()))
    disk.show()


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
            would = "would be " if disk.dry else ""
            say(f"{profile.title}: {would}removed from {short(profile.plugins, system.home)}")
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
    if kept:
        left = "Would be left" if disk.dry else "Left"
        say("\n    ".join([f"{left}, because you made it; it is yours to keep or to delete:", *kept]))
    else:
        say(f"Nothing of Scumble {'would be' if disk.dry else 'is'} left.")
    if (ROOT / ".venv").exists():
        say(f"This folder with .venv in it is yours to delete: {ROOT}")
    return OK


def pack(args: argparse.Namespace, disk: Disk) -> int:
    """The plug-ins as zip files."""
    with tempfile.TemporaryDirectory(prefix="scumble-pack-") as name:
        for path in bundle.pack(args.pack, targets.version(), _some_msgpack(Path(name)), disk):
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
    with suppress(LookupError):
        return own_msgpack()
    with suppress(LookupError):
        return msgpack_files(site_packages(ROOT / ".venv"))
    words = ["install", "--quiet", "--no-deps", "--target", str(spare), "msgpack"]
    code, output = commands.run_pip(Path(sys.executable), words, ROOT)
    if code:
        raise Failed(remedy(output) or "msgpack cannot be fetched; pip's words are above.")
    return msgpack_files(spare)


def _without_window(python: Path) -> Path:
    """On Windows the Python that opens no window beside the editor."""
    quiet = python.with_name("pythonw.exe")
    return quiet if quiet.is_file() else python
