"""The sheet *Fields*: where we do business, over all accounts, and what is left to win there.

Every sum says of how many figures it is one; where some are unknown, it is "at least" that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from kamxl.core.method.economics import FieldKind, FieldSum, Sum, sum_fields, sum_known
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.plan import PlanField
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import headers, live, section, tile
from kamxl.forms.paper.places import At, Ref
from kamxl.forms.paper.style import ACCENT_SOFT, HEADER, NOTE, SOFT, TILE_VALUE, Style
from kamxl.forms.portfolio.parts import (
    COUNT,
    FAINT_CELL,
    ID_CELL,
    KEY_ROW,
    LIVE_MONEY,
    MONEY,
    MUTED_CELL,
    POINTS,
    TEXT_CELL,
    frame,
    left,
    stay,
    table_of,
)
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

MAX_SUMS = 20  # fields in the block on top
SUM_ROW = 8  # its header
_PERCENT = POINTS.but(format="0.#")
_WHOLE = "#,##0"
_AT_LEAST = '"≥ "#,##0'  # nothing that is summed here is ever below 0

Of = Callable[[PlanField], float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """A field of an account's plan, as a row of *Fields*; ``place``: of its sum, from 1."""

    account: AccountResult
    field: PlanField
    place: int = 0


def fields_table(portfolio: Portfolio, t: Texts) -> ShownTable[Line, _Formulas]:
    """One row per account and field, below the block of their sums."""
    lines = _lines(portfolio)
    sums = len(_sums(lines))
    key_row = SUM_ROW + 1 + min(sums, MAX_SUMS) + 4 if sums else KEY_ROW
    return table_of(t, "fields", _columns(t), lines, _Formulas, key_row=key_row, repeated=2)


def fields_sheet(
    table: ShownTable[Line, _Formulas], at: At, portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet: a block with one row per field and kind, then the table."""
    sheet, lines, block = table.sheet, table.records, _Block(table, at, t)
    frame(sheet, t, portfolio, table.width)
    if lines:
        _tiles(table, at, t)
        block.draw(_sums(lines))
        section(sheet, table.key_row - 2, 1, t("portfolio.fields.each"))
    else:
        stay(table)
    table.draw(t, t("portfolio.no_fields"))
    if lines:
        table.as_table()
        table.bars(
            ACCENT_SOFT, max(*(line.field.white_space or 0.0 for line in lines), 1.0), "white"
        )
    return sheet


def _sums(lines: Sequence[Line]) -> Sequence[FieldSum]:
    return sum_fields([line.field for line in lines])


def _lines(portfolio: Portfolio) -> list[Line]:
    """Every field of every account, those of one field and kind together as in the sums."""
    found = [
        Line(account, one)
        for account in portfolio.planned
        for one in (account.standing.plan.fields if account.standing.plan else ())
    ]
    sums = {same: place for place, same in enumerate(sorted({f.field.same for f in found}), 1)}
    placed = (replace(line, place=sums[line.field.same]) for line in found)
    return sorted(placed, key=lambda line: line.place)


def _shown(found: Sum) -> str:
    """How a sum is shown: as it is, or as the least that it may be."""
    return _WHOLE if found.whole else _AT_LEAST


def _tiles(table: ShownTable[Line, _Formulas], at: At, t: Texts) -> None:
    """Running business today, what is left there, what is left in new fields."""
    kinds, now, white = at.inside(table.key).own("kind", "now", "white")
    tiles: tuple[tuple[tuple[int, ...], FieldKind, Ref, Of, str], ...] = (
        ((1, 2, 3), FieldKind.RUNNING, now, lambda f: f.revenue_now, "running_now"),
        ((4, 5, 6), FieldKind.RUNNING, white, lambda f: f.white_space, "running_white"),
        ((7, 8, 9), FieldKind.NEW, white, lambda f: f.white_space, "new_white"),
    )
    for columns, kind, column, of, label in tiles:
        found = sum_known(of(line.field) for line in table.records if line.field.kind is kind)
        content: Content = "–"
        if found.of:
            named = quoted(t(f"plan.choices.field_kind.{kind.value}"))
            text = idioms.sum_of_matches(kinds.all(), named, column.all(), none=idioms.DASH)
            content = live(text, "–" if found.value is None else found.value)
        style = TILE_VALUE.but(format=_shown(found))
        said = t(f"portfolio.fields.{label}", known=found.known, of=found.of)
        tile(table.sheet, 5, columns, said, content, style)
    section(table.sheet, 7, 1, t("portfolio.fields.overall"))
    table.sheet.heights[7] = 30


class _Block:
    """The sums, in the columns of the table below them; its rows tell in which sum they are."""

    # what stands in a column of the table, by the key of its text
    _SAYS: ClassVar = {
        "id": "kind", "name": "name", "kind": "accounts", "account": "known_last",
        "account_name": "known_now", "segment": "known_potential", "market": "known_white",
        "last": "last", "now": "now", "potential": "potential", "white": "white",
        "wallet": "known_margin", "margin": "margin",
    }  # fmt: skip
    # of how many figures the sum in another column is one
    _KNOWN: ClassVar = {
        "last": "account", "now": "account_name", "potential": "segment", "white": "market",
    }  # fmt: skip
    _LAST = "margin"

    def __init__(self, table: ShownTable[Line, _Formulas], at: At, t: Texts) -> None:
        self._table, self._t = table, t
        self._at = {key: at.seen_from(table.sheet).column("fields", key) for key in self._SAYS}
        self._places = at.seen_from(table.sheet).column("fields", "place").all()

    def draw(self, sums: Sequence[FieldSum]) -> None:
        """The header and one row per field and kind, as many as there is room for."""
        sheet, t = self._table.sheet, self._t
        heads = []
        for column in self._table.columns[: self._table.index(self._LAST)]:
            said = self._SAYS.get(column.id)
            title = said and t(f"portfolio.fields.sum_{said}")
            look = left() if column.id in ("id", "name") else HEADER
            number = self._table.index(column.id)
            heads.append((number, title, said and f"sum_{said}", look))
        headers(sheet, SUM_ROW, heads, 60)
        for place, found in enumerate(sums[:MAX_SUMS], 1):
            self._row(SUM_ROW + 1 + place, found, str(place))
        if len(sums) > MAX_SUMS:
            text = t("portfolio.fields.left_out", count=len(sums) - MAX_SUMS)
            sheet.put(SUM_ROW + 2 + MAX_SUMS, 2, text, NOTE.but(wrap=False))

    def _row(self, row: int, found: FieldSum, place: str) -> None:
        """``place``: the sum's, by which the rows name it, wherever they were sorted."""
        sheet, t, places = self._table.sheet, self._t, self._places
        rows = found.potential.of
        cells = {key: column.all() for key, column in self._at.items()}
        shown: dict[str, tuple[Content, Style]] = {
            "id": (t(f"plan.choices.field_kind.{found.kind.value}"), TEXT_CELL),
            "name": (found.name, TEXT_CELL.but(bold=True)),
            "kind": (found.accounts, COUNT),
        }
        sums: dict[str, Sum] = {
            "last": found.revenue_last, "now": found.revenue_now, "potential": found.potential,
            "white": found.white_space,
        }  # fmt: skip
        for key, one in sums.items():
            summed = live(idioms.sum_of_matches(places, place, cells[key]), one.value)
            look = LIVE_MONEY.but(bold=key == "white", format=_shown(one))
            shown[key] = summed, look
            known = idioms.known_matches(places, place, cells[key])
            shown[self._KNOWN[key]] = self._known(place, rows, one.known, known)
        weights, margins = cells["now"], cells["margin"]
        both = idioms.known_matches(places, place, weights, margins)
        shown["wallet"] = self._known(place, rows, found.margins, both)
        weighing = idioms.sum_of_known(weights, margins, places, place)
        points = idioms.total(weights, margins, of=(f"{places}={place}",))
        text = f"IF({weighing}>0,{points}/{weighing},{idioms.NOTHING})"
        shown["margin"] = live(text, found.margin), _PERCENT.but(fill=SOFT)
        for key, (content, style) in shown.items():
            sheet.put(row, self._at[key].column, content, style)
        sheet.fill(row, range(1, self._at[self._LAST].column + 1), TEXT_CELL)
        sheet.heights[row] = 18

    def _known(self, place: str, rows: int, known: int, text: str) -> tuple[Content, Style]:
        """So many of the figures are known: "2 of 3"."""
        of = f" {self._t('portfolio.fields.of')} "
        every = idioms.count_of(self._places, place)
        said = live(f"{text}&{quoted(of)}&{every}", f"{known}{of}{rows}")
        return said, MUTED_CELL.but(align="center")


def _columns(t: Texts) -> tuple[Column[Line, _Formulas], ...]:
    def choice(table: str, value: str) -> str:
        return t(f"plan.choices.{table}.{value}")

    return (
        Shown("id", 11, lambda r: r.field.id, ID_CELL, left()),
        Shown("name", 27, lambda r: r.field.name, TEXT_CELL.but(bold=True), left()),
        Shown("kind", 9, lambda r: choice("field_kind", r.field.kind.value), TEXT_CELL),
        Shown("account", 11, lambda r: r.account.id, ID_CELL, left()),
        Shown("account_name", 22, lambda r: r.account.name, TEXT_CELL, left()),
        Shown("segment", 11, lambda r: r.field.segment or None, ID_CELL),
        Shown("market", 9, lambda r: r.field.market or None, MUTED_CELL),
        Shown("last", 12, lambda r: r.field.revenue_last, MONEY),
        Shown("now", 12, lambda r: r.field.revenue_now, MONEY),
        Shown("potential", 12, lambda r: r.field.potential, MONEY),
        Live("white", 12, _Formulas.white, LIVE_MONEY),
        Shown("wallet", 9, lambda r: r.field.share_of_wallet, _PERCENT),
        Shown("margin", 11, lambda r: r.field.margin, _PERCENT),
        Shown(
            "developable", 11, lambda r: choice("developable", r.field.developable.value),
            MUTED_CELL,
        ),
        Shown("approach", 34, lambda r: r.field.approach or None, TEXT_CELL, left()),
        Shown(
            "place", 7, lambda r: r.place if r.place <= MAX_SUMS else None, FAINT_CELL,
            title=t("portfolio.drivers.place"),
        ),
    )  # fmt: skip


class _Formulas:
    """What is left to win in a field."""

    def __init__(self, at: At) -> None:
        self._potential, self._now = at.own("potential", "now")

    def white(self, line: Line, row: int) -> Content:
        """Potential less this year's revenue, which is none in a new field unless it says so."""
        potential, now = self._potential.here(row), self._now.here(row)
        left_over = f"MAX({potential}-SUM({now}),0)"
        if line.field.kind is FieldKind.NEW:
            return live(idioms.known(potential, then=left_over), line.field.white_space)
        return live(idioms.both_known(potential, now, left_over), line.field.white_space)
