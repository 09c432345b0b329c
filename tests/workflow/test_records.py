"""Issued records that are damaged cost their card only and are said; why cards changed is said."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from kamxl import commands
from kamxl.cli.main import main
from kamxl.commands.issue import as_json as issue_json
from kamxl.commands.issue import words as issue_lines
from kamxl.core.cards.changes import Change, changes
from kamxl.core.finding import Fate
from kamxl.core.records.register import AskedRequirement, Competitor
from kamxl.store import memory
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start.key import rotate
from tests.workflow.making import (
    NOW,
    codes,
    drawn_register,
    edited,
    hashes,
    loaded,
    new_team,
    register,
)


def records(team):
    return {p.stem: p for p in (team.root / ".kamxl" / "issued").glob("*.json")}


def record_of(team, order):
    (digest,) = [d for d, o in memory.load(team.workspace).orders.items() if o == order]
    return records(team)[digest]


def sent(team):
    """The cards and mails in outbox; the list of recipients tells who has answered, too."""
    return {name: told for name, told in hashes(team.root, "outbox").items() if "--" in name}


def ask(team, **settings):
    """The same register with other settings."""
    (team.root / "Register.xlsx").write_bytes(drawn_register(register(**settings)))


RUNS = {
    "consolidate": lambda root: consolidate(root, now=NOW),
    "remind": remind,
    "thank": thank,
    "check": lambda root: check([root / "inbox" / "good.xlsx"], root),
    "issue": lambda root: issue(root, now=NOW),
}
COMMANDS = {
    one.name: (RUNS[one.name], one.as_json, one.words)
    for one in commands.commands()
    if one.name in RUNS
}


@pytest.fixture
def damaged(team):
    """One record is damaged, and the register asks something else by now; another one answered."""
    team.put("good.xlsx", team.filled(team.order("GAMMA")))
    team.put("bad.xlsx", team.filled(team.order()))
    path = record_of(team, team.order())
    path.write_bytes(path.read_bytes()[:-40])
    ask(team, rating_threshold=60.0)
    return team, path


@pytest.mark.proof
@pytest.mark.parametrize("command", COMMANDS)
def test_a_damaged_record_is_said_by_every_command(damaged, command):
    team, path = damaged
    run, as_json, as_lines = COMMANDS[command]
    result = run(team.root)
    (found,) = [f for f in result.memory if f.code == "record-damaged"]
    assert found.value == path.name
    assert result.attention
    (told,) = [f for f in as_json(result)["register"] if f["code"] == "record-damaged"]
    assert path.name in told["message"]
    assert any(path.name in line for line in as_lines(result))
    for language in ("de", "en"):
        assert path.name in texts(language).sentence(found)


@pytest.mark.proof
@pytest.mark.parametrize("command", ["consolidate", "remind", "thank", "issue"])
def test_it_counts_for_the_exit_status_as_any_error(damaged, command, capsys):
    team, path = damaged
    assert main(["-C", str(team.root), command, "--json"]) == 0
    assert path.name in capsys.readouterr().out
    assert main(["-C", str(team.root), command, "--strict"]) == 1


@pytest.mark.proof
def test_it_costs_its_own_card_only(damaged):
    team, _ = damaged
    files = {file.path: file for file in consolidate(team.root, now=NOW).files}
    assert "mark-unknown" in codes(files["inbox/bad.xlsx"])
    assert files["inbox/good.xlsx"].fate is Fate.ACCEPTED
    assert files["inbox/good.xlsx"].answers is not None


@pytest.mark.parametrize("command", COMMANDS)
def test_where_all_is_well_nothing_is_said(team, command):
    team.put("good.xlsx", team.filled(team.order("GAMMA")))
    run, as_json, as_lines = COMMANDS[command]
    result = run(team.root)
    assert result.memory == ()
    assert not any(".kamxl/issued" in line for line in as_lines(result))
    assert command in ("consolidate", "issue") or "register" not in as_json(result)


@pytest.mark.proof
@pytest.mark.parametrize("rotated", [False, True])
@pytest.mark.parametrize("damage", [b"", b"{}", b"\xff\x00", None])
def test_issuing_the_same_again_mends_a_record(team, rotated, damage):
    """Also under a new key: the card that is out keeps its mark, and its answer counts again."""
    team.put("back.xlsx", team.filled(team.order()))
    path = record_of(team, team.order())
    whole = path.read_bytes()
    if rotated:
        rotate(team.root, bytes(range(1, 33)), now=NOW)
    path.write_bytes(whole[:100] if damage is None else damage)
    cards = sent(team)
    result = issue(team.root, now=NOW)
    (found,) = result.memory
    assert (found.code, found.value) == ("record-mended", path.name)
    assert not result.attention
    assert {card.state for card in result.issued} == {"unchanged"}
    assert sent(team) == cards
    assert path.read_bytes() == whole
    assert issue(team.root, now=NOW).memory == ()
    (file,) = consolidate(team.root, now=NOW).files
    assert file.fate is Fate.ACCEPTED


@pytest.mark.proof
def test_a_damaged_record_that_is_asked_no_more_is_left_alone(damaged):
    team, path = damaged
    before = path.read_bytes()
    (found,) = issue(team.root, now=NOW).memory
    assert found.code == "record-damaged"
    assert path.read_bytes() == before


# --- why cards changed ---


def why(result):
    return {
        (card.account, card.segment, card.respondent): [c.name for c in card.changed]
        for card in result.issued
        if card.state == "changed"
    }


@pytest.mark.proof
def test_a_new_day_is_why_all_cards_changed(team):
    ask(team, due=NOW.date())
    result = issue(team.root, now=NOW)
    assert set(map(tuple, why(result).values())) == {("due",)}
    count = len(result.issued)
    assert f"{count} Scorecards geändert: Rückgabe bis" in issue_lines(result)
    english = issue_lines(replace(result, language="en"))
    assert f"{count} scorecards changed: Return by" in english
    assert {tuple(card["changed"]) for card in issue_json(result)["issued"]} == {("due",)}


@pytest.mark.proof
def test_what_changed_is_told_against_the_card_before_and_not_against_any(team):
    """First a day, then another threshold; then the first of all again."""
    for settings, expected in (
        ({"due": NOW.date()}, ["due"]),
        ({"due": NOW.date(), "rating_threshold": 60.0}, ["rating_threshold"]),
        ({}, ["due", "rating_threshold"]),
    ):
        ask(team, **settings)
        assert set(map(tuple, why(issue(team.root, now=NOW)).values())) == {tuple(expected)}


@pytest.mark.proof
def test_without_the_card_before_the_newest_record_counts(team):
    ask(team, due=NOW.date())
    issue(team.root, now=NOW)
    for digest, order in memory.load(team.workspace).orders.items():
        second = 2_000_000_000 if order.due else 1_000_000_000
        os.utime(records(team)[digest], (second, second))
    for path in (team.root / "outbox").rglob("*.xlsx"):
        path.unlink()
    ask(team, due=NOW.date(), rating_threshold=60.0)
    assert set(map(tuple, why(issue(team.root, now=NOW)).values())) == {("rating_threshold",)}


@pytest.mark.proof
def test_cards_that_changed_without_their_order(team):
    card = next((team.root / "outbox").rglob("ALPHA--pumps--c1.xlsx"))
    card.write_bytes(edited(card.read_bytes(), lambda book: None))
    next((team.root / "outbox").rglob("GAMMA--pumps--c1.xlsx")).unlink()
    result = issue(team.root, now=NOW)
    assert why(result) == {
        ("ALPHA", "pumps", "c1"): ["layout"],
        ("GAMMA", "pumps", "c1"): ["missing"],
    }
    for language in ("de", "en"):
        lines = issue_lines(replace(result, language=language))
        assert sum("1 " in line and ("geändert:" in line or "changed:" in line) for line in lines)


@pytest.mark.proof
def test_what_is_new_or_unchanged_has_no_reason(tmp_path):
    team = new_team(tmp_path / "w")
    for state in ("new", "unchanged"):
        issued = issue_json(issue(team.root, now=NOW))["issued"]
        assert {card["state"] for card in issued} == {state}
        assert not any("changed" in card for card in issued)


@pytest.mark.proof
def test_an_unreadable_card_in_outbox_is_no_matter(team):
    card = next((team.root / "outbox").rglob("ALPHA--pumps--c1.xlsx"))
    card.write_bytes(b"PK not a workbook")
    assert why(issue(team.root, now=NOW)) == {("ALPHA", "pumps", "c1"): ["layout"]}
    assert loaded(card)


def test_each_difference_has_a_name_and_words_in_both_languages(team):
    order = team.order()
    first, *rest = order.requirements
    cases = {
        "language": replace(order, language="en"),
        "respondent_email": replace(order, respondent_email="x@y.example"),
        "rating_threshold": replace(order, rating_threshold=1.0),
        "feedback": replace(order, feedback="x"),
        "requirements.q.label": replace(order, requirements=(replace(first, label="x"), *rest)),
        "requirements.q.minimum": replace(
            order, requirements=(replace(first, minimum=1.0), *rest)
        ),
        "requirements.q.anchors": replace(
            order, requirements=(replace(first, anchors=("a", "b", "c")), *rest)
        ),
        "requirements.q.removed": replace(order, requirements=tuple(rest)),
        "requirements.n.added": replace(
            order, requirements=(*order.requirements, AskedRequirement("n", "Neu"))
        ),
        "requirements.order": replace(order, requirements=(*rest, first)),
        "competitors.new.added": replace(
            order, competitors=(*order.competitors, Competitor("new", "Neu"))
        ),
        "competitors.borel.name": replace(
            order,
            competitors=tuple(
                replace(c, name="X") if c.id == "borel" else c for c in order.competitors
            ),
        ),
    }  # fmt: skip
    for name, after in cases.items():
        (found,) = changes(order, after)
        assert found.name == name
        said = {language: texts(language).change(found) for language in ("de", "en")}
        assert all(said.values())
        assert said["de"] != name
    assert changes(order, order) == ()


def test_every_field_and_other_reason_has_words():
    from dataclasses import fields

    from kamxl.core.records.register import CardOrder

    # what a card is told by, and what stays on it as it was, see ``core.cards.changes``
    silent = {"period", "asks", "test", "last", "last_period", "page", "forgotten"}
    names = {f.name for f in fields(CardOrder)} - silent | {"layout", "key", "missing"}
    for language in ("de", "en"):
        for name in names:
            assert texts(language).change(Change(name, what="order")) != name


@pytest.mark.proof
def test_many_reasons_are_counted(team):
    other = register(due=NOW.date(), sender_name="Eva", sender_phone="1", rating_threshold=1.0)
    labels = [
        replace(
            r,
            asked=replace(r.asked, label=r.asked.label + "!", anchors=("a", "b", "c"), minimum=3.0),
        )
        for r in other.requirements
    ]
    other = replace(other, requirements=tuple(labels))
    (team.root / "Register.xlsx").write_bytes(drawn_register(other))
    result = issue(team.root, now=NOW)
    lines = issue_lines(result)
    assert len([line for line in lines if "geändert:" in line]) == 8
    assert any("weitere Gründe" in line for line in lines)
    assert len(json.dumps(issue_json(result)["issued"][0]["changed"])) > 100
