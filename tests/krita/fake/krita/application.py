"""The fake's application: documents, one window, actions, settings, and the classes that plug-ins derive from."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from .colors import PROFILES, Space
from .documents import Content, Document, new_content
from .planes import QtCore, QtGui, QtWidgets


class Signal:
    """A signal of Qt, without Qt."""

    def __init__(self) -> None:
        self.slots: list[Callable[..., Any]] = []

    def connect(self, slot: Callable[..., Any]) -> None:
        self.slots.append(slot)

    def disconnect(self, slot: Callable[..., Any] | None = None) -> None:
        self.slots = [s for s in self.slots if slot is not None and s != slot]

    def emit(self, *values: Any) -> None:
        for slot in list(self.slots):
            slot(*values)


class Action:
    """A QAction, as far as plug-ins use it."""

    def __init__(self, name: str, text: str) -> None:
        self._name, self._text, self._tip, self._enabled, self.icon = name, text, "", True, None
        self.triggered = Signal()

    def objectName(self) -> str:
        return self._name

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        self._text = text

    def toolTip(self) -> str:
        return self._tip

    def setToolTip(self, text: str) -> None:
        self._tip = text

    def isEnabled(self) -> bool:
        return self._enabled

    def setEnabled(self, enabled: bool) -> None:
        self._enabled = enabled

    def setIcon(self, icon: Any) -> None:
        self.icon = icon

    def trigger(self) -> None:
        """Call the slots; Krita does so even where the action is disabled."""
        self.triggered.emit(False)


class Notifier:
    """Krita's news."""

    def __init__(self) -> None:
        names = ("imageCreated", "imageSaved", "imageClosed", "viewCreated", "viewClosed", "windowCreated")
        for name in (*names, "windowIsBeingCreated", "applicationClosing", "configurationChanged"):
            setattr(self, name, Signal())

    def setActive(self, active: bool) -> None:
        pass


class View:
    """A view of a document; `messages` are what it floated."""

    def __init__(self, window: Window, content: Content | None) -> None:
        self._window, self._content = window, content

    def document(self) -> Document | None:
        return Document(self._content) if self._content else None

    def window(self) -> Window:
        return self._window

    def selectedNodes(self) -> list[Any]:
        found = self.document()
        node = found.activeNode() if found else None
        return [node] if node else []

    def showFloatingMessage(self, text: str, icon: Any, seconds: int, priority: int) -> None:
        self._window.messages.append(text)


class Window:
    """The one window."""

    def __init__(self, app: Krita) -> None:
        self._app = app
        self.messages: list[str] = []
        self.menus: dict[str, str] = {}  # where each action was put
        self.windowClosed, self.themeChanged, self.activeViewChanged = Signal(), Signal(), Signal()
        self._qwindow: Any = None

    def addView(self, document: Document) -> View:
        self._app.viewed.append(document._content)
        return View(self, document._content)

    def activeView(self) -> View:
        return View(self, self._app.viewed[-1] if self._app.viewed else None)

    def views(self) -> list[View]:
        return [View(self, content) for content in self._app.viewed]

    def qwindow(self) -> Any:
        if self._qwindow is None and QtWidgets is not None and QtWidgets.QApplication.instance() is not None:
            self._qwindow = QtWidgets.QMainWindow()
        return self._qwindow

    def createAction(self, name: str, text: str = "", location: str = "tools/scripts") -> Action:
        self.menus[name] = location
        self._app.actions_by_name[name] = Action(name, text)
        return self._app.actions_by_name[name]


class Krita:
    """The application. `reset` makes a new one; `turn` lets its event loop go round once."""

    _one: Krita | None = None

    def __init__(self, version: str = "5.2.9") -> None:
        self._version = version
        self.contents: list[Content] = []
        self.viewed: list[Content] = []  # those with a view, the active one last
        self.settings: dict[tuple[str, str], str] = {}
        self.extensions_added: list[Any] = []
        self.factories: list[Any] = []
        self._batch = False
        self._notifier, self._window = Notifier(), Window(self)
        undo, redo = Action("edit_undo", "Undo"), Action("edit_redo", "Redo")
        undo.triggered.connect(lambda *_: self._step("done", "undone"))
        redo.triggered.connect(lambda *_: self._step("undone", "done"))
        self.actions_by_name = {"edit_undo": undo, "edit_redo": redo}

    @classmethod
    def instance(cls) -> Krita:
        if cls._one is None:
            cls._one = cls()
        return cls._one

    @classmethod
    def reset(cls, version: str = "5.2.9") -> Krita:
        """Begin anew, as Krita `version`; extensions that were added stay."""
        added = cls._one.extensions_added if cls._one else []
        cls._one = cls(version)
        cls._one.extensions_added = added
        return cls._one

    def turn(self) -> None:
        """What happens when Krita's event loop goes round: a new layer becomes the active one."""
        for content in self.contents:
            content.turn()

    def undo_steps(self) -> int:
        """How many steps of the active document can be undone."""
        return len(self.viewed[-1].done) if self.viewed else 0

    def at_least(self, *version: int) -> bool:
        return tuple(int(part) for part in self._version.split(".")[:2]) >= version

    def _step(self, source: str, target: str) -> None:
        if self.viewed:
            self.viewed[-1].step(getattr(self.viewed[-1], source), getattr(self.viewed[-1], target))

    def version(self) -> str:
        return self._version

    def createDocument(
        self, width: int, height: int, name: str, model: str, depth: str, profile: str, resolution: float
    ) -> Document:
        space = Space.of(model, depth, profile) or Space.default(model, depth)
        self.contents.append(new_content(self, width, height, name, space, resolution))
        return Document(self.contents[-1])

    def close(self, content: Content) -> None:
        for row in (self.contents, self.viewed):
            if content in row:
                row.remove(content)

    def documents(self) -> list[Document]:
        return [Document(content) for content in self.contents]

    def activeDocument(self) -> Document | None:
        return Document(self.viewed[-1]) if self.viewed else None

    def setActiveDocument(self, document: Document) -> None:
        self.viewed.remove(document._content)
        self.viewed.append(document._content)

    def activeWindow(self) -> Window:
        return self._window

    def windows(self) -> list[Window]:
        return [self._window]

    def views(self) -> list[View]:
        return self._window.views()

    def notifier(self) -> Notifier:
        return self._notifier

    def action(self, name: str) -> Action | None:
        return self.actions_by_name.get(name)

    def actions(self) -> list[Action]:
        return list(self.actions_by_name.values())

    def addExtension(self, extension: Any) -> None:
        self.extensions_added.append(extension)

    def extensions(self) -> list[Any]:
        return self.extensions_added

    def addDockWidgetFactory(self, factory: Any) -> None:
        self.factories.append(factory)

    def dockers(self) -> list[Any]:
        return []

    def profiles(self, model: str, depth: str) -> list[str]:
        return list(PROFILES.get(model, ()))

    def readSetting(self, group: str, name: str, default: str) -> str:
        return self.settings.get((group, name), default)

    def writeSetting(self, group: str, name: str, value: str) -> None:
        self.settings[group, name] = value

    def batchmode(self) -> bool:
        return self._batch

    def setBatchmode(self, value: bool) -> None:
        self._batch = value

    def icon(self, name: str) -> Any:
        return QtGui.QIcon() if QtGui else None


class Extension(QtCore.QObject if QtCore else object):  # type: ignore[misc]
    """What a plug-in derives its extension from."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__()


class DockWidget(QtWidgets.QDockWidget if QtWidgets else object):  # type: ignore[misc]
    """What a plug-in derives its docker from."""

    def canvas(self) -> Any:
        return None


class DockWidgetFactoryBase:
    """Where a docker starts."""

    class DockPosition(enum.IntEnum):
        DockTornOff, DockTop, DockBottom, DockRight, DockLeft, DockMinimized = range(6)

    DockTop, DockBottom = DockPosition.DockTop, DockPosition.DockBottom
    DockRight, DockLeft = DockPosition.DockRight, DockPosition.DockLeft


class DockWidgetFactory(DockWidgetFactoryBase):
    """Makes dockers."""

    def __init__(self, name: str, position: int, kind: Callable[[], Any]) -> None:
        self.name, self.position, self.create = name, position, kind


class InfoObject:
    """Options of an export."""

    def __init__(self) -> None:
        self._values: dict[str, Any] = {}

    def setProperty(self, name: str, value: Any) -> None:
        self._values[name] = value

    def property(self, name: str) -> Any:
        return self._values.get(name)

    def properties(self) -> dict[str, Any]:
        return dict(self._values)

    def setProperties(self, values: dict[str, Any]) -> None:
        self._values = dict(values)
