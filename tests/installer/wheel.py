"""Wheels that tests make."""

from __future__ import annotations

import zipfile
from pathlib import Path


def wheel(
    folder: Path, name: str, version: str, text: str, *needs: str, tag: str = "py3-none-any", **more: str
) -> None:
    """A package of one file, and of `more` by their stems, for whom `tag` says."""
    info = f"{name}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files = {
        f"{name}/__init__.py": text,
        **{f"{name}/{stem}.py": content for stem, content in more.items()},
        f"{info}/METADATA": head + "".join(f"Requires-Dist: {n}\n" for n in needs),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-{version}-{tag}.whl", "w") as archive:
        for file, content in files.items():
            archive.writestr(file, content)
        archive.writestr(f"{info}/RECORD", "".join(f"{f},,{len(files[f])}\n" for f in files) + f"{info}/RECORD,,\n")
