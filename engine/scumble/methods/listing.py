"""All models as one list: the perceptual networks (“encoder”) and the feed-forward ones (“generator”), and what
finds people (“finder”). No torch."""

from __future__ import annotations

from typing import Any

from ..features import registry
from ..networks.models import list_networks
from .places import people


def list_models() -> list[dict[str, Any]]:
    """Plain dictionaries: name, kind, about, available, bytes, file. Loads nothing. Raises `folder-unsafe`."""
    return [{**m, "kind": "encoder"} for m in registry.list_models()] + list_networks() + [people.listed()]
