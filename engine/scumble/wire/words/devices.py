"""Where the engine computes, in words for an artist: the processor, or a graphics card by its name."""

from __future__ import annotations

from typing import Any, List, Mapping, Tuple

from .translation import tr


def ready_words(info: Mapping[str, Any]) -> str:
    """How an engine that answers is, from its hello: “Ready, on the processor”; never raises, whatever it said."""
    name, title = first_device(info)
    if not name:
        return tr("Ready")
    if name == "cpu":
        return tr("Ready, on the processor")
    if title.lower() in ("", name.lower()):  # torch tells no name of Apple's and Intel's
        return tr("Ready, on the graphics card")
    return tr("Ready, on {device}").format(device=title)


def first_device(info: Mapping[str, Any]) -> Tuple[str, str]:
    """The name (“cpu”, “cuda:0”) and the title of what an engine computes on; empty where it is not known."""
    devices = info.get("devices")
    first = devices[0] if isinstance(devices, (list, tuple)) and devices else None
    if not isinstance(first, Mapping):
        return "", ""
    return str(first.get("name") or ""), str(first.get("title") or "")[:80]


def device_choices(info: Mapping[str, Any]) -> List[Tuple[str, str]]:
    """What can be computed on, as (name, what a form calls it): “auto” first, then the devices of an engine's hello."""
    found = [("auto", tr("Automatic"))]
    devices = info.get("devices")
    for device in devices if isinstance(devices, (list, tuple)) else ():
        if isinstance(device, Mapping) and device.get("name"):
            name, title = str(device["name"])[:80], str(device.get("title") or "")[:80]
            plain = title.lower() in ("", name.lower())
            found.append((name, tr("Processor") if name == "cpu" else tr("Graphics card") if plain else title))
    return found
