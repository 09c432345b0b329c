"""The button Refresh this plan: what came back goes into our cells of the plan, unsaved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kamxl.core.method.programmes import Action
from kamxl.core.records.register import Wish
from kamxl.excel.live.reading import raw_book
from kamxl.forms.plan import book as plan_form
from kamxl.forms.plan.sheets import SELF
from kamxl.wording.texts import texts
from tests.addin.pressing import Office
from tests.workflow.making import Team, answers_to, hashes, prepared
from tests.workflow.test_plans_in import mark_of_plan, rewritten

PLAN = "ALPHA--2026-H1.xlsx"
WISH = Wish("W1", "Ersatzteile kommen zu spät", "=Lager", 90.0)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr("kamxl.apart.child.apart", True)
    with prepared(40):
        yield


def answer(team: Team, **changes: Any) -> None:
    """Ada says something else than when the plan was made."""
    order = team.order()
    said = replace(answers_to(order, us=(80.0, 30.0, 40.0)), wishes=(WISH,), **changes)
    team.put("ALPHA.xlsx", team.filled(order, said))


def plan_of(book: Any) -> Any:
    plan, findings = plan_form.read(raw_book(book))
    assert plan is not None
    assert not findings
    return plan


def test_what_came_back_goes_into_the_plan_and_hers_stays(desk: Office, team: Team) -> None:
    def hers(plan: Any) -> Any:
        rated = tuple(replace(r, rating=90.0, remark="meins") for r in plan.ratings)
        return replace(plan, ratings=rated, actions=(Action("A1", "Anrufen"),))

    (team.root / "plans" / PLAN).write_bytes(team.plan(edit=hers))
    book = desk.open(team.root / "plans" / PLAN)
    before, old = hashes(team.root, ""), plan_of(book)
    answer(team)
    desk.excel.answers.append("yes")
    said = desk.press("refresh", "de")
    asked = next(alert.prompt for alert in desk.excel.alerts if alert.buttons == "yes_no")
    assert "ein neuer Wunsch" in asked
    assert "eine Anforderung mit anderem" in asked
    assert "noch nicht gespeichert" in said
    new = plan_of(book)
    changed = {(r.segment, r.id): (o.customer, r.customer) for o, r in
               zip(old.ratings, new.ratings, strict=True) if o != r}  # fmt: skip
    assert changed == {("pumps", "t"): (60.0, 30.0)}
    assert [r.rating for r in new.ratings] == [90.0] * len(old.ratings)
    assert [(w.issue, w.remedy, w.importance) for w in new.wishes] == [
        (WISH.issue, WISH.remedy, 90.0)
    ]
    assert replace(new, ratings=old.ratings, wishes=old.wishes) == old
    lists = book.sheets[texts("de")("plan.lists.sheet")]
    offered = [lists.range((row, 4)).value for row in range(6, 20)]
    assert new.wishes[0].id in offered  # and actions are offered it
    del before["inbox/ALPHA.xlsx"]
    now = hashes(team.root, "")
    assert {key: now[key] for key in before} == before  # nothing is saved
    assert desk.press("refresh", "de").startswith("Der Plan kennt schon alles")


def test_a_no_or_a_protected_sheet_changes_nothing(
    desk: Office, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = desk.open(team.root / "plans" / PLAN)
    old = plan_of(book)
    answer(team)
    with monkeypatch.context() as locked:
        locked.setattr(
            "kamxl.workflow.buttons.refreshing.program.protected",
            lambda sheet: sheet.name == SELF.title("de"),
        )
        said = desk.press("refresh", "en")
        assert SELF.title("de") in said
        assert "protected" in said
    assert plan_of(book) == old
    desk.excel.answers.append("no")
    assert desk.press("refresh", "en") == texts("en")("refresh.declined")
    assert plan_of(book) == old


def test_what_is_no_plan_of_ours_is_refused(desk: Office, team: Team) -> None:
    desk.open(team.root / "Register.xlsx")
    assert "kein Kundenplan" in desk.press("refresh", "de")
    other = rewritten(team.plan(), mark_of_plan(), mark_of_plan(workspace="another"))
    desk.open(team.keep("fremd.xlsx", other))
    assert "eines anderen Arbeitsordners" in desk.press("refresh", "de")
