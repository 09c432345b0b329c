"""What was proven of one customer's card proves nothing of another one's, however alike."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.core.records.register import CardOrder, LastAnswer
from kamxl.excel.proof.workbook import Proof
from kamxl.excel.writing import draw
from kamxl.excel.writing.stamping import Stamp
from kamxl.forms.scorecard import book as scorecard
from kamxl.forms.scorecard.slots import slots
from kamxl.workflow.cards import CardPress, layout_key, layout_of, mark_of, place_of
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.outgoing.issue import issue
from tests.workflow.making import NOW, Team, new_team
from tests.workflow.test_proof import asked_register

pytestmark = pytest.mark.proof


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Team:
    made = new_team(tmp_path_factory.mktemp("remembers") / "w", asked_register())
    issue(made.root, now=NOW)
    return made


def two(team: Team) -> tuple[CardOrder, CardOrder]:
    """Cards of one shape to two customers: other names, rivals, figures, and a longer answer."""
    hers = team.order("ALPHA", "pumps", "c1")
    first = hers.requirements[0].id
    hers = replace(hers, last_period="2025", last=(LastAnswer(first, 31.5, 62.5),))
    theirs = replace(
        hers,
        account="BETA",
        account_name="Beta Bau",
        respondent_name="=Bo Muster",
        respondent_email="bo@beta.example",
        feedback="\n".join([hers.feedback.replace("Wartung", "Planung")] * 3),
        competitors=tuple(replace(one, name=f"{one.name} Nord") for one in hers.competitors),
        last=(LastAnswer(first, 40.0, 75.0),),
    )
    return hers, theirs


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in content.items():
            archive.writestr(draw._entry(name), data)
    return out.getvalue()


def test_no_part_of_her_card_is_one_of_his(team: Team) -> None:
    hers, theirs = two(team)
    press, workspace = CardPress(), team.workspace
    made = {one: press.press(one, mark_of(workspace, one)) for one in (hers, theirs)}
    of_her, of_him = parts(made[hers]), parts(made[theirs])
    assert of_her.keys() == of_him.keys()
    guard = WayOut(workspace, asked_register())

    def found(order: CardOrder, data: bytes) -> bool:
        return any(
            one.code == "leak-unproven"
            for one in guard.of_card(order, place_of(workspace, order), data, order)
        )

    for one in (hers, theirs, hers):
        assert not found(one, made[one])
    assert found(hers, made[theirs])
    assert found(theirs, made[hers])
    changed = [name for name in of_her if of_her[name] != of_him[name]]
    assert len(changed) >= 3
    for name in changed:
        assert found(theirs, packed(of_him | {name: of_her[name]})), name
        assert found(hers, packed(of_her | {name: of_him[name]})), name
        assert not found(theirs, packed(of_him))
    all_but_strings = {name: of_her[name] for name in changed if "sharedStrings" not in name}
    assert found(theirs, packed(of_him | all_but_strings))


def test_each_value_is_held_anew(team: Team) -> None:
    """Her card, its rows, its pages and charts known: no value may be another one by then."""
    hers, theirs = two(team)
    shown = [(shown_card(one), mark_of(team.workspace, one).text) for one in (hers, theirs)]
    layout = layout_of(layout_key(shown[0][0]))
    stamp, proof = Stamp(layout), Proof(layout)
    for card, mark in shown:
        assert proof.doubt(stamp.press(scorecard.values(card, mark)), slots(card, mark)) is None
    values, (card, mark) = scorecard.values(*shown[1]), shown[1]
    others = scorecard.values(*shown[0])
    expected = slots(card, mark)
    tried = 0
    for key, value in values.items():
        more = "x" if key.startswith("range.") else "!"  # names have letters alone
        for other in (others[key], 1234.5 if isinstance(value, float) else f"{value or ''}{more}"):
            data = stamp.press(values | {key: other})
            if data != stamp.press(values):
                tried += 1
                assert proof.doubt(data, expected) is not None, (key, other)
    assert tried > 30
    assert proof.doubt(stamp.press(values), expected) is None
