"""``kamxl decide``: which answers wait for a decision, and a decision entered."""

from __future__ import annotations

from kamxl.commands.parts.asking import agreed, typed
from kamxl.commands.parts.declared import Button, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.core.records.decision import Decision
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.incoming.decide import DecideResult, Waiting


def run(given: Given) -> DecideResult:
    """List what waits; ask about each at a terminal, and write a register beside the team's."""
    from dataclasses import replace
    from functools import partial

    from kamxl.core.records.decision import Decision, Ruling
    from kamxl.workflow.incoming.decide import decide

    options, language = given.options, given.language or given.spoken
    asking = given.attended() and not options.yes and not getattr(options, "json", False)
    choosing = asking and not options.decisions
    result = decide(
        given.folder,
        given.language,
        now=given.now(),
        said=options.decisions,
        by=Decision(Ruling.AS_TYPED, who=options.who, why=options.why),
        choose=partial(_chosen, language) if choosing else None,
        agree=(lambda _: True) if options.yes else _agreed if asking else None,
        progress=given.progress,
    )
    return replace(result, asked=choosing)


def _chosen(language: str, one: Waiting) -> Decision | None:
    """What is decided about one answer, asked on stderr: stdout may be for a program."""
    from dataclasses import replace

    from kamxl.core.cards.deciding import NAMING
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.deciding import waiting_lines

    said = texts(language)
    lines = [*waiting_lines(one, said, numbered=True)]
    answer = typed(lines, said("decide.pick"))
    picked = int(answer) if answer.isdecimal() else 0
    if not 0 < picked <= len(one.rulings):
        return None
    ruling = one.rulings[picked - 1]
    person = ""
    if ruling in NAMING:
        person = typed([], said("decide.whose" if one.unmarked else "decide.person"))
        if not person:
            return None
    why = typed([], said("decide.why"))
    return replace(one.row, ruling=ruling, person=person, why=why)


def _agreed(result: DecideResult) -> bool:
    """Whether it may be written, asked once after all of it was shown."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.deciding import decided_lines

    said = texts(result.language)
    return agreed(decided_lines(result, said), said("decide.agree"), said("sending.yes"))


def as_json(result: DecideResult) -> dict[str, Any]:
    """What waits, with the row to write; what was decided, and where it was written."""
    from kamxl.workflow.shown.deciding import decide_json

    return decide_json(result)


def words(result: DecideResult) -> list[str]:
    """The same in words."""
    from kamxl.workflow.shown.deciding import decide_lines

    return decide_lines(result)


def press(desk: Desk, chance: Chance) -> Said:
    """Say what waits, and begin a row for each answer in the open register, unsaved."""
    from kamxl.workflow.buttons.deciding import decide_pressed

    return decide_pressed(desk)


COMMAND = Command(
    "decide",
    place=72,
    help="which answers wait for a decision of yours; enter one into a register beside yours",
    options=(
        Option(
            "decisions",
            nargs="*",
            metavar="FILE=DECISION",
            help="decide about a file of the inbox (without any: list what waits)",
        ),
        Option("--who", default="", metavar="NAME", help="who decided it"),
        Option("--why", default="", metavar="TEXT", help="how you know"),
        Option("--yes", action="store_true", help="write without asking (for scripts)"),
    ),
    more="DECISION is typed (as typed), 1-5, 1-10, 0-10, grades, 0-1, 0-1000, same-person:PERSON,\n"
    "other-person, leave-out or answer-of:PERSON (an ID or a name; where the check line of the\n"
    "scorecard is gone, its file name: ALPHA--PUMPS--K1). You can also type it into the register,\n"
    "on the sheet Decisions.",
    run=run,
    as_json=as_json,
    words=words,
    button=Button("decide", group="portfolio", place=75, image="FlagMessage", press=press),
)
