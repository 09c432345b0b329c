"""Numbers beside the tables of a sheet: tiles and blocks, by what stands above them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from kamxl.core.finding import Fate
from kamxl.core.method.economics import FieldKind, sum_fields, sum_known
from kamxl.core.method.programmes import ActionState, Programme, ProgrammeState
from kamxl.core.method.selection import AccountList
from kamxl.core.portfolio.whole import Portfolio
from kamxl.forms.portfolio.answers import label_of
from kamxl.forms.portfolio.fields import MAX_SUMS
from kamxl.wording.texts import Texts
from tests.ways.looking import Around, same

Said = Mapping[str, Sequence[Any]]  # what stands above the numbers, and these from top to bottom


def _actions(around: Around, t: Texts) -> Said:
    found = [a for account in around.portfolio.accounts for a in account.standing.actions]
    open_ = [a for a in found if a.state is ActionState.OPEN]
    day = around.portfolio.as_of
    late = [a for a in open_ if day is not None and a.due is not None and a.due < day]
    apart = [one for one in around.disagreements if one.open]
    counts = {
        "open": open_, "overdue": late, "undated": [a for a in open_ if a.due is None],
        "to_talk": apart,
    }  # fmt: skip
    return {t(f"portfolio.actions.{key}"): [len(of)] for key, of in counts.items()}


def _intake(around: Around, t: Texts) -> Said:
    files = around.portfolio.files
    fates = Counter(file.fate for file in files)
    said = {t(f"portfolio.fates.{fate.value}"): [fates[fate]] for fate in Fate}
    return {t("portfolio.intake.files"): [len(files)], **said}


def _selection(around: Around, t: Texts) -> Said:
    found, weights = around.portfolio.selection, around.portfolio.selection_weights
    lists = {
        t(f"portfolio.lists.{of.value}"): [len(found.on(of)) if found else 0] for of in AccountList
    }
    return lists | {t(f"portfolio.criteria.{one}"): [weight] for one, weight in weights.items()}


def _fields(around: Around, t: Texts) -> Said:
    every = [f for a in around.portfolio.planned if a.standing.plan for f in a.standing.plan.fields]
    sums = sum_fields(every)[:MAX_SUMS]
    said: dict[str, Sequence[Any]] = {
        "sum_accounts": [one.accounts for one in sums],
        "sum_last": [one.revenue_last.value for one in sums],
        "sum_now": [one.revenue_now.value for one in sums],
        "sum_potential": [one.potential.value for one in sums],
        "sum_white": [one.white_space.value for one in sums],
        "sum_margin": [one.margin for one in sums],
    }
    for key, kind, what in (
        ("running_now", FieldKind.RUNNING, "revenue_now"),
        ("running_white", FieldKind.RUNNING, "white_space"),
        ("new_white", FieldKind.NEW, "white_space"),
    ):
        total = sum_known(getattr(one, what) for one in every if one.kind is kind)
        label = t(f"portfolio.fields.{key}", known=total.known, of=total.of)
        said[label] = [total.value]
    return said


def _programmes(around: Around, t: Texts) -> Said:
    every = [
        p for a in around.portfolio.accounts if a.standing.plan for p in a.standing.plan.programmes
    ]
    groups = [[p for p in every if p.state is state] for state in ProgrammeState]
    groups.append([p for p in every if p.active])
    said: dict[str, Sequence[Any]] = {"sum_count": [len(group) for group in groups]}
    for kind in ("revenue", "profit"):
        for at, years in enumerate(around.years):
            said[f"sum_{kind[0]}:{at}"] = _expected(groups, kind, years)
        said[f"sum_{kind}"] = _expected(groups, kind, None)
        said[f"sum_customer_{kind}"] = [
            sum(_of_years(p, kind, None) is None for p in group) for group in groups
        ]
    return said


def _expected(
    groups: Sequence[Sequence[Programme]], kind: str, years: Sequence[int] | None
) -> list[float | None]:
    return [sum_known(_of_years(p, kind, years) for p in group).value for group in groups]


def _of_years(programme: Programme, kind: str, years: Sequence[int] | None) -> float | None:
    found = [e for e in programme.expected if years is None or e.year in years]
    return sum_known(getattr(effect, kind) for effect in found).value


def _trend(around: Around, t: Texts) -> Said:
    """The lines of the chart: the largest totals of those that have two that count."""
    portfolio: Portfolio = around.portfolio
    points = {(p.account, p.period): p.counted for p in portfolio.history}
    several = Counter(account for (account, _), counted in points.items() if counted is not None)
    shown = [account for account in portfolio.accounts if several[account.id] > 1]
    shown = sorted(shown, key=lambda account: -(account.total or 0))[:6]
    lines = {
        period: [points.get((account.id, period)) for account in shown]
        for period in portfolio.periods
    }
    return {**lines, "level": _levels(around)}


def _levels(around: Around) -> list[float]:
    """Where the bars of both waterfalls end: of all accounts, and of who changed most."""
    shown, whole = [], around.waterfall
    if whole is not None:
        shown.append(whole if whole.firm else whole.alike)
    told = [change for change in around.portfolio.changes.values() if change.enough]
    if told:
        most = max(told, key=lambda change: round(abs(change.trend.points), 9))
        shown.append(around.waterfall_of(most.account))
    return [
        level
        for one in shown
        for level in (*accumulate(one.bars.values(), initial=one.start), one.end)
    ]


def _dashboard(around: Around, t: Texts) -> Said:
    """The headline numbers, and the lead of each account that has a row."""
    return {
        **{label_of(figure, t): [figure.value] for figure in around.screen.figures},
        t("portfolio.answers.points"): [row.account.lead.points for row in around.screen.rows],
    }


def _news(around: Around, t: Texts) -> Said:
    accounts, files = around.portfolio.accounts, around.portfolio.files
    standings = [account.standing for account in accounts]
    summaries = [one.programmes for one in standings if one.programmes]
    counted = {
        "provisional": sum(account.provisional for account in accounts if account.answered),
        "attention": sum(file.fate is Fate.ATTENTION for file in files),
        "overdue": sum(len(one.overdue) for one in standings),
        "expected_revenue": sum_known(one.expected.revenue.value for one in summaries).value,
        "white_spots": sum(bool(one.white_spots) for one in standings),
        "selling_only": sum(one.active == 0 for one in summaries),
    }
    return {t(f"portfolio.dashboard.{key}"): [value] for key, value in counted.items()}


BESIDE: dict[str, Callable[[Around, Texts], Said]] = {
    "dashboard": _dashboard,
    "news": _news,
    "actions": _actions,
    "intake": _intake,
    "selection": _selection,
    "fields": _fields,
    "programmes": _programmes,
    "trend": _trend,
}

# Numbers beside tables that are drawn and not said, by sheet and what stands above them, and why.
DRAWN: dict[str, tuple[tuple[str, ...], str]] = {
    "map": ((), "the dots of the crosshair and where the quadrants' names begin: not printed"),
    "voices": ((), "where the range bars are drawn; their ends are compared by their place"),
    "trend": (
        ("points", "base", "total", "up", "down"),
        "what the bars of a waterfall are drawn of: the levels beside them are compared",
    ),
}


def _drawn(sheet: str, label: str) -> bool:
    labels = DRAWN[sheet][0] if sheet in DRAWN else None
    return labels is not None and (not labels or label in labels)


def apart_beside(
    loose: Mapping[str, Mapping[str, Sequence[tuple[str, Any]]]], around: Around, t: Texts
) -> Iterator[str]:
    """Numbers beside the tables that are others in Python, or that nobody knows."""
    for sheet, labels in loose.items():
        said = {label: cells for label, cells in labels.items() if not _drawn(sheet, label)}
        known = BESIDE[sheet](around, t) if said and sheet in BESIDE else {}
        for label, cells in said.items():
            if label not in known:
                yield f"{sheet}, {label!r} ({cells[0][0]}): nobody says what it is"
                continue
            wanted = [value for value in known[label] if value is not None]
            found = [value for _, value in cells]
            if len(wanted) != len(found) or not all(map(same, wanted, found)):
                yield f"{sheet}, {label!r}: {wanted} in Python, {found} on the sheet"
