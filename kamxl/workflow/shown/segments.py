"""A segment as JSON: what is said of us there, of each competitor, and what is left to improve."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict

from kamxl.core.ids import US
from kamxl.core.method.programmes import RequirementKey, closing
from kamxl.core.method.robustness import TIE_DIGITS
from kamxl.core.method.weightings import Outlook
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.workflow.shown.json import Json, lead_json


def segment_json(segment: SegmentResult, account: AccountResult) -> Json:
    """The numbers of *Segments*, with those of its rows in *Competitors* and *Value drivers*."""
    return {
        "id": segment.id,
        "name": segment.name,
        "revenue": segment.revenue,
        "period": segment.period,
        "earlier": segment.earlier,
        "total": segment.total,
        "coverage": segment.coverage,
        **lead_json(segment.lead),
        "best_competitor": segment.best_competitor,
        "sensitivity": _outlook(segment.outlook),
        "respondents": segment.respondents,
        "sources": dict(Counter(reply.order.source.value for reply in segment.replies)),
        "profiles": segment.profiles,
        "competitors": [_rival(rival) for rival in segment.rivals],
        "gaps": list(_gaps(segment, account)),
        "minimums_missed": [
            {
                "requirement": requirement,
                "rating": rating,
                "minimum": segment.requirement(requirement).minimum,
            }
            for requirement, rating in segment.knockouts.items()
        ],
    }


def _rival(rival: RivalResult) -> Json:
    """``flip`` null: no shift of one weight turns the order, or there is no verdict to turn."""
    return {
        "id": rival.id,
        "name": rival.name,
        "in_register": rival.in_register,
        "total": rival.total,
        "coverage": rival.coverage,
        **lead_json(rival.lead),
        "flip": asdict(rival.flip) if rival.flip else None,
        "sensitivity": _outlook(rival.outlook),
    }


def _gaps(segment: SegmentResult, account: AccountResult) -> Iterator[Json]:
    """The largest first; ``worth``: points of the account's total; ``rival``: how the best
    competitor is rated, ``lead_part``: what that adds to our lead, null below the line.
    """
    seen, best = segment.profile, segment.best
    share = account.result.weights[segment.id]
    for requirement, points in sorted(segment.gaps.items(), key=lambda gap: -gap[1]):
        if round(points, TIE_DIGITS) <= 0:
            continue
        asked = segment.requirement(requirement)
        key = RequirementKey(account.id, segment.id, requirement)
        yield {
            "requirement": requirement,
            "label": asked.label,
            "weight": asked.weight,
            "rating": seen.rating(US, requirement) if seen else None,
            "rival": seen.rating(best.id, requirement) if seen and best else None,
            "lead_part": segment.lead_part(requirement),
            "points": points,
            "worth": points * share,
            "money": segment.worth(points),
            "actions": [a.id for a in closing(account.standing.actions, [key])[key]],
        }


def _outlook(found: Outlook | None) -> Json | None:
    return asdict(found) if found else None
