"""What answers look like, for OpenAPI."""

from __future__ import annotations

from typing import Any

LINKS = {"type": "object", "additionalProperties": {"type": "string"}}
TASK: dict[str, Any] = {
    "type": "object",
    "required": ["task_id", "status", "name", "created", "width", "height", "links"],
    "properties": {
        "task_id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        "status": {"type": "string", "enum": ["queued", "running", "done", "failed", "cancelled"]},
        "name": {"type": "string"},
        "created": {"type": "number", "description": "Seconds since 1970."},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
        "links": LINKS,
        "position": {"type": "integer", "description": "Jobs before it."},
        "step": {"type": "integer"},
        "of": {"type": "integer"},
        "seconds_left": {"type": "number", "description": "Below 0: not known."},
        "result": {"type": "object", "description": "Seconds, steps, device, model, cached, notes."},
        "error": {"type": "object", "description": "Code, sentence, remedy, values."},
    },
}
STYLE: dict[str, Any] = {
    "type": "object",
    "required": ["name", "title"],
    "properties": {
        "name": {"type": "string"},
        "title": {"type": "string"},
        "artist": {"type": "string"},
        "thumbnail": {"type": ["string", "null"], "description": "Where its picture is."},
    },
}


def listed(name: str, item: dict[str, Any]) -> dict[str, Any]:
    """An object with one list."""
    return {"type": "object", "required": [name], "properties": {name: {"type": "array", "items": item}}}


def gives(description: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    """A response for OpenAPI."""
    return {"description": description, "content": {kind: {"schema": schema}}}


def file(description: str, *kinds: str) -> dict[str, Any]:
    """A response that is a file."""
    return {
        "description": description,
        "content": {k: {"schema": {"type": "string", "format": "binary"}} for k in kinds},
    }
