"""The proof tools themselves: each must see the faults it is there for."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Book, Cell, Formula, Sheet
from tests.excel import sample
from tests.excel.sample_data import STAMP, values
from tests.proof import need, recalc, semantics, validate

Parts = dict[str, bytes]
CARD, STYLES, BOOK = "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/workbook.xml"
STRINGS, TYPES, CHART = "xl/sharedStrings.xml", "[Content_Types].xml", "xl/charts/chart1.xml"


@pytest.fixture(scope="module")
def clean() -> bytes:
    return render(build(sample.book()), values())


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """A file with one text in one part replaced (once)."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    assert old in text, f"{part} holds no {old!r}"
    parts[part] = text.replace(old, new, 1).encode()
    return packed(parts)


def packed(parts: Parts) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def unpacked(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_sample_is_clean(clean: bytes) -> None:
    assert semantics.problems(clean) == []


SHEET_END = "<printOptions"
FAULTS: list[tuple[str, str, str, str]] = [
    # part, text, replacement, what must be reported
    (CARD, 'r="C9"', 'r="C8"', "twice there"),
    (CARD, '<row r="9"', '<row r="7"', "out of order"),
    (CARD, ' s="', ' s="9999" x="', "style that does not exist"),
    (CARD, 't="s"><v>', 't="s"><v>9', "shared string that does not exist"),
    (CARD, "<v>30</v>", "<v>nan</v>", "is no number"),
    (CARD, "<v>30</v>", "<v>thirty</v>", "is no number"),
    (CARD, "<f>100-SUM(C8:C13)</f>", "<f>100-SUM(C8:C13</f>", "unbalanced parentheses"),
    (CARD, "<f>100-SUM(C8:C13)</f>", "<f>=100-SUM(C8:C13)</f>", "begins with '='"),
    (CARD, "100-SUM(C8:C13)", "100-SUM(C4:C13)", "reads itself"),
    (CARD, "100-SUM(C8:C13)", "100-SUM($C$5)", "reads itself"),
    (CARD, "100-SUM(C8:C13)", "100-SUM(#REF!)", "refers to nothing"),
    (CARD, "100-SUM(C8:C13)", "100-SUM(Gone!A1)", "missing sheet"),
    (CARD, "100-SUM(C8:C13)", "100-SUM('Gone away'!A1)", "missing sheet"),
    (CARD, "100-SUM(C8:C13)", "100-SUM([1]Sheet!A1)", "external reference"),
    (CARD, "100-SUM(C8:C13)", "SUM(Table1[Weight])", "structured"),
    (CARD, "100-SUM(C8:C13)", "SUM(A1#)", "dynamic arrays"),
    (CARD, "100-SUM(C8:C13)", "SUM({1,2})", "array constant"),
    (CARD, "100-SUM(C8:C13)", "_xlfn.IFS(1,2)", "newer Excel"),
    (CARD, "100-SUM(C8:C13)", "STDEV.S(C8:C13)", "prefix"),
    (CARD, "100-SUM(C8:C13)", "WEBSERVICE(&quot;x&quot;)", "reaches outside"),
    (CARD, "100-SUM(C8:C13)", "1&amp;&quot;", "open text"),
    (CARD, "<f>100-SUM(C8:C13)</f><v>0</v>", "<f>100-SUM(C8:C13)</f>", "without a stored value"),
    (CARD, "<f>100-", '<f t="array" ref="C5">100-', "array formula"),
    (CARD, SHEET_END, '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>' + SHEET_END, "merged"),
    (CARD, 'dxfId="0"', 'dxfId="99"', "look does not exist"),
    (CARD, 'priority="2"', 'priority="1"', "one priority"),
    (CARD, 'sqref="D8:E13"', 'sqref="D8:C13"', "no cells"),
    (CARD, 'promptTitle="', 'promptTitle="' + "x" * 33, "over 32"),
    (CARD, 'prompt="', 'prompt="' + "x" * 256, "over 255"),
    (CARD, 'dataValidation sqref="C4"', 'dataValidation sqref="C3:C4"', "overlap"),
    (CARD, 'dimension ref="A1:', 'dimension ref="B2:', "outside its dimension"),
    (CARD, "<sheetProtection ", '<sheetProtection password="CC3D" ', "password"),
    (CARD, "<oddFooter>", "<oddFooter>" + "x" * 256, "too long"),
    (CARD, "<oddFooter>", "<oddFooter>/home/ann/plan", "where or by what"),
    ("xl/worksheets/sheet1.xml", "location=\"'Score", "location=\"'Skore", "links to nothing"),
    (BOOK, 'name="kx_ids"', 'name="kx_mark"', "defined twice"),
    (BOOK, 'name="kx_ids"', 'name="r2c2"', "invalid name"),
    (BOOK, "!$A$8:$A$13", "!#REF!", "refers to nothing"),
    (BOOK, 'name="Texts"', 'name="Fields"', "two sheets"),
    (BOOK, 'name="Texts"', 'name="Te[x]ts"', "sheet name"),
    (BOOK, 'sheetId="5" state="visible"', 'sheetId="5" state="veryHidden"', "hidden"),
    (BOOK, 'activeTab="1"', 'activeTab="7"', "active sheet"),
    (BOOK, ' fullCalcOnLoad="1"', "", "calculate on load"),
    (STYLES, 'fontId="1"', 'fontId="99"', "fontId 99"),
    (STYLES, '<sz val="22"/><color rgb="FFFFFFFF"/>', '<color rgb="FFFFFFFF"/><sz val="22"/>',
     "out of order"),
    (STYLES, "<bgColor", "<fgColor", "background colour"),
    (STRINGS, 'uniqueCount="', 'uniqueCount="9', "count is wrong"),
    (STRINGS, ' xml:space="preserve"', "", "blanks of"),
    (TYPES, "/xl/charts/chart1.xml", "/xl/charts/chart9.xml", "missing part"),
    (TYPES, "/xl/charts/chart1.xml", "/xl/charts/chart2.xml", "no content type"),
    ("xl/tables/table1.xml", 'name="Approach"', 'name="Way"', "not in its cell"),
    ("xl/tables/table1.xml", 'displayName="tblFields"', 'displayName="kx_ids"', "both called"),
    ("xl/tables/table1.xml", 'ref="A2:C7"', 'ref="A2:D7"', "does not fit"),
    ("xl/worksheets/_rels/sheet3.xml.rels", "drawing1.xml", "drawing7.xml", "missing part"),
    ("xl/worksheets/_rels/sheet3.xml.rels", 'Id="rId1"', 'Id="rId8"', "not related"),
    ("xl/worksheets/_rels/sheet3.xml.rels", "<Relationship ",
     '<Relationship TargetMode="External" ', "external relation"),
    (CHART, "<v>82.5</v>", "<v>82.4</v>", "the chart shows '82.4'"),
    (CHART, '<ptCount val="6"/>', '<ptCount val="5"/>', "stored count"),
    (CHART, "!$B$80:$B$85", "!$B$80:$B$84", "stored count"),
    (CHART, "'Result'!", "'Results'!", "refers to nothing"),
    (CHART, '<delete val="0"/><axPos', '<delete val="1"/><axPos', "axis is deleted"),
    (CHART, '<axId val="10"/>', '<axId val="11"/>', "axes do not match"),
    ("docProps/core.xml", "<dc:title>", "<dc:creator>Ann</dc:creator><dc:title>", "tells 'Ann'"),
    ("docProps/core.xml", "</dc:title>", "</dc:titel>", "not well-formed"),
]  # fmt: skip


@pytest.mark.parametrize(("part", "old", "new", "report"), FAULTS)
def test_semantics_sees(clean: bytes, part: str, old: str, new: str, report: str) -> None:
    found = semantics.problems(changed(clean, part, old, new))
    assert [problem for problem in found if report in problem], found


FUNCTIONS = (
    "TODAY NOW OFFSET INDIRECT RAND LET FILTER SORT XLOOKUP UNIQUE IFS MAXIFS TEXTJOIN CONCAT"
)


@pytest.mark.parametrize("name", [*FUNCTIONS.split(), "IFNA", "RANK.EQ", "HYPERLINK"])
def test_semantics_knows_what_excel_2016_cannot(clean: bytes, name: str) -> None:
    assert semantics.problems(changed(clean, CARD, "100-SUM(", f"100-{name} ("))
    assert not semantics.problems(changed(clean, CARD, "100-SUM(", f'LEN("{name}(")-SUM('))


def test_semantics_sees_entries_that_do_not_belong(clean: bytes) -> None:
    parts = unpacked(clean)
    macro = semantics.problems(packed(parts | {"xl/vbaProject.bin": b"x"}))
    assert any("no place here" in problem for problem in macro)
    moved = {STRINGS: parts.pop(STRINGS), **parts}
    assert any("first entry" in problem for problem in semantics.problems(packed(moved)))
    twice = packed(parts | {"XL/styles.xml": b"<x/>"})
    assert any("an entry twice" in problem for problem in semantics.problems(twice))
    assert semantics.problems(packed({"a.txt": b""})) == ["there is no xl/workbook.xml"]


def files(folder: Path, count: int, spoil: Callable[[bytes], bytes]) -> list[Path]:
    """Some small workbooks, the last of them spoilt."""
    found = []
    for number in range(count):
        sheet = Sheet(
            "one", "One", {(1, 1): Cell(number), (2, 1): Cell(Formula("A1*2", number * 2))}
        )
        sheet.put(3, 1, Formula('IF(A1>99,1,"")', ""))
        data = render(build(Book([sheet], STAMP, "en")))
        path = folder / str(number) / "same name.xlsx"
        path.parent.mkdir()
        path.write_bytes(spoil(data) if number == count - 1 else data)
        found.append(path)
    return found


@pytest.mark.proof
def test_recalculation_sees_a_wrong_stored_value(tmp_path: Path) -> None:
    need(recalc.available())
    old, new = "<f>A1*2</f><v>4</v>", "<f>A1*2</f><v>4.00001</v>"
    paths = files(tmp_path, 3, lambda data: changed(data, "xl/worksheets/sheet1.xml", old, new))
    assert recalc.formulas(paths[0]) == {"One": {"A2": "=A1*2", "A3": '=IF(A1>99,1,"")'}}
    found = recalc.differences(*paths)
    assert [(one.path, one.cell, one.stored) for one in found] == [(paths[2], "A2", 4.00001)]
    assert found[0].engines == dict.fromkeys(recalc.ENGINES, 4)


@pytest.mark.proof
def test_recalculation_reads_every_engine(tmp_path: Path) -> None:
    need(recalc.available())
    paths = files(tmp_path, 2, lambda data: data)
    found = recalc.recalculate(paths)
    assert list(found) == paths
    told = {engine: found[paths[1]][engine]["One"]["A2"] for engine in recalc.ENGINES}
    assert told == {"libreoffice": 2, "gnumeric": 2, "formulon": 2, "ironcalc": 2}


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(1, 1 + 1e-12, True), (1, 1.001, False), ("", None, True), (None, 0, False),
     (True, 1, True), ("a", "b", False), (0, 1e-12, True), (1e12, 1e12 + 1, True)],
)  # fmt: skip
def test_agreement(one: object, other: object, same: bool) -> None:
    assert recalc.agree(one, other) is same


@pytest.mark.proof
def test_the_validator_sees_a_schema_fault(clean: bytes, tmp_path: Path) -> None:
    need(validate.available())
    paths = [tmp_path / "good.xlsx", tmp_path / "bad.xlsx"]
    paths[0].write_bytes(clean)
    paths[1].write_bytes(changed(clean, CARD, "<sheetFormatPr", "<sheetFormatting/><sheetFormatPr"))
    found = validate.problems_of(paths)
    assert found[paths[0]] == []
    assert any("sheetFormatting" in problem for problem in found[paths[1]])


def test_the_validator_sees_what_is_no_workbook(tmp_path: Path) -> None:
    need(validate.available())
    path = tmp_path / "none.xlsx"
    path.write_bytes(b"none")
    assert validate.problems(path)


def test_a_missing_tool_skips_here_and_fails_in_a_pipeline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    need([])
    with pytest.raises(pytest.skip.Exception, match="gone"):
        need(["gone"])
    monkeypatch.setenv("CI", "true")
    need([])
    with pytest.raises(pytest.fail.Exception, match="missing in CI: gone"):
        need(["gone"])
