"""What may be typed on the sheet *Scorecard*, and what is marked while somebody types."""

from __future__ import annotations

from kamxl.core.roles import Role
from kamxl.forms.paper.book import LONGEST_RULE, Conditional, Sheet, Validation, span
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import GAP_BAR, GOOD, GOOD_SOFT, WARN_SOFT
from kamxl.forms.scorecard.grid import TableGrid
from kamxl.forms.scorecard.left import left_colors
from kamxl.wording.texts import Texts
from kamxl.wording.understood import understood

_T = "scorecard.table."


def restrict(sheet: Sheet, grid: TableGrid, texts: Texts) -> None:
    """Add the validations and the conditional looks of the table."""
    weight = a1(grid.FIRST, grid.weight)
    asked_weights = span(grid.FIRST, grid.weight, grid.last, grid.weight)
    ours, rivals = grid.suppliers[0], grid.suppliers[1:]
    ratings = span(grid.FIRST, ours, grid.last, ours)
    if rivals:
        ratings += " " + span(grid.FIRST, rivals[0], grid.last, rivals[-1])
    first = a1(grid.FIRST, grid.us)
    number = "AND(ISNUMBER({0}),OR({0}=0,{0}>=1),{0}<=100)"
    role = [texts(f"{_T}role_{r}") for r in Role]
    own = span(grid.own_row + 1, 2, grid.last, 2)
    sheet.validations += [
        _rule(asked_weights, number.format(weight), texts, "weight"),
        _rule(ratings, _rating_rule(first, number.format(first)), texts, "rating"),
        Validation(
            own, "none", prompt_title=texts(_T + "requirement"), prompt=texts(_T + "own_prompt")
        ),
        Validation(
            a1(grid.who_row + 2, grid.weight),
            "list",
            '"' + ",".join(role) + '"',
            error_title=texts("scorecard.input"),
            error=texts(_T + "role_error"),
            stop=False,
        ),
    ]
    if rivals:
        names = span(grid.HEADER, rivals[0], grid.HEADER, rivals[-1])
        title, said = texts(_T + "optional"), texts(_T + "rival_prompt")
        sheet.validations.append(Validation(names, "none", prompt_title=title, prompt=said))
    good = span(grid.FIRST, grid.good, grid.last, grid.good)
    title, said = texts(_T + "optional"), texts(_T + "good_prompt")
    sheet.validations.append(Validation(good, "none", prompt_title=title, prompt=said))
    started = f"COUNT({grid.column(grid.weight)})>0"
    sheet.conditionals += [
        Conditional(
            span(grid.FIRST, grid.weight, grid.own_row - 1, grid.weight),
            formula=f'AND({started},{weight}="")',
            fill=WARN_SOFT,
        ),
        Conditional(
            span(grid.FIRST, grid.us, grid.own_row - 1, grid.us),
            formula=f'AND(COUNT({grid.column(grid.us)})>0,{first}="")',
            fill=WARN_SOFT,
        ),
        Conditional(
            span(grid.FIRST, grid.gap, grid.last, grid.gap), kind="bar", color=GAP_BAR, high_at=20
        ),
        Conditional(
            a1(grid.sum_row, grid.weight),
            formula=f"ROUND(SUM({grid.column(grid.weight)}),2)=100",
            fill=GOOD_SOFT,
            color=GOOD,
        ),
        *left_colors(grid),
    ]


def _rating_rule(cell: str, number: str) -> str:
    """A number, or one of the deliberate blanks of all languages, as far as a rule has room."""
    formula, last = f"OR({number}", f',{cell}="-")'
    for blank in understood("offered_blanks"):
        more = f',{cell}="{blank}"'
        if len(formula) + len(more) + len(last) <= LONGEST_RULE:
            formula += more
    return formula + last


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
