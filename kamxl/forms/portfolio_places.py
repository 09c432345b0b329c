"""Where every account, segment, reply and requirement stands in the portfolio's tables.

Formulas point across sheets, so the places are laid out before anything is drawn; nobody else
counts rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kamxl.core.evidence import EvidenceRow, SegmentShare, evidence, segment_shares
from kamxl.core.ids import US, same_id
from kamxl.core.portfolio import Portfolio
from kamxl.core.position import PositionMeasure
from kamxl.core.results import AccountResult, SegmentResult
from kamxl.forms.portfolio_growth import Growth, lay_out_growth
from kamxl.forms.portfolio_parts import TABLE_ROW, Grid, blank_sheet, grid_of
from kamxl.forms.portfolio_words import supplier_name
from kamxl.forms.texts import Texts

Rows = tuple[int, int]  # first and last
Segment = tuple[str, str]  # account and segment id, as in the results

DATA_KEYS = (
    "account", "segment", "respondent", "name", "role", "period", "answer", "requirement",
    "label", "weight", "sum", "answers", "share", "mean", "best", "difference", "in_total",
    "in_lead",
)  # fmt: skip
SEGMENT_KEYS = (
    "account", "account_name", "segment", "name", "revenue", "respondents", "period", "total",
    "coverage", "position", "best", "lead", "lead_coverage", "state", "share", "in_total",
    "in_lead", "weighting", "profile",
)  # fmt: skip
MEASURES = tuple(measure.value for measure in PositionMeasure)
ACCOUNT_KEYS = (
    "id", "name", "list", "rank", "score", "gate", "abc", "total", "position", "best", "lead",
    "gap", "points", "mean", "known", "level", "revenue", "profit", "overdue", "remarks",
    # from here on not printed: it is with the sheets it comes from
    "manager", "coverage", *MEASURES, "next", "breadth", "requirers", "active", "spots", "flip",
    "respondents", "period", "state", "disagreement", "knockouts",
)  # fmt: skip
RIVAL_PREFIX = "r:"  # keeps a competitor called "sum" apart from a column called so


@dataclass(frozen=True)
class Places:
    """The three tables that formulas point into, and who stands in which of their rows."""

    data: Grid
    segments: Grid
    accounts: Grid
    suppliers: Mapping[str, str]  # competitor id to name, by id
    rows: tuple[EvidenceRow, ...]
    shares: Mapping[Segment, SegmentShare]
    account_rows: Mapping[str, int]
    segment_rows: Mapping[Segment, int]
    account_segments: Mapping[str, Rows]
    account_data: Mapping[str, Rows]
    segment_data: Mapping[Segment, Rows]
    requirement_data: Mapping[tuple[str, str, str], Rows]  # requirement id casefolded
    best_of: Mapping[Segment, str]  # the segment's best competitor, where it has one
    growth: Growth  # the tables that come from the selection and the plans

    def requirement(self, segment: SegmentResult, requirement: str) -> Rows:
        """The Data rows of one requirement of one segment."""
        return self.requirement_data[segment.account, segment.id, same_id(requirement)]

    def rival_key(self, rival: str) -> str:
        """The Data column of a competitor."""
        return RIVAL_PREFIX + same_id(rival)

    def account_column(self, key: str, below: int = 0) -> str:
        """All accounts' cells under a key, as seen from another sheet (at least one row).

        ``below``: so many rows more.
        """
        first = self.accounts.row + 1
        last = max(first, self.accounts.row + len(self.account_rows))
        return self.accounts.block(key, first, last + below)

    def look_up(self, key: str, cell: str) -> str:
        """A formula's text: the value under a key of the account whose id stands in ``cell``."""
        # One row more: in Gnumeric, INDEX of a single cell with a column number is #REF!.
        values, ids = self.account_column(key, 1), self.account_column("id", 1)
        return f"INDEX({values},MATCH({cell},{ids},0),1)"


def lay_out(portfolio: Portfolio, t: Texts) -> Places:
    """The places of a portfolio's rows."""
    suppliers = _suppliers(portfolio, t)
    shares: dict[Segment, SegmentShare] = {}
    rows: list[EvidenceRow] = []
    for account in portfolio.accounts:
        of_account = segment_shares(account)
        for segment in account.segments:
            shares[account.id, segment.id] = of_account[segment.id]
            rows.extend(evidence(segment, of_account[segment.id]))
    rivals = tuple(RIVAL_PREFIX + same_id(rival) for rival in suppliers)
    key_row = TABLE_ROW + 1
    data_keys = (*DATA_KEYS, US, *rivals, "comment", "source")
    ends = [_Ends() for _ in range(5)]
    for row, found in enumerate(rows, key_row + 1):
        ends[0].add(found.account, row)
        ends[1].add((found.account, found.segment), row)
        ends[2].add((found.account, found.segment, same_id(found.requirement)), row)
    segments = [(account, s) for account in portfolio.accounts for s in account.segments]
    for row, (account, segment) in enumerate(segments, key_row + 1):
        ends[3].add(account.id, row)
        ends[4].add((account.id, segment.id), row)
    return Places(
        data=grid_of(blank_sheet(t, "data"), key_row, data_keys),
        segments=grid_of(blank_sheet(t, "segments"), key_row, SEGMENT_KEYS),
        accounts=grid_of(blank_sheet(t, "accounts"), key_row, ACCOUNT_KEYS),
        suppliers=suppliers,
        rows=tuple(rows),
        shares=shares,
        account_rows={a.id: row for row, a in enumerate(portfolio.accounts, key_row + 1)},
        segment_rows={key: rows[0] for key, rows in ends[4].found.items()},
        account_segments=ends[3].found,
        account_data=ends[0].found,
        segment_data=ends[1].found,
        requirement_data=ends[2].found,
        best_of={(a.id, s.id): s.best.id for a, s in segments if s.best},
        growth=lay_out_growth(portfolio, t),
    )


class _Ends:
    """First and last row of each key."""

    def __init__(self) -> None:
        self.found: dict[Any, Rows] = {}

    def add(self, key: Any, row: int) -> None:
        first, _ = self.found.get(key, (row, row))
        self.found[key] = (first, row)


def _suppliers(portfolio: Portfolio, t: Texts) -> dict[str, str]:
    """Every competitor that occurs on a reply, by id; names made unique for the headers."""
    names: dict[str, tuple[str, str]] = {}
    for account in portfolio.accounts:
        for segment in account.segments:
            for rival in segment.rivals:
                names.setdefault(same_id(rival.id), (rival.id, rival.name))
    return {rival: supplier_name(t, rival, name) for _, (rival, name) in sorted(names.items())}


__all__ = ["AccountResult", "Places", "lay_out"]
