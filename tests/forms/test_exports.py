"""Exports are understood by headers and contents; what is not sure is asked, never guessed."""

from __future__ import annotations

from collections import Counter
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.records.imported import Told
from kamxl.forms.exports.amounts import amount, decimal_marks, thousands_in
from kamxl.forms.exports.found import tables_in
from kamxl.forms.exports.headers import Part
from kamxl.forms.exports.mapping import proposed_mapping
from kamxl.forms.exports.people import person_of
from kamxl.forms.exports.rows import Source, told
from kamxl.forms.paper.raw import RawCell, RawKind
from kamxl.wording.texts import texts
from tests.forms.exports import (
    PEOPLE,
    Rows,
    book,
    dynamics,
    mapped,
    nameless,
    salesforce,
    sources,
    table,
)

# --- amounts -------------------------------------------------------------------------------------


def money(text: str, decimal: str = "") -> float | str | None:
    parsed = amount(RawCell(RawKind.TEXT, text), decimal)
    return parsed.code or parsed.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234.567,89 €", 1234567.89),
        ("1,234,567.89", 1234567.89),
        ("1,2 Mio", 1200000),
        ("€ 1.2m", 1200000),
        ("350 TEUR", 350000),
        ("T€ 350", 350000),
        ("1 234,5", 1234.5),
        ("1'234.50", 1234.5),
        ("CHF 80", 80),
        ("1.234", "number-ambiguous"),
        ("1.234,00-", "number-negative"),
        ("1.5.2026", "number-text"),
        ("1.23.456", "number-text"),
        ("ca. 80", "number-text"),
        ("", None),
    ],
)
def test_amounts_have_one_meaning_or_none(text: str, value: float | str | None) -> None:
    assert money(text) == value


def test_the_other_amounts_of_a_column_say_what_is_meant() -> None:
    assert decimal_marks(["1.234", "80,5", "7"]) == {","}
    assert (money("1.234", ","), money("1.234", ".")) == (1234, 1.234)
    assert decimal_marks(["1.234", "12.500"]) == set()
    assert decimal_marks(["1,5", "1.5"]) == {",", "."}


def test_what_a_header_counts_in() -> None:
    headers = ("Umsatz (T€)", "Umsatz in TEUR", "Umsatz Mio", "Umsatz", "Umsatz m. Rabatt")
    assert [thousands_in(h) for h in headers[:4]] == [1e3, 1e3, 1e6, 1]
    assert thousands_in(headers[4]) == 1


# --- which column says what ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        (salesforce(), {
            "account": "Account Name", "account_number": "Account Number",
            "manager": "Account Owner", "revenue": "Annual Revenue",
            "currency": "Account Currency", "form": "Salutation", "first_name": "First Name",
            "last_name": "Last Name", "function": "Title", "email": "Email",
        }),
        (dynamics(), {
            "account": "Firma", "account_number": "Kundennr.", "manager": "Kundenbetreuer",
            "revenue": "Umsatz 2026", "currency": "Whg", "form": "Anrede",
            "person": "Hauptkontakt", "function": "Abteilung", "email": "E-Mail",
        }),
        (nameless(), {
            "account": "Feld 4", "email": "Feld 1", "last_name": "Feld 2", "first_name": "Feld 3",
            "revenue": "Feld 5", "function": "Feld 6",
        }),
    ],
    ids=["salesforce", "dynamics", "nameless"],
)  # fmt: skip
def test_three_shapes_are_understood_without_a_question(rows: Rows, wanted: dict[str, str]) -> None:
    found, understood = mapped(rows)
    assert found == wanted
    assert understood.questions == ()


def test_hubspot_and_sap_headers() -> None:
    found, _ = mapped([
        ["Record ID", "Name", "Company name", "Company owner", "Job Title", "Email"],
        ["77", "Anke Keller", "Meier GmbH", "Jana Roth", "Buyer", "a.keller@meier.example"],
    ])  # fmt: skip
    assert (found["person"], found["account"]) == ("Name", "Company name")
    assert (found["contact_number"], found["manager"]) == ("Record ID", "Company owner")
    found, _ = mapped([
        ["Debitor", "Name 1", "Name 2", "Warengruppe", "Umsatz TEUR"],
        ["0000004711", "Meier GmbH", "Werk Süd", "Linien", "1,5"],
    ])  # fmt: skip
    assert (found["account"], found["account_more"]) == ("Name 1", "Name 2")
    assert (found["segment"], found["revenue"]) == ("Warengruppe", "Umsatz TEUR")


def asked(rows: Rows) -> dict[str, list[str]]:
    _, understood = mapped(rows)
    return {q.part: [choice.header for choice in q.choices] for q in understood.questions}


def test_two_columns_that_would_do_as_well_are_asked_about() -> None:
    rows = [
        ["Firma", "Ansprechpartner", "E-Mail privat", "E-Mail Büro"],
        ["Meier GmbH", "Anke Keller", "a@x.example", "b@x.example"],
    ]
    assert asked(rows) == {"email": ["E-Mail privat", "E-Mail Büro"]}
    found, _ = mapped(rows)
    assert "email" not in found


def test_of_several_years_the_newest_counts_and_without_years_it_is_asked() -> None:
    found, _ = mapped([["Firma", "Umsatz 2024", "Umsatz 2025", "Plan 2026"], ["A GmbH", 1, 2, 3]])
    assert found["revenue"] == "Umsatz 2025"
    rows = [["Firma", "Umsatz Inland", "Umsatz Export"], ["A GmbH", 1, 2]]
    assert asked(rows) == {"revenue": ["Umsatz Inland", "Umsatz Export"]}
    rows = [["Firma", "Umsatz VJ", "Planumsatz"], ["A GmbH", 1, 2]]
    assert "revenue" not in mapped(rows)[0]


def test_amounts_that_may_be_thousands_or_decimals_are_asked_about() -> None:
    rows = [["Firma", "Umsatz"], ["A GmbH", "1.234"], ["B GmbH", "12.500"]]
    assert asked(rows) == {"decimal": [",", "."]}
    assert asked([*rows, ["C GmbH", "3,5"]]) == {}


def test_contents_that_do_not_speak_clearly_are_asked_about() -> None:
    rows = [
        ["Feld 1", "Feld 2", "Feld 3"],
        ["Nordwerk", "Jana Roth", 5000],
        ["Südwerk", "Jana Roth", 123456],
        ["Bodewerk", "Jana Roth", 77],
    ]
    assert {"account", "revenue"} <= asked(rows).keys()
    assert mapped(rows)[0] == {}


def test_a_name_is_the_account_s_where_nothing_else_is_and_a_person_s_is_asked_about() -> None:
    assert mapped([["Name", "Ort"], ["Nordwerk", "Kiel"], ["Siemens", "Ulm"]])[0] == {
        "account": "Name"
    }
    assert asked([["Name", "Ort"], ["Anke Keller", "Kiel"], ["Max Weiß", "Ulm"]]) == {
        "account": ["Name"]
    }


def test_a_header_alone_is_not_believed() -> None:
    rows = [["Kunde", "E-Mail", "Umsatz"], ["A GmbH", "siehe Liste", "offen"]]
    assert mapped(rows)[0] == {"account": "Kunde"}


_HEADERS = st.sampled_from(
    ["Kunde", "Firma", "Name", "E-Mail", "E-Mail 2", "Umsatz", "Umsatz 2025", "Titel", "Feld 1",
     "Ansprechpartner", "Funktion", "Kundennr.", "Betreuer", "Telefon", "Record ID", ""]
)  # fmt: skip
_VALUES = st.sampled_from(
    ["Meier GmbH", "Anke Keller", "a.keller@meier.example", "1.234,50 €", "Einkauf", "Frau", "Dr.",
     "4711", "2027", "DE", "", "+49 40 123456", "=1+1"]
)  # fmt: skip


@given(st.lists(_HEADERS, min_size=3, max_size=8), st.data())
def test_no_column_says_two_things_and_nothing_is_said_twice(
    headers: list[str], data: st.DataObject
) -> None:
    width = len(headers)
    lines = st.lists(_VALUES, min_size=width, max_size=width)
    rows = [headers, *data.draw(st.lists(lines, min_size=1, max_size=6))]
    for found in map(proposed_mapping, [table(rows)] if _is_table(rows) else []):
        assert max(Counter(found.columns.values()).values(), default=1) == 1
        assert set(found.ways) == set(found.columns)
        open_parts = {question.part for question in found.questions}
        assert not open_parts & {part.value for part in found.columns}
        for part in Part:  # an answer leaves no column with two meanings either
            answered = found.said(part, 1, "asked")
            assert list(answered.columns.values()).count(1) == 1


def _is_table(rows: Rows) -> bool:
    cells = [[value or None for value in row] for row in rows]
    return len(tables_in(book(cells))) == 1


# --- where the table stands ----------------------------------------------------------------------


def test_titles_sums_remarks_and_empty_rows_are_no_records() -> None:
    found = table([
        ["Export", None, "4.5.2026"], [], ["Kunde", None, "Ort", "Umsatz"],
        ["A GmbH", None, "Kiel", 5], [], ["B GmbH", None, None, None], ["C GmbH", None, "Ulm", 7],
        ["Gesamtsumme:", None, None, 12], ["Erstellt von Jana Roth"],
    ])  # fmt: skip
    assert (found.head, found.headers) == (3, ("Kunde", "Ort", "Umsatz"))
    assert (found.rows, found.left) == ((4, 6, 7), (8, 9))


def test_headers_over_two_rows_and_columns_without_one() -> None:
    found = table([
        ["KdNr", "Kunde", "Umsatz"], [None, None, "2024", "2025"],
        ["1", "A GmbH", 5, 7, "ein Wort"], ["2", "B GmbH", 6, 8],
    ])  # fmt: skip
    assert found.headers == ("KdNr", "Kunde", "Umsatz 2024", "Umsatz 2025", "E")
    assert found.rows == (3, 4)
    columns = proposed_mapping(found).columns
    assert columns[Part.REVENUE] == 4


def test_a_company_called_total_is_no_sum() -> None:
    found = table([
        ["Kunde", "Ort", "Betreuer", "E-Mail"],
        ["Total Energies SE", "Berlin", "Jana Roth", "x@total.example"],
        ["A GmbH", "Kiel", "Jana Roth", "y@a.example"],
    ])  # fmt: skip
    assert found.rows == (2, 3)


def test_a_table_without_headers_is_called_by_its_letters() -> None:
    found = table([
        ["Meier GmbH", "anke.keller@meier.example", "Anke Keller"],
        ["Groß AG", "max.weiss@gross.example", "Max Weiß"],
    ])  # fmt: skip
    assert (found.head, found.headers, len(found.rows)) == (0, ("A", "B", "C"), 2)
    columns = proposed_mapping(found).columns
    assert columns == {Part.ACCOUNT: 1, Part.EMAIL: 2, Part.PERSON: 3}


def test_first_names_before_the_at_are_not_taken_for_last_names() -> None:
    found = table([
        ["Feld 1", "Feld 2", "Feld 3", "Feld 4"],
        ["A GmbH", "Petra", "Möller", "petra.moeller@a.example"],
        ["B AG", "Uwe", "Lang", "uwe@b.example"], ["C KG", "Ann", "Weiß", "ann@c.example"],
    ])  # fmt: skip
    made = proposed_mapping(found)
    assert {Part.LAST_NAME, Part.FIRST_NAME}.isdisjoint(made.columns)
    (asked,) = made.questions
    assert (asked.part, [one.at for one in asked.choices]) == ("last_name", [2, 3])


# --- people --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (("Keller, Anke", "", "", "Frau", ""), ("Anke Keller", "ms", "")),
        (("Herr Prof. Dr. Max von Groß", "", "", "", ""), ("Max von Groß", "mr", "Prof. Dr.")),
        (("", "Anke", "Keller", "Frau Dr.", ""), ("Anke Keller", "ms", "Dr.")),
        (("Keller, Dr. Anke", "", "", "", ""), ("Anke Keller", "", "Dr.")),
        (("", "", "Keller", "", "Dr."), ("Keller", "", "Dr.")),
        (("", "", "", "Frau", ""), ("", "ms", "")),
    ],
)
def test_names_in_one_column_or_two(columns: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    person = person_of(*columns)
    assert (person.name, person.form, person.title) == wanted


# --- what the rows tell --------------------------------------------------------------------------


def revenues(heard: Told) -> dict[str, dict[str, float | None]]:
    return {one.name: dict(one.revenues) for one in heard.accounts}


@pytest.mark.parametrize("rows", [salesforce(), dynamics(), nameless()])
def test_a_revenue_beside_each_contact_is_told_once(rows: Rows) -> None:
    heard = told(sources(rows))
    assert revenues(heard) == {one[1]: {"": one[3]} for one in PEOPLE}
    assert [(c.name, c.email) for c in heard.contacts] == [
        (f"{one[4]} {one[5]}", one[7]) for one in PEOPLE
    ]


def test_segments_have_revenues_of_their_own() -> None:
    heard = told(sources([
        ["Kunde", "Warengruppe", "Umsatz", "Ansprechpartner"],
        ["A GmbH", "Linien", 5, "Anke Keller"], ["A GmbH", "Linien", 5, "Max Weiß"],
        ["A GmbH", "Service", 7, "Anke Keller"],
    ]))  # fmt: skip
    assert revenues(heard) == {"A GmbH": {"Linien": 5, "Service": 7}}
    assert [contact.name for contact in heard.contacts] == ["Anke Keller", "Max Weiß"]


def test_accounts_on_one_sheet_and_contacts_on_another_find_each_other() -> None:
    heard = told(sources(
        [["Ansprechpartner", "E-Mail", "Kundennr."], ["Anke Keller", "a@a.example", "007"]],
        [["Kundennr.", "Kunde", "Umsatz"], ["007", "A GmbH", 5], ["7", "B GmbH", 6]],
    ))  # fmt: skip
    assert [(one.name, one.number) for one in heard.accounts] == [
        ("A GmbH", "007"),
        ("B GmbH", "7"),
    ]
    assert heard.contacts[0].account == 0


def test_an_account_is_one_whatever_the_order_of_its_rows() -> None:
    rows = salesforce()
    turned = [rows[0], *reversed(rows[1:])]
    assert revenues(told(sources(rows))) == revenues(told(sources(turned)))


def test_what_looks_like_a_formula_stays_text() -> None:
    heard = told(sources([
        ["Kunde", "Ansprechpartner"], ["=cmd|' /C calc'!A0", "=1+1"], ["A GmbH", "Anke Keller"],
    ]))  # fmt: skip
    assert heard.accounts[0].name == "=cmd|' /C calc'!A0"
    assert heard.contacts[0].name == "=1+1"


def test_contacts_and_companies_of_one_program_find_each_other_by_its_keys() -> None:
    people = [
        ["Record ID", "First Name", "Last Name", "Email", "Contact owner", "Create Date",
         "Associated Company", "Associated Company IDs", "Job Title"],
        ["101", "Ann", "Lee", "ann.lee@acme.example", "Jane Roe", "2026-01-01", "Acme", "9001",
         "Buyer"],
    ]  # fmt: skip
    companies = [
        ["Record ID", "Company name", "Company owner", "Annual Revenue", "Company Domain Name"],
        ["9001", "Acme Inc.", "Jane Roe", "1250000", "acme.example"],
    ]
    heard = told(sources(people, companies))
    assert [(a.name, a.number, a.manager) for a in heard.accounts] == [
        ("Acme Inc.", "9001", "Jane Roe")
    ]
    assert [(c.name, c.number, c.account) for c in heard.contacts] == [("Ann Lee", "101", 0)]
    # that the account has another name there is said, that it is a revenue with us is doubted
    assert [f.code for _, f in heard.findings] == ["import-own-revenue", "import-differs"]


def test_amounts_below_zero_and_in_another_currency_are_left_out() -> None:
    heard = told(sources([
        ["Kundennr.", "Name 1", "Umsatz lfd. Jahr", "Umsatz VJ", "Whrg"],
        ["0000100007", "A GmbH", "1.234,50", "7,00", "EUR"],
        ["0000100008", "B GmbH", "5,00-", "7,00", "EUR"],
        ["0000100009", "C GmbH", "98.765,00", "7,00", "CHF"], ["Summe", None, "3,00"],
    ]))  # fmt: skip
    assert revenues(heard) == {"A GmbH": {"": 1234.5}, "B GmbH": {"": None}, "C GmbH": {"": None}}
    assert heard.accounts[0].number == "0000100007"
    found = [(f.code, f.cell) for _, f in heard.findings]
    assert found == [("import-rows-left", None), ("import-value", "C3"), ("import-currency", "C4")]


def test_a_text_without_end_is_no_work() -> None:
    long = "Einkauf Keller, Anke 1.234 " * 40_000
    rows = [["Kunde", "Notiz", long], ["A GmbH", long, long], ["B GmbH", long, None]]
    began = process_time()
    heard = told(sources(rows))
    assert [account.name for account in heard.accounts] == ["A GmbH", "B GmbH"]
    assert process_time() - began < 5  # seconds; more than one look at each letter took minutes


# --- whatever stands there -----------------------------------------------------------------------

_CELLS = st.one_of(
    _HEADERS,
    _VALUES,
    st.text(max_size=40),
    st.integers(-10, 10**6),
    st.floats(0, 1e9, allow_nan=False),
    st.none(),
)


@given(st.lists(st.lists(_CELLS, min_size=2, max_size=7), min_size=1, max_size=9))
def test_nothing_in_an_export_raises(rows: list[list[object]]) -> None:
    heard = told(
        Source("a.csv", found, proposed_mapping(found)) for found in tables_in(book(rows))
        if Source("a.csv", found, proposed_mapping(found)).usable
    )  # fmt: skip
    assert all(0 <= contact.account < len(heard.accounts) for contact in heard.contacts)
    assert all(one.name or one.number for one in heard.accounts)
    for _, found in heard.findings:
        assert texts("de").sentence(found)
        assert texts("en").sentence(found)
