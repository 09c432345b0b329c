"""Account plans are made where they are missing, know what is known, and are never touched."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from kamxl.commands.issue import words as issue_lines
from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.records.plan import Economic, EconomicKind, Idea, IdeaState
from kamxl.core.records.register import Contact, Effort, Wish
from kamxl.errors import DEBUG
from kamxl.excel.reading.book import read
from kamxl.forms.plan import book as plan_form
from kamxl.store import atomic, batch
from kamxl.wording.texts import texts
from kamxl.workflow.outgoing import plans as plans_out
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.results import IssueResult
from tests.workflow.making import (
    NOW,
    PERIOD,
    Team,
    answers_to,
    drawn_register,
    edited,
    focused,
    hashes,
    new_team,
    register,
)

LATER = "2027-H1"


@pytest.fixture
def growing(tmp_path) -> Team:
    """A team with two focus accounts, nothing issued."""
    return new_team(tmp_path / "w", focused("GAMMA", "ALPHA"))


def run(team, *accounts, **options) -> IssueResult:
    return issue(team.root, accounts, **{"now": NOW, **options})


def states(result):
    return {plan.account: plan.state for plan in result.plans}


def problems(result):
    return [(plan.account, found.code) for plan in result.plans for found in plan.findings]


def read_plan(team, path):
    plan, findings = plan_form.read(read((team.root / path).read_bytes()))
    assert findings == ()
    return plan


@pytest.mark.proof
def test_focus_accounts_get_a_plan_and_keep_it(growing):
    before = hashes(growing.root, "Register.xlsx")
    first = run(growing)
    assert [(p.account, p.path, p.state) for p in first.plans] == [
        ("ALPHA", "plans/ALPHA--2026-H1.xlsx", "new"),
        ("GAMMA", "plans/GAMMA--2026-H1.xlsx", "new"),
    ]
    assert {card.state for card in first.issued} == {"new"}
    made = hashes(growing.root, "plans")
    second = run(growing, now=NOW + timedelta(days=30))
    assert [(p.account, p.path, p.state) for p in second.plans] == [
        ("ALPHA", "plans/ALPHA--2026-H1.xlsx", "exists"),
        ("GAMMA", "plans/GAMMA--2026-H1.xlsx", "exists"),
    ]
    assert hashes(growing.root, "plans") == made
    assert hashes(growing.root, "Register.xlsx") == before
    assert not first.attention


def test_no_account_on_the_focus_list_no_plan(team):
    assert run(team).plans == ()
    assert hashes(team.root, "plans") == {}


@pytest.mark.proof
def test_a_plan_on_request(growing):
    result = run(growing, "beta")
    assert states(result) == {"BETA": "new"}
    assert {card.account for card in result.issued} == {"BETA"}
    assert list(hashes(growing.root, "plans")) == ["plans/BETA--2026-H1.xlsx"]


@pytest.mark.proof
def test_the_same_input_gives_the_same_bytes_anywhere(tmp_path):
    found = []
    for name in ("one", "two"):
        team = new_team(tmp_path / name, focused("ALPHA"))
        run(team)
        found.append({n: h.split()[0] for n, h in hashes(team.root, "plans").items()})
    assert found[0] == found[1]


@pytest.mark.proof
def test_a_plan_is_known_by_its_content_not_its_name(growing):
    run(growing)
    target = growing.root / "plans" / "von Anna" / "mein Plan.xlsx"
    target.parent.mkdir()
    (growing.root / "plans/ALPHA--2026-H1.xlsx").rename(target)
    # and one that bears a plan's name is another account's
    (growing.root / "plans/GAMMA--2026-H1.xlsx").rename(growing.root / "plans/BETA--2026-H1.xlsx")
    before = hashes(growing.root, "plans")
    result = run(growing)
    assert [(p.path, p.state) for p in result.plans] == [
        ("plans/von Anna/mein Plan.xlsx", "exists"),
        ("plans/BETA--2026-H1.xlsx", "exists"),
    ]
    assert problems(run(growing, "BETA")) == [("BETA", "plan-path-taken")]
    assert hashes(growing.root, "plans") == before


@pytest.mark.proof
def test_a_plan_of_which_there_are_two_is_not_made_again(growing):
    data = growing.plan()
    growing.keep("old.xlsx", data, NOW - timedelta(days=5))
    growing.keep("new.xlsx", growing.plan(edit=lambda p: replace(p, as_of=date(2026, 2, 1))), NOW)
    result = run(growing, "ALPHA")
    assert [(p.path, p.state) for p in result.plans] == [("plans/new.xlsx", "exists")]


@pytest.mark.proof
@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04 damaged"])
def test_what_stands_in_the_way_is_never_overwritten(growing, content):
    """It may be the plan itself, damaged or with a password."""
    path = growing.keep("alpha--2026-h1.XLSX", content)
    result = run(growing)
    assert states(result) == {"ALPHA": "skipped", "GAMMA": "new"}
    assert problems(result) == [("ALPHA", "plan-path-taken")]
    assert path.read_bytes() == content
    assert {card.state for card in result.issued} == {"new"}
    assert result.attention
    assert any("plans/ALPHA--2026-H1.xlsx" in line for line in issue_lines(result))


@pytest.mark.proof
def test_what_appears_meanwhile_stays(growing, monkeypatch):
    path = growing.root / "plans/ALPHA--2026-H1.xlsx"
    real = plans_out.drawn

    def slowly(*arguments):
        path.write_bytes(b"just saved by somebody else")
        return real(*arguments)

    monkeypatch.setattr(plans_out, "drawn", slowly)
    assert problems(run(growing, "ALPHA")) == [("ALPHA", "plan-path-taken")]
    assert path.read_bytes() == b"just saved by somebody else"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


@pytest.mark.proof
@pytest.mark.parametrize(("module", "call"), [(atomic, "stage"), (batch, "_placed")])
def test_a_full_disk_costs_the_plan_not_the_cards(growing, monkeypatch, module, call):
    real = getattr(module, call)

    def full(what, *more):
        path = what if call == "stage" else what.path
        if path.parent.name == "plans":
            raise OSError(28, "No space left on device")
        return real(what, *more)

    monkeypatch.setattr(module, call, full)
    result = run(growing)
    assert states(result) == {"ALPHA": "skipped", "GAMMA": "skipped"}
    assert problems(result) == [("ALPHA", "plan-not-written"), ("GAMMA", "plan-not-written")]
    assert {card.state for card in result.issued} == {"new"}
    assert any("kein Speicherplatz mehr" in line for line in issue_lines(result))


@pytest.mark.proof
def test_a_mistake_of_ours_costs_the_plan_not_the_cards(growing, monkeypatch):
    def breaks(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(plans_out, "drawn", breaks)
    with pytest.raises(ZeroDivisionError):
        run(growing)
    monkeypatch.delenv(DEBUG)
    result = run(growing)
    assert problems(result) == [("ALPHA", "unexpected"), ("GAMMA", "unexpected")]
    assert {card.state for card in result.issued} == {"unchanged"}
    said = texts("en").sentence(result.plans[0].findings[0])
    assert "ZeroDivisionError" in said


@pytest.mark.proof
def test_an_account_with_errors_gets_no_plan(tmp_path):
    held = register()
    wrong = Contact("ALPHA", "c9", "Kai Fehler", "kai at alpha")
    held = replace(held, contacts=(*held.contacts, wrong))
    team = new_team(tmp_path / "w", focused("ALPHA", "BETA", held=held))
    assert states(run(team)) == {"ALPHA": "skipped", "BETA": "new"}


@pytest.mark.proof
def test_leftovers_of_a_killed_run_are_swept(growing):
    leftover = growing.keep(".kamxl-tmp-123-4", b"half", NOW - timedelta(days=1))
    run(growing)
    assert not leftover.exists()


# --- what a new plan knows -----------------------------------------------------------------------


@pytest.mark.proof
def test_a_new_plan_knows_what_is_known(growing):
    run(growing, planned=())
    order = growing.order()
    given = answers_to(order)
    wish = Wish("wish1", "Zu spät", "Früher melden", 80.0)
    told = replace(given, wishes=(wish,), efforts=(Effort("time", 40.0, "viele Rückfragen"),))
    growing.put("reply.xlsx", growing.filled(order, told))
    before = hashes(growing.root, "inbox")
    (made, _) = run(growing).plans
    assert hashes(growing.root, "inbox") == before
    plan = read_plan(growing, made.path)
    assert (plan.account, plan.period, plan.account_name) == ("ALPHA", PERIOD, "Alpha Werke")
    assert (plan.workspace, plan.language, plan.as_of) == ("ws-test", "de", NOW.date())
    assert [contact.name for contact in plan.contacts] == ["Ada Beispiel", "Bo Muster"]
    assert [(f.id, f.revenue_now) for f in plan.fields] == [("pumps", 900.0), ("valves", 100.0)]
    asked = [(r.segment, r.id, r.weight, r.customer) for r in plan.ratings]
    assert asked == [
        ("pumps", "q", 50.0, 80.0),
        ("pumps", "t", 30.0, 60.0),
        ("pumps", "p", 20.0, 40.0),
        ("valves", "q", None, None),
        ("valves", "t", None, None),
        ("valves", "p", None, None),
    ]
    assert [(w.who, w.issue, w.remedy, w.importance) for w in plan.wishes] == [
        ("Ada Beispiel", "Zu spät", "Früher melden", 80.0)
    ]
    said = {a.id: a.answer for a in plan.discovery}
    assert "40" in said["time"]
    assert "viele Rückfragen" in said["time"]


@pytest.mark.proof
def test_a_plan_speaks_the_teams_language(growing):
    """GAMMA is asked in English; the plan is for its manager."""
    run(growing)
    assert read_plan(growing, "plans/GAMMA--2026-H1.xlsx").language == "de"


def worked_on(plan):
    """What a manager left behind at the end of a period."""
    actions = (
        Action("A1", "Termin machen", due=date(2026, 5, 1), owner="Anna"),
        Action("A2", "Erledigt", state=ActionState.DONE),
    )
    ideas = (Idea("N1", "Lager teilen"), Idea("N2", "Verworfen", state=IdeaState.DROPPED))
    contacts = tuple(replace(c, rhythm="monthly", counterpart="Anna") for c in plan.contacts)
    economics = (Economic("E1", EconomicKind.COST, "Energie", 20.0),)
    fields = tuple(replace(f, approach="Wartung anbieten") for f in plan.fields)
    return replace(plan, actions=actions, ideas=ideas, contacts=contacts, economics=economics,
                   fields=fields)  # fmt: skip


@pytest.mark.proof
def test_a_new_period_begins_with_the_earlier_plan(growing):
    run(growing, planned=())
    old = growing.keep("Alpha im Frühjahr.xlsx", growing.plan(edit=worked_on))
    growing.put("reply.xlsx", growing.filled(growing.order()))
    before = old.read_bytes()
    (made,) = run(growing, "ALPHA", period=LATER).plans
    assert (made.path, made.state, made.findings) == (f"plans/ALPHA--{LATER}.xlsx", "new", ())
    plan = read_plan(growing, made.path)
    assert plan.period == LATER
    assert [action.text for action in plan.actions] == ["Termin machen"]
    assert [idea.idea for idea in plan.ideas] == ["Lager teilen"]
    assert plan.contacts[0].rhythm == "monthly"
    assert plan.economics[0].item == "Energie"
    assert (plan.fields[0].approach, plan.fields[0].revenue_last) == ("Wartung anbieten", 900.0)
    assert plan.ratings[0].customer == 80.0  # the answers of the period before
    assert old.read_bytes() == before


@pytest.mark.proof
def test_the_latest_of_the_earlier_plans_is_carried_over(growing):
    def saying(text):
        return lambda plan: replace(plan, actions=(Action("A1", text),))

    for period in ("2025-H2", "2026-H1", "2028-H1"):
        growing.keep(f"{period}.xlsx", growing.plan("ALPHA", period, saying(period)))
    (made,) = run(growing, "ALPHA", period=LATER).plans
    assert [a.text for a in read_plan(growing, made.path).actions] == ["2026-H1"]


@pytest.mark.proof
def test_a_wish_that_is_still_worked_on_is_not_forgotten(growing):
    run(growing, planned=())
    order = growing.order()
    told = replace(answers_to(order), wishes=(Wish("wish1", "Zu spät", "", 80.0),))
    growing.put("reply.xlsx", growing.filled(order, told))

    def answered(plan):
        return replace(plan, actions=(Action("A1", "Anrufen", wish=plan.wishes[0].id),))

    growing.keep("plan.xlsx", growing.plan(edit=answered))
    run(growing, period=LATER, planned=())
    later = growing.order(period=LATER)
    growing.put("later.xlsx", growing.filled(later))  # no wish any more
    (made,) = run(growing, "ALPHA", period=LATER).plans
    plan = read_plan(growing, made.path)
    assert [wish.issue for wish in plan.wishes] == ["Zu spät"]
    assert plan.actions[0].wish == plan.wishes[0].id


@pytest.mark.proof
def test_what_could_not_be_read_of_the_earlier_plan_is_said(growing):
    def vague(workbook):
        cells = (cell for sheet in workbook for row in sheet.iter_rows() for cell in row)
        next(cell for cell in cells if cell.value == 900).value = "ca. 900"

    growing.keep("old.xlsx", edited(growing.plan(), vague))
    (made,) = run(growing, "ALPHA", period=LATER).plans
    assert (made.state, problems(run(growing, "ALPHA", period="2027-H2"))) == ("new", [])
    assert [found.code for found in made.findings] == ["plan-carried-partly"]


@pytest.mark.proof
def test_words_about_plans(growing):
    first, second = run(growing), run(growing)
    assert "Kundenpläne für 2026-H1 in plans: 2 neu." in issue_lines(first)
    assert "Kundenpläne für 2026-H1 in plans: 2 liegen schon vor." in issue_lines(second)
    spoken = replace(second, language="en", plans=second.plans[:1])
    assert "Account plans for 2026-H1 in plans: 1 exists already." in issue_lines(spoken)


def test_the_register_read_is_the_register_drawn(growing):
    """The helper that puts accounts on the focus list does what it says."""
    content = drawn_register(focused("GAMMA", "ALPHA"))
    assert (growing.root / "Register.xlsx").read_bytes() == content
