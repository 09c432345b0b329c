"""Which record a number of a table or of the JSON is, where its name alone does not tell.

Whatever is not named here is looked for under its own name: a column ``total`` of a table is the
attribute ``total`` of its row's record (or of what ``BASES`` names), a JSON key that of the record
it is made of. What is found nowhere fails the test with its name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from statistics import fmean
from typing import Any

from kamxl.core.finding import Fate
from kamxl.core.ids import US
from kamxl.core.method.basis import Basis
from kamxl.core.method.gate import Answer
from kamxl.core.method.panel import Panel
from kamxl.core.method.programmes import ActionState
from kamxl.core.method.scoring import Scorecard
from kamxl.core.method.selection import AccountList, GrowthCondition
from kamxl.core.method.trend import Cause
from kamxl.core.portfolio.ahead import ahead
from kamxl.core.portfolio.benefits import achieved
from kamxl.core.portfolio.chasing import Reached, tallies
from kamxl.core.portfolio.improving import improvements
from kamxl.core.records.benefits import summed
from kamxl.forms.portfolio.drivers import closers
from tests.ways.looking import Around, Asked, Path, look

# Where in a row's record its columns are looked for by their names, the first that has it.
BASES: dict[str, tuple[str, ...]] = {
    "map": ("", "selected", "account.standing.position"),
    "accounts": (
        "account", "account.standing.position", "account.standing.selected",
        "account.standing.breadth", "account.standing.programmes", "",
    ),
    "selection": ("selected", "selected.candidate", "account"),
    "position": ("standing.position", ""),
    "segments": ("segment", "account"),
    "fields": ("field", ""),
    "heatmap": ("account",),
    "benchmark": ("of", "line"),
    "whatif": ("raised", ""),
    "tried": ("what", "what.scenario", ""),
    "drivers": ("", "segment", "account"),
    "competitors": ("", "rival", "segment"),
    "views": ("row", "own", ""),
    "voices": ("spoken", "spoken.seen"),
    "wishes": ("wish", ""),
    "contacts": ("plan.breadth", "account"),
    "programmes": ("programme", "account"),
    "benefits": ("benefit", "benefit.lever"),
    "actions": ("action", "account"),
    "trend": ("", "change", "account"),
    "intake": ("file", "finding"),
}  # fmt: skip


def _heat(number: int) -> Callable[[Any], float | None]:
    """The mean rating of us over the segments of an account that ask a topic."""

    def mean(row: Any) -> float | None:
        found = [s.profile.rating(US, i) for s, i in row.cited.get(number, ()) if s.profile]
        known = [rating for rating in found if rating is not None]
        return fmean(known) if known else None

    return mean


def _done(key: str, part: str) -> Callable[[Any], float | None]:
    def amount(row: Any) -> float | None:
        found = achieved(row.programme)
        return getattr(getattr(found, part), key) if found else None

    return amount


def _overdue(line: Any) -> int | None:
    account = line.account
    return len(account.standing.overdue) if account and account.standing.plan else None


def _of_programmes(of: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A number of an account's active programmes: none without any, unknown without a plan."""

    def found(line: Any) -> Any:
        standing = line.account.standing if line.account else None
        if standing is None or standing.plan is None:
            return None
        return of(standing.programmes) if standing.programmes else 0

    return found


def _expected(kind: str, at: int | None = None) -> Path:
    """What a programme is expected to bring, in all years or in those of a column."""

    def found(line: Any, around: Around) -> float | None:
        known = [
            value
            for effect in line.programme.expected
            if at is None or effect.year in around.years[at]
            if (value := getattr(effect, kind)) is not None
        ]
        return sum(known) if known else None

    return Asked(found)


def _in_list(what: str, of: AccountList) -> Callable[[Any], float | None]:
    """What of an improvement is at the accounts of one list; none there: unknown."""

    def found(one: Any) -> float | None:
        part = one.within(of)
        return getattr(part, what) if part.gaps else None

    return found


def _days_late(action: Any, around: Around) -> int | None:
    """By how many days an open action is overdue; 0: in time."""
    day = around.portfolio.as_of
    if day is None or action.due is None or action.state is not ActionState.OPEN:
        return None
    late: int = max((day - action.due).days, 0)
    return late


def _late(record: Any, around: Around) -> int | None:
    return _days_late(record.action, around)


def _completed(segment: Any) -> bool:
    """Somebody weighed every requirement, summing to 100."""

    def whole(card: Scorecard) -> bool:
        weights = [one.weight for one in card.requirements]
        off = abs(sum(w for w in weights if w is not None) - 100)
        return None not in weights and round(off, 9) <= 0.01

    return any(whole(reply.answers.scorecard) for reply in segment.replies)


def _rated(line: Any, supplier: str) -> float | None:
    seen = line.segment.profile
    return seen.rating(supplier, line.requirement) if seen and supplier else None


def _missed(line: Any) -> int | None:
    segments = line.account.segments if line.account else ()
    return sum(len(segment.knockouts) for segment in segments) or None


def _end(end: str) -> Callable[[Any], float | None]:
    """The lowest or highest of the totals of those who count, where there are several."""

    def found(line: Any) -> float | None:
        rated = line.segment.rated
        return getattr(rated, end) if len(rated.who) > 1 else None

    return found


def _rests(path: str, *, at_all: str = "of") -> Callable[[Any], float | None]:
    """The share of the weights that a lead rests on; where nobody answered it stays empty, and
    beside the count of who compared where nobody did.
    """

    def found(record: Any) -> float | None:
        lead = look(record, path)
        return lead.basis.weights if lead and getattr(lead.basis, at_all) else None

    return found


def _answered(condition: GrowthCondition) -> Callable[[Any], str]:
    """What the team says of a condition; nothing said is unknown."""
    return lambda line: line.selected.candidate.conditions.get(condition.value) or Answer.UNKNOWN


def _raters(line: Any) -> int | None:
    """Who compared, of those who answered; without a rival there was nobody to compare with."""
    return line.segment.lead.basis.raters if line.segment.best else None


def _sum_of(*causes: Cause) -> Callable[[Any], float | None]:
    """A part of a change, where it may be told."""
    return lambda row: row.told.sum_of(*causes) if row.told else None


def _benchmark(key: str) -> Callable[[Any], Any]:
    """A requirement's; or an account's over all of them, where that rests on enough."""

    def found(row: Any) -> Any:
        if row.of is not None:
            return getattr(row.of, key)
        return getattr(row.line, key) if row.line.enough else None

    return found


def _part(key: str) -> Callable[[Any], Any]:
    """What a requirement adds to its account's mean."""

    def found(row: Any) -> Any:
        of = row.of
        known = of is not None and of.weight is not None
        return of.weight * getattr(of, key) / 100 if known else None

    return found


def _weight(row: Any) -> Any:
    return row.of.weight if row.of is not None else 100 * row.line.weights


def _weighed(row: Any) -> Any:
    return row.of.weight if row.of is not None else None


def _would(rater: Any, around: Around) -> Any:
    """What a reply's own total or lead would rise by."""
    known = rater.total if rater.supplier == US else rater.lead
    found = around.tried
    if found is None or rater.earlier or known is None:
        return None
    raised = found.of(rater.account, rater.segment)
    return raised.won(rater.supplier, rater.answer - 1) if raised else 0.0


def _lead_now(rater: Any, around: Around) -> Any:
    """A segment's lead over a rival, said beside the first reply."""
    if rater.supplier == US or rater.answer != 1 or rater.earlier:
        return None
    account = next(a for a in around.portfolio.accounts if a.id == rater.account)
    segment = next(s for s in account.segments if s.id == rater.segment)
    return segment.rival(rater.supplier).lead.points


def _lead_then(rater: Any, around: Around) -> Any:
    """The same with our ratings raised."""
    now, tried = _lead_now(rater, around), around.tried
    raised = tried.of(rater.account, rater.segment) if tried and now is not None else None
    return raised.after.lead(rater.supplier).points if raised else now if tried else None


# table -> column -> where its number is; a pattern ends in "*", its path takes the rest.
COLUMNS: dict[str, dict[str, Path]] = {
    "map": {
        "rests": _rests("account.lead"), "relative": "account.standing.position.relative",
        "revenue": "selected.candidate.revenue", "before": "before.relative",
    },
    "accounts": {
        "size": "account.standing.selected.candidate.revenue",
        "position": "account.lead.verdict", "lead": "account.lead.points",
        "points": "account.gap.points", "missed": _missed, "overdue": _overdue,
        "active": _of_programmes(lambda p: p.active),
        "revenue": "account.standing.programmes.expected.revenue.value",
        "profit": "account.standing.programmes.expected.profit.value",
        "unvalued_revenue": _of_programmes(lambda p: len(p.unvalued_revenue)),
        "unvalued_profit": _of_programmes(lambda p: len(p.unvalued_profit)),
        "lead_coverage": _rests("account.lead"),
        "fresh": lambda line: bool(line.account and line.account.fresh) or None,
        "gate": "account.standing.selected.gate.gate", "level": "account.standing.ladder.status.id",
    },
    "selection": {
        "share": "selected.revenue_share", "cumulated": "selected.cumulated_share",
        "c:*": "selected.candidate.ratings.*",
        **{f"g:{one.value}": _answered(one) for one in GrowthCondition},
        "gate": "selected.gate.gate",
    },
    "position": {
        "lead": "lead.unjudged", "lead_coverage": _rests("lead"),
        "agreed": "standing.position.agreed_value", "claimed": "standing.position.claimed_value",
        "confirmed": "standing.position.confirmed_value",
        "target": "standing.position.value_target", "last": "standing.position.last_margin",
        "improvement": "standing.position.improvement_target",
        "level": "standing.ladder.status.id",
    },
    "segments": {
        "low": _end("low"), "high": _end("high"), "position": "segment.lead.verdict",
        "lead": "segment.lead.points", "raters": _raters,
        "lead_coverage": _rests("segment.lead", at_all="raters"),
        "share": "segment.lead.basis.revenue",
        "in_total": "share.total", "in_lead": "share.lead",
        "profile": lambda line: _completed(line.segment),
    },
    "fields": {
        "last": "field.revenue_last", "now": "field.revenue_now", "white": "field.white_space",
        "wallet": "field.share_of_wallet",
    },
    "heatmap": {
        "answered": "#account.answered", **{f"q{n + 1}": _heat(n) for n in range(20)},
    },
    "drivers": {
        "weight": lambda d: d.segment.requirement(d.requirement).weight,
        "us": lambda d: _rated(d, US),
        "rival": lambda d: _rated(d, d.segment.best.id if d.segment.best else ""),
        "lead": "lead_part", "list": "account.standing.selected.list",
    },
    "improvements": {
        "sum_number": "place", "sum_revenue": "revenue.value",
        **{f"sum_{what}_{of.value}": _in_list(what, of)
           for what in ("money", "points") for of in AccountList},
    },
    "competitors": {
        "ours": "segment.total", "theirs": "rival.total", "position": "rival.lead.verdict",
        "lead": "rival.lead.points", "raters": "rival.lead.basis.raters",
        "lead_coverage": _rests("rival.lead", at_all="raters"),
        "fresh": lambda c: None if c.segment.earlier else 1,
    },
    "overall": {
        "sum_compared": lambda o: o.count(), "sum_ahead": lambda o: o.count(-1),
        "sum_level": lambda o: o.count(0), "sum_behind": lambda o: o.count(1),
    },
    "views": {
        "requirer_weight": "row.requirers.weight", "purchaser_weight": "row.purchasers.weight",
        "requirer_rating": "row.requirers.rating", "purchaser_rating": "row.purchasers.rating",
        "weight_difference": "row.weight_difference", "rating_difference": "row.rating_difference",
        "ours": "own.ours", "theirs": "own.theirs", "gap": "own.gap",
    },
    "voices": {"raters": "spoken.seen.n"},
    "wishes": {
        "complicated": "efforts.complicated.rating", "time": "efforts.time.rating",
        "cost": "efforts.cost.rating", "fit": "thread.fit", "result": "thread.result",
    },
    "follow": {
        "group": lambda one: None if one.followed is None or one.kind == "wish" else one.followed,
    },
    "sides": {"sum_*": "group.*"},
    "contacts": {
        "f:*": "heat.f:*", "covered": "#plan.breadth.covered", "functions": "#plan.functions",
        "roles": "plan.breadth.roles_known",
    },
    "programmes": {
        **{f"{kind[0]}:{at}": _expected(kind, at)
           for kind in ("revenue", "profit") for at in range(20)},
        "revenue": _expected("revenue"), "profit": _expected("profit"),
        "customer_revenue": _expected("customer_revenue"),
        "customer_profit": _expected("customer_profit"),
        **{f"{part}_{side}{kind}": _done(f"{side}{kind}", part)
           for part in ("planned", "actual") for side in ("", "customer_")
           for kind in ("revenue", "profit")},
    },
    "benefits": {"named": "benefit.amount", "amount": "benefit.lever.amount"},
    "benefit_sums": {
        "sum_named": "sums.named.value", "sum_money": "sums.money.claimed.value",
        "sum_*": "sums.counts.*",
    },
    "actions": {"late": Asked(_late)},
    "chase": {"late": Asked(lambda one, around: one.late(around.portfolio.as_of))},
    "tallies": {"sum_asked": "asked", "sum_overdue": "overdue", "sum_*": "by.*"},
    "trend": {
        "p:*": "points.*.total", "change": "told.points", "opinion": "told.opinion",
        "weights": "told.weights", "mix": "told.mix", "came_went": "told.came_went",
        "common": "change.trend.common",
        "check": lambda row: None if row.told is None else 1,
        "raters": _sum_of(Cause.RATER_CAME, Cause.RATER_WENT),
        "segments": _sum_of(Cause.SEGMENT_CAME, Cause.SEGMENT_WENT),
        "requirements": _sum_of(Cause.REQUIREMENT_CAME, Cause.REQUIREMENT_WENT),
        "before": "means.then", "now": "means.now",
        "compared": lambda row: 1 if row.means.change else None,
    },
    "benchmark": {
        **{key: _benchmark(key) for key in ("own", "others", "difference")},
        "n": lambda row: (row.of or row.line).n, "weight": _weight,
        "own_part": _part("own"), "others_part": _part("others"), "weighed": _weighed,
    },
    "benchmarks": {"sum_number": "place"},
    "whatif": {
        "list": "account.standing.selected.list",
        **{key: f"raised.{when}.{what}" for key, when, what in (
            ("total", "now", "total"), ("total_then", "then", "total"),
            ("lead", "now", "lead.points"), ("lead_then", "then", "lead.points"),
            ("position", "now", "lead.verdict"), ("position_then", "then", "lead.verdict"),
            ("rank", "now", "place"), ("rank_then", "then", "place"))},
        "of": lambda line: (line.raised.now.of or None) if line.raised else None,
        "counts": "share",
    },
    "tried": {
        "set_to": "what.scenario.to", "set_list": "what.scenario.list",
        "sum_ahead": lambda one: one.what.turned(1), "sum_level": lambda one: one.what.turned(0),
        "sum_number": "number",
    },
    "intake": {"fate": lambda line: line.file.fate if line.file and line.first else None},
    "raters": {
        "raised": Asked(_would), "now": Asked(_lead_now), "then": Asked(_lead_then),
        "sum": "weights_sum",
        "in_total": lambda r: r.in_total or None,
        "in_lead": lambda r: r.in_lead or None,
    },
    "data": {
        "us": "ratings.us", "r:*": "ratings.*", "sum": "weights_sum", "answers": "weighing",
        "mean": "us",
    },
}  # fmt: skip

# The words of a verdict: table.column -> the group of texts in which its value is a key.
WORDS: dict[str, str] = {
    "map.list": "portfolio.lists",
    "accounts.list": "portfolio.lists", "accounts.gate": "portfolio.gates",
    "accounts.level": "plan.choices.level",
    "selection.list": "portfolio.lists", "selection.gate": "portfolio.gates",
    "selection.g:*": "portfolio.answers", "selection.mismatch": "portfolio.selection",
    "position.level": "plan.choices.level",
    "fields.kind": "plan.choices.field_kind", "fields.developable": "plan.choices.developable",
    "drivers.list": "portfolio.lists", "whatif.list": "portfolio.lists",
    "follow.handled": "portfolio.handled", "follow.fit": "portfolio.fit",
    "follow.result": "portfolio.result",
    "wishes.fit": "portfolio.fit", "wishes.result": "portfolio.result",
    "programmes.state": "plan.choices.programme_state",
    "benefits.known": "portfolio.known", "benefits.seen": "portfolio.seen",
    "actions.state": "plan.choices.action_state",
    "chase.reached": "portfolio.reached",
    "intake.fate": "portfolio.fates",
}  # fmt: skip

# Columns whose cells are no number of the core, and why.
_ORDER = "the row's own place, by which a sheet that was sorted is found out"
NO_NUMBERS: dict[str, str] = {
    "segments.order": _ORDER,
    "raters.order": _ORDER,
    "data.order": _ORDER,
    "data.topic": "the number under which What if finds a requirement's rows again",
    "benchmark.place": "the number under which a row finds its requirement above",
    "whatif.number": "the number under which the rows of one account are counted once",
    "map.size": "how large a bubble is drawn: its revenue, but never too small to be seen",
}


def _card(file: Any) -> Any:
    """A scorecard as it was filled in: a reply page rates nothing."""
    return file.answers.scorecard if file.answers and file.kind != "reply" else None


def _rated_by(card: Any) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "label": one.label, "weight": one.weight,
         "ratings": {s: card.rating(s, one.id) for s in card.suppliers}}
        for one in card.requirements
    ]  # fmt: skip


def _suppliers(card: Any) -> list[dict[str, Any]]:
    return [
        {
            "id": s,
            "total": card.total(s),
            "coverage": card.coverage(s),
            "rank": card.ranking().get(s),
        }
        for s in card.suppliers
    ]


def _all_fates(result: Any) -> dict[str, int]:
    found = Counter(file.fate for file in result.files)
    return {"files": len(result.files), **{fate.value: found[fate] for fate in Fate}}


def _at(number: int) -> Callable[[Any], Any]:
    return lambda pair: pair[number]


def _before(account: Any, around: Any) -> Any:
    """Where an account stood when it last answered before."""
    return around.portfolio.before(account)


def _verdict(record: Any) -> str | None:
    found = record.lead.verdict
    return None if found is None else found.name.lower()


def _gaps(segment: Any, around: Around) -> list[Any]:
    """The rows of *Value drivers* that are of one segment, the largest gap first."""
    rows = [row for row in around.drivers if row.segment is segment]
    return sorted(rows, key=lambda row: -row.points)


def _known_benefits(result: Any) -> list[dict[str, Any]]:
    return [
        {"account": account, "sums": summed(found), "benefits": found}
        for account, found in result.portfolio.benefits.items()
        if found
    ]


# Columns whose words are those of a verdict by chance, and why they are none.
NO_VERDICTS: dict[str, str] = {}

_BENEFIT: dict[str, Path] = {
    "id": "lever.id", "lever": "lever.lever", "metric": "lever.share", "named": "amount",
    **{key: f"lever.{key}" for key in ("unit", "baseline", "now", "amount")},
    "others": lambda one: [{"name": who, "seen": seen} for who, seen in one.others],
}  # fmt: skip

_BRIEF: dict[str, Path] = {
    **{key: f"account.{key}"
       for key in ("name", "manager", "total", "coverage", "best_competitor", "segments")},
    "list": "account.standing.selected.list",
    "score": "account.standing.selected.score",
    "status": "account.standing.ladder.status.id",
    "lead": "account.lead.points",
    "basis": "account.lead.basis",
    "segments[].lead": "lead.points",
    "segments[].basis": "lead.basis",
    "change": "change.points",
    "people[].last_answer": "last",
    "people[].open": lambda one: [card.segment for card in one.open],
    "wants[].good": lambda one: [{"name": who, "text": text} for who, text in one.good],
    "wishes[].issue": "wish.issue",
    "wishes[].remedy": "wish.remedy",
    "wishes[].importance": "wish.importance",
    "wishes[].fit": "thread.fit",
    "wishes[].result": "thread.result",
    "actions[].days_overdue": Asked(_days_late),
    "replied[].doing": "row.doing",
    "replied[].due": "row.due",
    "not_comparable": lambda brief: [one.id for one in brief.uncompared],
    "disagreements": "apart",
    "disagreements[].segment": "segment.id",
    "disagreements[].low": "spread.low",
    "disagreements[].high": "spread.high",
    **{f"benefits[].{key}": path for key, path in _BENEFIT.items()},
}  # fmt: skip

# JSON: place -> where it is in the record that is around it, a list's item or a part.
JSON: dict[str, Path] = {
    "counts": _all_fates,
    "files[].status": "fate",
    "files[].how": "order.source",
    "files[].scorecard": _card,
    "files[].scorecard.requirements": _rated_by,
    "files[].scorecard.suppliers": _suppliers,
    "files[].scorecard.best_competitor": lambda card: card.best_competitor(),
    "files[].scorecard.lead": lambda card: Panel([card]).lead(card.best_competitor()).unjudged
    if card.best_competitor() else None,
    "files[].scorecard.basis": lambda card: Panel([card]).lead(card.best_competitor()).basis
    if card.best_competitor() else Basis(0, 1),
    "accounts": "portfolio.accounts",
    "accounts[].selection": "standing.selected",
    "accounts[].selection.revenue": "candidate.revenue",
    **{f"{place}.verdict": _verdict for place in (
        "accounts[]", "accounts[].history[]", "accounts[].segments[]",
        "accounts[].segments[].competitors[]")},
    "accounts[].history": Asked(lambda one, around: around.portfolio.course(one)),
    "accounts[].history[].lead": "lead.unjudged",
    "accounts[].history[].basis": "lead.basis",
    "accounts[].fields": "standing.plan.fields",
    "accounts[].segments[].competitors": "rivals",
    "accounts[].segments[].competitors[].lead": "lead.unjudged",
    "accounts[].segments[].competitors[].basis": "lead.basis",
    "accounts[].segments[].competitors[].sensitivity": "outlook",
    "accounts[].segments[].gaps": Asked(_gaps),
    "accounts[].segments[].gaps[].requirement": lambda row: row.requirement,
    "accounts[].segments[].gaps[].label":
        lambda row: row.segment.requirement(row.requirement).label,
    "accounts[].segments[].gaps[].weight":
        lambda row: row.segment.requirement(row.requirement).weight,
    "accounts[].segments[].gaps[].rating": lambda row: _rated(row, US),
    "accounts[].segments[].gaps[].rival":
        lambda row: _rated(row, row.segment.best.id if row.segment.best else ""),
    "accounts[].segments[].minimums_missed": lambda segment: [
        {"requirement": i, "rating": rating, "minimum": segment.requirement(i).minimum}
        for i, rating in segment.knockouts.items()],
    "accounts[].segments[].gaps[].actions": lambda row: [one.id for one in closers(row)],
    "accounts[].selection.gate": "gate.gate",
    "accounts[].lead": "lead.unjudged",
    "accounts[].basis": "lead.basis",
    "accounts[].trend": Asked(lambda one, around: around.portfolio.changes.get(one.id)),
    "accounts[].trend.change": "trend.points",
    **{f"accounts[].trend.{part}": f"trend.{part}"
       for part in ("opinion", "weights", "mix", "came_went", "common")},
    "accounts[].trend.rival": "rival.id",
    "accounts[].trend.rival_change": "rival.change.points",
    "accounts[].trend.rival_enough": lambda one: look(one, "rival.points") is not None,
    "accounts[].status": "standing.ladder.status.id",
    "accounts[].position": "standing.position",
    "accounts[].contacts": "standing.breadth",
    "accounts[].programmes": "standing.programmes",
    **{f"accounts[].programmes.expected_{kind}": f"expected.{kind}.value"
       for kind in ("revenue", "profit")},
    **{f"accounts[].programmes.unvalued_{kind}": f"#unvalued_{kind}"
       for kind in ("revenue", "profit")},
    "accounts[].segments[].lead": "lead.unjudged",
    "accounts[].segments[].basis": "lead.basis",
    "accounts[].segments[].sources": lambda one: Counter(r.order.source for r in one.replies),
    "improvements": Asked(
        lambda _, around: improvements(around.portfolio.accounts, around.language).found
    ),
    "improvements[].requirement": "label",
    "improvements[].revenue": "revenue.value",
    "improvements[].unvalued_segments": "unvalued",
    "improvements[].earlier_segments": "earlier",
    "improvements[].lists": lambda one: {of: one.within(of) for of in AccountList},
    "improvements[].acted_segments": "acted",
    "follow_up": "portfolio.follow",
    "follow_up.with": "compared.followed",
    "follow_up.without": "compared.others",
    "follow_up.raters": "compared.raters",
    "follow_up.said": "compared.said",
    "follow_up.threads[].reply": "row.doing",
    "follow_up.threads[].replied_on": "on",
    "follow_up.threads[].actions": lambda one: [action.id for action in one.actions],
    "screen": Asked(lambda _, around: around.screen),
    "screen.whom.selling_only": "selling",
    "screen.whom.without_plan": "unplanned",
    "screen.what.requirement": "label",
    "screen.what.segments_with_action": "acted",
    "screen.figures": lambda screen: {figure.key: figure for figure in screen.figures},
    "screen.accounts": "rows",
    "screen.accounts[].id": "account.id",
    "screen.accounts[].lead": "account.lead.points",
    "screen.accounts[].basis": "account.lead.basis",
    "screen.accounts[].gap": "account.gap.points",
    "screen.accounts[].gap_requirement": "account.gap.label",
    "screen.accounts[].actions": "#actions",
    "screen.accounts[].apart": "apart.range",
    "screen.accounts[].apart_requirement": "apart.label",
    "screen.accounts[].change": "moved.points",
    "screen.accounts[].cause": "moved.why",
    "screen.accounts[].cause_requirement": "moved.requirement",
    "screen.map": Asked(lambda _, around: ahead(around.portfolio)),
    "screen.gaps": "unacted",
    "screen.gaps.without_action": lambda unacted: unacted[0],
    "screen.gaps.of": lambda unacted: unacted[1],
    "waterfall": Asked(lambda _, around: around.waterfall),
    "accounts[].waterfall": Asked(lambda one, around: around.waterfall_of(one.id)),
    "accounts[].trend.waterfall": Asked(lambda one, around: around.waterfall_of(one.account)),
    "waterfall.enough": "firm",
    "waterfall.compared": "alike",
    "accounts[].before": Asked(_before),
    "accounts[].before.lead": "lead.points",
    "accounts[].before.basis": "lead.basis",
    "accounts[].waterfall.enough": "firm",
    "accounts[].trend.waterfall.enough": "firm",
    **{f"{place}.most.{key}": _at(number)
       for place in ("waterfall", "accounts[].waterfall", "accounts[].trend.waterfall")
       for number, key in enumerate(("requirement", "points"))},
    "disagreements": Asked(lambda _, around: around.disagreements),
    "disagreements[].account": "account.id",
    "disagreements[].segment": "segment.id",
    "disagreements[].period": "segment.period",
    "disagreements[].earlier": "segment.earlier",
    "disagreements[].raters": "spoken.seen.n",
    **{f"disagreements[].{key}": f"spoken.seen.{key}" for key in ("low", "high", "range")},
    **{f"disagreements[].{key}": f"spoken.{key}"
       for key in ("requirement", "label", "requirers", "purchasers", "ours", "says")},
    "disagreements[].actions": lambda one: [action.id for action in one.actions],
    "accounts[].benchmark": Asked(lambda one, around: around.benchmarks.get(one.id)),
    "accounts[].segments[].sensitivity": "outlook",
    "what_if": "tried",
    **{f"what_if.{key}": f"scenario.{key}" for key in ("requirement", "to", "list")},
    "what_if.unvalued_segments": "unvalued",
    "what_if.newly_ahead": lambda tried: tried.turned(1),
    "what_if.newly_level": lambda tried: tried.turned(0),
    "what_if.raised[].account": "account.id",
    "what_if.raised[].segment": "segment.id",
    **{f"what_if.raised[].{when}.{key}": path for when in ("now", "then") for key, path in (
        ("rank", "place"), ("lead", "lead.points"), ("verdict", _verdict))},
    "benefits": _known_benefits,
    "benefits[].counts": "sums.counts",
    "benefits[].money": lambda one: {k: v.value for k, v in one["sums"].money.items()},
    "benefits[].confirmed_named": "sums.named.value",
    **{f"benefits[].benefits[].{key}": path for key, path in _BENEFIT.items()},
    **{f"brief.{key}": path for key, path in _BRIEF.items()},
    "chase": Asked(lambda _, around: tallies(around.portfolio.chase, around.portfolio.as_of)),
    **{f"chase[].{state.value}": f"by.{state.value}" for state in Reached},
    "chase[].cards": Asked(
        lambda one, around: [c for c in around.portfolio.chase if c.manager == one.manager]
    ),
    "chase[].cards[].standing": "reached",
    "chase[].cards[].asks": lambda one: "profile" if one.profile else "card",
    "chase[].cards[].days_overdue": Asked(lambda one, around: one.late(around.portfolio.as_of)),
    "portfolio": "written",
}  # fmt: skip

# What of the JSON is not compared, and why.
NOT_COMPARED: dict[str, str] = {
    "register": "findings: codes, places and sentences",
    "files[].findings": "findings: codes, places and sentences",
    "files[].scorecard.suppliers[].name": "a name",
}

# Numbers of the JSON that stand on no sheet as numbers, and why.
NOT_ON_A_SHEET: dict[str, str] = {
    "accounts[].position.mean": "DESIGN 3: leaving a measure blank would raise it; for programs",
    "accounts[].trend.*": "below the line only here; above it, columns of Trend are compared",
    "files[].scorecard.suppliers[].rank": "the order of one card's totals, which stand in Raters",
    "files[].scorecard.lead": "one card's lead over the best of its own rivals",
    "files[].scorecard.basis.*": "one card's lead over the best of its own rivals",
    "screen.map.*": "in words: the title of the map",
    "screen.figures.*": "in words below the number: sentences are held against where they lead",
    "improvements[].acted_segments": "in words: in 2 of 9 segments",
    "improvements[].earlier_segments": "in words below the block: left out",
    "accounts[].segments[].competitors[].flip.*": "in words: from 20 to 31 %",
    "accounts[].segments[].competitors[].sensitivity.*": "in words: ahead in 83 %",
    "accounts[].segments[].sensitivity.*": "in words: ahead in 83 %",
    "accounts[].before.*": "the pale mark of the map: its height, relative, is there",
    "waterfall.*": "the levels of the bars, compared beside; of those compared alone where few are",
    "accounts[].waterfall.*": "the levels of the bars of one account, compared beside",
    "accounts[].segments[].minimums_missed[].*": "in words: 47 (minimum 62)",
}

# Columns with numbers that are not in the JSON, and why no program needs them there.
_OF_PLAN = "typed in a plan, row by row; what it comes to is in accounts[].programmes and .position"
_OF_CARD = "a card's own, row by row: files[].scorecard has what was typed and what it comes to"
_OF_REGISTER = "typed in the Register, where a program reads it"
_VERDICT = "1, 0 or -1 here; a word there: verdict"
ONLY_ON_A_SHEET: dict[str, str] = {
    **{f"{key}.position": _VERDICT for key in ("accounts", "segments", "competitors", "whatif")},
    "whatif.position_then": _VERDICT,
    "whatif.counts": "1 beside the row with which an account is counted",
    "map.number": "the number in the picture",
    "segments.in_total": "a segment's share of what is rated, by revenue",
    "heatmap.q*": "means of a topic over an account's segments: their gaps[] have the ratings",
    "benchmarks.sum_accounts": "how many accounts the blind mean of all is over",
    "selection.days": _OF_REGISTER,
    "selection.c:*": _OF_REGISTER,
    "position.*": _OF_PLAN,
    "fields.place": "the number of the sum that a row is in",
    "drivers.number": "the place in the order of the sheet",
    "drivers.place": "the place among improvements[], which are in that order",
    "drivers.counts": "1 beside the first row of a segment in a sum",
    "whatif.money": "of all segments that ask for it; what_if.raised[] are those that would move",
    "overall.*": "counts and means over accounts[].segments[].competitors[]",
    "competitors.number": "the place in the block above",
    "views.*": "each side's means; where they lie too far apart, disagreements[] has them",
    "wishes.*": _OF_CARD,
    "follow.rater": "which of its rater's threads a row is",
    "contacts.*": "a plan's people and functions; accounts[].contacts has what they come to",
    "programmes.*": _OF_PLAN,
    "actions.late": "kamxl brief has an account's actions; chase[] whom to call",
    "benchmark.weight": "beside a requirement; the row of an account has them all",
    "benchmark.own_part": "weight times mean, summed in the row of the account",
    "benchmark.others_part": "weight times mean, summed in the row of the account",
    "benchmarks.sum_mean": "the blind mean of all: each account meets that of the others",
    "raters.*": _OF_CARD,
    "data.*": _OF_CARD,
}


def pattern(names: Mapping[str, Any], wanted: str) -> tuple[str, str] | None:
    """The name in a declaration that a column has, and what its star stands for."""
    if wanted in names:
        return wanted, ""
    for name in names:
        if name.endswith("*") and wanted.startswith(name[:-1]):
            return name, wanted[len(name) - 1 :]
    return None
