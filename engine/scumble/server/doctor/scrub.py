"""Takes what is private out of texts that a user sends away: names, folders, machines, tokens, pictures."""

from __future__ import annotations

import getpass
import os
import platform
import re
import socket
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ...styles.library import list_styles
from ...wire.protocol.errors import CASES
from ...wire.request.options import Option
from ...wire.request.request import REQUEST_OPTIONS
from ...wire.request.style import STYLE_OPTIONS

ENDINGS = "avif|bmp|exr|gif|heic|hdr|jfif|jpe?g|jxl|kra|krz|ora|pdf|png|psd|svg|tga|tiff?|webp|xcf(?:\\.gz|\\.bz2)?"
PICTURE = re.compile(rf"[^\s\"“”'‘’«»:,;|=(){{}}\[\]][^\"“”'‘’«»:,;|=(){{}}\[\]\n]*?\.({ENDINGS})\b", re.IGNORECASE)
QUOTED = re.compile(r"“([^”\n]*)”|‘([^’\n]*)’|«([^»\n]*)»|\"([^\"\n]*)\"|(?<!\w)'([^'\n]*)'(?!\w)")
PATH = re.compile(
    r"(?<![\w.:/\\~])(?:~|[A-Za-z]:)?[/\\][^\s\"'“”<>|,;()]+(?: [^\s\"'“”<>|,;()/\\]+[/\\][^\s\"'“”<>|,;()]*)*"
)
HEAD = re.compile(r"(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S* )?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) ")
ADDRESS = re.compile(
    r"tcp://(?!127\.|localhost|\[::1\]|\*)[^\s:\]]+(?::\d+|:\*)?|(?<![\d.])(?!127\.|0\.0\.0\.0)\d{1,3}(?:\.\d{1,3}){3}(?![\d.])"
)
LONG = re.compile(r"(?<![\w-])(?:[0-9a-f]{64}|(?=[\w-]*\d)(?=[\w-]*[A-Z])[\w-]{40,})(?![\w-])", re.ASCII)
MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
PUBLIC = re.compile(r"/(?:usr|lib\d*|opt|etc|proc|dev|sys|bin|snap|app|System|Library|nix)(?:/|$)")
OURS = re.compile(
    r"[/\\](?:scumble\w*|\.venv|site-packages|dist-packages|pykrita|GIMP|krita|kritarc|python[\d.]*|Python\d*|"
    r"Program Files(?: \(x86\))?|Windows)(?=[/\\]|$)"
)
USUAL = re.compile(
    r"~?(?:[/\\](?:\.local|share|state|\.cache|\.config|\.var|app|org\.\w+\.\w+|data|config|snap|lib|lib64|tmp|run|user|\d+|"
    r"Library|Application Support|Caches|Logs|AppData|Local|Roaming|Packages))*|[A-Za-z]:"
)
CHOSEN = re.compile(r"[/\\](?:presets|styles|clients|training|krita-history)[/\\](?=.)")
LEFT_OUT = "(left out)"


class Scrubber:
    """Replaces what is private, the same thing always by the same word. When in doubt it takes a text out."""

    def __init__(self, home: Path, names: Iterable[str], hosts: Iterable[str], secrets: Iterable[str]) -> None:
        homes = {str(home), os.path.realpath(home)} - {"/", ""}
        homes |= {h.replace("\\", "\\\\") for h in homes} | {h.replace("\\", "/") for h in homes}
        homes |= {unicodedata.normalize(form, h) for h in homes for form in ("NFC", "NFD")}
        self._homes = _any_of(homes, whole=False)
        self._names, self._hosts = _any_of(names, least=2), _any_of(hosts, least=2)
        self._secrets = _any_of(secrets, whole=False, least=8)
        self._seen: dict[str, str] = {}
        self._known = _known_words()

    @classmethod
    def of_this_user(cls, secrets: Iterable[str]) -> Scrubber:
        """For whoever runs this, here."""
        hosts = {platform.node(), socket.gethostname()}
        hosts |= {h.partition(".")[0] for h in hosts}
        home = Path.home()
        return cls(home, {*_user_names(), home.name}, hosts - {"localhost"}, secrets)

    def plain(self, value: Any) -> Any:
        """What JSON can hold, with its texts scrubbed, keys too."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(str(k)): self.plain(v) for k, v in value.items()}
        return [self.plain(v) for v in value] if isinstance(value, (list, tuple)) else value

    def text(self, text: str) -> str:
        """A text, line by line."""
        return "\n".join(self._line(line) for line in text.split("\n"))

    def _line(self, line: str) -> str:
        head = HEAD.match(line)
        begin = head.end() if head else 0
        rest = self._secrets.sub("TOKEN", line[begin:])
        rest = self._homes.sub("~", rest)
        rest = QUOTED.sub(self._quoted, rest)
        rest = PATH.sub(lambda m: self._path(m[0]), rest)
        rest = PICTURE.sub(lambda m: self._picture(m[0]), rest)
        rest = LONG.sub(lambda m: self._call("DIGEST" if len(m[0]) == 64 else "TOKEN", m[0]), rest)
        rest = MAIL.sub("MAIL", ADDRESS.sub("ADDRESS", rest))
        rest = self._hosts.sub("HOST", self._names.sub("USER", rest))
        if self._secrets.search(rest) or self._homes.search(rest):
            rest = LEFT_OUT
        return line[:begin] + rest

    def _quoted(self, match: re.Match[str]) -> str:
        """What stands in quotes is a name of the user's, unless it is a word of ours, a path, or code."""
        whole = match[0]
        inside = next(g for g in match.groups() if g is not None)
        if _is_picture(inside):
            return whole[0] + self._call_picture(inside) + whole[-1]
        if re.match(r"(?:~|[A-Za-z]:)?[/\\]", inside):
            return whole[0] + self._path(inside) + whole[-1]
        if whole[0] in "\"'" or inside in self._known or re.fullmatch(r"[\d.,×x%\s-]*", inside):
            return whole
        if inside.startswith("tcp://"):
            return whole[0] + ADDRESS.sub("ADDRESS", inside) + whole[-1]
        return whole[0] + self._call("NAME", inside) + whole[-1]

    def _path(self, path: str) -> str:
        """A path of the system's or of ours stays; of any other not even its folders do."""
        if _is_picture(path):
            return self._call_picture(path)
        if path in ("/", "~") or PUBLIC.match(path):
            return path
        ours = OURS.search(path)
        if ours is None:
            return self._call("PATH", path)
        before, rest = path[: ours.start()], path[ours.start() :]
        chosen = CHOSEN.search(rest)
        if chosen is not None:  # what lies there bears names of the user's
            rest = rest[: chosen.end()] + self._call("NAME", rest[chosen.end() :])
        return (before if USUAL.fullmatch(before) else self._call("PATH", before)) + rest

    def _picture(self, name: str) -> str:
        return name if re.fullmatch(r"PICTURE-\d+\.\w+", name) else self._call_picture(name)

    def _call_picture(self, name: str) -> str:
        return f"{self._call('PICTURE', name)}.{name.rpartition('.')[2].lower()}"

    def _call(self, kind: str, thing: str) -> str:
        return self._seen.setdefault(f"{kind} {thing}", f"{kind}-{len(self._seen) + 1}")


def _is_picture(text: str) -> bool:
    return re.search(rf"\.(?:{ENDINGS})$", text, re.IGNORECASE) is not None


def _any_of(words: Iterable[str], whole: bool = True, least: int = 1) -> re.Pattern[str]:
    """What finds any of some words, the longest first; nothing where there is none."""
    found = sorted({w for w in words if len(w) >= least}, key=len, reverse=True)
    body = "|".join(map(re.escape, found)) or r"(?!)"
    return re.compile(rf"(?<![^\W_])(?:{body})(?![^\W_])" if whole else f"(?:{body})", re.IGNORECASE)


def _user_names() -> set[str]:
    """The user's login, and the parts of his name as the system has it."""
    names = {os.environ.get(v, "") for v in ("USER", "LOGNAME", "USERNAME", "SUDO_USER")}
    try:
        names.add(getpass.getuser())
        import pwd

        full = pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0]
        names |= {full, *(part for part in full.split() if len(part) > 2)}
    except (ImportError, KeyError, OSError, AttributeError):
        pass
    return names


def _known_words() -> set[str]:
    """Words in quotes that tell nothing of the user: options, their choices, codes, shipped styles."""
    options: list[Option] = [*REQUEST_OPTIONS.values(), *STYLE_OPTIONS.values()]
    words = {o.name for o in options} | {str(c) for o in options for c in o.choices}
    words |= {"python install.py", "hello"}
    return words | set(CASES) | {s["name"] for s in list_styles() if not s.get("own")} | {"slim", "vgg16", "vgg19"}
