"""Nothing good is held back: whatever a team types, its cards and mails go out as proven."""

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kamxl.core.cards.asking import orders
from kamxl.core.finding import Severity
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import (
    Account,
    AskedRequirement,
    Competitor,
    Contact,
    ListedCompetitor,
    ListedRequirement,
    Register,
    Segment,
    Settings,
)
from kamxl.workflow.cards import CardPress, mark_of
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming.answering import alternative
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.letters import Desk, by_mail
from kamxl.workflow.outgoing.writing import remind, thank
from tests.workflow.canaries import Cage
from tests.workflow.making import NOW, PERIOD, answers_to, focused, new_team, register

MANY = settings(
    deadline=None,
    max_examples=int(os.environ.get("KAMXL_EXAMPLES", "25")),  # 1000 to search in earnest
    derandomize="KAMXL_EXAMPLES" not in os.environ,  # the same ones in each run, unless searching
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
COMMON = ["Ring", "Plan", "Wir", "Start", "Preis", "Muster", "Us", "Id", "Qualität", "Pumpen", "AG"]
SHORT_IDS = ["us2", "id", "plan", "ring", "wir", "a", "1", "x-1", "mark.2", "label", "name", "K9"]
AWKWARD = [
    "=1+1", "-5 °C", "+49", "@x", '<b> & "so"', "{{ letter.name }}", "{% if x %}", "100 %",
    "&R", "a && b &", "_x0041_", "=?utf-8?q?x?=", "Zeile\nzwei", "Ümläut ß", "日本 語", "😀 ok",
    "x" * 300, "O'Neil", 'Bo "Bo" Berg', "Berg, Bo (Einkauf)", "a\\b", "  innen  zwei  ",
    "1000000", "1.000.000",
]  # fmt: skip
WORDS = st.one_of(
    st.sampled_from(COMMON + AWKWARD),
    st.text(
        st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")),
        min_size=1,
        max_size=40,
    ).filter(str.strip),
)
TEXTS = st.one_of(st.just(""), WORDS)
ROUND = st.sampled_from([1.0, 100.0, 1_000.0, 50_000.0, 1_000_000.0, 2_400_000.0, 0.0])


@st.composite
def typed_registers(draw) -> Register:
    """Two customers, as any team may type them."""
    ids = draw(st.lists(st.sampled_from(SHORT_IDS), min_size=2, max_size=2, unique=True))
    names = draw(st.lists(WORDS, min_size=2, max_size=2))
    asked = draw(st.lists(st.tuples(WORDS, TEXTS, TEXTS, TEXTS), min_size=1, max_size=4))
    rivals = draw(st.lists(WORDS, max_size=3))
    language = draw(st.sampled_from(["de", "en"]))
    due = draw(st.sampled_from([None, date(2026, 12, 24)]))
    typed = draw(st.tuples(*[TEXTS] * 5))
    return Register(
        Settings(
            draw(WORDS), language, PERIOD, due, typed[0], "kam@muster.example", typed[1],
            draw(st.sampled_from([70.0, 62.5, 50.0])), signature=typed[2],
        ),
        tuple(Account(i, n, language) for i, n in zip(ids, names, strict=True)),
        tuple(
            Segment(i, "id", draw(WORDS), draw(ROUND), "cat", draw(st.booleans()), typed[3])
            for i in ids
        ),
        tuple(Contact(i, "us3", draw(WORDS), f"{i}@k.example") for i in ids),
        tuple(
            ListedRequirement("cat", "", "", AskedRequirement(f"r{n}", label, 50.0, anchors))
            for n, (label, *anchors) in enumerate((a[0], *a[1:]) for a in asked)
            for anchors in [tuple(anchors)]
        ),
        tuple(ListedCompetitor("", "", Competitor(f"c{n}", name)) for n, name in enumerate(rivals)),
    )  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return new_team(tmp_path_factory.mktemp("harm") / "w").workspace


def unproven(workspace, made: Register) -> Iterator[str]:
    """What would be held back of a register's cards, reminders and thanks, for our own mistakes."""
    way_out, letters = WayOut(workspace, made), Desk(workspace, made)
    for order in orders(made, PERIOD, alternative):
        path = workspace.card_path(PERIOD, order.account, order.segment, order.respondent)
        card = CardPress().press(order, mark_of(workspace, order))
        weights = tuple(30.0 for _ in order.requirements)
        answers = answers_to(order, weights=weights, us=weights, rival=weights)
        asked, answered = (
            letters.carried(order, path, card),
            letters.carried(order, path, answers=answers),
        )
        for kind, one in (("invitation", asked), ("reminder", asked), ("thanks", answered)):
            more = "" if kind == "invitation" else kind
            at = workspace.mail_path(PERIOD, order.account, order.respondent, more)
            mail = letters.mail(kind, at, [one])
            for found in (*way_out.of_card(order, path, one.card, order), *way_out.of_mail(mail)):
                if found.code == "leak-unproven":
                    yield f"{mail.kind}: {found.details}"


@pytest.mark.proof
@MANY
@given(typed_registers())
def test_whatever_is_typed_is_proven(desk, made):
    assert list(unproven(desk, made)) == []


@pytest.mark.proof
@MANY
@given(st.lists(ROUND, min_size=4, max_size=4), st.sampled_from(COMMON))
@example([1_000_000.0, 500_000.0, 500_000.0, 1_000_000.0], "Ring")
def test_round_figures_and_common_names_hold_nothing_back(desk, revenues, name):
    """Every card of every customer goes out, whatever figures the register holds."""
    made = register(signature=f"Ihr {name}-Team: wir haben einen Plan")
    segments = tuple(
        replace(s, revenue=r, feedback=f"Wir liefern jetzt schneller, {name} für {name}.")
        for s, r in zip(made.segments, revenues, strict=True)
    )
    named = replace(made.accounts[2], name=name)
    made = replace(made, accounts=(*made.accounts[:2], named), segments=segments)
    way_out = WayOut(desk, made)
    for order in orders(made, PERIOD, alternative):
        path = desk.card_path(PERIOD, order.account, order.segment, order.respondent)
        card = CardPress().press(order, mark_of(desk, order))
        assert way_out.of_card(order, path, card, order) == ()
        if by_mail(order):
            letters = Desk(desk, made)
            at = desk.mail_path(PERIOD, order.account, order.respondent)
            mail = letters.mail("invitation", at, [letters.carried(order, path, card)])
            assert way_out.of_mail(mail) == ()
    assert {f.severity for f in way_out.warnings} <= {Severity.WARNING}


@pytest.mark.proof
def test_a_team_with_round_figures_sends_every_card(tmp_path):
    """Revenues, potentials and effects of a million, in register and plans, in whole workbooks."""
    made = focused("ALPHA", "BETA", "GAMMA")
    segments = tuple(
        replace(s, revenue=r) for s, r in zip(made.segments, (4e5, 6e5, 1e6, 1e6), strict=True)
    )
    team = new_team(tmp_path / "w", replace(made, segments=segments))
    first = issue(team.root, now=NOW)
    assert {card.state for card in first.issued} == {"new"}

    def edit(plan: AccountPlan) -> AccountPlan:
        cage = Cage()
        given = {"workspace": "ws-test", "account": "ALPHA", "period": PERIOD, "language": "de"}
        filled = cage.record(AccountPlan, **given)
        fields = tuple(replace(f, potential=1_000_000.0) for f in filled.fields)
        return replace(filled, as_of=plan.as_of, fields=fields)

    team.keep("ALPHA--2026-H1.xlsx", team.plan("ALPHA", edit=edit))
    again = issue(team.root, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}
    assert not again.attention or not any(card.findings for card in again.issued)
    reminded = remind(team.root)
    assert reminded.mails
    assert {mail.state for mail in reminded.mails} == {"new"}
    team.put("a.xlsx", team.filled(team.order()))
    thanked = thank(team.root)
    assert [mail.state for mail in thanked.mails] == ["new"]


@pytest.mark.proof
def test_no_plan_is_opened_to_issue(tmp_path, monkeypatch):
    """Looking through plans was half of the work, and a plan could hold back any card."""
    team = new_team(tmp_path / "w", focused("ALPHA"))
    issue(team.root, now=NOW)
    for plan in (team.root / "plans").glob("*.xlsx"):
        plan.write_bytes(b"PK broken")

    def never(*_):
        raise AssertionError("plans are not read for what goes out")

    monkeypatch.setattr("kamxl.workflow.guard.leaks.take_in_plans", never)
    assert {card.state for card in issue(team.root, ["BETA"], now=NOW).issued} == {"unchanged"}
