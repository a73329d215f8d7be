"""What every file of the project keeps to."""

from __future__ import annotations

import ast
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILE_LIMIT, TEST_FILE_LIMIT, FUNCTION_LIMIT, FOLDER_LIMIT = 250, 400, 60, 20
PICKLERS = {"pickle", "cPickle", "_pickle", "marshal", "shelve", "dill", "cloudpickle", "joblib"}
READS_PTH = "engine/scumble/features/vgg.py"  # torchvision publishes .pth; read with weights_only=True
HOSTS = re.compile(r"(pypi|pythonhosted|npmjs|pytorch|anaconda|debian|ubuntu)\.(org|com)", re.I)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(work|root)/[\w.]|/home/\w+/|C:\\\\?Users\\\\?\w+", re.I)


def tracked(*endings: str) -> list[Path]:
    """Files that git knows or would take, by ending; all where none is given."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout.decode().split("\0")
    paths = [ROOT / n for n in names if n and n.endswith(endings or "")]
    assert paths
    return [p for p in paths if p.is_file()]


def texts() -> list[tuple[str, str]]:
    """Name and content of each text file, this one left out."""
    found = []
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data and path != Path(__file__):
            found.append((path.relative_to(ROOT).as_posix(), data.decode()))
    return found


def parsed(*folders: str) -> list[tuple[str, ast.Module]]:
    """Name and syntax tree of each Python file under `folders`."""
    names = [(p.relative_to(ROOT).as_posix(), p) for p in tracked(".py")]
    return [(n, ast.parse(p.read_bytes())) for n, p in names if not folders or n.startswith(folders)]


def imported(tree: ast.Module) -> set[str]:
    """Top-level names of what a module imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {a.name.partition(".")[0] for a in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names


def attribute_calls(tree: ast.Module, owner: str, name: str) -> list[ast.Call]:
    """Calls of the form `owner.name(…)`."""
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    return [c for c in calls if c.func.attr == name and getattr(c.func.value, "id", "") == owner]  # type: ignore[attr-defined]


def test_nothing_is_pickled() -> None:
    offenders = {name: found for name, tree in parsed("engine", "plugins") if (found := imported(tree) & PICKLERS)}
    assert offenders == {}


def test_torch_load_reads_tensors_only_and_in_one_place() -> None:
    calls = {name: found for name, tree in parsed() if (found := attribute_calls(tree, "torch", "load"))}
    assert list(calls) == [READS_PTH]
    for call in calls[READS_PTH]:
        assert any(k.arg == "weights_only" and getattr(k.value, "value", None) is True for k in call.keywords)


def test_torch_save_is_only_in_tests() -> None:
    assert [n for n, tree in parsed("engine", "plugins", "install.py") if attribute_calls(tree, "torch", "save")] == []


def test_numpy_loads_no_objects() -> None:
    for name, tree in parsed("engine", "plugins"):
        for call in attribute_calls(tree, "np", "load"):
            assert not any(k.arg == "allow_pickle" for k in call.keywords), name


def test_files_are_short() -> None:
    lengths = {n: t.count("\n") for n, t in texts() if n.endswith(".py")}
    limits = {n: TEST_FILE_LIMIT if n.startswith("tests/") else FILE_LIMIT for n in lengths}
    assert {n: length for n, length in lengths.items() if length > limits[n]} == {}


def test_no_folder_is_crowded() -> None:
    code = [p.parent for p in tracked(".py") if p.relative_to(ROOT).parts[0] != "tests"]
    assert {f"{p.relative_to(ROOT)}: {n} files" for p, n in Counter(code).items() if n > FOLDER_LIMIT} == set()


def test_functions_are_short() -> None:
    long = {}
    for name, tree in parsed():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > FUNCTION_LIMIT:
                    long[f"{name}:{node.name}"] = length
    assert long == {}


def test_every_engine_module_says_what_it_is() -> None:
    silent = [n for n, tree in parsed("engine") if tree.body and not ast.get_docstring(tree)]
    assert silent == []


def test_only_the_wire_the_server_and_the_gateway_open_sockets() -> None:
    at_sockets = {n for n, tree in parsed("engine") if imported(tree) & {"zmq", "socket", "socketserver"}}
    assert {
        n
        for n in at_sockets
        if not n.startswith(("engine/scumble/wire/", "engine/scumble/server/", "engine/scumble/gateway/"))
    } == set()
    assert at_sockets


def test_no_host_of_a_registry_and_no_path_of_a_machine() -> None:
    found = [
        f"{name}: {match[0]}"
        for name, text in texts()
        for pattern in (HOSTS, MACHINE_PATHS)
        for match in pattern.finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize("text", ["see pypi.org", "/work/data/x", "/home/ann/x", "download.pytorch.org"])
def test_the_search_for_hosts_and_paths_finds(text: str) -> None:
    assert HOSTS.search(text) or MACHINE_PATHS.search(text)
