"""What the dashboard says in words: what needs attention, what could turn, what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kamxl.core.finding import Fate, Severity
from kamxl.core.ids import same_id
from kamxl.core.method.basis import Verdict
from kamxl.core.portfolio.improving import improvements
from kamxl.core.portfolio.results import AccountResult
from kamxl.core.portfolio.standing import WhiteSpot
from kamxl.core.portfolio.whole import Portfolio, change_of
from kamxl.forms.portfolio.changed import change_said, changed_most
from kamxl.forms.portfolio.grounds import grounds_of_account, verdict_said
from kamxl.forms.portfolio.links import Said
from kamxl.forms.portfolio.words import (
    account_flip,
    best_name,
    dated,
    disagreement,
    knockouts,
    largest_rival,
    listed,
    money,
    no_weight,
    unvalued,
)
from kamxl.wording.texts import Texts

_CHANGE = 180  # letters of a change that is told whole
_WHOLE_POINTS = 10  # from here on points are said without decimals
_PER_KIND = 4  # concerns of one kind before the next kind gets its turn


def news(portfolio: Portfolio, t: Texts, room: int = _CHANGE) -> dict[str, list[Said]]:
    """The lists in words by their keys, in order; one that says nothing here is left out.

    ``room``: a change that takes more letters is told in brief.
    """
    said = {"attention": concerns(portfolio, t)}
    worth = values(portfolio, t)
    if worth:
        said["value"] = worth
    if portfolio.planned:
        said["late"] = late_actions(portfolio, t)
    if portfolio.changes:
        said["changed"] = changes(portfolio, t, room)
    spots = white_spots(portfolio, t)
    if spots:
        said["spots"] = spots
    return said | {"flips": flips(portfolio, t), "unknown": unknowns(portfolio, t)}


def concerns(portfolio: Portfolio, t: Texts) -> list[Said]:
    """What somebody has to act on, the largest first: files, the register, then accounts."""
    kinds = (
        list(_files(portfolio, t)),
        list(_register(portfolio, t)),
        list(_behind(portfolio, t)),
        list(_knockouts(portfolio, t)),
        list(_disagreements(portfolio, t)),
    )
    first = [text for kind in kinds for text in kind[:_PER_KIND]]
    return first + [text for kind in kinds for text in kind[_PER_KIND:]]


def _files(portfolio: Portfolio, t: Texts) -> Iterator[Said]:
    for file in sorted(portfolio.files, key=lambda f: f.path):
        if file.fate is Fate.ATTENTION:
            errors = [f for f in file.findings if f.severity is Severity.ERROR]
            said = "".join(t.sentence(found) for found in (errors or file.findings)[:1])
            sentence = t("portfolio.news.file", path=file.path.rsplit("/", 1)[-1], said=said)
            yield Said(sentence, "intake", path=file.path)


def _register(portfolio: Portfolio, t: Texts) -> Iterator[Said]:
    errors = [f for f in portfolio.findings if f.severity is Severity.ERROR]
    if errors:
        sentence = t("portfolio.news.register", count=len(errors), said=t.sentence(errors[0]))
        yield Said(sentence, "intake")
    for found in portfolio.findings:
        if found.code == "account-not-in-register":
            yield Said(t.sentence(found), "intake")


def _behind(portfolio: Portfolio, t: Texts) -> Iterator[Said]:
    leads = [
        (points, account)
        for account in portfolio.accounts
        if account.lead.verdict is Verdict.BEHIND and (points := account.lead.points) is not None
    ]
    for _, account in sorted(leads, key=lambda found: found[0]):
        gap = account.gap
        sentence = t(
            "portfolio.news.behind",
            account=dated(t, account),
            said=verdict_said(
                t, account.lead, best_name(t, account), grounds_of_account(t, account)
            ),
            gap=gap.label if gap else "",
            worth=gap.points if gap else 0.0,
        )
        yield Said(sentence, "accounts", id=account.id)


def _knockouts(portfolio: Portfolio, t: Texts) -> Iterator[Said]:
    for account in portfolio.accounts:
        missed = [segment for segment in account.segments if segment.knockouts]
        if missed:
            said = knockouts(t, missed).replace("\n", "; ")
            whole = t("portfolio.news.knockout", account=dated(t, account, missed), said=said)
            yield Said(whole, "position", id=account.id)


def _disagreements(portfolio: Portfolio, t: Texts) -> Iterator[Said]:
    for account in portfolio.accounts:
        said = disagreement(t, account)
        if said:
            apart = [segment for segment in account.segments if segment.disagreements]
            whole = t("portfolio.news.disagreement", account=dated(t, account, apart), said=said)
            yield Said(whole, "voices", account=account.name)


def values(portfolio: Portfolio, t: Texts) -> list[Said]:
    """What getting better at each requirement is about, that of most revenue times gap first."""
    return [
        Said(t(
            "portfolio.news.value",
            requirement=one.label,
            segments=one.segments,
            revenue="" if one.revenue.value is None else money(t, one.revenue.value),
            partly=one.unvalued > 0,
            points=t.number(one.points, 0 if one.points >= _WHOLE_POINTS else 1),
            rival=largest_rival(t, one),
            acted=one.acted,
            done=one.all_done,
        ), "drivers", sum_requirement=one.label)
        for one in improvements(portfolio.accounts, t.language).found
    ]  # fmt: skip


def late_actions(portfolio: Portfolio, t: Texts) -> list[Said]:
    """The overdue actions of all accounts, the longest overdue first."""
    day = portfolio.as_of
    found = [
        ((day - action.due).days, account, action)
        for account in portfolio.accounts
        for action in account.standing.overdue
        if day and action.due
    ]
    return [
        Said(t(
            "portfolio.news.late",
            account=account.name, text=action.text, days=days, owner=action.owner,
        ), "actions", account=account.id, id=action.id)
        for days, account, action in sorted(found, key=lambda one: -one[0])
    ]  # fmt: skip


def changes(portfolio: Portfolio, t: Texts, room: int) -> list[Said]:
    """What changed since an account last answered, the largest changes first.

    What is longer than ``room`` letters is said in brief.
    """

    def said(account: AccountResult, *, brief: bool) -> Said:
        change = change_said(t, portfolio, account, brief=brief)
        sentence = t("portfolio.news.changed", account=account.name, said=change)
        return Said(sentence, "trend", id=account.id)

    whole = [(said(account, brief=False), account) for account in changed_most(portfolio)]
    return [text if len(text) <= room else said(account, brief=True) for text, account in whole]


def white_spots(portfolio: Portfolio, t: Texts) -> list[Said]:
    """What is missing where we want to grow, each with the accounts it is missing at."""
    found = {
        spot: [a for a in portfolio.accounts if spot in a.standing.white_spots]
        for spot in WhiteSpot
    }
    return [
        Said(
            t(f"portfolio.news.spot_{spot.value}", names=_names(t, accounts), count=len(accounts)),
            "position", id=accounts[0].id,
        )
        for spot, accounts in found.items()
        if accounts
    ]  # fmt: skip


def flips(portfolio: Portfolio, t: Texts) -> list[Said]:
    """The smallest flips first, then at how many accounts nothing can turn."""
    found = [(change_of(a.flip.flip), a) for a in portfolio.accounts if a.flip is not None]
    said = [
        Said(
            t("portfolio.news.about", account=_flipping(t, account), said=account_flip(t, account)),
            "competitors", account=account.name,
        )
        for _, account in sorted(found, key=lambda pair: pair[0])
    ]  # fmt: skip
    firm = [a for a in portfolio.accounts if a.firm]
    if firm:
        none = no_weight(t, [r for a in firm for s in a.segments for r in s.rivals])
        names = _names(t, firm, dated)
        sentence = t("portfolio.news.firm", count=len(firm), names=names, no_weight=none)
        said.insert(3, Said(sentence, "competitors", account=firm[0].name))
    return said


def _flipping(t: Texts, account: AccountResult) -> str:
    return dated(t, account, [account.flip.segment] if account.flip else None)


def unknowns(portfolio: Portfolio, t: Texts) -> list[Said]:
    """What nobody told us yet."""
    no_answer = [a for a in portfolio.accounts if not a.fresh]
    profiled = [a for a in no_answer if any(segment.newer for segment in a.segments)]
    said_nothing = [a for a in no_answer if not any(segment.newer for segment in a.segments)]
    unasked = [a for a in said_nothing if not portfolio.asked_of(a.id)]
    waiting = [a for a in said_nothing if portfolio.asked_of(a.id)]
    sent = [a for a in waiting if same_id(a.id) in portfolio.sent]
    silent = [a for a in waiting if same_id(a.id) not in portfolio.sent]
    partly = [
        a
        for a in portfolio.accounts
        if a.fresh and any(s not in a.fresh and portfolio.asked_of(a.id, s.id) for s in a.segments)
    ]
    earlier = [a for a in portfolio.accounts if a.earlier]
    alone = [a for a in portfolio.accounts if a.answered and a.lead.verdict is None]
    equal = [a for a in portfolio.accounts if a.result.equal_weights and len(a.answered) > 1]
    groups = (("silent", silent), ("profiled", profiled), ("sent", sent), ("unasked", unasked),
              ("partly", partly),
              ("earlier", earlier), ("alone", alone), ("equal", equal))  # fmt: skip
    said = [
        Said(t(
            f"portfolio.news.{key}",
            count=len(accounts),
            names=_names(t, accounts, dated if key == "alone" else None),
        ), "segments", account=accounts[0].id)
        for key, accounts in groups
        if accounts
    ]  # fmt: skip
    said[1:1] = unvalued(portfolio, t)
    if portfolio.accounts and not portfolio.planned:
        said.append(Said(t("portfolio.news.no_plans"), "programmes"))
    if portfolio.accounts and not portfolio.chosen:
        said.append(Said(t("portfolio.news.not_chosen"), "selection"))
    return said


def _names(
    t: Texts,
    accounts: list[AccountResult],
    called: Callable[[Texts, AccountResult], str] | None = None,
) -> str:
    return listed(t, [called(t, one) if called else one.name for one in accounts])
