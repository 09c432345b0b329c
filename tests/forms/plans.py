"""Plans for tests: an account with everything known, and a plan filled to the full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from kamxl.core.ids import US
from kamxl.core.method.basis import Basis, Lead
from kamxl.core.method.economics import FieldKind
from kamxl.core.method.position import Position
from kamxl.core.method.programmes import Action, ActionState, Actual, Effect, ProgrammeState
from kamxl.core.method.respondents import profile_of
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.method.selection import Answer, Candidate, SelectedAccount, rank_accounts
from kamxl.core.records.page import Seen
from kamxl.core.records.plan import (
    AccountPlan,
    ContactCare,
    DiscoveryAnswer,
    Economic,
    EconomicKind,
    Idea,
    IdeaState,
    Lever,
    LeverKind,
    PlanField,
    PlanProgramme,
    PlanWish,
    Returns,
)
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    Effort,
    Segment,
)
from kamxl.core.roles import Role
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind
from kamxl.forms.plan import book as form
from kamxl.forms.plan.book import PlanPrefill, SegmentKnown

STAMP = datetime(2026, 9, 1, 8, 30)
WORKSPACE = "w-1a2b3c"
AS_OF = date(2026, 9, 14)

_WORDS = {
    "de": (
        ("PERF", "Leistungsfähigkeit des Systems"), ("SAFE", "Sicherheit des Systems"),
        ("PRICE", "Preis"), ("NORM", "Normung nach Standards"), ("DELIV", "Lieferzuverlässigkeit"),
    ),
    "en": (
        ("PERF", "Performance of the system"), ("SAFE", "Safety of the system"),
        ("PRICE", "Price"), ("NORM", "Compliance with standards"),
        ("DELIV", "Reliability of delivery"),
    ),
}  # fmt: skip


def _selected() -> SelectedAccount:
    ratings: dict[str, float | None] = {"revenue": 80, "philosophy": 75, "potential": 90,
                                        "return": 60, "openness": 85, "base_load": 70,
                                        "barriers": 55}  # fmt: skip
    weights: dict[str, float | None] = dict.fromkeys(ratings, 100 / 7)
    conditions = dict.fromkeys(("potential", "growing", "willing"), Answer.YES)
    return rank_accounts([Candidate("MOLTIDE", "", ratings, conditions, 3e6)], weights).accounts[0]


def prefill(language: str = "de") -> PlanPrefill:
    """An account with answers of two periods, contacts, wishes and a selection score."""
    asked = tuple(AskedRequirement(key, label) for key, label in _WORDS[language])
    card = Scorecard(
        [Requirement(a.id, a.label, w) for a, w in zip(asked, (30, 25, 20, 10, 15), strict=True)],
        {US: {"PERF": 85, "SAFE": 80, "PRICE": 60, "NORM": 90, "DELIV": 55.5}},
    )
    german = language == "de"
    lines = Segment("MOLTIDE", "LINIEN", "Abfülllinien" if german else "Filling lines", 2_400_000.0)
    service = Segment("MOLTIDE", "WARTUNG", "Wartung" if german else "Maintenance", 620_000.0)
    functions = ("Einkauf", "Produktion", "Qualität", "Entwicklung") if german else (
        "Purchasing", "Production", "Quality", "Development")  # fmt: skip
    people = (
        ("AK", "Anke Kessler", functions[0], Role.PURCHASER),
        ("BH", "Birk Hollmann", functions[1], Role.REQUIRER),
        ("CS", "Clara Sundermann", functions[2], Role.REQUIRER),
        ("DV", "Dario Vensky", functions[3], None),
    )
    return PlanPrefill(
        account=Account("MOLTIDE", "Moltide Molkereien eG", language, "Jana Rehfeldt"),
        period="2026-H2",
        as_of=AS_OF,
        company="Velmora",
        contacts=tuple(Contact("MOLTIDE", i, n, "", f, r) for i, n, f, r in people),
        segments=(
            SegmentKnown(lines, asked, profile_of([card]), 72.8, "2026-H1", 75.1, "2025-H2"),
            SegmentKnown(service, asked[2:]),
        ),
        competitors=(Competitor("BOREL", "Borel"),),
        position=Position(
            completed=1, segments=2, profiles=0.5, total=72.8, lead=Lead(3.4, Basis(1, 1, 0.9, 1.0))
        ),
        position_period="2026-H1",
        total=72.8,
        earlier_total=75.1,
        earlier_period="2025-H2",
        wishes=(
            PlanWish("BH.W1", "Birk Hollmann",
                     "Ersatzteile kommen zu spät" if german else "Spare parts come too late",
                     "Lager in der Nähe" if german else "A stock nearby", 90.0),
            PlanWish("AK.W1", "Anke Kessler",
                     "Zu viele Ansprechpartner" if german else "Too many people to talk to", "",
                     40.0),
        ),
        efforts=(Effort("complicated", 35.0, ""), Effort("time", None, "=viele Rückfragen")),
        selection=_selected(),
    )  # fmt: skip


def filled(language: str = "de") -> AccountPlan:
    """The plan that the account's manager has filled in."""
    plan = form.first_plan(prefill(language), language, WORKSPACE)
    answers = list(plan.discovery)
    for place, sure, text in (
        (0, 80.0, "Molkereiprodukte, 60 % Eigenmarken des Handels"),
        (1, 55.0, "Auftragsfertigung, Marge aus Auslastung"),
        (2, 30.0, "Export nach Skandinavien ausbauen"),
        (5, 60.0, "Borel liegt beim Preis vorn"),
        (9, 100.0, "Auslastung"),
    ):
        answers[place] = replace(
            answers[place], answer=text, sureness=sure, agreed_with="Birk Hollmann",
            owner="J. Rehfeldt", next_step="Werksleiter fragen",
        )  # fmt: skip
    answers[2] = replace(answers[2], share="Sie wollen in Skandinavien wachsen")
    answers[-1] = replace(answers[-1], answer="Freigaben dauern lange", owner="J. Rehfeldt",
                          next_step="Rahmenvertrag anbieten", due=date(2026, 12, 1))  # fmt: skip
    answers.append(
        DiscoveryAnswer(
            "barrier2",
            "Barriere",
            "Zweiter Lieferant ist gesetzt",
            next_step="Pilot im Werk Süd",
            due=date(2027, 2, 1),
        )
    )
    indicators = [
        replace(i, met=(True if n < 3 else False if n == 3 else None), evidence="Protokoll Mai")
        for n, i in enumerate(plan.indicators)
    ]
    contacts: list[ContactCare] = list(plan.contacts)
    for n, (rhythm, ours, strength) in enumerate((
        ("monthly", "Jana Rehfeldt", 70.0), ("quarterly", "Tilo Brandis", 55.0),
        ("none", "Tilo Brandis", 20.0), ("weekly", "", None),
    )):  # fmt: skip
        contacts[n] = replace(contacts[n], rhythm=rhythm, counterpart=ours, strength=strength)
    ratings = [replace(r, rating=60.0 + 5 * n) for n, r in enumerate(plan.ratings)]
    return replace(
        plan,
        fields=(
            *(replace(f, market="B2B", revenue_last=0.9 * (f.revenue_now or 0), potential=3e6,
                      share_of_wallet=55.0, margin=18.5, developable=Answer.PARTLY,
                      approach="Zweite Linie im Werk Nord anbieten") for f in plan.fields),
            PlanField("DATEN", "Leitstand und Datendienste", FieldKind.NEW, "B2B", None, None,
                      450_000.0, None, -2.5, Answer.YES, "Pilot mit einer Linie"),
            PlanField("ENERGIE", "Energierückgewinnung", FieldKind.NEW, "", None, 20_000.0,
                      280_000.0, 5.0, None, Answer.UNKNOWN, ""),
        ),
        indicators=tuple(indicators),
        discovery=tuple(answers),
        economics=(
            Economic("E1", EconomicKind.COST, "Energie", None, 3_100_000.0),
            Economic("E2", EconomicKind.COST_DRIVER, "Stillstand der Linien", None, None,
                     400_000.0),
            Economic("E3", EconomicKind.EARNINGS, "Eigenmarken", None, 21_000_000.0),
            Economic("E4", EconomicKind.REVENUE_DRIVER, "Export", None, None, 1_200_000.0),
            Economic("E5", EconomicKind.BENEFIT, "Frische im Regal, zwei Tage länger"),
        ),
        ideas=(
            Idea("N1", "Füllstände teilen und Packmittel gemeinsam planen", "Weniger Bestand",
                 "Planbare Auslastung", 150_000.0, "", IdeaState.DISCUSSED),
            Idea("N2", "Miete statt Kauf", "", "Planbarer Umsatz", 80_000.0),
            Idea("N3", "Eigenes Prüflabor", "Tests", "Messwerte", 9_000.0, "", IdeaState.DROPPED),
        ),
        contacts=tuple(contacts),
        ratings=tuple(ratings),
        wishes=tuple(
            replace(w, reply="Konsignationslager ab Oktober", share="Ein Lager bei Ihnen")
            for w in plan.wishes
        ),
        levers=(
            Lever("V1", "Weniger Stillstand", LeverKind.OTHER, 180_000.0, "", True,
                  "Birk Hollmann", date(2026, 5, 12), "Stillstand der Linie 3", "h im Monat",
                  40.0, 25.0, "BH", Seen.ROUGHLY),
            Lever("V2", "Weniger Bestand", LeverKind.OTHER, 60_000.0, "", False),
            Lever("V3", "Ausfallrisiko", LeverKind.OTHER),
            Lever("V4", "Schnellere Umrüstung", LeverKind.OTHER, 30_000.0, "", True),
        ),
        returns=Returns(300_000.0, 2_900_000.0, 2_400_000.0, 3_020_000.0, 2_460_000.0, 3.0),
        programmes=(
            PlanProgramme("P1", "Linie ohne Stillstand", ProgrammeState.RUNNING, 80.0,
                          date(2026, 3, 1),
                          (Effect(2026, 120_000.0, 30_000.0, None, 90_000.0,
                                  Actual(95_000.0, 21_000.0, None, 110_000.0)),
                           Effect(2027, 200_000.0, 60_000.0, 50_000.0, 180_000.0)),
                          need="Weniger Ausfälle in der Frischeschicht",
                          owner="Jana Rehfeldt", customer_owner="Birk Hollmann",
                          goal="Linie 3 läuft ohne ungeplanten Stillstand",
                          gain_theirs="15 h im Monat", gain_ours="Planbarer Service",
                          step="Sensoren im Oktober", stop="Kein Rückgang bis März"),
            PlanProgramme("P2", "Datendienste", ProgrammeState.IDEA, 30.0, None,
                          (Effect(2027, 90_000.0, -10_000.0),)),
            PlanProgramme("P3", "Umbau Werk Süd", ProgrammeState.DONE, None, date(2025, 1, 1)),
            PlanProgramme("P4", "Schulungen", ProgrammeState.AGREED, 50.0, None,
                          (Effect(2028, None, 8_000.0, None, None),)),
        ),
        actions=(
            Action("A1", "Ersatzteillager beim Kunden einrichten", "P1", wish="BH.W1",
                   owner="Tilo Brandis", customer_owner="Birk Hollmann", due=date(2026, 10, 15),
                   share="Ein Lager mit Ersatzteilen bei Ihnen"),
            Action("A2", "Liefertermine wöchentlich abstimmen", "P1", segment="LINIEN",
                   requirement="DELIV", owner="Jana Rehfeldt", customer_owner="Anke Kessler",
                   due=date(2026, 8, 31)),
            Action("A3", "Preisvergleich erläutern", requirement="PRICE", due=date(2026, 9, 14)),
            Action("A4", "Werksleiter Süd kennenlernen", owner="Jana Rehfeldt"),
            Action("A5", "Angebot Pilot", "P2", due=date(2026, 6, 1), state=ActionState.DONE),
        ),
    )  # fmt: skip


def drawn(given: PlanPrefill, language: str) -> bytes:
    """A plan as a workbook."""
    return render(build(form.book(given, language, WORKSPACE, STAMP)))


def of(plan: AccountPlan, language: str = "de") -> PlanPrefill:
    """What draws a plan again as it is: it is carried over within its own period."""
    return replace(prefill(language), earlier=plan)


def raw(given: PlanPrefill, language: str) -> RawBook:
    """A plan, drawn and read back raw."""
    return read_workbook(drawn(given, language))


def raw_cell(value: object) -> RawCell:
    """A value as somebody types it into a cell."""
    if isinstance(value, RawCell):
        return value
    if isinstance(value, bool):
        return RawCell(RawKind.BOOLEAN, "1" if value else "0")
    if isinstance(value, int | float):
        return RawCell(RawKind.NUMBER, repr(value), float(value))
    return RawCell(RawKind.TEXT, str(value))
