"""``kamxl refresh``: what came back that an account plan does not know yet."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button, Command, Option

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Chance, Given
    from kamxl.workflow.buttons.desk import Desk, Said
    from kamxl.workflow.incoming.refresh import RefreshResult


def run(given: Given) -> RefreshResult:
    """Compare a plan with what came back; nothing is written."""
    from kamxl.workflow.incoming.refresh import refresh

    plan = given.options.plan
    return refresh(given.folder, plan, given.language, now=given.now(), progress=given.progress)


def as_json(result: RefreshResult) -> dict[str, Any]:
    """What came back, each with what the plan has of it."""
    from kamxl.workflow.shown.refreshing import refresh_json

    return refresh_json(result)


def words(result: RefreshResult) -> list[str]:
    """What the plan lacks, and how it gets there."""
    from kamxl.workflow.shown.refreshing import refresh_lines

    return refresh_lines(result)


def press(desk: Desk, chance: Chance) -> Said:
    """Put it into kamxl's own cells of the plan in front, after asking; she saves."""
    from kamxl.workflow.buttons.refreshing import refresh_pressed

    return refresh_pressed(desk)


COMMAND = Command(
    "refresh",
    place=71,
    help="what came back that an account plan does not know yet; nothing is written",
    options=(Option("plan", metavar="PLAN", help="an account plan of this workspace"),),
    run=run,
    as_json=as_json,
    words=words,
    button=Button("refresh", group="portfolio", place=72, image="Refresh", press=press),
)
