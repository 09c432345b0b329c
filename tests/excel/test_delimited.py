"""Tables saved as text: every encoding and delimiter that programs export, and what is refused."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.excel.reading.delimited import DELIMITERS, read_delimited
from kamxl.excel.reading.limits import Limits, Refused

ROWS = [
    ["Kundenliste, Stand 1.1.2027"],
    [],
    ["Kunde", "Umsatz", "Anschrift"],
    ["Müller & Söhne GmbH", "1.234,50", "Weg 1\n2. Stock, Köln"],
    ["Groß AG", "2,50", 'genannt "Werk; Süd" | links'],
]


def written(rows: list[list[str]], delimiter: str) -> str:
    def cell(text: str) -> str:
        odd = any(c in text for c in f'"\n\r{delimiter}')
        return '"' + text.replace('"', '""') + '"' if odd else text

    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows) + "\r\n"


def read(data: bytes) -> list[list[str]]:
    cells = read_delimited(data).sheets[0].cells
    last = max((row for row, _ in cells), default=0)
    return [
        [cells[r, c].text for c in sorted(c for row, c in cells if row == r)]
        for r in range(1, last + 1)
    ]


@pytest.mark.parametrize("delimiter", DELIMITERS)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "cp850"]
)
def test_every_encoding_and_delimiter_is_read_as_it_was_written(
    encoding: str, delimiter: str
) -> None:
    assert read(written(ROWS, delimiter).encode(encoding)) == ROWS


def test_excel_s_hint_at_the_delimiter_is_no_row() -> None:
    assert read(b"sep=|\r\na;b|c\r\n1|2\r\n") == [["a;b", "c"], ["1", "2"]]


def test_what_several_choices_share_in_one_cell_is_no_delimiter() -> None:
    assert read(b"a,b,c\nx,y;z,1\nu,v;w,2\n") == [
        ["a", "b", "c"],
        ["x", "y;z", "1"],
        ["u", "v;w", "2"],
    ]


def test_a_quotation_mark_of_a_program_that_quotes_nothing_is_a_mark() -> None:
    rows = read(b'Firma\tOrt\n"Meier" GmbH\tKiel\n5" Rohr AG\tUlm\n')
    assert rows[1:] == [['"Meier" GmbH', "Kiel"], ['5" Rohr AG', "Ulm"]]


@pytest.mark.parametrize(
    ("data", "code", "reason"),
    [
        (b'a;b\n"x;"y;1;2\nu;v\n', "unreadable", "quotes"),
        (b'a;b\n"' + b"x" * 200_000, "unreadable", "quotes"),
        (b"a;b\n" + b"x" * 200_000, "unreadable", "quotes"),
        (b"\x01\x02\x03" * 40, "unreadable", "letters"),
        ("a;b\n".encode("utf-16") + b"\x00\xd8", "unreadable", "letters"),
    ],
)
def test_what_would_be_a_guess_is_refused(data: bytes, code: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_delimited(data)
    assert (refused.value.code, refused.value.reason) == (code, reason)


def test_a_table_without_end_is_refused() -> None:
    with pytest.raises(Refused, match="too-large: cells"):
        read_delimited(b"a;b\n" + b"1;2\n" * 60, Limits(cells=100))
    with pytest.raises(Refused, match="too-large: file"):
        read_delimited(b"a;b\n" * 60, Limits(file=100))


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=3, max_size=8))
def test_any_text_comes_back_in_its_cell(rows: list[list[str]]) -> None:
    # each row of an export says whose it is; of blanks and marks alone nobody could tell columns
    rows = [["A", "B", "C"], *([f"row {number}", *row] for number, row in enumerate(rows))]
    cells = read_delimited(written(rows, "\t").encode("utf-16")).sheets[0].cells
    wanted = {
        (r, c): text
        for r, row in enumerate(rows, 1)
        for c, text in enumerate(row, 1)
        if text.strip()
    }
    assert {place: cell.text for place, cell in cells.items()} == wanted


@given(st.binary(max_size=300))
def test_no_bytes_end_it_otherwise(data: bytes) -> None:
    with contextlib.suppress(Refused):
        read_delimited(data)
