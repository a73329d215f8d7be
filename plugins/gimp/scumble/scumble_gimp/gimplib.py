"""The one place that knows which GIMP this is: its libraries, in the versions that the plug-in speaks to."""

from __future__ import annotations

import gi

gi.require_version("Gimp", "3.0")
gi.require_version("Gegl", "0.4")
gi.require_version("Babl", "0.1")
gi.require_version("GdkPixbuf", "2.0")

from gi.repository import Babl, GdkPixbuf, Gegl, Gimp, GLib, GObject  # noqa: E402

__all__ = ["Babl", "GLib", "GObject", "GdkPixbuf", "Gegl", "Gimp"]
