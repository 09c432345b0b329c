"""What became of what customers said, and whom to call, as JSON: the figures of the portfolio."""

from __future__ import annotations

from datetime import date

from kamxl.core.portfolio.chasing import Chase, Tally, tallies
from kamxl.core.portfolio.following import Thread
from kamxl.core.portfolio.moved import Group
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.records.benefits import Benefit, summed
from kamxl.workflow.shown.json import Json


def follow_json(portfolio: Portfolio) -> Json:
    """All threads, and with and without something done; ``said``: what may be said of it."""
    found = portfolio.follow.compared
    return {
        "with": _group(found.followed),
        "without": _group(found.others),
        "raters": found.raters,
        "said": found.said.value,
        "threads": [_thread(one) for one in portfolio.follow.threads],
    }


def benefits_json(portfolio: Portfolio) -> list[Json]:
    """By account, how many are how firm, and each of them."""
    found = []
    for account, benefits in portfolio.benefits.items():
        if not benefits:
            continue
        sums = summed(benefits)
        found.append({
            "account": account,
            "counts": {known.value: count for known, count in sums.counts.items()},
            "money": {known.value: money.value for known, money in sums.money.items()},
            "confirmed_named": sums.named.value,
            "benefits": [benefit_json(one) for one in benefits],
        })  # fmt: skip
    return found


def chase_json(portfolio: Portfolio) -> list[Json]:
    """By account manager, the cards that are out, whom to call first on top."""
    return [
        _tally(tally, [one for one in portfolio.chase if one.manager == tally.manager], portfolio)
        for tally in tallies(portfolio.chase, portfolio.as_of)
    ]


def _group(group: Group) -> Json:
    return {
        "n": group.n, "change": group.change, "elsewhere": group.elsewhere, "more": group.more,
    }  # fmt: skip


def _thread(one: Thread) -> Json:
    return {
        "account": one.account,
        "segment": one.segment,
        "respondent": one.respondent,
        "name": one.name,
        "period": one.period,
        "kind": one.kind.value,
        "id": one.id,
        "label": one.label,
        "rating": one.rating,
        "weight": one.weight,
        "handled": one.handled.value,
        "reply": one.row.doing if one.row else None,
        "replied_on": _day(one.on),
        "fit": one.fit.value if one.fit else None,
        "result": one.result.value if one.result else None,
        "actions": [action.id for action in one.actions],
        "next_period": one.next_period or None,
        "next": one.next,
        "change": one.change,
        "elsewhere": one.elsewhere,
        "more": one.more,
    }


def benefit_json(one: Benefit) -> Json:
    """One benefit with what was said of it."""
    return {
        "id": one.lever.id,
        "lever": one.lever.lever,
        "metric": one.lever.share or None,
        "unit": one.lever.unit or None,
        "baseline": one.lever.baseline,
        "now": one.lever.now,
        "change": one.change,
        "known": one.known.value,
        "seen": one.seen.value if one.seen else None,
        "by": one.by or None,
        "on": _day(one.on),
        "oral": one.oral,
        "named": one.amount,
        "former": {"baseline": one.former.baseline, "now": one.former.now, "unit": one.former.unit}
        if one.former
        else None,
        "others": [{"name": who, "seen": seen.value} for who, seen in one.others],
        "amount": one.lever.amount,
    }


def _tally(tally: Tally, cards: list[Chase], portfolio: Portfolio) -> Json:
    return {
        "manager": tally.manager or None,
        "asked": tally.asked,
        **{state.value: count for state, count in tally.by.items()},
        "overdue": tally.overdue,
        "next": _day(tally.next),
        "cards": [
            {
                "account": one.account,
                "segment": one.segment,
                "respondent": one.respondent,
                "name": one.name,
                "email": one.email or None,
                "source": one.source.value,
                "asks": "profile" if one.profile else "card",
                "standing": one.reached.value,
                "due": _day(one.due),
                "days_overdue": one.late(portfolio.as_of),
            }
            for one in cards
        ],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
