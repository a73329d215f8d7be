"""The plug-ins as zip files: for Krita's own importer, and for GIMP's folder of plug-ins. The same bytes each time."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import Dict, List, Set

from plugins.assemble import PACKAGES

from .disk import PLAIN, PROGRAM, Content, Disk
from .editors.plugin import plugin_files
from .sources import NAME, source_files

DATE = (1980, 1, 1, 0, 0, 0)  # the oldest that a zip file knows
UNIX = 3
FOLDER, FILE = 0o040755, 0o100000


def pack(folder: Path, version: str, msgpack: List[Path], disk: Disk) -> List[Path]:
    """Write both zip files into a folder; their paths. Raises `OSError`."""
    made, sources = [], Content(packed_sources())
    for editor in ("krita", "gimp"):
        path = folder / f"scumble-{editor}-{version}.zip"
        files = {**plugin_files(editor, msgpack), f"{PACKAGES[editor]}/{NAME}": sources}
        disk.write(path, Content(packed(files)))
        made.append(path)
    return made


def packed_sources() -> bytes:
    """What a plug-in installs the engine from, as a zip file."""
    return packed(source_files())


def packed(files: Dict[str, Content]) -> bytes:
    """A zip file with these files, and an entry for each folder, which Krita's importer looks for."""
    folders: Set[str] = {f"{p}/" for name in files for p in PurePosixPath(name).parents if p.name}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted({*files, *folders}):
            info = zipfile.ZipInfo(name, DATE)
            info.create_system = UNIX  # else Windows would leave out the modes
            mode = FOLDER if name.endswith("/") else FILE | (files[name].mode & (PLAIN | PROGRAM))
            info.external_attr = mode << 16 | (0x10 if name.endswith("/") else 0)
            # Stored, not deflated: libraries differ in what they make of the same bytes.
            archive.writestr(info, b"" if name.endswith("/") else files[name].data, zipfile.ZIP_STORED)
    return out.getvalue()
