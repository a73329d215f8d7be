"""`scumble gateway` as a process: where it says it is, the token, and what cannot be."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from scumble.cli import main

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
        monkeypatch.setenv(f"SCUMBLE_{name}", str(tmp_path / name.lower()))
    monkeypatch.delenv("SCUMBLE_GATEWAY_TOKEN", raising=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent to a process otherwise there")
def test_it_says_where_it_is_and_ends_by_ctrl_c() -> None:
    words = [
        sys.executable,
        "-c",
        "import sys; from scumble.cli import main; sys.exit(main())",
        "gateway",
        "--port",
        "0",
    ]
    for _ in range(2):
        running = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert running.stdout is not None and running.stderr is not None
        address, _, token = running.stdout.readline().strip().partition("/#token=")
        file = Path(os.environ["SCUMBLE_RUNTIME"]) / "gateway.token"
        assert file.read_text() == token and len(token) > 20  # made once, and kept
        assert sys.platform == "win32" or file.stat().st_mode & 0o077 == 0
        answer = httpx.get(
            f"{address}/v1/styles", headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False
        )
        assert answer.status_code == 200 and httpx.get(f"{address}/v1/styles", trust_env=False).status_code == 401
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()
        assert running.wait(20) in (0, 130, -signal.SIGINT) and "Traceback" not in said
        running.stdout.close()
        running.stderr.close()
    main(["stop", "--now"])


@pytest.mark.parametrize(
    ("token", "code"), [("short", "token-weak"), ("with blanks in it, long", "token-weak"), (None, "file-missing")]
)
def test_tokens_that_cannot_be(
    tmp_path: Path, token: str | None, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if token is not None:
        (tmp_path / "token").write_text(token)
    assert main(["gateway", "--token-file", str(tmp_path / "token")]) == 1
    assert code in capsys.readouterr().err


def test_addresses_and_certificates_that_cannot_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert main(["gateway", "--port", str(taken.getsockname()[1])]) == 1
    assert "address-unusable" in capsys.readouterr().err
    (tmp_path / "none.pem").write_text("no certificate")
    assert main(["gateway", "--port", "0", "--certificate", str(tmp_path / "none.pem")]) == 1
    assert "certificate-unusable" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [n for n in sys.modules if n.startswith("scumble.gateway")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert main(["gateway"]) == 1
    said = capsys.readouterr().err
    assert "extra-missing" in said and "[gateway]" in said and "Traceback" not in said
