"""A third language is one more file, even one that is not whole: kamxl works in it all the same."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from kamxl.wording.texts import templates_folder

PACKAGE = Path(__file__).resolve().parents[2] / "kamxl"
# What the file lacks: a word that many places share, another that none of these commands says, and
# a finding.
LACKS = ("words.segment", "words.idea", "findings.weights-sum")
FRENCH = {
    'name = "Deutsch"': 'name = "Français"',
    'locale = "de"': 'locale = "fr"',
    'date = "dd.MM.yyyy"': 'date = "d MMM yyyy"',
    'account = "Kunde"\n': 'account = "Client"\n',
    # a place that needs another word than the shared one
    "[scorecard.table]\n": '[scorecard.table]\nrequirement = "Exigence"\n',
}
TYPED = '[typed]\nblanks = ["sans objet"]\nsums = ["somme"]\n'


def french(german: str) -> str:
    """A file of texts as somebody might begin it."""
    for old, new in FRENCH.items():
        assert german.count(old) == 1, old
        german = german.replace(old, new)
    for key in LACKS:
        table, _, name = key.rpartition(".")
        before, head, after = german.partition(f"\n[{table}]\n")
        assert head
        after, count = re.subn(rf"(?m)^{re.escape(name)} = .*\n", "", after, count=1)
        assert count == 1, key
        german = before + head + after
    return re.sub(r"(?s)\[typed\]\n.*?\n\n", lambda _: TYPED + "\n", german)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """kamxl as it is, with one more file of texts."""
    folder = tmp_path_factory.mktemp("house")
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "kamxl", ignore=skip)
    shutil.copytree(templates_folder(), folder / "templates", ignore=skip)
    texts = folder / "templates" / "texts"
    made = french((texts / "de.toml").read_text(encoding="utf-8"))
    (texts / "fr.toml").write_text(made, encoding="utf-8")
    return folder


def run(house: Path, *words: str, code: str = "") -> subprocess.CompletedProcess[str]:
    """kamxl of that house, run by itself; or a piece of Python that uses it."""
    called = ["-c", code] if code else ["-m", "kamxl", *words]
    return subprocess.run(
        [sys.executable, *called],
        capture_output=True, text=True, check=True, encoding="utf-8", cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip


def in_french(register: Path, account: str) -> None:
    """Say in the register that an account speaks French."""
    book = openpyxl.load_workbook(register)
    sheet = book["Kunden"]
    assert (sheet["A5"].value, sheet["B5"].value, sheet["C6"].value) == (
        "ID", "Client", "language",
    )  # fmt: skip
    (row,) = (r for r in range(7, 40) if sheet.cell(r, 1).value == account)
    sheet.cell(row, 3, "Français")
    book.save(register)


def fill_in(card: Path, target: Path) -> set[str]:
    """An answer with weights that do not add up, and a blank as people of that language type it.

    Returns all that the card said.
    """
    book = openpyxl.load_workbook(card)
    said = {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value}
    title, cells = next(iter(book.defined_names["kx_weight"].destinations))
    sheet = book[title]
    asked = [c for (c,) in sheet[cells] if sheet.cell(c.row, 1).value]
    for at, cell in enumerate(asked):
        cell.value = 9
        sheet.cell(cell.row, cell.column + 1, "Sans Objet" if at == 0 else 70)
    book.save(target)
    return said


@pytest.mark.proof
def test_issue_and_consolidate_in_a_language_that_lacks_texts(house: Path) -> None:
    made = run(house, "init", "w", "--sample", "--language", "fr")
    assert "texts/fr.toml" in made.stderr
    root = house / "w"
    in_french(root / "Register.xlsx", "BRACKENLEY")
    issued = run(house, "-C", "w", "issue", "--account", "BRACKENLEY", "--json", "--language", "fr")
    cards = [one for one in json.loads(issued.stdout)["issued"] if one["path"]]
    assert len(cards) == 2
    card = root / next(one["path"] for one in cards if one["respondent"] == "PASHW")
    said = fill_in(card, root / "inbox" / card.name)
    assert "Exigence" in said  # its own word in one place
    assert any(re.fullmatch(r"\d{1,2} [a-zéû]+\.? 20\d\d", text) for text in said)  # a French day
    told = run(house, "-C", "w", "consolidate", "--language", "fr")
    # once, whatever needed it how often: the file, and all that it lacks, by what is to be added
    (line,) = told.stderr.splitlines()
    assert line.startswith("kamxl: In texts/fr.toml fehlen 3 Texte")
    assert all(key in line for key in LACKS)
    assert "The weights add up to" in told.stdout  # in English, as the card asks
    assert "keine Zahl" not in told.stdout  # the blank was understood
    book = openpyxl.load_workbook(root / "Portfolio.xlsx")
    heads = {
        str(cell.value) for sheet in book for row in sheet.iter_rows(max_row=12) for cell in row
    }
    assert {"Client", "Segment"} <= heads
    assert "Kunde" not in heads
    assert (root / "Portfolio.html").is_file()


def test_what_each_says_alone(house: Path) -> None:
    code = (
        "import json\nfrom datetime import date\n"
        "from kamxl.wording.texts import texts, languages, lacking\n"
        "from kamxl.wording.understood import understood, folded\n"
        "fr, de = texts('fr'), texts('de')\n"
        "before = list(lacking())\n"
        "print(json.dumps({'languages': languages(), 'before': before, 'missing': fr.missing,"
        " 'de': de.missing, 'word': [fr('portfolio.segments.name'), fr('mail.list.segment')],"
        " 'own': fr('scorecard.table.requirement'), 'shared': fr('portfolio.data.label'),"
        " 'number': [fr.number(1234.5), de.number(1234.5)],"
        " 'day': [fr.day(date(2026, 8, 5)), de.day(date(2026, 8, 5))],"
        " 'has': [fr.has('findings.weights-sum'), fr.has('findings.none')],"
        " 'keys': 'findings.weights-sum' in fr.keys('findings'),"
        " 'after': [line.split()[1] for line in lacking()],"
        " 'blanks': sorted(folded('blanks') & {'n/a', 'k. a.', 'sans objet'}),"
        " 'sums': understood('sums')[-1]}))"
    )
    said = json.loads(run(house, code=code).stdout)
    assert said["languages"] == ["de", "en", "fr"]
    assert set(said["missing"]) == set(LACKS)
    assert said["de"] == []
    assert said["word"] == ["Segment", "Segment"]
    assert (said["own"], said["shared"]) == ("Exigence", "Anforderung")
    assert said["number"] == ["1234,5", "1234,5"]
    assert said["day"] == ["5 août 2026", "05.08.2026"]
    assert said["has"] == [True, False]
    assert said["keys"] is True
    assert (said["before"], said["after"]) == ([], ["texts/fr.toml"])
    assert said["blanks"] == ["k. a.", "n/a", "sans objet"]
    assert said["sums"] == "somme"


@pytest.mark.proof
def test_a_language_that_is_whole_says_nothing(house: Path) -> None:
    assert run(house, "init", "whole", "--language", "de").stderr == ""


def test_a_file_with_nothing_in_it_speaks_english(house: Path) -> None:
    texts = house / "templates" / "texts" / "xx.toml"
    texts.write_text("", encoding="utf-8")
    try:
        code = (
            "from kamxl.wording.texts import texts\nxx = texts('xx')\n"
            "print(xx('words.account'), xx('language.name'), xx.number(2.5), len(xx.missing))"
        )
        account, name, number, missing = run(house, code=code).stdout.split()
    finally:
        texts.unlink()
    assert (account, name, number) == ("Account", "xx", "2.5")
    assert int(missing) > 1000
