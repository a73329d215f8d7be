"""`python -m scumble.server.worker`: a worker in this process."""

from __future__ import annotations

from .worker import main

if __name__ == "__main__":
    main()
