"""A canary in every internal field of register and plans: in nothing that goes out, and found."""

import re
from dataclasses import replace

import pytest

from kamxl.core.cards.internal import SHARED, TECHNICAL
from kamxl.core.cards.internal_words import words_of
from kamxl.core.method.selection import Answer, Candidate, GrowthCondition, SelectionCriterion
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Register
from kamxl.workflow.guard.leaks import Guard, guard_of
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind, thank
from kamxl.workflow.start.register import read_register
from tests.workflow.canaries import BIRD, Cage, text_fields, with_texts
from tests.workflow.making import NOW, edited, new_team, register
from tests.workflow.test_leaks import PUBLIC, everything, outgoing

# Texts of a register that identify something or are chosen from a list: nobody typed a thought.
CHOSEN = {
    ("Settings", "smtp_port"), ("Settings", "smtp_security"),
    *(("Decision", one) for one in ("account", "segment", "respondent", "period", "under")),
}  # fmt: skip
FINDINGS = {"Finding", "HeldCard"}  # what is said of the register goes to the team alone
INTERNAL = {
    ("Settings", "smtp_host"): "kanarivogelhost.example",
    ("Settings", "smtp_user"): "kanarivogeluser",
    ("Account", "manager"): f"{BIRD} Managerin",
    ("Segment", "catalogue"): "Kanarivogelkatalog",
    ("Decision", "name"): f"{BIRD} Namen",
    ("Decision", "file"): f"{BIRD}.xlsx",
    ("Decision", "person"): f"{BIRD} Person",
    ("Decision", "who"): f"{BIRD} Entscheiderin",
    ("Decision", "why"): f"Das hat {BIRD} uns am Telefon gesagt",
    ("Decision", "requirement"): f"{BIRD} sammeln",
    ("ListedRequirement", "catalogue"): "Kanarivogelkatalog",
}
SMALL = {  # figures are never looked for: proved here to be in no file
    "minimum": 61.8371, "days": 47.1193, "rating": 71.2939, "disagreement": 23.9174,
    "level_within": 3.2719,
    "focus_score": 58.6421, "focus_coverage": 79.3157, "build_up": 11.4639, "weight": 13.3717,
}  # fmt: skip


def canary_register() -> Register:
    made = register(
        **{n: SMALL[n] for n in ("disagreement", "level_within", "focus_score", "focus_coverage")}
    )
    made = replace(made, settings=replace(made.settings, build_up=SMALL["build_up"]))
    told = Decision(Ruling.SAME_PERSON, "ALPHA", "pumps", "c1", "2026-H1")
    made = replace(made, decisions=(told,))
    made = with_texts(made, INTERNAL)
    asked = (
        replace(r, asked=replace(r.asked, minimum=SMALL["minimum"])) for r in made.requirements
    )
    judged = (
        Candidate(
            account.id,
            ratings=dict.fromkeys(SelectionCriterion, SMALL["rating"]),
            conditions=dict.fromkeys(GrowthCondition, Answer.YES),
            days=SMALL["days"],
        )
        for account in made.accounts
    )
    weights = dict.fromkeys(made.selection_weights, SMALL["weight"])
    return replace(
        made, requirements=tuple(asked), candidates=tuple(judged), selection_weights=weights
    )


def canary_plan(cage: Cage, plan: AccountPlan | None = None) -> AccountPlan:
    """A plan of which every field is filled, for the account ALPHA."""
    given = {"workspace": "ws-test", "account": "ALPHA", "period": "2026-H1", "language": "de"}
    made = cage.record(AccountPlan, **given)
    return made if plan is None else replace(made, as_of=plan.as_of)


def test_every_text_of_the_register_is_public_or_planted() -> None:
    """A new field has to be sorted into one of the two."""
    typed = {f for f in text_fields(Register) if f[0] not in FINDINGS | {"Register"}}
    public = {(holder, name) for holder, names in PUBLIC.items() for name in names}
    assert typed - public - CHOSEN - set(INTERNAL) == set()
    assert set(INTERNAL) <= typed


@pytest.fixture(scope="module")
def flown(tmp_path_factory):
    """A team whose register and plan are full of canaries, and all that it sent out."""
    team = new_team(tmp_path_factory.mktemp("canaries") / "w", canary_register())
    issue(team.root, now=NOW)
    cage = Cage()
    plan = team.plan("ALPHA", edit=lambda plan: canary_plan(cage, plan))
    team.keep("ALPHA--2026-H1.xlsx", plan)
    for account in ("ALPHA", "GAMMA"):
        team.put(f"{account}.xlsx", team.filled(team.order(account)))
    result = issue(team.root, now=NOW)
    assert {card.state for card in result.issued} == {"unchanged"}
    remind(team.root)
    thank(team.root)
    return team, plan


def test_the_canaries_are_in_the_teams_own_files(flown):
    """Otherwise the next test would search for what was never there."""
    team, plan = flown
    own = everything((team.root / "Register.xlsx").read_bytes())
    for word in INTERNAL.values():
        assert word.casefold() in own
    assert all(f"{figure}"[:6] in own for figure in SMALL.values())
    nests = set(re.findall(r"nest[a-j]{4}", everything(plan)))
    assert len(nests) > 40


def test_no_canary_flies_out(flown):
    team, _ = flown
    files = outgoing(team)
    assert {p.suffix for p in files} == {".xlsx", ".eml"}
    for ending in ("+thanks.eml", "+reminder.eml"):
        assert any(p.name.endswith(ending) for p in files)
    for path in files:
        seen = everything(path.read_bytes())
        assert BIRD.casefold() not in seen, path.name
        assert not re.search(r"nest[a-j]{4}", seen), path.name
        for name, figure in SMALL.items():
            assert f"{figure}"[:6] not in seen, (path.name, name)


@pytest.mark.proof
def test_every_canary_of_a_plan_would_be_found(flown):
    """Each text of a plan, typed into a card, is found, whatever field it is from."""
    team, _ = flown
    cage = Cage()
    plan = canary_plan(cage)
    order = team.order("ALPHA")
    card = (team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").read_bytes()
    texts = {f: text for f, text in cage.texts.items() if f[1] not in TECHNICAL}
    assert {name for _, name in texts} >= {"remark", "evidence", "argument", "counterpart", "proof"}
    guard = Guard.of(register(), [plan])

    def type_in(book):
        for row, text in enumerate(texts.values(), 60):
            book.worksheets[0].cell(row, 2, f"Dazu: {text}, wie gesagt")

    found = {f.value for f in guard.findings(edited(card, type_in), order, "x.xlsx")}
    # What the customer wished, and what we reply, is no secret to that customer.
    wished = {text for (holder, _), text in texts.items() if holder == "PlanWish"}
    wished |= {texts[field] for field in SHARED}  # nor is what was written for that customer
    people = {text for (holder, name), text in texts.items() if name == "customer_owner"}
    colleagues = people | {texts["ContactCare", "name"]}
    assert set(texts.values()) - found == wished | colleagues
    other = guard.findings(edited(card, type_in), team.order("GAMMA"), "x.xlsx")
    assert set(texts.values()) <= {f.value for f in other}


@pytest.mark.proof
def test_what_is_found_in_a_cell_names_the_cell(flown):
    team, _ = flown
    guard = guard_of(team.workspace, read_register(team.workspace).register)
    card = (team.root / "outbox/2026-H1/ALPHA--pumps--c1.xlsx").read_bytes()
    data = edited(card, lambda book: book.worksheets[0].cell(60, 2, f"Frau {BIRD} Managerin"))
    findings = guard.findings(data, team.order("ALPHA"), "x.xlsx")
    (found,) = [f for f in findings if f.code == "leak-word"]
    assert (found.sheet, found.cell) == ("Start", "B60")
    assert dict(found.details)["what"] == "manager"
    assert words_of(found.value) == words_of(f"{BIRD} Managerin")
