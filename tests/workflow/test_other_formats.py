"""Answers that come back as .ods, .xls, .xlsb or .fods: read like any other, and marked."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest

from kamxl import apart
from kamxl.core.finding import Fate, Severity
from kamxl.excel.reading import office
from kamxl.excel.reading.book import read
from kamxl.excel.reading.others import read_other
from kamxl.forms.paper.raw import RawBook, RawKind
from kamxl.forms.tables import fields
from kamxl.store.inbox import entry_of
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import known_of
from tests.hostile.binary import ods, ods_cell, ods_row, table, xlsb, xlsb_sheet
from tests.proof import need
from tests.proof.saving import saved_by
from tests.workflow.making import NOW, codes

ROOT = Path(__file__).parents[2]


def as_xlsb(data: bytes) -> bytes:
    """A workbook's values as .xlsb, written by hand."""
    sheets = {}
    for sheet in read(data).sheets:
        cells = (
            (place, cell.number if cell.kind is RawKind.NUMBER else cell.text)
            for place, cell in sorted(sheet.cells.items())
        )
        sheets[sheet.title] = xlsb_sheet((p, v) for p, v in cells if v not in (None, ""))
    return xlsb(sheets)


def judged(team, data, name):
    known = known_of(team.workspace)
    ((_, found),) = looking.looked_into([entry_of(name, data, None)], known)
    return found


@pytest.mark.proof
@pytest.mark.parametrize("kind", ["ods", "xls", "fods", "xlsb"])
def test_the_same_answers_from_every_format(team, tmp_path, kind):
    card = team.filled(team.order())
    other = as_xlsb(card) if kind == "xlsb" else saved_by("soffice", card, tmp_path, kind)
    plain, found = judged(team, card, "a.xlsx"), judged(team, other, f"a.{kind}")
    assert found.answers == plain.answers
    assert found.order == plain.order
    assert (found.fate, plain.fate) == (Fate.ACCEPTED, Fate.ACCEPTED)
    (mark,) = found.findings
    assert (mark.code, mark.severity, mark.value) == ("other-format", Severity.WARNING, f".{kind}")


@pytest.mark.proof
def test_what_is_read_is_what_openpyxl_wrote(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["C4"], sheet["D6"], sheet["E6"], sheet["GZ900"] = 85, " 85 ", 0.85, "far"
    sheet["B8"], sheet["B9"] = datetime(2026, 5, 1, tzinfo=UTC).replace(tzinfo=None), "a\nb"
    sheet["B10"], sheet["B11"] = "0815", 1e300
    path = tmp_path / "typed.xlsx"
    book.save(path)
    plain = read(path.read_bytes())
    for kind in ("ods", "xls"):
        folder = tmp_path / kind
        folder.mkdir()
        other = saved_by("soffice", path.read_bytes(), folder, kind)
        found = apart.call(_other, (other, kind), None)
        ours, theirs = plain.sheets[0].cells, found.sheets[0].cells
        assert set(theirs) == set(ours)
        for place in set(ours) - {(8, 2)}:
            assert (theirs[place].kind, theirs[place].number) == (
                ours[place].kind,
                ours[place].number,
            )
            assert ours[place].number is not None or theirs[place].text == ours[place].text
        assert fields.day(theirs[8, 2]).value == date(2026, 5, 1)
        assert found.modified is not None


def _other(question: tuple[bytes, str], _: None) -> RawBook:
    return read_other(*question)


@pytest.mark.proof
def test_booleans_errors_and_dates_are_no_ratings(team):
    raw = apart.call(
        _other, (ods(table(ods_row(ods_cell(True) + ods_cell("ca. 80")))), "ods"), None
    )
    assert [c.kind for c in raw.sheets[0].cells.values()] == [RawKind.BOOLEAN, RawKind.TEXT]


def test_a_file_in_which_nothing_is_found_is_a_finding(team, monkeypatch):
    asked = []
    monkeypatch.setattr(looking, "as_xlsx", lambda data, kind, purse: asked.append(kind))
    team.put("a.ods", ods(table("")))
    (found,) = consolidate(team.root, now=NOW).files
    assert (codes(found), found.fate, asked) == (
        {"unreadable"},
        Fate.ATTENTION,
        ["ods"],
    )


def an_office(monkeypatch, tmp_path, *lines: str) -> Path:
    """A program in LibreOffice's place, its own for each test: what is proven of it is kept."""
    script = tmp_path / "soffice"
    script.write_text(
        f"#!{sys.executable}\nimport sys\nfrom pathlib import Path\n"
        "given, out = Path(sys.argv[-1]), Path(sys.argv[-2])\n"
        "data = given.read_bytes()\n" + "\n".join(lines)
    )
    script.chmod(0o755)
    monkeypatch.setattr(office, "office", lambda: str(script))
    monkeypatch.setattr(office, "_MOST", apart.Allowance(seconds=0.4, memory=100 * office.MB))
    return script


MAKES = "out.mkdir(); (out / 'in.xlsx').write_bytes(data)"
SPINS = "while data == b'much': pass"
FILLS = "kept = []\nwhile data == b'much': kept.append(b'x' * 10_000_000)"


@pytest.mark.proof
@pytest.mark.parametrize(("lines", "reason"), [(SPINS, "time"), (FILLS, "memory")])
def test_libreoffice_is_held_and_what_it_takes_is_paid(monkeypatch, tmp_path, lines, reason):
    an_office(monkeypatch, tmp_path, lines, MAKES)
    purse = apart.Purse()
    with pytest.raises(apart.Died, match=reason):
        office.as_xlsx(b"much", "fods", purse)
    assert (purse.programs, purse.deaths) == (5, 9)
    assert purse.seconds < 10 - 0.02
    assert office.as_xlsx(b"little", "fods", purse) == b"little"
    assert purse.size == apart.Purse().size - len(b"little")


@pytest.mark.proof
@pytest.mark.parametrize(
    "lines", ["while True: pass", "kept = []\nwhile True: kept.append(b'x' * 10_000_000)",
              "sys.exit(81)"]
)  # fmt: skip
def test_a_computer_on_which_nothing_is_made_in_time_blames_no_file(monkeypatch, tmp_path, lines):
    an_office(monkeypatch, tmp_path, lines)
    monkeypatch.setattr(office, "_EASILY", office._MOST)
    with pytest.raises(office.NoOffice) as caught:
        office.as_xlsx(b"much", "fods")
    assert caught.value.why == "failed"


def test_a_file_that_only_itself_ends_the_program_is_not_understood(monkeypatch, tmp_path):
    an_office(monkeypatch, tmp_path, "if data == b'much': sys.exit(81)", MAKES)
    assert office.as_xlsx(b"much", "fods") is None


def test_nothing_is_paid_for_a_program_that_is_not_there(monkeypatch):
    monkeypatch.setattr(office, "office", lambda: None)
    purse = apart.Purse()
    with pytest.raises(office.NoOffice):
        office.as_xlsx(b"much", "fods", purse)
    assert purse == apart.Purse()


def test_more_than_a_few_calls_are_too_many_for_one_source(monkeypatch, tmp_path):
    an_office(monkeypatch, tmp_path, MAKES)
    purse = apart.Purse(programs=1)
    assert office.as_xlsx(b"little", "fods", purse) == b"little"
    with pytest.raises(apart.Died, match="source"):
        office.as_xlsx(b"little", "fods", purse)
    with pytest.raises(apart.Died, match="source"):
        office.as_xlsx(b"little", "fods", apart.Purse(size=3))


@pytest.mark.proof
def test_one_works_at_a_time(monkeypatch, tmp_path):
    """Among threads and among runs: each says when it begins and ends."""
    log = tmp_path / "log"
    an_office(
        monkeypatch, tmp_path, "import time", f"log = open({str(log)!r}, 'a')",
        "log.write('<'); log.flush(); time.sleep(0.2); log.write('>'); log.flush()", MAKES,
    )  # fmt: skip
    script = (
        "from kamxl.excel.reading import office\n"
        f"office.office = lambda: {office.office()!r}\n"
        f"office._works_held[{office.office()!r}] = False\n"
        "assert office.as_xlsx(b'x', 'fods') == b'x'\n"
    )
    # Held, it could write no log.
    monkeypatch.setitem(office._works_held, office.office(), False)
    others = [subprocess.Popen([sys.executable, "-c", script], cwd=ROOT) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda _: office.as_xlsx(b"x", "fods"), range(2)))
    assert [one.wait() for one in others] == [0, 0]
    assert made == [b"x", b"x"]
    assert log.read_text() == "<>" * 4


@pytest.mark.proof
def test_libreoffice_follows_nothing_and_takes_no_text_for_a_workbook(tmp_path):
    need([] if office.office() else ["LibreOffice is missing"])
    secret = tmp_path / "secret.txt"
    secret.write_text("not to be read")
    formula = (
        f"<table:table-cell table:formula=\"of:='{secret.as_uri()}'#$Sheet1.A1\" "
        'office:value-type="string"><text:p>stored</text:p></table:table-cell>'
    )
    flat = (
        '<?xml version="1.0"?><office:document office:version="1.3" '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet" '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
        f"<office:spreadsheet>{table(ods_row(formula))}</office:spreadsheet>"
        "</office:body></office:document>"
    )
    made = office.as_xlsx(flat.encode(), "fods")
    assert made is not None
    texts = [cell.text for sheet in read(made).sheets for cell in sheet.cells.values()]
    assert "not to be read" not in " ".join(texts)
    assert office.as_xlsx(b"just a text;85", "xls") is None


@pytest.mark.proof
def test_a_card_as_xls_in_the_inbox_counts_once(team, tmp_path):
    card = team.filled(team.order())
    team.put("a.xlsx", card)
    team.put("b.xls", saved_by("soffice", card, tmp_path, "xls"))
    files = {file.path: file for file in consolidate(team.root, now=NOW).files}
    assert sorted(file.fate for file in files.values()) == [Fate.ACCEPTED, Fate.SUPERSEDED]
