"""The sheet *Team*: who writes to whom, what a mistake there keeps back, and how it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.core.cards.asking import orders
from kamxl.core.cards.writers import Writers
from kamxl.core.records.register import Register, TeamMember
from kamxl.core.roles import Form
from kamxl.forms.paper.book import Formula
from kamxl.forms.register import book as form
from kamxl.forms.register.sheets import ACCOUNTS, FIELDS, TEAM
from kamxl.wording.texts import texts
from tests.forms.registers import SMALL, STAMP, WORKSPACE, at, found, small, spoiled

Change = dict[tuple[str, str, int], object]
TILO = {("accounts", "manager", 0): "Tilo Brandis"}


def held(register: Register) -> set[str]:
    return {card.account for card in register.held}


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({("team", "email", 0): "tilo at velmora"}, "email-bad", "email"),
        ({("team", "name", 0): None, ("accounts", "manager", 0): "tb"}, "value-missing", "name"),
        ({("team", "id", 0): "T B"}, "id-bad", "id"),
        ({("team", "id", 1): "TB", ("accounts", "manager", 0): "tb"}, "id-duplicate", "id"),
    ],
)
def test_a_mistake_keeps_back_the_cards_that_name_her(
    changes: Change, code: str, column: str
) -> None:
    raw = spoiled(small("de"), {**TILO, **changes})
    register = form.read(raw)
    row = 1 if code == "id-duplicate" else 0
    assert found(register, raw) == {(code, *at("team", column, row))}
    assert held(register) == {"ALFA"}
    # of somebody who looks after no account it is said, and nothing waits
    register = form.read(spoiled(small("de"), {**changes, ("accounts", "manager", 0): "Jana"}))
    assert held(register) == set()


def test_the_same_member_twice_is_harmless() -> None:
    raw = spoiled(small("de"), {
        ("team", key, 1): value
        for key, value in {"id": "tb", "name": "Tilo Brandis", "email": "tilo@velmora.example",
                           "phone": "+49305550157", "signature": "Key Accounts"}.items()
    })  # fmt: skip
    register = form.read(raw)
    assert found(register, raw) == {("row-repeated", *at("team", "id", 1))}
    assert (register.team, held(register)) == (SMALL.team[:1], set())


def test_a_manager_who_is_not_in_the_list_is_no_mistake() -> None:
    register = form.read(spoiled(small("de"), {("accounts", "manager", 0): "Wer auch immer"}))
    assert register.findings == ()
    senders = {o.sender_email for o in orders(register, "2026-H2", lambda _: "x")}
    assert senders == {SMALL.settings.sender_email}


def test_a_name_that_two_members_have_tells_nobody() -> None:
    again = {("team", "name", 1): "tilo BRANDIS", ("team", "email", 1): "other@velmora.example"}
    raw = spoiled(small("de"), {**TILO, **again})
    register = form.read(raw)
    assert found(register, raw) == {("manager-ambiguous", *at("accounts", "manager", 0))}
    assert register.held == ()
    assert Writers(register).member("ALFA") is None
    # an id says who it is, and of namesakes whom nobody names there is nothing to say
    for manager, member in (("tb", "TB"), ("007", "007"), ("Wer auch immer", None)):
        register = form.read(spoiled(small("de"), {**again, ("accounts", "manager", 0): manager}))
        assert register.findings == ()
        found_ = Writers(register).member("ALFA")
        assert (found_ and found_.id) == member


@pytest.mark.parametrize(
    ("form_typed", "form_read"),
    [("Herrn", Form.MR), ("MR.", Form.MR), ("Mrs", Form.MS), ("w", Form.MS), ("divers", Form.MX),
     ("Mx", Form.MX), ("Mx.", Form.MX), ("k. A.", None)],
)  # fmt: skip
@pytest.mark.parametrize("language", ["de", "en"])
def test_forms_are_read_as_people_write_them(
    language: str, form_typed: str, form_read: Form | None
) -> None:
    raw = spoiled(small(language), {("contacts", "form", 0): form_typed})
    register = form.read(raw)
    assert (register.contacts[0].form, register.findings) == (form_read, ())


def test_a_form_that_is_none_is_told_with_those_that_are() -> None:
    (told,) = form.read(spoiled(small("de"), {("contacts", "form", 0): "Chef"})).findings
    assert texts("de").sentence(told).endswith("Bitte wählen Sie: Frau, Herr, Mx.")


@pytest.mark.parametrize("blank", ["k. A.", "n/a", "-", "weiß nicht", "#N/A"])
def test_what_says_nothing_begins_no_mail(blank: str) -> None:
    typed = dict.fromkeys((("contacts", k, 0) for k in ("title", "salutation")), blank)
    member = dict.fromkeys((("team", k, 0) for k in ("phone", "signature")), blank)
    register = form.read(spoiled(small("en"), {**typed, **member}))
    assert (register.contacts[0].title, register.contacts[0].salutation) == ("", "")
    assert (register.team[0].phone, register.team[0].signature) == ("", "")
    assert register.findings == ()
    kept = form.read(spoiled(small("en"), {("contacts", "salutation", 0): "Dear Ms An-Na"}))
    assert kept.contacts[0].salutation == "Dear Ms An-Na"


@pytest.mark.proof
def test_each_member_counts_her_accounts_by_name_or_id() -> None:
    first, second = SMALL.accounts
    accounts = (replace(first, manager="Tilo Brandis"), replace(second, manager="tb"))
    sheet = form.book("en", replace(SMALL, accounts=accounts), WORKSPACE, STAMP).sheet("team")
    column = TEAM.index("accounts")
    cells = [sheet.cells[TEAM.first + row, column].content for row in range(3)]
    assert [c.value for c in cells if isinstance(c, Formula)] == [2, 0, ""]


@pytest.mark.proof
def test_the_managers_are_offered_and_others_may_be_typed() -> None:
    sheet = form.book("de", SMALL, WORKSPACE, STAMP).sheet("accounts")
    (offered,) = [v for v in sheet.validations if v.ranges == ACCOUNTS.cells("manager")]
    assert (offered.kind, offered.formula, offered.stop) == (
        "list",
        "INDEX('Team'!$B$6:$B$507,2,1):'Team'!$B$507",
        False,
    )


@pytest.mark.proof
def test_a_member_may_leave_blank_what_the_settings_say() -> None:
    assert form.read(small("de")).team[1] == TeamMember("007", "Maeve Corrin")


def test_where_answers_have_a_mailbox_no_other_address_is_missed() -> None:
    names = [field.id for field in FIELDS]
    email, reply = (("settings", "value", names.index(n)) for n in ("sender_email", "reply_to"))
    lacking = form.read(spoiled(small("de"), {email: None}))
    assert [f.code for f in lacking.findings] == ["email-missing"]
    box = "antwort@velmora.example"
    register = form.read(spoiled(small("de"), {email: None, reply: box}))
    assert (register.findings, register.settings.reply_to) == ((), box)
    (found_,) = form.read(spoiled(small("de"), {reply: "antwort at"})).findings
    assert found_.code == "email-bad"
