"""The writer: equal input gives equal bytes, which tell nobody's name; other programs agree."""

from __future__ import annotations

import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import (
    Book,
    Formula,
    Slot,
)
from tests.excel import sample, sample_data
from tests.excel.drawing import one, parts, sample_bytes
from tests.proof import need, recalc, validate

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def data() -> bytes:
    return sample_bytes()


def test_rendering_leaves_no_trace(data: bytes) -> None:
    layout = build(sample.book())
    other = render(layout, sample_data.values() | {"us": "someone else", "w8": 1})
    assert other != data
    assert render(layout, sample_data.values()) == data


def test_a_layout_travels_to_another_process(data: bytes) -> None:
    layout = pickle.loads(pickle.dumps(build(sample.book())))  # noqa: S301 - our own
    assert render(layout, sample_data.values()) == data


def test_a_filled_pattern_equals_a_book_of_values(data: bytes) -> None:
    values = sample_data.values()

    def put(content: Any) -> Any:
        if isinstance(content, Formula):
            return replace(content, value=put(content.value))
        return values[content.key] if isinstance(content, Slot) else content

    book = sample.book()
    for sheet in book.sheets:
        for place, cell in sheet.cells.items():
            sheet.cells[place] = replace(cell, content=put(cell.content))
        sheet.charts = [
            replace(chart, title=put(chart.title), description=put(chart.description))
            for chart in sheet.charts
        ]
        sheet.header, sheet.footer = put(sheet.header), put(sheet.footer)
    book.title, book.names = put(book.title), [replace(n, name=put(n.name)) for n in book.names]
    assert parts(render(build(book))) == parts(data)


@pytest.mark.proof
@pytest.mark.parametrize("lxml", ["True", "False"])
def test_bytes_are_the_same_in_every_process(data: bytes, lxml: str) -> None:
    code = (
        "import sys; from tests.excel.drawing import sample_bytes;"
        "sys.stdout.buffer.write(sample_bytes())"
    )
    for seed in ("1", "2"):
        env = os.environ | {"PYTHONHASHSEED": seed, "OPENPYXL_LXML": lxml, "TZ": "Asia/Tokyo"}
        env["PYTHONPATH"] = str(ROOT)
        command = [sys.executable, "-c", code]
        assert subprocess.run(command, env=env, capture_output=True, check=True).stdout == data


def test_the_zip_file_tells_nothing(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    assert entries[0].filename == "[Content_Types].xml"
    assert {(e.date_time, e.create_system, e.external_attr, e.comment) for e in entries} == {
        ((1980, 1, 1, 0, 0, 0), 0, 0o600 << 16, b"")
    }


def test_nobody_is_named(data: bytes) -> None:
    found = parts(data)
    traces = ["openpyxl", str(ROOT), str(Path.home()), "/tmp/", "calcChain", "printerSettings"]  # noqa: S108
    for name, text in found.items():
        assert [trace for trace in traces if trace in text] == [], name
    properties = openpyxl.load_workbook(io.BytesIO(data)).properties
    assert not re.search("creator|lastModifiedBy", found["docProps/core.xml"])
    assert properties.created == properties.modified == sample_data.STAMP.replace(tzinfo=None)
    assert properties.title == sample_data.VALUES["title"]
    assert "<Application>kamxl</Application>" in found["docProps/app.xml"]
    assert 'fullCalcOnLoad="1"' in found["xl/workbook.xml"]


def test_a_stamp_of_another_zone_is_written_in_universal_time() -> None:
    local = datetime(2026, 3, 4, 1, tzinfo=timezone(timedelta(hours=2)))
    book = Book([one("x")], local, "en")
    properties = openpyxl.load_workbook(io.BytesIO(render(build(book)))).properties
    assert properties.created.replace(tzinfo=UTC) == local


def test_openpyxl_still_has_what_we_build_on() -> None:
    """The writer overrides these; a new openpyxl without them must not pass unnoticed."""
    sheet_seams = ["get_stream", "write_dimensions", "write_rows", "write_header"]
    assert all(hasattr(WorksheetWriter, name) for name in [*sheet_seams, "write_drawings"])
    book_seams = ["write_data", "write_worksheet", "_write_worksheets", "_write_drawing"]
    assert all(hasattr(ExcelWriter, name) for name in [*book_seams, "_write_charts"])
    book: Any = openpyxl.Workbook()
    for pool in ("_fonts", "_fills", "_borders", "_alignments", "_protections", "_cell_styles"):
        assert hasattr(getattr(book, pool), "add"), pool
    names = ["fontId", "fillId", "borderId", "numFmtId", "protectionId", "alignmentId"]
    array: Any = StyleArray(range(1, 10))
    assert [getattr(array, name) for name in names] == [1, 2, 3, 4, 5, 6]
    assert (array.quotePrefix, array.xfId) == (8, 9)
    assert openpyxl.__version__.startswith("3.1.")


@pytest.mark.proof
def test_the_sample_is_valid(data: bytes, tmp_path: Path) -> None:
    need(validate.available())
    path = tmp_path / "sample.xlsx"
    path.write_bytes(data)
    assert validate.problems(path) == []


@pytest.mark.proof
def test_other_programs_calculate_what_is_stored(data: bytes, tmp_path: Path) -> None:
    need(recalc.available())
    path = tmp_path / "sample.xlsx"
    path.write_bytes(data)
    assert sum(map(len, recalc.formulas(path).values())) > 50
    assert recalc.differences(path) == []
