"""A user's style as one file: written for others, and taken from them once all of it is checked. No torch.

The file is a ZIP, uncompressed, of the style's folder. Nothing in it is believed: names are those that a style has and
no others, sizes are bounded as it is unfolded, digests are those of the record, weights are safetensors.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from ..picture import decode_file
from ..wire.protocol.errors import ScumbleError
from .library import find_style, shipped_names
from .own import (
    CARD,
    PAINTER,
    PICTURE,
    RECORD,
    SUFFIXES,
    THUMBNAIL,
    check_style_name,
    fault_of,
    own_names,
    own_styles_folder,
    read_own,
    read_thumbnail,
    swap_in,
)

SUFFIX = ".scumble-style"
SIDECAR = "painter.json"  # beside the weights: their digest
LARGEST = {RECORD: 1 << 16, SIDECAR: 1 << 12, THUMBNAIL: 6000, CARD: 4 << 20, PAINTER: 32 << 20}  # bytes of each file
LARGEST_PICTURE = 16 << 20
NEEDED = (RECORD, CARD, PAINTER, SIDECAR)
WHEN = (1980, 1, 1, 0, 0, 0)  # of every file in it: the same style is the same bytes


def export_style(name: str, target: Path, overwrite: bool = False) -> Path:
    """Write a style of the user's to one file; `target` may be a folder. Where it lies.

    Raises `style-unknown`, `style-shipped`, `style-damaged`, `file-there`, `file-write`.
    """
    _check_own(name)
    record, folder = read_own(name), own_styles_folder() / name
    target = target / f"{name}{SUFFIX}" if target.is_dir() else target
    if target.exists() and not overwrite:
        raise ScumbleError("file-there", name=str(target))
    part = target.with_name(f".{target.name}.part")
    try:
        with zipfile.ZipFile(part, "w") as made:
            for file in sorted(p for p in folder.iterdir() if _limit(p.name)):
                data = json.dumps(record, indent=1).encode() if file.name == RECORD else file.read_bytes()
                made.writestr(zipfile.ZipInfo(file.name, WHEN), data)
        part.replace(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise ScumbleError("file-write", name=str(target), reason=error.strerror or str(error)) from None
    return target


def import_style(file: Path, name: str = "", replace: bool = False) -> str:
    """Take a style from a file into the user's library, under its own name or `name`; which.

    Raises `file-missing`, `style-file` for what is no whole style, `style-name`, `style-taken`, `file-write`.
    """
    data = _unfolded(file)
    try:
        record = json.loads(data[RECORD])
    except (ValueError, RecursionError):
        raise _refused(file, f"{RECORD} is not what was written") from None
    if not isinstance(record, dict) or not isinstance(record.get("name"), str):
        raise _refused(file, f"{RECORD} names no style")
    called = name or record["name"]
    check_style_name(called)
    reason = fault_of(record, record["name"]) or _mismatch(record, data)
    if reason:
        raise _refused(file, reason)
    if called in shipped_names() or (called in own_names() and not replace):
        raise ScumbleError("style-taken", name=called)
    with _made(called) as part:
        for each, content in data.items():
            (part / each).write_bytes(content)
        _write_record(part, {**record, "name": called})
        _check_content(file, part)
    return called


def rename_style(name: str, new: str, title: str = "") -> None:
    """Call a style of the user's otherwise, and, if given, by another `title`. The new name may be the old one.

    Raises `style-unknown`, `style-shipped`, `style-damaged`, `style-name`, `style-taken`, `file-write`.
    """
    _check_own(name)
    check_style_name(new)
    record = read_own(name)
    if new != name and (new in shipped_names() or new in own_names()):
        raise ScumbleError("style-taken", name=new)
    _changed(name, new, {**record, "name": new, "title": title.strip()[:500] or record["title"]})


def tag_style(name: str, add: Sequence[str] = (), remove: Sequence[str] = ()) -> list[str]:
    """Give a style of the user's tags, or take some away; those that it has then.

    Raises `style-unknown`, `style-shipped`, `style-damaged`, `file-write`.
    """
    _check_own(name)
    record, gone = read_own(name), {t.strip().casefold() for t in remove}
    asked = [" ".join(t.split()).lower()[:60] for t in add]
    tags = [t for t in dict.fromkeys([*record["tags"], *filter(None, asked)]) if t.casefold() not in gone][:50]
    _changed(name, name, {**record, "tags": tags})
    return tags


def _check_own(name: str) -> None:
    if not find_style(name)["own"]:
        raise ScumbleError("style-shipped", name=name)


def _changed(name: str, new: str, record: Mapping[str, Any]) -> None:
    """Write a style's record anew, under a name that may be another."""
    folder = own_styles_folder() / name
    with _made(new) as part:
        for file in folder.iterdir():
            shutil.copy2(file, part / file.name)
        _write_record(part, record)
    if new != name:
        shutil.rmtree(folder, ignore_errors=True)


def _write_record(folder: Path, record: Mapping[str, Any]) -> None:
    (folder / RECORD).write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", "utf-8")


@contextmanager
def _made(name: str) -> Iterator[Path]:
    """A folder to fill, which then is the style of that name; whole or not at all. Raises `file-write`."""
    folder = own_styles_folder() / name
    part: Path | None = None
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(".part", f".{name}.", folder.parent))
        yield part
        swap_in(folder, part)
    except OSError as error:
        raise ScumbleError("file-write", name=str(folder), reason=error.strerror or str(error)) from None
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)


def _limit(name: str) -> int:
    """How many bytes a file of this name may have; 0 where a style has no such file."""
    return LARGEST_PICTURE if name in {f"{PICTURE}{s}" for s in SUFFIXES} else LARGEST.get(name, 0)


def _unfolded(file: Path) -> dict[str, bytes]:
    """The files in a file, by name. Raises `file-missing`, `style-file`."""
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(file) as packed:
            for entry in packed.infolist():
                limit = _limit(entry.filename)
                if not limit or entry.filename in found:
                    raise _refused(file, f"a style has no “{entry.filename[:60]}”, or not twice")
                with packed.open(entry) as stream:
                    found[entry.filename] = stream.read(limit + 1)
                if len(found[entry.filename]) > limit:
                    raise _refused(file, f"“{entry.filename}” is too large")
    except FileNotFoundError:
        raise ScumbleError("file-missing", name=str(file)) from None
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _refused(file, str(error)) from None
    missing = [n for n in NEEDED if n not in found]
    if missing:
        raise _refused(file, f"it has no “{missing[0]}”")
    return found


def _mismatch(record: Mapping[str, Any], data: Mapping[str, bytes]) -> str:
    """Which weights are not those that the record tells of; empty where all are."""
    wrong = [n for n, d in record["files"].items() if hashlib.sha256(data[n]).hexdigest() != d]
    return f"“{wrong[0]}” is damaged" if wrong else ""


def _check_content(file: Path, folder: Path) -> None:
    """Raise `style-file` unless weights, painting and thumbnail are what their names say."""
    try:
        for name in (CARD, PAINTER):
            with safe_open(folder / name, "np") as weights:
                weights.keys()
        if json.loads((folder / SIDECAR).read_bytes()).get("sha256") is None:
            raise ValueError(f"“{SIDECAR}” names no digest")
        for picture in folder.glob(f"{PICTURE}.*"):
            decode_file(picture)
    except (SafetensorError, ValueError, AttributeError, OSError, RecursionError, ScumbleError) as error:
        raise _refused(file, str(error)) from None
    shown = folder / THUMBNAIL
    if shown.exists() and not read_thumbnail(shown):
        raise _refused(file, f"“{THUMBNAIL}” is no JPEG")


def _refused(file: Path, reason: str) -> ScumbleError:
    return ScumbleError("style-file", name=file.name, reason=reason[:200])
