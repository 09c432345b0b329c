"""Every button through xlwings' own layer for Windows: nothing is ended, no other Excel is used."""

import pytest

from kamxl.addin import BUTTONS
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from tests.addin.desks.pressing import CANCEL, NO, YES, log, played
from tests.workflow.making import NOW, focused, hashes, new_team

OTHER = 5000  # the process of another Excel
ORDER = (
    "about", "check", "issue", "import", "reply", "consolidate", "refresh", "brief", "decide",
    "open", "new",
)  # fmt: skip
LOOKED_AT = {"Application.Hwnd", "Application.Application"}  # which one it is, nothing more


@pytest.fixture
def more(team):
    """Since the portfolio was written, another answer came."""
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    return team


def two(*paths, **rest):
    """The Excel that is clicked in, with these workbooks, and another one without any."""
    return [{"pid": 4711, "open": [str(p) for p in paths], **rest}, {"pid": OTHER}]


def nothing_ended(told):
    assert told.events == [["gencache.EnsureModule"]]  # no Quit, no tasklist, no taskkill
    assert told.hooks == []
    assert set(told.uses.get(str(OTHER), [])) <= LOOKED_AT


def press(word, **rest):
    return {"word": word, **rest}


@pytest.mark.proof
@pytest.mark.parametrize("empty", [False, True])
def test_every_button(more, tmp_path, empty):
    """One after the other. An empty Excel is found among the running objects, and runs on."""
    folder = tmp_path / "Neu"
    folder.mkdir()
    export = tmp_path / "export.csv"
    export.write_text("no table", encoding="utf-8")
    asked = {"new": [str(folder)], "issue": [str(more.root)] if empty else []}
    asked["import"] = [str(export)]
    plan = two() if empty else two(more.root / "Register.xlsx")
    presses = [press(word, folders=asked.get(word, [])) for word in ORDER]
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    assert "Traceback" not in log(tmp_path / "d"), log(tmp_path / "d")
    said = dict(zip(ORDER, told.said, strict=True))
    assert said.pop("open") is None
    assert [text for _, text, _ in told.messages] == list(said.values())
    assert ("No workbook is open" in said["check"]) == empty
    assert "There is no table" in said["import"]
    assert "up to date" in said["consolidate"]
    assert "The new portfolio is in" in said["new"]
    assert "Portfolio.xlsx" in [name for name, _ in told.open["4711"]]


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_empty_excel_that_is_not_found_is_told_so(more, tmp_path, language):
    """Of two empty ones the table shows the first only; the second is never taken for it."""
    presses = [press(word, at=1, language=language) for word in sorted(BUTTONS)]
    plan = [{"pid": OTHER, "open": [str(more.root / "Register.xlsx")]}, {"pid": 4711}]
    before = hashes(more.root)
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    sentence = {"de": "kamxl erreicht dieses Excel nicht", "en": "kamxl cannot reach this Excel"}
    assert [said.startswith(sentence[language]) for said in told.said] == [True] * len(BUTTONS)
    assert [message[0] for message in told.messages] == [4711000] * len(BUTTONS)  # over its window
    assert hashes(more.root) == before


@pytest.mark.proof
def test_without_a_window_no_excel_is_guessed(more, tmp_path):
    plan = [{"pid": OTHER, "open": [str(more.root / "Register.xlsx")]}]
    presses = [press("consolidate", window=window) for window in (None, 0, 99)]
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    assert ["cannot reach" in said for said in told.said] == [True] * 3


@pytest.mark.proof
def test_the_window_of_any_of_its_workbooks_leads_to_an_excel(more, tmp_path):
    paths = [more.root / "Register.xlsx", more.root / "inbox" / "ALPHA.xlsx"]
    presses = [press("check", window=4711000 + 10 * n) for n in (1, 2)]
    told = played("windows", tmp_path / "d", programs=two(*paths), presses=presses)
    nothing_ended(told)
    assert all("nothing is wrong" in said for said in told.said)


@pytest.mark.proof
def test_another_excel_with_our_portfolio_is_left_alone(more, tmp_path):
    """Somebody has it open in a second Excel: the first one cannot reach over."""
    plan = two(more.root / "Register.xlsx")
    plan[1]["open"] = [str(more.root / "Portfolio.xlsx")]
    told = played("windows", tmp_path / "d", programs=plan, presses=[press("consolidate")])
    nothing_ended(told)
    assert "up to date" in told.said[0]


@pytest.mark.proof
@pytest.mark.parametrize("printer", [True, False])
def test_the_portfolio_is_refreshed_in_place(more, tmp_path, printer):
    path = more.root / "Portfolio.xlsx"
    disk = hashes(more.root, "Portfolio.xlsx")
    plan = two(path)
    presses = [press("consolidate", printer=printer)]
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    assert "up to date" in told.said[0], log(tmp_path / "d")
    assert ("no printer" in told.said[0]) != printer
    assert told.open["4711"] == [["Portfolio.xlsx", True]]
    assert hashes(more.root, "Portfolio.xlsx") != disk
    uses = told.uses["4711"]
    assert "Range.Formula=" in uses
    assert "Range.Value=" not in uses  # never cell by cell


@pytest.mark.proof
def test_the_first_answers_close_and_reopen_the_clean_portfolio(tmp_path):
    team = new_team(tmp_path / "w", focused("ALPHA", "GAMMA"))
    issue(team.root, now=NOW)
    consolidate(team.root, now=NOW)
    team.put("alpha.xlsx", team.filled(team.order("ALPHA")))
    path = team.root / "Portfolio.xlsx"
    told = played("windows", tmp_path / "d", programs=two(path), presses=[press("consolidate")])
    nothing_ended(told)
    assert "up to date" in told.said[0], log(tmp_path / "d")
    assert told.open["4711"] == [["Portfolio.xlsx", True]]
    assert not list(team.root.glob("Portfolio-*"))


SITE = "https://firma.sharepoint.com/sites/KAM/Freigegebene%20Dokumente"


def in_the_cloud(team, name, **rest):
    path = str(team.root / name)
    return two(path, urls={path: f"{SITE}/{team.root.name}/{name}"}, **rest)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("mapped", "answers", "refreshed"),
    [(True, [], True), (False, [YES], True), (False, [NO], False), (False, [CANCEL], False)],
)
def test_a_portfolio_from_the_web(more, tmp_path, mapped, answers, refreshed):
    """Known by the sync client, or by the user, or not at all."""
    plan = in_the_cloud(more, "Portfolio.xlsx")
    presses = [press("consolidate", answers=answers, folders=[str(more.root)])]
    mounts = [[SITE, str(more.root.parent)]] if mapped else []
    before = hashes(more.root)
    told = played("windows", tmp_path / "d", programs=plan, presses=presses, mounts=mounts)
    saving = [event for event in told.events if event[0].startswith("AutoSaveOn")]
    assert saving == [["AutoSaveOn=False", 4711], ["AutoSaveOn=True", 4711]] * refreshed
    told.events[:] = [event for event in told.events if event not in saving]
    nothing_ended(told)
    assert "Traceback" not in log(tmp_path / "d"), log(tmp_path / "d")
    if refreshed:
        assert "up to date" in told.said[0]
        assert "Range.Formula=" in told.uses["4711"]
        return
    assert hashes(more.root) == before
    assert "Range.Formula=" not in told.uses["4711"]
    assert (told.said[0] is None) == (answers == [CANCEL])


@pytest.mark.proof
@pytest.mark.parametrize("mapped", [True, False])
def test_an_unsaved_register_from_the_web_is_not_read_from_the_disk_unasked(more, tmp_path, mapped):
    path = str(more.root / "Register.xlsx")
    typed = {path: ["Einstellungen", "H40", "a note"]}
    plan = in_the_cloud(more, "Register.xlsx", typed=typed)
    rest = {"answers": [CANCEL], "folders": [str(more.root)]}
    presses = [press(word, **rest) for word in ("issue", "consolidate")]
    mounts = [[SITE, str(more.root.parent)]] if mapped else []
    before = hashes(more.root)
    told = played("windows", tmp_path / "d", programs=plan, presses=presses, mounts=mounts)
    nothing_ended(told)
    assert told.said == [None, None]
    for _, text, _ in told.messages:
        assert "is open from firma.sharepoint.com and has changes" in text
    assert hashes(more.root) == before


@pytest.mark.proof
def test_a_cell_that_is_being_edited_ends_in_one_sentence(more, tmp_path):
    """Excel refuses everything: xlwings alone would ask it for ever."""
    plan = two(more.root / "Register.xlsx")
    busy = {"Workbook.FullName": -1, "Application.FileDialog": -1}
    presses = [press(word, busy=busy) for word in sorted(set(BUTTONS) - {"about"})]
    before = hashes(more.root)
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    assert ["Press Enter" in said for said in told.said] == [True] * len(presses), told.said
    assert hashes(more.root) == before


@pytest.mark.proof
def test_half_a_refresh_is_not_saved_into_the_cloud(more, tmp_path):
    plan = in_the_cloud(more, "Portfolio.xlsx")
    presses = [press("consolidate", busy={"Range.PasteSpecial": -1})]
    mounts = [[SITE, str(more.root.parent)]]
    disk = hashes(more.root, "Portfolio.xlsx")
    told = played("windows", tmp_path / "d", programs=plan, presses=presses, mounts=mounts)
    assert "could not be refreshed completely" in told.said[0]
    assert told.events[1:] == [["AutoSaveOn=False", 4711]]
    assert hashes(more.root, "Portfolio.xlsx") == disk


@pytest.mark.proof
def test_what_came_of_it_is_told_even_if_excel_refuses_that(more, tmp_path):
    plan = two(more.root / "inbox" / "ALPHA.xlsx")
    presses = [press("check", busy={"Application.Hwnd": -1}), press("check")]
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    nothing_ended(told)
    assert "cannot reach" in told.said[0]  # it cannot even be asked which one it is
    assert "nothing is wrong" in told.said[1]
    assert len(told.messages) == 2


@pytest.mark.proof
def test_a_short_refusal_is_waited_for(more, tmp_path):
    plan = two(more.root / "Register.xlsx")
    presses = [press("check", busy={"Workbook.FullName": 40, "Workbook.Name": 3})]
    told = played("windows", tmp_path / "d", programs=plan, presses=presses)
    assert "accepted" in told.said[0]


@pytest.mark.proof
def test_xlwings_alone_would_end_excels(tmp_path):
    """What is taken out: without it this computer's empty Excels end with Python."""
    told = played("windows", tmp_path / "d", programs=two(), presses=[], stock=True)
    assert ["taskkill", "/PID", "4711", "/F"] in told.events
    assert ["taskkill", "/PID", "5000", "/F"] in told.events
    assert len(told.hooks) == 1
