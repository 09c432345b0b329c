"""What a workbook says besides its cells' values: calendar, strikes, merges, notes, text boxes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest

from kamxl.excel.reading import notes
from kamxl.excel.reading.book import Refused, read
from kamxl.excel.reading.limits import Limits
from kamxl.forms.paper.raw import RawBook, RawKind, RawNote, RawSheet
from kamxl.forms.tables import fields
from kamxl.workflow.incoming.judge import FLAGS
from tests.hostile import workbooks as hostile

DRAWN = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
LETTERS = "http://schemas.openxmlformats.org/drawingml/2006/main"
CHOICES = "http://schemas.openxmlformats.org/markup-compatibility/2006"
THREADS = "http://schemas.microsoft.com/office/spreadsheet/2018/threadedcomments"
THREADED = "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"
SAID = "[Kommentarthread]\n\nIhre Version ... https://go.microsoft.com/fwlink/?linkid=870924\n\n"


def with_styles(fonts: str, *, font: int = 1, number: int = 0) -> str:
    return (
        f'{hostile.HEAD}<styleSheet xmlns="{hostile.MAIN}"><fonts><font/>{fonts}</fonts><cellXfs>'
        f'<xf numFmtId="0" fontId="0"/><xf numFmtId="{number}" fontId="{font}"/></cellXfs>'
        "</styleSheet>"
    )


def first(parts: Mapping[str, str | bytes]) -> RawSheet:
    return read(hostile.workbook(parts)).sheets[0]


@pytest.mark.parametrize(
    ("fonts", "struck"),
    [
        ("<font><strike/></font>", True),
        ('<font><b/><strike val="true"/></font>', True),
        ('<font><strike val="0"/></font>', False),
        ('<font><strike val="false"/></font>', False),
        ("<font><u/></font>", False),
    ],
)
def test_a_cell_is_struck_out_by_its_font(fonts: str, struck: bool) -> None:
    cells = first({hostile.STYLES: with_styles(fonts)}).cells
    assert [cells[2, 2].struck, cells[1, 2].struck] == [struck, False]


STRIKE = "<rPr><strike/></rPr>"


@pytest.mark.parametrize(
    ("runs", "struck"),
    [
        (f"<r>{STRIKE}<t>85</t></r>", True),
        (f"<r>{STRIKE}<t>8</t></r><r><t>5</t></r>", True),  # 5, or 85? nobody knows
        (f"<r>{STRIKE}<t> </t></r><r><t>85</t></r>", False),
        ("<r><rPr><b/></rPr><t>85</t></r>", False),
        (f"<r>{STRIKE}<t>old</t></r><r><t>{'new ' * 20}</t></r>", False),
        (f"<r>{STRIKE}<t>{'old ' * 20}</t></r><r>{STRIKE}<t>too</t></r>", True),
    ],
)
def test_a_text_is_struck_out_by_its_runs(runs: str, struck: bool) -> None:
    shared = first({hostile.STRINGS: hostile.strings(runs, "<t>b</t>")}).cells
    inline = f'<row r="1"><c r="A1" t="inlineStr"><is>{runs}</is></c></row>'
    own = first({hostile.SHEET: hostile.sheet(inline)}).cells
    assert [shared[1, 1].struck, own[1, 1].struck, shared[2, 1].struck] == [struck, struck, False]


def test_only_the_first_cell_of_a_merged_area_is_seen() -> None:
    merged = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B2:XFD9"/></mergeCells>'
    cells = first({hostile.SHEET: hostile.sheet(after=merged)}).cells
    assert [place for place, cell in sorted(cells.items()) if cell.covered] == [(2, 1)]
    assert not cells[2, 2].covered


@pytest.mark.parametrize(
    ("area", "times", "reason"),
    [("A1:A2", 9_000, "elements"), ("A1:ALL2000", 1_100, "merged-cells")],
)
def test_merged_areas_are_bounded(area: str, times: int, reason: str) -> None:
    row = "".join(f'<row r="{n}"><c r="B{n}"><v>1</v></c></row>' for n in range(1, 2_001))
    merged = f'<mergeCell ref="{area}"/>' * times
    merged = f"<mergeCells>{merged}</mergeCells>"
    with pytest.raises(Refused) as caught:
        read(
            hostile.workbook({hostile.SHEET: hostile.sheet(row, after=merged)}),
            Limits(elements=9_000),
        )
    assert caught.value.reason == reason


def test_a_withdrawn_value_is_no_number_amount_date_or_word() -> None:
    cells = first({hostile.STYLES: with_styles("<font><strike/></font>")}).cells
    kinds = (fields.number, fields.points, fields.weight, fields.amount, fields.day,
             fields.reckoned, fields.reckoned_points, fields.reckoned_amount)  # fmt: skip
    assert {kind(cells[2, 2]).code for kind in kinds} == {"value-struck"}
    assert fields.answer(cells[2, 2]).code == "value-struck"
    assert fields.number(cells[1, 2]).code is None


@pytest.mark.parametrize("spelled", ["1", "true"])
def test_days_are_counted_as_the_workbook_declares(spelled: str) -> None:
    book = hostile.book().replace("<sheets>", f'<workbookPr date1904="{spelled}"/><sheets>')
    row = '<row r="1"><c r="B1" s="1"><v>44699</v></c><c r="C1"><v>85</v></c></row>'
    parts = {
        hostile.STYLES: with_styles("<font/>", number=14),
        hostile.SHEET: hostile.sheet(row),
    }
    usual, early = first(parts).cells, first({**parts, hostile.BOOK: book}).cells
    assert fields.day(usual[1, 2]).value == date(2022, 5, 18)
    assert fields.day(early[1, 2]).value == date(2026, 5, 19)
    assert fields.usual_number(early[1, 2]) == 44699 + 1462  # as it is copied to another workbook
    assert fields.usual_number(early[1, 3]) == fields.number(early[1, 3]).value == 85


@pytest.mark.parametrize(
    ("spelled", "means"), [("true", "TRUE"), ("false", "FALSE"), ("1", "TRUE")]
)
def test_truths_as_xml_spells_them(spelled: str, means: str) -> None:
    row = f'<row r="1"><c r="A1" t="b"><v>{spelled}</v></c></row>'
    cell = first({hostile.SHEET: hostile.sheet(row)}).cells[1, 1]
    assert (cell.kind, cell.text) == (RawKind.BOOLEAN, means)


def test_what_is_no_truth_is_refused() -> None:
    row = '<row r="1"><c r="A1" t="b"><v>yes</v></c></row>'
    with pytest.raises(Refused):
        read(hostile.workbook({hostile.SHEET: hostile.sheet(row)}))


# --- beside the cells --------------------------------------------------------------------------


def beside(*, comments: str = "", threads: str = "", drawing: str = "", more: str = "") -> RawBook:
    """The plain workbook with these parts beside its sheet."""
    kinds = {"comments": comments, "threadedComment": threads, "drawing": drawing}
    links = "".join(
        hostile.link(f"r{kind}", kind, f"../{kind}.xml") for kind, part in kinds.items() if part
    ).replace(f'"{hostile.LINK}/threadedComment"', f'"{THREADED}"')
    parts = {f"xl/{kind}.xml": part for kind, part in kinds.items() if part}
    return read(
        hostile.workbook(
            {"xl/worksheets/_rels/sheet1.xml.rels": hostile.links(links, more), **parts}
        )
    )


def comments(*found: tuple[str, str]) -> str:
    inside = "".join(f'<comment ref="{at}"><text>{text}</text></comment>' for at, text in found)
    return f'<comments xmlns="{hostile.MAIN}"><commentList>{inside}</commentList></comments>'


def threads(*found: tuple[str, str]) -> str:
    inside = "".join(
        f'<threadedComment ref="{at}"><text>{text}</text></threadedComment>' for at, text in found
    )
    return f'<ThreadedComments xmlns="{THREADS}">{inside}</ThreadedComments>'


def shape(*lines: str, more: str = "") -> str:
    text = "".join(f"<a:p><a:r><a:t>{line}</a:t></a:r></a:p>" for line in lines)
    return f"<d:sp{more}><d:txBody>{text}</d:txBody></d:sp>"


def drawing(*anchored: str) -> str:
    begins = "<d:from><d:col>4</d:col><d:row>9</d:row></d:from>"
    anchors = "".join(f"<d:twoCellAnchor>{begins}{a}</d:twoCellAnchor>" for a in anchored)
    return f'<d:wsDr xmlns:d="{DRAWN}" xmlns:a="{LETTERS}" xmlns:m="{CHOICES}">{anchors}</d:wsDr>'


def test_notes_threads_and_boxes_in_reading_order() -> None:
    book = beside(
        comments=comments(
            ("E12", "<r><t>Anke:\n</t></r><r><t>only 30</t></r>"),
            ("B2", f"<t>{SAID}Kommentar:\n    too dear\nAntwort:\n    indeed</t>"),
            ("C3", f"<t>{SAID}Kommentar:\n    kept alone</t>"),
        ),
        threads=threads(("B2", "too dear"), ("B2", "indeed")),
        drawing=drawing(
            shape("one", "two"),
            f"<d:grpSp><d:grpSp>{shape('grouped')}</d:grpSp></d:grpSp>",
            "<m:AlternateContent><m:Choice>"
            f"{shape('chosen')}</m:Choice><m:Fallback>{shape('not this')}</m:Fallback>"
            "</m:AlternateContent>",
            shape("what a cell says", more=' textlink="A1"'),
            shape(" "),
        ),
    )
    assert book.sheets[0].notes == (
        RawNote("too dear", 2, 2),
        RawNote("indeed", 2, 2),
        RawNote("kept alone", 3, 3),
        RawNote("one\ntwo", 10, 5, box=True),
        RawNote("grouped", 10, 5, box=True),
        RawNote("chosen", 10, 5, box=True),
        RawNote("Anke:\nonly 30", 12, 5),
    )
    assert notes.UNREAD not in book.flags


@pytest.mark.parametrize(
    "parts",
    [
        {"comments": "<comments"},
        {"comments": comments(*[("A1", "<t>x</t>")] * (notes.MOST + 1))},
        {"comments": comments(("A1", "<r/>" * 100_000))},
        {"threads": f'<!DOCT<ThreadedComments xmlns="{THREADS}"/>'},
        {"drawing": drawing("<d:grpSp>" * 200 + shape("deep") + "</d:grpSp>" * 200)},
        {"drawing": drawing(shape("x" * (3 * hostile.MB)))},
        {"more": hostile.link("r", "comments", "../nowhere.xml")},
        {"more": hostile.link("r", "drawing", "../worksheets/sheet1.xml") * 2},
    ],
)
def test_what_cannot_be_read_costs_only_itself(parts: dict[str, str]) -> None:
    book = beside(**parts)
    assert book.flags & FLAGS.keys() == {"notes-unread"}
    assert book.sheets[0].cells[1, 2].number == 85
    assert len(book.sheets[0].notes) <= notes.MOST


def test_a_long_note_is_cut() -> None:
    (note,) = beside(comments=comments(("A1", f"<t>{'x' * 9_000}</t>"))).sheets[0].notes
    assert note.text == "x" * notes.LONGEST + "…"


def test_a_drawing_without_words_costs_nothing() -> None:
    book = beside(drawing="<broken txBoody")
    assert book.sheets[0].notes == ()
    assert notes.UNREAD not in book.flags
