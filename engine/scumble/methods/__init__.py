"""Methods: a request and its pictures in, a layer out. This file stays free of torch: the engine's front reads it."""

from __future__ import annotations

from .table import method_names, register_method

__all__ = ["method_names", "register_method"]
