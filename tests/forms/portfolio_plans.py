"""Account plans for the sample portfolio: full, sparse, empty, earlier, without a home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from kamxl.core.method.breadth import DEFAULT_FUNCTIONS
from kamxl.core.method.economics import FieldKind
from kamxl.core.method.ladder import DEFAULT_INDICATORS
from kamxl.core.method.programmes import Action, ActionState, Actual, Effect, ProgrammeState
from kamxl.core.method.selection import Answer
from kamxl.core.portfolio.standing import plan_wishes
from kamxl.core.records.page import Seen
from kamxl.core.records.plan import (
    AccountPlan,
    ContactCare,
    DiscoveryAnswer,
    Lever,
    LeverKind,
    OwnRating,
    PlanField,
    PlanFunction,
    PlanIndicator,
    PlanProgramme,
    Returns,
)
from kamxl.core.records.register import Register, Reply
from kamxl.core.roles import Role
from kamxl.forms.plan.functions import settled
from kamxl.wording.texts import texts

AS_OF = date(2026, 11, 2)
PERIOD = "2026-H2"
HOSTILE = '=HYPERLINK("http://evil.example","x")'


def _functions(language: str) -> tuple[PlanFunction, ...]:
    t = texts(language)
    return tuple(
        PlanFunction(f.id, f.revenue_responsible, t(f"plan.customer_functions.{f.id}"))
        for f in DEFAULT_FUNCTIONS
    )


def _contacts(of: Register, account: str, kept: int) -> tuple[ContactCare, ...]:
    """The register's contacts; the first ``kept`` are spoken to regularly."""
    own = [c for c in of.contacts if c.account == account]
    return tuple(
        ContactCare(
            c.id, c.name, c.function, c.role, "monthly" if n < kept else "",
            "Jana Rehfeldt" if n < kept else "", 60.0,
        )
        for n, c in enumerate(own)
    )  # fmt: skip


def _ratings(of: Register, replies: Sequence[Reply], account: str) -> tuple[OwnRating, ...]:
    found: dict[tuple[str, str], OwnRating] = {}
    for reply in replies:
        if reply.order.account == account:
            for n, asked in enumerate(reply.order.requirements):
                key = (reply.order.segment, asked.id)
                rating = None if n == 3 else 60.0 + 7 * n
                found.setdefault(key, OwnRating(*key, asked.label, None, rating))
    return tuple(found.values())


def _indicators(met: int) -> tuple[PlanIndicator, ...]:
    t = texts("de")
    return tuple(
        PlanIndicator(i.id, i.level, n < met if n < met + 2 else None, t(f"plan.indicators.{i.id}"))
        for n, i in enumerate(DEFAULT_INDICATORS)
    )


def _own(of: Register, account: str, period: str = PERIOD) -> AccountPlan:
    named = next(a for a in of.accounts if a.id == account)
    return AccountPlan(
        "w1", account, period, "de", named.name, AS_OF,
        contacts=_contacts(of, account, 1), functions=_functions("de"), indicators=_indicators(2),
        fields=tuple(
            PlanField(s.id, s.name, FieldKind.RUNNING, "B2B", None, s.revenue, None, segment=s.id)
            for s in of.segments
            if s.account == account
        ),
    )  # fmt: skip


def _full(of: Register, replies: Sequence[Reply]) -> AccountPlan:
    """Everything filled in, with texts that would like to be formulas."""
    plan = _own(of, "MOLTIDE")
    own = [r for r in replies if r.order.account == "MOLTIDE" and r.order.period == PERIOD]
    wishes = plan_wishes(own)
    answered = replace(wishes[0], reply="Ein Techniker je Werk ab Januar") if wishes else None
    return replace(
        plan,
        contacts=_contacts(of, "MOLTIDE", 3),
        functions=(*plan.functions[:-1], PlanFunction("fn1", True, "Neue Produkte")),
        indicators=_indicators(4),
        discovery=(
            DiscoveryAnswer("earns", "Womit verdient er?", "Eigenmarken", 70.0),
            DiscoveryAnswer("barriers", "Was behindert uns?", "Rahmenvertrag bis Ende 2027",
                            next_step="Einstieg über die Wartung", owner="Jana Rehfeldt",
                            due=date(2026, 10, 1)),
            DiscoveryAnswer("barrier2", "Was behindert uns?", "Niemand weiß, wer entscheidet"),
        ),
        ratings=_ratings(of, own, "MOLTIDE"),
        wishes=(answered, *wishes[1:]) if answered else (),
        fields=(
            *(
                replace(f, revenue_last=0.9 * (f.revenue_now or 0), potential=3e6, margin=18.5,
                        share_of_wallet=55.0, developable=Answer.PARTLY,
                        approach="Zweite Linie im Werk Nord anbieten")
                for f in plan.fields
            ),
            PlanField("DATEN", "Leitstand und Datendienste", FieldKind.NEW, "B2B", None, None,
                      450_000.0, None, -2.5, Answer.YES, "Pilot mit einer Linie"),
        ),
        levers=(
            Lever("V1", "Weniger Stillstand", LeverKind.COST, 180_000.0, "Messung", True,
                  share="Stillstand der Linie 3", unit="h", baseline=40.0, now=25.0),
            Lever("V2", "Weniger Bestand", LeverKind.CAPITAL, 60_000.0, "", False),
            Lever("V3", "Weniger Reklamationen", LeverKind.RISK, 12_500.0, "Messung", True),
            Lever("V4", "Kürzere Rüstzeit", LeverKind.COST, 9_000.0, HOSTILE, None, "A. Keller",
                  date(2026, 10, 5), unit="min", baseline=90.0, now=72.5, seen=Seen.ROUGHLY),
            Lever("V5", "Weniger Wege", LeverKind.OTHER, seen=Seen.TOO_EARLY),
        ),
        returns=Returns(300_000.0, 2_900_000.0, 2_400_000.0, 3_020_000.0, 2_460_000.0, 3.0),
        programmes=(
            PlanProgramme("P1", "Linie ohne Stillstand", ProgrammeState.RUNNING, 80.0,
                          date(2026, 3, 1),
                          (Effect(2026, 120_000.0, 30_000.0, None, 90_000.0,
                                  Actual(95_000.0, -1_000.5, None, 70_000.0)),
                           Effect(2027, 200_000.0, -60_000.5, 50_000.0, 180_000.0)),
                          need="Weniger Ausfälle in der Frischeschicht", owner="Jana Rehfeldt",
                          customer_owner="A. Keller"),
            PlanProgramme("P2", HOSTILE, ProgrammeState.IDEA, 30.0, None,
                          (Effect(2027, 90_000.0, -10_000.0),)),
            PlanProgramme("P3", "Umbau Werk Süd", ProgrammeState.DONE, None, date(2025, 1, 1)),
            PlanProgramme("P4", "Schulungen", ProgrammeState.AGREED, None, None,
                          (Effect(2028, None, 8_000.0, None, None),)),
        ),
        actions=(
            Action("A1", "Ersatzteillager beim Kunden einrichten", "P1",
                   wish=wishes[0].id if wishes else "", segment="WARTUNG", requirement="SKILL",
                   owner="Tilo Brandis",
                   customer_owner="A. Keller", due=date(2026, 11, 15)),
            Action("A2", "Liefertermine wöchentlich abstimmen", "P1", segment="LINIEN",
                   requirement="DELIV", owner="Jana Rehfeldt", due=date(2026, 8, 31)),
            Action("A3", "Preisvergleich erläutern", requirement="PRICE", due=AS_OF),
            Action("A4", HOSTILE, owner="Jana Rehfeldt"),
            Action("A5", "Angebot Pilot", "P2", due=date(2026, 6, 1), state=ActionState.DONE),
        ),
    )  # fmt: skip


def plans(of: Register, replies: Sequence[Reply]) -> list[AccountPlan]:
    """MOLTIDE's is full, KORNGOLD's of two periods, TRENTVALE's empty; GONE9 has nothing else."""
    korn = replace(
        _own(of, "KORNGOLD"),
        ratings=_ratings(of, replies, "KORNGOLD")[:4],
        returns=Returns(None, 100.0, 90.0, 120.0, 100.0, 2.0),
        programmes=(
            PlanProgramme("P1", "Gemeinsame Planung", ProgrammeState.AGREED, 50.0, None,
                          tuple(Effect(year, 40_000.0, 9_000.0) for year in range(2026, 2033))),
        ),
        actions=(Action("A1", "Planungsrunde ansetzen", "P1", owner="Ira Solm",
                        due=date(2026, 10, 20)),),
    )  # fmt: skip
    made = [
        _full(of, replies),
        korn,
        replace(_own(of, "KORNGOLD", "2026-H1"), programmes=()),
        replace(_own(of, "KORNGOLD", "2027-H1"), programmes=()),  # later: not shown
        AccountPlan("w1", "TRENTVALE", PERIOD, "en", "Trentvale Medical Devices Ltd"),
        replace(_own(of, "BRACKENLEY", "2026-H1"), contacts=(
            ContactCare("PASHW", "P. Ashworth", "Production", Role.PURCHASER, "weekly", "Jo"),
        )),
        replace(_own(of, "CALDERBY"), functions=_functions("en")),
        AccountPlan(
            "w1", "GONE9", PERIOD, "de", "Verschollen & Söhne", date(2026, 9, 1),
            fields=(PlanField("DATEN", "Datendienste", FieldKind.NEW, "", None, None, 70_000.0),),
            actions=(Action("A1", "Nachfragen, wer jetzt zuständig ist", due=date(2026, 9, 30)),),
        ),
    ]  # fmt: skip
    return [replace(p, contacts=settled(p.contacts, p.functions)) for p in made]  # as if read


def crowded_plan(account: str, name: str, n: int) -> AccountPlan:
    """Fields and functions of its own, programmes over many years, actions of every kind."""
    states = list(ProgrammeState)
    chances = (None, 0.0, 33.3, 100.0)
    return AccountPlan(
        "w1", account, PERIOD, "de", name, AS_OF,
        functions=(
            *_functions("de")[: 1 + n % 9],
            *(PlanFunction(f"fn{m}", True, f"Bereich {n + m}") for m in range(1, 1 + n % 3)),
        ),
        contacts=(
            ContactCare("c1", "C", "Einkauf", Role.PURCHASER, "weekly", "J"),
            ContactCare("c2", "D", f"Bereich {n + 1}", Role.REQUIRER if n % 2 else None),
        ),
        indicators=_indicators(n % 8),
        fields=tuple(
            PlanField(f"F{(n + m) % 23}", f"Feld {(n + m) % 23}",
                      FieldKind.NEW if m == 2 else FieldKind.RUNNING, "", None,
                      None if m == 1 else 1000.0 * m, None if n % 7 == 0 else 900.5 * (m + n),
                      None, None if n % 4 else -3.5 + m)
            for m in range(3)
        ),
        programmes=tuple(
            PlanProgramme(f"P{m}", f"Programm {m}", states[(n + m) % 5], chances[(n + m) % 4], None,
                          tuple(Effect(2026 + (n + k) % 9, 10.1 * k if k else None, -3.3 * k, 7.7)
                                for k in range(m + 1)))
            for m in range(n % 4)
        ),
        actions=tuple(
            Action(f"A{m}", f"Schritt {m}", requirement="Q1" if m else "",
                   due=date(2026, 8 + m, 1 + n % 28) if m else None,
                   state=ActionState.DONE if m == 2 else ActionState.OPEN)
            for m in range(n % 5)
        ),
        levers=(Lever("V", "x", LeverKind.COST, 10.0 * n, "", n % 2 == 0),) if n % 3 else (),
        returns=Returns(100.0, 50.0, 40.0, 60.0, float(30 + n), 5.0 if n % 6 else 0.0),
    )  # fmt: skip
