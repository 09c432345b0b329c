"""Decisions about customers' own requirements in the register: typed, drawn, wanting, of a layout
that did not know them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.core.cards.asking import Asking
from kamxl.core.cards.deciding import NAMING
from kamxl.core.cards.own import UNDER
from kamxl.core.ids import MAX_REQUIREMENTS
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.register import AskedRequirement, ListedRequirement, Register
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.register import book as form
from kamxl.forms.register.carrying import carried
from kamxl.forms.register.deciding import begun, with_decisions
from kamxl.forms.register.sheets import DECISION, DECISIONS, FORMS, LAYOUT, MARK, SEGMENTS
from kamxl.forms.register.standing import READY
from kamxl.forms.tables.reading import read_tables
from kamxl.forms.tables.reckoning import letters
from tests.forms.registers import SMALL, STAMP, WORKSPACE
from tests.forms.test_layouts import at_layout, without
from tests.proof import need, recalc
from tests.workflow.making import FEW, drawn_register, prepared

NEW = Decision(
    Ruling.REQUIREMENT_NEW, "ALFA", "LINES", requirement="Rücknahme", under="BACK", who="Jana"
)  # fmt: skip
SAME = replace(NEW, ruling=Ruling.REQUIREMENT_SAME, requirement="Kosten", under="price")
LEFT = replace(NEW, ruling=Ruling.LEAVE_OUT, requirement="Kaffee", under="")


def held(*decisions: Decision) -> Register:
    return replace(SMALL, decisions=decisions)


def read(*decisions: Decision, language: str = "de") -> Register:
    return form.read(read_workbook(drawn_register(held(*decisions), language)))


def needs(*decisions: Decision, language: str = "de") -> list[str]:
    """What their rows still need, as drawn."""
    with prepared(FEW):
        sheet = form.book(language, held(*decisions), WORKSPACE, STAMP).sheet("decisions")
    column, first = DECISIONS.index("needs"), DECISIONS.first
    cells = (sheet.cells[first + n, column].content for n in range(len(decisions)))
    return [cell.value for cell in cells if isinstance(cell, Formula)]


def wrong(register: Register) -> list[tuple[str, str | None]]:
    codes = ("decision", "segment-unknown", "account-unknown", "own", "id-")
    return [(f.code, f.value) for f in register.findings if f.code.startswith(codes)]


@pytest.mark.parametrize("language", ["de", "en"])
def test_what_was_decided_is_read_as_it_was_drawn(language: str) -> None:
    found = read(NEW, SAME, LEFT, language=language)
    assert found.decisions == (NEW, SAME, LEFT)
    assert wrong(found) == []
    assert needs(NEW, SAME, LEFT, language=language) == [READY] * 3


def test_what_needs_something_more_is_told_by_a_letter_of_its_own() -> None:
    found = letters(DECISION)
    for one in (*NAMING, *UNDER, Ruling.LEAVE_OUT):
        assert [code for code, letter in found.items() if letter == found[one]] == [one]


CASES = [
    ("no text", replace(NEW, requirement=""), [("decision-requirement", None)],
     "Kunde, Segment und Anforderung"),
    ("no segment", replace(SAME, segment=""), [("decision-requirement", None)],
     "Kunde, Segment und Anforderung"),
    ("no id", replace(NEW, under=""), [("decision-under", None)], "Als Anforderung"),
    ("unknown segment", replace(NEW, segment="ZZ"), [("segment-unknown", "ZZ")],
     "Segment, das es bei diesem Kunden gibt"),
    ("not asked", replace(SAME, under="NIX"), [("decision-under", "NIX")],
     "eine ID, die in diesem Segment gefragt wird"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "one", "codes", "says"), CASES, ids=[c[0] for c in CASES])
def test_a_row_that_lacks_something_counts_not_and_says_what(
    name: str, one: Decision, codes: list[tuple[str, str | None]], says: str
) -> None:
    found = read(LEFT, one)
    assert (wrong(found), found.decisions) == (codes, (LEFT,))
    assert not found.held
    assert needs(LEFT, one) == [READY, says]


def test_an_id_that_is_reserved_or_none_is_refused() -> None:
    assert wrong(read(replace(NEW, under="own2"))) == [("decision-under", "own2")]
    assert [code for code, _ in wrong(read(replace(NEW, under="a b")))] != []
    assert read(replace(NEW, under="a b")).decisions == ()


def test_the_same_as_one_that_stays_itself_is_asked_there() -> None:
    same = replace(SAME, under="back")
    assert read(NEW, same).decisions == (NEW, same)
    assert needs(NEW, same) == [READY, READY]
    assert wrong(read(replace(NEW, segment="PARTS"), same)) == [("decision-under", "back")]


def test_a_new_one_under_the_id_of_an_asked_one_is_said() -> None:
    there = replace(NEW, under="price")
    found = read(there)
    assert wrong(found) == [("own-asked", "price")]
    assert found.decisions == (there,)
    (asked,) = [r for r in Asking(found).requirements(found.segments[0]) if r.id == "PRICE"]
    assert wrong(read(replace(there, requirement=asked.label.upper()))) == []
    assert wrong(read(NEW)) == []


def test_two_that_say_different_things_of_one_requirement_do_not_count() -> None:
    other = replace(SAME, requirement="RÜCKNAHME ")
    found = read(NEW, other, LEFT)
    assert [code for code, _ in wrong(found)] == ["decision-contradicts"] * 2
    assert found.decisions == (LEFT,)
    again = replace(NEW, requirement="rücknahme", under="back")
    assert read(NEW, again).decisions == (NEW,)  # the same, said twice


def test_what_stays_is_no_row_of_the_sheet_requirements_and_holds_no_card_back() -> None:
    found = read(NEW)
    segment = found.segments[0]
    assert [r.id for r in Asking(found).requirements(segment)] == ["PERF", "PRICE", "BACK"]
    with prepared(FEW):
        sheet = form.book("de", found, WORKSPACE, STAMP).sheet("segments")
    cell = sheet.cells[SEGMENTS.first, SEGMENTS.index("requirements")].content
    assert (isinstance(cell, Formula), cell.value) == (True, 2)  # as the formula counts them


def test_what_finds_no_room_on_the_card_is_said() -> None:
    some = tuple(
        ListedRequirement("Kern", "", "", AskedRequirement(f"R{n}", f"R{n}"))
        for n in range(MAX_REQUIREMENTS - len(SMALL.requirements[:2]) - 1)
    )
    full = replace(SMALL, requirements=(*SMALL.requirements, *some))
    both = (NEW, replace(NEW, requirement="Lager", under="STORE"))
    found = form.read(read_workbook(drawn_register(replace(full, decisions=both), spare=60)))
    assert wrong(found) == [("own-many", "Lager")]
    assert not found.held
    one = form.read(read_workbook(drawn_register(replace(full, decisions=both[:1]), spare=60)))
    assert wrong(one) == []


# --- a register of layout 5 ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def earlier() -> RawBook:
    """A register with decisions as layout 5 had them."""
    raw = read_workbook(drawn_register(SMALL))
    return at_layout(without(raw, DECISIONS, "requirement", "under"), 5)


def test_a_register_of_layout_5_goes_on(earlier: RawBook) -> None:
    found = form.read(earlier)
    assert (found.decisions, found.findings, found.held) == (SMALL.decisions, (), ())
    assert found.layout == 5


def test_it_begins_no_row_that_it_has_no_columns_for(earlier: RawBook) -> None:
    other = Decision(Ruling.LEAVE_OUT, file="a.xlsx")
    found = begun(earlier, [NEW, other])
    assert found is not None
    assert (found.left, list(found.cells.values())) == (1, ["a.xlsx"])


@pytest.mark.proof
def test_an_upgrade_keeps_its_decisions_and_has_the_columns(earlier: RawBook) -> None:
    with prepared(FEW):
        made = carried(earlier, WORKSPACE, STAMP)
        raw = read_workbook(render(build(made.book)))
    assert made.left == []
    found = form.read(raw)
    assert (found.decisions, found.layout) == (SMALL.decisions, LAYOUT)
    tables = read_tables(raw, FORMS, MARK)
    assert with_decisions(raw, tables, [NEW]) != raw
    assert form.read(with_decisions(raw, tables, [NEW])).decisions == (*SMALL.decisions, NEW)


def test_rows_are_begun_where_there_are_columns_for_them() -> None:
    whole = read_workbook(drawn_register(held(LEFT)))
    found = begun(whole, [NEW])
    assert found is not None
    at = {key: found.cells.get((DECISIONS.first + 1, DECISIONS.index(key)))
          for key in ("account", "segment", "requirement", "under", "decision")}  # fmt: skip
    assert at == {
        "account": "ALFA", "segment": "LINES", "requirement": "Rücknahme", "under": "BACK",
        "decision": None,
    }  # fmt: skip
    assert found.left == 0
    again = begun(read_workbook(drawn_register(held(replace(NEW, under="OTHER")))), [NEW])
    assert again is not None
    assert again.cells == {}  # it stands there, under whatever id


@pytest.mark.proof
def test_each_row_needs_what_its_formula_says(tmp_path: Path) -> None:
    need(recalc.available())
    other = replace(SAME, under="back", requirement="Retouren")
    rows = (NEW, SAME, LEFT, other, *(one for _, one, *_ in CASES))
    path = tmp_path / "r.xlsx"
    path.write_bytes(drawn_register(held(*rows), "de", FEW))
    assert recalc.differences(path) == []
