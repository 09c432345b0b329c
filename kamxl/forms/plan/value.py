"""Above the levers of *Return*: target, own revenue and cost, and the two measures of return."""

from __future__ import annotations

from typing import Any

from kamxl.core.method.economics import sum_known
from kamxl.core.method.position import Position
from kamxl.core.records.page import Seen
from kamxl.core.records.plan import AccountPlan
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Conditional, Content, Formula, Sheet, fixed
from kamxl.forms.paper.idioms import count, known, numbers, total, total_known
from kamxl.forms.paper.parts import live, section
from kamxl.forms.paper.places import At
from kamxl.forms.paper.raw import a1
from kamxl.forms.paper.style import ACCENT, BEHIND_SOFT, FAINT, KEY, LABEL, SOFT, Style
from kamxl.forms.plan.choices import SEEN
from kamxl.forms.plan.sheets import RETURNS, SINGLES
from kamxl.forms.tables.columns import ANSWER, Column, Kind
from kamxl.forms.tables.reckoning import as_text, numeric
from kamxl.forms.tables.validation import cell_validation
from kamxl.wording.texts import texts

KEY_ROW = 6
FIRST = 7
LABELS, VALUES = 5, 8  # the columns of the results; what they are called runs over those between
_RESULT = Style(fill=SOFT, borders="tb", bold=True, color=ACCENT, align="center")
_ROWS = (
    "all", "agreed_sum", "confirmed", "claimed", "customer_return", "margin_last", "margin_now",
    "own_return",
)  # fmt: skip


def singles(
    sheet: Sheet, row: int, fields: tuple[Column, ...], values: Any, at: At, table: str
) -> None:
    """Single values below a key row in small type: key, name, input, in columns A to C."""
    t = texts(at.language)
    for column, one in enumerate(SINGLES.columns, 1):
        sheet.put(row, column, one.id, KEY)
    sheet.heights[row] = 8
    for number, one in enumerate(fields, row + 1):
        label, note = t(f"{table}.{one.id}.header"), t(f"{table}.{one.id}.help")
        sheet.put(number, 1, one.id, KEY.but(align="left", color=FAINT))
        sheet.put(number, 2, label, LABEL.but(bold=True))
        style = one.style(at.language)
        sheet.put(number, 3, one.show(getattr(values, one.id), at.language), style)
        if one.kind is not Kind.TEXT:  # a name may take several lines
            sheet.heights[number] = 18
        cell = a1(number, 3)
        sheet.validations.append(cell_validation(one, cell, at, label, note))
        if numeric(one):
            sheet.conditionals.append(Conditional(cell, formula=as_text(cell), fill=BEHIND_SOFT))


def input_cell(key: str) -> str:
    """The cell of one of the single values, from its own sheet."""
    place = next(n for n, one in enumerate(RETURNS) if one.id == key)
    return fixed(FIRST + place, SINGLES.index("value"))


def result_cell(key: str) -> str:
    """The cell of one of the results, from its own sheet."""
    return fixed(FIRST + _ROWS.index(key), VALUES)


def draw_value(sheet: Sheet, plan: AccountPlan, at: At) -> None:
    """Add inputs and results to the sheet of the levers."""
    t = texts(at.language)
    section(sheet, KEY_ROW - 1, 2, t("plan.value.own"))
    section(sheet, KEY_ROW - 1, LABELS, t("plan.value.result"))
    singles(sheet, KEY_ROW, RETURNS, plan.returns, at, "plan.returns")
    for row, (key, content, shown) in enumerate(_results(plan, at), FIRST):
        sheet.put(row, LABELS, _label(plan, at, key), LABEL.but(wrap=False))
        sheet.fill(row, range(LABELS + 1, VALUES), LABEL)
        sheet.put(row, VALUES, content, _RESULT.but(format=shown))
        sheet.heights[row] = 18
    sheet.heights[FIRST + len(_ROWS)] = 6


def _label(plan: AccountPlan, at: At, key: str) -> Content:
    """What a result is called; the agreed sum says it where an amount is missing in it."""
    t = texts(at.language)
    name = t(f"plan.value.{key}")
    if key != "agreed_sum":
        return name
    amount, agreed = (at.row("value").own(one) for one in ("amount", "agreed"))
    taken = f'{agreed}="{ANSWER.label("yes", at.language)}"'
    partly = t("plan.value.agreed_partly")
    text = f'IF({count(taken)}>{count(taken, *numbers(amount))},"{partly}","{name}")'
    return live(text, partly if plan.agreed_unvalued else name)


def _results(plan: AccountPlan, at: At) -> list[tuple[str, Formula, str]]:
    position, returns = plan.position(Position()), plan.returns
    own = at.row("value").own
    amount, agreed, lever = (own(key) for key in ("amount", "agreed", "lever"))
    every = sum_known(one.amount for one in plan.levers).value
    yes = ANSWER.label("yes", at.language)
    taken = f'{agreed}="{yes}"'
    valued, levers = count(taken, *numbers(amount)), count(f'{lever}<>""')
    unknown = f"AND({count(taken)}>0,{valued}=0)"
    said = f'IF(OR({levers}=0,{unknown}),"",{total(amount, of=(taken,))})'
    gained, target = result_cell("agreed_sum"), input_cell("value_target")
    share = idioms.bounded(f"100*{gained}/{target}")
    customer = known(gained, target, then=f'IF({target}>0,{share},"")')
    now, last = result_cell("margin_now"), result_cell("margin_last")
    aim = input_cell("improvement_target")
    points = f'IF({aim}>0,MAX(MIN(50+50*({now}-{last})/{aim},100),0),"")'
    improved = known(now, last, aim, then=points)
    return [
        ("all", live(idioms.sum_known(amount), every), "#,##0"),
        ("agreed_sum", live(said, plan.agreed_value), "#,##0"),
        ("confirmed", agreed_part(plan, at, claimed=False), "#,##0"),
        ("claimed", agreed_part(plan, at, claimed=True), "#,##0"),
        ("customer_return", live(customer, position.customer_return), "0.0"),
        ("margin_last", live(_margin("last"), returns.last_margin), '0.0" %";-0.0" %"'),
        ("margin_now", live(_margin("now"), returns.margin), '0.0" %";-0.0" %"'),
        ("own_return", live(improved, position.own_return), "0.0"),
    ]


def _margin(year: str) -> str:
    revenue, cost = input_cell(f"revenue_{year}"), input_cell(f"cost_{year}")
    share = f'IF({revenue}>0,100*({revenue}-{cost})/{revenue},"")'
    return known(revenue, cost, then=share)


def agreed_part(plan: AccountPlan, at: At, *, claimed: bool) -> Formula:
    """What of the agreed sum the customer confirmed, or only we claim; from any sheet."""
    amount, agreed, seen = (at.all("value", key) for key in ("amount", "agreed", "seen"))
    sure = [SEEN.label(one.value, at.language) for one in Seen if one.confirms]
    taken = f'{agreed}="{ANSWER.label("yes", at.language)}"'
    if claimed:
        every = (SEEN.label(one.value, at.language) for one in Seen)
        of = [taken, *(f'{seen}<>"{word}"' for word in every)]
        return live(total_known(amount, of=of), plan.position(Position()).claimed_value)
    each = [(taken, f'{seen}="{word}"') for word in sure]
    known_ = "+".join(count(*of, *numbers(amount)) for of in each)
    whole = "+".join(total(amount, of=of) for of in each)
    return live(f'IF({known_}=0,"",{whole})', plan.position(Position()).confirmed_value)
