"""Reading the sheet *Selection*: the team's judgement of its accounts, and the weights.

Nothing on a card depends on it: its mistakes are findings as all others, and block no account.
"""

from __future__ import annotations

from dataclasses import replace

from kamxl.core.finding import CODES, Finding, Severity, finding
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.scoring import WEIGHTS_SUM, WEIGHTS_TOLERANCE
from kamxl.core.method.selection import SelectionCriterion
from kamxl.core.records.register import SELECTION_WEIGHTS
from kamxl.forms.paper.raw import a1
from kamxl.forms.register.draft import Draft, scope
from kamxl.forms.register.sheets import SELECTION, WEIGHTS_KEY
from kamxl.forms.tables import fields
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.locate import Located
from kamxl.forms.tables.reading import TableRead, low_points


def without_selection(table: TableRead) -> TableRead:
    """The table as read; a register of the earlier layout lacks the sheet, which is a warning."""
    if not any(found.code == "sheet-missing" for found in table.findings):
        return table
    missing = finding("selection-missing", sheet=table.sheet, value=table.sheet)
    return replace(table, findings=(missing,))


def read_selection(draft: Draft) -> None:
    """Candidates of known accounts, each once, and the weights of the criteria."""
    table = draft.tables[SELECTION.key]
    draft.findings += table.findings
    draft.selection_weights, found = read_weights(table)
    draft.findings += found
    rated = [row for row in table.rows if row.seen("account").casefold() != WEIGHTS_KEY]
    draft.findings += low_points(rated, [f"rate_{one}" for one in SelectionCriterion])
    first: dict[tuple[str, ...], str] = {}
    for row in table.rows:
        if row.seen("account").casefold() == WEIGHTS_KEY:
            continue  # somebody sorted the weights into the table
        draft.findings += row.findings
        account = draft.owner(row)
        if account is None:
            continue
        cell = row.cells.get("account", "")
        if first.setdefault(scope(account), cell) != cell:
            double = row.flag("id-duplicate", "account", account, first=first[scope(account)])
            draft.findings.append(double)
        else:
            # name and revenue stand on other sheets
            draft.candidates.append(SELECTION.record_of(row, account=account))


# --- weights -------------------------------------------------------------------------------------


def read_weights(table: TableRead) -> tuple[dict[str, float | None], list[Finding]]:
    """Criterion id to weight in %, without those left blank, and what is wrong with them.

    A sheet that is not there weighs as a new register does.
    """
    if table.located is None:
        return dict(SELECTION_WEIGHTS), []
    row = weights_row(table.located)
    weights: dict[str, float | None] = {}
    found: list[Finding] = []
    for criterion in SelectionCriterion if row else ():
        column = table.located.column(f"rate_{criterion}")
        cell = table.located.cell(row, f"rate_{criterion}")
        parsed = fields.reckoned_weight(cell)
        if parsed.value is not None:
            weights[criterion.value] = parsed.value
        if parsed.code and column and cell:
            place = a1(row, column)
            found.append(finding(parsed.code, sheet=table.sheet, cell=place, value=cell.text))
    if table.broken or not _off(weights):
        return weights, found
    # a weight that could not be read is said already, and the sum is not known without it
    if not any(CODES[one.code] is Severity.ERROR for one in found):
        found.append(_sum_finding(table, row, weights))
    return weights, found


def weights_row(located: Located) -> int:
    """The row of the weights, wherever it stands; 0 if it is gone."""
    rows = [
        row
        for (row, _), cell in located.sheet.cells.items()
        if plain(cell.text).casefold() == WEIGHTS_KEY
    ]
    return min(rows, default=0)


def _off(weights: dict[str, float | None]) -> bool:
    whole = sum(weight or 0 for weight in weights.values())
    return round(abs(whole - WEIGHTS_SUM), TIE_DIGITS) > WEIGHTS_TOLERANCE


def _sum_finding(table: TableRead, row: int, weights: dict[str, float | None]) -> Finding:
    whole = sum(weight or 0 for weight in weights.values())
    column = table.located.column(f"rate_{SelectionCriterion.REVENUE}") if table.located else None
    cell = a1(row, column) if row and column else None
    return finding(
        "selection-weights-sum", sheet=table.sheet, cell=cell, value=f"{whole:.6g}", sum=whole
    )
