"""The register's round trip, in all the shapes that people give to its sheets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.records.register import Register
from kamxl.excel.reading.book import read as read_workbook
from kamxl.forms.paper.raw import RawSheet
from kamxl.forms.register import book as form
from kamxl.forms.register.fields import FIELDS, RIVALS
from kamxl.forms.register.sheets import FORMS, SELECTION, SETTINGS
from kamxl.workflow.start.sample import sample
from tests.forms.registers import (
    LANGUAGES,
    SHEETS,
    SMALL,
    STAMP,
    Move,
    drawn,
    found,
    moved,
    small,
    spoiled,
    table,
)
from tests.forms.test_layouts import at_layout
from tests.proof.saving import by_gnumeric, by_libreoffice, by_openpyxl

# --- round trip ----------------------------------------------------------------------------------


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_drawn_is_read_back(language: str) -> None:
    register = form.read(small(language))
    assert register.findings == ()
    assert register == SMALL


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sample_is_read_back(language: str) -> None:
    given = sample(language)
    register = form.read(read_workbook(drawn(given, language)))
    assert [f.code for f in register.findings] == ["many-requirements"]
    assert register == replace(given, findings=register.findings)


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_register_only_asks_for_its_settings(language: str) -> None:
    register = form.read(read_workbook(drawn(None, language)))
    codes = [(f.code, f.sheet, f.cell) for f in register.findings]
    title = SETTINGS.title(language)
    assert codes == [("setting-missing", title, "C7"), ("email-missing", title, "C9")]
    assert register.settings == form.empty_register(language, STAMP).settings
    assert register.settings.period == "2026-H2"
    assert (register.accounts, register.requirements, register.blocked) == ((), (), frozenset())


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("save", [by_openpyxl, by_libreoffice, by_gnumeric])
def test_saving_it_in_another_program_changes_nothing(
    save: Callable[[bytes, Path], bytes], language: str, tmp_path: Path
) -> None:
    register = form.read(read_workbook(save(drawn(SMALL, language), tmp_path)))
    assert register.findings == ()
    assert register == SMALL


@pytest.mark.proof
def test_labels_of_another_language_are_understood() -> None:
    german_words = {
        ("contacts", "role", 0): "Bedarfsdecker",
        ("contacts", "asked", 2): "nein",
        ("segments", "rivals", 2): "Beste  Alternative",
        ("accounts", "language", 1): "english",
    }
    assert form.read(spoiled(small("en"), german_words)) == SMALL


def test_references_without_regard_to_case_take_the_spelling_of_what_they_name() -> None:
    changes: dict[tuple[str, str, int], object] = {
        ("segments", "account", 0): "alfa",
        ("contacts", "segments", 2): "lines, PARTS",
        ("segments", "catalogue", 2): "Kern",
    }
    assert form.read(spoiled(small("de"), changes)) == SMALL


@pytest.mark.proof
def test_more_rows_than_prepared_are_drawn_and_read() -> None:
    accounts = tuple(replace(SMALL.accounts[0], id=f"A{i}") for i in range(600))
    many = replace(SMALL, accounts=accounts, segments=(), contacts=(), requirements=(),
                   competitors=(), decisions=())  # fmt: skip
    register = form.read(read_workbook(drawn(many, "en")))
    assert register.accounts == accounts
    assert {f.code for f in register.findings} == {"no-segments"}
    assert len(register.candidates) == 600


# --- what people do to sheets --------------------------------------------------------------------


def without_key_row(row: int, column: int, key_row: int) -> tuple[int, int] | None:
    return None if row == key_row else (row - (row > key_row), column)


def without_header_row(row: int, column: int, key_row: int) -> tuple[int, int] | None:
    return None if row == key_row - 1 else (row - (row >= key_row), column)


def further_right_and_down(row: int, column: int, key_row: int) -> tuple[int, int]:
    return row + 3, column + 2


def apart(row: int, column: int, key_row: int) -> tuple[int, int]:
    return row * 2, column * 3


def mirrored(row: int, column: int, key_row: int) -> tuple[int, int]:
    return row, 30 - column


def key_row_sorted_down(row: int, column: int, key_row: int) -> tuple[int, int]:
    """Somebody sorted everything below the headers: the small grey row went along."""
    return (key_row + 601, column) if row == key_row else (row, column)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "to",
    [
        without_key_row,
        without_header_row,
        further_right_and_down,
        apart,
        mirrored,
        key_row_sorted_down,
    ],
)
def test_moved_rows_and_columns_do_no_harm(to: Move, language: str) -> None:
    assert form.read(moved(small(language), to)) == SMALL


@pytest.mark.proof
def test_sorted_rows_are_the_same_records() -> None:
    def upside_down(row: int, column: int, key_row: int) -> tuple[int, int]:
        return (row, column) if row <= key_row else (2 * key_row + 602 - row, column)

    raw = small("de")
    # The settings keep their order: it is the records' order that changes.
    turned = moved(raw, upside_down)
    register = form.read(replace(raw, sheets=(*raw.sheets[:2], *turned.sheets[2:])))
    assert register.findings == ()
    assert register.accounts == SMALL.accounts[::-1]
    assert register.requirements == SMALL.requirements[::-1]
    assert set(register.contacts) == set(SMALL.contacts)


def test_renamed_and_reordered_sheets_are_found_by_their_marks() -> None:
    raw = small("de")
    renamed = tuple(RawSheet(f"Blatt {i}", s.cells) for i, s in enumerate(raw.sheets))
    assert form.read(replace(raw, sheets=renamed[::-1])) == SMALL


def test_a_copied_sheet_is_said_and_the_original_counts() -> None:
    raw = small("de")
    old = spoiled(raw, {("accounts", "name", 0): "Alt"}).sheets[SHEETS.index("accounts")]
    copied = (RawSheet("Kunden (2)", old.cells), *raw.sheets)
    register = form.read(replace(raw, sheets=copied))
    assert register.accounts == SMALL.accounts
    assert [(f.code, f.sheet, f.value) for f in register.findings] == [
        ("sheet-duplicate", "Kunden (2)", "Kunden (2)")
    ]
    assert register.blocked == frozenset()


@pytest.mark.parametrize(
    "missing", [i for i, key in enumerate(SHEETS) if key not in ("start", "selection", "picture")]
)
def test_a_missing_sheet_is_one_finding_and_keeps_back_what_shows_it(missing: int) -> None:
    raw = small("de")
    sheets = tuple(sheet for i, sheet in enumerate(raw.sheets) if i != missing)
    register = form.read(replace(raw, sheets=sheets))
    assert [(f.code, f.sheet) for f in register.findings] == [
        ("sheet-missing", raw.sheets[missing].title)
    ]
    assert found(register, raw)
    if SHEETS[missing] == "settings":
        assert (register.settings.company, register.settings.period) == ("", "")
    elif SHEETS[missing] == "competitors":
        assert {order.named_rivals for order in orders(register, "2026-H2", str)} == {False}
    elif SHEETS[missing] == "decisions":
        assert orders(register, "2026-H2", str) == orders(SMALL, "2026-H2", str)
    else:
        assert orders(register, "2026-H2", str) == ()


@pytest.mark.parametrize(
    ("key", "column"),
    [(one.key, c.id) for one in FORMS[1:] if one is not SELECTION for c in one.columns if c.read],
)
def test_a_missing_column_is_one_finding_and_keeps_back_what_shows_it(
    key: str, column: str
) -> None:
    raw = small("en")
    gone = table(key).index(column)
    sheets = tuple(
        RawSheet(s.title, {p: c for p, c in s.cells.items() if p[1] != gone}) if own == key else s
        for s, own in zip(raw.sheets, SHEETS, strict=True)
    )
    register = form.read(replace(raw, sheets=sheets))
    header = table(key).header(table(key).column(column), "en")
    assert [(f.code, f.sheet, f.value) for f in register.findings] == [
        ("column-missing", table(key).title("en"), header)
    ]
    assert found(register, raw)
    out = orders(register, "2026-H2", str)
    if table(key).column(column).aside:
        assert len(out) == len(orders(SMALL, "2026-H2", str)) > 0
    elif key == "competitors":
        assert {order.named_rivals for order in out} == {False}
    else:
        assert out == ()


def test_a_remark_column_may_go() -> None:
    raw = small("en")
    gone = table("accounts").index("remark")
    place = SHEETS.index("accounts")
    cells = {p: c for p, c in raw.sheets[place].cells.items() if p[1] != gone}
    sheets = (*raw.sheets[:place], RawSheet("Accounts", cells), *raw.sheets[place + 1 :])
    assert form.read(replace(raw, sheets=sheets)) == SMALL


# --- whether rivals may be named -----------------------------------------------------------------


def _asked(rivals: bool | None, own: dict[int, str | None], layout: int | None = None) -> Register:
    """A register whose settings say this of rivals, and its segments (by row) that."""
    raw = small("de")
    row = [field.id for field in FIELDS].index("rivals")
    said = None if rivals is None else RIVALS.label(RIVALS.standing_for(rivals), "de")
    changes = {("settings", "value", row): said}
    changes |= {("segments", "rivals", at): own.get(at) for at in range(3)}
    raw = spoiled(raw, changes)
    return form.read(raw if layout is None else at_layout(raw, layout))


def test_whether_rivals_are_named_is_asked() -> None:
    """A new register names nobody until the team has said; each segment may differ."""
    register = _asked(None, {})
    assert [s.named_rivals for s in register.segments] == [False] * 3
    (unsaid,) = [f for f in register.findings if f.code == "rivals-unsaid"]
    assert (unsaid.sheet, unsaid.cell, unsaid.severity) == ("Einstellungen", "C10", "warning")
    assert register.held == ()
    # all segments say it: nobody is asked
    own = _asked(None, {0: "mit Namen", 1: "beste Alternative", 2: "bester anderer Anbieter"})
    assert [s.named_rivals for s in own.segments] == [True, False, False]
    for rivals in (True, False):
        register = _asked(rivals, {1: "mit Namen", 2: "best alternative"})
        assert [s.named_rivals for s in register.segments] == [rivals, True, False]
    for one in (own, register):
        assert "rivals-unsaid" not in {f.code for f in one.findings}


@pytest.mark.parametrize("layout", [1, 2, 3])
def test_a_register_from_before_the_question_goes_on_naming_rivals(layout: int) -> None:
    register = _asked(None, {2: "beste Alternative"}, layout)
    assert [s.named_rivals for s in register.segments] == [True, True, False]
    assert "rivals-unsaid" not in {f.code for f in register.findings}
    assert register.settings.rivals is True  # what an upgrade writes down
