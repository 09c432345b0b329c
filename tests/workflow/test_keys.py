"""A new key: what older ones signed is read, and an older one signs nothing new."""

import json
from dataclasses import replace

import pytest

from kamxl.cli import main as cli
from kamxl.core.cards import seal
from kamxl.core.finding import Fate
from kamxl.workflow.cards import mark_of
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.start.key import rotate
from tests.workflow.making import NOW, codes, drawn_register, forged, hashes, register

NEW = bytes(range(100, 132))


def judged(team, data, name="card.xlsx"):
    path = team.put(name, data)
    return check([path], team.root).files[0]


def renamed(team):
    """The team renames a segment: from now on its cards ask something else."""
    made = register()
    segments = tuple(replace(s, name=s.name + " neu") for s in made.segments)
    (team.root / "Register.xlsx").write_bytes(drawn_register(replace(made, segments=segments)))


@pytest.mark.proof
def test_cards_that_are_out_stay_as_they_are_and_readable(team):
    sent = team.filled(team.order())
    before = hashes(team.root, "outbox", ".kamxl/issued", ".kamxl/workspace.json")
    rotate(team.root, NEW, now=NOW)
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"unchanged"}
    assert hashes(team.root, "outbox", ".kamxl/issued", ".kamxl/workspace.json") == before
    found = judged(team, sent)
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, set())
    assert consolidate(team.root, now=NOW).files[0].fate is Fate.ACCEPTED


@pytest.mark.proof
def test_what_changes_afterwards_is_signed_with_the_new_key(team):
    old = team.workspace.key
    rotate(team.root, NEW, now=NOW)
    renamed(team)
    assert {card.state for card in issue(team.root, now=NOW).issued} == {"changed"}
    workspace, order = team.workspace, team.order()
    mark = mark_of(workspace, order)
    assert seal.verify(NEW, workspace.id, mark.digest, mark.signature)
    assert not seal.verify(old, workspace.id, mark.digest, mark.signature)
    found = judged(team, team.filled(order))
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, set())


@pytest.mark.proof
def test_an_old_key_forges_nothing_that_was_issued_after_it(team):
    old = team.workspace.key
    rotate(team.root, NEW, now=NOW)
    renamed(team)
    issue(team.root, now=NOW)
    order = team.order()
    whole = mark_of(team.workspace, order, old)  # digest and signature by the old key: no record
    assert codes(judged(team, team.filled(order, mark=whole))) == {"mark-unknown"}
    issued = mark_of(team.workspace, order)
    signed = seal.signature(old, team.workspace.id, issued.digest)
    forgery = forged(issued, signature=signed)  # the record is there, the key is the old one
    found = judged(team, team.filled(order, mark=forgery))
    assert (found.fate, codes(found)) == (Fate.ATTENTION, {"mark-altered"})


def test_a_key_nobody_had_signs_nothing(team):
    order = team.order()
    mark = mark_of(team.workspace, order, bytes(32))
    assert codes(judged(team, team.filled(order, mark=mark))) == {"mark-altered"}


@pytest.mark.proof
def test_a_replayed_card_counts_once_and_only_for_its_own_period(team):
    """The same bytes are one file; an earlier period's card never answers a later one."""
    data = team.filled(team.order())
    team.put("first.xlsx", data)
    team.put("again/second.xlsx", data)
    fates = {file.path: file.fate for file in consolidate(team.root, now=NOW).files}
    assert fates == {
        "inbox/again/second.xlsx": Fate.ACCEPTED,
        "inbox/first.xlsx": Fate.IGNORED,
    }
    later = consolidate(team.root, period="2026-H2", now=NOW).portfolio
    (segment,) = (s for account in later.accounts for s in account.answered)
    assert segment.period == "2026-H1"
    assert segment.earlier


def test_the_command(team, capsys):
    assert cli.main(["-C", str(team.root), "key", "rotate", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["number"] == 2
    assert team.workspace.key.hex() not in str(said)
    assert cli.main(["-C", str(team.root), "key", "rotate", "--language", "de"]) == 0
    assert "Nummer 3" in capsys.readouterr().out
    assert len(team.workspace.keys) == 3


def test_a_key_has_to_be_long_enough(team):
    with pytest.raises(ValueError, match="too short"):
        rotate(team.root, b"short", now=NOW)
