"""The portfolio: every account, from the register and the replies that count.

Pure: the same register and replies give the same portfolio, in whatever order they are met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kamxl.core.finding import Finding, finding
from kamxl.core.ids import SPARE_PREFIX, is_spare, same_id
from kamxl.core.period import Period
from kamxl.core.records import (
    Account,
    FileResult,
    Register,
    Reply,
    Requirement,
    Scorecard,
    Segment,
    Settings,
)
from kamxl.core.results import (
    AccountResult,
    Gap,
    RivalResult,
    SegmentResult,
    of_replies,
    person_of,
    total_of,
)
from kamxl.core.robustness import TIE_DIGITS, Flip
from kamxl.core.segments import AccountTotal, SegmentTotal, combine_segments


@dataclass(frozen=True, slots=True)
class HistoryPoint:
    """An account's total (points, None: unknown) as the portfolio of ``period`` showed it."""

    account: str
    period: str
    total: float | None


@dataclass(frozen=True)
class Portfolio:
    """Everything that Portfolio.xlsx, the report and the JSON show.

    ``accounts`` are sorted by id; ``findings`` are the register's and those made here; ``history``
    is sorted by account and period and holds periods up to the current one.
    """

    settings: Settings
    period: str
    accounts: tuple[AccountResult, ...]
    files: tuple[FileResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    history: tuple[HistoryPoint, ...] = ()

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods of the history, each once, in their order."""
        return tuple(sorted({point.period for point in self.history}, key=_order))


def assemble(
    register: Register, period: str, replies: Sequence[Reply], files: Sequence[FileResult]
) -> Portfolio:
    """The portfolio of ``period``; ``replies`` are verified and count within their own period.

    A segment without a reply in the period shows its latest earlier one, never a later one.
    """
    book = _Book(register, [r for r in replies if _order(r.order.period) <= _order(period)])
    accounts = tuple(book.account(key, period) for key in book.keys)
    return Portfolio(
        settings=register.settings,
        period=period,
        accounts=accounts,
        files=tuple(files),
        findings=(*register.findings, *book.strangers()),
        history=tuple(book.history()),
    )


def _order(period: str) -> tuple[bool, date, date, str]:
    """Periods by their own order; a text that is none stands before all of them."""
    parsed = Period.parse(period)
    if parsed is None:
        return False, date.min, date.min, period
    return True, parsed.last_day, parsed.first_day, parsed.text


class _Book:
    """Register and replies, by account and segment."""

    def __init__(self, register: Register, replies: Sequence[Reply]) -> None:
        self.register = register
        self.known = {same_id(account.id): account for account in register.accounts}
        self.replies: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in sorted(replies, key=_reading_order):
            self.replies[same_id(reply.order.account)].append(reply)
        self.segments: defaultdict[str, list[Segment]] = defaultdict(list)
        for segment in register.segments:
            self.segments[same_id(segment.account)].append(segment)
        self.keys = sorted(self.known.keys() | self.replies.keys())

    def account(self, key: str, period: str) -> AccountResult:
        """One account as it stands in ``period``."""
        known, replies = self.known.get(key), self.replies.get(key, [])
        account = known or _from_reply(replies[-1])
        threshold = self.register.settings.disagreement
        segments = tuple(
            of_replies(blank, counting, earlier=earlier, threshold=threshold) if counting else blank
            for blank, counting, earlier in self._counting(account, replies, period)
        )
        result = combine_segments([segment.as_total for segment in segments])
        return AccountResult(
            id=account.id,
            name=account.name,
            manager=account.manager,
            in_register=known is not None,
            segments=segments,
            result=result,
            gap=_most_valuable(segments, result),
            flip=_smallest(segments),
            provisional=_provisional(segments),
        )

    def _counting(
        self, account: Account, replies: Iterable[Reply], period: str
    ) -> Iterator[tuple[SegmentResult, tuple[Reply, ...], bool]]:
        """Each segment of an account, blank, with the replies that count; whether from earlier."""
        blanks = {
            same_id(s.id): SegmentResult(account.id, s.id, s.name, s.revenue)
            for s in self.segments[same_id(account.id)]
        }
        answers: defaultdict[str, list[Reply]] = defaultdict(list)
        for reply in replies:
            if _order(reply.order.period) <= _order(period):
                answers[same_id(reply.order.segment)].append(reply)
        for key in sorted(blanks.keys() | answers.keys()):
            latest = max((r.order.period for r in answers[key]), key=_order, default=period)
            counting = one_language([r for r in answers[key] if r.order.period == latest])
            yield blanks.get(key) or _gone(account.id, counting[-1]), counting, latest != period

    def strangers(self) -> Iterable[Finding]:
        """A warning for each account that answered and is not in the register any more."""
        for key in self.keys:
            if key not in self.known and key not in self.register.blocked:
                reply = self.replies[key][-1]
                yield finding(
                    "account-not-in-register",
                    value=reply.order.account,
                    name=reply.order.account_name,
                )

    def history(self) -> Iterable[HistoryPoint]:
        """Each account's total in every period it answered in, earlier answers included."""
        for key in self.keys:
            replies = self.replies.get(key, [])
            for period in sorted({reply.order.period for reply in replies}, key=_order):
                account = self.known.get(key) or _from_reply(replies[-1])
                totals = [
                    SegmentTotal(blank.id, blank.revenue, total_of(counting))
                    for blank, counting, _ in self._counting(account, replies, period)
                ]
                yield HistoryPoint(account.id, period, combine_segments(totals).total)


def _gone(account: str, reply: Reply) -> SegmentResult:
    """A segment that was answered and that the register does not have any more."""
    order = reply.order
    return SegmentResult(account, order.segment, order.segment_name, in_register=False)


def _reading_order(reply: Reply) -> tuple[object, ...]:
    order = reply.order
    return (
        same_id(order.account),
        _order(order.period),
        same_id(order.segment),
        same_id(order.respondent),
        person_of(reply).casefold(),
        reply.source,
    )


def _from_reply(reply: Reply) -> Account:
    return Account(reply.order.account, reply.order.account_name, reply.order.language)


def one_language(replies: Sequence[Reply]) -> tuple[Reply, ...]:
    """The replies to one segment under common requirement ids, so that they can be combined.

    Ids get the first-seen spelling. A requirement the customer added is the same as another's if
    its text is; "own1" of two persons are two requirements otherwise, and the later one gets the
    next free number. The minimum, which never leaves the house, comes from the issued record.
    """
    spelling: dict[str, str] = {}
    own: dict[str, str] = {}
    made = []
    for reply in replies:
        ids: dict[str, str] = {}
        for requirement in reply.answers.scorecard.requirements:
            ids[requirement.id] = _common_id(requirement, spelling, own, ids.values())
        made.append(_renamed(reply, ids))
    return tuple(made)


def _common_id(
    requirement: Requirement,
    spelling: dict[str, str],
    own: dict[str, str],
    taken: Collection[str],
) -> str:
    """``own``: text of an added requirement to its id; ``taken``: ids this card has already."""
    if not is_spare(requirement.id):
        return spelling.setdefault(same_id(requirement.id), requirement.id)
    said = " ".join(requirement.label.casefold().split())
    if said in own and own[said] not in taken:
        return own[said]
    number, chosen = 0, requirement.id
    while same_id(chosen) in spelling:
        number += 1
        chosen = f"{SPARE_PREFIX}{number}"
    spelling[same_id(chosen)] = chosen
    if said:  # without a text nobody can say that two are the same
        own.setdefault(said, chosen)
    return chosen


def _renamed(reply: Reply, ids: Mapping[str, str]) -> Reply:
    answers = reply.answers
    minimums = {same_id(asked.id): asked.minimum for asked in reply.order.requirements}
    requirements = []
    for found in answers.scorecard.requirements:
        minimum = minimums.get(same_id(found.id), found.minimum)
        requirements.append(replace(found, id=ids[found.id], minimum=minimum))
    ratings = {
        supplier: {ids[i]: rating for i, rating in by.items()}
        for supplier, by in answers.scorecard.ratings.items()
    }
    folded = {same_id(i): common for i, common in ids.items()}
    comments = {folded.get(same_id(i), i): text for i, text in answers.comments.items()}
    card = Scorecard(tuple(requirements), ratings)
    return replace(reply, answers=replace(answers, scorecard=card, comments=comments))


def _provisional(segments: Sequence[SegmentResult]) -> bool:
    if not any(segment.replies for segment in segments):
        return False
    return any(segment.provisional or segment.total is None for segment in segments)


def _most_valuable(segments: Sequence[SegmentResult], result: AccountTotal) -> Gap | None:
    """The largest gap g × the segment's share of the account; on a tie the earlier segment."""
    found = [
        Gap(s.id, i, s.requirement(i).label, gap * result.weights[s.id])
        for s in segments
        for i, gap in s.gaps.items()
    ]
    largest = max(found, key=lambda gap: round(gap.points, TIE_DIGITS), default=None)
    return largest if largest and round(largest.points, TIE_DIGITS) > 0 else None


def _smallest(
    segments: Sequence[SegmentResult],
) -> tuple[SegmentResult, RivalResult, Flip] | None:
    """The flip that needs the smallest change of a weight; ties in the order of the segments."""
    found = [(s, r, r.flip) for s in segments for r in s.rivals if r.flip is not None]
    return min(found, key=lambda f: round(change_of(f[2]), TIE_DIGITS), default=None)


def change_of(flip: Flip) -> float:
    """How far the weight has to move, in % of 100."""
    return abs(flip.critical - flip.weight)


__all__ = [
    "AccountResult",
    "Gap",
    "HistoryPoint",
    "Portfolio",
    "RivalResult",
    "SegmentResult",
    "assemble",
    "change_of",
]
