"""Profile first: weights and what is good are asked by a workbook of their own, which has a fate of
its own beside the card of the same period, and gives no verdict."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import SMTP

import pytest

from kamxl.core.cards.own import undecided
from kamxl.core.finding import Fate
from kamxl.core.records.page import Asks, Step
from kamxl.core.records.register import LastAnswer, Requirement, Scorecard
from kamxl.core.roles import Source
from kamxl.forms.portfolio.news import unknowns
from kamxl.store import memory
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.answering import cards_of
from kamxl.workflow.incoming.consolidate import consolidate
from kamxl.workflow.incoming.intake import take_in
from kamxl.workflow.outgoing.issue import issue
from kamxl.workflow.outgoing.writing import remind
from kamxl.workflow.start.register import read_register
from tests.workflow.making import NOW, PERIOD, answers_to, codes, hashes, new_team, register

LATER = datetime(2026, 5, 20, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A workspace whose profiles went out, and nothing else."""
    team = new_team(tmp_path_factory.mktemp("profile") / "w")
    issue(team.root, accounts=["ALPHA"], profile=True, now=NOW)
    return team


@pytest.fixture
def team(asked, tmp_path):
    import shutil

    shutil.copytree(asked.root, tmp_path / "w")
    return replace(asked, root=tmp_path / "w")


def profile(team, respondent="c1"):
    return team.order("ALPHA", "pumps", respondent, asks=Asks.PROFILE)


def answer(team, name, order, saved=NOW, **said):
    team.put(name, team.filled(order, answers_to(order, **said)), saved)


def taken(team):
    intake = take_in(team.workspace, now=LATER)
    return {file.path.rpartition("/")[2]: file for file in intake.files}, intake.replies


def test_a_profile_has_a_path_a_key_and_words_of_its_own(team):
    order = profile(team)
    path = team.root / f"outbox/{PERIOD}/ALPHA--pumps--c1+profile.xlsx"
    assert path.is_file()
    assert order.suppliers == ()
    assert order.competitors == ()
    mail = (path.parent / "ALPHA--c1.eml").read_bytes()
    assert b"f=C3=BCnfzehn" in mail
    assert b"+profile.xlsx" in mail or b"profile" in mail


def test_again_nothing_changes_and_a_card_is_one_more_file(team):
    before = hashes(team.root, "outbox", ".kamxl")
    again = issue(team.root, accounts=["ALPHA"], profile=True, now=NOW)
    assert {card.state for card in again.issued} == {"unchanged"}
    assert hashes(team.root, "outbox", ".kamxl") == before
    cards = issue(team.root, accounts=["ALPHA"], now=NOW)
    assert {card.state for card in cards.issued} == {"new"}
    after = hashes(team.root, "outbox")
    unlike = {name for name in before if name in after and after[name] != before[name]}
    assert not any(name.endswith((".eml", "+profile.xlsx")) for name in unlike), unlike


def test_a_whole_profile_is_accepted_and_knows_the_requirements_without_a_verdict(team):
    answer(team, "ada.xlsx", profile(team))
    files, (reply,) = taken(team)
    assert files["ada.xlsx"].fate is Fate.ACCEPTED
    assert not files["ada.xlsx"].findings
    assert reply.profile_only
    result = consolidate(team.root, now=LATER)
    (alpha,) = [a for a in result.portfolio.accounts if a.id == "ALPHA"]
    (pumps,) = [s for s in alpha.segments if s.id == "pumps"]
    assert pumps.total is None
    assert pumps.lead.verdict is None
    assert not pumps.gaps
    assert [r.weight for r in pumps.profile.requirements] == [50, 30, 20]
    assert alpha.standing.position.profiles


def test_a_profile_that_misses_weights_is_provisional_and_says_nothing_of_points(team):
    answer(team, "ada.xlsx", profile(team), weights=(50.0, 30.0, None))
    file = taken(team)[0]["ada.xlsx"]
    assert file.fate is Fate.PROVISIONAL
    assert codes(file) == {"weight-missing", "weights-sum"}


def test_a_card_on_which_she_weighs_takes_the_place_of_her_profile(team):
    answer(team, "profile.xlsx", profile(team))
    issue(team.root, accounts=["ALPHA"], now=LATER)
    answer(team, "card.xlsx", team.order(), LATER, weights=(40.0, 40.0, 20.0))
    files, (reply,) = taken(team)
    assert reply.source.endswith("card.xlsx")
    assert files["profile.xlsx"].fate is Fate.SUPERSEDED
    assert codes(files["profile.xlsx"]) == {"profile-in-card"}


def test_what_she_wrote_on_her_profile_stays_beside_her_card(team):
    order = profile(team)
    given = answers_to(order)
    own = Requirement("own1", "Rücknahme", 0.0)
    said = replace(
        given, good={"q": "höchstens 2 %", "t": "zwei Tage", "own1": "gratis"},
        steps=(Step("Angebot nachreichen"),),
        scorecard=Scorecard((*given.scorecard.requirements, own), {}),
    )  # fmt: skip
    team.put("profile.xlsx", team.filled(order, said))
    issue(team.root, accounts=["ALPHA"], now=LATER)
    card = answers_to(team.order(), weights=(40.0, 40.0, 20.0))
    typed = replace(card, good={"t": "am Tag selbst"})
    team.put("card.xlsx", team.filled(team.order(), typed), LATER)
    files, (reply,) = taken(team)
    assert reply.answers.good == {"q": "höchstens 2 %", "t": "am Tag selbst"}
    assert reply.answers.steps == (Step("Angebot nachreichen"),)
    assert reply.answers.scorecard == files["card.xlsx"].answers.scorecard
    assert files["card.xlsx"].answers.good == {"t": "am Tag selbst"}
    assert [one.label for one in undecided(files.values(), ())] == ["Rücknahme"]
    newer = answers_to(order, weights=(50.0, 50.0, 0.0))
    team.put("newer.xlsx", team.filled(order, newer), LATER)
    assert undecided(taken(team)[0].values(), ()) == ()  # she took it back herself


def test_a_card_of_a_colleague_or_without_weights_leaves_the_profile(team):
    answer(team, "profile.xlsx", profile(team))
    issue(team.root, accounts=["ALPHA"], now=LATER)
    answer(team, "colleague.xlsx", team.order("ALPHA", "pumps", "c2"), LATER)
    answer(team, "card.xlsx", team.order(), LATER, weights=(None, None, None))
    files, replies = taken(team)
    assert files["profile.xlsx"].fate is Fate.ACCEPTED
    assert len(replies) == 3


def test_who_weighs_on_a_profile_and_rates_on_a_card_is_one_rater(team):
    answer(team, "profile.xlsx", profile(team))
    issue(team.root, accounts=["ALPHA"], now=LATER)
    answer(team, "card.xlsx", team.order(), LATER, weights=(None, None, None))
    answer(team, "colleague.xlsx", team.order("ALPHA", "pumps", "c2"), LATER)
    (alpha,) = [a for a in consolidate(team.root, now=LATER).portfolio.accounts if a.id == "ALPHA"]
    (pumps,) = [s for s in alpha.segments if s.id == "pumps"]
    assert len(pumps.replies) == 3
    assert (pumps.respondents, alpha.respondents) == (2, 2)
    assert (pumps.lead.basis.raters, pumps.lead.basis.of) == (1, 2)


def test_her_weights_stand_beside_the_card_of_the_same_period(team):
    answer(team, "profile.xlsx", profile(team))
    issue(team.root, accounts=["ALPHA"], now=LATER)
    order = team.order()
    assert order.last_period == PERIOD
    assert order.last == tuple(
        LastAnswer(r.id, weight) for r, weight in zip(order.requirements, (50, 30, 20), strict=True)
    )
    assert team.order("ALPHA", "pumps", "c2").last == ()


def test_a_profile_is_chased_until_its_card_is_out(team):
    register_ = read_register(team.workspace).register

    def open_():
        found = cards_of(team.workspace, register_, PERIOD, now=LATER).everybody
        return {(one.order.key.respondent, one.order.asks, one.standing) for one in found}

    assert ("c2", Asks.PROFILE, "open") in open_()
    answer(team, "profile.xlsx", profile(team))
    issue(team.root, accounts=["ALPHA"], now=LATER)
    assert ("c1", Asks.PROFILE, "answered") in open_()
    assert ("c2", Asks.PROFILE, "open") not in open_()
    assert ("c2", Asks.CARD, "open") in open_()


def test_who_is_asked_jointly_has_one_card_for_the_meeting(tmp_path):
    made = register()
    contacts = tuple(
        replace(c, source=Source.JOINT) if (c.account, c.id) == ("ALPHA", "c1") else c
        for c in made.contacts
    )
    team = new_team(tmp_path / "w", replace(made, contacts=contacts))
    first = issue(team.root, accounts=["ALPHA"], profile=True, now=NOW)
    paths = {card.path.rpartition("/")[2] for card in first.issued}
    assert {"ALPHA--pumps--c1.xlsx", "ALPHA--pumps--c2+profile.xlsx"} <= paths
    second = issue(team.root, accounts=["ALPHA"], now=NOW)
    assert {c.state for c in second.issued if c.respondent == "c1"} == {"unchanged"}
    order = team.order()
    answer(team, "minutes.xlsx", order, us=(None, None, None), rival=(None, None, None))
    files, (reply,) = taken(team)
    assert files["minutes.xlsx"].fate is Fate.ACCEPTED
    assert reply.profile_only
    assert not files["minutes.xlsx"].findings
    answer(team, "later.xlsx", order, LATER, us=(80.0, None, 40.0))
    files, (reply,) = taken(team)
    assert not reply.profile_only
    assert files["later.xlsx"].fate is Fate.PROVISIONAL
    assert codes(files["later.xlsx"]) == {"rating-missing"}


def test_a_test_of_a_profile_asks_nobody(team):
    made = issue(team.root, ["ALPHA"], test="me@kamxl.example", profile=True, now=NOW)
    tests = [card for card in made.issued if card.state == "test"]
    assert tests
    assert all(card.path.endswith("+profile.xlsx") for card in tests)


def test_a_profile_takes_no_rating_s_place(tmp_path):
    """It comes before the card: until that is back, the ratings of the period before stand."""
    team = new_team(tmp_path / "w")
    issue(team.root, accounts=["ALPHA"], now=NOW)
    answer(team, "before.xlsx", team.order())
    issue(team.root, accounts=["ALPHA"], period="2026-H2", profile=True, now=LATER)
    order = team.order(period="2026-H2", asks=Asks.PROFILE)
    answer(team, "profile.xlsx", order, LATER)
    result = consolidate(team.root, period="2026-H2", now=LATER)
    (alpha,) = [a for a in result.portfolio.accounts if a.id == "ALPHA"]
    (pumps,) = [s for s in alpha.segments if s.id == "pumps"]
    assert (pumps.total, pumps.period, pumps.earlier) == (66.0, PERIOD, True)
    assert pumps.profiles == 1
    assert {point.period for point in result.portfolio.history} == {PERIOD}
    said = [str(one) for one in unknowns(result.portfolio, texts("de"))]
    assert any("noch nichts bewertet: Alpha Werke" in one for one in said)
    assert not any("noch nicht geantwortet" in one and "Alpha" in one for one in said)
    before = consolidate(team.root, period=PERIOD, now=LATER).portfolio
    (alpha,) = [a for a in before.accounts if a.id == "ALPHA"]
    assert [s.profiles for s in alpha.segments] == [0, 0]  # nothing of a later period


def test_a_reminder_of_a_profile_and_a_card_asks_for_both(team):
    issue(team.root, accounts=["ALPHA"], now=NOW)
    # of one segment a card went out since, of the other her profile is open
    for path in (team.workspace.memory / "issued").glob("*.json"):
        order = memory.load(team.workspace).orders[path.stem]
        if (order.segment, order.asks) == ("valves", Asks.CARD):
            path.unlink()
    remind(team.root, now=LATER)
    mail = email.message_from_bytes(
        (team.root / f"outbox/{PERIOD}/ALPHA--c1+reminder.eml").read_bytes(), policy=SMTP
    )
    text = mail.get_body(("plain",)).get_content()
    assert "fünfzehn Minuten je Datei" in text
    assert "0 bis 100 Punkten" in text
    assert "woran Sie „gut“ erkennen" in text
    alone = team.root / f"outbox/{PERIOD}/ALPHA--c2+reminder.eml"
    text = email.message_from_bytes(alone.read_bytes(), policy=SMTP).get_body(("plain",))
    assert "woran Sie" not in text.get_content()
