"""The one place that knows which GTK this is: the widgets that GIMP's own dialogs are made of."""

from __future__ import annotations

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
gi.require_version("GdkPixbuf", "2.0")
gi.require_version("GimpUi", "3.0")

from gi.repository import Gdk, GdkPixbuf, GimpUi, Gtk, Pango  # noqa: E402

__all__ = ["Gdk", "GdkPixbuf", "GimpUi", "Gtk", "Pango"]
