"""Benefits as facts: confirmed, claimed, not seen or unknown; unasked is never zero."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kamxl.core.method.programmes import Action, Actual, Effect, ProgrammeState
from kamxl.core.method.segments import combine_segments
from kamxl.core.portfolio.benefits import achieved, answers_of
from kamxl.core.portfolio.standing import standing_of
from kamxl.core.records.benefits import Known, benefits_of, summed
from kamxl.core.records.page import BenefitAnswer, PageAnswers, PageBenefit, ReplyPage, Seen
from kamxl.core.records.plan import AccountPlan, DiscoveryAnswer, Lever, PlanProgramme
from tests.core.test_changing import NOW, ROWS, THEN, reply

MAY, JUNE = date(2026, 5, 1), date(2026, 6, 1)
LEVER = Lever("V1", "Less downtime", amount=100.0, baseline=40.0, now=25.0)
HEARD = replace(LEVER, seen=Seen.ROUGHLY, agreed_with="A. Keller", agreed_on=MAY)


@pytest.mark.parametrize(
    ("lever", "seen", "known"),
    [
        (LEVER, None, Known.UNKNOWN),
        (replace(LEVER, agreed=False), None, Known.UNKNOWN),
        (replace(LEVER, agreed=True), None, Known.CLAIMED),
        (replace(LEVER, agreed=True), Seen.CONFIRMED, Known.CONFIRMED),
        (LEVER, Seen.ROUGHLY, Known.CONFIRMED),
        (replace(LEVER, agreed=True), Seen.TOO_EARLY, Known.NOT_SEEN),
        (LEVER, Seen.CANNOT_SEE, Known.NOT_SEEN),
        (HEARD, None, Known.CONFIRMED),
    ],
)
def test_how_firm(lever: Lever, seen: Seen | None, known: Known) -> None:
    (one,) = benefits_of([lever], [("Pia", MAY, BenefitAnswer("v1", seen, 80.0))])
    assert one.known is known
    assert one.change == -15.0


def test_what_she_wrote_stands_before_what_was_heard_unless_that_is_later() -> None:
    written = [("Pia", JUNE, BenefitAnswer("V1", Seen.CONFIRMED, 80.0))]
    (one,) = benefits_of([HEARD], written)
    assert (one.by, one.on, one.oral, one.amount) == ("Pia", JUNE, False, 80.0)
    (one,) = benefits_of([replace(HEARD, agreed_on=date(2026, 7, 1))], written)
    assert (one.by, one.oral, one.seen, one.amount) == ("A. Keller", True, Seen.ROUGHLY, 100.0)
    (one,) = benefits_of([replace(HEARD, seen=Seen.TOO_EARLY)])
    assert (one.amount, one.oral) == (None, True)


def test_a_word_is_of_the_figures_she_saw() -> None:
    """She confirmed 40 → 25 h: of 40 → 10 h, which the plan says by now, nobody said anything."""
    made = reply(ROWS)
    page = ReplyPage("d", THEN, benefits=(PageBenefit("v1", "Downtime", "", 40.0, 25.0),))
    said = PageAnswers(benefits=(BenefitAnswer("V1", Seen.CONFIRMED, 80.0),))
    answers = replace(made.answers, page=said)
    words = answers_of("A", [replace(made, order=replace(made.order, page=page), answers=answers)])
    (same,) = benefits_of([LEVER], words)
    assert (same.known, same.former) == (Known.CONFIRMED, None)
    for changed in ({"now": 10.0}, {"unit": "min"}, {"baseline": None}):
        (one,) = benefits_of([replace(LEVER, agreed=True, **changed)], words)
        assert (one.known, one.former) == (Known.CLAIMED, page.benefits[0])
        assert summed([one]).named.value is None
        (heard,) = benefits_of([replace(HEARD, **changed)], words)  # by mouth, of today's figures
        assert (heard.oral, heard.known, heard.former) == (True, Known.CONFIRMED, None)


def test_a_colleague_who_does_not_see_it_is_named_beside_who_does() -> None:
    words = [("Pia", MAY, BenefitAnswer("V1", Seen.TOO_EARLY)),
             ("Pia", MAY, BenefitAnswer("V1", Seen.CONFIRMED, 80.0)),
             ("Bo", JUNE, BenefitAnswer("V1", Seen.CANNOT_SEE))]  # fmt: skip
    for order in (words, [words[2], *words[:2]]):  # whichever file came last
        (one,) = benefits_of([LEVER], order)
        assert (one.by, one.known, one.amount) == ("Pia", Known.CONFIRMED, 80.0)
        assert one.others == (("Bo", Seen.CANNOT_SEE),)
    (one,) = benefits_of([LEVER], [words[0], words[2]])
    assert (one.by, one.known, one.others) == ("Bo", Known.NOT_SEEN, (("Pia", Seen.TOO_EARLY),))


def test_sums_count_what_is_known_and_never_a_blank_as_zero() -> None:
    levers = [LEVER, replace(LEVER, id="V2", agreed=True), replace(LEVER, id="V3"),
              replace(LEVER, id="V4", agreed=True, amount=None)]  # fmt: skip
    found = summed(benefits_of(levers, [("Pia", MAY, BenefitAnswer("V1", Seen.CONFIRMED))]))
    assert found.counts == {Known.CONFIRMED: 1, Known.CLAIMED: 2, Known.NOT_SEEN: 0,
                            Known.UNKNOWN: 1}  # fmt: skip
    assert (found.money[Known.CLAIMED].value, found.money[Known.CLAIMED].whole) == (100.0, False)
    assert found.named.value is None
    assert found.money[Known.NOT_SEEN].value is None
    assert summed(()).named.value is None


def test_answers_are_the_account_s_own_from_the_earliest_on() -> None:
    def said(period: str, seen: Seen, account: str = "a") -> object:
        made = reply(ROWS, period=period)
        page = PageAnswers(benefits=(BenefitAnswer("V1", seen),))
        order = replace(made.order, account=account)
        return replace(made, order=order, answers=replace(made.answers, page=page))

    pages = [said(NOW, Seen.CONFIRMED), said(THEN, Seen.TOO_EARLY), said(NOW, Seen.CANNOT_SEE, "B")]
    found = answers_of("A", pages)  # type: ignore[arg-type]
    assert [word.answer.seen for word in found] == [Seen.TOO_EARLY, Seen.CONFIRMED]
    assert {word.who for word in found} == {"Pia"}


def test_planned_and_achieved_are_of_the_same_years() -> None:
    effects = (
        Effect(2026, 100.0, 10.0, None, 5.0, Actual(80.0, None, 3.0, 6.0)),
        Effect(2027, 200.0, 20.0, None, 5.0, Actual(90.0, 12.0)),
        Effect(2028, 300.0, 30.0),
    )
    found = achieved(PlanProgramme("P", "x", ProgrammeState.RUNNING, 50.0, None, effects))
    assert found is not None
    assert (found.planned, found.actual) == (
        Actual(300.0, 20.0, None, 5.0),
        Actual(170.0, 12.0, 3.0, 6.0),
    )
    assert found.years == (2026, 2027)
    assert achieved(PlanProgramme("P", "x", ProgrammeState.IDEA, None, None, effects[2:])) is None


def test_a_barrier_with_an_owner_or_a_date_is_an_action() -> None:
    rows = (
        DiscoveryAnswer("barriers", "?", "A contract", next_step="Start small", due=MAY),
        DiscoveryAnswer("Barrier2", "?", "Nobody decides", owner="Jana"),
        DiscoveryAnswer("barrier3", "?", "Rain"),
        DiscoveryAnswer("earns", "?", "By selling", owner="Jana", due=MAY),
    )
    plan = AccountPlan("w", "A", NOW, "en", discovery=rows, actions=(Action("A1", "Call"),))
    assert [one.id for one in plan.barriers] == ["barriers", "Barrier2"]
    found = standing_of("A", (), combine_segments([]), plan=plan, as_of=JUNE)
    assert [(a.text, a.owner) for a in found.actions] == [
        ("Call", ""), ("Start small", ""), ("Nobody decides", "Jana"),
    ]  # fmt: skip
    assert [late.text for late in found.overdue] == ["Start small"]


def test_the_position_knows_what_was_said_on_pages_as_the_benefits_do() -> None:
    plan = AccountPlan("w", "A", NOW, "en", levers=(replace(HEARD, agreed=True),))
    said = [("Pia", JUNE, BenefitAnswer("v1", Seen.CANNOT_SEE))]
    for words, money in (((), 100.0), (said, None)):
        found = standing_of("A", (), combine_segments([]), plan=plan, said=words)
        assert found.position.confirmed_value == money
        assert summed(found.benefits).money[Known.CONFIRMED].value == money
