"""``kamxl import`` and the button Import: accounts and contacts from another program's export."""

from __future__ import annotations

from kamxl.commands.parts.asking import agreed, number, typed
from kamxl.commands.parts.declared import Button, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.imported import Asked, ImportResult


def run(given: Given) -> ImportResult:
    """Show what the files change, ask once, and write a register beside the team's."""
    from dataclasses import replace
    from functools import partial

    from kamxl.workflow.start.exports import mapped_of
    from kamxl.workflow.start.importing import import_files

    options, language = given.options, given.language or given.spoken
    asking = given.attended() and not options.yes
    result = import_files(
        given.folder,
        options.files,
        given.language,
        now=given.now(),
        mapped=mapped_of(options.map),
        settle=partial(_settled, language) if asking else None,
        agree=(lambda _: True) if options.yes else _agreed if asking else None,
    )
    return replace(result, asked=asking)


def _settled(language: str, question: Asked) -> int | None:
    """Which of the columns is meant, asked on stderr: stdout may be JSON for a program."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.importing import asked_lines

    said = texts(language)
    answer = typed(asked_lines(question, said), said("import.pick"))
    picked = number(answer) or 0
    return picked - 1 if 0 < picked <= len(question.choices) else None


def _agreed(result: ImportResult) -> bool:
    """Whether it may be written, asked once after all of it was shown."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.importing import shown_lines

    said = texts(result.language)
    return agreed(shown_lines(result, said), said("import.agree"), said("sending.yes"))


def as_json(result: ImportResult) -> dict[str, Any]:
    """How each table was understood, what changes, what is wrong, and where it was written."""
    from kamxl.workflow.shown.importing import import_json

    return import_json(result)


def words(result: ImportResult) -> list[str]:
    """The same in words; what was shown before a question is not said twice."""
    from kamxl.workflow.shown.importing import import_lines

    return import_lines(result)


def press(desk: Desk, chance: Chance) -> Said:
    """Import the workbook in front, or a file that the user picks, and open the new register."""
    from kamxl.workflow.buttons.importing import import_pressed

    return import_pressed(desk)


COMMAND = Command(
    "import",
    place=25,
    help="accounts, contacts and revenues from a CRM's export, into a register beside yours",
    options=(
        Option("files", nargs="+", metavar="FILE", help="CSV or any workbook"),
        Option(
            "--map",
            action="append",
            default=[],
            metavar="WHAT=COLUMN",
            help="which column says what, by its header or letter; - for none (repeatable)",
        ),
        Option("--yes", action="store_true", help="write without asking (for scripts)"),
    ),
    more="Nothing is written before it was shown and agreed on; without a terminal, with --yes.\n"
    "WHAT is account, account_more, account_number, manager, manager_email, revenue, currency,\n"
    "segment, language, person, first_name, last_name, form, title, email, function,\n"
    "contact_number, or decimal (the mark of amounts: , or .).",
    run=run,
    as_json=as_json,
    words=words,
    button=Button("import", group="scorecards", place=25, image="ImportExcel", press=press),
)
