"""``kamxl check`` and the button Check this workbook: what is wrong in single workbooks."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.results import CheckResult


def run(given: Given) -> CheckResult:
    """Judge each file alone, by the workspace named or the one we are in."""
    from pathlib import Path

    files, named = given.options.files, given.named
    if given.options.leaks:
        from kamxl.workflow.guard.check_leaks import check_leaks

        return check_leaks(files, named, given.language, given.progress)
    from kamxl.workflow.incoming.check import check, workspace_at

    root = named or workspace_at(Path())
    return check(files, root, given.language, given.progress, now=given.now())


def as_json(result: CheckResult) -> dict[str, Any]:
    """Each file with its findings."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.json import file_json, memory_json

    speech = texts(result.language)
    files = [file_json(file, speech) for file in result.files]
    return {"files": files, **memory_json(result.memory, speech)}


def words(result: CheckResult) -> list[str]:
    """Each file with its findings."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.summary import MEMORY, file_lines, findings_lines

    said = texts(result.language)
    lines = [line for file in result.files for line in file_lines(file, said)]
    return lines + findings_lines(result.memory, MEMORY, said)


def press(desk: Desk, chance: Chance) -> Said:
    """Judge the workbook in front, and list what is wrong with a way to each cell."""
    from kamxl.core.finding import Severity
    from kamxl.workflow.buttons.desk import told
    from kamxl.workflow.buttons.listing import open_list
    from kamxl.workflow.incoming.check import check
    from kamxl.workflow.start.identity import above

    path = desk.in_front()
    desk.settle(path)
    with desk.at_work() as progress:
        result = check([path], above(path), desk.language, progress, now=desk.now)
        file = result.files[0]
        fate = desk.said(f"cli.fate_{file.fate.value}", count=1)
        listed = open_list(desk, path, fate, file.findings) if file.findings else None
    beside = [desk.said.sentence(found) for found in result.memory]
    if listed is None:
        return told(desk.said("addin.nothing_wrong", name=path.name, fate=fate), *beside)
    listed.activate()
    wrong = sum(found.severity is Severity.ERROR for found in file.findings)
    counted = {"errors": wrong, "others": len(file.findings) - wrong}
    return told(desk.said("addin.checked", name=path.name, fate=fate, **counted), *beside)


COMMAND = Command(
    "check",
    place=60,
    help="say what is wrong in these workbooks, each judged alone",
    options=(
        Option("files", nargs="+", metavar="FILE"),
        Option(
            "--leaks",
            action="store_true",
            help="whether anything internal is in files that go out",
        ),
    ),
    run=run,
    as_json=as_json,
    words=words,
    button=Button("check", group="scorecards", place=60, image="AcceptInvitation", press=press),
)
