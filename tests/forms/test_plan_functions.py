"""Breadth of contact does not depend on how, or in which language, functions are spelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.records.plan import OTHER, AccountPlan, ContactCare, PlanFunction
from kamxl.core.records.register import Account, Contact
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Formula
from kamxl.forms.plan import book as form
from kamxl.forms.plan.functions import settled
from kamxl.forms.register import book as register
from kamxl.wording.functions import FUNCTION_IDS, label
from kamxl.wording.texts import languages, texts
from kamxl.wording.understood import understood
from tests.forms import registers
from tests.forms.plans import STAMP, WORKSPACE
from tests.proof import need, recalc

LANGUAGES = ("de", "en")
SAID = [
    (word.strip("*="), one) for one in FUNCTION_IDS for word in understood(f"function_{one}")
] + [(label(one, language), one) for one in FUNCTION_IDS for language in languages()]
OWN = PlanFunction("fn1", True, "Abteilung 7")
# What stands in contacts, and in the names of functions, that formulas have to read as Python does.
TYPED = (
    "Fertigung", "Head of Purchasing", " einkauf ", "Vertrieb & Marketing", "QS-Leitung",
    "Supply Chain Management", "R&D", "ABTEILUNG  7", "Abteilung 8", "Öffentlichkeitsarbeit",
    "/", "*", "Produ*", "Einkauf?", "=1+1", 'Leiter "Technik"', "Management", "Marketing/Vertrieb",
    "f.u.e.", "Qualität_Nord", "production", "Betriebsleiter\xa0Nord", "n" * 80, "~", "GF", "IT",
)  # fmt: skip


def functions(language: str) -> tuple[PlanFunction, ...]:
    return tuple(PlanFunction(one, False, label(one, language)) for one in FUNCTION_IDS)


def kept(typed: str, number: int = 0) -> ContactCare:
    return ContactCare(f"c{number}", "N", typed, None, "monthly", "Jana")


def plan_of(
    contacts: tuple[ContactCare, ...], own: tuple[PlanFunction, ...], language: str
) -> AccountPlan:
    plan = AccountPlan(WORKSPACE, "ALFA", "2026-H2", language)
    return replace(plan, functions=own, contacts=settled(contacts, own))


def book_of(
    contacts: tuple[Contact, ...], language: str, own: tuple[PlanFunction, ...] = ()
) -> Book:
    """The plan that begins with what a register says, and with the functions of an earlier one."""
    earlier = plan_of((), own, language) if own else None
    known = form.PlanPrefill(
        Account("ALFA", "Alfa", language), "2026-H2", date(2026, 9, 1),
        contacts=contacts, earlier=earlier,
    )  # fmt: skip
    return form.book(known, language, WORKSPACE, STAMP)


def people(*typed: str) -> tuple[Contact, ...]:
    return tuple(Contact("ALFA", f"c{n}", "Name", "", one) for n, one in enumerate(typed))


# --- one breadth ---------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(SAID), max_size=6), st.sampled_from(LANGUAGES))
def test_any_word_in_any_language_gives_the_same_breadth(
    said: list[tuple[str, str]], language: str
) -> None:
    plan = plan_of(tuple(kept(word, n) for n, (word, _) in enumerate(said)), functions(language),
                   language)  # fmt: skip
    meant = {one for _, one in said}
    assert set(plan.breadth.covered) == meant
    assert plan.breadth.breadth == len(meant) / 9
    assert plan.breadth.others == 0


@pytest.mark.parametrize(
    ("typed", "own", "place"),
    [
        ("abteilung  7", OWN, "fn1"),  # its own name
        ("Abteilung 8", OWN, OTHER),
        ("", OWN, ""),
        ("Manufacturing", PlanFunction("WERK", False, "Fertigung Nord"), "WERK"),  # meant by name
        ("Produktion", PlanFunction("production", False, "Halle 3"), "production"),  # by its id
        ("Halle 3", PlanFunction("production", False, "Halle 3"), "production"),
        ("Vertrieb und Marketing", PlanFunction("fn1", True, "Sales/Marketing"), "fn1"),
        ("Vertrieb", PlanFunction("fn1", True, "Sales/Marketing"), OTHER),
        ("fn1", OWN, OTHER),
        ("Logistik", OWN, OTHER),  # known to all, but none of this plan's
    ],
)
def test_what_a_contact_counts_as(typed: str, own: PlanFunction, place: str) -> None:
    plan = plan_of((kept(typed),), (own,), "de")
    assert [one.counts_as for one in plan.contacts] == [place]
    assert plan.breadth.others == (place == OTHER)
    assert plan.breadth.covered == ((place,) if place not in ("", OTHER) else ())


# --- end to end ----------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize(("of_register", "of_plan"), [("de", "en"), ("en", "de")])
def test_what_a_register_says_counts_in_a_plan_of_any_language(
    of_register: str, of_plan: str
) -> None:
    words = ("Fertigung", "Leiter Einkauf", "Quality")
    changes = {("contacts", "function", n): word for n, word in enumerate(words)}
    read = register.read(registers.spoiled(registers.small(of_register), changes))
    assert "function-unknown" not in {one.code for one in read.findings}
    said = people(*(one.function for one in read.contacts[:3]))
    drawn = render(build(book_of(said, of_plan)))
    plan, findings = form.read(read_workbook(drawn))
    assert plan is not None
    assert findings == ()
    assert [one.counts_as for one in plan.contacts] == ["production", "purchasing", "quality"]
    kept_up = tuple(replace(c, rhythm="monthly", counterpart="J") for c in plan.contacts)
    breadth = replace(plan, contacts=kept_up).breadth
    assert (len(breadth.covered), breadth.others) == (3, 0)


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_function_that_nobody_knows_is_said_and_counts_as_other(language: str) -> None:
    book = book_of(people("Produkton", "Abteilung 7", "Fertigung"), language)
    plan, found = form.read(read_workbook(render(build(book))))
    assert plan is not None
    assert plan.breadth.others == 2
    assert [one.code for one in found] == ["function-unknown"] * 2
    near = texts(language)("plan.customer_functions.production")
    said = [texts(language).sentence(one) for one in found]
    assert near in said[0]
    assert "Produkton" in said[0]
    assert "?" not in said[1]
    sheet = next(one for one in book.sheets if one.key == "contacts")
    shown = [c.content.value for c in sheet.cells.values() if isinstance(c.content, Formula)]
    assert shown.count(texts(language)("plan.contacts.other")) == 2
    # to a plan that knows it, it is no news
    _, found = form.read(read_workbook(render(build(
        book_of(people("Abteilung 7"), language, (*functions(language), OWN))
    ))))  # fmt: skip
    assert found == ()


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_register_offers_the_functions_and_stops_nobody(language: str) -> None:
    for book, key in ((register.book(language, None, "w", STAMP), "contacts"),
                      (book_of((), language), "functions")):  # fmt: skip
        sheet = next(one for one in book.sheets if one.key == key)
        wanted = '"' + ",".join(label(one, language) for one in FUNCTION_IDS) + '"'
        (rule,) = [one for one in sheet.validations if one.formula == wanted]
        assert (rule.kind, rule.error, rule.stop) == ("list", "", False)


# --- live ----------------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_formulas_count_as_python_does(language: str, tmp_path: Path) -> None:
    need(recalc.available())
    own = (*functions("de")[2:], OWN, PlanFunction("fn2", False, "Sales / Marketing"),
           PlanFunction("fn3", True, "Einkauf?"))  # fmt: skip
    contacts = people(*TYPED, *(word for word, _ in SAID[::9]))
    assert len(contacts) > 40
    path = tmp_path / "plan.xlsx"
    path.write_bytes(render(build(book_of(contacts, language, own))))
    cells = recalc.formulas(path)
    assert max(len(text) for sheet in cells.values() for text in sheet.values()) < 8000
    assert recalc.differences(path) == []
