"""What GIMP can call: the transfer, its repetition, and how the engine is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from .arguments import FLAGS, Choices, add_arguments, choices_of, write_choices
from .gimplib import Gimp, GObject
from .guard import error_text, run_guarded
from .life import link
from .log import logger
from .model.frames import transfer_frames
from .model.jobs import Jobs
from .model.library import named
from .model.notes import tell_notes
from .model.repeat import last_choices, remember
from .model.statusbar import StatusBar
from .model.stopwatch import Stopwatch
from .model.transfer import transfer
from .pictures import settings
from .pictures.frames import check_alike, frame_layers, key_groups
from .texts import speak, tr
from .wire.protocol.errors import ScumbleError

MENU = "<Image>/Filters/Scumble"
PYTHON_MENU = "<Image>/Filters/Development/Python-Fu"
WHO, YEAR = "The Scumble authors", "2026"
INTERACTIVE = Gimp.RunMode.INTERACTIVE


def create(plugin: Any, name: str) -> Any:
    """The procedure `name`, in GIMP's language."""
    speak()
    return _MAKERS[name](plugin, name)


# making


def _transfer(plugin: Any, name: str) -> Any:
    procedure = _image_procedure(plugin, name, _run_transfer)
    procedure.set_documentation(
        tr("Paint the layer in the style of a picture, on a new layer, only where you selected."),
        tr(
            "Each selected layer is painted, and the result put right above it with the selection as its mask, in one "
            "step of undo. Styles are of the library, picture files, or other layers."
        ),
        name,
    )
    procedure.set_menu_label(tr("Style Transfer…"))
    procedure.add_menu_path(MENU)
    procedure.add_menu_path(PYTHON_MENU)
    add_arguments(procedure)
    return _returning_layers(procedure)


def _repeat(plugin: Any, name: str) -> Any:
    procedure = _image_procedure(plugin, name, _run_repeat)
    procedure.set_documentation(
        tr("Paint the layer with the settings used last."),
        tr("The settings are those of the last style transfer, also of an earlier session."),
        name,
    )
    procedure.set_menu_label(tr("Transfer Again"))
    procedure.add_menu_path(MENU)
    return _returning_layers(procedure)


def _status(plugin: Any, name: str) -> Any:
    procedure = Gimp.Procedure.new(plugin, name, Gimp.PDBProcType.PLUGIN, _run_status, None)
    procedure.set_attribution(WHO, WHO, YEAR)
    procedure.set_documentation(
        tr("How Scumble’s engine is: its state, device and version, and where its log is."),
        tr("Nothing is started. A script gets the text."),
        name,
    )
    procedure.set_menu_label(tr("View Engine…"))
    procedure.add_menu_path(MENU)
    mode, nick = Gimp.RunMode.NONINTERACTIVE, tr("Run mode")
    procedure.add_enum_argument("run-mode", nick, nick, Gimp.RunMode.__gtype__, mode, FLAGS)
    procedure.add_string_return_value("text", tr("Text"), tr("How the engine is"), "", FLAGS)
    return procedure


def _image_procedure(plugin: Any, name: str, run: Callable[..., Any]) -> Any:
    procedure = Gimp.ImageProcedure.new(plugin, name, Gimp.PDBProcType.PLUGIN, run, None)
    procedure.set_image_types("*")
    procedure.set_sensitivity_mask(Gimp.ProcedureSensitivityMask.ALWAYS)  # an entry in gray does not say why
    procedure.set_attribution(WHO, WHO, YEAR)
    return procedure


def _returning_layers(procedure: Any) -> Any:
    about = tr("The new layer; of several the first.")
    procedure.add_layer_return_value("layer", tr("Layer"), about, False, FLAGS)
    about, kind = tr("All new layers, one for each layer that was painted."), Gimp.Drawable.__gtype__
    procedure.add_core_object_array_return_value("layers", tr("Layers"), about, kind, FLAGS)
    return procedure


_MAKERS: Dict[str, Callable[[Any, str], Any]] = {
    "scumble-style-transfer": _transfer,
    "scumble-repeat": _repeat,
    "scumble-engine-status": _status,
}


# running


def _run_transfer(procedure: Any, mode: Any, image: Any, drawables: Sequence[Any], config: Any, data: Any) -> Any:
    def run() -> List[Any]:
        _check(image, drawables)
        choices = _asked(procedure, config, image, drawables) if mode == INTERACTIVE else _given(mode, config)
        return _values(procedure, _painted(mode, image, drawables, choices))

    return run_guarded(procedure, run)


def _run_repeat(procedure: Any, mode: Any, image: Any, drawables: Sequence[Any], config: Any, data: Any) -> Any:
    def run() -> List[Any]:
        _check(image, drawables)
        return _values(procedure, _painted(mode, image, drawables, last_choices()))

    return run_guarded(procedure, run)


def _run_status(procedure: Any, config: Any, data: Any) -> Any:
    def run() -> List[Any]:
        if config.get_property("run-mode") == INTERACTIVE:
            from .windows.statusdialog import show_status

            return [GObject.Value(str, show_status(link()))]
        from .model.status import status_text

        return [GObject.Value(str, status_text(link()))]

    return run_guarded(procedure, run)


def _check(image: Any, drawables: Sequence[Any]) -> None:
    """Raise `document-missing` or `layer-missing` where there is nothing to paint."""
    if image is None:
        raise ScumbleError("document-missing")
    if not drawables:
        raise ScumbleError("layer-missing")


def _asked(procedure: Any, config: Any, image: Any, drawables: Sequence[Any]) -> Choices:
    """What the user chose in the dialog; kept for the next time. Raises `cancelled`."""
    from .windows.dialog import ask

    choices: Optional[Choices] = ask(procedure, config, image, drawables)
    if choices is None:
        raise ScumbleError("cancelled")
    write_choices(config, choices)
    return choices


def _given(mode: Any, config: Any) -> Choices:
    """What came in the arguments; for “last values” what was used last, where GIMP kept none."""
    try:
        return choices_of(config)
    except ScumbleError as e:
        if mode == Gimp.RunMode.WITH_LAST_VALS and e.code == "styles-missing":
            return last_choices()
        raise


def _painted(mode: Any, image: Any, drawables: Sequence[Any], choices: Choices) -> List[Any]:
    """The new layers, one for each that was painted."""
    engine, watch = link(), Stopwatch()
    frames, keys = _frames(image, drawables, choices)
    drawables = frames or drawables
    engine.start()
    jobs = Jobs(engine, keep=mode != Gimp.RunMode.NONINTERACTIVE)
    shown = _progress(mode, jobs, image, drawables, choices, bool(frames))
    try:
        choices = replace(choices, recipe=named(engine, choices.recipe, shown.waiting))
        watch.connected()
        remember(choices)
        settings.keep_size(image, choices.recipe)
        output, jobs.watch = (choices.selection_as, choices.convert), watch.over(shown.watch)
        if frames:
            layers = transfer_frames(jobs, image, frames, choices.recipe, *output, keys, choices.result)
        else:
            layers = transfer(jobs, image, drawables, choices.recipe, *output, choices.result)
        logger.info("%d layers: %s", len(layers), watch.words())
    finally:
        shown.end()
    if jobs.broken is not None:  # a script's caller is to hear of it too
        Gimp.message(error_text(jobs.broken))
    elif mode == INTERACTIVE:
        tell_notes(jobs.notes)
    return layers


def _frames(image: Any, drawables: Sequence[Any], choices: Choices) -> Tuple[List[Any], str]:
    """The layers that are painted as frames, none where each is a picture; and the group that leads them."""
    result = choices.result
    if result is None:
        return (frame_layers(image, drawables, choices.keys) if choices.frames else []), choices.keys
    check_alike(result.frames)
    return list(result.frames), result.keys if result.keys in key_groups(image) else ""


def _progress(mode: Any, jobs: Jobs, image: Any, drawables: Sequence[Any], choices: Choices, as_frames: bool) -> Any:
    """What shows how far it is: a window with Cancel where somebody looks.

    Both have `waiting`, called while the engine starts, `watch`, called with each job, and `end`.
    """
    if mode != INTERACTIVE:
        return StatusBar(jobs.link, 1 if as_frames else len(drawables))
    from .windows.progress import ProgressWindow

    result, margin = choices.result, float(choices.recipe.value("margin"))
    if result is not None:
        layers = drawables if as_frames else [result.source]
        return ProgressWindow(jobs, image, layers, margin, result.cover(), as_frames)
    return ProgressWindow(jobs, image, drawables, margin, as_frames=as_frames)


def _values(procedure: Any, layers: Sequence[Any]) -> List[Any]:
    """The first layer, and the array of all, as GIMP returns them."""
    carrier = procedure.create_config()  # what makes an array of GIMP's kind
    carrier.set_core_object_array("drawables", layers)
    array = GObject.Value(GObject.GType.from_name("GimpCoreObjectArray"))
    array.set_boxed(carrier.get_property("drawables"))
    return [GObject.Value(Gimp.Layer, layers[0]), array]
