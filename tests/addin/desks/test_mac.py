"""The buttons through xlwings' own layer for macOS: nothing is ended, no macro of anybody runs."""

import pytest

from kamxl.addin import BUTTONS
from tests.addin.desks.pressing import log, played
from tests.workflow.making import hashes

OTHER = 5000
ORDER = (
    "about", "check", "issue", "import", "reply", "consolidate", "refresh", "brief", "decide",
    "open", "new",
)  # fmt: skip

assert set(ORDER) == set(BUTTONS)


@pytest.fixture
def more(team):
    """Since the portfolio was written, another answer came."""
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    return team


def two(*paths, **rest):
    """The Excel that is clicked in, with these workbooks, and another one with a stranger's."""
    return [{"pid": 4711, "open": [str(p) for p in paths], **rest}, {"pid": OTHER}]


def nothing_ended(told):
    assert told.events == []  # no quit, no macro
    assert told.hooks == []
    assert str(OTHER) not in told.uses


def press(word, **rest):
    return {"word": word, **rest}


@pytest.mark.proof
@pytest.mark.parametrize("empty", [False, True])
def test_every_button(more, tmp_path, empty):
    """One after the other; an empty Excel is asked for the folder once, and has no workbook."""
    folder = tmp_path / "Neu"
    folder.mkdir()
    export = tmp_path / "export.csv"
    export.write_text("no table", encoding="utf-8")
    asked = {"new": [str(folder)], "issue": [str(more.root)] if empty else []}
    asked["import"] = [str(export)]
    plan = two() if empty else two(more.root / "Register.xlsx")
    presses = [press(word, folders=asked.get(word, [])) for word in ORDER]
    told = played("mac", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    assert "Traceback" not in log(tmp_path / "d"), log(tmp_path / "d")
    said = dict(zip(ORDER, told.said, strict=True))
    assert said.pop("open") is None
    assert [text for _, text in told.messages] == list(said.values())
    assert ("No workbook is open" in said["check"]) == empty
    assert "There is no table" in said["import"]
    assert "up to date" in said["consolidate"]
    assert "The new portfolio is in" in said["new"]
    assert "Portfolio.xlsx" in [name for name, _ in told.open["4711"]]


@pytest.mark.proof
@pytest.mark.parametrize("word", ["issue", "consolidate"])
def test_a_register_from_the_web_that_says_something_else(more, tmp_path, word):
    other = more.root / "inbox" / "Register.xlsx"
    other.write_bytes((more.root / "outbox").rglob("*.xlsx").__next__().read_bytes())
    url = {str(other): "https://firma.sharepoint.com/sites/KAM/Register.xlsx"}
    presses = [press(word, folders=[str(more.root)])]
    before = hashes(more.root)
    told = played("mac", tmp_path / "d", programs=two(other, urls=url), presses=presses)
    nothing_ended(told)
    assert "has other content" in told.said[0]
    assert hashes(more.root) == before


@pytest.mark.proof
def test_a_script_of_an_earlier_version_tells_no_process(more, tmp_path):
    """One Excel runs: it was clicked there. Two: nobody knows, and neither is used."""
    register = str(more.root / "Register.xlsx")
    presses = [press("check", process=None)]
    one = [{"pid": 4711, "open": [register]}]
    told = played("mac", tmp_path / "one", programs=one, presses=presses)
    assert "accepted" in told.said[0]
    told = played("mac", tmp_path / "two", programs=two(register), presses=presses)
    assert "cannot reach" in told.said[0]
    assert told.messages == [["osascript", told.said[0]]]
    assert told.uses == {}


@pytest.mark.proof
def test_a_process_that_is_no_excel_is_not_used(more, tmp_path):
    plan = two(more.root / "Register.xlsx")
    told = played("mac", tmp_path / "d", programs=plan, presses=[press("issue", process=1)])
    nothing_ended(told)
    assert "cannot reach" in told.said[0]


@pytest.mark.proof
def test_xlwings_alone_would_run_macros(tmp_path):
    """What is taken out: a macro called CleanUp of whatever workbook is open in each Excel."""
    told = played("mac", tmp_path / "d", programs=two(), presses=[], stock=True)
    assert ["run_VB_macro", "CleanUp", 4711] in told.events
    assert ["run_VB_macro", "CleanUp", OTHER] in told.events
