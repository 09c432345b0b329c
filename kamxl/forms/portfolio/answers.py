"""The words of the first screen: its three answers, and what is said of each account on it.

The sheet and the page say the same; each part knows the rows that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from kamxl.core.method.basis import Basis
from kamxl.core.portfolio.improving import Improvement
from kamxl.core.portfolio.screen import (
    SQUARES,
    Apart,
    Figure,
    Monday,
    Moved,
    Row,
    Screen,
    Whom,
    Why,
    squares_of,
)
from kamxl.forms.portfolio.changed import signed
from kamxl.forms.portfolio.grounds import who_says
from kamxl.forms.portfolio.links import Said
from kamxl.forms.portfolio.words import money, points
from kamxl.wording.texts import Texts

KEYS = ("whom", "what", "monday")
FULL, EMPTY = "■", "□"


def answers_said(screen: Screen, t: Texts, *, answered: bool = True) -> dict[str, tuple[Said, ...]]:
    """The three answers by ``KEYS``, each in parts that lead to their own rows.

    ``answered``: whether anybody has in this period.
    """
    return {
        "whom": tuple(_whom(screen.whom, t)),
        "what": (_what(screen.what, t, answered=answered),),
        "monday": tuple(_monday(screen.monday, t)),
    }


def _whom(whom: Whom, t: Texts) -> Iterator[Said]:
    if not whom.chosen:
        yield Said(t("portfolio.answers.not_chosen"), "selection")
        return
    if not whom.focus:
        yield Said(t("portfolio.answers.no_focus", build_up=whom.build_up), "selection")
        return
    yield Said(t("portfolio.answers.focus", count=whom.focus), "selection")
    if whom.selling:
        yield Said(t("portfolio.answers.selling", count=whom.selling), "accounts", id=whom.sold)
    if whom.unplanned:
        yield Said(
            t("portfolio.answers.unplanned", count=whom.unplanned), "position", id=whom.planless
        )
    if not whom.selling and not whom.unplanned:
        yield Said(t("portfolio.answers.active"), "programmes")


def _what(found: Improvement | None, t: Texts, *, answered: bool) -> Said:
    if found is None:
        key = "improve_nothing" if answered else "improve_unknown"
        return Said(t(f"portfolio.answers.{key}"), "drivers")
    said = t(
        "portfolio.answers.improve",
        requirement=found.label,
        segments=found.segments,
        accounts=found.accounts,
        money="" if found.money is None else money(t, found.money),
        partly=found.unvalued > 0,
        points=t.number(found.points, 1),
        acted=found.acted,
        done=found.all_done,
    )
    return Said(said, "drivers", sum_requirement=found.label)


def _monday(monday: Monday, t: Texts) -> Iterator[Said]:
    if monday.nothing:
        yield Said(
            t(f"portfolio.answers.{'nothing' if monday.planned else 'nothing_planned'}"), "actions"
        )
    if monday.overdue:  # the first of all actions is
        yield Said(t("portfolio.answers.overdue", count=monday.overdue), "actions")
    if (card := monday.card) is not None:
        yield Said(
            t("portfolio.answers.call", count=monday.call), "chase",
            account_id=card.account, segment_id=card.segment, respondent=card.respondent,
        )  # fmt: skip
    if monday.decide:
        yield Said(t("portfolio.answers.decide", count=monday.decide), "intake", path=monday.answer)


# --- of one account ------------------------------------------------------------------------------


def clauses(row: Row, t: Texts) -> tuple[str, ...]:
    """What there is to say of an account, what weighs most first; never empty."""
    account, found = row.account, tuple(_clauses(row, t))
    if found or account.gap is not None:
        return found or (t("portfolio.answers.no_gap"),)
    return (t(f"portfolio.answers.{'no_gap' if account.total is not None else 'no_answer'}"),)


def sentence(said: tuple[str, ...]) -> str:
    """Clauses as one sentence."""
    whole = "; ".join(said)
    return whole[:1].upper() + whole[1:]


def _clauses(row: Row, t: Texts) -> Iterator[str]:
    account = row.account
    missed = [s.requirement(i).label for s in account.segments for i in s.knockouts]
    gap = account.gap if row.gap else None
    others = [label for label in dict.fromkeys(missed) if gap is None or label != gap.label]
    if others:
        yield t("portfolio.answers.missed", requirement=others[0], more=len(others) - 1)
    if gap is not None:
        key, worth = "gap_missed" if gap.label in missed else "gap", t.number(gap.points, 1)
        yield t(f"portfolio.answers.{key}", requirement=gap.label, points=worth)
        yield t(f"portfolio.answers.{_acted(row)}")
    if row.apart is not None:
        yield _apart(row.apart, t)
    if account.answered and account.lead.verdict is None:
        yield t("portfolio.answers.not_comparable")


def _acted(row: Row) -> str:
    if row.actions:
        return "action_done" if row.done else "action"
    return "no_action" if row.account.standing.plan else "no_plan"


def _apart(apart: Apart, t: Texts) -> str:
    """ "Purchasing and Production 30 apart"; two of one function are not told apart so."""
    low, high = (who_says(t, [reply], 1) for reply in (apart.low, apart.high))
    key = "apart_alike" if low == high else "apart"
    return t(f"portfolio.answers.{key}", low=low, high=high, range=points(t, apart.range))


def causes(row: Row, t: Texts) -> tuple[str, ...]:
    """Why an account's total is another one than at its last answer: the longest way to say it
    first, the shortest last.
    """
    moved = row.moved
    if moved.why is Why.NEVER:
        return ("–",)
    if moved.why is Why.FEW and row.change is not None:
        return (t("portfolio.answers.few", since=row.change.since),)
    if moved.up is None or moved.points is None:
        return (t(f"portfolio.answers.{moved.why.value}"),)
    way, by = ("up" if moved.up else "down"), t.number(abs(moved.points), 1)
    return tuple(
        dict.fromkeys(
            t(f"portfolio.answers.{way}", points=by, said=said) for said in _cause(moved, t)
        )
    )


def _cause(moved: Moved, t: Texts) -> tuple[str, ...]:
    if moved.why is not Why.OPINION:
        return (t(f"portfolio.answers.{moved.why.value}"),)
    way = "better" if moved.up else "worse"
    named = (moved.requirement, "")
    return tuple(t(f"portfolio.answers.{way}", requirement=one) for one in named)


def squares(basis: Basis) -> str:
    """ "■■■□□"."""
    filled = squares_of(basis)
    return FULL * filled + EMPTY * (SQUARES - filled)


def basis_said(row: Row, t: Texts) -> str:
    """ "■■■□□ 2 of 3"; a dash without an answer."""
    if not row.account.answered:
        return "–"
    basis = row.account.lead.basis
    return t("portfolio.answers.raters", squares=squares(basis), raters=basis.raters, of=basis.of)


# --- of the headline numbers ---------------------------------------------------------------------


def label_of(figure: Figure, t: Texts) -> str:
    """What a headline number is called."""
    return t(f"portfolio.answers.{_LABELS[figure.key]}", n=figure.n)


_LABELS = {
    "answered": "fresh",
    "mean_total": "total",
    "mean_lead": "lead",
    "ahead_behind": "verdicts",
    "expected_profit": "profit",
}


def note_of(figure: Figure, screen: Screen, t: Texts) -> str:
    """What a headline number rests on, and how it changed since the last period."""
    if not figure.of:
        return t("portfolio.answers.no_programme") if figure.key == "expected_profit" else ""
    if figure.key == "expected_profit":
        return t("portfolio.answers.programmes", n=figure.n, of=figure.of)
    if figure.change is None or screen.since is None:
        key = {"answered": "", "ahead_behind": "n"}.get(figure.key, "of_answered")
        return t(f"portfolio.answers.{key}", n=figure.n, of=figure.of) if key else ""
    if figure.key == "answered":
        change = t.number(abs(figure.change), 0)
        said = ("▲ " if figure.change > 0 else "▼ ") + change if figure.change else "±0"
        return t("portfolio.answers.since", change=said, since=screen.since)
    if figure.parts:
        was = " / ".join(map(str, figure.before))
        return t("portfolio.answers.was", since=screen.since, was=was)
    return t(
        "portfolio.answers.since_n",
        change=signed(t, figure.change),
        since=screen.since,
        common=figure.common,
    )
