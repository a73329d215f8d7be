"""A web server that resumes, breaks off and lies as told; VGG19's layout with random weights."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch
from torch import Tensor


@dataclass
class Web:
    """What the server has and how it behaves; `ranges` are the Range headers it was asked with."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)  # one answer each: break off after so many bytes
    codes: list[int] = field(default_factory=list)  # one answer each: this status and nothing more
    resumes: bool = True
    announces_size: bool = True
    ranges: list[str] = field(default_factory=list)

    def put(self, name: str, data: bytes) -> tuple[str, str]:
        """Serve `data`; its address and digest."""
        self.files["/" + name] = data
        return f"{self.address}/{name}", hashlib.sha256(data).hexdigest()


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The server is reached as it is, whatever proxies this machine has."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    urllib.request.install_opener(None)  # type: ignore[arg-type]
    yield
    urllib.request.install_opener(None)  # type: ignore[arg-type]


class Handler(BaseHTTPRequestHandler):
    """Answers for the `Web` of its server."""

    def do_GET(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        asked = self.headers.get("Range", "")
        web.ranges.append(asked)
        data = web.files.get(self.path, b"")
        if web.codes or self.path not in web.files:
            return self._only(web.codes.pop(0) if web.codes else 404)
        start = int(asked[6:-1]) if asked and web.resumes else 0
        if start and start >= len(data):
            return self._only(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if web.announces_size:
            self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start : start + web.cuts.pop(0)] if web.cuts else data[start:])

    def _only(self, code: int) -> None:
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Minds no client that hangs up."""

    def handle_error(self, request: object, client_address: object) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@pytest.fixture
def web() -> Iterator[Web]:
    server = Server(("127.0.0.1", 0), Handler)
    server.web = Web(f"http://127.0.0.1:{server.server_address[1]}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server.web  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder."""
    monkeypatch.setenv("SCUMBLE_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="session")
def torchvision_features() -> dict[str, torch.nn.Sequential]:
    """torchvision's own convolutions of both networks, with random weights."""
    from torchvision.models import vgg as torchvision_vgg  # slow to import: not by each process that looks for tests

    torch.manual_seed(0)
    return {
        name: torchvision_vgg.make_layers(torchvision_vgg.cfgs[cfg]).eval()
        for name, cfg in (("vgg19", "E"), ("vgg16", "D"))
    }


@pytest.fixture(scope="session")
def states(torchvision_features: dict[str, torch.nn.Sequential]) -> dict[str, dict[str, Tensor]]:
    """State dicts as torchvision publishes them, with (a little of) the classifier."""
    return {
        name: {f"features.{k}": v for k, v in net.state_dict().items()} | {"classifier.0.bias": torch.zeros(4096)}
        for name, net in torchvision_features.items()
    }


@pytest.fixture(scope="session")
def pth(states: dict[str, dict[str, Tensor]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """VGG19's file as torchvision publishes it: in the old format of 2017."""
    path = tmp_path_factory.mktemp("pth") / "vgg19-00000000.pth"
    torch.save(states["vgg19"], path, _use_new_zipfile_serialization=False)
    return path
