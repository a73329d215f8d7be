"""What torch finds on this machine, as one line of JSON; run by the doctor in a process of its own."""

from __future__ import annotations

import json
import sys


def main() -> int:
    """Print versions and devices."""
    import torch
    import torchvision

    from .device import describe_devices

    found = {"torch": torch.__version__, "torchvision": torchvision.__version__, "devices": describe_devices()}
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
