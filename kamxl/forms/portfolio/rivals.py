"""The sheet *Competitors*: who beats us where, and how firmly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Conditional, Content, Sheet, span
from kamxl.forms.paper.parts import headers, section
from kamxl.forms.paper.style import (
    BEHIND,
    BEHIND_SOFT,
    GOOD,
    GOOD_SOFT,
    HEADER_RIVAL,
    HEADER_US,
    NOTE,
)
from kamxl.forms.portfolio.parts import (
    COUNT,
    LEAD,
    LIVE,
    MUTED_CELL,
    PERCENT,
    SMALL_CELL,
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
    sign_style,
)
from kamxl.forms.portfolio.places import Places
from kamxl.forms.portfolio.words import rival_name, rival_sentence, strengths
from kamxl.wording.texts import Texts

MAX_SUMMARY = 20  # competitors in the block on top


@dataclass(frozen=True, slots=True)
class Contest:
    """Us and one competitor in one segment; ``number`` is the competitor's in the block on top."""

    account: AccountResult
    segment: SegmentResult
    rival: RivalResult
    number: int


def contests(portfolio: Portfolio, places: Places) -> list[Contest]:
    """Every competitor in every segment, where we are furthest behind first; unknown last."""
    numbers = {same_id(rival): n for n, rival in enumerate(places.suppliers, 1)}
    found = [
        Contest(account, segment, rival, numbers[same_id(rival.id)])
        for account in portfolio.accounts
        for segment in account.segments
        for rival in segment.rivals
    ]
    return sorted(found, key=lambda c: (c.rival.lead is None, c.rival.lead or 0.0))


def rivals_sheet(portfolio: Portfolio, t: Texts, places: Places) -> Sheet:
    """A block with one row per competitor, then one row per segment and competitor."""
    sheet = blank_sheet(t, "competitors")
    records = contests(portfolio, places)
    fields = _fields(t, places)
    frame(sheet, t, portfolio, len(fields))
    shown = list(places.suppliers.items())[:MAX_SUMMARY]
    key_row = _table_row(len(shown))
    grid = grid_of(sheet, key_row, [f.key for f in fields])
    if shown:
        _summary(grid, t, shown, records, len(places.suppliers))
        section(sheet, key_row - 2, 1, t("portfolio.competitors.where"))
    last = draw_table(grid, t, fields, records, t("portfolio.no_rivals"))
    if records:
        as_table(grid, last, len(fields))
        _colour(sheet, grid, last)
    return sheet


def _table_row(shown: int) -> int:
    """The key row of the table: below the block, a line for its note and a heading."""
    return 6 if not shown else 6 + 1 + shown + 2 + 2


def _colour(sheet: Sheet, grid: Grid, last: int) -> None:
    first, column = grid.row + 1, grid.columns["position"]
    for sign, fill, color in ((1, GOOD_SOFT, GOOD), (-1, BEHIND_SOFT, BEHIND)):
        formula = f"{grid.here('position', first)}={sign}"
        ranges = span(first, column, last, column)
        sheet.conditionals.append(Conditional(ranges, formula=formula, fill=fill, color=color))


def _summary(
    grid: Grid,
    t: Texts,
    suppliers: Sequence[tuple[str, str]],
    records: Sequence[Contest],
    known: int,
) -> None:
    """The block on top, in rows that do not depend on the table's length."""
    sheet = grid.sheet
    section(sheet, 5, 1, t("portfolio.competitors.overall"))
    keys = ("number", "name", "compared", "ahead", "level", "behind", "mean")
    heads = [
        (
            column,
            t(f"portfolio.competitors.sum_{key}"),
            f"sum_{key}",
            left() if column == 2 else None,
        )
        for column, key in enumerate(keys, 1)
    ]
    headers(sheet, 6, heads)
    for row, (number, (rival, name)) in enumerate(enumerate(suppliers, 1), 8):
        own = [c for c in records if same_id(c.rival.id) == same_id(rival)]
        sheet.put(row, 1, number, COUNT)
        sheet.put(row, 2, name, TEXT_CELL.but(bold=True))
        for column, content in enumerate(_counts(grid, row, own, len(records)), 3):
            sheet.put(row, column, content, LEAD if column == 7 else LIVE.but(format="0"))
        sheet.heights[row] = 18
    if known > len(suppliers):
        left_out = t("portfolio.competitors.left_out", count=known - len(suppliers))
        sheet.put(8 + len(suppliers), 2, left_out, NOTE.but(wrap=False))


def _counts(grid: Grid, row: int, own: Sequence[Contest], records: int) -> Iterator[Content]:
    """Compared, they lead, level, we lead, mean lead: over the table below."""
    first, last = grid.row + 1, grid.row + records
    numbers, signs, leads = (
        grid.block_here(key, first, last) for key in ("number", "position", "lead")
    )
    for sign in (None, -1, 0, 1):
        test = ">=-1" if sign is None else sign
        shown = f'"{test}"' if sign is None else test
        count = sum(c.rival.ahead is not None and sign in (None, c.rival.ahead) for c in own)
        yield live(f"COUNTIFS({numbers},$A{row},{signs},{shown})", count)
    known = [c.rival.lead for c in own if c.rival.lead is not None]
    mean = sum(known) / len(known) if known else None
    yield live(f'IF($C{row}=0,"",SUMIF({numbers},$A{row},{leads})/$C{row})', mean)


def _fields(t: Texts, places: Places) -> tuple[Field[Contest], ...]:
    at = _Formulas(places)

    def position(record: Contest, row: int) -> Content:
        # the lead's column does not move: it is the ninth of this very table
        return live(f'IF(ISNUMBER($I{row}),SIGN(ROUND($I{row},9)),"")', record.rival.ahead)

    return (
        Field("number", 6, lambda r, _: r.number, COUNT),
        Field("competitor", 20, lambda r, _: rival_name(t, r.rival), TEXT_CELL.but(bold=True),
              left(HEADER_RIVAL)),
        Field("account", 20, lambda r, _: r.account.name, TEXT_CELL, left()),
        Field("segment", 18, lambda r, _: r.segment.name, TEXT_CELL, left()),
        Field("period", 11, lambda r, _: r.segment.period, MUTED_CELL),
        Field("ours", 9, at.ours, LIVE, HEADER_US),
        Field("theirs", 9, at.theirs, LIVE, HEADER_RIVAL),
        Field("position", 10, position, sign_style(t)),
        Field("lead", 9, at.lead, LEAD),
        Field("lead_coverage", 10, at.lead_coverage, PERCENT),
        Field("strengths", 32, lambda r, _: strengths(t, r.segment, r.rival), SMALL_CELL, left()),
        Field("flip", 38, lambda r, _: rival_sentence(t, r.segment, r.rival), SMALL_CELL, left()),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Formulas:
    """The numbers of a contest: each requirement's weight (a sum) times its rating (a mean)."""

    places: Places

    def _terms(self, record: Contest, us: bool, theirs: bool) -> list[tuple[str, str, str]]:
        """(weight, our mean, their mean) of the weighted requirements rated as asked for."""
        data, card, rival = self.places.data, record.segment.card, record.rival.id
        key, terms = self.places.rival_key(rival), []
        for requirement in card.requirements if card else ():
            rated = card and card.rating(US, requirement.id) is not None
            compared = card and card.rating(rival, requirement.id) is not None
            if requirement.weight is None or (us and not rated) or (theirs and not compared):
                continue
            first, last = self.places.requirement(record.segment, requirement.id)
            if first == last:
                weight, mean = data.cell("share", first), data.cell(key, first)
            else:
                weight = f"SUM({data.block('share', first, last)})"
                mean = f"AVERAGE({data.block(key, first, last)})"
            terms.append((weight, data.cell("mean", first), mean))
        return terms

    def ours(self, record: Contest, _: int) -> Content:
        at = self.places.segment_rows[record.account.id, record.segment.id]
        return live(self.places.segments.cell("total", at), record.segment.total)

    def theirs(self, record: Contest, _: int) -> Content:
        if record.rival.total is None:
            return None
        terms = self._terms(record, us=False, theirs=True)
        points = "+".join(f"{weight}*{mean}" for weight, _, mean in terms)
        return live(f"({points})/({_sum(terms)})", record.rival.total)

    def lead(self, record: Contest, _: int) -> Content:
        if record.rival.lead is None:
            return None
        terms = self._terms(record, us=True, theirs=True)
        points = "+".join(f"{weight}*({us}-{mean})" for weight, us, mean in terms)
        return live(f"({points})/({_sum(terms)})", record.rival.lead)

    def lead_coverage(self, record: Contest, _: int) -> Content:
        if record.rival.lead is None:
            return None
        rows = self.places.segment_data[record.account.id, record.segment.id]
        whole = f"SUM({self.places.data.block('share', *rows)})"
        terms = self._terms(record, us=True, theirs=True)
        return live(f"({_sum(terms)})/{whole}", record.rival.lead_coverage)


def _sum(terms: Sequence[tuple[str, str, str]]) -> str:
    return "+".join(weight for weight, _, _ in terms)
