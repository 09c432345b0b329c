"""The sheet *Heatmap*: how each account rates us on each requirement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kamxl.core.ids import US, same_id
from kamxl.core.portfolio.results import AccountResult, SegmentResult
from kamxl.core.portfolio.topics import Topic, topics
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.paper.book import Conditional, Content, Sheet
from kamxl.forms.paper.parts import live
from kamxl.forms.paper.places import At
from kamxl.forms.paper.style import HEADER, Style
from kamxl.forms.portfolio.parts import (
    BOLD_LIVE,
    COUNT,
    ID_CELL,
    POINTS,
    TEXT_CELL,
    draw_page,
    headings,
    left,
    table_of,
)
from kamxl.forms.portfolio.words import dated
from kamxl.forms.tables.shown import Column, Live, Shown, ShownTable, aged
from kamxl.wording.texts import Texts

MAX_LABELS = 20
_ROOM = 105.0  # of column width: what a page has beside what stands on every one
PAGE = 9  # columns a page has at least, so that the title fits

Cited = tuple[SegmentResult, str]  # a segment and the id of one of its requirements


@dataclass(frozen=True, slots=True)
class HeatRow:
    """An account and, by the place of a topic, where we were rated on it."""

    account: AccountResult
    cited: Mapping[int, Sequence[Cited]]


def heatmap_table(portfolio: Portfolio, t: Texts) -> ShownTable[HeatRow, _HeatFormulas]:
    """Our mean rating per account and requirement, those that most segments ask first."""
    accounts = [account for account in portfolio.accounts if account.answered]
    shown = _rated_topics(accounts, t.language)[:MAX_LABELS]
    looks = headings([topic.label for topic in shown], 13.0, _ROOM, HEADER)
    columns: tuple[Column[HeatRow, _HeatFormulas], ...] = (
        Shown("id", 13, lambda r: r.account.id, ID_CELL, left()),
        Shown("name", 24, lambda r: dated(t, r.account), TEXT_CELL, left()),
        Shown("answered", 10, lambda r: len(r.account.answered), COUNT),
        Live("total", 9, _HeatFormulas.total, _total_style),
        *(_topic(topic.label, n, *looks[n]) for n, topic in enumerate(shown)),
    )
    return table_of(t, "heatmap", columns, _heat_rows(accounts, shown), _HeatFormulas, repeated=2)


def heatmap_sheet(
    table: ShownTable[HeatRow, _HeatFormulas], portfolio: Portfolio, t: Texts
) -> Sheet:
    """Its sheet, drawn."""
    accounts = [record.account for record in table.records]
    count = max(len(_rated_topics(accounts, t.language)) - MAX_LABELS, 0)
    key = "sentence_cut" if count else "sentence"
    sentence = t(f"portfolio.heatmap.{key}", count=count)
    draw_page(
        table,
        t,
        portfolio,
        t("portfolio.no_answers"),
        stays=2 if table.records else 0,
        page=PAGE,
        sentence=sentence,
    )
    if table.records:
        rated = [c.id for c in table.columns if c.id not in ("id", "name", "answered")]
        scale = Conditional(table.cells(*rated), kind="scale")
        table.sheet.conditionals.append(scale)
    return table.sheet


def _rated_topics(accounts: Sequence[AccountResult], language: str) -> list[Topic]:
    """The topics that somebody rated us on, with only these members."""
    segments = [segment for account in accounts for segment in account.answered]
    found = []
    for topic in topics(segments, language):
        rated = tuple(
            one
            for one in topic.members
            if one.segment.profile and one.segment.profile.rating(US, one.requirement) is not None
        )
        if rated:
            found.append(Topic(topic.label, rated))
    return found


def _heat_rows(accounts: Sequence[AccountResult], shown: Sequence[Topic]) -> list[HeatRow]:
    cited: defaultdict[str, defaultdict[int, list[Cited]]] = defaultdict(lambda: defaultdict(list))
    for place, topic in enumerate(shown):
        for segment, requirement in topic.members:
            cited[segment.account][place].append((segment, requirement))
    return [HeatRow(account, cited[account.id]) for account in accounts]


def _total_style(row: HeatRow) -> Style:
    return aged(BOLD_LIVE) if row.account.earlier else BOLD_LIVE


def _topic(label: str, number: int, width: float, header: Style) -> Live[_HeatFormulas, HeatRow]:
    def content(at: _HeatFormulas, row: HeatRow, _: int) -> Content:
        return at.mean(row.cited.get(number, ()))

    def style(row: HeatRow) -> Style:
        plain = POINTS.but(format="0")
        old = any(segment.earlier for segment, _ in row.cited.get(number, ()))
        return aged(plain) if old else plain

    return Live(f"q{number + 1}", width, content, style, header, label)


class _HeatFormulas:
    """Means of the answers in *Data*, and the total looked up by id: *Accounts* may be sorted."""

    def __init__(self, at: At) -> None:
        (self._id,) = at.own("id")
        (self._total,) = at.lookups("accounts", "total")
        self._mean = at.column("data", "mean")

    def total(self, row: HeatRow, at: int) -> Content:
        return live(self._total.of(self._id.here(at)), row.account.total)

    def mean(self, cited: Sequence[Cited]) -> Content:
        """The mean of our ratings where a topic was asked; None: nowhere."""
        if not cited:
            return None
        keys = [(segment.account, segment.id, same_id(i)) for segment, i in cited]
        cells = ",".join(self._mean.cell(*key) for key in keys)
        found = [s.profile.rating(US, i) for s, i in cited if s.profile]
        known = [rating for rating in found if rating is not None]
        return live(f"AVERAGE({cells})", sum(known) / len(known))
