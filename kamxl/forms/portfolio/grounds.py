"""What a verdict rests on, in words; below the line, what is missing for one.

"15 behind, says Purchasing (1 of 3), over 80 % of the weights": whoever shows a lead in words asks
here, so that no sentence says more than its basis.
"""

from __future__ import annotations

from collections.abc import Sequence

from kamxl.core.cards.replies import person_of
from kamxl.core.method.basis import Basis, Lead, verdict_of
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.core.portfolio.views import role_of
from kamxl.core.records.register import Reply
from kamxl.wording.texts import Texts

_NAMED = 3  # raters named before it is only said how many


def verdict_word(t: Texts, points: float, level_within: float) -> str:
    """ "Vorsprung 21,8", "Rückstand 15,0", "gleichauf", of points that may be judged."""
    verdict = verdict_of(points, level_within)
    return t(f"portfolio.grounds.{verdict.name.lower()}", points=abs(points))


def grounds_of_rival(t: Texts, segment: SegmentResult, rival: RivalResult) -> str:
    """What the lead over one rival rests on, or what is missing for a verdict."""
    if not rival.lead.basis.enough:
        return t("portfolio.grounds.not_comparable", missing=_missing(t, segment, rival))
    return _says(t, rival.lead.basis, _compared_by(segment, rival))


def grounds_of_segment(t: Texts, segment: SegmentResult) -> str:
    """What the segment's lead rests on, or what is missing; empty without an answer."""
    if not segment.replies:
        return ""
    if segment.best is None:
        return t("portfolio.grounds.not_comparable", missing=_missing(t, segment, None))
    return grounds_of_rival(t, segment, segment.best)


def grounds_of_account(t: Texts, account: AccountResult) -> str:
    """What the account's lead rests on, or what is missing; empty without an answer."""
    if not account.answered:
        return ""
    if len(account.segments) == 1:
        return grounds_of_segment(t, account.segments[0])
    compared = [s for s in account.segments if s.lead.points is not None]
    basis = account.lead.basis
    if not basis.enough:
        return t("portfolio.grounds.not_comparable", missing=_too_few(t, account, compared))
    said = _says(t, basis, [reply for segment in compared for reply in segment.comparing])
    if len(compared) == len(account.segments):
        return said
    segments = {"compared": len(compared), "segments": len(account.segments)}
    return t("portfolio.grounds.some_segments", said=said, **segments)


def _says(t: Texts, basis: Basis, replies: Sequence[Reply]) -> str:
    """Who says so, and over how much of the weights."""
    key = "says_all" if basis.raters == basis.of > 1 else "says"
    who = who_says(t, replies, basis.raters)
    return t(f"portfolio.grounds.{key}", who=who, **_counts(basis))


def who_says(t: Texts, replies: Sequence[Reply], raters: int) -> str:
    """Raters by their function, else their role, else their name: "Einkauf, Produktion".

    ``raters``: how many persons gave the replies.
    """
    named = dict.fromkeys(_called(t, reply) for reply in replies)
    if len(named) > _NAMED:
        return t("portfolio.grounds.many", count=raters)
    return ", ".join(named)


def _called(t: Texts, reply: Reply) -> str:
    function = " ".join((reply.answers.function or reply.order.function).split())
    if function:
        return function
    role = role_of(reply)
    return t(f"portfolio.roles.{role.value}") if role else person_of(reply)


def _compared_by(segment: SegmentResult, rival: RivalResult) -> list[Reply]:
    return [segment.replies[at] for at in rival.leads.who]


def _missing(t: Texts, segment: SegmentResult, rival: RivalResult | None) -> str:
    """Why there is no verdict in a segment."""
    if rival is not None and rival.lead.basis.raters:
        who = who_says(t, _compared_by(segment, rival), rival.lead.basis.raters)
        return t("portfolio.grounds.few_weights", who=who, **_counts(rival.lead.basis))
    if all(reply.profile_only for reply in segment.replies):
        return t("portfolio.grounds.profile_only")
    if not segment.rivals:
        return t("portfolio.grounds.no_rival_asked")
    if all(found.total is None for found in segment.rivals):
        return t("portfolio.grounds.no_rival_rated")
    return t("portfolio.grounds.nothing_in_common")


def _counts(basis: Basis) -> dict[str, object]:
    return {"raters": basis.raters, "of": basis.of, "weights": basis.percent}


def _too_few(t: Texts, account: AccountResult, compared: Sequence[SegmentResult]) -> str:
    """Why there is no verdict over the whole of an account with several segments."""
    counts = _counts(account.lead.basis)
    names = ", ".join(segment.name for segment in compared[:_NAMED])
    key = "few_revenue" if compared else "no_segment"
    segments = {"compared": len(compared), "segments": len(account.segments), "names": names}
    return t(f"portfolio.grounds.{key}", **counts, **segments)


def verdict_said(t: Texts, lead: Lead, rival: str, grounds: str) -> str:
    """The whole sentence: the verdict over a rival with its grounds, or why there is none."""
    points, verdict = lead.points, lead.verdict
    if points is None or verdict is None:
        return grounds
    said = f"said_{verdict.name.lower()}"
    return t(f"portfolio.grounds.{said}", points=abs(points), rival=rival, grounds=grounds)
