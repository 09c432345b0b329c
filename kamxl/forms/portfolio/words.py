"""What the portfolio says in words: flips, gaps, disagreements, and how things are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kamxl.core.ids import ALTERNATIVE, US, same_id
from kamxl.core.method.programmes import Programme
from kamxl.core.method.robustness import Flip, Reach
from kamxl.core.method.weightings import WITHIN, Outlook
from kamxl.core.portfolio.changing import RivalChange
from kamxl.core.portfolio.improving import Improvement, Strongest
from kamxl.core.portfolio.results import AccountResult, RivalResult, SegmentResult
from kamxl.core.portfolio.whole import Portfolio
from kamxl.core.roles import Source
from kamxl.forms.paper.style import WARN_SOFT, Style
from kamxl.forms.portfolio.grounds import grounds_of_account, grounds_of_rival, who_says
from kamxl.forms.portfolio.links import Said
from kamxl.forms.portfolio.parts import TEXT_CELL
from kamxl.wording.manner import rounded
from kamxl.wording.texts import Texts

NAMES = 4  # named before "and n more"
_MILLION = 1_000_000


def listed(t: Texts, names: Sequence[str], most: int = NAMES) -> str:
    """The first names, and how many more there are."""
    shown, more = ", ".join(names[:most]), len(names) - most
    return t("portfolio.news.more_names", names=shown, count=more) if more > 0 else shown


def money(t: Texts, amount: float | None) -> str:
    """An amount as one says it: "4.2 m", "820,000", unknown is a dash."""
    if amount is None:
        return t.number(None)
    if abs(amount) >= _MILLION:
        return t("portfolio.words.millions", value=amount / _MILLION)
    return t.manner.exact(rounded(amount, 0), "#,##0")


def unvalued(portfolio: Portfolio, t: Texts) -> list[Said]:
    """Which active programmes the expected sums do not hold: in none of them, or in one."""
    found: dict[str, list[str]] = {"both": [], "revenue": [], "profit": []}
    for account, programme, measure in _unvalued(portfolio):
        said = t("portfolio.words.programme_of", name=programme.name, account=account.name)
        found[measure].append(said)
    return [
        Said(
            t(f"portfolio.news.unvalued_{measure}", count=len(names), names=listed(t, names)),
            "programmes",
        )
        for measure, names in found.items()
        if names
    ]


def _unvalued(portfolio: Portfolio) -> Iterable[tuple[AccountResult, Programme, str]]:
    """Each with what is not known of it: "revenue", "profit" or "both"."""
    for account in portfolio.planned:
        summary = account.standing.programmes
        if summary is None:
            continue
        revenue, profit = summary.unvalued_revenue, summary.unvalued_profit
        for programme in revenue:
            yield account, programme, "both" if programme in profit else "revenue"
        yield from ((account, p, "profit") for p in profit if p not in revenue)


def supplier_name(t: Texts, rival: str, name: str) -> str:
    """A competitor's name; the best other supplier is called so in the reader's language."""
    return t("scorecard.alternative") if same_id(rival) == ALTERNATIVE else name


def rival_name(
    t: Texts, rival: RivalResult | Strongest | RivalChange, *, short: bool = False
) -> str:
    """What a rival is called; one that left the register is marked, ``short`` in few letters."""
    name = supplier_name(t, rival.id, rival.name)
    if rival.in_register:
        return name
    return t("portfolio.words.left" if short else "portfolio.words.gone", name=name)


def best_name(t: Texts, account: AccountResult, *, short: bool = False) -> str:
    """The account's best competitor, marked without a verdict; empty if there is none.

    Segments that are compared with others are in the same lead: "Borel and others". ``short``:
    marked as a narrow column has room for it.
    """
    if account.best is None:
        return ""
    name = rival_name(t, account.best, short=short)
    if account.lead.verdict is None:
        mark = "portfolio.words.in_brackets" if short else "portfolio.words.not_comparable"
        return t(mark, name=name)
    over = {s.best_competitor for s in account.segments if s.lead.points is not None}
    return t("portfolio.words.and_others", name=name) if len(over) > 1 else name


def best_name_of(t: Texts, segment: SegmentResult) -> str:
    """The segment's best competitor, marked without a verdict; empty if there is none."""
    if segment.best is None:
        return ""
    name = rival_name(t, segment.best)
    judged = segment.lead.verdict is not None
    return name if judged else t("portfolio.words.not_comparable", name=name)


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
    """How firm the order of us and one rival is; why nothing can be said of it; never empty."""
    name, verdict = rival_name(t, rival), rival.lead.verdict
    if verdict is None:
        return grounds_of_rival(t, segment, rival)
    if rival.flip is not None:
        return flip_sentence(t, segment, rival, rival.flip)
    if rival.reach is Reach.NONE:
        return t("portfolio.words.one_requirement", rival=name)
    if rival.lead.tied:
        return t("portfolio.words.tied", rival=name)
    said = f"portfolio.words.firm_{verdict.name.lower()}"
    return t(said, rival=name, no_weight=no_weight(t, [rival]))


def no_weight(t: Texts, rivals: Sequence[RivalResult]) -> str:
    """ "No single weight", and of which ones that is known: what is not compared may decide."""
    return t(
        "portfolio.words.no_weight",
        part=any(not rival.lead.basis.whole for rival in rivals),
        several=any(rival.reach is Reach.SHARED for rival in rivals),
    )


def outlook_sentence(t: Texts, outlook: Outlook | None) -> str:
    """ "Ahead in 83% of all weightings within ±20%, level in 17%."; empty without a verdict."""
    if outlook is None:
        return ""
    sample = not outlook.exact
    shares = {"ahead": outlook.ahead, "level": outlook.level, "behind": outlook.behind}
    known = [one for one, share in shares.items() if share > 0]
    if len(known) == 1:  # of a sample this is nearly all: what was not drawn may be otherwise
        return t(f"portfolio.words.always_{known[0]}", within=WITHIN, sample=sample)
    return t("portfolio.words.outlook", within=WITHIN, sample=sample, **_whole(shares, known))


def _whole(shares: Mapping[str, float], known: Sequence[str]) -> dict[str, int]:
    """Shares in whole % that sum to 100: of what is there at least 1, so that neither all nor none
    is said of nearly so; the first as near as can be.
    """
    said, left = dict.fromkeys(shares, 0), 100
    for place, one in enumerate(known, 1):
        most = left - (len(known) - place)
        last = place == len(known)
        said[one] = most if last else min(max(int(rounded(100 * shares[one], 0)), 1), most)
        left -= said[one]
    return said


def account_outlook(t: Texts, account: AccountResult) -> str:
    """The outlook of the segment in which we are least often ahead of its best competitor."""
    found = [(s.outlook.ahead, -s.outlook.behind, s) for s in account.segments if s.outlook]
    if not found:
        return ""
    segment = min(found, key=lambda one: one[:2])[2]
    return _placed(t, account, segment, outlook_sentence(t, segment.outlook))


def account_flip(t: Texts, account: AccountResult) -> str:
    """The account's smallest flip; that there is none, or why that may not be said; empty without
    an answer.
    """
    if not account.answered:
        return ""
    pairs = [(s, r) for s in account.segments for r in s.rivals if r.lead.verdict is not None]
    if not pairs:
        return grounds_of_account(t, account)
    level = next(((s, r) for s, r in pairs if r.lead.tied and r.reach is not Reach.NONE), None)
    if level is not None:
        return _placed(t, account, level[0], rival_sentence(t, *level))
    if account.flip is not None:
        segment, rival, flip = account.flip
        return _placed(t, account, segment, flip_sentence(t, segment, rival, flip))
    stuck = next(((s, r) for s, r in pairs if r.reach is Reach.NONE), None)
    if stuck is not None:
        return _placed(t, account, stuck[0], rival_sentence(t, *stuck))
    if account.lead.verdict is None:
        return grounds_of_account(t, account)
    key = "portfolio.words.no_flip_ahead" if account.first else "portfolio.words.no_flip"
    return t(key, no_weight=no_weight(t, [r for s in account.segments for r in s.rivals]))


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
    """Every requirement rated below its minimum, and by whom; empty if there is none."""
    return "\n".join(
        _knockout(t, segment, i, rating)
        for segment in segments
        for i, rating in segment.knockouts.items()
    )


def _knockout(t: Texts, segment: SegmentResult, requirement: str, rating: float) -> str:
    wanted = same_id(requirement)
    below = [
        reply
        for reply in segment.replies
        if wanted in map(same_id, reply.answers.scorecard.knockouts())
    ]
    return t(
        "portfolio.words.knockout",
        requirement=segment.requirement(requirement).label,
        rating=points(t, rating),
        minimum=points(t, segment.requirement(requirement).minimum),
        who=who_says(t, below, len(below)),
        raters=len(below),
        of=segment.respondents,
    )


def largest_rival(t: Texts, one: Improvement) -> str:
    """Who is rated best on a requirement where most revenue is, and in how many segments."""
    rival = one.rival
    if rival is None:
        return ""
    return t(
        "portfolio.words.best_in",
        name=rival_name(t, rival),
        count=rival.segments,
        of=one.segments,
    )


def points(t: Texts, value: float | None) -> str:
    """Points as they were given: whole ones without decimals, a mean with one."""
    return t.number(value, 0 if value is None or value == round(value) else 1)


def how_asked(t: Texts, how: Source, *, profile_only: bool) -> str:
    """By mail, in an interview or jointly; and whether only for a profile."""
    said = t(f"register.choices.source.{how.value}")
    return t("portfolio.words.profile_only", how=said) if profile_only else said


def period_of(t: Texts, period: str | None, *, earlier: bool) -> str:
    """A period, marked if it is an earlier one."""
    if period is None:
        return ""
    return t("portfolio.words.earlier", period=period) if earlier else period


def dated(t: Texts, account: AccountResult, said: Iterable[SegmentResult] | None = None) -> str:
    """The account's name; where it is said of answers from before the period, of which ones.

    ``said``: the segments that a sentence speaks of, None: all that are answered.
    """
    spoken = account.answered if said is None else tuple(said)
    before = dict.fromkeys(one.period for one in spoken if one.earlier and one.period)
    if not before:
        return account.name
    partly = not all(one.earlier for one in spoken)
    return t("portfolio.words.as_of", name=account.name, period=", ".join(before), partly=partly)


def period_style(*, earlier: bool) -> Style:
    """How a period looks: an earlier one stands out."""
    return TEXT_CELL.but(fill=WARN_SOFT) if earlier else TEXT_CELL


def strengths(t: Texts, segment: SegmentResult, rival: RivalResult) -> str:
    """The (up to three) requirements where a rival leads us most, with the weighted points.

    Empty below the line: who compared too little says nothing of where anybody is ahead.
    """
    if rival.lead.verdict is None:
        return ""
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
