"""The tab in Excel: its XML, the buttons its code knows, and the keys of its texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

_GETTERS = ("Label", "Keytip", "Screentip", "Supertip")
_TAB = ("Label", "Keytip")
_GROUP = ("Label",)
TABLE = "ribbon"  # of the texts
MESSAGES = "messages"  # and what the add-in says where no Python runs


class TabButton(Protocol):
    """A button as it is handed in: ``image`` is a picture of Office's own (imageMso)."""

    @property
    def id(self) -> str: ...

    @property
    def group(self) -> str: ...

    @property
    def image(self) -> str: ...

    @property
    def large(self) -> bool: ...


Buttons = Sequence[TabButton]


def groups_xml(buttons: Buttons) -> str:
    """The groups of the tab with their buttons, in the order of these."""
    return "".join(_group(name, inside) for name, inside in _groups(buttons))


def cases(buttons: Buttons) -> str:
    """The ids of the buttons as VBA lists them."""
    return ", ".join(f'"{button.id}"' for button in buttons)


def keys(buttons: Buttons) -> list[str]:
    """The keys of the tab's texts, below ``ribbon``; what the messages say is not among them."""
    groups = [name for name, _ in _groups(buttons)]
    named = [("tab", _TAB), *((name, _GROUP) for name in groups)]
    named += [(button.id, _GETTERS) for button in buttons]
    return [f"{name}.{getter.lower()}" for name, getters in named for getter in getters]


def _groups(buttons: Buttons) -> list[tuple[str, list[TabButton]]]:
    """Each group, as often as it stands in the order: more than once is one too many."""
    found = [(name, list(inside)) for name, inside in groupby(buttons, lambda b: b.group)]
    names = [name for name, _ in found]
    if len(set(names)) < len(names):
        raise ValueError(f"The buttons of a group do not stand together: {names}")
    return found


def _group(name: str, buttons: Buttons) -> str:
    lines = [f'<group id="{name}"{_asked(_GROUP)}>']
    lines += [f"  {_button(button)}" for button in buttons]
    return "".join(f"        {line}\n" for line in [*lines, "</group>"])


def _button(button: TabButton) -> str:
    size = ' size="large"' if button.large else ""
    given = f'id="{button.id}"{size} imageMso="{button.image}" onAction="KamxlPress"'
    return f"<button {given}{_asked(_GETTERS)}/>"


def _asked(getters: Sequence[str]) -> str:
    return "".join(f' get{getter}="Kamxl{getter}"' for getter in getters)
