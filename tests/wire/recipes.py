"""Recipes for tests."""

from __future__ import annotations

from typing import Any

from scumble.wire import Recipe


def changed(recipe: Recipe, **values: Any) -> Recipe:
    """A recipe with some options changed."""
    return Recipe({**recipe.options, **values}, recipe.styles)
