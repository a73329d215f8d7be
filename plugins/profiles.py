"""This tree's plug-ins in your editors, with this Python's engine: `python -m plugins.profiles krita`.

For those who work on them; everyone else runs install.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import List

from installer.disk import Disk
from installer.editors.search import EDITORS, search
from installer.run import put_plugins
from installer.speech import never_fail_to_speak
from installer.system import System
from plugins.assemble import own_msgpack


def main(argv: List[str]) -> int:
    """Install for the editor that is named; the exit code."""
    if len(argv) != 1 or argv[0] not in EDITORS:
        print(f"usage: python -m plugins.profiles {'|'.join(EDITORS)}", file=sys.stderr)
        return 2
    never_fail_to_speak()
    system = System()
    try:
        put_plugins(system, Disk(), search(system, argv[0]).profiles, Path(sys.executable), own_msgpack())
    except (OSError, LookupError) as e:
        print(f"profiles: the plug-in could not be installed: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
