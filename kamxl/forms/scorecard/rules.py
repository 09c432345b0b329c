"""What may be typed on the sheet *Scorecard*, and what is marked while somebody types."""

from __future__ import annotations

from kamxl.forms.paper.book import Conditional, Sheet, Validation, fixed, span
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, GAP_BAR, GOOD, GOOD_SOFT, WARN_SOFT
from kamxl.forms.scorecard.grid import TableGrid
from kamxl.forms.scorecard.left import fits, left_colors
from kamxl.forms.scorecard.numbers import odd, typed
from kamxl.forms.scorecard.state import CODES
from kamxl.wording.texts import Texts

_T = "scorecard.table."


def restrict(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    """Add the validations and the conditional looks of the table."""
    weight = a1(grid.FIRST, grid.weight)
    weights = _cells(grid, (grid.weight,))
    own = span(grid.own_row + 1, 2, grid.last, 2)
    good = span(grid.FIRST, grid.good, grid.last, grid.good)
    sheet.validations += [
        _rule(weights, typed(weight, weight=True), texts, "weight"),
        _prompt(own, texts(_T + "requirement"), texts(_T + "own_prompt")),
        _prompt(good, *_of_good(grid, texts)),
    ]
    sheet.conditionals += [red(weights, odd(weight, weight=True))]
    if grid.size.profile:
        sheet.conditionals.append(_missing(grid, grid.weight))
    else:
        _restrict_points(sheet, grid, texts)
    sheet.conditionals += [
        Conditional(a1(grid.sum_row, grid.weight), formula=fits(grid), fill=GOOD_SOFT, color=GOOD),
        *left_colors(grid),
        *_state_colors(grid),
        *(() if grid.size.profile else _check_colors(grid)),
    ]


def _of_good(grid: TableGrid, texts: Texts) -> tuple[str, str]:
    """What is said of the column of what is good: a profile asks for it."""
    if grid.size.minutes:
        return texts("scorecard.input"), texts("scorecard.first.good_prompt")
    return texts(_T + "optional"), texts(_T + "good_prompt")


def _restrict_points(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    """The same of the columns with points."""
    first, ratings = a1(grid.FIRST, grid.us), _cells(grid, grid.suppliers)
    rivals = grid.suppliers[1:]
    sheet.validations.insert(1, _rule(ratings, typed(first), texts, "rating"))
    if rivals:
        names = span(grid.HEADER, rivals[0], grid.HEADER, rivals[-1])
        sheet.validations.append(_prompt(names, texts(_T + "optional"), texts(_T + "rival_prompt")))
    sheet.conditionals += [
        red(ratings, odd(first)),
        _missing(grid, grid.weight),
        _missing(grid, grid.us),
        Conditional(
            span(grid.FIRST, grid.gap, grid.last, grid.gap), kind="bar", color=GAP_BAR, high_at=20
        ),
    ]


def red(cells: str, test: str) -> Conditional:
    """The look of what cannot be right."""
    return Conditional(cells, formula=test, fill=BEHIND_SOFT, color=BEHIND, bold=True, stops=True)


def _cells(grid: TableGrid, columns: tuple[int, ...]) -> str:
    """What may be filled in of some columns: the asked rows, then the customer's own."""
    blocks = [(columns[0], columns[0])]
    if len(columns) > 1:
        blocks.append((columns[1], columns[-1]))
    return " ".join(span(grid.FIRST, first, grid.last, last) for first, last in blocks)


def _missing(grid: TableGrid, column: int) -> Conditional:
    """Yellow where an asked number is missing, once the column is begun."""
    first = a1(grid.FIRST, column)
    test = f'AND(COUNT({grid.column(column)})>0,{first}="")'
    cells = span(grid.FIRST, column, grid.own_row - 1, column)
    return Conditional(cells, formula=test, fill=WARN_SOFT)


def _state_colors(grid: TableGrid) -> list[Conditional]:
    """The line on the whole card: what cannot be right, what is missing, done."""
    cells = span(grid.STATE, 2, grid.STATE, grid.end)
    code, at = fixed(grid.STATE, 1), {key: number for number, key in enumerate(CODES, 1)}
    done = f"{code}{'>=' if grid.size.meeting else '='}{at['done']}"
    wrong = f"OR(AND({code}>={at['odd']},{code}<={at['points_scale']}),{code}={at['over']})"
    return [
        Conditional(cells, formula=wrong, fill=BEHIND_SOFT, color=BEHIND, stops=True),
        Conditional(cells, formula=done, fill=GOOD_SOFT, color=GOOD, stops=True),
        Conditional(cells, formula=f"{code}>={at['left']}", fill=WARN_SOFT),
    ]


def _check_colors(grid: TableGrid) -> list[Conditional]:
    """The doubt below the totals, and the total in doubt."""
    row, columns = grid.check_row, (2, grid.suppliers[-1])
    doubt = span(row, columns[0], row, columns[1])
    totals = span(grid.sum_row + 1, grid.us, grid.sum_row + 1, grid.suppliers[-1])
    check = a1(row, grid.us)
    check = f"{check.rstrip('0123456789')}${row}"
    return [
        Conditional(doubt, formula=f'{a1(row, 2)}<>""', color=BEHIND, bold=True),
        Conditional(totals, formula=f'AND(ISTEXT({check}),{check}<>"")', color=BEHIND),
    ]


def _prompt(ranges: str, title: str, said: str) -> Validation:
    return Validation(ranges, "none", prompt_title=title, prompt=said)


def _rule(ranges: str, formula: str, texts: Texts, what: str) -> Validation:
    return Validation(
        ranges,
        "custom",
        formula,
        prompt_title=texts("scorecard.input"),
        prompt=texts(f"{_T}{what}_prompt"),
        error_title=texts("scorecard.input"),
        error=texts(f"{_T}{what}_error"),
    )
