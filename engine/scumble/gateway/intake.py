"""The body of a call, multipart or JSON: pictures as bytes, nothing of them decoded yet."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect

from ..wire.protocol.errors import ScumbleError
from ..wire.request.request import MAX_STYLES
from .params import Params, params_schema, parse_json, read_params
from .problems import malformed
from .uploads import Uploads

UPLOAD = "upload:"
DATA_URL = re.compile(r"data:[\w/+.-]{0,60}(?:;[\w=.-]{1,40}){0,3};base64,", re.I)
BLANKS = str.maketrans("", "", " \t\r\n")
FIELDS = ("content_image", "style_image", "style", "mask", "params")
JSON_KIND, FORM_KIND = "application/json", "multipart/form-data"


@dataclass(frozen=True)
class Order:
    """What a call asks for. `styles` are names of the library or the bytes of pictures, each as it was called."""

    content: bytes
    name: str
    styles: tuple[tuple[str, bytes | None], ...]
    mask: bytes | None
    params: Params


async def read_order(request: Request, uploads: Uploads) -> Order:
    """The body's order. Raises `body-kind`, `body-malformed`, `body-large`, `upload-…`, `option-…`."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind == JSON_KIND:
            return _of_json(parse_json(await request.body()), uploads)
        if kind == FORM_KIND:
            async with request.form(max_files=MAX_STYLES + 2, max_fields=MAX_STYLES + 8, max_part_size=1 << 20) as form:
                return await _of_form(form, uploads)
    except ClientDisconnect:
        raise malformed("it ended in the middle") from None
    except (MultiPartException, KeyError, UnicodeError) as e:
        raise malformed(str(e)) from e
    raise ScumbleError("body-kind", kind=kind[:60] or "nothing", choices=f"{FORM_KIND}, {JSON_KIND}")


def _of_json(plain: object, uploads: Uploads) -> Order:
    if not isinstance(plain, Mapping):
        raise malformed("it is not an object")
    unknown = [str(k)[:40] for k in plain if k not in FIELDS]
    if unknown:
        raise malformed(f"there is no field “{unknown[0]}”; fields: {', '.join(FIELDS)}")
    styles = [("style_image", _from_text(t, "style_image", uploads)) for t in _texts(plain, "style_image")]
    named = [(text, None) for text in _texts(plain, "style")]
    mask = plain.get("mask")
    return Order(
        _from_text(_needed(plain.get("content_image")), "content_image", uploads),
        "content_image",
        (*named, *styles),
        None if mask is None else _from_text(mask, "mask", uploads),
        read_params(plain.get("params")),
    )


async def _of_form(form: FormData, uploads: Uploads) -> Order:
    unknown = [k[:40] for k in form if k not in FIELDS]
    if unknown:
        raise malformed(f"there is no field “{unknown[0]}”; fields: {', '.join(FIELDS)}")

    async def file(value: UploadFile | str, field: str) -> bytes:
        return await value.read() if isinstance(value, UploadFile) else _from_text(value, field, uploads)

    styles: list[tuple[str, bytes | None]] = []
    for value in form.getlist("style"):
        if not isinstance(value, str):
            raise malformed("style is a name; a picture is style_image")
        styles.append((value, None))
    for value in form.getlist("style_image"):
        styles.append((_name(value, "style_image"), await file(value, "style_image")))
    content, mask, params = _needed(form.get("content_image")), form.get("mask"), form.get("params")
    if isinstance(params, UploadFile):
        params = (await params.read(1 << 20)).decode("utf-8")
    return Order(
        await file(content, "content_image"),
        _name(content, "content_image"),
        tuple(styles),
        None if mask in (None, "") else await file(mask, "mask"),
        read_params(params or None),
    )


def _needed(value: Any) -> Any:
    if value is None or value == "":
        raise malformed("content_image is missing")
    return value


def _name(value: UploadFile | str, field: str) -> str:
    """What a file is called, for errors and lists; never a path."""
    name = value.filename if isinstance(value, UploadFile) else ""
    return re.split(r"[/\\]", name or field)[-1][:100] or field


def _texts(plain: Mapping[str, Any], field: str) -> list[str]:
    value = plain.get(field)
    values = [] if value is None else value if isinstance(value, list) else [value]
    if len(values) > MAX_STYLES:
        raise ScumbleError("styles-many", count=len(values), most=MAX_STYLES)
    if not all(isinstance(v, str) for v in values):
        raise malformed(f"{field} is not a text, or a list of texts")
    return values


def _from_text(text: object, field: str, uploads: Uploads) -> bytes:
    """A picture's bytes from base64 (a data URL, too) or from an upload, as `upload:ID`."""
    if not isinstance(text, str):
        raise malformed(f"{field} is not a text")
    if text.startswith(UPLOAD):
        return uploads.whole(text[len(UPLOAD) :])
    head = DATA_URL.match(text)
    packed = text[head.end() if head else 0 :].translate(BLANKS)
    try:
        data = base64.b64decode(packed, validate=True)
    except (binascii.Error, ValueError):
        raise malformed(f"{field} is not base64") from None
    if not data:
        raise malformed(f"{field} is empty")
    return data


def body_schema() -> dict[str, Any]:
    """The body for OpenAPI."""
    picture = {"type": "string", "description": "A picture file in base64 (or a data URL), or “upload:ID”."}
    file = {"description": "A picture file, or “upload:ID”.", "type": "string", "format": "binary"}
    name = {"type": "string", "description": "A style of /v1/styles: NAME[:WEIGHT[:STROKE]]."}

    def several(one: dict[str, Any]) -> dict[str, Any]:
        return {"oneOf": [one, {"type": "array", "items": one, "maxItems": MAX_STYLES}]}

    as_json = {
        "content_image": {**picture, "minLength": 1},
        "style_image": several(picture),
        "style": several(name),
        "mask": picture,
    }
    listed = {"type": "array", "maxItems": MAX_STYLES}
    as_form = {
        "content_image": file,
        "style_image": {**listed, "items": file},
        "style": {**listed, "items": name},
        "mask": file,
        "params": {"type": "string", "contentMediaType": "application/json", "description": "As in JSON, as a text."},
    }
    closed = {"type": "object", "required": ["content_image"], "additionalProperties": False}
    return {
        "required": True,
        "content": {
            JSON_KIND: {"schema": {**closed, "properties": {**as_json, "params": params_schema()}}},
            FORM_KIND: {"schema": {**closed, "properties": as_form}},
        },
    }
