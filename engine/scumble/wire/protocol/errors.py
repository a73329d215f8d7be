"""Every error a user can meet: a stable code, a sentence and a remedy, declared once.

Sentences and remedies are templates; the values that fill them travel with the error, so that a plug-in may translate
them. Codes never change their meaning; a new case gets a new code.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, NamedTuple

from .doorerrors import DOORS
from .frameerrors import FRAMES
from .sentences import fill, plain_value
from .trainingerrors import TRAINING

PlainError = Dict[str, Any]


class Case(NamedTuple):
    """What a code stands for."""

    sentence: str
    remedy: str


CASES: dict[str, Case] = {
    # the request
    "option-unknown": Case("There is no option “{name}”.", "Known options: {known}."),
    "option-range": Case("“{name}” is {value}, which is out of range.", "Choose a value from {low} to {high}."),
    "option-choice": Case("“{name}” is “{value}”, which is not a choice.", "Choose one of: {choices}."),
    "option-type": Case("“{name}” is {value}, which is not {expected}.", "Give {expected}."),
    "option-unhonoured": Case("The method “{method}” has no use for “{name}”.", "Leave it out, or change the method."),
    "weights-zero": Case("All styles have weight 0.", "Give at least one style a weight above 0."),
    "styles-missing": Case("No style was chosen.", "Choose a style from the library or a picture file."),
    "styles-many": Case("{count} styles were chosen; at most {most} fit in one run.", "Remove some styles."),
    "method-unavailable": Case("The method “{method}” is not available in this engine.", "Use one of: {known}."),
    "model-unsuited": Case("The model “{model}” cannot {what}.", "Use the model “{instead}”."),
    "layer-unknown": Case("The network “{model}” has no layer “{layer}”.", "Layers: {known}."),
    "device-unavailable": Case("The device “{device}” is not available.", "Use one of: {known}."),
    # pictures
    "picture-unreadable": Case(
        "“{name}” cannot be read as a picture: {reason}.", "Use a PNG, JPEG, TIFF or WebP file."
    ),
    "picture-truncated": Case("“{name}” is incomplete: {reason}.", "Save or copy the file again."),
    "picture-empty": Case("“{name}” has no pixels ({width}×{height}).", "Use a picture of at least 1×1 pixels."),
    "picture-large": Case(
        "“{name}” has {megapixels:.0f} megapixels; the limit is {limit:.0f}.", "Select a smaller part or scale it down."
    ),
    "picture-shape": Case(
        "“{name}” is {width}×{height} pixels with aspect {aspect:.0f}:1; the limit is {limit:.0f}:1.",
        "Select a less elongated part.",
    ),
    "picture-transparent": Case("“{name}” is fully transparent.", "Use a picture with visible pixels."),
    "picture-format": Case("“{name}” has a pixel format that is not understood: {reason}.", "Send {expected}."),
    "mask-size": Case(
        "The mask “{name}” is {width}×{height}, the picture {expected_width}×{expected_height}.",
        "Use a mask of the picture's size.",
    ),
    "mask-empty": Case(
        "The mask “{name}” selects nothing.",
        "Paint or select where the style is wanted (in any colour on a transparent layer), or leave the mask out.",
    ),
    "place-missing": Case(
        "Nothing of this kind was found in the picture: {name}.", "Choose something else, or paint a mask."
    ),
    "style-place-missing": Case(
        "Nothing of this kind was found in the picture of the style “{style}”: {name}.",
        "Take the whole picture, another part of it, or a mask of your own.",
    ),
    "style-part-empty": Case(
        "The mask on the picture of the style “{name}” selects nothing of it.",
        "Paint or select what of it is wanted, or take the whole picture.",
    ),
    "people-missing": Case(
        "The networks that find people and faces are not on this machine: {reason}.",
        "Run: scumble models fetch people. Or fetch {wheel} elsewhere and run: scumble models add people FILE",
    ),
    "regions-missing": Case(
        "The package that runs the networks that find people and faces is not installed.",
        "Run in the engine's environment: pip install ai-edge-litert",
    ),
    "style-unknown": Case("There is no style “{name}”.", "See the list of styles: {known}."),
    "style-damaged": Case(
        "Your style “{name}” cannot be used: {reason}.", "Train it again, or run: scumble styles remove {name}"
    ),
    "style-no-part": Case(
        "“{name}” is a named style: there is no picture of which a part could be taken.",
        "Take a picture file or a layer as the style, or take all of it.",
    ),
    "picture-missing": Case(
        "The style “{name}” has no picture of yours that could be taken back.", "Check the style's name."
    ),
    "file-missing": Case("There is no file “{name}”.", "Check the path."),
    "preset-unreadable": Case("“{name}” is not a preset: {reason}.", "Save it again."),
    "preset-missing": Case("There is no preset “{name}”.", "Choose one from the list."),
    "preset-name": Case("“{name}” cannot be the name of a preset.", "Give it a name of 1 to 100 characters."),
    "recipe-newer": Case("These settings come from a newer version of Scumble (format {version}).", "Update Scumble."),
    "file-write": Case(
        "“{name}” could not be written: {reason}.", "Check the folder, its permissions and the space left."
    ),
    "file-format": Case("“{name}” cannot be written in that format: {reason}.", "Choose one of: {choices}."),
    "file-twice": Case("“{name}” was given for the painted picture and for the layer.", "Give each a name of its own."),
    "file-there": Case("“{name}” is there already.", "Choose another name, or add --overwrite or --skip-existing."),
    "file-clash": Case(
        "“{name}” would be written for “{first}” and for “{second}”.",
        "Give a folder, or a name with the number in it (see --help).",
    ),
    "file-source": Case("“{name}” is a picture that is to be painted.", "Write to another folder."),
    "files-none": Case("There is no picture in “{name}”.", "Give a picture file, or a folder that holds some."),
    # what an editor holds
    "document-missing": Case("No picture is open.", "Open a picture, or create a new one."),
    "document-closed": Case("The picture has been closed in the meantime.", "Open it again, and start once more."),
    "layer-missing": Case("No layer is active.", "Click the layer to be painted in the list of layers."),
    "layer-changed": Case("The layer has been deleted in the meantime.", "Choose another layer, and start once more."),
    "layer-gone": Case("The layer “{name}” is not in this picture.", "Choose another layer in its place."),
    "layer-empty": Case("There is nothing on this layer here.", "Choose a layer with visible pixels, or select them."),
    "layer-unsupported": Case(
        "This kind of layer cannot be read ({kind}).", "Choose a paint layer, or make a paint layer of it first."
    ),
    "image-indexed": Case(
        "This picture has a palette of its own, which cannot hold a painting.",
        "Let it be converted to RGB, or choose Image ▸ Mode ▸ RGB.",
    ),
    "layer-locked": Case("The layer “{name}” is locked.", "Unlock it, or choose another layer."),
    "selection-outside": Case(
        "The selection lies wholly outside the picture.", "Select part of the picture, or select nothing at all."
    ),
    "mask-missing": Case(
        "No layer was chosen as the mask of “{name}”.", "Choose a layer for it, or set its mask to none."
    ),
    "editor-refused": Case("The editor could not do this: {reason}.", "Try again; if it stays, restart the editor."),
    # models
    "weights-missing": Case(
        "The weights of “{model}” are not on this machine and could not be downloaded: {reason}.",
        "Connect to the network, or fetch {url} elsewhere and run: scumble models add {model} FILE",
    ),
    "weights-digest": Case(
        "The weight file “{name}” is not the expected one (its digest differs).", "Fetch it again from {url}."
    ),
    "weights-damaged": Case(
        "The weight file “{name}” cannot be used: {reason}.",
        "Install the package again; if the file was downloaded, remove it first.",
    ),
    "weights-present": Case("The weights of “{name}” are here already.", "Remove {path} first, to replace them."),
    # the engine and its jobs
    "cancelled": Case("The job was cancelled.", "Start it again if that was not meant."),
    "diverged": Case(
        "The optimization diverged and could not be recovered.", "Lower the learning rate or the weights."
    ),
    "memory": Case("The picture needs more memory than there is ({reason}).", "Choose a smaller size or selection."),
    "disk-full": Case("There is no space left on the disk for the engine's files.", "Free some space and try again."),
    "files-unusable": Case(
        "The engine cannot read its files just now: {reason}.", "Try again in a moment, or end some other programs."
    ),
    "worker-died": Case("The worker process died: {reason}.", "Try again with a smaller size; see the log: {log}"),
    "job-unknown": Case("There is no job “{job}”.", "It may have ended long ago; start it again."),
    "job-limit": Case("{count} jobs are waiting already.", "Wait for some to end, or cancel them."),
    "internal": Case("The engine met an error of its own: {reason}.", "Try again; if it stays, report it with {log}"),
    # the wire
    "protocol-version": Case(
        "The engine speaks protocol {engine}, the plug-in {client}.", "Update both to the same version of Scumble."
    ),
    "message-malformed": Case("A message could not be understood: {reason}.", "Update the plug-in and the engine."),
    "hello-missing": Case("The engine does not know this connection.", "Connect to it again."),
    "message-unknown": Case("There is no message “{type}”.", "Update the plug-in and the engine."),
    "message-large": Case("A message has {size} bytes; the limit is {limit}.", "Send pixels in chunks."),
    "blob-missing": Case("The engine does not have the data {digest}.", "Send it and submit again."),
    "blob-digest": Case("The data received does not have the digest {digest}.", "Send it again."),
    "blob-order": Case("A chunk at {offset} came where {expected} was expected.", "Go on from {expected}."),
    "blob-large": Case("Data of {size} bytes was announced; the limit is {limit}.", "Select a smaller part."),
    "engine-missing": Case("The engine is not installed or could not be started: {reason}.", "Run: {command}"),
    "engine-silent": Case("The engine does not answer.", "Run “scumble stop”, then try again; see the log: {log}"),
    "engine-lost": Case("The connection to the engine broke.", "Try again; see the log: {log}"),
    "engine-refused": Case("The engine refused the connection.", "Run “scumble stop”, then try again."),
    "engine-running": Case("An engine of this user is already running.", "Use it, or run “scumble stop” first."),
    "engine-stopping": Case("The engine is shutting down.", "Try again in a moment."),
    "remote-unreachable": Case(
        "The engine at {address} cannot be reached: {reason}.",
        "See that it runs there and that the network lets you through; for an engine on this machine, run: scumble "
        "remote forget",
    ),
    "remote-refused": Case(
        "The engine at {address} refused the connection.",
        "It has other keys by now, or does not let yours in: copy its file again, then run: scumble remote set FILE",
    ),
    "remote-unreadable": Case(
        "“{name}” does not describe an engine: {reason}.", "Copy the file again, or run: scumble remote forget"
    ),
    "folder-unsafe": Case(
        "“{path}” is open to others or belongs to another user.", "Remove it, or restrict it to yourself."
    ),
    "curve-missing": Case(
        "An engine on the network needs CURVE, which needs pyzmq.",
        "Install pyzmq, or use a tunnel, which needs none: see docs/remote.md",
    ),
    "keys-name": Case(
        "“{name}” cannot be the name of a client.", "Use letters, digits, hyphens and underscores, at most 48."
    ),
    "keys-unknown": Case("There is no client “{name}”.", "Clients that are let in: {known}."),
    "address-refused": Case(
        "“{address}” is not a loopback address.", "An engine on the network needs keys; make them with: scumble keys"
    ),
    "address-unusable": Case("The engine cannot listen on “{address}”: {reason}.", "Choose another address."),
    "keys-unreadable": Case(
        "“{name}” is not a file of CURVE keys: {reason}.", "Make the keys again, with: scumble keys"
    ),
    **{code: Case(*said) for code, said in {**TRAINING, **FRAMES, **DOORS}.items()},
}


class ScumbleError(Exception):
    """An error with a code of `CASES`, a sentence for a person and what to do about it."""

    def __init__(self, code: str, /, **values: object) -> None:
        self.code = code
        self.values: dict[str, object] = values
        case = CASES[code]
        self.sentence, self.remedy = fill(case.sentence, values), fill(case.remedy, values)
        super().__init__(f"{self.sentence} {self.remedy} [{code}]")

    def to_plain(self) -> PlainError:
        """Code, sentence, remedy and the values that filled them, for the wire."""
        values = {k: plain_value(v) for k, v in self.values.items()}
        return {"code": self.code, "sentence": self.sentence, "remedy": self.remedy, "values": values}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ScumbleError:
        """The error that `to_plain` described; a code this version does not know becomes “internal”."""
        code, values = str(plain.get("code", "internal")), plain.get("values")
        named = {str(k): v for k, v in values.items()} if isinstance(values, Mapping) else {}
        error = cls(code if code in CASES else "internal", **named)
        error.code = code
        error.sentence = str(plain.get("sentence", error.sentence))
        error.remedy = str(plain.get("remedy", error.remedy))
        error.args = (f"{error.sentence} {error.remedy} [{code}]",)
        return error
