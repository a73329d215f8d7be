"""An engine of a test file's own, that the first command starts."""

from __future__ import annotations

import pytest

from scumble.cli import main
from scumble.wire.engine import launch


@pytest.fixture(scope="module")
def own_engine(tmp_path_factory):
    """Folders for it; at the end it must have ended well."""
    folder = tmp_path_factory.mktemp("engine")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("RUNTIME", "DATA", "CACHE", "LOGS"):
            patch.setenv(f"SCUMBLE_{name}", str(folder / name.lower()))
        patch.delenv("SCUMBLE_ENGINE", raising=False)
        patch.setenv("SCUMBLE_NICENESS", "0")  # tests run side by side, and no worker is to give way to them
        yield
        main(["stop", "--now"])
        assert all(s.process.wait(20) == 0 for s in launch._started)
