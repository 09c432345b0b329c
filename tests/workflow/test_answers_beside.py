"""Answers that are too many for a sheet are a file beside, and the workbook says the same."""

import csv
import io
import os
from dataclasses import replace

import pytest

from kamxl.excel.reading.book import read
from kamxl.forms.paper.book import RISKY, Formula
from kamxl.forms.portfolio.beside import is_ours
from kamxl.forms.portfolio.book import carried_on
from kamxl.forms.portfolio.sizes import Sizes
from kamxl.store import atomic
from kamxl.wording.texts import texts
from kamxl.workflow.forgetting import traces
from kamxl.workflow.forgetting.traces import in_team_files
from kamxl.workflow.forgetting.whom import Words
from kamxl.workflow.incoming.consolidate import consolidate
from tests.forms.portfolio_sample import HOSTILE, STAMP, full
from tests.workflow.making import NOW

FEW = Sizes(rows=2)


def run(team, **options):
    return consolidate(team.root, **{"now": NOW, **options})


@pytest.fixture
def answered(team):
    for key in (("ALPHA", "pumps", "c1"), ("GAMMA", "pumps", "c1")):
        team.put(f"{key[0]}.xlsx", team.filled(team.order(*key)))
    return team


def fields(data, part):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=part))


@pytest.fixture(scope="module")
def both():
    """The same portfolio with its answers on a sheet and beside it."""
    return tuple(carried_on(full(), "de", STAMP, {}, [], s) for s in (Sizes(), Sizes(rows=9)))


def test_the_file_has_what_the_sheet_has(both):
    (book, usual), (_, carried) = both
    assert usual.answers is None
    sheet = book.sheet("data")
    head, keys = sheet.title_rows
    _, *lines = fields(carried.answers(), ";")
    columns = sorted(column for row, column in sheet.cells if row == head)
    for row, line in enumerate(lines, keys + 1):
        for column, told in zip(columns, line, strict=True):
            content = sheet.cells[row, column].content
            seen = content.value if isinstance(content, Formula) else content
            if isinstance(seen, int | float):
                assert float(told.replace(",", ".")) == seen
            else:
                assert told.removeprefix("'") == (seen or "")
    assert (keys + len(lines) + 1, 1) not in sheet.cells
    assert any(line[-5] for line in lines)


def test_no_text_is_a_formula_there(both):
    (_, carried) = both[1]
    hers = [one for line in fields(carried.answers(), ";") for one in line if HOSTILE in one]
    assert hers
    assert all(one == f"'{HOSTILE}" for one in hers)
    numbers = {"-", "+"}  # a number may be below nothing
    for line in fields(carried.answers(), ";"):
        for one in line:
            assert not one.startswith(RISKY) or (one[0] in numbers and float(one.replace(",", ".")))


def test_all_other_figures_are_the_same(both):
    """And none of them is a formula that would read rows which are not there."""
    (book, _), (away, _) = both
    for one, other in zip(book.sheets, away.sheets, strict=True):
        begin = one.title_rows[1] if one.title_rows else 4
        for at, cell in one.cells.items():
            if one.key == "data" or at[0] <= begin:
                continue
            pair = [cell.content, other.cells[at].content]
            seen = [c.value if isinstance(c, Formula) else c for c in pair]
            assert (seen[0] or None) == (seen[1] or None), (one.key, at)
    data = away.sheet("data")
    read_there = [
        cell.content.text
        for sheet in away.sheets
        for cell in sheet.cells.values()
        if isinstance(cell.content, Formula) and f"'{data.title}'!" in cell.content.text
    ]
    assert read_there == []
    said = [str(cell.content) for cell in data.cells.values()]
    assert any("Portfolio.csv" in one for one in said)


@pytest.mark.parametrize(("language", "part"), [("de", ";"), ("en", ",")])
def test_each_language_reads_its_own_numbers(language, part):
    portfolio = full()
    _, carried = carried_on(portfolio, language, STAMP, {}, [], Sizes(rows=9))
    data = carried.answers()
    assert data.startswith(b"\xef\xbb\xbf")
    assert is_ours(data[:200])
    head, *lines = fields(data, part)
    assert head[0] == texts(language)("portfolio.data.account")
    point = texts(language).manner.point
    shares = [line[head.index(texts(language)("portfolio.data.share"))] for line in lines]
    assert any(point in one for one in shares)
    assert {len(line) for line in lines} == {len(head)}


def test_consolidating_writes_it_and_takes_it_away_again(answered):
    result = run(answered, sizes=FEW)
    path = answered.root / "Portfolio.csv"
    assert result.written == "Portfolio.xlsx"
    assert is_ours(path.read_bytes())
    assert "ALPHA" in path.read_text("utf-8-sig")
    sheets = read((answered.root / "Portfolio.xlsx").read_bytes()).sheets
    assert any("Portfolio.csv" in cell.text for s in sheets for cell in s.cells.values())
    before = path.read_bytes()
    run(answered, sizes=FEW)
    assert path.read_bytes() == before
    assert not list(answered.root.glob(".kamxl-tmp-*"))
    run(answered)
    assert not path.exists()


def test_what_somebody_else_called_so_stays(answered):
    path = answered.root / "Portfolio.csv"
    path.write_bytes(b"a;b\n1;2\n")
    run(answered)
    assert path.read_bytes() == b"a;b\n1;2\n"
    run(answered, sizes=FEW)
    assert (answered.root / "Portfolio-2026-05-04.csv").read_bytes() == b"a;b\n1;2\n"
    assert is_ours(path.read_bytes())


def refusing(monkeypatch, name):
    real = os.replace

    def refuses(source, target):
        if str(target).endswith(name):
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(os, "replace", refuses)


def test_one_that_is_open_elsewhere_gets_a_dated_sibling(answered, monkeypatch):
    run(answered, sizes=FEW)
    before = (answered.root / "Portfolio.csv").read_bytes()
    refusing(monkeypatch, "Portfolio.csv")
    result = run(answered, sizes=FEW)
    (found,) = [f for f in result.findings if f.code == "answers-locked"]
    for language in ("de", "en"):
        assert "Portfolio-2026-05-04.csv" in texts(language).sentence(found)
    assert is_ours((answered.root / "Portfolio-2026-05-04.csv").read_bytes())
    assert (answered.root / "Portfolio.csv").read_bytes() == before


def test_a_dated_workbook_has_its_own(answered, monkeypatch):
    run(answered, sizes=FEW)
    refusing(monkeypatch, "Portfolio.xlsx")
    result = run(answered, sizes=FEW)
    assert result.written == "Portfolio-2026-05-04.xlsx"
    assert is_ours((answered.root / "Portfolio-2026-05-04.csv").read_bytes())


def test_a_full_disk_leaves_the_old_ones(answered, monkeypatch):
    run(answered, sizes=FEW)
    names = ("Portfolio.xlsx", "Portfolio.csv")
    before = [(answered.root / name).read_bytes() for name in names]

    def full_disk(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(OSError, match="space"):
        run(answered, sizes=replace(FEW, rows=1))
    monkeypatch.undo()
    assert [(answered.root / name).read_bytes() for name in names] == before
    assert not list(answered.root.glob(".kamxl-tmp-*"))


def test_whoever_is_forgotten_is_looked_for_in_earlier_ones(answered, monkeypatch):
    """And one that is too large to be looked into is named."""
    path, words = answered.root / "Portfolio-2026-01-01.csv", Words(("Ada Lovelace",), ())
    path.write_text("account\nAda Lovelace", "utf-8")
    found = list(in_team_files(answered.workspace, words))
    assert ("portfolio", path.name) in {(one.kind, one.path) for one in found}
    monkeypatch.setattr(traces, "MOST_BYTES", 4)
    found = list(in_team_files(answered.workspace, words))
    assert ("unread", path.name) in {(one.kind, one.path) for one in found}
