"""The further pages of the sheet *Selection picture*: the largest accounts, what points mean."""

from __future__ import annotations

from collections.abc import Mapping

from kamxl.core.method.selection import GrowthCondition, SelectedAccount, SelectionCriterion
from kamxl.core.records.register import Register
from kamxl.forms.paper.book import Conditional, Content, Formula, Scalar, Sheet, here, span
from kamxl.forms.paper.parts import section
from kamxl.forms.paper.style import (
    BEHIND_SOFT,
    CELL,
    GOOD_SOFT,
    HEADER,
    HEADER_LEFT,
    LINE,
    MUTED,
    Style,
)
from kamxl.forms.register.calculation import TOP, Chosen, Places, Sorted
from kamxl.forms.register.points import score_cell
from kamxl.forms.register.sheets import CONDITIONS, RATINGS, SELECTION, WEIGHTS_ROW

COLUMNS = 11  # of the printed pages
_COLUMNS = ("place", "name", "revenue", "share", "cumulated", "abc", "score", "rank", "gate",
            "list", "mismatch")  # fmt: skip
_FORMATS = {"revenue": "#,##0", "share": "0.0 %", "cumulated": "0.0 %", "score": "0.0"}
_TITLE = Style(bold=True, borders="t", line=LINE, indent=1)
_SMALL = Style(color=MUTED, indent=1)


def draw_largest(sheet: Sheet, at: Places, chosen: Chosen, top: int) -> None:
    """The accounts with the highest revenue, from row ``top`` on."""
    section(sheet, top, 1, at.words("register.picture.top"))
    for column, key in enumerate(_COLUMNS, 1):
        style = HEADER_LEFT if key == "name" else HEADER
        sheet.put(top + 1, column, at.words(f"register.picture.top_{key}"), style)
    sheet.heights[top + 1] = 44
    for number in range(TOP):
        _place(sheet, at, chosen, number, top + 2 + number)
    first, last = top + 2, top + 1 + TOP
    mismatched, listed = (_COLUMNS.index(one) + 1 for one in ("mismatch", "list"))
    cell = here(first, mismatched)
    for mismatch, fill in (("large_but_wrong", BEHIND_SOFT), ("small_but_right", GOOD_SOFT)):
        rule = f"{cell}={at.label('mismatches', mismatch)}"
        sheet.conditionals.append(
            Conditional(span(first, mismatched, last, mismatched), formula=rule, fill=fill)
        )
    focus = f"{here(first, listed)}={at.label('lists', 'focus')}"
    look = Conditional(span(first, listed, last, listed), formula=focus, fill=GOOD_SOFT)
    sheet.conditionals.append(look)


def _place(sheet: Sheet, at: Places, chosen: Chosen, number: int, row: int) -> None:
    place, total = at.cell("place", number), at.fact("total")
    summed = f'IF({total}>0,{{}}/{total},"")'
    texts = {
        "place": f'IF({place}=0,"",{number + 1})',
        "name": at.cell("name", number),
        "revenue": at.cell("sorted", number),
        "share": f'IF({place}=0,"",{summed.format(at.cell("sorted", number))})',
        "cumulated": f'IF({place}=0,"",{summed.format(at.cell("cumulated", number))})',
        "abc": at.cell("abc", number),
        **{key: score_cell(at, number, key) for key in ("score", "rank", "gate", "list")},
        "mismatch": at.cell("mismatch", number),
    }
    one = chosen.sorted[number] if number < len(chosen.sorted) else None
    values = _place_values(at, chosen, one, number) if one else {}
    for column, key in enumerate(_COLUMNS, 1):
        style = CELL.but(wrap=False, align="left" if key == "name" else "center",
                         indent=1 if key == "name" else 0,
                         format=_FORMATS.get(key, "General"))  # fmt: skip
        sheet.put(row, column, Formula(texts[key], values.get(key, "")), style)
    sheet.heights[row] = 17


def _place_values(at: Places, chosen: Chosen, one: Sorted, number: int) -> dict[str, Scalar]:
    found: SelectedAccount = one.found
    words, total = at.words, chosen.total
    values: dict[str, Scalar] = {
        "place": number + 1,
        "name": found.candidate.name,
        "revenue": one.revenue,
        "share": one.revenue / total if total > 0 else "",
        "cumulated": one.cumulated / total if total > 0 else "",
        "abc": found.abc or "",
        "score": "" if found.score is None else round(found.score, 9),
        "rank": found.rank or "",
        "gate": words(f"register.selection.gates.{found.gate.gate}"),
        "list": words(f"register.selection.lists.{found.list}"),
        "mismatch": "",
    }
    if found.mismatch:
        values["mismatch"] = words(f"register.selection.mismatches.{found.mismatch}")
    return values


# --- what the points mean ------------------------------------------------------------------------


def draw_criteria(sheet: Sheet, at: Places, register: Register, row: int) -> int:
    """The criteria with their weights and anchors, then the growth conditions; its last row."""
    words = at.words
    section(sheet, row, 1, words("register.picture.criteria"))
    titles = {1: "criterion", 3: "weight", 4: "points0", 7: "points50", 10: "points100"}
    _head(sheet, at, row + 1, titles)
    for number, criterion in enumerate(SelectionCriterion):
        key, top = f"register.criteria.{criterion}", row + 2 + 2 * number
        title = SELECTION.header(SELECTION.column(RATINGS[number]), at.language)
        weight = _weight(at, register, number, criterion)
        anchors = {4: words(f"{key}.p0"), 7: words(f"{key}.p50"), 10: words(f"{key}.p100")}
        _two_lines(sheet, top, {1: title, 3: weight, **anchors}, words(f"{key}.about"))
    return _conditions(sheet, at, row + 3 + 2 * len(SelectionCriterion))


def _weight(at: Places, register: Register, number: int, criterion: str) -> Formula:
    cell = at.at.column(SELECTION.key, RATINGS[number]).fixed(WEIGHTS_ROW)
    weight = register.selection_weights.get(criterion)
    return Formula(f'IF({cell}="","",{cell})', "" if weight is None else weight)


def _conditions(sheet: Sheet, at: Places, row: int) -> int:
    section(sheet, row, 1, at.words("register.picture.conditions"))
    _head(sheet, at, row + 1, {1: "condition", 4: "question"})
    for number, _ in enumerate(GrowthCondition):
        column = SELECTION.column(CONDITIONS[number])
        texts = {1: SELECTION.header(column, at.language), 4: SELECTION.help(column, at.language)}
        for place, text in texts.items():
            sheet.put(row + 2 + number, place, text, _TITLE.but(bold=place == 1))
        sheet.fill(row + 2 + number, range(1, COLUMNS + 1), _TITLE)
        sheet.heights[row + 2 + number] = 18
    last = row + 2 + len(GrowthCondition)
    sheet.put(last, 1, at.words("register.picture.rule"), _SMALL)
    return last


def _head(sheet: Sheet, at: Places, row: int, titles: Mapping[int, str]) -> None:
    for column, key in titles.items():
        style = HEADER if key == "weight" else HEADER_LEFT.but(wrap=False, borders="")
        sheet.put(row, column, at.words(f"register.picture.{key}"), style.but(borders=""))
    sheet.fill(row, range(1, COLUMNS + 1), HEADER.but(borders=""))
    sheet.heights[row] = 22


def _two_lines(sheet: Sheet, row: int, texts: Mapping[int, Content], below: str) -> None:
    """A criterion with its anchors, and its question in small type below."""
    for column, text in texts.items():
        anchor = _TITLE.but(bold=False, size=10)
        style = _TITLE if column == 1 else anchor
        sheet.put(row, column, text, style.but(align="center") if column == 3 else style)
    sheet.fill(row, range(1, COLUMNS + 1), _TITLE)
    sheet.put(row + 1, 1, below, _SMALL)
    sheet.heights |= {row: 17, row + 1: 14}
