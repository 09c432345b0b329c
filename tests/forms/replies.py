"""Reply pages for tests: what we answer, what she says of it, and the workbooks that carry it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kamxl.core.records.page import (
    Asks,
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
    View,
)
from kamxl.core.records.register import Answers, CardOrder, Scorecard
from tests.forms import cards

CHAIN = "c" * 32
REPLY_MARK = cards.MARK.replace("kx1|", "kx1-reply|")
_LONG = "Ein langer Satz mit Umlauten (äöü), <Zeichen> & vielen Wörtern, der ganz dasteht. "
LONG = (_LONG * 7)[:500]
ROWS = (
    PageRow("R03", RowKind.GAP, "Preis", "Ein Rahmenabkommen mit fester Preisformel.",
            "A. Petersen", "J. Köhler", date(2027, 1, 15), Fit.YES),
    PageRow("R05", RowKind.GAP, "Lieferzuverlässigkeit", "Zwei feste Liefertage je Woche.",
            "Disposition", "M. Brandt", date(2026, 12, 1)),
    PageRow("K1.W1", RowKind.WISH, "Ersatzteile kommen zu spät.\nLager in der Nähe.",
            "Ein Konsignationslager <&> bei Ihnen.", "", "J. Köhler"),
    PageRow("K1.W2", RowKind.WISH, "Zu viele Ansprechpartner", "", said=Fit.LATER),
)  # fmt: skip
BENEFITS = (
    PageBenefit("L1", "Stillstand der Linie 3 im Monat", "h", 40.0, 25.0),
    PageBenefit("L2", "Ausschuss nach dem Umrüsten", "%", None, 1.25),
    PageBenefit("L3", "Rückfragen", "", 12.0, None),
)
STATEMENTS = (
    PageStatement("D1", "Sie wollen zwei Linien auf kleine Lose umstellen."),
    PageStatement("D2", "Der Energieverbrauch soll sinken."),
)
PROGRAMMES = (
    PageProgramme("P1", "Linie 3 schneller\numrüsten", "8 h mehr Laufzeit", "der nächste Auftrag",
                  "T. Voss", "J. Köhler", "Workshop im Februar", "bis Mai nichts gewonnen ist"),
    PageProgramme("P2", "Gemeinsam Lager abbauen"),
)  # fmt: skip
SAID = PageAnswers(
    (
        RowAnswer("R03", Fit.YES, None, "gern"),
        RowAnswer("K1.W1", Fit.LATER, Outcome.PARTLY),
        RowAnswer("K1.W2", None, None, "erst nach der Messe"),
    ),
    (BenefitAnswer("L1", Seen.ROUGHLY, 12500.0, "etwa"), BenefitAnswer("L3", Seen.CANNOT_SEE)),
    (StatementAnswer("D1", View.RIGHT), StatementAnswer("D2", View.PARTLY, "um 15 %")),
    (ProgrammeAnswer("P1", Fit.NO, "erst im Herbst"),),
)


def page(**parts: object) -> ReplyPage:
    """A page with these parts, else with all of each."""
    every = {"rows": ROWS, "benefits": BENEFITS, "statements": STATEMENTS, "programmes": PROGRAMMES}
    return ReplyPage(CHAIN, "2026-H1", **{**every, **parts})  # type: ignore[arg-type]


def longest() -> ReplyPage:
    """As much as a page holds, each text of 500 letters."""
    rows = tuple(
        PageRow(f"R{n}", RowKind.GAP, f"{n} {LONG}"[:500], LONG, LONG[:60], LONG[:60],
                date(2027, 1, 15), Fit.LATER)
        for n in range(5)
    )  # fmt: skip
    return page(
        rows=rows,
        benefits=tuple(
            PageBenefit(f"L{n}", f"{n} {LONG}"[:500], "Stunden", 1.5, 0) for n in (1, 2)
        ),
        statements=tuple(PageStatement(f"D{n}", f"{n} {LONG}"[:500]) for n in (1, 2, 3)),
        programmes=tuple(
            PageProgramme(f"P{n}", f"{n} {LONG}"[:500], LONG, LONG, "A. B.", "C. D.", LONG, LONG)
            for n in (1, 2)
        ),
    )


def order(language: str, answered: ReplyPage | None, *, alone: bool) -> CardOrder:
    """What a workbook asks that carries this page, by itself or as a sheet of a card."""
    asks = Asks.REPLY if alone else Asks.CARD
    return replace(cards.order(language, 5, 2), page=answered, asks=asks)


def told(asked: CardOrder, said: PageAnswers = SAID) -> Answers:
    """Answers that say this of the page; those to a card besides are whole."""
    if asked.asks is Asks.REPLY:
        given = Answers(Scorecard((), {}), name="Dr. Anke Petersen", rated_on=date(2026, 11, 20))
        return replace(given, page=said)
    return replace(cards.answers(asked), page=said)
