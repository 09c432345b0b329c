"""What became of what was said: each step of a thread, and what may be said of a difference."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kamxl.core.method.programmes import Action, ActionState
from kamxl.core.portfolio.following import FollowUp, Handled, PageOut, Thread, follow_up
from kamxl.core.portfolio.moved import LEAST, Difference, Moved, compared
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.records.page import (
    Asks,
    Fit,
    Outcome,
    PageAnswers,
    PageRow,
    ReplyPage,
    RowAnswer,
    RowKind,
)
from kamxl.core.records.plan import AccountPlan
from kamxl.core.records.register import Reply, Wish
from tests.core.test_changing import NOW, THEN, Rows, reply

BEFORE: Rows = {"R1": (50.0, 40.0, None), "R2": (30.0, 60.0, None), "R3": (20.0, 80.0, None)}
AFTER: Rows = {"R1": (50.0, 70.0, None), "R2": (30.0, 65.0, None), "R3": (20.0, 85.0, None)}
GAP, WISH = RowKind.GAP, RowKind.WISH


def page(of: Reply, *rows: PageRow, asks: Asks = Asks.REPLY, period: str = "") -> PageOut:
    made = ReplyPage("digest", of.order.period, rows)
    order = replace(of.order, asks=asks, page=made, period=period or of.order.period)
    return PageOut(order, date(2026, 5, 4))


def back(out: PageOut, *rows: RowAnswer) -> Reply:
    answers = replace(reply(BEFORE).answers, page=PageAnswers(rows))
    return Reply("page.xlsx", out.order, answers)


def plan(*actions: Action, period: str = THEN) -> AccountPlan:
    return AccountPlan("w", "A", period, "en", actions=actions)


def row(key: str, kind: RowKind = GAP) -> PageRow:
    return PageRow(key, kind, "understood", "we do", "theirs", "ours", date(2026, 9, 1))


def thread(found: FollowUp, key: str, period: str = THEN) -> Thread:
    (one,) = [t for t in found.threads if (t.id, t.period) == (key, period)]
    return one


DONE = Action("A1", "Do it", requirement="R1", state=ActionState.DONE, due=date(2026, 6, 1))


def test_a_thread_from_what_was_said_to_the_next_rating() -> None:
    then, now = reply(BEFORE, period=THEN), reply(AFTER)
    out = page(then, row("r1"))  # ids are compared without case
    said = back(out, RowAnswer("R1", Fit.YES, Outcome.PARTLY))
    found = follow_up([now, then], NOW, [plan(DONE)], [out], [said])
    one = thread(found, "R1")
    assert (one.rating, one.weight, one.next_period, one.next) == (40.0, 50.0, NOW, 70.0)
    assert (one.row, one.on) == (row("r1"), date(2026, 5, 4))
    assert (one.fit, one.result) == (Fit.YES, Outcome.PARTLY)
    assert ([a.id for a in one.actions], one.handled) == (["A1"], Handled.DONE)
    assert (one.change, one.elsewhere, one.more) == (30.0, 5.0, 25.0)
    other = thread(found, "R2")
    assert (other.handled, other.elsewhere, other.more) == (Handled.NONE, 5.0, 0.0)
    assert found.compared.followed.n == 1
    assert found.compared.said is Difference.FEW


def test_only_what_came_before_her_next_rating_counts_as_done() -> None:
    then = reply(BEFORE, period=THEN)
    rated = reply(AFTER)
    now = replace(rated, answers=replace(rated.answers, rated_on=date(2026, 8, 1)))
    late = replace(DONE, due=date(2026, 8, 2))
    for action, period, expected in (
        (DONE, NOW, Handled.DONE),
        (late, NOW, Handled.OPEN),  # of the plan of that very period: done after she rated
        (replace(DONE, due=None), NOW, Handled.OPEN),
        (late, THEN, Handled.DONE),
        (replace(DONE, state=ActionState.OPEN), THEN, Handled.OPEN),
        (replace(DONE, segment="other"), THEN, Handled.NONE),
        (DONE, "2025", Handled.NONE),  # of before she said it
        (DONE, "2027", Handled.NONE),
    ):
        found = follow_up([then, now], NOW, [plan(action, period=period)])
        assert thread(found, "R1").handled is expected, (action, period)


def test_a_reply_that_she_reads_with_the_next_card_is_none_before_it() -> None:
    then, now = reply(BEFORE, period=THEN), reply(AFTER)
    between = follow_up([then, now], NOW, sent=[page(then, row("R1"))])
    assert thread(between, "R1").handled is Handled.REPLIED
    beside = follow_up([then, now], NOW, sent=[page(then, row("R1"), asks=Asks.CARD, period=NOW)])
    assert thread(beside, "R1").handled is Handled.OPEN
    assert thread(beside, "R1").followed is None
    sent = page(then, row("R1"), period=NOW)  # between the cards, though in the new period
    day = datetime(2026, 7, 1, tzinfo=UTC)
    early = follow_up([then, replace(now, saved=day)], NOW, sent=[sent])
    assert thread(early, "R1").handled is Handled.REPLIED


def test_a_reply_is_for_the_person_and_the_card_it_answers() -> None:
    then, now = reply(BEFORE, period=THEN), reply(AFTER)
    others = (
        page(reply(BEFORE, "Ada Berg", period=THEN), row("R1")),
        page(reply(BEFORE, period=THEN, segment="V"), row("R1")),
        page(reply(BEFORE, period="2025"), row("R1")),
        page(then, row("R1", WISH)),
    )
    found = follow_up([then, now], NOW, sent=others)
    assert thread(found, "R1").handled is Handled.NONE
    test = page(then, row("R1"))
    test = replace(test, order=replace(test.order, test="x@y.example"))
    found = follow_up([then, now], NOW, sent=[test])
    assert thread(found, "R1").row is None
    colleague = replace(then, source="b", answers=replace(then.answers, name="Bo Lund"))
    found = follow_up([colleague, then, now], NOW, sent=[page(then, row("R1"))])
    told = {(t.name, t.period): t.row is not None for t in found.threads if t.id == "R1"}
    assert told == {("Pia", THEN): True}


def test_without_a_next_answer_only_what_is_followed_is_listed() -> None:
    then = reply(BEFORE, period=THEN)
    assert follow_up([then], NOW).threads == ()
    (one,) = follow_up([then], NOW, [plan(DONE)]).threads
    assert (one.id, one.next, one.change, one.next_period) == ("R1", None, None, "")


def test_a_wish_is_always_listed_and_once_if_she_repeats_it() -> None:
    wish = Wish("w1", "Too many forms", "One form", 70.0)

    def wishing(made: Reply, *wishes: Wish) -> Reply:
        return replace(made, answers=replace(made.answers, wishes=wishes))

    then = wishing(reply(BEFORE, period=THEN), wish, Wish("w2", "", ""))
    own = wish_id(then, wish)
    (one,) = follow_up([then], THEN).threads
    assert (one.kind, one.id, one.label, one.weight) == (WISH, own, "Too many forms", 70.0)
    now = wishing(reply(AFTER), replace(wish, id="w5"))
    sent = [page(then, row(own, WISH))]
    action = Action("A2", "Simplify", wish=own.upper(), due=date(2026, 9, 1))
    found = follow_up([then, now], NOW, [plan(action, period=NOW)], sent)
    (again,) = [t for t in found.threads if t.kind is WISH]
    assert (again.period, again.row) == (NOW, row(own, WISH))
    assert [a.id for a in again.actions] == ["A2"]
    assert found.wishes["a", own.casefold()] is again


def test_the_latest_word_of_hers_counts_and_blanks_take_nothing_back() -> None:
    then = reply(BEFORE, period=THEN)
    first = page(then, row("R1"))
    second = page(then, row("R1"), asks=Asks.CARD, period=NOW)
    said = [
        back(first, RowAnswer("R1", Fit.LATER, Outcome.NOT)),
        back(second, RowAnswer("R1", None, Outcome.SOLVED)),
    ]
    one = thread(follow_up([then], NOW, sent=[second, first], pages=said), "R1")
    assert (one.fit, one.result, one.on) == (Fit.LATER, Outcome.SOLVED, first.on)


def test_the_order_of_what_is_met_changes_nothing() -> None:
    answers = [reply(r, who, period=p) for r, p in ((BEFORE, THEN), (AFTER, NOW))
               for who in ("Ada Berg", "Bo Lund", "Cy Moor")]  # fmt: skip
    sent = [page(one, row("R2")) for one in answers[:2]]
    expected = follow_up(answers, NOW, [plan(DONE)], sent)
    shuffled = random.Random(7)  # noqa: S311
    for _ in range(5):
        shuffled.shuffle(answers)
        shuffled.shuffle(sent)
        assert follow_up(answers, NOW, [plan(DONE)], sent) == expected


# --- what may be said ----------------------------------------------------------------------------


def world(
    seed: str, effect: float, raters: int, acted: int = 1, *, lowest: bool = True
) -> list[Moved]:
    """Two periods of ratings that a true opinion and chance make, seven requirements a person.

    Every year has a mood of its own. ``lowest``: we act on what is rated lowest, as one does, so
    that it rises by itself.
    """
    chance = random.Random(seed)  # noqa: S311 - dice, no secret
    cases = []
    for rater in range(raters):
        level, mood = chance.gauss(65, 10), chance.gauss(3, 6)
        true = [level + chance.gauss(0, 8) for _ in range(7)]
        then = [_points(opinion + chance.gauss(0, 8)) for opinion in true]
        order = sorted(range(7), key=then.__getitem__) if lowest else chance.sample(range(7), 7)
        chosen = set(order[:acted])
        gains = [effect if i in chosen else 0.0 for i in range(7)]
        now = [_points(true[i] + mood + gains[i] + chance.gauss(0, 8)) for i in range(7)]
        changes = [after - before for after, before in zip(now, then, strict=True)]
        for i in range(7):
            others = [changes[j] for j in range(7) if j != i and j not in chosen]
            mean = sum(others) / len(others)
            cases.append(Moved(rater, then[i], changes[i], mean, i in chosen))
    return cases


def _points(value: float) -> float:
    return float(min(100, max(0, round(value))))


@pytest.mark.parametrize("raters", [5, 12, 40])
@pytest.mark.parametrize("lowest", [True, False])
def test_periods_without_an_effect_report_none(raters: int, *, lowest: bool) -> None:
    """In a hundred worlds, though what was low rises by itself."""
    seeds = [f"{raters} {lowest} {n}" for n in range(100)]
    said = [compared(world(seed, 0.0, raters, lowest=lowest)).said for seed in seeds]
    assert set(said) <= {Difference.NONE}, [s for s, d in zip(seeds, said, strict=True)
                                            if d is not Difference.NONE]  # fmt: skip


def test_what_is_low_does_rise_by_itself() -> None:
    """Which the plain figure shows, and which therefore is no reason to say anything."""
    found = compared(world("low", 0.0, 40))
    assert (found.followed.more or 0.0) > 5
    assert found.said is Difference.NONE


@pytest.mark.parametrize("sign", [1, -1])
def test_an_effect_is_found(sign: int) -> None:
    wanted = Difference.MORE if sign > 0 else Difference.LESS
    found = [compared(world(f"effect {n}", 22.0 * sign, 25, lowest=sign > 0)) for n in range(20)]
    assert [one.said for one in found] == [wanted] * 20


def test_nothing_is_said_of_few() -> None:
    for raters in range(1, LEAST):
        found = compared(world("few", 60.0, raters))
        assert found.said is Difference.FEW
        assert (found.followed.n, found.raters) == (raters, raters)
    few_others = [Moved(n, 50.0, 30.0, 0.0, followed=True) for n in range(9)]
    assert compared(few_others).said is Difference.FEW
    assert compared(few_others).others.change is None
    assert compared([]).followed.more is None


def test_a_difference_that_is_level_is_none_however_sure() -> None:
    cases = [
        Moved(r, 50.0, 2.0 if i == 0 else 0.0, 0.0, followed=i == 0)
        for r in range(30)
        for i in range(4)
    ]
    assert compared(cases).said is Difference.NONE
    assert compared(cases, level_within=1.0).said is Difference.MORE


def test_a_profile_is_no_answer_against_which_a_rating_is_held() -> None:
    """Weights alone came between two cards, and once more after the last: nothing is lost."""
    blank: Rows = {key: (weight, None, None) for key, (weight, *_) in BEFORE.items()}
    first, now = reply(BEFORE, period="2024"), reply(AFTER)
    between = reply(blank, period=THEN)
    between = replace(between, order=replace(between.order, asks=Asks.PROFILE))
    assert between.profile_only
    found = follow_up([first, between, now], NOW, [plan(DONE, period="2024")])
    assert thread(found, "R1", "2024").change == 30.0
    since = replace(between, order=replace(between.order, period=NOW))
    found = follow_up([first, since], NOW, [plan(DONE, period="2024")])
    assert [(t.id, t.period) for t in found.threads] == [("R1", "2024")]


def test_a_wish_repeated_twice_keeps_what_was_replied_the_first_time() -> None:
    wish = Wish("w1", "Too many forms", "One form", 70.0)

    def wishing(period: str) -> Reply:
        made = reply(BEFORE, period=period)
        return replace(made, answers=replace(made.answers, wishes=(wish,)))

    first, then, now = wishing("2024"), wishing(THEN), wishing(NOW)
    own = wish_id(first, wish)
    out = page(first, row(own, WISH))
    said = back(out, RowAnswer(own, Fit.YES))
    for replies, period in (([first, then, now], NOW), ([first, then], THEN)):
        found = follow_up(replies, NOW, sent=[out], pages=[said])
        one = thread(found, own, period)
        assert (one.row, one.fit) == (row(own, WISH), Fit.YES), period
    alone = follow_up([then, now], NOW, sent=[out], pages=[said])
    assert thread(alone, own, NOW).row is None


def test_what_was_sent_later_is_no_part_of_an_earlier_period() -> None:
    then = reply(BEFORE, period=THEN)
    later = page(then, row("R1"), period=NOW)
    said = back(later, RowAnswer("R1", Fit.YES))
    assert follow_up([then], THEN, sent=[later], pages=[said]).threads == ()
    assert thread(follow_up([then], NOW, sent=[later], pages=[said]), "R1").fit is Fit.YES
