"""Why an account's total is another one than last time, in words.

"+4,0 seit 2026-H1: Urteil +6,5 (am meisten Liefertreue +3,1), Gewichte −1,0, Pia nicht mehr dabei
−1,5; Borel +10,0". What shows as 0,0 is not told, and what cannot be compared is said to be so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from kamxl.core.ids import same_id
from kamxl.core.method.basis import enough
from kamxl.core.method.trend import CAME_WENT, Cause, Part
from kamxl.core.portfolio.changing import AccountChange, Presence, RivalChange
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio.words import supplier_name
from kamxl.wording.texts import Texts

_NAMED = 2  # who or what came or went, named before the rest is summed
_WORTH_NAMING = 0.5  # points that one of these moved at least
_SHOWN = 1  # decimals

Told = tuple[str, float]  # what moved the total, and by how many points


def signed(t: Texts, points: float) -> str:
    """Points with their sign: "+4,0", "−1,5", and "±0,0" for what is none of both."""
    shown = round(points, _SHOWN)
    sign = "+" if shown > 0 else "−" if shown < 0 else "±"
    return sign + t.number(abs(shown), _SHOWN)


def change_said(t: Texts, portfolio: Portfolio, account: AccountResult) -> str:
    """What changed at an account, or why nothing can be said of it; empty without an answer."""
    change = portfolio.changes.get(account.id)
    if change is not None:
        return _said(t, change)
    periods = {p.period for p in portfolio.history if same_id(p.account) == same_id(account.id)}
    if not periods:
        return ""
    if portfolio.period not in periods:
        return t("portfolio.changed.silent", period=portfolio.period)
    return t("portfolio.changed.first" if len(periods) == 1 else "portfolio.changed.unknown")


def changed_most(portfolio: Portfolio) -> list[AccountResult]:
    """The accounts whose change may be told and shows, the largest first."""
    found = [
        (abs(points), account)
        for account in portfolio.accounts
        if (change := portfolio.changes.get(account.id)) is not None
        and (points := change.points) is not None
        and (_shows(points) or any(_shows(part) for _, part in _kinds(change)))
    ]
    return [account for _, account in sorted(found, key=lambda one: -round(one[0], 9))]


def rival_said(t: Texts, rival: RivalChange | None) -> str:
    """ "Borel +10,0 (1 von 3 Befragten)"; empty where that rests on too little."""
    if rival is None or rival.points is None:
        return ""
    return t(
        "portfolio.changed.rival",
        rival=supplier_name(t, rival.id, rival.name),
        points=signed(t, rival.points),
        raters=rival.basis.raters,
        of=rival.basis.of,
    )


def _said(t: Texts, change: AccountChange) -> str:
    if change.points is None:
        return _not_comparable(t, change)
    parts = ", ".join(_parts(t, change))
    return t(
        "portfolio.changed.said" if parts else "portfolio.changed.same",
        points=signed(t, change.points),
        since=change.since,
        parts=parts,
        rival=rival_said(t, change.rival),
    )


def _not_comparable(t: Texts, change: AccountChange) -> str:
    few = "few_covered" if enough(change.trend.common) else "few_common"
    share = change.covered if few == "few_covered" else change.trend.common
    return t(f"portfolio.changed.{few}", since=change.since, share=_percent(t, share))


def _percent(t: Texts, share: float) -> str:
    """A share below the line never shows as the line itself."""
    return t.number(math.floor(100 * share + 1e-9), 0)


def _shows(points: float) -> bool:
    return round(points, _SHOWN) != 0


def _kinds(change: AccountChange) -> tuple[tuple[Cause, float], ...]:
    trend = change.trend
    return (
        (Cause.OPINION, trend.opinion),
        (Cause.WEIGHTS, trend.weights),
        (Cause.MIX, trend.mix),
        (Cause.RATER_CAME, trend.came_went),
    )


def _parts(t: Texts, change: AccountChange) -> Iterator[str]:
    """Each part in words with its points: opinion, weights, revenue, then who and what came."""
    opinion, weights, mix = change.trend.opinion, change.trend.weights, change.trend.mix
    most = change.moved_most
    if most is not None and (_shows(opinion) or _shows(most[1])):
        yield t(
            "portfolio.changed.opinion",
            points=signed(t, opinion),
            requirement=most[0] if _shows(most[1]) else "",
            most=signed(t, most[1]),
        )
    for key, points in (("weights", weights), ("mix", mix)):
        if _shows(points):
            yield t(f"portfolio.changed.{key}", points=signed(t, points))
    told = sorted(_came_went(t, change), key=lambda one: -abs(round(one[1], 9)))
    named = [one for one in told[:_NAMED] if round(abs(one[1]), 9) >= _WORTH_NAMING]
    for said, points in named:
        yield f"{said} {signed(t, points)}"
    left_over = math.fsum(points for _, points in told[len(named) :])
    if _shows(left_over):
        yield t("portfolio.changed.others", points=signed(t, left_over))


def _came_went(t: Texts, change: AccountChange) -> list[Told]:
    """Who and what came or went, one line for each person, segment and requirement."""
    found: defaultdict[str, list[float]] = defaultdict(list)
    for part in change.trend.parts:
        if part.cause in CAME_WENT:
            found[_what(t, change, part)].append(part.points)
    return [(said, math.fsum(points)) for said, points in found.items()]


def _what(t: Texts, change: AccountChange, part: Part) -> str:
    came = part.cause in (Cause.RATER_CAME, Cause.SEGMENT_CAME, Cause.REQUIREMENT_CAME)
    way, segment = "came" if came else "went", change.segments.get(part.segment, part.segment)
    name = change.raters.get(part.rater, part.rater)
    if part.cause in (Cause.SEGMENT_CAME, Cause.SEGMENT_WENT):
        return t(f"portfolio.changed.{way}", what=t("portfolio.changed.segment", name=segment))
    if part.cause in (Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT):
        by = name if len(change.raters) > 1 else ""
        what = t("portfolio.changed.requirement", text=change.label(part), by=by)
        return t(f"portfolio.changed.{way}", what=what)
    presence = change.presence(part)
    if presence is Presence.ABSENT:
        return t(f"portfolio.changed.{way}", what=name)
    return t(f"portfolio.changed.{presence.value}_{way}", name=name, segment=segment)
