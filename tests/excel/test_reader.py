"""The strict reader: reads whole or refuses, whatever it is given."""

from __future__ import annotations

import io
import json
import pickle
import random
import subprocess
import sys
import time
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.chart import BarChart, Reference
from openpyxl.workbook.defined_name import DefinedName

from kamxl.excel.reading.book import Refused, read
from kamxl.excel.reading.limits import Limits
from kamxl.excel.reading.sniff import kind_of
from kamxl.forms.paper.raw import RawBook, RawCell, RawKind
from tests.hostile import workbooks as hostile
from tests.proof.saving import PROGRAMS, saved_by
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
FOUND = ROOT.parent / "shared" / "corpus" / "found"
CODES = {
    "unreadable", "too-large", "password", "format-unsupported", "not-a-workbook", "rights-managed",
    "archive-unsupported", "cloud-link", "cloud-placeholder", "mail-encrypted",
}  # fmt: skip
SECONDS = 20.0  # a guard against hangs, not a measure: most files need a thousandth of it
MEMORY = 700 * 1024 * 1024  # address space of the process that reads all of them

CASES = hostile.everything()

N, T = RawKind.NUMBER, RawKind.TEXT
PLAIN = {
    (1, 1): RawCell(T, "Price"),
    (1, 2): RawCell(N, "85", 85.0),
    (2, 1): RawCell(T, "Delivery"),
    (2, 2): RawCell(N, "0.85", 0.85, "0%"),
}


def cells_of(data: bytes) -> dict[tuple[int, int], RawCell]:
    """The cells of the first sheet."""
    return dict(read(data).sheets[0].cells)


def refusal(data: bytes, limits: Limits | None = None) -> Refused:
    """How ``data`` is refused."""
    with pytest.raises(Refused) as caught:
        read(data, limits) if limits else read(data)
    return caught.value


# --- in a process of its own, with little memory ---------------------------------------------

CHILD = """
import json, resource, sys, time
from pathlib import Path
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[2]),) * 2)
sys.path.insert(0, sys.argv[3])
from kamxl.excel.reading.book import read, Refused
for path in sorted(Path(sys.argv[1]).iterdir()):
    data, begin = path.read_bytes(), time.process_time()
    try:
        code = str(read(data) and None)
    except Refused as refused:
        code = refused.code
    except BaseException as error:
        code = "leaked " + repr(error)
    print(json.dumps([path.name, code, time.process_time() - begin]), flush=True)
"""


def read_apart(folder: Path) -> dict[str, tuple[str, float]]:
    """{file: (code, seconds)} of every file in a folder, read under a memory limit."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(MEMORY), str(ROOT)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2_000:]
    return {
        name: (code, seconds)
        for name, code, seconds in map(json.loads, done.stdout.split("\n")[:-1])
    }


@pytest.fixture(scope="module")
def fates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, float]]:
    """What became of every hostile file."""
    folder = tmp_path_factory.mktemp("hostile")
    for number, (data, _) in enumerate(CASES.values()):
        (folder / f"{number:04}").write_bytes(data)
    fates = read_apart(folder)
    return {name: fates[f"{number:04}"] for number, name in enumerate(CASES)}


@pytest.mark.parametrize("name", CASES)
def test_hostile_file(name: str, fates: dict[str, tuple[str, float]]) -> None:
    code, seconds = fates[name]
    assert code == str(CASES[name][1])
    assert seconds < SECONDS


@pytest.mark.proof
@pytest.mark.skipif(not FOUND.is_dir(), reason="the corpus of found files is not here")
def test_found_files_end_well() -> None:
    fates = read_apart(FOUND)
    assert len(fates) == len(list(FOUND.iterdir()))
    assert {code for code, _ in fates.values()} <= CODES | {"None"}
    assert max(seconds for _, seconds in fates.values()) < SECONDS


# --- what is read ----------------------------------------------------------------------------


def test_plain_workbook() -> None:
    found = read(hostile.workbook())
    assert [sheet.title for sheet in found.sheets] == ["Card"]
    assert found.sheets[0].cells == PLAIN
    assert found.names == {"kx_mark": "Card!$A$1"}
    assert found.modified == datetime(2025, 3, 1, 10, tzinfo=UTC)
    assert found.flags == frozenset()


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case[1] is None])
def test_odd_file_reads_like_the_plain_one(name: str) -> None:
    found = read(CASES[name][0])
    cells = {place: replace(c, covered=False) for place, c in found.sheets[0].cells.items()}
    assert cells == PLAIN  # what is merged over is there
    assert found.names == {"kx_mark": "Card!$A$1"}


def test_cells_of_every_type() -> None:
    row = (
        '<c r="A3" t="inlineStr"><is><r><t xml:space="preserve"> a</t></r><r><t>b </t></r>'
        "<rPh><t>phonetic</t></rPh></is></c>"
        '<c r="B3" t="str"><f>A1</f><v>_x0041__x005F_x0041_</v></c>'
        '<c r="C3" t="b"><v>1</v></c><c r="D3" t="e"><v>#DIV/0!</v></c>'
        '<c r="E3" t="d"><v>2025-03-01</v></c><c r="F3"><v> -1.5E+1 </v></c>'
        '<c r="G3"><f>1+1</f></c><c r="H3"><f>1+1</f><v/></c><c r="I3" s="1"/>'
        '<c r="J3" t="inlineStr"><is><t/></is></c><c r="K3" t="b"><v>0</v></c>'
        '<c r="L3" t="inlineStr"><v>1.0</v><is><t>1.</t></is></c>'
    )
    found = {
        place[1]: cell for place, cell in cells_of(hostile.with_cell(row)).items() if place[0] == 3
    }
    assert found == {
        1: RawCell(T, " ab "),
        2: RawCell(T, "A_x0041_", formula=True),
        3: RawCell(RawKind.BOOLEAN, "TRUE"),
        4: RawCell(RawKind.ERROR, "#DIV/0!"),
        5: RawCell(RawKind.DATE, "2025-03-01"),
        6: RawCell(N, "-1.5E+1", -15.0),
        7: RawCell(T, "", formula=True),
        8: RawCell(T, "", formula=True),
        11: RawCell(RawKind.BOOLEAN, "FALSE"),
        12: RawCell(T, "1."),
    }


def test_formulas_are_marked_shared_and_array() -> None:
    row = (
        '<c r="A3"><f t="shared" ref="A3:B3" si="0">1</f><v>1</v></c>'
        '<c r="B3"><f t="shared" si="0"/><v>1</v></c>'
        '<c r="C3"><f t="array" ref="C3:$D$3">1</f><v>1</v></c><c r="D3"><v>1</v></c>'
        '<c r="E3"><v>1</v></c>'
    )
    found = cells_of(hostile.with_cell(row))
    assert [found[3, column].formula for column in range(1, 6)] == [True, True, True, True, False]
    assert not found[1, 1].formula


def test_halves_of_a_character_are_joined_and_lone_ones_replaced() -> None:
    parts = {hostile.STRINGS: hostile.strings("<t>_xD83D__xDE00_</t>", "<t>_xD83D_a</t>")}
    found = cells_of(hostile.workbook(parts))
    assert found[1, 1].text == "\U0001f600"
    assert found[2, 1].text == "\ufffda"


def test_far_cell_costs_nothing() -> None:
    far = hostile.with_rows('<row r="1048576"><c r="XFD1048576"><v>85</v></c></row>')
    begin = time.process_time()
    assert cells_of(far) == {(1_048_576, 16_384): RawCell(N, "85", 85.0)}
    assert time.process_time() - begin < SECONDS  # walking there cell by cell takes hours


def test_addresses_left_out() -> None:
    rows = (
        "<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c/><c><v>3</v></c></row>"
        '<row r="9"><c r="D9"><v>4</v></c><c><v>5</v></c></row><row><c r="B10"><v>6</v></c></row>'
    )
    found = {place: cell.number for place, cell in cells_of(hostile.with_rows(rows)).items()}
    assert found == {(1, 1): 1, (1, 2): 2, (3, 2): 3, (9, 4): 4, (9, 5): 5, (10, 2): 6}


@pytest.mark.parametrize(
    ("declared", "index", "code"),
    [
        ("", 0, "General"),
        ("", 9, "0%"),
        ("", 10, "0.00%"),
        ("", 14, "mm-dd-yy"),
        ("", 49, "@"),
        ("", 999, "General"),
        ('<numFmt numFmtId="164" formatCode="dd.mm.yyyy"/>', 164, "dd.mm.yyyy"),
        ('<numFmt numFmtId="14" formatCode="yyyy"/>', 14, "yyyy"),
    ],
)
def test_number_formats(declared: str, index: int, code: str) -> None:
    data = hostile.workbook({hostile.STYLES: hostile.styles(declared, index)})
    assert cells_of(data)[2, 2].number_format == code


def _second(kind: str, target: str, state: str = "") -> bytes:
    sheets = (
        f'<sheet name="First" sheetId="2" r:id="rId9" {state}/>'
        '<sheet name="Card" sheetId="1" r:id="rId1"/>'
    )
    links = hostile.links(
        hostile.link("rId1", "worksheet", "worksheets/sheet1.xml"),
        hostile.link("rId9", kind, target),
        hostile.link("rId2", "styles", "styles.xml"),
        hostile.link("rId3", "sharedStrings", "/xl/sharedStrings.xml"),
    )
    more = {"xl/odd place/\xe4.xml": hostile.sheet("")}
    return hostile.workbook({hostile.BOOK: hostile.book(sheets), hostile.LINKS: links, **more})


@pytest.mark.parametrize(
    "target", ["odd place/\xe4.xml", "/xl/odd%20place/%C3%A4.xml", "../xl/./odd place/\xe4.xml"]
)
def test_sheets_in_their_order_hidden_ones_too(target: str) -> None:
    found = read(_second("worksheet", target, 'state="veryHidden"'))
    assert [sheet.title for sheet in found.sheets] == ["First", "Card"]
    assert found.sheets[0].cells == {}
    assert found.sheets[1].cells == PLAIN


def test_sheets_without_cells_are_skipped() -> None:
    found = read(_second("chartsheet", "chartsheets/sheet1.xml"))
    assert [sheet.title for sheet in found.sheets] == ["Card"]


def test_defined_names_of_the_whole_workbook_only() -> None:
    names = (
        '<definedName name="KX_Ids">Card!$A$1:$A$2</definedName>'
        '<definedName name="kx_ids" localSheetId="0">Card!$B$1</definedName>'
    )
    found = read(hostile.workbook({hostile.BOOK: hostile.book(names=names)}))
    assert found.names == {"kx_ids": "Card!$A$1:$A$2"}


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2025-03-01T10:00:00+02:00", datetime(2025, 3, 1, 8, tzinfo=UTC)),
        (" 2025-03-01 ", datetime(2025, 3, 1, tzinfo=UTC)),
        ("2025-03-01T10:00:00.5Z", datetime(2025, 3, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2025-02-30T10:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        ("</cp:broken>", None),
    ],
)
def test_last_saved(text: str, time: datetime | None) -> None:
    core = str(hostile.plain_parts()[hostile.CORE]).replace("2025-03-01T10:00:00Z", text)
    assert read(hostile.workbook({hostile.CORE: core})).modified == time
    assert read(hostile.workbook({hostile.CORE: None})).modified is None


EXTERNAL = ' TargetMode="External"'


@pytest.mark.parametrize(
    ("parts", "flags"),
    [
        ({"xl/vbaProject.bin": b"\xd0\xcf"}, {"macros"}),
        ({"xl/macrosheets/sheet1.xml": "<a/>"}, {"macros"}),
        ({"xl/embeddings/oleObject1.bin": b"\xd0\xcf"}, {"ole-objects"}),
        ({"xl/externalLinks/externalLink1.xml": "<a/>"}, {"external-links"}),
        (
            {"xl/externalLinks/externalLink1.xml": '<externalLink><ddeLink ddeService="cmd"/>'},
            {"external-links", "ole-objects"},
        ),
        (
            {
                "xl/worksheets/_rels/sheet1.xml.rels": hostile.links(
                    hostile.link("r", "hyperlink", "http://a.example", EXTERNAL)
                )
            },
            set(),
        ),
        (
            {
                "xl/worksheets/_rels/sheet1.xml.rels": hostile.links(
                    hostile.link("r", "oleObject", "file:///a", EXTERNAL)
                )
            },
            {"external-links", "ole-objects"},
        ),
        (
            {
                "xl/drawings/_rels/a.xml.rels": hostile.links(
                    hostile.link("r", "image", "http://a.example", EXTERNAL.replace("x", "&#120;"))
                )
            },
            {"external-links"},
        ),
    ],
)
def test_what_is_seen_and_left_alone(parts: dict[str, Any], flags: set[str]) -> None:
    assert read(hostile.workbook(parts)).flags == flags


# --- how it refuses --------------------------------------------------------------------------


def test_refusal_tells_why_and_travels() -> None:
    found = refusal(hostile.with_cell('<c r="A3"><v>8_5</v></c>'))
    assert (found.code, found.reason, found.detail) == ("unreadable", "number", "A3")
    again = pickle.loads(pickle.dumps(found))  # noqa: S301 - our own, a moment ago
    assert (again.code, again.reason, again.detail) == (found.code, found.reason, found.detail)
    assert found.__context__ is None  # no traceback keeps the parts in memory


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(file=100), "file"),
        (Limits(part=100), "part"),
        (Limits(inflated=1_000), "inflated"),
        (Limits(entries=3), "entries"),
        (Limits(sheets=0), "sheets"),
        (Limits(cells=3), "cells"),
        (Limits(strings=1), "strings"),
        (Limits(text=5), "text"),
        (Limits(shown=5), "shown"),
        (Limits(depth=3), "depth"),
        (Limits(attributes=1), "attributes"),
        (Limits(token=10), "token"),
        (Limits(elements=10), "elements"),
    ],
)
def test_every_limit_holds(limits: Limits, reason: str) -> None:
    data = hostile.workbook()
    if reason == "token":  # expat is asked between two pieces of 64 KB
        data = hostile.with_rows(f'{hostile.ROWS}<row a="{"x" * 100_000}"/>')
    found = refusal(data, limits)
    assert (found.code, found.reason) == ("too-large", reason)


@pytest.mark.parametrize("error", [MemoryError(), RecursionError(), KeyError("x"), OverflowError()])
def test_nothing_leaks(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("kamxl.excel.reading.book.read_cells", fail)
    assert refusal(hostile.workbook()).code in ("unreadable", "too-large")


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("foreign")])
def test_kind_by_content(name: str) -> None:
    kind = kind_of(CASES[name][0])
    expected = name.removeprefix("foreign: ").split("-")[0]
    assert kind == {"zeros": "empty"}.get(expected, expected)
    assert refusal(CASES[name][0]).reason == kind


# --- damage by chance ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def card() -> bytes:
    """A small workbook as openpyxl writes it, with formulas, a chart, names and a percentage."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in range(1, 16):
        sheet.append([f"R{row}", f"Anforderung {row} äöü", row * 7 / 3, row * 5, f"=C{row}*D{row}"])
        sheet.cell(row, 3).number_format = "0.0%"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=15))
    sheet.add_chart(chart, "G2")
    book.defined_names["kx_ids"] = DefinedName("kx_ids", attr_text="Sheet!$A$1:$A$15")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_or_refuse(data: bytes) -> RawBook | None:
    """The reading, None if refused; anything else fails the test."""
    code = "unreadable"
    try:
        return read(data)
    except Refused as refused:
        code = refused.code
    assert code in CODES
    return None


@pytest.mark.proof
def test_one_flipped_bit_never_changes_a_reading(card: bytes) -> None:
    whole, chance = read(card), random.Random(7)  # noqa: S311
    same = refused = 0
    for _ in range(1_500):
        place, bit = chance.randrange(len(card)), chance.randrange(8)
        flipped = bytearray(card)
        flipped[place] ^= 1 << bit
        found = read_or_refuse(bytes(flipped))
        assert found in (None, whole), f"byte {place}, bit {bit}"
        refused += found is None
        same += found is not None
    assert refused > 500
    assert same > 50


def test_every_truncation_is_refused(card: bytes) -> None:
    for length in (*range(0, len(card), 41), *range(len(card) - 30, len(card))):
        assert read_or_refuse(card[:length]) is None, length


def test_swapped_blocks_never_change_a_reading(card: bytes) -> None:
    whole, chance = read(card), random.Random(8)  # noqa: S311
    for _ in range(300):
        first, second = sorted(chance.sample(range(len(card) - 64), 2))
        mixed = bytearray(card)
        mixed[first : first + 32], mixed[second : second + 32] = (
            card[second : second + 32],
            card[first : first + 32],
        )
        assert read_or_refuse(bytes(mixed)) in (None, whole)


@given(st.binary(max_size=2_000))
@settings(max_examples=300, deadline=None)
def test_random_bytes_are_refused(data: bytes) -> None:
    assert read_or_refuse(data) is None
    assert read_or_refuse(b"PK\3\4" + data) is None
    assert read_or_refuse(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + data) is None


@pytest.mark.proof
@given(st.sampled_from([hostile.SHEET, hostile.BOOK, hostile.STYLES, hostile.LINKS]), st.binary())
@settings(max_examples=200, deadline=None)
def test_random_parts_never_leak(name: str, part: bytes) -> None:
    assert read_or_refuse(hostile.workbook({name: part})) is None


TAGS = ["<row>", '<row r="7">', "<c>", '<c t="s">', '<c r="B7" t="str">', "<f>", "<is>", "<r>"]
ENDS = ["</row>", "</c>", "</v>", "</f>", "</is>", "</r>", "</t>"]
PIECES = st.sampled_from([*TAGS, *ENDS, "<v>", "<t>", "1", "9e9", "_x0041_", "&lt;"])


@pytest.mark.proof
@given(st.lists(PIECES, max_size=25))
@settings(max_examples=300, deadline=None)
def test_random_markup_never_leaks(pieces: list[str]) -> None:
    read_or_refuse(hostile.with_rows("".join(pieces)))


# --- other programs --------------------------------------------------------------------------


def _input(cell: RawCell) -> tuple[RawKind, str, bool]:
    # LibreOffice keeps 15 digits of a number.
    text = cell.text if cell.number is None else f"{cell.number:.14g}"
    return cell.kind, text, "%" in cell.number_format


def inputs(data: bytes) -> dict[str, dict[tuple[int, int], tuple[RawKind, str, bool]]]:
    """Everything typed, as another program must keep it."""
    return {
        sheet.title: {
            place: _input(cell)
            for place, cell in sheet.cells.items()
            # LibreOffice saves a typed TRUE as the formula TRUE().
            if not cell.formula or cell.kind is RawKind.BOOLEAN
        }
        for sheet in read(data).sheets
    }


@pytest.fixture(scope="module")
def typed() -> bytes:
    """A workbook with all one may type into a card."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Scorecard ä"
    texts = ["Liefertreue", " 85 ", "85,5", "n/a", "-", "a\nb", "<&>\"'", "日本\U0001f600", "=1"]
    for row, text in enumerate(texts, start=1):
        sheet.cell(row, 1, f"R{row}")
        sheet.cell(row, 2, text).data_type = "s"
        sheet.cell(row, 3, 12.5 * row)
        sheet.cell(row, 4, 0.85).number_format = "0%"
        sheet.cell(row, 5, f"=C{row}*2")
    sheet["A20"], sheet["B20"], sheet["C20"] = True, date(2025, 3, 1), 1 / 3
    sheet.column_dimensions["H"].width = 30
    hidden = book.create_sheet("Meta")
    hidden.sheet_state = "hidden"
    hidden["ZZ5000"] = 1
    book.defined_names["kx_ids"] = DefinedName("kx_ids", attr_text="'Scorecard ä'!$A$1:$A$9")
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_openpyxl_workbook(typed: bytes) -> None:
    found = read(typed)
    cells = found.sheets[0].cells
    assert [sheet.title for sheet in found.sheets] == ["Scorecard ä", "Meta"]
    assert found.names["kx_ids"] == "'Scorecard ä'!$A$1:$A$9"
    assert cells[1, 5] == RawCell(T, "", formula=True)
    assert cells[2, 2].text == " 85 "
    assert cells[1, 4] == RawCell(N, "0.85", 0.85, "0%")
    assert cells[20, 1] == RawCell(RawKind.BOOLEAN, "TRUE")
    assert cells[20, 3].number == 1 / 3
    assert found.sheets[1].cells == {(5_000, 702): RawCell(N, "1", 1.0)}
    assert found.modified is not None


@pytest.mark.proof
@pytest.mark.parametrize("program", PROGRAMS)
def test_saved_again_by_another_program(program: str, typed: bytes, tmp_path: Path) -> None:
    again = saved_by(program, typed, tmp_path)
    assert inputs(again) == inputs(typed)
    found = read(again)
    assert found.names["kx_ids"].replace("$", "").endswith("!A1:A9")
    assert found.sheets[0].cells[3, 5].number == 75.0
    assert all(found.sheets[0].cells[row, 5].formula for row in range(1, 10))


# --- a second opinion ------------------------------------------------------------------------


def _opinion(path: Path) -> dict[str, dict[tuple[int, int], Any]] | None:
    """What openpyxl reads, if it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(path, data_only=True)
        except Exception:
            return None
    return {
        sheet.title: {
            (cell.row, cell.column): cell.value
            for row in sheet.iter_rows()
            for cell in row
            if cell.value not in (None, "")
        }
        for sheet in book.worksheets
    }


def _agree(cell: RawCell, value: Any) -> bool:
    if cell.kind is N:  # openpyxl turns what has a date format into dates, or into "#VALUE!"
        return value == cell.number or not isinstance(value, int | float)
    return str(value).upper() == cell.text.upper().replace("\r\n", "\n")


@pytest.mark.proof
@pytest.mark.skipif(not FOUND.is_dir(), reason="the corpus of found files is not here")
def test_openpyxl_reads_the_same_from_found_files() -> None:
    compared = 0
    for path in sorted(FOUND.glob("*.xl[st][xm]")):
        found = read_or_refuse(path.read_bytes())
        opinion = _opinion(path) if found is not None else None
        if found is None or opinion is None:
            continue
        assert [sheet.title for sheet in found.sheets] == list(opinion), path.name
        for sheet in found.sheets:
            theirs = opinion[sheet.title]
            ours = {place: cell for place, cell in sheet.cells.items() if cell.text}
            assert set(ours) == set(theirs), f"{path.name} {sheet.title}"
            for place, cell in ours.items():
                assert _agree(cell, theirs[place]), f"{path.name} {sheet.title} {place}"
            compared += len(ours)
    assert compared > 20_000
