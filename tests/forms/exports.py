"""Exports as three programs shape them, in German and English, made from one invented list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kamxl.forms.exports.found import FoundTable, tables_in
from kamxl.forms.exports.mapping import Understood, proposed_mapping
from kamxl.forms.exports.rows import Source
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind, RawSheet

# number, company, manager, revenue, contact: first and last name, form, e-mail, function
PEOPLE = (
    ("007", "Müller & Söhne GmbH", "Jana Roth", 1234567.89, "Anke", "Keller", "ms",
     "anke.keller@mueller.example", "Leiterin Einkauf"),
    ("007", "Müller & Söhne GmbH", "Jana Roth", 1234567.89, "Jörg", "Groß", "mr",
     "joerg.gross@mueller.example", "Qualitätssicherung"),
    ("008", "Nordwerk SE", "Peter Adam", 250000.5, "Ute", "Voss", "ms",
     "ute.voss@nordwerk.example", "Fertigung"),
    ("009", "Meier GmbH", "Jana Roth", 80000.25, "Max", "Weiß", "mr",
     "max.weiss@meier.example", "Geschäftsführer"),
)  # fmt: skip

Rows = Sequence[Sequence[object]]


def german(value: float) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,")) + " €"


def english(value: float) -> str:
    return f"{value:,.2f}"


def salesforce() -> Rows:
    """A report in English: first and last name apart, the revenue beside each contact."""
    head = ["Account Name", "Account Number", "Account Owner", "Annual Revenue",
            "Account Currency", "Salutation", "First Name", "Last Name", "Title", "Email",
            "Phone", "Billing City"]  # fmt: skip
    forms = {"ms": "Ms.", "mr": "Mr."}
    return [head, *(
        [company, number, manager, english(revenue), "EUR", forms[form], first, last, function,
         email, "+49 40 1234567", "Hamburg"]
        for number, company, manager, revenue, first, last, form, email, function in PEOPLE
    )]  # fmt: skip


def dynamics() -> Rows:
    """A German view with titles above and a sum below; names in one column, last name first."""
    head = ["Firma", "Kundennr.", "Kundenbetreuer", "Umsatz 2025", "Umsatz 2026", "Whg", "Anrede",
            "Hauptkontakt", "Abteilung", "E-Mail", "Ort"]  # fmt: skip
    forms = {"ms": "Frau Dr.", "mr": "Herr"}
    rows = [
        [company, number, manager, german(1.5), german(revenue), "EUR", forms[form],
         f"{last}, {first}", function, email, "Hamburg"]
        for number, company, manager, revenue, first, last, form, email, function in PEOPLE
    ]  # fmt: skip
    titles = [["Aktive Firmen"], ["Stand: 4.5.2026"], []]
    return [*titles, head, *rows, ["Summe", None, None, german(3), german(99)]]


def nameless() -> Rows:
    """Headers that say nothing: only what stands below them does."""
    head = [f"Feld {n}" for n in range(1, 8)]
    return [head, *(
        [email, last, first, company, german(revenue), function, "20095"]
        for _, company, _, revenue, first, last, _, email, function in PEOPLE
    )]  # fmt: skip


def book(*sheets: Rows | tuple[str, Rows]) -> RawBook:
    """A workbook with these tables, numbers as numbers."""
    made = []
    for number, sheet in enumerate(sheets, 1):
        title, rows = sheet if isinstance(sheet, tuple) else (f"Tabelle{number}", sheet)
        cells = {
            (r, c): _cell(value)
            for r, row in enumerate(rows, 1)
            for c, value in enumerate(row, 1)
            if value is not None
        }
        made.append(RawSheet(title, cells))
    return RawBook(tuple(made))


def _cell(value: object) -> RawCell:
    if isinstance(value, int | float):
        return RawCell(RawKind.NUMBER, f"{value:.15g}", float(value))
    return RawCell(RawKind.TEXT, str(value))


def table(rows: Rows) -> FoundTable:
    (found,) = tables_in(book(rows))
    return found


def mapped(rows: Rows) -> tuple[dict[str, str], Understood]:
    """What is said by which header, and all that was understood."""
    found = table(rows)
    understood = proposed_mapping(found)
    headers = {part.value: found.column(at).header for part, at in understood.columns.items()}
    return headers, understood


def sources(*tables: Rows) -> Iterable[Source]:
    for number, rows in enumerate(tables, 1):
        found = table(rows)
        yield Source(f"{number}.csv", found, proposed_mapping(found))


def csv(rows: Rows, delimiter: str = ";") -> str:
    """The rows as a program saves them."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        return f'"{text}"' if delimiter in text else text

    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows) + "\r\n"
