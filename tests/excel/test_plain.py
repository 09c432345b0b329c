"""The quick way through sheets and texts says what the long way says, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.excel.reading import between, book, plain, rows, sheet
from kamxl.excel.reading.alike import Alike
from kamxl.excel.reading.book import read
from kamxl.excel.reading.limits import Limits, Meter, Refused
from kamxl.excel.reading.told import ToldCells
from kamxl.excel.reading.xml import MAIN
from kamxl.forms.paper.raw import RawBook, RawSheet
from tests.fuzz.corpus import kept
from tests.fuzz.workbooks import workbook
from tests.hostile import workbooks as hostile
from tests.proof.saving import by_gnumeric, by_libreoffice, by_openpyxl

ROOT = Path(__file__).parents[2]
OURS = sorted((ROOT / "workbooks").glob("*.xlsx"))
FOUND = ROOT.parent / "shared" / "corpus" / "found"
CASES = hostile.everything()


def nothing(*_: object) -> None:
    """The quick way, where nothing is as usual."""


@contextmanager
def long_way() -> Iterator[None]:
    """Everything is read the long way."""
    with patch.object(sheet, "sheet_in", nothing), patch.object(book, "strings_in", nothing):
        yield


@contextmanager
def in_pieces() -> Iterator[None]:
    """All that stands between values is understood at once, however much it is."""
    with patch.object(between, "_AT_ONCE", 1_000_000):
        yield


@contextmanager
def row_by_row() -> Iterator[None]:
    """Nothing is known of what stands between values."""
    with patch.object(plain, "outline_of", nothing):
        yield


def told(data: bytes, limits: Limits) -> RawBook | tuple[str, str, str]:
    """What is read, or how it is refused."""
    try:
        return read(data, limits)
    except Refused as refused:
        return refused.code, refused.reason, refused.detail


def same(data: bytes, limits: Limits = book.LIMITS) -> RawBook | tuple[str, str, str]:
    """What all ways say."""
    with long_way():
        expected = told(data, limits)
    for way in (row_by_row, in_pieces):
        with way():
            found = told(data, limits)
        assert found == expected
        _same_cells(found, expected)
    return found


def _same_cells(found: object, expected: object) -> None:
    if isinstance(found, RawBook) and isinstance(expected, RawBook):
        for one, other in zip(found.sheets, expected.sheets, strict=True):
            assert list(one.cells) == list(other.cells)
            assert one.texts() == other.texts()
            assert one.words(50) == other.words(50)
            assert [one.cells.get(place) for place in one.cells] == list(other.cells.values())


def is_quick(one: RawSheet) -> bool:
    """Whether a sheet came the quick way."""
    return isinstance(one.cells, ToldCells)


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_workbooks_go_the_quick_way(path: Path) -> None:
    found = same(path.read_bytes())
    assert isinstance(found, RawBook)
    assert all(map(is_quick, found.sheets))


@pytest.mark.proof
@pytest.mark.parametrize("save", [by_libreoffice, by_gnumeric, by_openpyxl])
def test_what_other_programs_saved(save: Callable[[bytes, Path], bytes], tmp_path: Path) -> None:
    card = (ROOT / "workbooks" / "scorecard-de-filled.xlsx").read_bytes()
    found = same(save(card, tmp_path))
    assert isinstance(found, RawBook)
    assert save is not by_libreoffice or all(map(is_quick, found.sheets))


@pytest.mark.proof
@pytest.mark.skipif(not FOUND.is_dir(), reason="the corpus of found files is not here")
def test_found_files() -> None:
    for path in sorted(FOUND.iterdir()):
        same(path.read_bytes())


@pytest.mark.proof
def test_hostile_files() -> None:
    for data, _ in CASES.values():
        same(data)


def test_what_the_fuzzer_kept() -> None:
    for data in kept("files").values():
        same(data)
    for data in kept("parts").values():
        same(workbook(data))


CELLS = [
    '<c r="A1" s="1"/>', '<c r="B1" t="s"><v>0</v></c>', '<c r="C1"><v>85</v></c>',
    '<c r="C2" s="1" t="n"><f>A1&gt;1</f><v>-1.5E-7</v></c>', '<c r="D2" t="b"><v>1</v></c>',
    '<c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', '<c r="E2" t="str"><f/><v>a &amp; b</v></c>',
    '<c r="E1" t="inlineStr"><is><t xml:space="preserve"> _x0041_ü –</t></is></c>',
    '<c r="AA1"><f t="shared" ref="A1:B2" si="0">1</f><v>1</v></c>', '<c r="F1" s="0"></c>',
    '<c r="XFD2"><v>1</v></c>', '<c r="A2" t="s"><f>"x"</f><v/></c>', '<c r="F2"><f>1</f></c>',
    '<c r="B2"><f t="array" ref="B2:C2">1</f><v>1</v></c>',
    # what is not as usual, or is refused
    '<c r="A1" t="s"><v>2</v></c>', "<c><v>1</v></c>", '<c r="A1" s="7"><v>1</v></c>',
    '<c r="A1"><v>1e999</v></c>', '<c r="A1"><v>1</v><v>2</v></c>', '<c r="A1" t="b"><v>2</v></c>',
    '<c r="A1" t="x"><v>1</v></c>', '<c r="A1" r="A2"/>', '<c t="s" r="G1"><v>1</v></c>',
    '<c r="A1"><is><t>a</t></is></c>', '<c r="H1" t="str"><v><![CDATA[a]]></v></c>',
    '<c r="H1" t="str"><v>a]]></v></c>', '<c r="H1" t="str"><v>&lt;&#65;</v></c>',
    '<c r="H1" t="str"><v>&other;</v></c>', '<c r="H1" t="str"><v>\r\n</v></c>',
    '<c r="H1" t="inlineStr"><is><r><t>a</t></r></is></c>', '<c r="I1" t="str"><v>a > b</v></c>',
    '<c r="J1"><fx>1</fx><v>1</v></c>', '<c r="J1"><v>\uff11</v></c>', '<c r="J1"><v> 1 </v></c>',
    '<c r="K1" t="d"><v>2025-03-01</v></c>', '<c r="K1"><!-- --><v>1</v></c>', "<c r='K1'/>",
    '<c r="L1"><f a:b="1">1</f></c>', '<c r="L1"><f t="a" t="b">1</f></c>',
    '<c r="L1"><f>\x01</f></c>',
]  # fmt: skip
HEADS = [
    '<row r="1">', '<row r="2">', '<row r="1" spans="1:5" ht="9.5" customHeight="1">',
    '<row r="2" x14ac:dyDescent="0.25">', '<row r="1" spans="1" spans="2">', "<row>",
    '<row r="1" other="1">', '<row r="2" s="1" >', '<row r="0">',
]  # fmt: skip
FOOT = "<headerFooter><oddFooter>{}</oddFooter></headerFooter>"
AROUND = [
    "", '<mergeCells><mergeCell ref="A1:C2"/></mergeCells>', FOOT.format("&amp;LKunde ü"),
    # what is not as usual, or is refused
    FOOT.format("&bad;"), FOOT.format("a]]>"), FOOT.format("\x01"), FOOT.format("<a/>"),
    FOOT.format("<oddFooter>a</oddFooter>"), "<!-- <oddFooter>--</oddFooter> -->",
    "<sheetData/>", "<a", "<!-- a -->", "<sheetData></sheetData>", "<!--</sheetData>-->",
    "<mergeCells>" + "<a>" * 120,
]  # fmt: skip
WITHIN = [
    "<!--{}-->", "<x><![CDATA[{}]]></x>", "<?x {}?>", "<extLst>{}</extLst>", "<x:a>{}</x:a>",
]  # fmt: skip
ROWS = '<row r="1"><c r="A1"><v>1</v></c></row>'
OTHERS = [
    "<sheetData/>", f'<sheetData a="1">{ROWS.replace("1</v>", "2</v>")}</sheetData >',
    "<x:sheetData/>", '<sheetData><row r=""/></sheetData >',
]  # fmt: skip


@pytest.mark.parametrize("around", WITHIN)
@pytest.mark.parametrize("other", OTHERS)
def test_rows_that_are_none_of_the_sheet(around: str, other: str) -> None:
    data = around.format(f"<sheetData>{ROWS}</sheetData>")
    for inside in (data + other, other + data, f'<sheetData a="1">{data}</sheetData >'):
        made = f'<worksheet xmlns="{MAIN[0]}" xmlns:x="{MAIN[0]}">{inside}</worksheet>'
        same(hostile.workbook({hostile.SHEET: made}))


@pytest.mark.parametrize("mark", [b"", b"\xff\xfe"])
def test_rows_that_are_none_in_another_encoding(mark: bytes) -> None:
    def wide(text: str) -> bytes:
        return text.encode("utf-16-le")

    rows = f"<sheetData>{ROWS}</sheetData>".encode()
    made = mark + wide(f'<worksheet xmlns="{MAIN[0]}"><!--') + rows + b" " * (len(rows) % 2)
    same(hostile.workbook({hostile.SHEET: made + wide("--><sheetData/></worksheet>")}))


SPACE = ' xmlns:x14ac="http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac"'


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """A sheet of cells, most of them as usual."""
    usual = st.sampled_from(CELLS[:14])
    odd = draw(st.integers(0, 3)) == 0
    rows = ""
    for number in range(1, draw(st.integers(1, 2)) + 1):
        chosen = draw(st.lists(usual, max_size=8, unique=True))
        chosen = [one for one in chosen if f'{number}"' in one[:12]]
        chosen += [draw(st.sampled_from(CELLS))] if odd else []
        head = draw(st.sampled_from(HEADS)) if odd else HEADS[number - 1]
        rows += f"{head}{''.join(chosen)}</row>"
    after = draw(st.sampled_from(AROUND if odd else AROUND[:3]))
    made = hostile.sheet(rows, after=after)
    made = made.replace(" xmlns:r=", f"{SPACE} xmlns:r=", 1) if draw(st.booleans()) else made
    if odd and draw(st.booleans()):
        at = draw(st.integers(0, len(made)))
        made = (
            made[:at] + draw(st.sampled_from(["", "<", ">", "&", '"', " ", "1"])) + made[at + 1 :]
        )
    return made


@given(sheets(), st.sampled_from(["plain", "rich", "odd"]))
def test_any_sheet(made: str, texts: str) -> None:
    shared = {
        "plain": hostile.strings("<t>Price</t>", "<t/>"),
        "rich": hostile.strings("<t>Price</t>", "<r><rPr><strike/></rPr><t>gone</t></r>"),
        "odd": hostile.strings("<t>&quot;a\n&quot;</t>", '<t xml:space="preserve"> </t>'),
    }[texts]
    same(hostile.workbook({hostile.SHEET: made, hostile.STRINGS: shared}))


LIMITS = ["cells", "strings", "text", "shown", "depth", "attributes", "token", "elements"]


@given(st.sampled_from(LIMITS), st.integers(0, 70))
def test_no_limit_is_wider(name: str, most: int) -> None:
    made = (
        hostile.ROWS + '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="str"><v>a</v></c></row>'
    )
    merged = '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'
    texts = hostile.strings("<t>Price</t>", "<t>Delivery</t>")
    parts = {hostile.SHEET: hostile.sheet(made, after=merged), hostile.STRINGS: texts}
    same(hostile.workbook(parts), Limits(**{name: most}))


def test_what_is_alike_is_one_cell_and_none_is_made_unasked() -> None:
    rows = '<row r="1"><c r="A1"><f>1</f></c><c r="B1"><f>2</f></c><c r="C1"><v>7</v></c></row>'
    (found,) = read(hostile.with_rows(rows)).sheets
    assert is_quick(found)
    assert found.cells[1, 1] is found.cells[1, 2]
    assert found.texts() == {(1, 3): "7"}
    assert found.words(3) == []
    assert (2, 1) not in found.cells
    with pytest.raises(KeyError):
        found.cells[2, 1]


def test_from_1904_and_what_a_formula_fills() -> None:
    rows = (
        '<row r="1"><c r="A1"><f t="array" ref="A1:B1">1</f></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c><c r="B2" t="str"><v>under</v></c></row>'
    )
    merged = '<mergeCells><mergeCell ref="A2:B2"/></mergeCells>'
    dated = hostile.book().replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    made = hostile.sheet(rows, after=merged)
    found = same(hostile.workbook({hostile.SHEET: made, hostile.BOOK: dated}))
    assert isinstance(found, RawBook)
    (one,) = found.sheets
    assert is_quick(one)
    assert one.cells[1, 2].formula
    assert one.cells[1, 2].since_1904
    assert one.cells[2, 2].covered
    assert one.words(4) == [((2, 2), "under")]


def test_what_differs_at_the_edges_of_pages_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    often: list[bytes] = []
    alone = sheet._around._parsed

    def parsed(content: bytes, meter: Meter) -> tuple[int, tuple[sheet.Area, ...]]:
        often.append(content)
        return alone(content, meter)

    monkeypatch.setattr(sheet, "_around", Alike(parsed))
    for name in ("Kunde 1", "Kunde ü", "&amp;"):
        made = hostile.sheet(after=FOOT.format(name))
        assert read(hostile.workbook({hostile.SHEET: made})).sheets[0].texts()
    assert len(often) == 1


def test_what_is_alike_is_counted_each_time() -> None:
    parsed = Alike(lambda _, meter: setattr(meter, "elements", meter.elements + 3))
    meter = Meter(Limits(elements=5))
    parsed(b"a", meter)
    assert meter.elements == 3
    parsed(b"a", meter)
    assert meter.elements == 6  # as one that parses it says, and refuses


def _rows_of(*cells: str, after: str = "") -> bytes:
    return hostile.with_rows(f'<row r="1">{"".join(cells)}</row>{after}')


def test_what_stands_between_values_is_understood_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between, "_known", {})
    asked: list[str] = []
    alone = rows.rows_in

    def rows_in(text: str) -> object:
        asked.append(text)
        return alone(text)

    monkeypatch.setattr(between, "rows_in", rows_in)
    cells = '<c r="A1"><v>{}</v></c><c r="B1"/><c r="C1" t="str"><f>A1</f><v>{}</v></c>'
    for number, text in ((1, "a"), (2, "&lt;"), (3.5, "")):
        (one,) = read(_rows_of(cells.format(number, text))).sheets
        assert is_quick(one)
        assert one.cells[1, 1].number == number
        assert one.cells[1, 3].text == text.replace("&lt;", "<")
    assert len(asked) == 3


def test_a_known_piece_goes_with_no_other_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between, "_known", {})
    good = [
        _rows_of('<c r="A1"><v>1</v></c>', '<c r="B1"><v>2</v></c>'),
        _rows_of('<c r="A1"><v>1</v></c>', after='<row r="2"><c r="B2"><v>2</v></c></row>'),
    ]
    bad = [
        _rows_of('<c r="A1"><v>1</v></c>', '<c r="B1"><v>no</v></c>'),
        _rows_of('<c r="A1"><v>1</v></c>', '<c r="B1"><v>2</v><v>2</v></c>'),
        _rows_of('<c r="B1"><v>1</v></c>', '<c r="B1"><v>2</v></c>'),
        hostile.with_rows('<row r="2"><c r="A2"><v>1</v></c><c r="B1"><v>2</v></c></row>'),
    ]
    elsewhere = [  # which the long way passes over
        _rows_of('<c r="A1"><v>1</v></c>', after='<row r="2"><v>3</v><c r="B2"><v>2</v></c></row>'),
        _rows_of('<c r="A1"><v>1</v></c></row><v>2</v><row r="1">', '<c r="B1"><v>2</v></c>'),
    ]
    for data in (*good, *bad, *elsewhere, *good):
        same(data)
    assert not any(is_quick(read(data).sheets[0]) for data in elsewhere)
    assert all(isinstance(told(data, book.LIMITS), RawBook) for data in good)
    assert not any(isinstance(told(data, book.LIMITS), RawBook) for data in bad)


def test_what_is_known_stays_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(between, "_known", {})
    monkeypatch.setattr(between, "_MOST", 5)
    for n in range(1, 40):
        assert read(_rows_of(f'<c r="{chr(64 + n % 26 + 1)}1" s="0"><v>{n}</v></c>'))
        assert len(between._known) <= 5


def test_ids_that_programs_make_anew_are_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    often: list[bytes] = []
    alone = sheet._around._parsed

    def parsed(content: bytes, meter: Meter) -> tuple[int, tuple[sheet.Area, ...]]:
        often.append(content)
        return alone(content, meter)

    monkeypatch.setattr(sheet, "_around", Alike(parsed))
    for digit in "1F":
        id_ = "{" + "-".join(digit * many for many in (8, 4, 4, 4, 12)) + "}"
        after = f'<extLst><ext id="{id_}"><id>{id_}</id></ext></extLst>'.replace("<id>", "<x14:id>")
        after = after.replace("</id>", "</x14:id>").replace("<extLst", '<extLst xmlns:x14="u"')
        same(hostile.workbook({hostile.SHEET: hostile.sheet(after=after)}))
    assert len({*often}) == 1
