"""``kamxl init --sample``: one loop by hand, in which every step works as it is said."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import openpyxl
import pytest

from kamxl.cli.main import main
from kamxl.wording.texts import languages, texts
from kamxl.workflow.demo.beginning import small
from kamxl.workflow.start.sample import sample

CELLS = re.compile(r"\b([A-Z]+)(\d+):\1(\d+)\b")


@pytest.mark.parametrize("language", languages())
def test_the_register_is_small_and_says_that_it_is_invented(language: str) -> None:
    register, whole = small(language), sample(language)
    assert len(register.accounts) == 3
    assert len(register.segments) == 3
    mark = re.compile(r" \((?:erfunden|invented)\)$")
    assert all(mark.search(account.name) for account in register.accounts)
    assert mark.search(register.settings.company)
    addresses = [contact.email for contact in register.contacts if contact.email]
    assert len(addresses) >= 4
    assert all(address.endswith(".example") for address in addresses)
    ids = {account.id for account in register.accounts}
    assert {contact.account for contact in register.contacts} == ids
    assert {candidate.account for candidate in register.candidates} == ids
    assert {row.catalogue for row in register.requirements} <= {
        segment.catalogue for segment in register.segments
    }
    assert register.accounts[0].language == (language if language == "de" else "en")
    assert len(whole.accounts) > 10  # the demo's is the large one


def typed_as_said(root: Path, said: str) -> None:
    """What the sentence tells: the cells of the card it names, saved into inbox/."""
    named = re.search(r"outbox/\S+\.xlsx", said)
    sheet = re.search(r"[“„](\w+)[”“]", said)
    assert named, said
    assert sheet, said
    book = openpyxl.load_workbook(root / named[0])
    (weight, first, last), (rating, *rows) = CELLS.findall(said)
    assert rows == [first, last]
    places = range(int(first), int(last) + 1)
    share, table = 100 // len(places), book[sheet[1]]
    for row in places:
        assert table[f"{weight}{row}"].value is None
        assert table[f"{rating}{row}"].value is None
        assert not table[f"{weight}{row}"].protection.locked
        table[f"{weight}{row}"] = share
        table[f"{rating}{row}"] = 70
    table[f"{weight}{first}"] = share + 100 - share * len(places)
    book.save(root / "inbox" / Path(named[0]).name)


def command_in(lines: list[str], word: str) -> list[str]:
    """The words of the command that a step names."""
    (line,) = [one for one in lines if one.endswith(f" {word}") and "kamxl " in one]
    return shlex.split(line[line.index("kamxl ") :])[1:]


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_each_step_works_as_it_is_said(
    language: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], few_rows: None
) -> None:
    root, said = tmp_path / "Erste Runde", texts(language)

    def done(*words: str) -> list[str]:
        assert main([*words, "--language", language]) == 0
        return capsys.readouterr().out.splitlines()

    begun = done("init", str(root), "--sample")
    steps = [line for line in begun if re.match(r"\d\. ", line)]
    assert [line[0] for line in steps] == list("12345")  # no more than that
    assert len(list((root / "inbox").glob("*.xlsx"))) == 2
    issued = done(*command_in(begun, "issue"))
    assert steps[1] in issued  # the next one is told again
    assert said("guide.next") in issued
    before = done(*command_in(issued, "consolidate"))
    assert said("guide.missing") in before
    assert (root / "Portfolio.xlsx").is_file()
    typed_as_said(root, steps[1])
    after = done(*command_in(before, "consolidate"))
    assert said("guide.done", root=root) in after
    titles = openpyxl.load_workbook(root / "Portfolio.xlsx", read_only=True).sheetnames
    looked = re.findall(r"[“„](.+?)[”“]", steps[4])
    assert len(looked) == 3
    assert set(looked) <= set(titles)


@pytest.mark.proof
def test_who_goes_on_with_the_folder_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], few_rows: None
) -> None:
    root = tmp_path / "w"
    assert main(["init", str(root), "--sample", "--json", "--language", "de"]) == 0
    assert "guide" not in capsys.readouterr().out
    (root / ".kamxl" / "sample.json").unlink()
    assert main(["-C", str(root), "consolidate", "--language", "de"]) == 0
    assert texts("de")("guide.next") not in capsys.readouterr().out
