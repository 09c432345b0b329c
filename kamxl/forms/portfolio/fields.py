"""The sheet *Fields*: where we do business, over all accounts, and what is left to win there."""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.method.economics import FieldKind, FieldSum, Sum, sum_fields
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import PlanField
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.parts import headers, section, tile
from kamxl.forms.paper.style import ACCENT_SOFT, HEADER, NOTE, SOFT, TILE_VALUE
from kamxl.forms.portfolio.parts import (
    COUNT,
    ID_CELL,
    LIVE_MONEY,
    MONEY,
    POINTS,
    SMALL_CELL,
    SMALL_LIST,
    TABLE_ROW,
    TEXT_CELL,
    Field,
    Grid,
    as_table,
    blank_sheet,
    draw_table,
    frame,
    grid_of,
    left,
    live,
)
from kamxl.wording.texts import Texts

MAX_SUMS = 20  # fields in the block on top
SUM_ROW = 8  # its header
_SUMMED = ("last", "now", "potential", "white")
_PERCENT = POINTS.but(format="0.#")

Line = tuple[AccountResult, PlanField]


def fields_sheet(portfolio: Portfolio, t: Texts) -> Sheet:
    """A block with one row per field and kind, then one row per account and field."""
    sheet = blank_sheet(t, "fields")
    lines = _lines(portfolio)
    fields = _fields(t)
    frame(sheet, t, portfolio, len(fields))
    sums = sum_fields([found for _, found in lines])
    key_row = TABLE_ROW + 1
    if sums:
        key_row = SUM_ROW + 1 + min(len(sums), MAX_SUMS) + 4
    grid = grid_of(sheet, key_row, [f.key for f in fields])
    if sums:
        _tiles(grid, t, lines)
        _block(grid, t, sums)
        section(sheet, key_row - 2, 1, t("portfolio.fields.each"))
    last = draw_table(grid, t, fields, lines, t("portfolio.no_fields"))
    if lines:
        as_table(grid, last, len(fields))
        column, most = grid.columns["white"], max(f.white_space or 0.0 for _, f in lines)
        ranges = span(grid.row + 1, column, last, column)
        sheet.conditionals.append(
            Conditional(ranges, kind="bar", fill=ACCENT_SOFT, low_at=0, high_at=max(most, 1.0))
        )
    return sheet


def _lines(portfolio: Portfolio) -> list[Line]:
    """Every field of every account, those of one field and kind together as in the sums."""
    found = [
        (account, one)
        for account in portfolio.planned
        for one in (account.standing.plan.fields if account.standing.plan else ())
    ]
    return sorted(found, key=lambda line: (_kind_place(line[1]), line[1].id.casefold()))


def _kind_place(found: PlanField) -> bool:
    return found.kind is FieldKind.NEW


def _of_kind(lines: Sequence[Line], kind: FieldKind) -> tuple[int, int] | None:
    """The first and the last place of a kind among the lines."""
    places = [place for place, (_, found) in enumerate(lines) if found.kind is kind]
    return (places[0], places[-1]) if places else None


def _tiles(grid: Grid, t: Texts, lines: Sequence[Line]) -> None:
    """Running business today, what is left there, what is left in new fields."""
    tiles = (
        ((1, 2), FieldKind.RUNNING, "now", "running_now"),
        ((4, 5), FieldKind.RUNNING, "white", "running_white"),
        ((8, 9), FieldKind.NEW, "white", "new_white"),
    )
    for columns, kind, key, label in tiles:
        rows = _of_kind(lines, kind)
        known = [_value(found, key) for _, found in lines if found.kind is kind]
        amounts = [value for value in known if value is not None]
        content: Content = "–"
        if rows is not None:
            cells = _cells(grid, key, *rows)
            value = sum(amounts) if amounts else "–"
            content = live(f'IF(COUNT({cells})=0,"–",SUM({cells}))', value)
        style = TILE_VALUE.but(format="#,##0")
        tile(grid.sheet, 5, columns, t(f"portfolio.fields.{label}"), content, style)
    section(grid.sheet, 7, 1, t("portfolio.fields.overall"))
    grid.sheet.heights[7] = 30


def _value(found: PlanField, key: str) -> float | None:
    return {
        "last": found.revenue_last,
        "now": found.revenue_now,
        "potential": found.potential,
        "white": found.white_space,
    }[key]


def _cells(grid: Grid, key: str, first: int, last: int) -> str:
    """The cells of a column, by the places of the lines."""
    return grid.block_here(key, grid.row + 1 + first, grid.row + 1 + last)


def _block(grid: Grid, t: Texts, sums: Sequence[FieldSum]) -> None:
    """The sums, in the columns of the table below them."""
    keys = {"id": "id", "name": "name", "kind": "kind", "account": "accounts", "white": "white",
            "account_name": "known", "last": "last", "now": "now", "potential": "potential",
            "margin": "margin"}  # fmt: skip
    heads = [
        (
            column,
            t(f"portfolio.fields.sum_{keys[key]}") if key in keys else None,
            f"sum_{keys[key]}" if key in keys else None,
            left() if key in ("id", "name") else HEADER,
        )
        for key, column in grid.columns.items()
        if column <= grid.columns["margin"]
    ]
    headers(grid.sheet, SUM_ROW, heads, 42)
    place = 0
    for row, found in enumerate(sums[:MAX_SUMS], SUM_ROW + 2):
        _sum_row(grid, t, row, found, place)
        place += found.potential.of
    if len(sums) > MAX_SUMS:
        text = t("portfolio.fields.left_out", count=len(sums) - MAX_SUMS)
        grid.sheet.put(SUM_ROW + 2 + MAX_SUMS, 2, text, NOTE.but(wrap=False))


def _sum_row(grid: Grid, t: Texts, row: int, found: FieldSum, place: int) -> None:
    """``place``: of the field's first line. One line per account and field."""
    sheet, columns = grid.sheet, grid.columns
    last = place + found.potential.of - 1
    kind = t(f"plan.choices.field_kind.{found.kind.value}")
    sheet.put(row, columns["id"], found.id, ID_CELL)
    sheet.put(row, columns["name"], found.name, TEXT_CELL.but(bold=True))
    sheet.put(row, columns["kind"], kind, TEXT_CELL)
    sheet.put(row, columns["account"], found.accounts, COUNT)
    whites = _cells(grid, "white", place, last)
    of = t("portfolio.fields.of")
    known = f"{found.white_space.known} {of} {found.white_space.of}"
    said = live(f'COUNT({whites})&" {of} "&ROWS({whites})', known)
    sheet.put(row, columns["account_name"], said, SMALL_CELL.but(align="center"))
    sums: dict[str, Sum] = {
        "last": found.revenue_last, "now": found.revenue_now, "potential": found.potential,
        "white": found.white_space,
    }  # fmt: skip
    for key in _SUMMED:
        cells = _cells(grid, key, place, last)
        content = live(f'IF(COUNT({cells})=0,"",SUM({cells}))', sums[key].value)
        sheet.put(row, columns[key], content, LIVE_MONEY.but(bold=key == "white"))
    now, margin = _cells(grid, "now", place, last), _cells(grid, "margin", place, last)
    whole = f'SUMIF({margin},">-1000000",{now})'
    text = f'IF({whole}>0,SUMPRODUCT({now},{margin})/{whole},"")'
    sheet.put(row, columns["margin"], live(text, found.margin), _PERCENT.but(fill=SOFT))
    sheet.fill(row, range(1, columns["margin"] + 1), TEXT_CELL)
    sheet.heights[row] = 18


def _fields(t: Texts) -> tuple[Field[Line], ...]:
    def choice(table: str, value: str) -> str:
        return t(f"plan.choices.{table}.{value}")

    return (
        Field("id", 11, lambda r, _: r[1].id, ID_CELL, left()),
        Field("name", 27, lambda r, _: r[1].name, TEXT_CELL.but(bold=True), left()),
        Field("kind", 9, lambda r, _: choice("field_kind", r[1].kind.value), TEXT_CELL),
        Field("account", 11, lambda r, _: r[0].id, ID_CELL, left()),
        Field("account_name", 22, lambda r, _: r[0].name, TEXT_CELL, left()),
        Field("segment", 11, lambda r, _: r[1].segment or None, ID_CELL),
        Field("market", 9, lambda r, _: r[1].market or None, SMALL_CELL),
        Field("last", 12, lambda r, _: r[1].revenue_last, MONEY),
        Field("now", 12, lambda r, _: r[1].revenue_now, MONEY),
        Field("potential", 12, lambda r, _: r[1].potential, MONEY),
        Field("white", 12, _white, LIVE_MONEY),
        Field("wallet", 9, lambda r, _: r[1].share_of_wallet, _PERCENT),
        Field("margin", 8, lambda r, _: r[1].margin, _PERCENT),
        Field("developable", 11, lambda r, _: choice("developable", r[1].developable.value),
              SMALL_CELL),
        Field("approach", 34, lambda r, _: r[1].approach or None, SMALL_LIST, left()),
    )  # fmt: skip


def _white(line: Line, row: int) -> Content:
    """Potential less this year's revenue, which is none in a new field unless it says so."""
    potential, now = f"$J{row}", f"$I{row}"  # columns of this very table
    known = f"ISNUMBER({potential})"
    if line[1].kind is not FieldKind.NEW:
        known = f"COUNT({potential},{now})=2"
    text = f'IF({known},MAX({potential}-SUM({now}),0),"")'
    return live(text, line[1].white_space)
