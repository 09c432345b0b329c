"""The button Open portfolio; whoever has a command line opens the file herself."""

from __future__ import annotations

from kamxl.commands.parts.declared import Button

TYPE_CHECKING = False
if TYPE_CHECKING:
    from kamxl.commands.parts.given import Chance
    from kamxl.workflow.buttons.desk import Desk, Said


def press(desk: Desk, chance: Chance) -> Said:
    """Open Portfolio.xlsx."""
    from kamxl.workflow.buttons.desk import Said, Stopped

    path = desk.workspace() / "Portfolio.xlsx"
    if not path.exists():
        raise Stopped(desk.said("addin.no_portfolio"))
    said = desk.show(path)
    return Said(said, wrong=bool(said))


BUTTON = Button("open", group="portfolio", place=80, image="FileOpen", press=press)
