"""The list of what is wrong in a workbook, opened beside it in Excel."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kamxl.core.finding import Finding
from kamxl.excel.live import opened
from kamxl.excel.live.bridge import xw
from kamxl.excel.writing.draw import build, render
from kamxl.forms.letters import findings_list
from kamxl.store import atomic
from kamxl.workflow.buttons.desk import Desk, Stopped


def open_list(desk: Desk, path: Path, fate: str, findings: Sequence[Finding]) -> xw.Book:
    """The list as an open workbook; each place is a link into the workbook that was checked.

    Stopped: Excel holds another workbook of its name.
    """
    rows = findings_list.listed(findings)
    drawn = findings_list.book(path.name, fate, rows, desk.language, desk.now)
    target = desk.places.scratch / f"{desk.said('addin.list.sheet')}.xlsx"
    before = opened.find(desk.app, target)
    if before is not None:
        before.book.close()
    if opened.named(desk.app, target.name) is not None:  # Excel holds one workbook of a name
        raise Stopped(desk.said("addin.same_name", name=target.name))
    book = desk.app.books.open(str(atomic.write(target, render(build(drawn)))))
    sheet = book.sheets[0]
    for row in rows:
        if row.finding.sheet:
            title = row.finding.sheet.replace("'", "''")
            link = f"{path}#'{title}'!{row.finding.cell or 'A1'}"
            sheet.range((row.row, findings_list.PLACE)).add_hyperlink(link, row.place)
    return book
