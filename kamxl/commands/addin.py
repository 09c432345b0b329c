"""``kamxl addin`` and the button Help: installing the tab in Excel, and whether all is well."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.results import SetupResult

_ACTIONS = ("install", "status", "uninstall", "sign")
_OF = {  # which option goes with which action
    "machine": ("install", "uninstall"),
    "updates": ("install",),
    "certificate": ("sign",),
    "timestamp": ("sign",),
}


def run(given: Given) -> SetupResult:
    """Do what the action says (KamxlError: with an option that it does not have)."""
    from kamxl.errors import KamxlError

    action, language = given.options.action, given.language or given.spoken
    for name, actions in _OF.items():
        if getattr(given.options, name) and action not in actions:
            raise KamxlError("option-of-another", option=f"--{name}", action=f"addin {actions[0]}")
    return _signed(given, language) if action == "sign" else _set_up(given, action, language)


def _signed(given: Given, language: str) -> SetupResult:
    """A signed copy in the folder, or what is missing for it."""
    import os

    from kamxl.workflow.buttons.sign import sign

    named = (given.options.certificate, given.options.timestamp)
    return sign(given.folder, *named, language, environ=os.environ)


def _set_up(given: Given, action: str, language: str) -> SetupResult:
    """The installation that is meant, this user's or that for all users, as the action says."""
    from dataclasses import replace
    from pathlib import Path

    from kamxl.workflow.buttons.setup import for_all_users, install, this_machine, uninstall
    from kamxl.workflow.buttons.status import status

    setup, updates = this_machine(), given.options.updates
    if updates:
        setup = replace(setup, updates=str(Path(updates).absolute()))
    if given.options.machine:
        setup = for_all_users(setup)
    return {"install": install, "status": status, "uninstall": uninstall}[action](setup, language)


def as_json(result: SetupResult) -> dict[str, Any]:
    """Each part of the add-in."""
    parts = [
        {"part": p.part, "path": p.path, "state": p.state, "sentence": p.sentence}
        for p in result.parts
    ]
    return {"parts": parts, "platform": result.platform}


def words(result: SetupResult) -> list[str]:
    """Each part of the add-in in a line, a sentence where somebody has to act, and what is next."""
    from kamxl.wording.texts import texts

    said = texts(result.language)
    names = [said(f"setup.part_{part.part}") for part in result.parts]
    lines = []
    for part, name in zip(result.parts, names, strict=True):
        state = said(f"setup.state_{part.state}")
        where = f" ({part.path})" if part.path else ""
        lines.append(f"  {name:<{max(map(len, names))}}  {state}{where}")
        lines += [f"    {part.sentence}"] if part.told else []
    end = "attention" if result.attention else "done"
    return [*lines, said(f"setup.{result.action}_{end}")]


def press(desk: Desk, chance: Chance) -> Said:
    """Versions, interpreter, log file, and whether every part of the add-in is in order."""
    import platform
    import sys

    from kamxl.workflow.buttons.desk import Said
    from kamxl.workflow.buttons.setup import this_machine
    from kamxl.workflow.buttons.status import status

    said = desk.said
    parts = [
        said("addin.about", **desk.versions),
        said("addin.python", version=platform.python_version(), path=sys.executable),
        said("addin.log", path=desk.places.log),
        "",
    ]
    result = status(this_machine(), desk.language)
    for part in result.parts:
        parts += [f"{said(f'setup.part_{part.part}')}: {part.sentence}"] if part.told else []
    parts += [] if result.attention else [said("addin.self_test_well")]
    told = _of_the_workspace(desk)
    return Said("\n".join([*parts, *told]), wrong=result.attention)


def _of_the_workspace(desk: Desk) -> list[str]:
    """What ``kamxl doctor`` would say of the folder last worked in, as far as it wants a hand."""
    from kamxl.workflow.buttons.memory import last_folder
    from kamxl.workflow.health.doctor import of_workspace

    folder = last_folder(desk.places.memory)
    looks = of_workspace(folder, desk.now) if folder else ()
    wrong = [look for look in looks if look.state != "well"]
    lines = [f"{desk.said(f'doctor.{one.part}.name')}: {one.told(desk.said)}" for one in wrong]
    return ["", *lines] if lines else []


COMMAND = Command(
    "addin",
    place=100,
    help="put the tab KAM into Excel, see whether all is well, or take it out",
    options=(
        Option("action", choices=_ACTIONS),
        Group(
            "for IT",
            Option(
                "--machine",
                action="store_true",
                help="install or uninstall for all users of this computer (as administrator)",
            ),
            Option(
                "--updates",
                default="",
                metavar="FOLDER",
                help="install: where new versions will lie",
            ),
            Option(
                "--certificate",
                default="",
                metavar="C",
                help="sign: the thumbprint of a certificate in Windows' store, or a .pfx file",
            ),
            Option(
                "--timestamp",
                default="",
                metavar="URL",
                help="sign: a time server, if one is to be asked",
            ),
        ),
    ),
    run=run,
    as_json=as_json,
    words=words,
    button=Button("about", group="help", place=100, image="Help", press=press),
)
