"""The networks that find people and faces: MediaPipe's (Apache-2.0), as its package carries them, run by LiteRT.

They are no part of this package. `fetch` has pip download MediaPipe's wheel, takes two files out of it and checks their
digests; `take` does so with a wheel that was fetched elsewhere. Nothing of the wheel is installed or run. No numpy
here: the engine's front lists it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ...wire.engine.folders import data_folder
from ...wire.protocol.errors import ScumbleError

if TYPE_CHECKING:
    from ...picture.color import Floats

    Network = Callable[[Floats], list[Floats]]  # H×W×3 → its outputs without the batch

WHEEL = "mediapipe==0.10.21"
PLATFORM = ("--python-version", "3.12", "--implementation", "cp", "--platform", "manylinux_2_28_x86_64")
PIP_SECONDS = 900


@dataclass(frozen=True)
class Part:
    """A network: its file's name, its place in the wheel, and the SHA-256 of it."""

    file: str
    place: str
    digest: str


SUBJECT = Part(
    "selfie_segmentation.tflite",
    "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
    "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
)
FACES = Part(
    "face_detection_full_range_sparse.tflite",
    "mediapipe/modules/face_detection/face_detection_full_range_sparse.tflite",
    "2c3728e6da56f21e21a320433396fb06d40d9088f2247c05e5635a688d45dfe1",
)
PARTS = (SUBJECT, FACES)


def folder() -> Path:
    """Where the files lie, or would."""
    return data_folder() / "weights" / "people"


def listed() -> dict[str, Any]:
    """The line of the list of models."""
    here = all((folder() / part.file).is_file() for part in PARTS)
    size = sum((folder() / part.file).stat().st_size for part in PARTS) if here else 0
    about = "Finds people and faces for masks (MediaPipe, Apache-2.0)."
    return {"name": "people", "kind": "finder", "about": about, "available": here, "bytes": size, "file": str(folder())}


def fetch() -> Path:
    """Have pip download the wheel, and take the files out of it. Raises `people-missing`, and as `take` does."""
    if listed()["available"]:
        return folder()
    with tempfile.TemporaryDirectory(prefix="scumble-") as place:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--quiet"]
        command += ["--disable-pip-version-check", *PLATFORM, "--dest", place, WHEEL]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PIP_SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as e:
            raise ScumbleError("people-missing", reason=str(e)[:200], wheel=WHEEL) from None
        found = sorted(Path(place).glob("*.whl"))
        if done.returncode or not found:
            said = (done.stderr.strip().splitlines() or ["pip brought nothing"])[-1]
            raise ScumbleError("people-missing", reason=said[:200], wheel=WHEEL)
        return take(found[0])


def take(wheel: Path | str) -> Path:
    """Take the files out of a wheel of MediaPipe. Raises `file-missing`, `weights-damaged`, `file-write`."""
    given = Path(wheel)
    if not given.is_file():
        raise ScumbleError("file-missing", name=str(wheel))
    try:
        with zipfile.ZipFile(given) as archive:
            found = {part: archive.read(part.place) for part in PARTS}
    except (OSError, KeyError, zipfile.BadZipFile):
        raise ScumbleError("weights-damaged", name=given.name, reason=f"it is not the wheel {WHEEL}") from None
    for part, data in found.items():
        _check(part, data)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        for part, data in found.items():
            written = folder() / (part.file + ".part")
            written.write_bytes(data)
            written.replace(folder() / part.file)
    except OSError as e:
        raise ScumbleError("file-write", name=str(folder()), reason=e.strerror or str(e)) from e
    return folder()


@lru_cache(maxsize=len(PARTS))
def load(part: Part) -> Network:
    """The network, ready to be asked by any thread. Raises `people-missing`, `weights-damaged`."""
    try:
        from ai_edge_litert.interpreter import Interpreter
    except ImportError:
        raise ScumbleError("regions-missing") from None
    try:
        data = (folder() / part.file).read_bytes()
    except OSError:
        raise ScumbleError("people-missing", reason="it was not fetched", wheel=WHEEL) from None
    _check(part, data)
    interpreter, lock = Interpreter(model_content=data, num_threads=1), Lock()
    interpreter.allocate_tensors()
    into, out = interpreter.get_input_details()[0], interpreter.get_output_details()

    def run(pixels: Floats) -> list[Floats]:
        with lock:
            interpreter.set_tensor(into["index"], pixels[None].astype("float32"))
            interpreter.invoke()
            return [interpreter.get_tensor(o["index"])[0] for o in out]

    return run


def _check(part: Part, data: bytes) -> None:
    if hashlib.sha256(data).hexdigest() != part.digest:
        raise ScumbleError("weights-damaged", name=part.file, reason="its digest differs")
