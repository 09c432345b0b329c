"""``kamxl init`` and the button New portfolio: a workspace with a register to fill in."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Group, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.results import InitResult


def run(given: Given) -> InitResult:
    """Make it in the folder named, or here."""
    from pathlib import Path

    from kamxl.workflow.start.init import init

    root, language = given.folder / (given.options.target or "."), given.language or given.spoken
    filled = None
    if given.options.sample:
        from kamxl.workflow.demo.beginning import small

        filled = small(language)
    made = init(
        root,
        language,
        workspace_id=f"ws-{given.chance.token_hex(6)}",
        key=given.chance.token_bytes(32),
        now=given.now(),
        pattern=Path(given.options.pattern) if given.options.pattern else None,
        filled=filled,
    )
    return _sampled(made, given) if filled and "Register.xlsx" in made.created else made


def _sampled(made: InitResult, given: Given) -> InitResult:
    from dataclasses import replace
    from pathlib import Path

    from kamxl.workflow.demo.beginning import begin

    begin(Path(made.root), given.now())
    return replace(made, sample=True)


def as_json(result: InitResult) -> dict[str, Any]:
    """What was made, and that the keys want a backup."""
    from kamxl.wording.texts import texts

    return {
        "root": result.root,
        "created": list(result.created),
        "kept": list(result.kept),
        "hint": texts(result.language)("cli.init_backup"),
    }


def words(result: InitResult) -> list[str]:
    """What was made, and what to do now."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.summary import aligned

    said = texts(result.language)
    lines = [said("cli.init_done", root=result.root)]
    lines += aligned((name, said(f"cli.made_{key}")) for name, key in _made(result.created))
    lines += [said("cli.kept", names=", ".join(result.kept))] if result.kept else []
    return lines if result.sample else [*lines, said("cli.init_next"), said("cli.init_backup")]


def _made(created: Iterable[str]) -> Iterator[tuple[str, str]]:
    known = {"Register.xlsx": "register", "inbox": "inbox", "outbox": "outbox", "plans": "plans"}
    for name in created:
        if name.rstrip("/") in known:
            yield name, known[name.rstrip("/")]


def press(desk: Desk, chance: Chance) -> Said:
    """Make a workspace in a folder that the user picks, and open its register."""
    from kamxl.workflow.buttons.desk import told
    from kamxl.workflow.start.identity import refuse_lost
    from kamxl.workflow.start.init import init

    folder = desk.choose_folder("addin.choose_new")
    register = folder / "Register.xlsx"
    refuse_lost(folder)
    if not register.exists():
        with desk.at_work():
            name, key = f"ws-{chance.token_hex(6)}", chance.token_bytes(32)
            init(folder, desk.language, workspace_id=name, key=key, now=desk.now)
        text = desk.said("addin.made", folder=folder.name)
    else:
        text = desk.said("addin.there_already", folder=folder.name)
    desk.remember(folder)
    return told(text, desk.show(register))


COMMAND = Command(
    "init",
    place=20,
    help="make a workspace: a register to fill in, and its folders",
    options=(
        Option("target", nargs="?", metavar="DIR", help="folder (default: here)"),
        Group(
            "",
            Option(
                "--sample",
                action="store_true",
                help="with invented accounts, and each step of a first loop said",
            ),
            Option(
                "--from",
                dest="pattern",
                metavar="FILE",
                help="with a copy of this register, that of another workspace perhaps",
            ),
        ),
    ),
    run=run,
    as_json=as_json,
    words=words,
    guided=True,
    strict=False,
    button=Button("new", group="scorecards", place=20, image="FileNew", press=press),
)
