"""Learn a style in a process of the engine's: `python -m scumble.training.own.process FOLDER VERSION`.

The folder holds `order.json` and the painting; checkpoint and sheet come beside them. On standard output it says lines
of JSON, one an event; on standard input it is told “rest”, “go on” and “stop”. The end of its input, as where the
engine dies, is a “stop”: what is learned is kept, and the same order goes on from there.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from PIL import Image

from ...networks.painter import SIZES
from ...picture import decode_file
from ...picture.files import save_file
from ...picture.picture import Picture
from ...wire.protocol.errors import ScumbleError
from ...wire.protocol.pixels import PictureRef
from ..loop.checkpoint import write_whole
from ..loop.rest import Rest
from ..loop.run import Report
from ..loop.sheet import GAP
from .order import Order
from .photographs import PACKAGED, pictures_folder
from .trainstyle import Training

ORDER, PAINTING, SHEET, SHOWN = "order.json", "painting", "sheet.png", "sheet.jpg"
TELL_SECONDS = 0.25  # between two words about a step
WIDTH = 640  # pixels, of the sheet that an editor shows


class Process:
    """One order, carried out. `say` takes what is to be told."""

    def __init__(self, folder: Path, version: str, out: IO[str]) -> None:
        self.folder, self.version, self._out = folder, version, out
        self.plain: dict[str, Any] = json.loads((folder / ORDER).read_text("utf-8"))
        self.rest = Rest()
        self._said = self._sheet = self._begun = 0.0
        self._alone = False  # it learns on the package's own photograph

    def say(self, type: str, **fields: Any) -> None:
        """One event; nobody may be there to hear it."""
        try:
            self._out.write(json.dumps({"type": type, **fields}) + "\n")
            self._out.flush()
        except OSError:
            pass

    def listen(self, words: IO[str]) -> None:
        """Obey what the engine says, until it says no more."""
        for word in words:
            if word.strip() == "rest":
                self.rest.begin()
            elif word.strip() == "go on":
                self.rest.end()
            else:
                break
        self.rest.end()
        signal.raise_signal(signal.SIGINT)  # heard by the main thread: see `Stopping`

    def run(self) -> None:
        """Learn, and tell what came of it."""
        try:
            account = self._learn()
        except ScumbleError as error:
            return self.say("failed", error=self._by_title(error).to_plain())
        except KeyboardInterrupt:
            account = None
        if account is None:
            return self.say("stopped")
        self.say("done", photographs=0 if self._alone else account["photographs"]["crops"])

    def _by_title(self, error: ScumbleError) -> ScumbleError:
        """The painting is told by the name that the user knows."""
        if Path(str(error.values.get("name"))).stem != PAINTING:
            return error
        return ScumbleError(error.code, **{**error.values, "name": self.plain["title"]})

    def _learn(self) -> dict[str, Any] | None:
        """The account; None where it was stopped. Without a folder that was chosen any photograph is better than none.

        Raises what `Training` does.
        """
        order = self._order()
        if self.plain.get("photographs"):
            return self._train(order)
        try:
            return self._train(order)
        except ScumbleError as error:
            if error.code != "contents-missing":
                raise
            self._alone = True
            return self._train(replace(order, content=PACKAGED))

    def _train(self, order: Order) -> dict[str, Any] | None:
        return Training(order, self.version, self._tell, self.rest).run(self._on_step)

    def _order(self) -> Order:
        plain = self.plain
        given = {k: plain[k] for k in ("name", "title", "minutes", "steps", "size", "batch", "seed", "device")}
        content = Path(plain["photographs"]).expanduser() if plain.get("photographs") else pictures_folder()
        if given["steps"]:
            given["minutes"] = None
        return Order(self._painting(), content, tags=tuple(plain["tags"]), out=self.folder, **given)

    def _painting(self) -> Path:
        """The painting as a file: what came as pixels is written as one, under the name that the user gave."""
        path = self.folder / PAINTING
        if self.plain["format"] is None:
            decode_file(path, self.plain["title"])  # told by its name, where it cannot be read
            return path
        file = path.with_suffix(".png")
        if not file.exists():
            ref = PictureRef.from_plain({"digest": "0" * 64, "format": self.plain["format"]})
            save_file(file, Picture.from_raw(ref, path.read_bytes()))
        return file

    def _tell(self, what: str, done: int, of: int) -> None:
        self.rest.wait()
        now = time.monotonic()
        if what == "painting examples" and not self._begun:
            self._begun = now - self.rest.seconds
        seconds, spent = 60.0 * (0.0 if self.plain["steps"] else self.plain["minutes"]), -1.0
        if self._begun and seconds:
            spent = now - self._begun - self.rest.seconds
        known = spent >= 0
        part = min(1.0, spent / seconds) if known else 0.0
        self.say("state", what=what, part=part, left=max(0.0, seconds - spent) if known else -1.0)

    def _on_step(self, report: Report) -> None:
        now = time.monotonic()
        if now - self._said > TELL_SECONDS or report.step >= report.of:
            self._said = now
            part = min(1.0, report.step / max(1, report.of))
            self.say("state", what="learning", part=part, left=report.seconds_left)
            self._show_sheet()
        self.rest.wait()

    def _show_sheet(self) -> None:
        """What matters of the contact sheet, small, where that is new: for whoever watches."""
        try:
            written = (self.folder / SHEET).stat().st_mtime
            if written == self._sheet:
                return
            with Image.open(self.folder / SHEET) as sheet:
                small = _pairs(sheet.convert("RGB"))
        except OSError:
            return
        self._sheet, data = written, io.BytesIO()
        small.thumbnail((WIDTH, WIDTH))
        small.save(data, "JPEG", quality=85)
        write_whole(self.folder / SHOWN, data.getvalue())
        self.say("sheet")


def _pairs(sheet: Image.Image) -> Image.Image:
    """Of a sheet the photographs and, below each, how it is painted in the middle size; not the painting again."""
    rows = 1 + len(SIZES)
    step = (sheet.height + GAP) // rows
    side, width = step - GAP, sheet.width - step
    out = Image.new("RGB", (width, 2 * side + GAP), "white")
    for to, row in ((0, 0), (step, 1 + len(SIZES) // 2)):
        out.paste(sheet.crop((step, row * step, sheet.width, row * step + side)), (0, to))
    return out


def main(arguments: list[str]) -> int:
    """Carry out the order in a folder."""
    folder, version = arguments
    process = Process(Path(folder), version, sys.stdout)
    sys.stdout = sys.stderr  # nothing but events goes out
    threading.Thread(target=process.listen, args=(sys.stdin,), daemon=True).start()
    process.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
