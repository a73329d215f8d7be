"""An extension for these tests: a worker that takes long to start, as PyTorch's import does on a busy machine.

It is over when the file “go” lies in the data folder.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

GO = Path(os.environ["SCUMBLE_DATA"]) / "go"
if sys.argv[0].endswith("__main__.py") and "worker" in sys.argv[0]:  # the front loads extensions, too
    while not GO.exists():
        time.sleep(0.02)
