"""From a click on the tab to a changed workbook: VBA, command line, Python, use case, screen.

The VBA runs in an emulator and hands over the command line it would run; that command's own words
are then obeyed here, against LibreOffice as the spreadsheet program.
"""

import re
import sys

import pytest

import kamxl.addin
from kamxl.__main__ import main
from kamxl.excel.addin import XLAM
from tests.addin.pressing import Office, cell_of, sheet
from tests.excel.addin.emulator import GERMAN, HWND, AddIn, Machine

_WORDS = re.compile(r'" -P -m kamxl (--kamxl-press .+) 2> ')


@pytest.fixture
def clicked(monkeypatch):
    """Clicks a button: runs what its VBA would run, but for the operating system between."""

    def click(word: str, window: int) -> None:
        machine = Machine(language=GERMAN)
        AddIn(XLAM, machine).press(word)
        ((line, _, _),) = machine.ran
        words = _WORDS.search(line.replace(str(HWND), str(window)))[1].split()
        monkeypatch.setattr(sys, "argv", ["kamxl", *words])
        assert main() == 0

    return click


@pytest.mark.proof
def test_a_click_on_consolidate_changes_what_is_on_the_screen(
    office_excel, team, clicked, monkeypatch, tmp_path
):
    office = Office(office_excel, tmp_path / "home")
    monkeypatch.setattr(kamxl.addin, "places_of", lambda *_: office.places)
    book = office.open(team.root / "Portfolio.xlsx")
    total = cell_of(sheet(book, "accounts"), "BETA", "total")
    assert total.value is None
    team.put("beta.xlsx", team.filled(team.order("BETA")))
    clicked("consolidate", office.app.hwnd)
    assert total.value == pytest.approx(66)  # 0.5·80 + 0.3·60 + 0.2·40
    (alert,) = office.excel.alerts
    assert "auf dem neuesten Stand" in alert.prompt
    assert "consolidate: pressed" in office.log()


def test_each_button_of_the_tab_is_known_here():
    machine = Machine()
    for word in kamxl.addin.BUTTONS:
        AddIn(XLAM, machine).press(word)
    assert len(machine.ran) == len(kamxl.addin.BUTTONS)
