"""Why an account's total is another one than last time, in words.

"+4,0 seit 2026-H1: Urteil +6,5 (am meisten Liefertreue +3,1), Gewichte −1,0, Pia nicht mehr dabei
−1,5; Borel +10,0". What shows as 0,0 is not told, and what cannot be compared is said to be so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from kamxl.core.method.basis import enough, rounded_percent
from kamxl.core.method.trend import CAME_WENT, Cause, Part
from kamxl.core.portfolio.changing import AccountChange, Presence, RivalChange
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio.words import rival_name
from kamxl.wording.texts import Texts

_NAMED = 2  # who or what came or went, named before the rest is summed
_WORTH_NAMING = 0.5  # points that one of these moved at least
_SHOWN = 1  # decimals


class _Told(NamedTuple):
    """A part in words: how many points it moved either way, and the cause of three of them."""

    size: float
    cause: Cause | None
    said: str


def signed(t: Texts, points: float) -> str:
    """Points with their sign: "+4,0", "−1,5", and "±0,0" for what is none of both."""
    shown = points if _shows(points) else 0.0
    sign = "+" if shown > 0 else "−" if shown < 0 else "±"
    return sign + t.number(abs(shown), _SHOWN)


def change_said(
    t: Texts, portfolio: Portfolio, account: AccountResult, *, brief: bool = False
) -> str:
    """What changed at an account, or why nothing can be said of it; empty without an answer.

    ``brief``: of the parts only the requirement that moved the total most.
    """
    change = portfolio.changes.get(account.id)
    if change is not None:
        return _said(t, change, brief)
    periods = {point.period for point in portfolio.course(account)}
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
        and (_shows(points) or _shows(change.trend.opinion) or _shows(change.trend.weights))
    ]
    return [account for _, account in sorted(found, key=lambda one: -round(one[0], 9))]


def rival_said(t: Texts, rival: RivalChange | None) -> str:
    """ "Borel +10,0 (1 von 3 Befragten)"; empty where that rests on too little."""
    if rival is None or rival.points is None:
        return ""
    return t(
        "portfolio.changed.rival",
        rival=rival_name(t, rival),
        points=signed(t, rival.points),
        raters=rival.basis.raters,
        of=rival.basis.of,
    )


def _said(t: Texts, change: AccountChange, brief: bool) -> str:
    if change.points is None:
        return _not_comparable(t, change)
    told = _brief(t, change) if brief else (part.said for part in _parts(t, change))
    parts = ", ".join(told)
    return t(
        "portfolio.changed.said" if parts else "portfolio.changed.same",
        points=signed(t, change.points),
        since=change.since,
        parts=parts,
        rival=rival_said(t, change.rival),
    )


def _not_comparable(t: Texts, change: AccountChange) -> str:
    if change.trend.common == 0:
        return t("portfolio.changed.nothing_common", since=change.since)
    few = "few_covered" if enough(change.trend.common) else "few_common"
    share = change.covered if few == "few_covered" else change.trend.common
    return t(f"portfolio.changed.{few}", since=change.since, share=_percent(t, share))


def _percent(t: Texts, share: float) -> str:
    """A share below the line never shows as the line itself."""
    return t.number(rounded_percent(share), 0)


def _shows(points: float) -> bool:
    return round(points, _SHOWN) != 0


def _brief(t: Texts, change: AccountChange) -> Iterator[str]:
    """The largest part alone; of the opinion, the requirement that moved most."""
    parts = list(_parts(t, change))
    if parts:
        cause, said = max(parts, key=lambda part: part.size)[1:]
        most = change.moved_most if cause is Cause.OPINION else None
        alike = most is not None and most[1] * change.trend.opinion > 0
        yield (_most(t, change) if alike else "") or said


def _most(t: Texts, change: AccountChange) -> str:
    """The requirement whose ratings moved the total most; empty if none shows."""
    most = change.moved_most
    if most is None or not _shows(most[1]):
        return ""
    return t("portfolio.changed.most", requirement=most[0], points=signed(t, most[1]))


def _parts(t: Texts, change: AccountChange) -> Iterator[_Told]:
    """Each part in words with its points: opinion, weights, revenue, then who and what came."""
    trend, most = change.trend, _most(t, change)
    if _shows(trend.opinion) or most:
        said = t("portfolio.changed.opinion", points=signed(t, trend.opinion), most=most)
        yield _Told(abs(trend.opinion), Cause.OPINION, said)
    for cause, points in ((Cause.WEIGHTS, trend.weights), (Cause.MIX, trend.mix)):
        if _shows(points):
            said = t(f"portfolio.changed.{cause.value}", points=signed(t, points))
            yield _Told(abs(points), cause, said)
    found: defaultdict[str, list[float]] = defaultdict(list)
    for part in trend.parts:
        if part.cause in CAME_WENT:
            found[_what(t, change, part)].append(part.points)
    moved = [(said, math.fsum(points)) for said, points in found.items()]
    moved.sort(key=lambda one: -round(abs(one[1]), 9))
    named = [one for one in moved[:_NAMED] if round(abs(one[1]), 9) >= _WORTH_NAMING]
    for said, points in named:
        yield _Told(abs(points), None, f"{said} {signed(t, points)}")
    left_over = math.fsum(points for _, points in moved[len(named) :])
    if _shows(left_over):
        said = t("portfolio.changed.others", points=signed(t, left_over))
        yield _Told(abs(left_over), None, said)


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
