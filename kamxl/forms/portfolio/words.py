"""What the portfolio says in words: flips, gaps, disagreements, and how things are called."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kamxl.core.ids import ALTERNATIVE, US, same_id
from kamxl.core.method.robustness import Flip
from kamxl.core.portfolio.improving import Improvement
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.wording.texts import Texts

_MILLION = 1_000_000


def supplier_name(t: Texts, rival: str, name: str) -> str:
    """A competitor's name; the unnamed best alternative is called so in the reader's language."""
    return t("scorecard.alternative") if same_id(rival) == ALTERNATIVE else name


def rival_name(t: Texts, rival: RivalResult) -> str:
    """What a rival is called."""
    return supplier_name(t, rival.id, rival.name)


def best_name(t: Texts, account: AccountResult) -> str:
    """The account's best competitor, empty if there is none."""
    name = account.best_name
    return supplier_name(t, account.best_competitor or "", name) if name else ""


def best_name_of(t: Texts, segment: SegmentResult) -> str:
    """The segment's best competitor, empty if there is none."""
    return rival_name(t, segment.best) if segment.best else ""


def flip_sentence(t: Texts, segment: SegmentResult, rival: RivalResult, flip: Flip) -> str:
    """ "Price from 20 to 31 %: Borel overtakes us." """
    digits = next((d for d in (0, 1) if round(flip.weight, d) != round(flip.critical, d)), 2)
    return t(
        "portfolio.words.we_overtake"
        if same_id(flip.winner) == US
        else "portfolio.words.overtaken",
        requirement=segment.requirement(flip.requirement).label,
        weight=t.number(flip.weight, digits),
        critical=t.number(flip.critical, digits),
        rival=rival_name(t, rival),
    )


def rival_sentence(t: Texts, segment: SegmentResult, rival: RivalResult) -> str:
    """How firm the order of us and one rival is; never empty."""
    name = rival_name(t, rival)
    if rival.lead is None:
        return t("portfolio.words.not_compared", rival=name)
    if rival.tied:
        return t("portfolio.words.tied", rival=name)
    if rival.flip is not None:
        return flip_sentence(t, segment, rival, rival.flip)
    key = "firm_ahead" if rival.lead > 0 else "firm_behind"
    return t(f"portfolio.words.{key}", rival=name)


def account_flip(t: Texts, account: AccountResult) -> str:
    """The account's smallest flip; that there is none; empty without an answer."""
    if not account.answered:
        return ""
    pairs = [(s, r) for s in account.segments for r in s.rivals if r.lead is not None]
    if not pairs:
        return t("portfolio.words.no_rival")
    level = next(((s, r) for s, r in pairs if r.tied), None)
    if level is not None:
        return _placed(t, account, level[0], rival_sentence(t, *level))
    if account.flip is not None:
        segment, rival, flip = account.flip
        return _placed(t, account, segment, flip_sentence(t, segment, rival, flip))
    ahead = all(rival.ahead == 1 for _, rival in pairs)
    return t("portfolio.words.no_flip_ahead" if ahead else "portfolio.words.no_flip")


def _placed(t: Texts, account: AccountResult, segment: SegmentResult, sentence: str) -> str:
    """A sentence about one segment, naming it where the account has several."""
    if len(account.segments) < 2:
        return sentence
    return t("portfolio.words.in_segment", segment=segment.name, sentence=sentence)


def disagreement(t: Texts, account: AccountResult) -> str:
    """The requirement on which the account's raters lie furthest apart; empty if they agree."""
    found = [(s.spread[i], s, i) for s in account.segments for i in s.disagreements[:1]]
    if not found:
        return ""
    spread, segment, requirement = max(found, key=lambda f: f[0].range)
    return t(
        "portfolio.words.apart",
        requirement=segment.requirement(requirement).label,
        low=spread.low,
        high=spread.high,
    )


def knockouts(t: Texts, segments: Sequence[SegmentResult]) -> str:
    """Every rating below its minimum; empty if there is none."""
    return "\n".join(
        t(
            "portfolio.words.knockout",
            requirement=segment.requirement(i).label,
            rating=points(t, rating),
            minimum=points(t, segment.requirement(i).minimum),
        )
        for segment in segments
        for i, rating in segment.knockouts.items()
    )


def largest_rival(t: Texts, one: Improvement) -> str:
    """Who is rated best on a requirement where most revenue is, and in how many segments."""
    rival = one.rival
    if rival is None:
        return ""
    return t(
        "portfolio.words.best_in",
        name=supplier_name(t, rival.id, rival.name),
        count=rival.segments,
        of=one.segments,
    )


def money(t: Texts, value: float) -> str:
    """An amount of money as one says it: "4.2 m", "820,000"."""
    if abs(value) >= _MILLION:
        return t("portfolio.words.millions", value=value / _MILLION)
    return t.manner.exact(Decimal(round(value)), "#,##0")


def points(t: Texts, value: float | None) -> str:
    """Points as they were given: whole ones without decimals, a mean with one."""
    return t.number(value, 0 if value is None or value == round(value) else 1)


def period_of(t: Texts, period: str | None, *, earlier: bool) -> str:
    """A period, marked if it is an earlier one."""
    if period is None:
        return ""
    return t("portfolio.words.earlier", period=period) if earlier else period


def strengths(t: Texts, segment: SegmentResult, rival: RivalResult) -> str:
    """The (up to three) requirements where a rival leads us most, with the weighted points."""
    parts = sorted(rival.parts.items(), key=lambda part: part[1])
    return "\n".join(
        t(
            "portfolio.words.strength",
            requirement=segment.requirement(i).label,
            points=-points,
        )
        for i, points in parts[:3]
        if round(points, 9) < 0
    )
