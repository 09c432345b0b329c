"""``kamxl upgrade``: Register.xlsx in the newest layout, written beside the one in use."""

from __future__ import annotations

from kamxl.commands.parts.declared import Command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from kamxl.commands.parts.given import Given
    from kamxl.workflow.results import UpgradeResult


def run(given: Given) -> UpgradeResult:
    """The new register; nothing is written where the one in use has the newest layout."""
    from kamxl.workflow.start.upgrade import upgrade

    return upgrade(given.folder, given.language, now=given.now())


def as_json(result: UpgradeResult) -> dict[str, Any]:
    """What came along and what did not; ``path`` is null where there was nothing to do."""
    left = [{"sheet": one.sheet, "cell": one.cell, "value": one.value} for one in result.left]
    return {
        "layout": result.layout,
        "newest": result.newest,
        "path": result.path,
        "rows": result.rows,
        "columns": list(result.own),
        "formulas": result.formulas,
        "left": left,
        "notes_left": result.notes,
    }


def words(result: UpgradeResult) -> list[str]:
    """What came along, what did not, and how to swap."""
    from kamxl.wording.texts import texts
    from kamxl.workflow.shown.summary import swap_lines

    said = texts(result.language)
    if result.path is None:
        return [said("upgrade.nothing", layout=result.layout)]
    lines = [said("upgrade.done", path=result.path, newest=result.newest, rows=result.rows)]
    if result.own:
        lines.append(said("upgrade.columns", names=", ".join(result.own)))
    if result.formulas:
        lines.append(said("upgrade.formulas", count=result.formulas))
    return [*lines, *swap_lines(result.left, result.path, said, notes=result.notes)]


COMMAND = Command(
    "upgrade",
    place=75,
    help="write Register.xlsx in the newest layout beside it, all inputs kept",
    options=(),
    run=run,
    as_json=as_json,
    words=words,
)
