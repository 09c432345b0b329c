"""A companion for tests: the account of the tests' portfolio, with something of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kamxl.core.portfolio.companion import Companion, companion_of
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.page import (
    BenefitAnswer,
    Fit,
    Outcome,
    PageAnswers,
    PageBenefit,
    PageProgramme,
    PageRow,
    PageStatement,
    ProgrammeAnswer,
    ReplyPage,
    RowAnswer,
    RowKind,
    Seen,
    StatementAnswer,
    Step,
    View,
)
from kamxl.core.records.plan import AccountPlan, DiscoveryAnswer, OwnRating, PlanWish
from kamxl.core.records.register import (
    Account,
    Answers,
    AskedRequirement,
    CardOrder,
    Competitor,
    Register,
    Reply,
    Requirement,
    Scorecard,
    Segment,
    Settings,
    Wish,
)
from kamxl.core.roles import Role

ASKED = (("q", "Qualität"), ("t", "Termintreue"), ("p", "Preis"))
PAGE = ReplyPage(
    "d1",
    "2026-H1",
    (PageRow("t", RowKind.GAP, "Termine wackeln", "Fester Ansprechpartner für Termine"),),
    (PageBenefit("v1", "Stillstand der Linie 3", "h", 40.0, 25.0),),
    (PageStatement("growth", "Sie wollen im Norden wachsen"),),
    (PageProgramme("P1", "Linie ohne Stillstand"),),
)
SAID = PageAnswers(
    (RowAnswer("t", Fit.YES, Outcome.PARTLY, "Freitags fehlt noch jemand"),),
    (BenefitAnswer("v1", Seen.CONFIRMED, 12_000.0, "Gemessen im Mai"),),
    (StatementAnswer("growth", View.PARTLY, "Im Norden und in Dänemark"),),
    (ProgrammeAnswer("P1", Fit.LATER, "Nach dem Umbau"),),
)


def register() -> Register:
    """One account with one segment."""
    return Register(
        Settings("Muster AG", "de", "2026-H1"),
        (Account("ALPHA", "Alpha Werke", "de"),),
        (Segment("ALPHA", "pumps", "Pumpen", 900.0),),
        (), (), (),
    )  # fmt: skip


def reply(
    respondent: str = "c1",
    role: Role | None = Role.REQUIRER,
    us: tuple[float, ...] = (80.0, 60.0, 40.0),
    period: str = "2026-H1",
    own: str = "",
    wishes: tuple[Wish, ...] = (),
    **answers: object,
) -> Reply:
    """One answer; ``own``: a requirement of hers."""
    asked = tuple(AskedRequirement(key, label) for key, label in ASKED)
    weights = (50.0, 30.0, 20.0) if not own else (40.0, 30.0, 20.0)
    rows = [Requirement(a.id, a.label, w) for a, w in zip(asked, weights, strict=True)]
    ratings = dict(zip((a.id for a in asked), us, strict=True))
    if own:
        rows.append(Requirement("own1", own, 10.0))
        ratings["own1"] = 30.0
    card = Scorecard(rows, {"us": ratings, "borel": dict.fromkeys(ratings, 70.0)})
    order = CardOrder(
        "ALPHA", "Alpha Werke", "pumps", "Pumpen", respondent, f"Person {respondent}", period, "de",
        "Muster AG", asked, (Competitor("borel", "Borel"),), page=PAGE,
    )  # fmt: skip
    said = Answers(card, name=f"Person {respondent}", role=role, wishes=wishes, **answers)  # type: ignore[arg-type]
    return Reply(f"inbox/{respondent}{period}.xlsx", order, said,
                 saved=datetime(2026, 5, 4, tzinfo=UTC))  # fmt: skip


def plan(**changes: object) -> AccountPlan:
    """A plan made when c1 had answered otherwise, without a row for the price."""
    made = AccountPlan(
        "w", "ALPHA", "2026-H1", "de", "Alpha Werke",
        discovery=(DiscoveryAnswer("growth", "Wohin wollen Sie?", "Norden"),),
        ratings=(
            OwnRating("pumps", "q", "Qualität", 50.0, 90.0, 80.0, "unsere Sicht"),
            OwnRating("pumps", "t", "Termintreue", 35.0, None, 55.0),
        ),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


WISHES = (
    Wish("W1", "Ersatzteile kommen zu spät", "Lager in der Nähe", 90.0),
    Wish("W2", "=zu viele Ansprechpartner", "", 40.0),
)


def replies() -> list[Reply]:
    """Two views, an earlier answer, and everything that can be said."""
    return [
        reply(us=(85.0, 70.0, 60.0), period="2025-H2"),
        reply(own="Nähe zum Werk", wishes=WISHES, page=SAID,
              steps=(Step("Lager besichtigen", "Anna", date(2026, 6, 1)),)),
        reply("c2", Role.PURCHASER, (80.0, 80.0, 20.0)),
    ]  # fmt: skip


def portfolio(some: list[Reply] | None = None, made: AccountPlan | None = None) -> Portfolio:
    """Its portfolio."""
    found = replies() if some is None else some
    return assemble(register(), "2026-H1", found, (), [plan() if made is None else made])


def companion(some: list[Reply] | None = None, made: AccountPlan | None = None) -> Companion:
    """The companion of the one account."""
    found = replies() if some is None else some
    whole = portfolio(found, made)
    pages = [one for one in found if not one.answers.page.empty]
    return companion_of(whole, whole.accounts[0], plan() if made is None else made, found, pages)


def known_wish(number: int = 0) -> PlanWish:
    """One of the wishes, as a plan that has it lists it."""
    from kamxl.core.portfolio.standing import plan_wishes

    return plan_wishes(replies())[number]
