"""Account briefs: written into briefs/, whatever can print; and what the customer may have."""

from __future__ import annotations

import contextlib
import io
import json
import re
from dataclasses import replace
from datetime import date
from html import unescape

import pytest

from kamxl.cli.main import main as cli
from kamxl.core.cards.internal import SHARED
from kamxl.core.finding import Fate
from kamxl.core.method.programmes import ProgrammeState
from kamxl.core.portfolio.handout import Handout, handout_of, orders_of
from kamxl.core.records.page import PageStatement
from kamxl.core.records.register import Account
from kamxl.errors import KamxlError
from kamxl.forms.portfolio.handout import handout_page
from kamxl.report import printing
from kamxl.report.html import render_page
from kamxl.store import memory
from kamxl.workflow.forgetting.forget import forget
from kamxl.workflow.guard.check_leaks import check_leaks
from kamxl.workflow.guard.proving import WayOut
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.briefing import account_among, brief
from kamxl.workflow.shown.briefing import brief_lines
from kamxl.workflow.start.register import read_register
from tests.workflow.canaries import Cage
from tests.workflow.making import NOW, PERIOD, Team, drawn_register, hashes, register
from tests.workflow.test_leak_canaries import canary_plan
from tests.workflow.test_replying import ADA, DOING, GAP, INTERN, WISH, answer, written

PAGE, HERS = "briefs/ALPHA--2026-H1.html", "briefs/ALPHA--2026-H1.external.html"
UNDERSTOOD = "Sie wollen weniger Lager"


@pytest.fixture
def answered(team: Team, few_rows: None) -> Team:
    answer(team, "ada.xlsx", *ADA, wishes=(WISH,))
    answer(team, "bo.xlsx", "ALPHA", "pumps", "c2")
    team.keep("alpha.xlsx", team.plan("ALPHA", edit=written))
    return team


def read(team: Team, path: str) -> str:
    return unescape((team.root / path).read_text(encoding="utf-8"))


def test_the_page_has_the_portfolios_figures_and_touches_nothing_else(answered: Team) -> None:
    whole = consolidate(answered.root, now=NOW)
    (account,) = [one for one in whole.portfolio.accounts if one.id == "ALPHA"]
    before = hashes(answered.root, ".")
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli(["-C", str(answered.root), "brief", "alpha", "--no-pdf", "--json"]) == 0
    told = json.loads(out.getvalue())
    after = hashes(answered.root, ".")
    assert set(after) - set(before) == {PAGE}
    assert all(after[path] == before[path] for path in before)
    assert (told["page"], told["pdf"], told["without_pdf"]) == (PAGE, None, "unasked")
    said, page = told["brief"], read(answered, PAGE)
    assert (said["total"], said["coverage"]) == (account.total, account.coverage)
    assert said["lead"] == account.lead.points
    assert said["basis"]["weights"] == account.lead.basis.weights
    assert [one["issue"] for one in said["wishes"]] == [WISH.issue]
    assert {one["name"] for one in said["people"]} >= {"Ada Beispiel"}
    assert WISH.issue in page
    assert INTERN in page  # it is the team's
    made = []
    for _ in range(2):
        brief(answered.root, "ALPHA", pdf=False, now=NOW)
        made.append((answered.root / PAGE).read_bytes())
    assert made[0] == made[1]


def test_an_account_that_there_is_not_and_one_of_a_row(answered: Team) -> None:
    with pytest.raises(KamxlError, match="NOPE"):
        brief(answered.root, "NOPE", pdf=False, now=NOW)
    assert account_among(answered.root, ["", "x", "gamma"]) == "GAMMA"
    assert account_among(answered.root, ["x"]) is None


def test_what_she_may_have_says_what_was_written_for_all_of_hers(answered: Team) -> None:
    result = brief(answered.root, "ALPHA", external=True, pdf=False, now=NOW)
    assert result.page == HERS
    page = read(answered, HERS)
    assert GAP in page
    assert UNDERSTOOD in page
    # what one of them wished, and what answers it, is not another one's to read
    for word in (INTERN, "Geheim", DOING, WISH.issue, WISH.remedy, "Wozu?"):
        assert word not in page, word
    assert not re.search(r"\b60\b", re.sub("<style>.*?</style>", "", page, flags=re.DOTALL))
    (judged,) = check_leaks([answered.root / HERS], answered.root).files
    assert (judged.fate, judged.findings, judged.account) == (Fate.ACCEPTED, (), "ALPHA")
    page = (answered.root / HERS).read_text(encoding="utf-8").replace(GAP, INTERN)
    (answered.root / HERS).write_text(page, encoding="utf-8")
    (judged,) = check_leaks([answered.root / HERS], answered.root).files
    assert judged.fate is Fate.ATTENTION
    answered.put("GAMMA--2026-H1.external.pdf", b"%PDF of what was once for her", folder="briefs")
    nothing = brief(answered.root, "GAMMA", external=True, now=NOW)
    assert not (answered.root / "briefs/GAMMA--2026-H1.external.pdf").exists()
    assert nothing.page is None
    assert "grüne" in brief_lines(nothing)[0] or "green" in brief_lines(nothing)[0]


def test_another_customers_name_in_it_holds_it_back(answered: Team) -> None:
    (name,) = (one.name for one in register().accounts if one.id == "GAMMA")

    def named(plan):
        made = written(plan)
        (first, *rest) = made.actions
        return replace(made, actions=(replace(first, share=f"Wie bei {name}"), *rest))

    answered.keep("alpha.xlsx", answered.plan("ALPHA", edit=named))
    result = brief(answered.root, "ALPHA", external=True, pdf=False, now=NOW)
    assert result.page is None
    assert [found.code for found in result.findings] == ["other-customer"]
    assert result.attention
    assert not (answered.root / "briefs").exists()


def test_no_canary_of_a_plan_is_in_it_and_the_proof_sees_each(answered: Team) -> None:
    """Every text of a plan is planted; those not written for her are in no page, by its type."""
    cage = Cage()
    plan = canary_plan(cage)
    running = replace(plan.programmes[0], state=ProgrammeState.RUNNING)
    action = replace(plan.actions[0], requirement="t", segment="", wish="")
    lever = replace(plan.levers[0], asks="")
    plan = replace(plan, programmes=(running,), actions=(action,), levers=(lever,))
    issued = memory.load(answered.workspace).orders
    cards = orders_of("ALPHA", PERIOD, "de", issued.values())
    hers = tuple(d for d, order in issued.items() if order in cards)
    made = handout_of(Account("ALPHA", "Alpha"), "Wir", PERIOD, "de", plan, cards)
    page = render_page(handout_page(made, hers))
    said = unescape(page.decode())
    shared = {cage.texts[field] for field in SHARED if field[0] != "PlanWish"}
    owners = {text for (_, name), text in cage.texts.items() if name.endswith("owner")}
    for field, text in cage.texts.items():
        assert (text in said) <= (text in shared | owners), field
    assert shared - {text for text in shared if text in said} == set()
    way_out = WayOut(answered.workspace, read_register(answered.workspace).register, issued)
    assert way_out.of_handout(made, "ALPHA", plan, hers, page) == ()
    secret = cage.texts["DiscoveryAnswer", "answer"]
    for wrong in (
        replace(made, statements=(PageStatement(plan.discovery[0].id, secret),)),
        replace(made, rows=(replace(made.rows[0], doing=secret),)),
        replace(made, benefits=(replace(made.benefits[0], baseline=61.8),)),
        replace(made, programmes=(replace(made.programmes[0], step=secret),)),
    ):
        data = render_page(handout_page(wrong, hers))
        (found,) = way_out.of_handout(wrong, "ALPHA", plan, hers, data)
        assert found.code == "leak-unproven"
    (found,) = way_out.of_handout(made, "ALPHA", plan, hers, page.replace(b"</main>", b"x</main>"))
    assert dict(found.details)["part"] == "page"
    assert Handout("a", "b", "2026", "de").empty
    due = replace(made, rows=(replace(made.rows[0], due=date(2026, 5, 31)),))
    assert [due.past(date(2026, 5, 31)), due.past(date(2026, 6, 1))] == [0, 1]


def test_without_a_browser_or_with_one_that_fails_the_page_stands(
    answered: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered.put("ALPHA--2026-H1.pdf", b"%PDF of yesterday", folder="briefs")
    for found, why in ((None, "missing"), ("/bin/false", "failed")):
        monkeypatch.setattr(printing, "browser", lambda found=found: found)
        result = brief(answered.root, "ALPHA", language="en", now=NOW)
        assert (result.page, result.pdf, result.without) == (PAGE, None, why)
        assert "There is no PDF" in brief_lines(result)[1]
        assert not (answered.root / "briefs/ALPHA--2026-H1.pdf").exists()


@pytest.mark.proof
@pytest.mark.skipif(printing.browser() is None, reason="no browser is installed here")
def test_its_pdf_is_one_page_and_the_same_each_time(answered: Team) -> None:
    made = []
    for _ in range(2):
        result = brief(answered.root, "ALPHA", now=NOW)
        assert result.pdf == "briefs/ALPHA--2026-H1.pdf"
        made.append((answered.root / result.pdf).read_bytes())
    assert printing.pages_of(made[0]) == 1
    assert made[0] == made[1]


def test_who_is_forgotten_is_in_no_brief(answered: Team) -> None:
    brief(answered.root, "ALPHA", pdf=False, now=NOW)
    answered.put("ALPHA--2026-H1.pdf", b"%PDF", folder="briefs")
    answered.put("GAMMA--2026-H1.html", b"Ada Beispiel", folder="briefs")
    answered.put("BETA--2026-H1.html", b"nobody", folder="briefs")
    held = register()
    made = replace(held, contacts=held.contacts[1:])
    (answered.root / "Register.xlsx").write_bytes(drawn_register(made))
    gone = forget(answered.root, "ALPHA/c1", agree=lambda _: True, now=NOW)
    left = [path.name for path in sorted((answered.root / "briefs").iterdir())]
    assert left == ["BETA--2026-H1.html"]
    assert "briefs/ALPHA--2026-H1.pdf" in gone.files


def test_the_brief_is_made_of_what_consolidating_would_make(answered: Team) -> None:
    """One reading of the workspace, not a second one: the portfolio is the same record."""
    from kamxl.workflow.incoming.consolidate import put_together

    held = read_register(answered.workspace).register
    intake = take_in(answered.workspace, now=NOW, register=held)
    own = put_together(answered.workspace, held, PERIOD, intake, NOW)
    whole = consolidate(answered.root, now=NOW).portfolio
    assert own.accounts == whole.accounts
    assert own.chase == whole.chase
