"""``kamxl decide``: which answers wait for a decision, and a decision entered."""

from __future__ import annotations

from kamxl.commands.parts.asking import agreed, number, typed
from kamxl.commands.parts.declared import Button, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.core.records.decision import Decision, Ruling
    from kamxl.wording.texts import Texts
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.incoming.decide import DecideResult
    from kamxl.workflow.incoming.own import Waiting


def run(given: Given) -> DecideResult:
    """List what waits; ask about each at a terminal, and write a register beside the team's."""
    from dataclasses import replace
    from functools import partial

    from kamxl.core.records.decision import Decision, Ruling
    from kamxl.workflow.incoming.decide import decide

    options, language = given.options, given.language or given.spoken
    asking = given.attended() and not options.yes and not getattr(options, "json", False)
    choosing = asking and not (options.decisions or options.own)
    result = decide(
        given.folder,
        given.language,
        now=given.now(),
        said=options.decisions,
        own=options.own,
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
    picked = number(answer) or 0
    if not 0 < picked <= len(one.rulings):
        return None
    ruling = one.rulings[picked - 1]
    if one.own:
        under = _under(said, one, ruling)
        why = typed([], said("decide.why")) if under is not None else ""
        return None if under is None else replace(one.row, ruling=ruling, under=under, why=why)
    person = ""
    if ruling in NAMING:
        person = typed([], said("decide.whose" if one.unmarked else "decide.person"))
        if not person:
            return None
    why = typed([], said("decide.why"))
    return replace(one.row, ruling=ruling, person=person, why=why)


def _under(said: Texts, one: Waiting, ruling: Ruling) -> str | None:
    """The id that a requirement of a customer's own gets; "" where it needs none, None: later."""
    from kamxl.core.cards.own import UNDER
    from kamxl.core.ids import same_id
    from kamxl.core.records.decision import Ruling
    from kamxl.workflow.shown.summary import aligned

    if ruling not in UNDER:
        return ""
    same = ruling is Ruling.REQUIREMENT_SAME
    lines = [*aligned((row.id, row.label) for row in one.asked)] if same else []
    known = one.row.under if ruling is one.row.ruling else ""
    asked = "decide.same_as" if same else "decide.under"
    answer = typed(lines, said(asked, known=known)) or known
    there = {same_id(row.id) for row in one.asked}
    return answer if answer and (same_id(answer) in there) is same else None


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
        Option(
            "--requirement",
            dest="own",
            action="append",
            default=[],
            metavar="REQUIREMENT=DECISION",
            help="about a requirement that a customer added: ALPHA/PUMPS/Recycling=new:RECYCLE",
        ),
        Option("--who", default="", metavar="NAME", help="who decided it"),
        Option("--why", default="", metavar="TEXT", help="how you know"),
        Option("--yes", action="store_true", help="write without asking (for scripts)"),
    ),
    more="DECISION is typed (as typed), 1-5, 1-10, 0-10, grades, 0-1, 0-1000, same-person:PERSON,\n"
    "other-person, leave-out or answer-of:PERSON (an ID or a name; where the check line of the\n"
    "scorecard is gone, its file name: ALPHA--PUMPS--K1). About a requirement: new:ID, same:ID or\n"
    "leave-out. You can also type it into the register, on the sheet Decisions.",
    run=run,
    as_json=as_json,
    words=words,
    button=Button("decide", group="portfolio", place=75, image="FlagMessage", press=press),
)
