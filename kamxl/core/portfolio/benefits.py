"""What became of benefits over an account's reply pages, and of its programmes' effects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kamxl.core.cards.replies import person_of
from kamxl.core.ids import same_id
from kamxl.core.method.programmes import Actual, Programme, outcome
from kamxl.core.period import in_order
from kamxl.core.records.benefits import Word
from kamxl.core.records.page import PageBenefit
from kamxl.core.records.register import Reply

MEASURES = ("revenue", "profit", "customer_revenue", "customer_profit")  # of an effect


def answers_of(account: str, pages: Iterable[Reply]) -> tuple[Word, ...]:
    """What one account's people said of benefits on reply pages, the last last."""
    own = [page for page in pages if same_id(page.order.account) == same_id(account)]
    own.sort(key=lambda page: (in_order(page.order.period), _day(page) or date.min, page.source))
    return tuple(
        Word(person_of(page), _day(page), answer, _shown(page, answer.id))
        for page in own
        for answer in page.answers.page.benefits
    )


def _shown(reply: Reply, wanted: str) -> PageBenefit | None:
    page = reply.order.page
    found = (one for one in page.benefits if same_id(one.id) == same_id(wanted)) if page else ()
    return next(iter(found), None)


def _day(reply: Reply) -> date | None:
    return reply.answers.rated_on or (reply.saved.date() if reply.saved else None)


@dataclass(frozen=True, slots=True)
class Achieved:
    """What a programme did in the years of which anything is known, beside what was planned for

    those very years: planned effects are not weighed with their chance here.
    """

    planned: Actual
    actual: Actual
    years: tuple[int, ...]


def achieved(programme: Programme) -> Achieved | None:
    """See ``Achieved``; None: nothing is known of any year."""
    years = tuple(effect.year for effect in programme.effects if effect.actual is not None)
    if not years:
        return None
    found = outcome([programme])
    planned, actual = (
        Actual(*(getattr(of, key).value for key in MEASURES))
        for of in (found.planned, found.actual)
    )
    return Achieved(planned, actual, years)
