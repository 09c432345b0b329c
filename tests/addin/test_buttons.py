"""The other buttons, the folder they work in, and the faults that every one of them meets."""

import json
import os
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from kamxl.addin import BUTTONS, Clicked, _number, press_with
from kamxl.excel.live import program, windows
from kamxl.wording.texts import texts
from kamxl.workflow.buttons import setup as addin_setup
from kamxl.workflow.buttons import status as addin_status
from kamxl.workflow.buttons.desk import Desk
from kamxl.workflow.results import SetupPart, SetupResult
from tests.addin.pressing import LATER
from tests.workflow.making import NOW, Team, drawn_register, edited, hashes, register, table_of


@pytest.fixture
def picks(monkeypatch):
    """What the user picks when asked for a folder; each question is counted."""
    folders, asked = [], []

    def choose(app, title):
        asked.append(title)
        return folders.pop(0) if folders else None

    monkeypatch.setattr(program, "choose_folder", choose)
    return folders, asked


def wrong(team):
    """A card of BETA with a rating that is no number."""
    order = team.order("BETA")

    def rate(workbook):
        live, grid = table_of(workbook, order)
        live.cell(grid.FIRST, grid.us).value = "ca. 80"

    return team.put("beta.xlsx", edited(team.filled(order), rate))


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.proof
def test_check_lists_what_is_wrong_with_a_way_to_each_cell(office, team):
    path = wrong(team)
    office.open(path)
    said = office.press("check", "de")
    assert said.startswith("beta.xlsx: ")
    assert "1 Fehler" in said
    listed = office.app.books.active
    assert listed.name == "Befunde.xlsx"
    block = listed.sheets[0].range("A6:E6").value
    assert block[1] == "Fehler"
    assert "ca. 80" in block[3]
    assert "keine Zahl" in block[4]
    link = listed.sheets[0].range("C6").hyperlink
    where, cell = block[2].rsplit("!", 1)
    assert link == f"{path}#'{where}'!{cell}" or link.endswith(f"#'{where}'!{cell}")
    assert office.app.books["beta.xlsx"].sheets[where].range(cell).value == "ca. 80"


def test_check_again_replaces_the_list(desk, team):
    path = wrong(team)
    for _ in range(2):
        desk.open(path).activate()
        desk.press("check")
    assert desk.names().count("Findings.xlsx") == 1


def test_a_workbook_without_fault_needs_no_list(desk, team):
    path = team.root / "inbox" / "ALPHA.xlsx"
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))  # it was there before the press
    desk.open(path)
    assert "nothing is wrong" in desk.press("check")
    assert desk.names() == ["ALPHA.xlsx"]


def test_check_knows_the_workspace_of_the_file(desk, team):
    desk.open(team.root / "inbox" / "GAMMA.xlsx")
    assert "signature" not in desk.press("check")


def test_check_offers_to_save_and_cannot_check_what_stands_nowhere(desk, team):
    assert "No workbook is open" in desk.press("check")
    new = desk.app.books.add()
    assert f"{new.name} is not saved" in desk.press("check")
    book = desk.open(team.root / "inbox" / "ALPHA.xlsx")
    book.sheets[0].range("Z99").value = 1
    desk.excel.answers.append("cancel")
    assert desk.press("check") is None
    assert not book.api.Saved


def test_a_workbook_at_a_web_address_is_not_looked_for_on_the_disk(desk, team):
    book = desk.open(team.root / "inbox" / "ALPHA.xlsx")
    desk.excel.in_cloud(book, "https://example.sharepoint.com/sites/x/ALPHA.xlsx")
    assert "does not know of a copy" in desk.press("check")


# --- new, issue, open ----------------------------------------------------------------------------


@pytest.mark.proof
def test_new_makes_a_workspace_and_opens_its_register(office, tmp_path, picks):
    folder = tmp_path / "Neu"
    folder.mkdir()
    picks[0].append(folder)
    assert "Neu" in office.press("new", "de")
    assert office.app.books.active.name == "Register.xlsx"
    assert (folder / "inbox").is_dir()
    assert office.app.books.active.sheets[0].name == "Start"
    assert Team(folder).workspace.key != b""


@pytest.mark.proof
def test_new_never_overwrites(desk, team, picks):
    before = (team.root / "Register.xlsx").read_bytes()
    picks[0].append(team.root)
    assert "already has a register" in desk.press("new")
    assert (team.root / "Register.xlsx").read_bytes() == before


@pytest.mark.parametrize("word", ["new", "import", "issue", "check", "consolidate"])
def test_a_folder_that_lost_its_identity_is_refused_by_every_button(desk, team, picks, word):
    """Not taken for a new folder, nor passed over for the one that was worked in before."""
    desk.places.memory.parent.mkdir(parents=True, exist_ok=True)
    desk.places.memory.write_text(json.dumps({"folder": "/somewhere/else"}), encoding="utf-8")
    (team.root / ".kamxl" / "workspace.json").unlink()
    desk.open(team.root / "Register.xlsx")
    picks[0].append(team.root)
    before = hashes(team.root, "")
    said = desk.press(word)
    assert "has lost its identity" in said
    assert "kamxl key restore" in said
    assert desk.excel.alerts[-1].mode == "critical"
    assert hashes(team.root, "") == before


def test_new_can_be_cancelled(desk, picks):
    assert desk.press("new") is None
    assert not desk.excel.alerts


@pytest.mark.proof
def test_issue_says_what_went_out(office, team):
    office.open(team.root / "Register.xlsx")
    for card in (team.root / "outbox").rglob("*.xlsx"):
        card.unlink()
    said = office.press("issue", "de")
    assert "outbox/2026-H1" in said
    assert list((team.root / "outbox").rglob("*.xlsx"))
    statuses = [value for name, value in office.excel.history if name == "status_bar"]
    assert any("von" in str(value) for value in statuses)
    assert office.app.status_bar is False


@pytest.mark.proof
@pytest.mark.parametrize("name", ["issue", "consolidate"])
def test_esc_stops_between_two_steps_and_leaves_nothing_half_done(desk, team, monkeypatch, name):
    """Nobody pressed it in a real Excel: whether it was is asked of Windows, and told here."""
    asked = []

    def escaped(_):
        asked.append(len(asked))
        return len(asked) > 1  # the first time is before anything begins

    monkeypatch.setattr(program, "can_escape", lambda: True)
    monkeypatch.setattr(program, "escaped", escaped)
    desk.open(team.root / "Register.xlsx")
    for card in (team.root / "outbox").rglob("*.xlsx"):
        card.unlink()
    before = hashes(team.root, "Portfolio.xlsx", "Portfolio.html", "inbox", "Register.xlsx")
    assert desk.press(name, "de").startswith("Mit Esc angehalten")
    assert hashes(team.root, "Portfolio.xlsx", "Portfolio.html", "inbox", "Register.xlsx") == before
    assert not list(team.root.rglob(".kamxl-tmp-*"))
    assert desk.app.status_bar is False
    assert asked == [0, 1]
    monkeypatch.undo()
    assert "angehalten" not in desk.press(name, "de")


@pytest.mark.parametrize(
    ("key", "front", "stops"), [(1, 5, True), (-32768, 5, True), (0, 5, False), (1, 7, False)]
)
def test_esc_counts_in_the_excel_of_the_press_alone(monkeypatch, key, front, stops):
    """Which keys were pressed since the last question, as Windows says it for all programs."""
    parts = {
        "win32api": SimpleNamespace(GetAsyncKeyState=lambda _: key),
        "win32gui": SimpleNamespace(GetForegroundWindow=lambda: front),
        "win32process": SimpleNamespace(GetWindowThreadProcessId=lambda window: (1, window)),
    }
    monkeypatch.setattr(windows, "_load", parts.__getitem__)
    assert windows.escaped(5) is stops


@pytest.mark.proof
@pytest.mark.parametrize(("language", "told"), [("de", "ging kein"), ("en", "No scorecard")])
def test_issue_says_first_that_nothing_went_out(office, team, language, told):
    made = register()
    nameless = replace(made, settings=replace(made.settings, company=""))
    (team.root / "Register.xlsx").write_bytes(drawn_register(nameless))
    office.open(team.root / "Register.xlsx")
    said = office.press("issue", language)
    first = said.splitlines()[0]
    assert told in first
    assert "Einstellungen!C7" in first


@pytest.mark.proof
def test_open_shows_the_portfolio_once(office, team):
    office.open(team.root / "Register.xlsx")
    assert office.press("open") is None
    office.press("open")
    assert office.names() == ["Register.xlsx", "Portfolio.xlsx"]
    assert office.app.books.active.name == "Portfolio.xlsx"


def test_open_without_portfolio_says_what_to_do(desk, team):
    (team.root / "Portfolio.xlsx").unlink()
    desk.open(team.root / "Register.xlsx")
    assert "Click “Consolidate” first" in desk.press("open")


@pytest.mark.proof
def test_another_workbook_of_the_same_name_is_in_the_way(desk, team, tmp_path):
    other = tmp_path / "other" / "Portfolio.xlsx"
    other.parent.mkdir()
    other.write_bytes((team.root / "Portfolio.xlsx").read_bytes())
    desk.open(team.root / "Register.xlsx")
    desk.open(other)
    assert "Another workbook called Portfolio.xlsx is open" in desk.press("open")


# --- questions -----------------------------------------------------------------------------------


class MacBox:
    """The one place of macOS where a question is put: AppleScript's "display alert", played."""

    def __init__(self, pressed):
        self.pressed, self.shown = pressed, []

    def OSAX(self, pid):  # noqa: N802 its name
        return self

    def activate(self):
        pass

    def display_alert(self, title, message, buttons, as_):
        self.shown.append((title, message, buttons))
        return {"button returned": self.pressed}


@pytest.mark.parametrize(
    ("language", "pressed", "answer"),
    [
        ("de", "Ja", "yes"),
        ("de", "Nein", "no"),
        ("de", "Abbrechen", "cancel"),
        ("en", "No", "no"),
        ("de", "", "cancel"),  # closed in another way
    ],
)
def test_on_macos_a_question_has_buttons_in_the_language(
    desk, monkeypatch, language, pressed, answer
):
    box = MacBox(pressed)
    words = SimpleNamespace(informational="info", button_returned="button returned")
    monkeypatch.setitem(sys.modules, "osax", box)
    monkeypatch.setitem(sys.modules, "appscript", SimpleNamespace(k=words))
    monkeypatch.setattr(program, "sys", SimpleNamespace(platform="darwin"))
    asking = Desk(desk.app, desk.places, language, LATER)
    assert asking.ask("Wirklich?") == answer
    german = ["Abbrechen", "Nein", "Ja"]
    buttons = german if language == "de" else ["Cancel", "No", "Yes"]
    assert box.shown == [("kamxl", "Wirklich?", buttons)]


# --- about ---------------------------------------------------------------------------------------


def test_about_tells_versions_and_tests_itself(desk, monkeypatch):
    monkeypatch.setattr(addin_setup, "this_machine", lambda: "de")
    parts = [SetupPart("addin", "x", "ok", "All is well."), SetupPart("conf", "y", "ok", "Well.")]
    monkeypatch.setattr(addin_status, "status", lambda setup, language: result(parts))
    said = desk.press("about")
    assert "kamxl 0" in said
    assert "Python 3" in said
    assert str(desk.places.log) in said
    assert "every part" in said
    assert desk.excel.alerts[-1].mode == "info"
    parts[1] = SetupPart("conf", "y", "missing", "Run kamxl addin install.")
    assert "Run kamxl addin install." in desk.press("about")
    assert desk.excel.alerts[-1].mode == "critical"


@pytest.mark.proof
def test_about_says_what_of_the_workspace_wants_a_hand(desk, team, monkeypatch):
    monkeypatch.setattr(addin_setup, "this_machine", lambda: "de")
    parts = [SetupPart("addin", "x", "ok", "All is well.")]
    monkeypatch.setattr(addin_status, "status", lambda setup, language: result(parts))
    memory = desk.places.memory
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps({"folder": str(team.root)}), encoding="utf-8")
    (team.root / "Register (1).xlsx").write_bytes(b"x")
    assert "Register (1).xlsx" in desk.press("about")


def result(parts):
    return SetupResult("linux", "en", "status", tuple(parts))


# --- the folder ----------------------------------------------------------------------------------


@pytest.mark.proof
def test_the_folder_is_that_of_an_open_workbook_then_the_last_one_then_asked(desk, team, picks):
    folders, asked = picks
    book = desk.open(next((team.root / "outbox").rglob("*.xlsx")))
    assert desk.press("open") is None
    assert not asked
    for one in list(desk.app.books):
        one.close()
    del book
    desk.press("open")  # remembered
    assert not asked
    assert desk.names() == ["Portfolio.xlsx"]
    assert json.loads(desk.places.memory.read_text(encoding="utf-8")) == {"folder": str(team.root)}
    desk.places.memory.write_text('{"folder": 7', encoding="utf-8")
    desk.app.books["Portfolio.xlsx"].close()
    folders.append(team.root)
    desk.press("open")
    assert len(asked) == 1
    assert desk.names() == ["Portfolio.xlsx"]


def test_a_chosen_folder_that_is_no_workspace_is_said(desk, tmp_path, picks):
    picks[0].append(tmp_path)
    assert "is not a kamxl workspace" in desk.press("consolidate")
    assert desk.press("consolidate") is None  # cancelled


def test_a_hostile_workbook_does_not_choose_the_folder(desk, team, tmp_path, picks):
    """Its sheet xlwings.conf would turn its web address into a local path."""
    book = desk.open(team.root / "inbox" / "ALPHA.xlsx")
    conf = book.sheets.add("xlwings.conf")
    conf.range("A1").value = [["ONEDRIVE_CONSUMER_WIN", str(team.root)]]
    desk.excel.in_cloud(book, "https://d.docs.live.net/abc/Register.xlsx")
    picks[0].append(tmp_path)
    assert "is not a kamxl workspace" in desk.press("open")
    assert len(picks[1]) == 1


# --- faults --------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", sorted(BUTTONS))
def test_a_mistake_inside_is_one_sentence_and_a_traceback_in_the_log(desk, word, monkeypatch):
    def broken(desk, chance):
        raise ZeroDivisionError("internal detail")

    monkeypatch.setitem(BUTTONS, word, broken)
    before = desk.state()
    said = desk.press(word)
    assert "fault of its own (ZeroDivisionError)" in said
    assert "internal detail" not in said
    assert "internal detail" in desk.log()
    assert "Traceback" in desk.log()
    assert desk.state() == before


def test_excel_in_the_middle_of_typing_is_said(desk, monkeypatch):
    def busy(desk, chance):
        raise RuntimeError("(-2147418111, 'Call was rejected by callee.', None, None)")

    monkeypatch.setitem(BUTTONS, "open", busy)
    assert "Press Enter" in desk.press("open")


def test_a_damaged_workspace_is_one_sentence(desk, team):
    desk.open(team.root / "Register.xlsx")
    (team.root / ".kamxl" / "workspace.json").write_text("{", encoding="utf-8")
    said = desk.press("consolidate")
    assert "damaged" in said
    assert desk.excel.alerts[-1].mode == "critical"


@pytest.mark.proof
def test_without_a_place_for_the_log_work_goes_on(desk, team):
    desk.places.log.parent.parent.mkdir(parents=True)
    desk.places.log.parent.write_text("a file where the folder should be")
    desk.open(team.root / "Register.xlsx")
    assert desk.press("open") is None
    assert "Portfolio.xlsx" in desk.names()


def test_an_unknown_language_speaks_english(desk):
    assert "No workbook is open" in desk.press("check", "fr")


@pytest.mark.parametrize(
    ("arguments", "window", "process"),
    [
        (["-c", "--hwnd=123"], 123, None),
        (["-c"], None, None),
        (["--hwnd=x"], None, None),
        (["--hwnd="], None, None),
        (["-c", '--pid="pid"=4711'], None, 4711),
        (["-c", "--pid=4711"], None, 4711),
        (["-c", "--pid="], None, None),
    ],
)
def test_where_the_button_was_clicked(arguments, window, process):
    assert (_number("--hwnd", arguments), _number("--pid", arguments)) == (window, process)


def test_the_right_excel_of_two_is_found_and_none_is_guessed(memory_excel):
    assert program.running(None) == memory_excel.app  # the only one
    second = memory_excel.app.engine.apps.add(add_book=False)
    for app in (memory_excel.app, second):
        assert program.running(app.hwnd) == app
    assert program.running(None) is None
    assert program.running(1) is None


def test_an_excel_that_is_not_reached_is_said_and_no_other_is_touched(desk, team):
    desk.open(team.root / "Register.xlsx")
    for language in ("de", "en"):
        said = press_with("issue", language, desk.places, Clicked(window=1), NOW)
        assert said == texts(language)("addin.unreachable")
    assert not desk.excel.alerts
    assert "cannot be reached" in desk.log()
