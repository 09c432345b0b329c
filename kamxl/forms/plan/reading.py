"""Reading an account plan back: every mistake at once, each with its sheet and cell.

What is wrong is not used, everything else is: a wrong number leaves its cell blank, a row without
what it needs is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kamxl.core.finding import Finding, finding
from kamxl.core.records.plan import AccountPlan, Returns
from kamxl.forms.paper.raw import RawBook, a1
from kamxl.forms.plan.mark import identities
from kamxl.forms.plan.records import RowReader
from kamxl.forms.plan.sheets import FORMS, LAYOUT, MARK, OF_VISIT, RETURNS, SINGLES
from kamxl.forms.tables.columns import Column
from kamxl.forms.tables.layouts import Layouts
from kamxl.forms.tables.reading import (
    Row,
    TableRead,
    explain,
    low_points,
    read_table,
    read_tables,
    understand,
)
from kamxl.wording.texts import texts


def read(raw: RawBook) -> tuple[AccountPlan | None, tuple[Finding, ...]]:
    """The plan in a workbook as far as it is right, and all that is wrong; never raises.

    None if the workbook does not say whose plan it is, or says it twice over.
    """
    whose = identities(raw)
    if len(whose) != 1:
        return None, (_nobodys(raw, whose),)
    identity = whose[0][0]
    layouts = Layouts.of(raw, MARK)
    tables = read_tables(raw, FORMS, MARK)
    rows = RowReader(tables)
    language = tables[FORMS[0].key].language
    singles, found = _singles(raw, language, layouts)
    plan = AccountPlan(
        identity.workspace,
        identity.account,
        identity.period,
        language,
        singles.get("account_name") or "",
        singles.get("as_of"),
        returns=Returns(**{one.id: singles.get(one.id) for one in RETURNS}),
        **rows.records(),
    )
    low = low_points(tables["self"].rows, ("rating",))
    return plan, (*layouts.too_new(LAYOUT), *found, *rows.findings, *low)


def _nobodys(raw: RawBook, whose: list[Any]) -> Finding:
    if not whose:
        return finding("mark-missing", sheet=raw.sheets[0].title if raw.sheets else None)
    _, sheet, row, column = whose[1]
    return finding("several-cards", sheet=sheet, cell=a1(row, column), count=len(whose))


def _singles(raw: RawBook, language: str, layouts: Layouts) -> tuple[dict[str, Any], list[Finding]]:
    """The single values by key, wherever they stand; the first counts."""
    held: dict[str, Any] = {}
    findings: list[Finding] = []
    known: Mapping[str, tuple[Column, str]] = {
        one.id: (one, table)
        for table, group in (("plan.visit_fields", OF_VISIT), ("plan.returns", RETURNS))
        for one in group
    }
    for sheet in raw.sheets:
        table: TableRead = read_table(sheet, SINGLES, language, layouts.of_sheet(sheet))
        for row in () if table.broken else table.rows:
            key = row.seen("id").casefold()
            if key in known and key not in held:
                held[key] = _single(row, *known[key], language, findings)
    return held, findings


def _single(row: Row, field: Column, table: str, language: str, findings: list[Finding]) -> Any:
    value, code = understand(field, row["value"])
    if code is not None:
        label = texts(language)(f"{table}.{field.id}.header")
        findings.append(explain(row, "value", field, code, label, language))
    return value
