"""What a workspace's records say of what went out: the chase list, pages with their day."""

from __future__ import annotations

import json
from dataclasses import replace

from kamxl.cli.main import main
from kamxl.core.portfolio.chasing import CHASED, Reached, tallies
from kamxl.core.records.page import Asks, PageRow, ReplyPage, RowKind
from kamxl.core.records.register import TeamMember
from kamxl.core.roles import Source
from kamxl.store import memory
from kamxl.workflow.incoming import answering
from kamxl.workflow.incoming.answering import cards_of
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.contacts_now import ContactsNow
from kamxl.workflow.incoming.followed import pages_out
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.register import read_register
from tests.workflow.making import NOW, PERIOD, new_team, register


def card(team, *key):
    """The record of a card that is out."""
    found = memory.load(team.workspace).orders.values()
    return next(o for o in found if o.key[:3] == key and o.asks is Asks.CARD)


def test_every_card_of_the_period_is_on_the_chase_list_once(team):
    team.put("a.xlsx", team.filled(card(team, "alpha", "pumps", "c1")))
    portfolio = consolidate(team.root, now=NOW).portfolio
    asked = [o.key for o in memory.load(team.workspace).orders.values() if not o.test]
    chase = portfolio.chase
    assert len(chase) == len(asked)
    by = {(one.account, one.segment, one.respondent): one for one in chase}
    answered = by["ALPHA", "pumps", "c1"]
    assert (answered.reached, answered.late(portfolio.as_of)) == (Reached.ANSWERED, None)
    others = [one for key, one in by.items() if key != ("ALPHA", "pumps", "c1")]
    assert others
    assert {one.reached for one in others} <= CHASED
    managers = {account.id: account.manager for account in portfolio.accounts}
    assert all(one.manager == managers[one.account] for one in chase)


def test_the_records_are_read_once_and_the_damaged_one_is_said(team, monkeypatch):
    damaged = next((team.workspace.memory / "issued").glob("*.json"))
    damaged.write_text("{", encoding="utf-8")
    read, load = [], memory.load
    monkeypatch.setattr(memory, "load", lambda of: read.append(of) or load(of))
    told = consolidate(team.root, now=NOW).memory
    assert len(read) == 1
    assert [(one.code, one.value) for one in told] == [("record-damaged", damaged.name)]


def test_the_json_counts_them(team, capsys):
    assert main(["-C", str(team.root), "--json", "consolidate"]) == 0
    told = json.loads(capsys.readouterr().out)
    asked = [o.key for o in memory.load(team.workspace).orders.values() if not o.test]
    assert sum(one["asked"] for one in told["chase"]) == len(asked)
    assert told["follow_up"]["said"] == "few"
    assert told["follow_up"]["with"] == {"n": 0, "change": None, "elsewhere": None, "more": None}
    assert told["benefits"] == []


def test_pages_that_went_out_are_known_with_their_day_and_chased_by_nobody(team):
    asked = card(team, "alpha", "pumps", "c1")
    row = PageRow("PRICE", RowKind.GAP, "Price", "We explain it")
    page = ReplyPage("digest", asked.period, (row,))
    order = replace(asked, asks=Asks.REPLY, page=page, requirements=(), competitors=())
    memory.remember(team.workspace, order)
    memory.remember(team.workspace, replace(order, test="me@company.example"))
    (out,) = pages_out(team.workspace)
    assert (out.order, out.on is not None) == (order, True)
    before = len(consolidate(team.root, now=NOW).portfolio.chase)
    asked = [o for o in memory.load(team.workspace).orders.values()
             if not o.test and o.asks is not Asks.REPLY]  # fmt: skip
    assert before == len(asked)


def test_the_chase_list_names_the_manager_and_how_one_is_asked(tmp_path):
    """The register may have an id of the team for one account, and her name for another."""
    made = register()
    alpha, beta, *others = made.accounts
    accounts = (replace(alpha, manager="jr"), replace(beta, manager="Jana Rehfeldt"), *others)
    contacts = tuple(
        replace(one, source=Source.JOINT) if one.name == "Bo Muster" else one
        for one in made.contacts
    )
    known = (TeamMember("JR", "Jana Rehfeldt"),)
    team = new_team(tmp_path / "w", replace(made, accounts=accounts, contacts=contacts, team=known))
    issue(team.root, accounts=["ALPHA"], profile=True, now=NOW)
    issue(team.root, accounts=["BETA"], now=NOW)
    portfolio = consolidate(team.root, now=NOW).portfolio
    assert {one.account: one.manager for one in portfolio.chase} == {
        "ALPHA": "Jana Rehfeldt", "BETA": "Jana Rehfeldt",
    }  # fmt: skip
    assert [one.manager for one in tallies(portfolio.chase, NOW.date())] == ["Jana Rehfeldt"]
    asked = {one.name: (one.source, one.profile) for one in portfolio.chase}
    assert asked["Bo Muster"] == (Source.JOINT, False)  # one workbook for the meeting
    assert asked["Ada Beispiel"] == (Source.MAILED, True)
    assert asked["Cem Probe"] == (Source.MAILED, False)


def test_what_would_be_asked_today_is_worked_out_only_where_nothing_else_tells(team, monkeypatch):
    """The log of issuing tells which record is the newest; without it, what the register asks."""
    asked, made = [], answering.orders
    monkeypatch.setattr(answering, "orders", lambda *of: asked.append(of) or made(*of))
    one = card(team, "alpha", "pumps", "c1")
    memory.remember(team.workspace, replace(one, function="Other"))
    known = read_register(team.workspace).register
    assert one in [
        each.order for each in cards_of(team.workspace, known, PERIOD, now=NOW).everybody
    ]
    assert not asked
    (team.workspace.memory / "issued" / "log").unlink()
    for path in (team.root / "outbox").rglob("*.xlsx"):
        path.unlink()
    assert one in [
        each.order for each in cards_of(team.workspace, known, PERIOD, now=NOW).everybody
    ]
    assert len(asked) == 1


def test_a_card_of_which_nothing_is_newer_is_addressed_as_it_is(team):
    known = read_register(team.workspace).register
    one = card(team, "alpha", "pumps", "c1")
    assert ContactsNow(known).addressed(one) is one
    older = replace(one, respondent_email="old@alpha.example", sender_name="Somebody Else")
    assert ContactsNow(known).addressed(older) == one
