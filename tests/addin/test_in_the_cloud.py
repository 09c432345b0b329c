"""Every button while Excel names workbooks by web addresses: ours, perhaps ours, another's."""

import shutil

import pytest

from kamxl.excel.live.synced import Mount
from kamxl.excel.reading.book import read
from kamxl.forms.portfolio import reading as portfolio_reading
from kamxl.workflow.start.init import init
from tests.addin.pressing import cell_of, sheet
from tests.proof.saving import saved_by
from tests.workflow.making import NOW, hashes

pytestmark = pytest.mark.proof  # a screen is drawn for each

SITE = "https://firma.sharepoint.com/sites/KAM/Freigegebene%20Dokumente"


@pytest.fixture
def more(team):
    """Since the portfolio was written, another answer came."""
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    return team


def from_web(desk, path, *, mapped):
    """Open a workbook as Excel does in a synced folder: it has a web address afterwards."""
    book = desk.open(path)
    desk.excel.in_cloud(book, f"{SITE}/{path.parent.name}/{path.name}?web=1")
    if mapped:
        desk.mounts = [Mount(SITE.replace("%20", " ") + "/", path.parent.parent)]
    return book


def remembered(desk, team):
    """The folder last worked in is the team's."""
    book = desk.open(team.root / "Register.xlsx")
    desk.press("open")
    for one in (book, desk.app.books["Portfolio.xlsx"]):
        one.close()


# --- issue: what is on the screen counts, or it is said ------------------------------------------


def test_a_mapped_register_is_asked_about_and_saved(desk, more):
    book = from_web(desk, more.root / "Register.xlsx", mapped=True)
    book.sheets[0].range("H40").value = "a note"
    desk.excel.answers.append("cancel")
    assert desk.press("issue") is None
    assert "is open from firma.sharepoint.com and has changes" in desk.excel.alerts[-1].prompt
    desk.excel.answers.append("yes")
    assert "outbox" in desk.press("issue")
    assert book.api.Saved


@pytest.mark.parametrize("mapped", [True, False])
@pytest.mark.parametrize("word", ["issue", "consolidate"])
def test_a_register_that_has_not_arrived_is_not_read(desk, more, word, mapped):
    """Saved into the cloud; the sync client has not brought it to the folder."""
    remembered(desk, more)
    before = hashes(more.root)
    book = from_web(desk, more.root / "Register.xlsx", mapped=mapped)
    book.sheets[0].range("H40").value = "a note"
    book.api.Saved = True
    said = desk.press(word)
    assert "has other content, so nothing was done" in said
    assert f"“{more.root.name}”" in said
    assert hashes(more.root) == before


@pytest.mark.parametrize("mapped", [True, False])
def test_a_register_that_arrived_is_read_wherever_it_is_open_from(desk, more, mapped):
    remembered(desk, more)
    from_web(desk, more.root / "Register.xlsx", mapped=mapped)
    assert "outbox" in desk.press("issue")
    assert "up to date" in desk.press("consolidate")


def test_no_to_saving_goes_on_with_the_file(desk, more):
    book = from_web(desk, more.root / "Register.xlsx", mapped=True)
    before = hashes(more.root, "Register.xlsx")
    book.sheets[0].range("H40").value = "a note"
    desk.excel.answers.append("no")
    assert "up to date" in desk.press("consolidate")
    assert hashes(more.root, "Register.xlsx") == before


def test_the_register_of_another_workspace_asks_for_the_folder(desk, more, tmp_path):
    root = tmp_path / "andere"
    init(root, "de", workspace_id="ws-andere", key=b"k" * 32, now=NOW)
    remembered(desk, more)
    book = desk.open(root / "Register.xlsx")
    desk.excel.in_cloud(book, "https://elsewhere.example.com/x/Register.xlsx")
    desk.excel.folders.append(str(root))
    before = hashes(more.root)
    assert desk.press("issue")
    assert not desk.excel.folders  # the folder was asked for, and not the last one taken
    assert f'"{root}"' in desk.places.memory.read_text(encoding="utf-8")
    assert hashes(more.root) == before


def test_a_last_folder_that_lost_its_identity_is_in_nobodys_way(desk, more, tmp_path):
    """The register in front is another one's: the folder is asked for."""
    root = tmp_path / "andere"
    init(root, "de", workspace_id="ws-andere", key=b"k" * 32, now=NOW)
    remembered(desk, more)
    shutil.rmtree(more.root / ".kamxl")
    book = desk.open(root / "Register.xlsx")
    desk.excel.in_cloud(book, "https://elsewhere.example.com/x/Register.xlsx")
    desk.excel.folders.append(str(root))
    assert "lost its identity" not in desk.press("issue")
    assert not desk.excel.folders
    assert f'"{root}"' in desk.places.memory.read_text(encoding="utf-8")


# --- consolidate: never under an open workbook ---------------------------------------------------


def test_a_mapped_portfolio_is_refreshed_where_it_is_open(desk, more):
    book = from_web(desk, more.root / "Portfolio.xlsx", mapped=True)
    cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value = "Ring them"
    disk = hashes(more.root, "Portfolio.xlsx")
    said = desk.press("consolidate")
    assert "not saved yet" in said
    assert hashes(more.root, "Portfolio.xlsx") == disk
    assert cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value == "Ring them"
    assert cell_of(sheet(book, "accounts"), "BETA", "total").formula.startswith("=")
    assert desk.names() == ["Portfolio.xlsx"]
    assert not list(more.root.glob("Portfolio-*"))


@pytest.mark.parametrize("answer", ["cancel", "no"])
def test_an_unmapped_portfolio_is_neither_changed_nor_overwritten(desk, more, answer):
    remembered(desk, more)
    book = from_web(desk, more.root / "Portfolio.xlsx", mapped=False)
    cell = cell_of(sheet(book, "accounts"), "ALPHA", "remarks")
    cell.value = "Ring them"
    before = hashes(more.root)
    desk.excel.answers.append(answer)
    said = desk.press("consolidate")
    assert "cannot tell whether that is the one" in desk.excel.alerts[0].prompt
    assert (said is None) == (answer == "cancel")
    assert hashes(more.root) == before
    assert cell.value == "Ring them"
    assert "as they were" not in (said or "")


def test_an_unmapped_portfolio_is_refreshed_if_the_user_knows_it(desk, more):
    remembered(desk, more)
    book = from_web(desk, more.root / "Portfolio.xlsx", mapped=False)
    cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value = "Ring them"
    disk = hashes(more.root, "Portfolio.xlsx")
    desk.excel.answers.append("yes")
    said = desk.press("consolidate")
    assert "up to date" in said
    assert "cannot tell" not in said
    assert hashes(more.root, "Portfolio.xlsx") == disk
    assert cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value == "Ring them"


def test_the_remark_is_in_the_next_portfolio(desk, more):
    """Refreshed in the cloud, saved there, brought to the folder: nothing typed is lost."""
    book = from_web(desk, more.root / "Portfolio.xlsx", mapped=True)
    cell_of(sheet(book, "accounts"), "ALPHA", "remarks").value = "Ring them"
    desk.press("consolidate")
    book.save()
    raw = read((more.root / "Portfolio.xlsx").read_bytes())
    assert portfolio_reading.remarks(raw) == {"ALPHA": "Ring them"}


def test_somebody_elses_portfolio_from_the_web_is_left_alone(desk, more, tmp_path):
    """The sync client says where it lies, and that is not here: work goes on, and both is said."""
    other = tmp_path / "andere" / "Portfolio.xlsx"
    other.parent.mkdir()
    shutil.copy(more.root / "Portfolio.xlsx", other)
    remembered(desk, more)
    book = from_web(desk, other, mapped=True)
    said = desk.press("consolidate")
    assert "up to date" in said
    assert "Another workbook called Portfolio.xlsx is open" in said
    assert book.api.Saved
    assert hashes(more.root, "Portfolio.xlsx") != hashes(other.parent, "Portfolio.xlsx")


# --- open, check, new, about ---------------------------------------------------------------------


def test_open_shows_the_one_from_the_web(desk, more):
    from_web(desk, more.root / "Portfolio.xlsx", mapped=True)
    assert desk.press("open") is None
    assert desk.names() == ["Portfolio.xlsx"]


def test_open_says_what_it_cannot_know(desk, more):
    remembered(desk, more)
    from_web(desk, more.root / "Portfolio.xlsx", mapped=False)
    for language, words in (("en", "kamxl cannot tell"), ("de", "kamxl kann nicht erkennen")):
        assert words in desk.press("open", language)


def test_a_mapped_answer_is_checked(desk, more):
    from_web(desk, more.root / "inbox" / "ALPHA.xlsx", mapped=True)
    assert "nothing is wrong" in desk.press("check")


def test_a_mapped_answer_that_has_not_arrived_is_not_checked(desk, more):
    book = from_web(desk, more.root / "inbox" / "ALPHA.xlsx", mapped=True)
    book.sheets[0].range("Z99").value = 1
    book.api.Saved = True
    assert "has other content" in desk.press("check")


def test_what_is_compared_is_read_apart(desk, more, monkeypatch):
    """It may be anybody's workbook: nothing of it is taken apart in the button's own process."""

    def here(*_):
        raise AssertionError

    for name in ("kamxl.excel.reading.book.read", "kamxl.workflow.files.opening.read"):
        monkeypatch.setattr(name, here)
    from_web(desk, more.root / "inbox" / "ALPHA.xlsx", mapped=True)
    assert "nothing is wrong" in desk.press("check")


def test_a_mapped_answer_that_cannot_be_read_is_told_so(desk, more):
    """That it could not be compared is no reason to say that it says something else."""
    path = more.root / "inbox" / "ALPHA.xlsx"
    from_web(desk, path, mapped=True)
    path.write_bytes(b"%PDF-1.7 the file on the disk is none")
    said = desk.press("check")
    assert "other content" not in said
    assert "1 error" in said


def test_a_mapped_answer_of_an_older_kind_is_checked(desk, more, tmp_path):
    """Formulas cannot be seen in it, and so it cannot be compared."""
    path = more.root / "inbox" / "ALPHA.xlsx"
    from_web(desk, path, mapped=True)
    path.write_bytes(saved_by("soffice", path.read_bytes(), tmp_path, "xls"))
    assert "accepted" in desk.press("check")


def test_an_address_alone_is_no_folder(desk, more, tmp_path):
    """A workbook from outside names an address like ours; no client keeps it: it leads nowhere."""
    book = desk.open(more.root / "inbox" / "ALPHA.xlsx")
    desk.excel.in_cloud(book, f"https://evil.example.com/{more.root.as_posix()}/Register.xlsx")
    desk.excel.folders.append(None)
    assert desk.press("issue") is None
    assert not desk.places.memory.exists()


@pytest.mark.parametrize("mapped", [True, False])
def test_new_beside_a_register_from_the_web(desk, more, tmp_path, mapped):
    from_web(desk, more.root / "Register.xlsx", mapped=mapped)
    folder = tmp_path / "Neu"
    folder.mkdir()
    desk.excel.folders.append(str(folder))
    said = desk.press("new", now=NOW)
    assert "The new portfolio is in “Neu”" in said
    assert "Register.xlsx is open" in said
    assert (folder / "Register.xlsx").exists()
