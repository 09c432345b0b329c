"""A person is forgotten: all that kamxl keeps says a pseudonym, and what she sent still counts."""

import json
import os
import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import platformdirs
import pytest

from kamxl.core.cards import seal
from kamxl.core.finding import Fate
from kamxl.core.records.page import Asks, Fit
from kamxl.errors import KamxlError
from kamxl.store import cache, memory, sent
from kamxl.store.issued_log import IssuedLog
from kamxl.store.workspace import Workspace
from kamxl.workflow.forgetting.forget import forget
from kamxl.workflow.incoming.answering import asked_in
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.replying import reply
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start import key
from kamxl.workflow.start.register import read_register
from kamxl.workflow.start.revenues import remembered_revenues
from tests.workflow.making import (
    NOW,
    PERIOD,
    Team,
    answers_to,
    drawn_register,
    edited,
    hashes,
    register,
)
from tests.workflow.test_containers import eml
from tests.workflow.test_replying import ADA, WISH, answer, back, fit, page_order, written

HER = ("Ada Beispiel", "ada@alpha.example")
YES = lambda _: True  # noqa: E731


def without_her(team: Team, **settings) -> None:
    held = register(**settings)
    made = replace(held, contacts=held.contacts[1:])
    (team.root / "Register.xlsx").write_bytes(drawn_register(made))


def forgotten(team: Team, whom: str = "ALPHA/c1", **more):
    return forget(team.root, whom, agree=YES, now=NOW, **more)


def naming(root: Path, *words: str) -> list[str]:
    """Each file below a folder that says one of some words, packed or not."""
    found = []
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        parts = [path.read_bytes()]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                parts += [packed.read(name) for name in packed.namelist()]
        if any(word.encode() in part for part in parts for word in words):
            found.append(path.relative_to(root).as_posix())
    return found


def sent_to(team: Team) -> sent.Key:
    """A mail to her that left, as the log has it."""
    key = sent.Key("a" * 32, "b" * 32)
    log = sent.SentLog(team.workspace)
    record = {
        "kind": "invitation", "account": "ALPHA", "segment": "pumps", "respondent": "c1",
        "period": PERIOD, "recipient": HER[1], "subject": f"Für {HER[0]}", "message_id": "<1@x>",
        "card": "b" * 32,
    }  # fmt: skip
    attempt = log.begin(key, record)
    assert attempt is not None
    log.finish(key, attempt, sent.Step.SENT, record)
    return key


def test_her_name_is_nowhere_and_her_answers_count(team: Team) -> None:
    order = team.order()
    mail = sent_to(team)
    team.put("a.xlsx", team.filled(order))
    team.put("b.xlsx", team.filled(team.order(respondent="c2")))
    before = consolidate(team.root, now=NOW).portfolio
    other = {p: h for p, h in hashes(team.root, ".").items() if "c2" in p or "GAMMA" in p}
    inboxed = hashes(team.root, "inbox")
    without_her(team)
    told = forgotten(team)
    assert (told.state, told.records, told.registers, told.mails) == ("forgotten", 2, 1, 2)
    assert [one.path for one in told.by_hand] == ["inbox/a.xlsx"]
    assert naming(team.root / ".kamxl", *HER) == []
    assert naming(team.root / "outbox", *HER) == []
    after = hashes(team.root, ".")
    assert {p: after[p] for p in other} == other
    assert hashes(team.root, "inbox") == inboxed

    later = team.filled(order, answers_to(order, us=(90.0, 90.0, 90.0)))
    late = team.put("late.xlsx", later, NOW + timedelta(hours=1))
    again = consolidate(team.root, now=NOW + timedelta(days=1)).portfolio
    found = {file.path: file for file in again.files}
    assert found["inbox/late.xlsx"].fate is Fate.ACCEPTED
    assert found["inbox/a.xlsx"].fate is Fate.SUPERSEDED
    assert {found[p].name for p in ("inbox/a.xlsx", "inbox/late.xlsx")} == {told.pseudonym}
    late.unlink()
    again = consolidate(team.root, now=NOW + timedelta(days=1)).portfolio
    assert [a.total for a in again.accounts] == [a.total for a in before.accounts]
    assert set(naming(team.root, *HER)) == {"inbox/a.xlsx"}
    assert sent.SentLog(team.workspace).state(mail) is sent.State.SENT


def answered_with_a_page(team: Team) -> None:
    """Ada wished something, and our replies to her and to Bo are out; Bo's names her."""
    answer(team, "ada.xlsx", *ADA, wishes=(WISH,))
    answer(team, "bo.xlsx", "ALPHA", "pumps", "c2")

    def named(plan):
        made = written(plan)
        action = replace(made.actions[0], customer_owner=HER[0])
        return replace(made, actions=(action, *made.actions[1:]))

    team.keep("alpha.xlsx", team.plan("ALPHA", edit=named))
    reply(team.root, now=NOW)


def test_replies_to_her_lose_her_words_and_are_still_read(team: Team) -> None:
    answered_with_a_page(team)
    page = page_order(team, *ADA)
    without_her(team)
    told = forgotten(team)
    assert not list((team.root / "outbox").rglob("*c1+reply*"))
    issued = memory.load(team.workspace)
    assert issued.damaged == ()
    gone = [o for o in issued.orders.values() if o.forgotten and o.asks is Asks.REPLY]
    assert [row.doing for one in gone for row in one.page.rows] == [r.doing for r in page.page.rows]
    held = b"".join(p.read_bytes() for p in (team.root / ".kamxl/issued").iterdir())
    assert WISH.issue.encode() not in held
    back(team, "page.xlsx", page, 1, rows=fit(page, Fit.YES))
    (file,) = [f for f in take_in(team.workspace, now=NOW).files if f.path == "inbox/page.xlsx"]
    assert (file.fate, file.order.respondent_name) == (Fate.ACCEPTED, told.pseudonym)
    # who does what stands on a colleague's page, too: that is out, and its record stays
    pages = [one.path for one in told.by_hand if one.kind == "page"]
    assert pages == ["outbox/2026-H1/ALPHA--pumps--c2+reply.xlsx"]


def test_companions_go_for_nobody_makes_those_of_earlier_periods_again(team: Team) -> None:
    answered_with_a_page(team)
    consolidate(team.root, now=NOW)
    beside = team.root / "plans/alpha.answers.xlsx"
    foreign = team.root / "plans/fremd.answers.xlsx"
    foreign.write_bytes(edited(beside.read_bytes(), lambda book: book.active.delete_rows(1, 3)))
    (team.root / "plans/alpha.xlsx").unlink()
    without_her(team)
    told = forgotten(team)
    assert not beside.exists()
    assert "plans/alpha.answers.xlsx" in told.files
    left = set(naming(team.root / "plans", *HER))
    assert left == {one.path.removeprefix("plans/") for one in told.by_hand if one.kind == "plan"}


@pytest.mark.proof
def test_nobody_writes_to_her_and_nothing_is_damaged(team: Team) -> None:
    team.put("a.xlsx", team.filled(team.order()))
    without_her(team)
    forgotten(team)
    assert memory.load(team.workspace).damaged == ()
    again = issue(team.root, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}
    assert again.memory == ()
    for made in (remind(team.root, now=NOW), thank(team.root, now=NOW)):
        assert not any(card.account == "ALPHA" and card.respondent == "c1" for card in made.mails)
    assert naming(team.root / "outbox", *HER) == []
    found = asked_in(team.root, now=NOW).asked
    assert ("ALPHA", "c1") not in {(o.order.account, o.order.respondent) for o in found}


@pytest.mark.proof
def test_a_second_time_changes_nothing(team: Team) -> None:
    team.put("a.xlsx", team.filled(team.order()))
    without_her(team)
    first = forgotten(team)
    before = hashes(team.root, ".")
    for whom in ("ALPHA/c1", HER[0], first.pseudonym):
        again = forgotten(team, whom)
        assert (again.pseudonym, again.records, again.registers) == (first.pseudonym, 0, 0)
        assert [one.path for one in again.by_hand] == ["inbox/a.xlsx"]
    assert hashes(team.root, ".") == before


def test_who_answered_on_her_card_stays_who_she_is(team: Team) -> None:
    order = team.order()
    team.put("a.xlsx", team.filled(order, answers_to(order, name="A. Beispiel")))
    team.put("b.xlsx", team.filled(order, answers_to(order, name="Rita Zöllner")))
    without_her(team)
    told = forgotten(team)
    names = {file.path: file.name for file in take_in(team.workspace, now=NOW).files}
    assert names == {"inbox/a.xlsx": told.pseudonym, "inbox/b.xlsx": "Rita Zöllner"}
    assert len(take_in(team.workspace, now=NOW).replies) == 2


def test_the_same_id_is_another_person_afterwards(team: Team) -> None:
    team.put("a.xlsx", team.filled(team.order()))
    held = register()
    without_her(team)
    forgotten(team)
    new = replace(held.contacts[0], name="Uwe Neuling", email="uwe@alpha.example")
    made = replace(held, contacts=(new, *held.contacts[1:]))
    (team.root / "Register.xlsx").write_bytes(drawn_register(made))
    states = {(c.account, c.respondent): c.state for c in issue(team.root, now=NOW).issued}
    assert states["ALPHA", "c1"] == "new"
    asked = {(o.order.account, o.order.respondent): o for o in asked_in(team.root, now=NOW).asked}
    assert asked["ALPHA", "c1"].standing == "open"
    assert asked["ALPHA", "c1"].to.respondent_name == "Uwe Neuling"


def test_a_record_that_was_tampered_with_is_damaged(team: Team) -> None:
    without_her(team)
    forgotten(team)
    gone = [p for p in (team.root / ".kamxl/issued").glob("*.json") if b'"proof"' in p.read_bytes()]
    assert len(gone) == 2
    told = json.loads(gone[0].read_text())
    told["requirements"][0]["minimum"] = 0.0
    gone[0].write_text(json.dumps(told))
    forged = json.loads(gone[1].read_text())
    forged["forgotten"]["digest"] = gone[0].stem
    gone[1].write_text(json.dumps(forged))
    assert set(memory.load(team.workspace).damaged) == {path.name for path in gone}


def test_an_older_key_still_signs_what_it_signed(team: Team) -> None:
    card = team.filled(team.order())
    team.workspace.rotate(bytes(range(1, 33)), NOW.date())
    without_her(team)
    forgotten(team)
    team.put("a.xlsx", card)
    assert take_in(team.workspace, now=NOW).files[0].fate is Fate.ACCEPTED
    order = memory.load(team.workspace).orders
    (newest, oldest) = team.workspace.keys
    for digest, one in order.items():
        if one.forgotten:
            assert seal.digest(one, oldest) == digest != seal.digest(one, newest)


@pytest.mark.proof
@pytest.mark.parametrize("after", [1, 2, 4, 5, 6])
def test_a_run_that_breaks_off_is_done_by_the_next(
    team: Team, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_to(team)
    without_her(team)
    writes = 0
    real = os.replace

    def counted(*given, **more):
        nonlocal writes
        writes += 1
        if writes == after:
            raise KeyboardInterrupt
        return real(*given, **more)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", counted)
        try:
            forgotten(team)
        except KeyboardInterrupt:
            assert memory.load(team.workspace).damaged == ()
            assert bool(naming(team.root / ".kamxl", *HER)) == (after < 6)
        else:
            pytest.fail("nothing was broken off")
    told = forgotten(team)
    assert naming(team.root / ".kamxl", *HER) == naming(team.root / "outbox", *HER) == []
    names = {o.respondent_name for o in memory.load(team.workspace).orders.values() if o.forgotten}
    assert names == {told.pseudonym}


def test_a_backup_of_her_records_is_restored_as_they_are(team: Team, tmp_path: Path) -> None:
    without_her(team)
    key.backup(team.root, tmp_path / "before", "ein langer Satz", chance=os.urandom)
    told = forgotten(team)
    key.backup(team.root, tmp_path / "after", "ein langer Satz", chance=os.urandom)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    shutil.copy(team.root / "Register.xlsx", fresh)
    key.restore(fresh, tmp_path / "after", "ein langer Satz")
    issued = memory.load(Workspace.open(fresh))
    assert issued.damaged == ()
    assert issued.orders == memory.load(team.workspace).orders
    assert {o.respondent_name for o in issued.orders.values() if o.forgotten} == {told.pseudonym}
    # an older backup does not bring her back where she was forgotten
    key.restore(team.root, tmp_path / "before", "ein langer Satz")
    assert naming(team.root / ".kamxl", *HER) == []


def test_nothing_of_her_is_in_what_was_kept_aside(team: Team) -> None:
    order = team.order()
    said = replace(answers_to(order), name=HER[0])
    team.put("a.xlsx", team.filled(order, said))
    take_in(team.workspace, now=NOW)
    place = cache.place()
    assert place is not None
    assert naming(place, HER[0])
    without_her(team)
    assert forget(team.root, "ALPHA/c1", now=NOW).state == "shown"
    assert naming(place, HER[0])
    forgotten(team)
    assert not place.exists()


def test_nothing_of_her_is_kept_again(team: Team) -> None:
    """Her mail lies in inbox/ until somebody deletes it, and with it all that is known of her."""
    team.put("a.xlsx", team.filled(team.order(respondent="c2")))
    team.put("b.eml", eml(("card.xlsx", team.filled(team.order())), sender=f"{HER[0]} <{HER[1]}>"))
    without_her(team)
    forgotten(team)
    take_in(team.workspace, now=NOW)
    place = cache.place()
    assert place is not None
    assert cache.size_of(place).entries > 0
    assert naming(place, *HER) == []


def test_what_was_kept_before_goes_though_none_is_wanted(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(team.root / "kept"))
    monkeypatch.delenv(cache.VARIABLE)
    team.put("a.xlsx", team.filled(team.order()))
    take_in(team.workspace, now=NOW)
    place = cache.place()
    assert place is not None
    assert naming(place, *HER)
    monkeypatch.setenv(cache.VARIABLE, cache.OFF)
    without_her(team)
    forgotten(team)
    assert not place.exists()


def test_what_is_still_in_the_register_is_refused(team: Team) -> None:
    before = hashes(team.root, ".")
    with pytest.raises(KamxlError, match=r"still in Register.xlsx \(.*!C\d+"):
        forgotten(team)
    for whom, code in (("nobody", "forget-unknown"), ("c1", "forget-several")):
        with pytest.raises(KamxlError) as problem:
            forgotten(team, whom)
        assert problem.value.code == code
    assert hashes(team.root, ".") == before


def test_without_a_word_nothing_is_done(team: Team) -> None:
    without_her(team)
    before = hashes(team.root, ".")
    shown = forget(team.root, HER[0], now=NOW)
    assert (shown.state, shown.records, len(shown.files)) == ("shown", 2, 3)
    assert forget(team.root, "c1", "ALPHA", agree=lambda _: False, now=NOW).state == "declined"
    assert hashes(team.root, ".") == before


@pytest.mark.proof
def test_what_only_people_can_delete_is_named_with_its_cells(team: Team) -> None:
    plan = edited(team.plan(), lambda book: book.worksheets[3].__setitem__("C9", HER[0]))
    team.keep("ALPHA--2026-H1.xlsx", plan)
    consolidate(team.root, now=NOW)
    shutil.copy(team.root / "Register.xlsx", team.root / "Register-alt.xlsx")
    (team.root / "Portfolio-2026-01-01.html").write_text(f"<p>{HER[0]}</p>")
    without_her(team)
    found = {one.path: one for one in forgotten(team).by_hand}
    assert found["plans/ALPHA--2026-H1.xlsx"].kind == "plan"
    assert any(cell == "C9" for _, cell in found["plans/ALPHA--2026-H1.xlsx"].cells)
    assert found["Register-alt.xlsx"].kind == "register"
    assert found["Portfolio-2026-01-01.html"].kind == "portfolio"


def test_kept_registers_stay_readable_with_the_same_revenues(team: Team) -> None:
    earlier = remembered_revenues(team.workspace, [PERIOD], "2027-H1")
    (kept,) = memory.kept_registers(team.workspace)
    age = kept.stat().st_mtime_ns
    without_her(team)
    earlier = remembered_revenues(team.workspace, [PERIOD], "2027-H1")
    told = forgotten(team)
    assert kept.stat().st_mtime_ns == age
    assert remembered_revenues(team.workspace, [PERIOD], "2027-H1") == earlier
    assert earlier
    shutil.copy(kept, team.root / "Register.xlsx")
    contacts = read_register(team.workspace).register.contacts
    assert (contacts[0].name, contacts[0].email) == (told.pseudonym, "")
    assert contacts[1:] == register().contacts[1:]
    assert IssuedLog(team.workspace).run > 1
