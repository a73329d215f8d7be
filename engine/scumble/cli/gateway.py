"""`scumble gateway`: the engine by HTTP, for other programs and for a page in a browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..wire.protocol.errors import ScumbleError
from .version import installed_version

EXAMPLE = """\
Prints the page's address, with the token in it. Programs send the token in a header:

  curl -H "Authorization: Bearer $TOKEN" -F content_image=@photo.jpg -F style=scream http://127.0.0.1:8765/v1/style_transfer

The token is that of --token-file, of $SCUMBLE_GATEWAY_TOKEN, or one of your own that is made once and kept.
"""


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare `gateway`."""
    parser = commands.add_parser(
        "gateway",
        help="the engine by HTTP, and a page in the browser",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default 127.0.0.1: this machine alone)")
    parser.add_argument("--port", type=int, default=8765, help="0 lets the system choose (default 8765)")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="a file that holds the token")
    parser.add_argument("--certificate", default="", metavar="FILE", help="a certificate (PEM), for HTTPS")
    parser.add_argument("--key", default="", metavar="FILE", help="its private key")
    parser.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    try:
        from ..gateway.serve import serve
        from ..gateway.settings import Settings, find_token, own_folder
    except ImportError as e:
        missing = (e.name or "fastapi").partition(".")[0]
        raise ScumbleError("extra-missing", package=missing, what="The gateway", extra="gateway") from e
    token, folder = find_token(args.token_file), own_folder()
    settings = Settings(args.host, args.port, token, args.certificate, args.key, folder)
    return serve(settings, installed_version())
