"""An extension for these tests: a third method, which the engine's front knows by name and loads nothing for."""

from __future__ import annotations

from scumble.methods import register_method

register_method("negative", "negative_method:NEGATIVE")
