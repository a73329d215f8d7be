#!/usr/bin/env python3
"""The program that GIMP starts: it names its procedures, and hands them to `scumble_gimp`.

Nothing else is imported before one of them is made, so that the menu entries are there in every case; what keeps one
from running is told when it is called. Python 3.6 can read this file.
"""

import os
import sys

import gi

gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, GLib  # noqa: E402

PYTHON = (3, 8)
OLD = "Scumble needs a GIMP with Python 3.8 or newer, and this one has {version}. Please update GIMP."
DAMAGED = "This copy of Scumble is incomplete or damaged. Please install it again with install.py."
MENU = "<Image>/Filters/Scumble"
ENTRIES = {  # procedures, where they cannot be made as they should be
    "scumble-style-transfer": ("Style Transfer…", [MENU, "<Image>/Filters/Development/Python-Fu"]),
    "scumble-repeat": ("Transfer Again", [MENU]),
    "scumble-engine-status": ("View Engine…", [MENU]),
}


class Scumble(Gimp.PlugIn):
    """The plug-in."""

    def do_query_procedures(self):
        return list(ENTRIES)

    def do_set_i18n(self, name):
        return False  # words come from our own catalog

    def do_create_procedure(self, name):
        if sys.version_info[:2] < PYTHON:
            return excuse(self, name, OLD.format(version=".".join(map(str, sys.version_info[:2]))))
        try:
            from scumble_gimp.procedures import create

            return create(self, name)
        except Exception as error:
            note(error)
            return excuse(self, name, DAMAGED)


def excuse(plugin, name, reason):
    """A procedure that only says why the plug-in cannot run."""

    def run(procedure, *arguments):
        error = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), reason, 0)
        return procedure.new_return_values(Gimp.PDBStatusType.EXECUTION_ERROR, error)

    label, paths = ENTRIES[name]
    procedure = Gimp.ImageProcedure.new(plugin, name, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")
    procedure.set_menu_label(label)
    for path in paths:
        procedure.add_menu_path(path)
    procedure.set_documentation(reason, None, name)
    return procedure


def note(error):
    """To GIMP's own output, in one line, and to the log where there is one."""
    sys.stderr.write(f"Scumble: {type(error).__name__}: {error}\n")
    try:
        from scumble_gimp.log import logger, start_log
    except Exception:
        return
    start_log()
    logger.error("at the start: %s: %s", type(error).__name__, error, exc_info=error)


if __name__ == "__main__":
    sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
    Gimp.main(Scumble.__gtype__, sys.argv)
