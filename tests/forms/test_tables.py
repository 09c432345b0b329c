"""Declared tables: the declaration itself, column types, and finding a table again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from itertools import combinations
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from kamxl.core.ids import is_id
from kamxl.forms.paper.book import Formula, Sheet
from kamxl.forms.paper.places import Here, UnknownReferenceError
from kamxl.forms.paper.raw import RawCell, RawKind, RawSheet, a1, column_letters
from kamxl.forms.register.sheets import CONTACTS, FORMS, MARK
from kamxl.forms.tables.columns import ANSWER, Calculated, Choices, Column, Kind, calculated, note
from kamxl.forms.tables.declared import FIRST_ROW, KEY_ROW, Line, Table, placed
from kamxl.forms.tables.fields import plain
from kamxl.forms.tables.reading import read_table, read_tables
from kamxl.forms.tables.validation import id_formula
from kamxl.wording.texts import languages
from tests.forms.registers import SHEETS, raw_cell, small
from tests.proof import need, recalc

TEXT, NUMBER = RawKind.TEXT, RawKind.NUMBER


def column(kind: Kind, **more: object) -> Column:
    return Column("x", kind, 10, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "typed", "value", "code"),
    [
        (Kind.ID, "A.b_c-9", "A.b_c-9", None),
        (Kind.ID, " K1 ", "K1", None),
        (Kind.ID, 100, "100", None),
        (Kind.ID, "A B", None, "id-bad"),
        (Kind.ID, "Ä1", None, "id-bad"),
        (Kind.ID, "-A", None, "id-bad"),
        (Kind.ID, "x" * 32, "x" * 32, None),
        (Kind.ID, "x" * 33, None, "id-bad"),
        (Kind.ID, 1.5, "1.5", None),
        (Kind.ID, RawCell(NUMBER, "46204", 46204.0, "mmm yy"), None, "id-bad"),
        (Kind.ID, "NA", "NA", None),
        (Kind.ID, "-", None, None),
        (Kind.IDS, "a, b;c", ("a", "b", "c"), None),
        (Kind.IDS, 12, ("12",), None),
        (Kind.IDS, "a, b c", None, "id-bad"),
        (Kind.IDS, " ", None, None),
        (Kind.REF, "  Kern\u00a0Katalog ", "Kern Katalog", None),
        (Kind.REF, "-", None, None),
        (Kind.TEXT, "two\nlines  here", "two lines here", None),
        (Kind.TEXT, "-", "-", None),
        (Kind.TEXT, "m² ﬁx", "m² ﬁx", None),
        (Kind.TEXT, "y" * 121, "y" * 120, "text-cut"),
        (Kind.TEXT, "a\x07b", "ab", "text-cleaned"),
        (Kind.TEXT, RawCell(RawKind.ERROR, "#REF!"), None, "number-error"),
        (Kind.TEXT, RawCell(RawKind.ERROR, "#N/A"), None, None),
        (Kind.TEXT, RawCell(TEXT, "x", formula=True), "x", "formula-value"),
        (Kind.TEXT, RawCell(TEXT, "", formula=True), None, "formula-no-value"),
        (Kind.EMAIL, "a.b+c@d-e.example", "a.b+c@d-e.example", None),
        (Kind.EMAIL, "mailto:a@b.example", "a@b.example", None),
        (Kind.EMAIL, "a@müller.example", "a@xn--mller-kva.example", None),
        (Kind.EMAIL, "a@b", None, "email-bad"),
        (Kind.EMAIL, "a b@c.example", None, "email-bad"),
        (Kind.EMAIL, "ä@c.example", None, "email-bad"),
        (Kind.EMAIL, "a@b..example", None, "email-bad"),
        (Kind.EMAIL, "Anna <a@b.example>", None, "email-bad"),
        (Kind.EMAIL, "a@b.example, c@d.example", None, "email-bad"),
        (Kind.EMAIL, "a@" + "b" * 250 + ".example", None, "email-bad"),
        (Kind.AMOUNT, "1.200.000 €", 1_200_000.0, None),
        (Kind.AMOUNT, -5, None, "number-negative"),
        (Kind.POINTS, 101, None, "number-range"),
        (Kind.POINTS, 0.5, None, "rating-scale"),
        (Kind.POINTS, "ca. 80", None, "number-text"),
        (Kind.DATE, "30.09.2026", "2026-09-30", None),
        (Kind.DATE, "3/4/2026", None, "date-bad"),
        (Kind.PERIOD, "2026 / h2", "2026-H2", None),
        (Kind.PERIOD, 2026, "2026", None),
        (Kind.PERIOD, "2026-07", "2026-07", None),
        (Kind.PERIOD, "2026-H3", None, "period-bad"),
        (Kind.PERIOD, RawCell(NUMBER, "46204", 46204.0, "mmm yy"), None, "period-bad"),
        (Kind.LANGUAGE, "Deutsch", "de", None),
        (Kind.LANGUAGE, "EN", "en", None),
        (Kind.LANGUAGE, "Latein", None, "choice-unknown"),
    ],
)
def test_what_is_typed_into_a_column(
    kind: Kind, typed: object, value: object, code: str | None
) -> None:
    parsed = column(kind).parse(raw_cell(typed))
    seen = parsed.value.isoformat() if kind is Kind.DATE and parsed.value else parsed.value
    assert (seen, parsed.code) == (value, code)


@pytest.mark.parametrize("typed", ["Ja", "YES", "yes", "ja ", True])
def test_a_choice_is_read_in_every_language(typed: object) -> None:
    assert column(Kind.CHOICE, choices=ANSWER).parse(raw_cell(typed)).value == "yes"


def test_an_unknown_choice_is_said() -> None:
    assert (
        column(Kind.CHOICE, choices=ANSWER).parse(raw_cell("vielleicht")).code == "choice-unknown"
    )


def test_a_shown_choice_is_read_back_in_every_language() -> None:
    sets = {c.choices for form in FORMS for c in form.columns if c.choices}
    assert len(sets) == 7
    for choices in sets:
        for language in languages():
            labels = [choices.label(code, language) for code in choices.codes]
            assert [choices.code(label) for label in labels] == list(choices.codes)
            assert not any("," in label for label in labels), "a drop-down would cut it in two"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_no_header_can_be_taken_for_another_column(form: Table[Any]) -> None:
    meant: dict[str, str] = {column.id: column.id for column in form.columns}
    for language in languages():
        for column in form.columns:
            text = plain(form.header(column, language)).casefold()
            assert meant.setdefault(text, column.id) == column.id


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_every_column_is_documented(form: Table[Any], language: str) -> None:
    documented = form.documentation(language)
    assert [key for key, _, _ in documented] == [column.id for column in form.columns]
    assert all(header and 10 <= len(note) <= 255 for _, header, note in documented)
    assert all(len(header) <= 36 for _, header, _ in documented)


@pytest.mark.proof
def test_the_id_check_while_typing_calculates_alike_and_refuses_no_good_id(tmp_path: Path) -> None:
    need(recalc.available())
    typed = ["A", "a.b-c_9", "x" * 32, "007", "A B", "a,b", "Ä1", "x" * 33, "a/b"]
    book = openpyxl.Workbook()
    for row, text in enumerate(typed, 1):
        book.active.cell(row, 1, text)
        book.active.cell(row, 2, "=" + id_formula(f"A{row}"))
    path = tmp_path / "ids.xlsx"
    book.save(path)
    for engine, sheets in recalc.recalculate([path])[path].items():
        cells = next(iter(sheets.values()))
        assert [bool(cells[f"B{row}"]) for row in range(1, 10)] == [is_id(t) for t in typed], engine


def contacts(rows: dict[tuple[int, int], object]) -> RawSheet:
    return RawSheet("Sheet1", {place: raw_cell(value) for place, value in rows.items()})


def test_a_table_is_found_by_header_texts_alone() -> None:
    headers = [CONTACTS.header(c, "de") for c in CONTACTS.columns]
    cells: dict[tuple[int, int], object] = {(3, i): h for i, h in enumerate(reversed(headers), 4)}
    cells |= {(5, 4 + len(headers) - 1): "ALFA", (5, 4 + len(headers) - 3): "Anke"}
    read = read_table(contacts(cells), CONTACTS)
    assert (read.language, read.broken, len(read.rows)) == ("de", False, 1)
    assert (read.rows[0]["account"], read.rows[0]["name"]) == ("ALFA", "Anke")
    # the id is required and missing: its cell is named though it is empty
    missing = a1(5, 4 + len(headers) - 2)
    assert [(f.code, f.cell) for f in read.rows[0].findings] == [("id-missing", missing)]


@pytest.mark.proof
def test_english_headers_are_not_a_row_of_data() -> None:
    sheet = next(s for s in small("en").sheets if s.title == "Contacts")
    read = read_table(sheet, CONTACTS)
    assert [row.number for row in read.rows] == [FIRST_ROW + i for i in range(4)]


def test_a_sheet_without_the_table_says_so() -> None:
    read = read_table(contacts({(1, 1): "id", (2, 1): "x"}), CONTACTS)
    assert [f.code for f in read.findings] == ["table-missing"]
    assert read.broken
    assert not read.rows


def test_a_column_that_stands_twice_is_said() -> None:
    sheet = next(s for s in small("en").sheets if s.title == "Contacts")
    cells = dict(sheet.cells)
    cells[(6, 25)] = raw_cell("name")
    read = read_table(replace(sheet, cells=cells), CONTACTS)
    assert [(f.code, f.cell) for f in read.findings] == [("column-duplicate", "Y6")]
    assert read.broken


@pytest.mark.proof
def test_tables_are_told_apart_by_their_labels() -> None:
    raw = small("de")
    bare = [
        RawSheet(f"S{i}", {p: c for p, c in s.cells.items() if p != (1, 1)})
        for i, s in enumerate(raw.sheets)
    ]
    found = read_tables(replace(raw, sheets=tuple(reversed(bare))), FORMS, MARK)
    titles = {key: sheet.title for key, sheet in zip(SHEETS, bare, strict=True)}
    assert {form.key: found[form.key].sheet for form in FORMS} == {
        form.key: titles[form.key] for form in FORMS
    }


def test_choices_know_their_own_codes() -> None:
    assert (
        Choices("register.choices.role", ("requirer", "purchaser")).code("PURCHASER") == "purchaser"
    )


def test_a_table_without_end_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kamxl.forms.tables.reading.MOST_ROWS", most := 50)
    keys = {(1, i): c.id for i, c in enumerate(CONTACTS.columns, 1)}
    rows = {(row, 3): f"x{row}" for row in range(2, most + 10)}
    read = read_table(contacts({**keys, **rows}), CONTACTS)
    assert [row.number for row in read.rows] == [*range(2, most + 2)]
    assert [row.number for row in read.over] == [*range(most + 2, most + 10)]
    assert [(f.code, f.cell) for f in read.findings] == [("too-many-rows", f"A{most + 2}")]
    assert not read.broken


# --- one declaration -----------------------------------------------------------------------------


class State(StrEnum):
    NEW = "new"
    OLD = "old"


@dataclass(frozen=True)
class Tool:
    """A record of nobody's: every way in which a column can be bound to one."""

    id: str
    name: str
    price: float | None = None
    state: State = State.NEW
    lent: bool = True
    bought: date | None = None
    steps: tuple[str, str] = ("", "")
    marks: Mapping[str, float | None] = field(default_factory=dict)
    maker: str = ""  # no column says it yet


class Scratch(Table[Tool]):
    """A table whose wording needs no language file."""

    def text(self, language: str, name: str) -> str:
        return f"{name} ({language})"


def twice(facts: object, at: Here, line: Line) -> Formula:
    value = 2 * line.record.price if line and line.record.price is not None else ""
    return Formula(f'IF({at("price")}="","",{at("price")}*2)', value)


def counted(facts: object, at: Here, line: Line) -> Formula:
    return Formula(f"SUMPRODUCT(--({at.own('where')}={at('where')}))", 1)


STATES = Choices("register.choices.answer", ("yes", "no"), tuple(State))
BOUND = (
    Column("id", Kind.ID, 10, required=True),
    Column("name", Kind.TEXT, 20, required=True),
    Column("price", Kind.AMOUNT, 12),
    calculated("twice", 12, twice),
    Column("state", Kind.CHOICE, 12, choices=STATES),
    Column("away", Kind.CHOICE, 12, choices=ANSWER, field="lent", blank=False),
    Column("bought", Kind.DATE, 12),
    Column("where", Kind.TEXT, 12, beside=True),
    calculated("counted", 12, counted),
    Column("first", Kind.TEXT, 12, field="steps", item=0),
    Column("second", Kind.TEXT, 12, field="steps", item=1),
    Column("mark_a", Kind.POINTS, 8, field="marks", item="a"),
    Column("mark_b", Kind.POINTS, 8, field="marks", item="b"),
    note("remark", 30),
)
MAKER = Column("maker", Kind.TEXT, 25)
TOOLS = (
    Tool("T1", "Saw", 12.5, State.OLD, False, date(2026, 3, 1), ("cut", ""), {"b": 70.0}, "Ohm"),
    Tool("T2", "Axe", None, State.NEW, True, None, ("", "sharpen"), {"a": 0.0, "b": 5.0}, "Ampere"),
)


def scratch(*columns: Column, **more: Any) -> Scratch:
    return Scratch("tools", columns, "scratch", Tool, unique=("id",), rows=5, **more)


def shown(table: Scratch, language: str = "en") -> Sheet:
    lines = [table.line(tool, where=f"shelf {tool.id}") for tool in TOOLS]
    return table.draw(placed([table], language), lines, mark="scratch:tools")


def raw_of(sheet: Sheet) -> RawSheet:
    """A drawn sheet as a reader finds it."""
    cells = {}
    for place, cell in sheet.cells.items():
        content = cell.content
        value = content.value if isinstance(content, Formula) else content
        day = isinstance(value, date)
        if value is not None and value != "":
            made = raw_cell(value.isoformat() if day else value)  # type: ignore[union-attr]
            cells[place] = replace(made, formula=isinstance(content, Formula))
    return RawSheet(sheet.title, cells)


def taken(table: Scratch, sheet: Sheet) -> list[Tool]:
    read = read_table(raw_of(sheet), table)
    assert not read.broken
    assert [found for row in read.rows for found in row.findings] == []
    return [table.record_of(row) for row in read.rows]


def without_maker(tool: Tool) -> Tool:
    return replace(tool, maker="")


def test_what_is_drawn_is_read_back_as_the_same_record() -> None:
    table = scratch(*BOUND)
    assert taken(table, shown(table)) == [without_maker(tool) for tool in TOOLS]


def test_a_column_that_is_added_is_drawn_read_documented_and_referred_to() -> None:
    """One line in the declaration; the record has the field, the language file its two texts."""
    table = scratch(*BOUND[:3], MAKER, *BOUND[3:])
    sheet = shown(table)
    index = table.index("maker")
    assert index == 4
    assert sheet.cells[KEY_ROW, index].content == "maker"
    assert sheet.cells[KEY_ROW - 1, index].content == "columns.maker.header (en)"
    assert sheet.cells[FIRST_ROW, index].content == "Ohm"
    assert sheet.widths[index] == MAKER.width
    assert sheet.print_area == f"A1:{column_letters(len(BOUND) + 1)}{FIRST_ROW + 4}"
    assert ("maker", "columns.maker.header (de)", "columns.maker.help (de)") in (
        table.documentation("de")
    )
    asked = next(v for v in sheet.validations if v.ranges == table.cells("maker"))
    assert (asked.kind, asked.prompt) == ("textLength", "columns.maker.help (en)")
    assert placed([table], "en").all("tools", "maker") == "'title (en)'!$D$6:$D$12"
    assert taken(table, sheet) == list(TOOLS)


@pytest.mark.parametrize("pair", list(combinations(range(len(BOUND)), 2)))
def test_two_columns_that_are_swapped_leave_everything_right(pair: tuple[int, int]) -> None:
    columns = list(BOUND)
    columns[pair[0]], columns[pair[1]] = columns[pair[1]], columns[pair[0]]
    table = scratch(*columns)
    sheet = shown(table)
    assert taken(table, sheet) == [without_maker(tool) for tool in TOOLS]
    price = "$" + a1(FIRST_ROW, columns.index(BOUND[2]) + 1)
    made = sheet.cells[FIRST_ROW, table.index("twice")].content
    assert made == Formula(f'IF({price}="","",{price}*2)', 25.0)
    where = column_letters(table.index("where"))
    block = f"${where}${FIRST_ROW - 1}:${where}${FIRST_ROW + 5}"  # the key row, and one below
    found = sheet.cells[FIRST_ROW, table.index("counted")].content
    assert found == Formula(f"SUMPRODUCT(--({block}=${where}{FIRST_ROW}))", 1)
    same = f"--(${column_letters(table.index('id'))}${FIRST_ROW - 1}"
    assert same in sheet.conditionals[0].formula
    assert list(sheet.widths.values())[:-1] == [column.width for column in columns]


def test_an_empty_cell_says_what_its_field_is_by_itself() -> None:
    table = scratch(*BOUND)
    cells: dict[tuple[int, int], object] = {
        (1, i): column.id for i, column in enumerate(BOUND, 1)
    } | {(2, 1): "T9", (2, 2): "Rope"}
    read = read_table(contacts(cells), table)
    assert [table.record_of(row) for row in read.rows] == [Tool("T9", "Rope", lent=False)]


@pytest.mark.parametrize(
    "asked",
    [
        lambda at: at("prize"),
        lambda at: at.own("prize"),
        lambda at: at.all("tools", "prize"),
        lambda at: at.all("toolz", "price"),
        lambda at: at.span(("price", "away")),  # they do not stand side by side
    ],
)
def test_an_unknown_reference_raises_when_the_book_is_built(asked: Any) -> None:
    broken = calculated("broken", 10, lambda facts, at, line: Formula(asked(at), ""))
    with pytest.raises(UnknownReferenceError):
        shown(scratch(*BOUND, broken))


def test_a_drop_down_of_nothing_raises_when_the_book_is_built() -> None:
    nowhere = Column("maker", Kind.REF, 10, ref="makers.id")
    with pytest.raises(UnknownReferenceError, match="makers"):
        shown(scratch(*BOUND, nowhere))


def test_a_calculated_column_without_a_formula_raises_when_the_book_is_built() -> None:
    with pytest.raises(ValueError, match="silent"):
        shown(scratch(*BOUND, Calculated("silent", Kind.LIVE, 10)))


def test_a_table_with_room_above_it_must_have_something_drawn_there() -> None:
    for top, above in ((3, None), (0, lambda sheet: None)):
        table = scratch(*BOUND, top=top)
        with pytest.raises(ValueError, match="rows above"):
            table.draw(placed([table], "en"), (), mark="", above=above)


@pytest.mark.parametrize(
    ("columns", "unique"),
    [
        ((*BOUND, Column("weight", Kind.POINTS, 9)), ("id",)),  # no such field
        ((*BOUND, Column("fresh", Kind.TEXT, 9, field="nmae")), ("id",)),
        ((*BOUND, Column("name", Kind.TEXT, 9)), ("id",)),  # two called alike
        (BOUND, ("id", "place")),
    ],
)
def test_a_slip_in_a_declaration_raises_where_it_is_declared(
    columns: tuple[Column, ...], unique: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match="tools"):
        Scratch("tools", columns, "scratch", Tool, unique=unique)


def test_a_value_beside_the_record_has_to_be_handed_in_and_nothing_else() -> None:
    table = scratch(*BOUND)
    with pytest.raises(KeyError):
        table.line(TOOLS[0])
    with pytest.raises(TypeError, match="shelf"):
        table.line(TOOLS[0], where="here", shelf="there")


def test_a_row_knows_only_the_columns_that_are_read() -> None:
    table = scratch(*BOUND)
    row = read_table(raw_of(shown(table)), table).rows[0]
    assert row["where"] == "shelf T1"
    for unknown in ("wehre", "twice", "remark"):
        with pytest.raises(KeyError):
            row[unknown]
        with pytest.raises(KeyError):
            row.words(unknown)
