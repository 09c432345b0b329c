"""The commands, one file each: name, help, options, use case, JSON, words, and button (or none).

Only the command line, the add-in and what builds it come in: the parser, the help, what a press
does, and the tab in Excel with its texts all follow from these files.

A new command is a new file here with ``COMMAND = Command(...)``; ``init.py`` shows all there is to
it, ``parts/declared.py`` says what each field means. Its use case stands in ``workflow/``. The file
is found by itself, its ``place`` says where in the help. Importing it has to cost nothing, because
``--help`` imports all: use cases and libraries are imported inside the functions, and types for
type checkers only.

If it has a button: the table ``[ribbon.ID]`` with label, keytip, screentip and supertip in
``templates/texts/de.toml`` and ``en.toml``, then ``python -m kamxl.xlam``. README names all
commands and buttons; a test says what is missing there.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

    from kamxl.commands.parts.declared import Button, Command


def commands() -> tuple[Command, ...]:
    """Every command, in the order of the help."""
    found = (file.COMMAND for file in files() if hasattr(file, "COMMAND"))
    return tuple(sorted(found, key=lambda command: command.place))


def buttons() -> tuple[Button, ...]:
    """Every button, in the order of the tab: those of commands, and those that have none."""
    found = [command.button for command in commands() if command.button is not None]
    found += [file.BUTTON for file in files() if hasattr(file, "BUTTON")]
    return tuple(sorted(found, key=lambda button: button.place))


def files() -> Iterator[ModuleType]:
    """The modules of this folder; the parts they are made of stand in one of their own."""
    for name in _names():
        yield __import__(f"{__name__}.{name}", fromlist=["COMMAND"])  # a start waits for importlib


def _names() -> list[str]:
    if getattr(sys, "frozen", False):  # packed into a program, they are no files
        from pkgutil import iter_modules  # which loads much that a start need not wait for

        return [one.name for one in iter_modules(__path__) if not one.ispkg]
    found = (name.partition(".py") for name in os.listdir(__path__[0]))  # noqa: PTH208 as pathlib
    return sorted(name for name, ending, more in found if ending and not more and name[0] != "_")
