"""The folder works by itself: copied under another name, in a Python with nothing but msgpack's pure half."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from pathlib import Path

import msgpack
import pytest

import scumble.wire

WIRE = Path(scumble.wire.__file__).parent
MIB = 1 << 20


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with `other/wire`, a copy, and `msgpack` without anything compiled; nothing else."""
    ignore = shutil.ignore_patterns("__pycache__", "*.so", "*.pyd", "*.pyx", "*.c", "*.cpp")
    shutil.copytree(WIRE, tmp_path / "other" / "wire", ignore=ignore)
    shutil.copytree(Path(msgpack.__file__).parent, tmp_path / "msgpack", ignore=ignore)
    return tmp_path


def bare(folder: Path, code: str, *arguments: str) -> str:
    """What `code` prints in a Python that sees the standard library and `folder` alone."""
    start = f"import sys; sys.path.insert(0, {str(folder)!r})\n"
    command = [sys.executable, "-I", "-S", "-W", "error", "-c", start + code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=55)
    assert done.returncode == 0, done.stderr
    return done.stdout


TRANSFER = """
import hashlib, os, time
from other.wire import Client, Connection
import msgpack
data = os.urandom(33 << 20)
client = Client.connect_to(Connection(sys.argv[1], token=sys.argv[2]), "bare")
times = [time.monotonic()]
digest = client.put(data)
times.append(time.monotonic())
assert client.get(digest, len(data)) == data
times.append(time.monotonic())
assert client.status()["state"] == "idle"
client.close()
foreign = [m.__file__ for m in list(sys.modules.values()) if "site-packages" in (getattr(m, "__file__", None) or "")]
assert not foreign and "zmq" not in sys.modules, foreign
print(client.info["version"], msgpack.Packer.__module__, *(b - a for a, b in zip(times, times[1:])))
"""


def test_a_bare_python_sends_and_fetches_33_megabytes(copied: Path, make_router, engine, record_property) -> None:
    connection = make_router(engine).connection()
    out = bare(copied, TRANSFER, connection.address, connection.token)
    version, msgpack_module, up, down = out.split()
    assert (version, msgpack_module) == ("9", "msgpack.fallback")
    print(f"pure: 33 MiB up in {float(up):.2f} s, down in {float(down):.2f} s")
    record_property("up", float(up))
    record_property("down", float(down))
    assert [len(data) for data in engine.blobs.values()] == [33 * MIB]
    assert float(up) + float(down) < 50


def test_a_bare_python_is_refused_with_a_wrong_token(copied: Path, make_router, engine) -> None:
    code = (
        "from other.wire import Client, Connection, ScumbleError\n"
        "try: Client.connect_to(Connection(sys.argv[1], token='wrong'))\n"
        "except ScumbleError as e: print(e.code)"
    )
    assert bare(copied, code, make_router(engine).address).strip() == "engine-refused"
    assert engine.asked == []


def test_the_copy_is_a_package_of_its_own(copied: Path) -> None:
    code = (
        "import json, other.wire as w\n"
        "r = w.Request.from_plain({'method': 'fast', 'styles': [{'name': 'wave'}]})\n"
        "print(json.dumps([r.to_plain(), sorted(m for m in sys.modules if 'wire' in m or 'scumble' in m)]))"
    )
    plain, modules = json.loads(bare(copied, code))
    assert plain == {"method": "fast", "styles": [{"name": "wave"}]}
    assert "other.wire.client.client" in modules and all(m.startswith("other.wire") for m in modules)


@pytest.mark.parametrize("path", sorted(WIRE.rglob("*.py")), ids=lambda p: p.relative_to(WIRE).as_posix())
def test_every_file_imports_relatively_and_is_python_3_9(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"), feature_version=(3, 9))
    depth = len(path.relative_to(WIRE).parts)
    allowed = {*sys.stdlib_module_names, "msgpack"} | ({"zmq"} if path.parent.name == "transport" else set())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert {a.name.split(".")[0] for a in node.names} <= allowed
        if isinstance(node, ast.ImportFrom):
            assert 1 <= node.level <= depth or (node.level == 0 and (node.module or "").split(".")[0] in allowed)


def test_the_public_names_are_these() -> None:
    names = """
        CASES CHOICE_OPTIONS PROTOCOL REQUEST_OPTIONS STYLE_OPTIONS Blobs Client Connection Event Failed Option
        Link Paused PictureRef PixelFormat Pixels Preview Progress Queued Recipe Request Result Run ScumbleError Started
        Style StyleChoice Task build_request digest_of preview_request read_connection
    """
    assert sorted(scumble.wire.__all__) == sorted(names.split())
    assert all(hasattr(scumble.wire, name) for name in scumble.wire.__all__)
