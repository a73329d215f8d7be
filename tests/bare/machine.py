"""A bare machine: a tree of Debian with an editor in it, and a user of it with a home folder and nothing else."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ..editors.tree import enter

ROOT = Path(__file__).parents[2]
NAME = "Zoë Müller 画家"
ORDINARY = 4711  # the user's number
REGISTRY = ("PIP_", "SSL_", "REQUESTS_", "CURL_")  # how this machine reaches the package registry
BUILT = (".git", ".venv", "out", "__pycache__", ".*_cache")
CERTIFICATES = Path("/etc/ssl/certs")


class Done:
    """What a command printed, and its exit code."""

    def __init__(self, code: int, text: str) -> None:
        self.code, self.text = code, text


class Machine:
    """`tree` as a machine on which nobody was before, used by root or by an ordinary user; ends with `close`."""

    def __init__(self, tree: Path, root: bool) -> None:
        self.tree = tree
        self.user = 0 if root else ORDINARY
        self.home = Path("/root" if root else "/home", NAME)
        # Sockets lie in it, and their paths may have 107 characters; it is seen outside at the same place.
        self.shared = Path(tempfile.mkdtemp(prefix="bare-"))
        self.runtime = Path("/run/user", str(self.user))
        self.clean()
        if not root:
            self._add_user()
        for folder in (self.home, self.runtime):
            self.seen(folder).mkdir(parents=True, mode=0o700)
        for folder in (self.shared, self.seen(self.home), self.seen(self.runtime)):
            folder.chmod(0o700)
            os.chown(folder, self.user, self.user)

    def _add_user(self) -> None:
        if "\nzoe:" not in (self.tree / "etc/passwd").read_text("utf-8"):
            home = ["--no-create-home", "--home-dir", str(self.home), "--shell", "/bin/bash"]
            subprocess.run(["chroot", str(self.tree), "useradd", "--uid", str(ORDINARY), *home, "zoe"], check=True)

    def seen(self, path: Path) -> Path:
        """Where a path of the machine is from outside."""
        return self.tree / path.relative_to("/")

    def clone(self) -> Path:
        """The project as it was last committed, in the home folder; without git as it is, but for what was built."""
        folder = self.home / "Downloads/scumble"
        self.seen(folder.parent).mkdir()
        words = ["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(self.seen(folder))]
        if not shutil.which("git") or subprocess.run(words).returncode:
            shutil.copytree(ROOT, self.seen(folder), symlinks=True, ignore=shutil.ignore_patterns(*BUILT))
        subprocess.run(["chown", "-R", f"{self.user}:{self.user}", str(self.seen(folder.parent))], check=True)
        return folder

    def environment(self, **more: str) -> dict[str, str]:
        """What a session of this user has in its environment."""
        kept = {k: v for k, v in os.environ.items() if k.startswith(REGISTRY) or k.lower().endswith("_proxy")}
        own = {"HOME": str(self.home), "USER": "root" if self.user == 0 else "zoe", "LANG": "C.UTF-8"}
        return {**kept, **own, "PATH": "/usr/bin:/bin", "XDG_RUNTIME_DIR": str(self.runtime), **more}

    def words(self, command: Sequence[object], env: dict[str, str], network: bool = True) -> list[str]:
        """`command` as it is run there by the user, with this environment alone."""
        user = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"]
        user += [] if self.user == 0 else ["--inh-caps=-all", "--no-new-privs"]
        clean = ["env", "-i", "-C", str(self.home), *(f"{k}={v}" for k, v in env.items())]
        folders = [self.shared, *([CERTIFICATES] if CERTIFICATES.is_dir() else [])]
        entered = enter(self.tree, [*user, *clean, *map(str, command)], folders)
        return entered if network else ["unshare", "--net", "sh", "-c", 'ip link set lo up; exec "$@"', "sh", *entered]

    def run(self, *command: object, network: bool = True, seconds: float = 900, **more: str) -> Done:
        """Run a command to its end; what it printed is shown, too."""
        words = self.words(command, self.environment(**more), network)
        print("$", *command, flush=True)
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds
        )
        text = done.stdout.decode("utf-8", "replace")
        print(text, flush=True)
        return Done(done.returncode, text)

    def processes(self, mark: str = "") -> list[int]:
        """This user's processes whose command line holds `mark`."""
        home = f"HOME={self.home}".encode()
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                ours = Path(os.readlink(entry / "root")) == self.tree and home in (entry / "environ").read_bytes()
                if ours and mark.encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
        return found

    def listing(self, folder: Path) -> dict[str, tuple[int, int]]:
        """What lies in a folder, by name: size and time of change; folders and what Python compiled are left out."""
        top = self.seen(folder)
        files = [p for p in top.rglob("*") if (p.is_symlink() or p.is_file()) and "__pycache__" not in p.parts]
        return {str(p.relative_to(top)): (p.lstat().st_size, p.lstat().st_mtime_ns) for p in files}

    def clean(self) -> None:
        """End what still runs, and remove what the user has: a machine on which nobody was before."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in self.processes():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, number)
            end = time.monotonic() + 10
            while self.processes() and time.monotonic() < end:
                time.sleep(0.05)
        for folder in (self.home, self.runtime):
            if self.seen(folder).exists():
                shutil.rmtree(self.seen(folder))

    def close(self) -> None:
        """Leave nothing."""
        self.clean()
        shutil.rmtree(self.shared)
