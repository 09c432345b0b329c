"""Attacks and damage, one by one and all in one inbox: each costs only itself and has a reason."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kamxl import apart
from kamxl.core.finding import CODES, Fate
from kamxl.core.records.register import FileResult
from kamxl.store.inbox import entry_of, read
from kamxl.workflow.incoming import looking
from kamxl.workflow.incoming.consolidate import consolidate
from tests.hostile.cases import KNOWN_FAILURES, everything, fits
from tests.hostile.measure import first_of
from tests.workflow.conftest import issued_root, team
from tests.workflow.making import NOW

__all__ = ["issued_root", "team"]

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
CASES = everything()
LEAST = 120
TAKEN = {"too-large/time", "too-large/memory"}  # ends that the boundary made, not the reader


@pytest.fixture
def no_office(monkeypatch):
    """LibreOffice has limits of its own, and a test of its own."""
    monkeypatch.setattr(looking, "as_xlsx", lambda *_: None)


def looked_into(name: str, data: bytes) -> list[FileResult]:
    return [judged for _, judged in looking.looked_into([entry_of(name, data, None)], None)]


def test_there_are_enough_of_every_kind():
    assert len(CASES) >= LEAST
    endings = {name.rsplit(".", 1)[-1] for name, _, _ in CASES.values()}
    assert endings >= {"xlsx", "ods", "xls", "xlsb", "eml", "msg", "zip"}


@pytest.mark.parametrize("name", CASES)
def test_each_ends_as_expected(name, no_office):
    path, data, expected = CASES[name]
    found = looked_into(path, data)
    codes = [first_of(one) for one in found]
    assert fits(codes, expected) != (name in KNOWN_FAILURES), codes
    # The reader counts: only what aborts a library is left to the process around it.
    assert not TAKEN & set(codes)
    for one in found:
        assert {finding.code for finding in one.findings} <= set(CODES) - {"unexpected"}
        assert one.fate in (Fate.ATTENTION, Fate.IGNORED)


@pytest.mark.proof
def test_all_of_them_and_a_card_in_one_inbox(team, no_office):
    card = team.filled(team.order())
    for number, (path, data, _) in enumerate(CASES.values()):
        team.put(f"{number:03}-{path}", data)
    team.put("zzz-good.xlsx", card)
    result = consolidate(team.root, now=NOW)
    sources = {file.source for file in result.files}
    on_disk = {f"inbox/{p.name}" for p in (team.root / "inbox").iterdir()}
    assert {source for source in sources if source.startswith("inbox/")} == on_disk
    (good,) = (file for file in result.files if file.path == "inbox/zzz-good.xlsx")
    assert good.fate is Fate.ACCEPTED
    assert [file.path for file in result.files if file.fate is Fate.ACCEPTED] == [good.path]
    assert not [file for file in result.files if "unexpected" in {f.code for f in file.findings}]


def _found_files() -> list[tuple[str, str]]:
    if not CORPUS.is_dir():
        return []
    with (CORPUS / "MANIFEST.csv").open(encoding="utf-8", newline="") as file:
        return [(row["file"], row["origin_path"]) for row in csv.DictReader(file)]


@pytest.mark.proof
@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of found files is not here")
def test_found_files_are_none_of_ours_each_with_its_reason(no_office):
    files = _found_files()
    assert len(files) == len(list((CORPUS / "found").iterdir()))
    wrong = {}
    for name, origin in files:
        entry = read(CORPUS / "found" / name, name, None, looking.LIMITS.file)
        for _, judged in looking.looked_into([entry], None):
            code = first_of(judged)
            reasoned = code == "not-ours" or "/" in code or code in ("password", "macros-ignored")
            if not (reasoned and judged.fate in (Fate.ATTENTION, Fate.IGNORED)):
                wrong[f"{name} ({origin})"] = code
    assert wrong == {}


def test_a_killed_reader_is_a_finding(monkeypatch):
    def died(*_):
        raise apart.Died("time")

    monkeypatch.setattr(apart.Sitting, "call", died)
    (found,) = looked_into("card.xlsx", b"PK\x03\x04")
    assert (first_of(found), found.fate) == ("too-large/time", Fate.ATTENTION)
