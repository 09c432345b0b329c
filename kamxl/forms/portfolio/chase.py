"""The sheet *Chase*: whom to ask again, by account manager, and by when."""

from __future__ import annotations

from collections.abc import Callable

from kamxl.core.ids import same_name
from kamxl.core.portfolio.chasing import CHASED, Chase, Reached, Tally, tallies
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper import idioms
from kamxl.forms.paper.book import Content, Sheet, fixed
from kamxl.forms.paper.idioms import quoted
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import BEHIND, BEHIND_SOFT, GOOD_SOFT, NOTE, WARN_SOFT
from kamxl.forms.portfolio.above import HEADING, SUM_ROW, draw_below, key_row_below
from kamxl.forms.portfolio.parts import COUNT, ID_CELL, LIVE, MUTED_CELL, TEXT_CELL, left, table_of
from kamxl.forms.portfolio.words import how_asked
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable
from kamxl.wording.texts import Texts

DAY = (HEADING, 4)  # where the day stands by which cards are overdue
_WHOLE = LIVE.but(format="0")


def chase_table(portfolio: Portfolio, t: Texts) -> ShownTable[Chase, _Formulas]:
    """One row per card that is out, each manager's together, whom to call first on top."""
    cards = portfolio.chase
    managers = {one.manager for one in cards}
    day = portfolio.as_of

    def late(at: _Formulas, one: Chase, row: int) -> Content:
        return at.late(row, one.late(day)) if day else None

    columns: tuple[Column[Chase, _Formulas], ...] = (
        Shown("manager", 20, lambda r: _manager(t, r.manager), TEXT_CELL, left()),
        Shown("name", 20, lambda r: r.name or r.respondent, TEXT_CELL.but(bold=True), left()),
        Shown("account", 20, lambda r: r.account_name, TEXT_CELL, left()),
        Shown("segment", 18, lambda r: r.segment_name, TEXT_CELL, left()),
        Shown("reached", 19, lambda r: _state(t, r.reached), TEXT_CELL),
        Shown("due", 12, lambda r: r.due, COUNT.but(format=t("language.excel_date"))),
        Live("late", 10, late, COUNT.but(format="0;;")),
        Shown("email", 30, lambda r: r.email or None, MUTED_CELL, left()),
        Shown(
            "source",
            20,
            lambda r: how_asked(t, r.source, profile_only=r.profile),
            MUTED_CELL,
            left(),
        ),
        Shown("account_id", 12, lambda r: r.account, ID_CELL, left()),
        Shown("segment_id", 13, lambda r: r.segment, ID_CELL, left()),
        Shown("respondent", 11, lambda r: r.respondent, ID_CELL, left()),
    )
    return table_of(
        t, "chase", columns, cards, lambda at: _Formulas(at, t), lambda r: _key(r.manager),
        key_row_below(len(managers)), repeated=2,
    )  # fmt: skip


def tallies_table(below: ShownTable[Chase, _Formulas], portfolio: Portfolio, t: Texts) -> Tallies:
    """The block above: each manager's cards, counted."""

    def of(state: Reached) -> Live[_Tallied, Tally]:
        def content(at: _Tallied, one: Tally, _: int) -> Content:
            return live(at.counted(one, state), one.by[state])

        title = _state(t, state)
        return Live(f"sum_{state.value}", 0, content, _WHOLE, title=title)

    columns: tuple[Column[Tally, _Tallied], ...] = (
        Shown("sum_manager", 0, lambda r: _manager(t, r.manager), TEXT_CELL.but(bold=True), left()),
        Live("sum_asked", 0, _Tallied.asked, _WHOLE),
        of(Reached.ANSWERED),
        of(Reached.SENT),
        of(Reached.UNDELIVERED),
        of(Reached.OPEN),
        Live("sum_overdue", 0, _Tallied.overdue, _WHOLE.but(bold=True)),
        of(Reached.LEFT),
    )
    records = tallies(portfolio.chase, portfolio.as_of)
    return ShownTable(
        "tallies", below.sheet, SUM_ROW, columns, records, lambda at: _Tallied(at, t),
        "portfolio.chase",
    )  # fmt: skip


def chase_sheet(
    table: ShownTable[Chase, _Formulas], sums: Tallies, portfolio: Portfolio, t: Texts
) -> Sheet:
    """The sheet of both, drawn."""
    sheet = table.sheet
    draw_below(table, sums, portfolio, t, (t("portfolio.chase.how"),))
    if not table.records:
        return sheet
    row, column = DAY
    sheet.put(
        row,
        column - 1,
        t("portfolio.chase.as_of"),
        NOTE.but(align="right", valign="center", wrap=False),
    )
    day = COUNT.but(format=t("language.excel_date"), borders="", align="left")
    sheet.put(row, column, portfolio.as_of, day)
    late, state = table.head("late"), table.head("reached")
    table.rule("late", f"AND(ISNUMBER({late}),{late}>0)", BEHIND_SOFT, BEHIND)
    for one, fill in ((Reached.ANSWERED, GOOD_SOFT), (Reached.SENT, WARN_SOFT),
                      (Reached.UNDELIVERED, BEHIND_SOFT)):  # fmt: skip
        table.rule("reached", f"{state}={quoted(_state(t, one))}", fill)
    return sheet


def _key(manager: str) -> tuple[str, ...]:
    return (same_name(manager),)


def _manager(t: Texts, manager: str) -> str:
    return manager or t("portfolio.chase.nobody")


def _state(t: Texts, reached: Reached) -> str:
    return t(f"portfolio.reached.{reached.value}")


class _Formulas:
    """By how many days a card is overdue, on the day above the table."""

    def __init__(self, at: At, t: Texts) -> None:
        self._due, self._state = at.own("due", "reached")
        self._chased = [quoted(_state(t, one)) for one in Reached if one in CHASED]

    def late(self, row: int, value: int | None) -> Content:
        due, state, day = self._due.here(row), self._state.here(row), fixed(*DAY)
        chased = f"OR({','.join(f'{state}={word}' for word in self._chased)})"
        return live(f'IF(AND({chased},ISNUMBER({due})),MAX({day}-{due},0),"")', value)


class _Tallied:
    """Counts over a manager's own rows."""

    def __init__(self, at: At, t: Texts) -> None:
        self._states, self._lates = at.columns("chase", "reached", "late")
        self._word: Callable[[Reached], str] = lambda state: quoted(_state(t, state))

    def counted(self, one: Tally, state: Reached) -> str:
        return idioms.count_of(self._states.of(*_key(one.manager)), self._word(state))

    def asked(self, one: Tally, _: int) -> Content:
        return live(f"ROWS({self._states.of(*_key(one.manager))})", one.asked)

    def overdue(self, one: Tally, _: int) -> Content:
        text = idioms.count_of(self._lates.of(*_key(one.manager)), '">0"')
        return live(text, one.overdue)


Tallies = ShownTable[Tally, _Tallied]
