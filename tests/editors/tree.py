#!/usr/bin/env python3
"""Trees of Debian with editors in them: Debian 13 with GIMP 3.0 and Krita 5.2, Debian 12 with Krita 5.1, and what is
to be Debian 14 with the newest of both.

`python3 tests/editors/tree.py` makes the first (some two minutes, 1.4 GB, root and debootstrap needed) unless it is
there, and prints its folder; with `bookworm` or `forky` behind, the others. Packages come from the mirror of this
machine's apt.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

RELEASE = "trixie"
FOR_ALL = ("krita", "python3-pyqt5", "python3-venv", "fonts-dejavu-core", "fonts-wqy-microhei", "adwaita-icon-theme")
PACKAGES = {
    "trixie": ("gimp", "gir1.2-gimp-3.0", "python3-gi", "python3-gi-cairo", "gir1.2-gtk-3.0", *FOR_ALL),
    "bookworm": (*FOR_ALL, "python3-sip"),
    "forky": ("gimp", "gir1.2-gimp-3.0", "python3-gi", "python3-gi-cairo", "gir1.2-gtk-3.0", *FOR_ALL),
}
UNKNOWN = "sid"  # whose script of debootstrap makes a release that this machine's does not know yet
SETTINGS = {
    "etc/dpkg/dpkg.cfg.d/slim": "path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\nforce-unsafe-io\n",
    # A release that is not out has no fixed date of its own: a mirror's copy may be some days old.
    "etc/apt/apt.conf.d/90slim": 'APT::Install-Recommends "false";\nAcquire::Languages "none";\n'
    'Acquire::Check-Valid-Until "false";\n',
    "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",  # no service is started in here
}
DONE = "scumble-tree"  # a file in the tree: the packages it was made with

# Mounts of its own, which end with the command. Process numbers stay the machine's: connection files name them.
ENTER = """
mount -t proc proc "$TREE/proc"; mount --rbind /dev "$TREE/dev"
for folder in "$@"; do [ "$folder" = -- ] && break; mkdir -p "$TREE$folder"; mount --bind "$folder" "$TREE$folder"; done
while [ "$1" != -- ]; do shift; done; shift
exec /usr/sbin/chroot "$TREE" "$@"
"""


def tree_folder(release: str = RELEASE) -> Path:
    """Where the tree is, or will be: `$SCUMBLE_TREE` for Debian 13's, else in the user's cache."""
    given = os.environ.get("SCUMBLE_TREE", "") if release == RELEASE else ""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else cache / "scumble-tests" / release


def is_made(tree: Path, release: str = RELEASE) -> bool:
    """Whether the tree is whole, with all that is wanted today."""
    mark = tree / DONE
    return mark.is_file() and mark.read_text("utf-8").split() == list(PACKAGES[release])


def make(tree: Path, release: str = RELEASE) -> None:
    """Make the tree, or make it anew where it is not whole. Raises `CalledProcessError`."""
    if is_made(tree, release):
        return
    shutil.rmtree(tree, ignore_errors=True)
    tree.parent.mkdir(parents=True, exist_ok=True)
    _say("debootstrap", ["debootstrap", "--variant=minbase", release, str(tree), _mirror(), *_script(release)])
    for name, text in SETTINGS.items():
        (tree / name).write_text(text, "utf-8")
    (tree / "usr/sbin/policy-rc.d").chmod(0o755)
    for words in (["update"], ["install", "--yes", *PACKAGES[release]], ["clean"]):
        _say("apt-get " + words[0], enter(tree, ["apt-get", "--quiet", *words]), {"DEBIAN_FRONTEND": "noninteractive"})
    (tree / DONE).write_text("\n".join(PACKAGES[release]) + "\n", "utf-8")


def enter(tree: Path, command: Sequence[str], folders: Sequence[Path] = ()) -> list[str]:
    """`command` as it is run in the tree, which sees `folders` at the same paths. End its process group with it."""
    spaces = ["unshare", "--mount", "--propagation", "private"]
    script = f"set -e; TREE={shlex.quote(str(tree))}{ENTER}"
    return [*spaces, "sh", "-c", script, "sh", *map(str, folders), "--", *command]


def leave() -> list[str]:
    """What is put before a command in the tree so that it runs outside, beside this process."""
    return ["nsenter", f"--target={os.getpid()}", "--mount", "--root", "--wd"]


def _script(release: str) -> list[str]:
    """What debootstrap makes the release by, where it does not know it."""
    scripts = Path("/usr/share/debootstrap/scripts")
    return [] if (scripts / release).exists() else [str(scripts / UNKNOWN)]


def _mirror() -> str:
    """The first mirror in this machine's apt sources."""
    for words in _source_lines():
        for word in words[1:] if words and words[0] in ("URIs:", "deb") else ():
            if "://" in word:
                return word
    raise SystemExit("this machine's apt has no mirror to take packages from")


def _source_lines() -> list[list[str]]:
    apt = Path("/etc/apt")
    files = [*sorted(apt.glob("sources.list.d/*.sources")), *sorted(apt.glob("sources.list")), *apt.glob("*.d/*.list")]
    return [line.split() for file in files for line in file.read_text("utf-8").splitlines()]


def _say(what: str, command: Sequence[str], more: Mapping[str, str] | None = None) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **(more or {})}
    for name in ("http_proxy", "https_proxy", "no_proxy"):
        if name in os.environ:
            env[name] = os.environ[name]
    done = subprocess.run(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout.decode("utf-8", "replace")[-4000:])
        raise subprocess.CalledProcessError(done.returncode, list(command))


if __name__ == "__main__":
    for name in sys.argv[1:] or [RELEASE]:
        make(tree_folder(name), name)
        print(tree_folder(name))
