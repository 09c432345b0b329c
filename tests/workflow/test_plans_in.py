"""Account plans come back as scorecards do: every file once, found by its mark, never changed."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kamxl.core.finding import Fate, Severity, finding
from kamxl.core.method.programmes import Action, Effect, ProgrammeState
from kamxl.core.records.plan import AccountPlan, Lever, PlanFunction, PlanProgramme, Returns
from kamxl.core.records.register import FileResult, Register, Settings
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.check import check
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.incoming.plans import without_own_functions
from kamxl.workflow.results import counts
from kamxl.workflow.start.register import read_register
from tests.workflow.making import (
    NOW,
    codes,
    edited,
    hashes,
    new_team,
    put_in,
    register_bytes,
)

DAY = timedelta(days=1)
VISIT, FIELDS = (texts("de")(f"plan.{key}") for key in ("visit.sheet", "fields.title"))


def filled(plan):
    """What a manager may add."""
    effect = Effect(2026, 1000.0, 300.0, None, 500.0)
    return replace(
        plan,
        indicators=tuple(replace(i, met=i.level <= 2) for i in plan.indicators),
        contacts=tuple(replace(c, rhythm="monthly", counterpart="Anna") for c in plan.contacts),
        ratings=tuple(replace(r, rating=90.0) for r in plan.ratings),
        levers=(Lever("V1", "Weniger Stillstand", amount=50.0, agreed=True),),
        returns=Returns(100.0, 900.0, 800.0, 1000.0, 850.0, 5.0),
        programmes=(PlanProgramme("P1", "Lager", ProgrammeState.RUNNING, 50.0, None, (effect,)),),
        actions=(Action("A1", "Anrufen", "P1", due=date(2026, 4, 1)),),
    )


def one(team, name, folder="plans") -> FileResult:
    register = read_register(team.workspace).register
    files = take_in(team.workspace, register=register).files
    (found,) = [f for f in files if f.path == f"{folder}/{name}"]
    return found


def kept(team, data, name="plan.xlsx") -> FileResult:
    team.keep(name, data)
    return one(team, name)


def plans_of(team):
    return take_in(team.workspace).plans


def rewritten(data, old, new):
    """Somebody types ``new`` over every cell that holds ``old``."""

    def edit(workbook):
        cells = [c for sheet in workbook for row in sheet.iter_rows() for c in row]
        found = [c for c in cells if c.value == old]
        assert found
        for cell in found:
            cell.value = new

    return edited(data, edit)


def mark_of_plan(account="ALPHA", workspace="ws-test", period="2026-H1"):
    return f"kxp1|{workspace}|{account}|{period}"


def test_a_function_of_a_plan_s_own_is_no_news_in_the_register():
    said = [finding("function-unknown", sheet="S", cell=f"H{n}", value=one)
            for n, one in enumerate(("Abteilung 7", "abteilung  8", "Neue Produkte"))]  # fmt: skip
    register = Register(Settings("", "de", ""), (), (), (), (), (), findings=tuple(said))
    plan = AccountPlan("w", "ALPHA", "2026-H1", "de", functions=(
        PlanFunction("fn1", False, "Abteilung 8"), PlanFunction("fn2", False, "neue Produkte"),
    ))  # fmt: skip
    assert without_own_functions(register, [plan]).findings == (said[0],)
    assert without_own_functions(register, []).findings == tuple(said)


# --- whose plan it is ----------------------------------------------------------------------------


@pytest.mark.proof
def test_a_plan_is_read_as_it_was_filled_in(team):
    found = kept(team, team.plan(edit=filled), "sub/anything.XLSX")
    assert (found.kind, found.fate, codes(found)) == ("plan", Fate.ACCEPTED, set())
    assert (found.account, found.period) == ("ALPHA", "2026-H1")
    assert (found.segment, found.respondent, found.answers) == (None, None, None)
    (plan,) = plans_of(team)
    assert [p.expected[0].profit for p in plan.programmes] == [150.0]
    assert {r.rating for r in plan.ratings} == {90.0}
    assert plan.agreed_value == 50.0


@pytest.mark.proof
def test_a_plan_as_it_was_made_is_accepted_too(team):
    found = kept(team, team.plan())
    assert (found.fate, codes(found)) == (Fate.ACCEPTED, set())


@pytest.mark.proof
def test_a_mistake_is_a_finding_with_its_cell_and_costs_only_its_value(team):
    found = kept(team, rewritten(team.plan(edit=filled), 900.0, "ca. 900"))
    assert found.fate is Fate.PROVISIONAL
    assert {f.code for f in found.findings} == {"number-text"}
    places = {f.sheet for f in found.findings}
    assert FIELDS in places
    assert all(f.cell and f.value == "ca. 900" for f in found.findings)
    (plan,) = plans_of(team)
    assert [(f.id, f.revenue_now) for f in plan.fields] == [("pumps", None), ("valves", 100.0)]


@pytest.mark.proof
def test_a_foreign_plan(team):
    data = rewritten(team.plan(), mark_of_plan(), mark_of_plan(workspace="ws-other"))
    found = kept(team, data)
    assert (found.fate, found.account) == (Fate.ATTENTION, "ALPHA")
    assert "mark-foreign" in codes(found)
    assert plans_of(team) == ()
    assert "Kundenplan" in texts("de").sentence(found.findings[0])


@pytest.mark.proof
def test_a_plan_that_does_not_say_whose_it_is(team):
    found = kept(team, rewritten(team.plan(), mark_of_plan(), None))
    assert (found.kind, found.fate, codes(found)) == ("plan", Fate.ATTENTION, {"mark-missing"})
    assert "Kundenplan" in texts("de").sentence(found.findings[0])
    assert plans_of(team) == ()


@pytest.mark.proof
def test_a_plan_that_says_two_things(team):
    def add(workbook):
        workbook.create_sheet("Kopie")["A1"] = mark_of_plan("BETA")

    found = kept(team, edited(team.plan(), add))
    assert (found.kind, found.fate, codes(found)) == ("plan", Fate.ATTENTION, {"several-cards"})
    assert "Kundenpläne" in texts("de").sentence(found.findings[0])


@pytest.mark.proof
def test_a_plan_of_an_account_that_is_gone(team):
    data = rewritten(team.plan(), mark_of_plan(), mark_of_plan("OMEGA"))
    found = kept(team, data)
    assert "account-not-in-register" in codes(found)
    assert found.account == "OMEGA"
    result = consolidate(team.root, now=NOW)
    assert "account-not-in-register" in {f.code for f in result.findings}


@pytest.mark.proof
def test_a_missing_sheet_is_said_in_the_words_of_a_plan(team):
    def tear(workbook):
        del workbook[FIELDS]

    found = kept(team, edited(team.plan(edit=filled), tear))
    assert (found.fate, codes(found)) == (Fate.PROVISIONAL, {"sheet-missing"})
    assert "kamxl issue" in texts("de").sentence(found.findings[0])


# --- the wrong folder ----------------------------------------------------------------------------


def test_an_answer_among_the_plans_waits_to_be_moved(team):
    data = team.filled(team.order())
    found = kept(team, data)
    assert (found.kind, found.fate, codes(found)) == ("scorecard", Fate.ATTENTION, {"wrong-folder"})
    assert found.findings[0].severity is Severity.ERROR
    assert take_in(team.workspace).replies == ()
    assert "inbox" in texts("en").sentence(found.findings[0])
    team.put("there.xlsx", data)  # moved by copying it: then it is a copy, and nobody's worry
    copy = one(team, "plan.xlsx")
    assert (copy.fate, codes(copy)) == (Fate.IGNORED, {"duplicate-file"})
    assert dict(copy.findings[0].details) == {"of": "inbox/there.xlsx"}
    assert len(take_in(team.workspace).replies) == 1


@pytest.mark.proof
def test_a_plan_among_the_answers_waits_to_be_moved(team):
    data = team.plan(edit=filled)
    team.put("plan.xlsx", data)
    found = one(team, "plan.xlsx", "inbox")
    assert (found.kind, found.fate, codes(found)) == ("plan", Fate.ATTENTION, {"wrong-folder"})
    assert plans_of(team) == ()
    assert "plans" in texts("en").sentence(found.findings[0])
    team.keep("there.xlsx", data)
    copy = one(team, "plan.xlsx", "inbox")
    assert (copy.fate, codes(copy)) == (Fate.IGNORED, {"duplicate-file"})
    assert len(plans_of(team)) == 1


@pytest.mark.proof
def test_copies_of_the_teams_own_books_are_left_alone_in_both_folders(team):
    consolidate(team.root, now=NOW)
    books = {
        "Register.xlsx": register_bytes(),
        "Portfolio.xlsx": (team.root / "Portfolio.xlsx").read_bytes(),
    }
    for name, data in books.items():
        for put, folder, what in (
            (team.put, "inbox", "keine Antwort"),
            (team.keep, "plans", "kein Kundenplan"),
        ):
            put(name, data)
            found = one(team, name, folder)
            assert (found.fate, codes(found)) == (Fate.IGNORED, {"wrong-folder"})
            assert what in texts("de").sentence(found.findings[0])


@pytest.mark.proof
def test_a_card_pasted_into_a_plan_is_not_lost_silently(team):
    from kamxl.workflow.cards import mark_of

    text = mark_of(team.workspace, team.order()).text

    def paste(workbook):
        workbook.create_sheet("Scorecard")["A1"] = text

    found = kept(team, edited(team.plan(), paste))
    assert (found.kind, found.fate, codes(found)) == ("plan", Fate.ACCEPTED, {"card-in-plan"})


@pytest.mark.parametrize(
    ("name", "data", "code", "fate"),
    [
        ("photo.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "unreadable", Fate.ATTENTION),
        ("empty.xlsx", b"", "unreadable", Fate.ATTENTION),
        ("~$plan.xlsx", b"x", "owner-file", Fate.IGNORED),
        ("notes.txt", b"call him", "not-a-workbook", Fate.IGNORED),
        ("big.xlsx", b"x" * (10 * 1024 * 1024 + 1), "too-large", Fate.ATTENTION),
    ],
)
def test_other_files_among_the_plans(team, name, data, code, fate):
    found = kept(team, data, name)
    assert (found.fate, codes(found)) == (fate, {code})


# --- several plans of one account ----------------------------------------------------------------


@pytest.mark.proof
def test_of_two_plans_the_one_saved_later_counts(team):
    team.keep("z-old.xlsx", team.plan(), NOW - 3 * DAY)
    team.keep("a-new.xlsx", team.plan(edit=filled), NOW)
    team.keep("next.xlsx", team.plan(period="2026-H2"), NOW - 9 * DAY)
    team.keep("other.xlsx", team.plan("BETA"), NOW - 9 * DAY)
    old = one(team, "z-old.xlsx")
    assert (old.fate, codes(old)) == (Fate.SUPERSEDED, {"superseded"})
    assert dict(old.findings[0].details)["by"] == "plans/a-new.xlsx"
    assert "Plan" in texts("de").sentence(old.findings[0])
    for name in ("a-new.xlsx", "next.xlsx", "other.xlsx"):
        found = one(team, name)
        assert (found.fate, codes(found)) == (Fate.ACCEPTED, set())
    plans = {(p.account, p.period): len(p.programmes) for p in plans_of(team)}
    assert plans == {("ALPHA", "2026-H1"): 1, ("ALPHA", "2026-H2"): 0, ("BETA", "2026-H1"): 0}


@pytest.mark.proof
def test_the_time_inside_a_plan_is_stronger_than_the_time_of_the_file(team):
    team.keep("edited.xlsx", edited(team.plan(edit=filled), lambda _: None), NOW - 900 * DAY)
    team.keep("copied later.xlsx", team.plan(), NOW)
    assert one(team, "edited.xlsx").fate is Fate.ACCEPTED
    assert one(team, "copied later.xlsx").fate is Fate.SUPERSEDED


@pytest.mark.proof
def test_a_foreign_plan_supersedes_nothing(team):
    team.keep("mine.xlsx", team.plan(), NOW - DAY)
    foreign = rewritten(team.plan(), mark_of_plan(), mark_of_plan(workspace="ws-other"))
    team.keep("theirs.xlsx", foreign, NOW)
    assert one(team, "mine.xlsx").fate is Fate.ACCEPTED


# --- everything together -------------------------------------------------------------------------


def mixed(team):
    data = team.plan(edit=filled)
    team.keep("ALPHA--2026-H1.xlsx", data, NOW)
    team.keep("copy/ALPHA.xlsx", data, NOW)
    team.keep("older.xlsx", team.plan(), NOW - DAY)
    team.keep("astray.xlsx", team.filled(team.order(respondent="c2")))
    team.keep("~$ALPHA--2026-H1.xlsx", b"x")
    team.keep("broken.xlsx", b"PK\x03\x04")
    team.put("good.xlsx", team.filled(team.order()))
    team.put("plan.xlsx", team.plan("BETA"))
    team.put("notes.ini", b"x")


@pytest.mark.proof
def test_counts_add_up_over_both_folders_and_nothing_changes(team):
    mixed(team)
    owned = ("inbox", "plans", "Register.xlsx", ".kamxl", "outbox")
    before = hashes(team.root, *owned)
    files = consolidate(team.root, now=NOW).files
    there = sorted(n for n in before if n.startswith(("inbox/", "plans/")))
    assert sorted(f.path for f in files) == there
    by = counts(files)
    assert by == {
        "files": 9,
        "accepted": 2,
        "provisional": 0,
        "attention": 3,
        "superseded": 1,
        "ignored": 3,
    }
    assert put_in(hashes(team.root, *owned)) == before


@pytest.mark.proof
def test_the_result_depends_on_no_executor(team):
    mixed(team)
    alone = take_in(team.workspace)
    assert len(alone.plans) == 1
    with ProcessPoolExecutor(2) as pool:
        assert take_in(team.workspace, pool) == alone


@pytest.mark.proof
def test_progress_counts_both_folders(team):
    mixed(team)
    seen = []
    files = take_in(team.workspace, progress=lambda done, total: seen.append((done, total))).files
    assert seen[-1] == (len(files), len(files)) == (9, 9)
    assert seen == sorted(seen)


@pytest.mark.proof
def test_the_portfolio_knows_the_plan(team):
    team.put("good.xlsx", team.filled(team.order()))
    team.keep("plan.xlsx", team.plan(edit=filled))
    result = consolidate(team.root, now=NOW)
    alpha, beta, _ = result.portfolio.accounts
    standing = alpha.standing
    assert standing.programmes.active == 1
    assert standing.ladder.status.id == "regular"
    assert [action.text for action in standing.overdue] == ["Anrufen"]  # due in April, now is May
    assert standing.position.customer_return == 50.0
    assert [(row.ours, row.theirs) for found in standing.views for row in found.perception] == [
        (90.0, 80.0),
        (90.0, 60.0),
        (90.0, 40.0),
    ]
    assert beta.standing.plan is None


@pytest.mark.proof
def test_an_earlier_plan_is_shown_where_there_is_none(team):
    team.keep("plan.xlsx", team.plan(edit=filled))
    team.keep("much later.xlsx", team.plan(period="2031"))
    alpha, *_ = consolidate(team.root, period="2026-H2", now=NOW).portfolio.accounts
    assert alpha.standing.plan_earlier
    assert alpha.standing.plan.period == "2026-H1"


# --- check ---------------------------------------------------------------------------------------


@pytest.mark.proof
def test_check_knows_plans(team, tmp_path):
    path = tmp_path / "plan.xlsx"
    path.write_bytes(rewritten(team.plan(edit=filled), 900.0, "ca. 900"))
    for root in (team.root, None):
        (found,) = check([path], root).files
        assert (found.kind, found.fate) == ("plan", Fate.PROVISIONAL)
        assert (found.account, found.period) == ("ALPHA", "2026-H1")
        assert codes(found) == {"number-text"}


@pytest.mark.proof
def test_check_of_another_teams_plan(team, tmp_path):
    other = new_team(tmp_path / "other")
    path = tmp_path / "plan.xlsx"
    path.write_bytes(rewritten(other.plan(), mark_of_plan(), mark_of_plan(workspace="ws-else")))
    (alone,) = check([path]).files
    assert (alone.fate, codes(alone)) == (Fate.ACCEPTED, set())
    (known,) = check([path], team.root).files
    assert (known.fate, codes(known)) == (Fate.ATTENTION, {"mark-foreign"})
