"""Above the levers of *Return*: target, own revenue and cost, and the two measures of return."""

from __future__ import annotations

import math
from typing import Any

from kamxl.core.method.position import Position
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import ACCENT, FAINT, KEY, LABEL, SOFT, Style
from kamxl.forms.plan.live import live
from kamxl.forms.plan.rows import Cells
from kamxl.forms.plan.sheets import RETURNS, SINGLES, Forms
from kamxl.forms.plan.table import PlanColumn
from kamxl.forms.tables.columns import ANSWER
from kamxl.forms.tables.declared import cell_validation
from kamxl.wording.texts import texts

KEY_ROW = 6
FIRST = 7
LABELS, VALUES = 5, 6  # the columns of the results
_RESULT = Style(fill=SOFT, borders="tb", bold=True, color=ACCENT, align="center")
_ROWS = ("all", "agreed_sum", "customer_return", "margin_last", "margin_now", "own_return")


def singles(
    sheet: Sheet, row: int, fields: tuple[PlanColumn, ...], values: Any, language: str, table: str
) -> None:
    """Single values below a key row in small type: key, name, input, in columns A to C."""
    t = texts(language)
    for column, one in enumerate(SINGLES.columns, 1):
        sheet.put(row, column, one.id, KEY)
    sheet.heights[row] = 8
    for number, one in enumerate(fields, row + 1):
        label, note = t(f"{table}.{one.id}.header"), t(f"{table}.{one.id}.help")
        sheet.put(number, 1, one.id, KEY.but(align="left", color=FAINT, shrink=True))
        sheet.put(number, 2, label, LABEL.but(bold=True))
        style = one.style(language)
        sheet.put(number, 3, one.show(getattr(values, one.id), language), style)
        sheet.heights[number] = 18
        cell = a1(number, 3)
        sheet.validations.append(cell_validation(one, cell, language, label, note))


def input_cell(key: str) -> str:
    """The cell of one of the single values, from its own sheet."""
    place = next(n for n, one in enumerate(RETURNS) if one.id == key)
    return f"$C${FIRST + place}"


def result_cell(key: str) -> str:
    """The cell of one of the results, from its own sheet."""
    return f"$F${FIRST + _ROWS.index(key)}"


def draw_value(sheet: Sheet, plan: AccountPlan, forms: Forms, language: str) -> None:
    """Add inputs and results to the sheet of the levers."""
    t = texts(language)
    section(sheet, KEY_ROW - 1, 2, t("plan.value.own"))
    section(sheet, KEY_ROW - 1, LABELS, t("plan.value.result"))
    singles(sheet, KEY_ROW, RETURNS, plan.returns, language, "plan.returns")
    for row, (key, formula, shown) in enumerate(_results(plan, forms, language), FIRST):
        sheet.put(row, LABELS, t(f"plan.value.{key}"), LABEL)
        sheet.put(row, VALUES, formula, _RESULT.but(format=shown))
    sheet.heights[FIRST + len(_ROWS)] = 6


def _results(plan: AccountPlan, forms: Forms, language: str) -> list[tuple[str, Formula, str]]:
    own, at, position = Cells(forms, language).own, input_cell, plan.position(Position())
    amount, agreed, lever = (own("value", key) for key in ("amount", "agreed", "lever"))
    every = math.fsum(one.amount for one in plan.levers if one.amount is not None)
    yes = ANSWER.label("yes", language)
    count = f'SUMPRODUCT(--({lever}<>""))'
    said = f'IF({count}=0,"",SUMPRODUCT(--({agreed}="{yes}"),{amount}))'
    total, target = result_cell("agreed_sum"), at("value_target")
    customer = (
        f"IF(AND(ISNUMBER({total}),ISNUMBER({target})),"
        f'IF({target}>0,MIN(100*{total}/{target},100),""),"")'
    )
    now, last, aim = result_cell("margin_now"), result_cell("margin_last"), at("improvement_target")
    improved = (
        f"IF(AND(ISNUMBER({now}),ISNUMBER({last}),ISNUMBER({aim})),"
        f'IF({aim}>0,MAX(MIN(50+50*({now}-{last})/{aim},100),0),""),"")'
    )
    returns = plan.returns
    return [
        ("all", live(f"SUM({amount})", every), "#,##0"),
        ("agreed_sum", live(said, plan.agreed_value), "#,##0"),
        ("customer_return", live(customer, position.customer_return), "0.0"),
        ("margin_last", live(_margin("last"), returns.last_margin), '0.0" %";-0.0" %"'),
        ("margin_now", live(_margin("now"), returns.margin), '0.0" %";-0.0" %"'),
        ("own_return", live(improved, position.own_return), "0.0"),
    ]


def _margin(year: str) -> str:
    revenue, cost = input_cell(f"revenue_{year}"), input_cell(f"cost_{year}")
    known = f"AND(ISNUMBER({revenue}),ISNUMBER({cost}))"
    return f'IF({known},IF({revenue}>0,100*({revenue}-{cost})/{revenue},""),"")'
