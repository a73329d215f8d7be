"""Every run of a procedure: what goes wrong in it is told in a sentence, and nothing more reaches GIMP."""

from __future__ import annotations

from typing import Any, Callable, Sequence

from .gimplib import Gimp, GLib
from .life import end
from .log import logger, start_log
from .model.host import Told
from .texts import explain, speak
from .wire.protocol.errors import ScumbleError

Status = Gimp.PDBStatusType


def run_guarded(procedure: Any, function: Callable[[], Sequence[Any]]) -> Any:
    """The values that GIMP is given back: those of `function`, or an error of one sentence, remedy and code.

    A run that was cancelled is CANCEL, and says nothing. Whatever is raised is in the log.
    """
    try:
        start_log()
        speak()
        values = function()
        logger.info("%s: done", procedure.get_name())
        return _success(procedure, values)
    except Exception as e:
        return _failure(procedure, e)
    finally:
        end()


def error_text(error: BaseException) -> str:
    """What a user is told, with the code that a search finds."""
    cause = error.error if isinstance(error, Told) else error
    code = cause.code if isinstance(cause, ScumbleError) else "internal"
    return f"{error.text if isinstance(error, Told) else explain(error)} [{code}]"


def _success(procedure: Any, values: Sequence[Any]) -> Any:
    """`values` are GObject's."""
    answer = procedure.new_return_values(Status.SUCCESS, None)
    for i, value in enumerate(values, 1):
        answer.remove(i)
        answer.insert(i, value)
    return answer


def _failure(procedure: Any, error: BaseException) -> Any:
    name, told = procedure.get_name(), error_text(error)
    error = error.error if isinstance(error, Told) else error
    if isinstance(error, ScumbleError) and error.code == "cancelled":
        logger.info("%s: cancelled", name)
        return procedure.new_return_values(Status.CANCEL, None)
    if isinstance(error, ScumbleError):
        logger.warning("%s: %s", name, error)
    else:
        logger.error("%s: %s: %s", name, type(error).__name__, error, exc_info=error)
    shown = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), told, 0)
    return procedure.new_return_values(Status.EXECUTION_ERROR, shown)
