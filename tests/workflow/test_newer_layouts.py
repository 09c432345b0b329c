"""Cards and plans of a newer kamxl: they wait, and say what to do."""

import io
from dataclasses import replace

import openpyxl
import pytest

from kamxl.core.finding import Fate
from kamxl.forms.plan.sheets import LAYOUT
from kamxl.wording.texts import texts
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.consolidate import consolidate
from tests.workflow.making import NOW


@pytest.mark.proof
def test_a_card_or_plan_of_a_newer_layout_waits_and_says_so(team):
    order = team.order()
    newer = replace(mark_of(team.workspace, order), layout=2)
    team.put("card.xlsx", team.filled(order, mark=newer))
    plan = openpyxl.load_workbook(io.BytesIO(team.plan()))
    for sheet in plan.worksheets:
        if str(sheet["A1"].value).startswith("kamxl:plan:"):
            sheet["A1"] = f"{sheet['A1'].value.removesuffix(f':{LAYOUT}')}:{LAYOUT + 1}"
    plan.save(team.root / "plans" / "plan.xlsx")
    read = consolidate(team.root, now=NOW)
    drawn = (("inbox/card.xlsx", "scorecard", 2), ("plans/plan.xlsx", "plan", LAYOUT + 1))
    for path, kind, layout in drawn:
        (found,) = [file for file in read.files if file.path == path]
        assert (found.kind, found.fate, found.account) == (kind, Fate.ATTENTION, "ALPHA")
        (told,) = [one for one in found.findings if one.code == "layout-newer"]
        assert told.value == str(layout)
        assert "pip install --upgrade kamxl" in texts("de").sentence(told)
    # signed as ever: the number says how it is drawn, not whose it is
    team.put("card.xlsx", team.filled(order))
    read = consolidate(team.root, now=NOW)
    assert read.files[0].fate is Fate.ACCEPTED
