"""What stands on the reply page of one respondent: what we understood, what we do, does it fit.

Everything on it is her own words, a requirement as her card called it, or a text that the plan
holds as written for her; nothing of a colleague, of another customer, or of a field that is not
such a text. It never shows a rating.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from itertools import chain, zip_longest
from typing import TypeVar

from kamxl.core.cards.persons import same_person
from kamxl.core.cards.replies import is_hers
from kamxl.core.cards.timing import lateness
from kamxl.core.ids import same_id
from kamxl.core.method.programmes import (
    AHEAD,
    Action,
    RequirementKey,
    WishKey,
    answering,
    closing,
)
from kamxl.core.period import in_order
from kamxl.core.portfolio.standing import of_account, wish_id
from kamxl.core.records.page import (
    MOST_PROGRAMMES,
    MOST_ROWS,
    MOST_STATEMENTS,
    Fit,
    Outcome,
    PageAnswers,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    ReplyPage,
    RowKind,
    Seen,
)
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import CardOrder, Reply, Wish

Line = PageRow | PageBenefit | PageStatement | PageProgramme
L = TypeVar("L", PageRow, PageBenefit, PageStatement, PageProgramme)


def plan_for(plans: Iterable[AccountPlan], account: str, until: str) -> AccountPlan | None:
    """The account's latest plan of a period that is not after ``until``."""
    own = (
        plan
        for plan in plans
        if same_id(plan.account) == same_id(account) and in_order(plan.period) <= in_order(until)
    )
    return max(own, key=lambda plan: in_order(plan.period), default=None)


def page_for(
    reply: Reply, digest: str, plan: AccountPlan, said: Said, skip: Container[Line] = ()
) -> ReplyPage | None:
    """The page that answers a card; None: nothing is written for her.

    ``digest``: of the record of the card that she answered; ``said``: what she said on earlier
    pages; ``skip``: lines that are not asked again as they stand. Her wishes, the most important
    first, and her gaps, the largest first, take turns, and the wishes begin: they are in her own
    words. One place is kept for a benefit if there is any, and what rows leave free is for more of
    them. Statements come least sure first. Of several actions for one requirement or wish the one
    in hand that is due first stands there.
    """
    found = of_account(plan, reply.order.account)
    both = zip_longest(_left(_wishes(reply, found), skip), _left(_gaps(reply, found), skip))
    benefits = _left(_benefits(reply.order, found), skip)
    rows = [row for row in chain(*both) if row is not None][: MOST_ROWS - bool(benefits)]
    page = ReplyPage(
        digest,
        reply.order.period,
        tuple(replace(row, said=said.fits.get(same_id(row.id))) for row in rows),
        tuple(benefits[: MOST_ROWS - len(rows)]),
        tuple(_left(shared_statements(found), skip)[:MOST_STATEMENTS]),
        tuple(_left(shared_programmes(found), skip)[:MOST_PROGRAMMES]),
    )
    return None if page.empty else page


def _left(lines: Iterable[L], skip: Container[Line]) -> list[L]:
    return [line for line in lines if line not in skip]


def _wishes(reply: Reply, plan: AccountPlan) -> list[PageRow]:
    """Her own wishes that something is written about, the most important first."""
    account = reply.order.account
    written = {same_id(wish.id): wish.share.strip() for wish in plan.wishes}
    own = {
        wish_id(reply, w): w for w in reply.answers.wishes if w.issue.strip() or w.remedy.strip()
    }
    acted = answering(for_her(plan), [WishKey(account, one) for one in own])
    ranked = sorted(own.items(), key=lambda one: -(one[1].importance or 0.0))
    rows = (
        page_row(
            one, RowKind.WISH, _in_her_words(wish), acted[WishKey(account, one)],
            written.get(same_id(one), ""),
        )
        for one, wish in ranked
    )  # fmt: skip
    return [row for row in rows if row is not None]


def _in_her_words(wish: Wish) -> str:
    return " – ".join(text.strip() for text in (wish.issue, wish.remedy) if text.strip())


def _gaps(reply: Reply, plan: AccountPlan) -> list[PageRow]:
    """What she weighted and rated below 100, as her card called it, the largest gap first."""
    order, card = reply.order, reply.answers.scorecard
    labels = {same_id(asked.id): asked.label for asked in order.requirements}
    keys = {
        one: RequirementKey(order.account, order.segment, one)
        for one, gap in card.gaps().items()
        if gap > 0 and same_id(one) in labels  # what "own1" means differs from card to card
    }
    acted = closing(for_her(plan), keys.values())
    rows = (
        page_row(one, RowKind.GAP, labels[same_id(one)], acted[key]) for one, key in keys.items()
    )
    return [row for row in rows if row is not None]


def for_her(plan: AccountPlan) -> list[Action]:
    """The actions of which she may read: of all others not even an owner or a date."""
    return [action for action in plan.actions if action.share.strip()]


def page_row(
    own: str, kind: RowKind, understood: str, actions: Sequence[Action], written: str = ""
) -> PageRow | None:
    """What is done about a requirement or wish in words for her; None: nothing is written."""
    action = next(iter(actions), None)
    doing = written or (action.share.strip() if action else "")
    if not doing or not understood.strip():
        return None
    if action is None:
        return PageRow(own, kind, understood, doing)
    who = action.customer_owner.strip(), action.owner.strip()
    return PageRow(own, kind, understood, doing, *who, action.due)


def _benefits(order: CardOrder, plan: AccountPlan) -> Iterator[PageBenefit]:
    return shared_benefits(plan, order.respondent)


def shared_benefits(plan: AccountPlan, respondent: str = "") -> Iterator[PageBenefit]:
    """The benefits that everybody at hers is asked about, and one respondent (id) as well."""
    for lever in plan.levers:
        asks = lever.asks.strip()
        if lever.share.strip() and (not asks or same_id(asks) == same_id(respondent)):
            told = lever.unit.strip(), lever.baseline, lever.now
            yield PageBenefit(lever.id, lever.share.strip(), *told)


def shared_statements(plan: AccountPlan) -> Iterator[PageStatement]:
    """What we are least sure of comes first; unknown is least."""
    for one in sorted(
        plan.discovery, key=lambda one: -1.0 if one.sureness is None else one.sureness
    ):
        if one.share.strip():
            yield PageStatement(one.id, one.share.strip())


def shared_programmes(plan: AccountPlan) -> Iterator[PageProgramme]:
    """Those that run first, then what is agreed, then ideas: what is over needs no answer."""
    ahead = [one for one in plan.programmes if one.state in AHEAD and one.goal.strip()]
    for one in sorted(ahead, key=lambda one: not one.active):
        yield PageProgramme(
            one.id, one.goal.strip(), one.gain_theirs.strip(), one.gain_ours.strip(),
            one.customer_owner.strip(), one.owner.strip(), one.step.strip(), one.stop.strip(),
        )  # fmt: skip


# --- what she said of earlier pages --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """What one respondent said on her reply pages, the latest of each line.

    ``fits`` by a row's (folded) id; ``shown``: each line that she said anything of, as it stood
    there, and whether that settled it.
    """

    fits: Mapping[str, Fit] = field(default_factory=dict)
    shown: Mapping[Line, bool] = field(default_factory=dict)

    @property
    def settled(self) -> frozenset[Line]:
        """The lines of which nothing is left to ask; rows come again for their result."""
        return frozenset(line for line, settled in self.shown.items() if settled)


def said_by(order: CardOrder, pages: Iterable[Reply]) -> Said:
    """What the respondent of a card said on her pages, in whatever period.

    Rows count within the segment, all else for the whole account: she is asked once. ``pages``:
    what came back and counts. Somebody else under the same id said nothing for her, nor did who
    filled in her page under a name of her own.
    """
    fits: dict[str, Fit] = {}
    shown: dict[Line, bool] = {}
    for reply in sorted((one for one in pages if _is_hers(order, one)), key=_lateness):
        here = reply.order.key.segment == order.key.segment
        said = reply.answers.page
        fits |= {same_id(row.id): row.fit for row in said.rows if row.fit and here}
        settled = _settled(said if here else replace(said, rows=()))
        for line in lines_of(reply.order.page) if reply.order.page else ():
            if (type(line), same_id(line.id)) in settled:
                shown[line] = settled[type(line), same_id(line.id)]
    return Said(fits, shown)


def _is_hers(order: CardOrder, reply: Reply) -> bool:
    if reply.order.key.person != order.key.person:
        return False
    same = same_person(reply.order.respondent_name, order.respondent_name)
    return same and is_hers(reply, order.respondent_name)


def _lateness(reply: Reply) -> tuple[object, ...]:
    return in_order(reply.order.period), *lateness(reply.saved, reply.claimed, reply.source)


def _settled(said: PageAnswers) -> dict[tuple[type, str], bool]:
    """Each line she said anything of, and whether nothing is left to ask of it.

    What is solved is; so is how we understood her, and a benefit unless it was too early for it.
    """
    found: dict[tuple[type, str], bool] = {}
    for row in said.rows:
        found[PageRow, same_id(row.id)] = row.result is Outcome.SOLVED
    for benefit in said.benefits:
        known = benefit.seen not in (None, Seen.TOO_EARLY)
        found[PageBenefit, same_id(benefit.id)] = known
    for statement in said.statements:
        found[PageStatement, same_id(statement.id)] = statement.view is not None
    for programme in said.programmes:
        found[PageProgramme, same_id(programme.id)] = False
    return found


def lines_of(page: ReplyPage) -> tuple[Line, ...]:
    """All that a page asks, as it was written for her, whatever she said of it before."""
    rows = (replace(row, said=None) for row in page.rows)
    return (*rows, *page.benefits, *page.statements, *page.programmes)


_HERS = frozenset({"id", "understood"})  # of a row: what she said, and her requirement


def words_for_her(line: Line) -> tuple[str, ...]:
    """The texts of a line that somebody of the team wrote."""
    found = (getattr(line, one.name) for one in fields(line) if one.name not in _HERS)
    return tuple(text for text in found if isinstance(text, str) and not isinstance(text, Enum))
