"""What install.py --krita leaves behind is what a real Krita finds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .kritaproc import KritaProcess

ROOT = Path(__file__).parents[2]


def found():
    """Sent to Krita: the menu entry, its shortcut, where the plug-in is, and how it would start the engine."""
    import scumble_krita
    from krita import Krita
    from scumble_krita.wire.engine.launch import engine_command

    action = Krita.instance().action("scumble_style_transfer")
    enabled = Krita.instance().readSetting("python", "enable_scumble_krita", "")
    return [action.text(), action.shortcut().toString(), scumble_krita.__file__, engine_command().words, enabled]


def test_a_krita_that_was_there_finds_the_plugin_and_the_engine(display, krita_profile, krita_command):
    krita = KritaProcess(display, krita_profile, cmd=krita_command)
    try:
        pykrita, kritarc = krita.home / ".local/share/krita/pykrita", krita.home / ".config/kritarc"
        shutil.rmtree(pykrita / "scumble_krita")
        for file in pykrita.glob("scumble_krita.*"):
            file.unlink()
        kritarc.write_text(kritarc.read_text().replace("enable_scumble_krita=true\n", ""))
        env = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCUMBLE_"))}
        env.update(HOME=str(krita.home), PYTHONPATH=str(ROOT / "engine"))
        subprocess.run([sys.executable, "-m", "plugins.profiles", "krita"], cwd=ROOT, env=env, check=True, timeout=30)
        krita.start()
        text, shortcut, place, words, enabled = krita.call(found)
        assert text.replace("&", "") == "Scumble: Style Transfer…" and shortcut == "Ctrl+Alt+Y"
        assert Path(place).parent == pykrita / "scumble_krita" and enabled == "true"
        assert words == [sys.executable, "-m", "scumble.server"]
        krita.finish()
    finally:
        krita.remove()
