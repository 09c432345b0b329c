"""What stands on a reply page: her own answer and what was written for her, nothing else."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import asdict, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.cards.pages import settle_pages
from kamxl.core.method.programmes import Action, ActionState, ProgrammeState
from kamxl.core.portfolio.replying import Line, Said, lines_of, page_for, plan_for, said_by
from kamxl.core.portfolio.standing import wish_id
from kamxl.core.records.page import (
    Asks,
    BenefitAnswer,
    Fit,
    Outcome,
    PageAnswers,
    ReplyPage,
    RowAnswer,
    RowKind,
    Seen,
    StatementAnswer,
    View,
)
from kamxl.core.records.plan import (
    AccountPlan,
    DiscoveryAnswer,
    Lever,
    PlanProgramme,
    PlanWish,
)
from kamxl.core.records.register import (
    Answers,
    AskedRequirement,
    CardOrder,
    Reply,
    Requirement,
    Scorecard,
    Wish,
)

ADA = "Ada Beispiel"
RECORD = "d" * 32
LABELS = {"price": "Preis", "speed": "Tempo", "quality": "Qualität"}
INTERN = "intern"  # stands in every field that is not written for her


def order(period: str = "2026-H1", respondent: str = "c1", **other: object) -> CardOrder:
    asked = tuple(AskedRequirement(*one) for one in LABELS.items())
    made = CardOrder("A", "Alpha", "S", "Pumpen", respondent, ADA, period, "de", "Wir", asked)
    return replace(made, **other)  # type: ignore[arg-type]


def reply(
    *wishes: Wish,
    weights: tuple[float, ...] = (50, 30, 20),
    us: tuple[float | None, ...] = (90, 50, 100),
    of: CardOrder | None = None,
) -> Reply:
    """Gaps: speed 15, price 5, none of quality; her own requirement would be the largest."""
    rows = [Requirement(i, LABELS[i], w) for i, w in zip(LABELS, weights, strict=True)]
    rows.append(Requirement("own1", "Eigenes", 50.0))
    card = Scorecard(rows, {"us": {**dict(zip(LABELS, us, strict=True)), "own1": 0.0}})
    return Reply("a.xlsx", of or order(), Answers(card, name=ADA, wishes=wishes))


def action(aims: str, share: str = "Wir tun es", **other: object) -> Action:
    made = Action(
        f"a-{aims}", INTERN, account="X", requirement=aims, owner="Udo", customer_owner="Ida",
        due=date(2026, 9, 1), share=share,
    )  # fmt: skip
    return replace(made, **other)  # type: ignore[arg-type]


def plan(**parts: object) -> AccountPlan:
    return replace(AccountPlan("w", "A", "2026-H1", "de"), **parts)  # type: ignore[arg-type]


def page(
    of: Reply, by: AccountPlan, said: Said | None = None, skip: Container[Line] = ()
) -> ReplyPage | None:
    return page_for(of, RECORD, by, said or Said(), skip)


WISH = Wish("wish1", "zu spät", "ein Lager", 40.0)
OTHER = Wish("wish2", "zu laut", "", 90.0)


def test_without_a_text_for_her_there_is_no_page() -> None:
    own = wish_id(reply(WISH), WISH)
    internal = plan(
        actions=(action("speed", ""), action("", "  ", wish=own)),
        wishes=(PlanWish(own, ADA, "zu spät", "ein Lager", 40.0, reply=INTERN),),
        levers=(Lever("l1", INTERN, proof=INTERN, agreed=True),),
        discovery=(DiscoveryAnswer("d1", INTERN, INTERN, shared=INTERN, next_step=INTERN),),
        programmes=(
            PlanProgramme(
                "p1", INTERN, ProgrammeState.IDEA, need=INTERN, gain_theirs="x", step="y"
            ),
        ),
    )
    assert page(reply(WISH), internal) is None


def test_a_row_is_hers_and_what_was_written_for_her() -> None:
    said = reply(WISH)
    own = wish_id(said, WISH)
    made = page(said, plan(actions=(action("speed"), action("", "Wir bauen eins", wish=own))))
    assert made is not None
    wish, gap = made.rows
    assert (made.answers, made.period) == (RECORD, "2026-H1")
    assert (wish.kind, wish.id, wish.understood) == (RowKind.WISH, own, "zu spät – ein Lager")
    assert (gap.kind, gap.id, gap.understood) == (RowKind.GAP, "speed", "Tempo")
    assert (wish.doing, gap.doing) == ("Wir bauen eins", "Wir tun es")
    assert (gap.theirs, gap.ours, gap.due) == ("Ida", "Udo", date(2026, 9, 1))
    assert INTERN not in str(asdict(made))


def test_only_what_she_weighted_and_rated_below_100_is_a_gap() -> None:
    everything = plan(actions=tuple(map(action, (*LABELS, "own1", "unknown"))))
    assert [row.id for row in page(reply(), everything).rows] == ["speed", "price"]
    assert page(reply(us=(100, 100, 100)), everything) is None
    assert page(reply(us=(None, None, None)), everything) is None
    assert page(reply(weights=(0, 0, 0)), everything) is None


@pytest.mark.parametrize(("segment", "there"), [("", True), ("s", True), ("T", False)])
def test_an_action_aims_at_one_segment_or_at_all(segment: str, there: bool) -> None:
    found = page(reply(), plan(actions=(action("speed", segment=segment),)))
    assert (found is not None) is there


def test_the_action_in_hand_that_is_due_first_stands_there() -> None:
    done = action("speed", "getan", id="1", state=ActionState.DONE)
    late = action("speed", "später", id="2", due=date(2026, 12, 1))
    soon = action("speed", "bald", id="3")
    internal = action("speed", "", id="4", due=date(2026, 1, 1), owner=INTERN)
    (row,) = page(reply(), plan(actions=(done, late, internal, soon))).rows
    assert row.doing == "bald"
    assert page(reply(), plan(actions=(done,))).rows[0].doing == "getan"  # its result is asked


def test_an_owner_of_an_internal_action_is_not_shown_with_a_reply_to_a_wish() -> None:
    own = wish_id(reply(WISH), WISH)
    written = PlanWish(own, ADA, share="Das machen wir")
    internal = action("", "", wish=own)
    (row,) = page(reply(WISH), plan(wishes=(written,), actions=(internal,))).rows
    assert (row.doing, row.theirs, row.ours, row.due) == ("Das machen wir", "", "", None)


def test_a_wish_is_answered_to_its_author_only() -> None:
    hers, his = reply(WISH), reply(WISH, of=order(respondent="c2"))
    own = wish_id(hers, WISH)
    answered = plan(wishes=(PlanWish(own, share="Ja"),), actions=(action("", wish=own),))
    assert page(hers, answered) is not None
    assert page(his, answered) is None
    assert page(reply(replace(WISH, remedy="etwas anderes")), answered) is None


def test_wishes_and_gaps_take_turns_and_a_benefit_keeps_its_place() -> None:
    wishes = tuple(Wish(f"w{n}", f"Wunsch {n}", "", float(n)) for n in range(1, 6))
    said = reply(*wishes)
    acted = [action("", wish=wish_id(said, one)) for one in wishes]
    full = plan(
        actions=(*acted, *map(action, LABELS)),
        levers=(Lever("l1", INTERN, share="Stillstand"), Lever("l2", INTERN, share="Ausschuss")),
    )
    made = page(said, full)
    told = [row.understood for row in made.rows]
    assert told == ["Wunsch 5", "Tempo", "Wunsch 4", "Preis", "Wunsch 3", "Wunsch 2"]
    assert [one.metric for one in made.benefits] == ["Stillstand"]
    assert len(page(said, replace(full, levers=())).rows) == 7
    few = page(said, replace(full, actions=()))
    assert ([*few.rows], len(few.benefits)) == ([], 2)


def test_a_benefit_is_asked_of_whom_it_names() -> None:
    levers = (Lever("l1", INTERN, share="A", asks="C1"), Lever("l2", INTERN, share="B", asks="c2"))
    assert [one.metric for one in page(reply(), plan(levers=levers)).benefits] == ["A"]


def test_three_statements_least_sure_first_and_two_programmes_that_are_ahead() -> None:
    found = page(
        reply(),
        plan(
            discovery=tuple(
                DiscoveryAnswer(f"d{n}", INTERN, sureness=sure, share=f"Ziel {n}")
                for n, sure in enumerate((80.0, 20.0, None, 50.0, 0.0))
            ),
            programmes=tuple(
                PlanProgramme(state.value, INTERN, state=state, goal=f"Ziel {state.value}")
                for state in ProgrammeState
            ),
        ),
    )
    assert [one.id for one in found.statements] == ["d2", "d4", "d1"]
    assert [one.id for one in found.programmes] == ["agreed", "running"]


@given(st.lists(st.sampled_from(["wish", "gap", "lever", "discovery", "programme"]), max_size=30))
def test_a_page_is_never_longer_than_it_may_be(kinds: list[str]) -> None:
    wishes = tuple(Wish(f"w{n}", f"Wunsch {n}", "") for n, k in enumerate(kinds) if k == "wish")
    said, count = reply(*wishes), {k: kinds.count(k) for k in kinds}
    made = page(
        said,
        plan(
            actions=tuple(action("", wish=wish_id(said, one)) for one in wishes)
            + tuple(map(action, list(LABELS)[: count.get("gap", 0)])),
            levers=tuple(Lever(f"l{n}", "", share="x") for n in range(count.get("lever", 0))),
            discovery=tuple(
                DiscoveryAnswer(f"d{n}", "", share="x") for n in range(count.get("discovery", 0))
            ),
            programmes=tuple(
                PlanProgramme(f"p{n}", "", ProgrammeState.IDEA, goal="x")
                for n in range(count.get("programme", 0))
            ),
        ),
    )
    if made is not None:
        assert len(made.rows) + len(made.benefits) <= 7
        assert bool(made.benefits) is bool(count.get("lever"))
        assert (len(made.statements), len(made.programmes)) <= (3, 2)


def test_the_latest_plan_up_to_now_speaks() -> None:
    plans = [plan(period=p) for p in ("2025", "2026-H1", "2026-H2")]
    plans.append(replace(plan(period="2026-H1"), account="B"))
    assert plan_for(plans, "a", "2026-H1") == plans[1]
    assert plan_for(plans, "a", "2026-H2") == plans[2]
    assert plan_for(plans, "a", "2024") is None


# --- what she said of earlier pages --------------------------------------------------------------

FULL = plan(
    actions=(action("speed"), action("price")),
    levers=(Lever("l1", INTERN, share="Stillstand"),),
    discovery=(DiscoveryAnswer("d1", INTERN, share="Ziel"),),
)


def answered(*, of: CardOrder | None = None, period: str = "2026-H1", **said: object) -> Reply:
    """What she says of the page that ``FULL`` makes."""
    shown = page(reply(), FULL)
    asked = replace(of or order(period), asks=Asks.REPLY, page=shown)
    card = Answers(Scorecard((), {}), page=PageAnswers(**said))  # type: ignore[arg-type]
    return Reply("page.xlsx", asked, card, saved=datetime(2026, 5, 1, tzinfo=UTC))


def test_what_she_said_of_its_fit_stands_beside_a_row_that_comes_again() -> None:
    fits = answered(
        rows=(RowAnswer("speed", Fit.LATER), RowAnswer("price", Fit.YES, Outcome.SOLVED))
    )
    said = said_by(order("2026-H2"), [fits])
    made = page(reply(), FULL, said=said, skip=said.settled)
    assert [(row.id, row.said) for row in made.rows] == [("speed", Fit.LATER)]  # solved is solved
    again = replace(FULL, actions=(action("price", "Wir tun noch mehr"),))
    (row,) = page(reply(), again, said=said, skip=said.settled).rows
    assert (row.id, row.said) == ("price", Fit.YES)  # what changed is asked again


def test_between_two_cards_only_what_she_said_nothing_of_comes_again() -> None:
    said = said_by(order(), [answered(rows=(RowAnswer("speed", Fit.NO),))])
    made = page(reply(), FULL, said=said, skip=said.shown)
    assert [row.id for row in made.rows] == ["price"]


def test_a_benefit_is_asked_again_while_it_was_too_early() -> None:
    for seen, again in ((Seen.TOO_EARLY, 1), (Seen.CONFIRMED, 0), (Seen.CANNOT_SEE, 0)):
        said = said_by(order(), [answered(benefits=(BenefitAnswer("L1", seen),))])
        assert len(page(reply(), FULL, said=said, skip=said.settled).benefits) == again
    said = said_by(order(), [answered(statements=(StatementAnswer("d1", View.NO),))])
    assert page(reply(), FULL, said=said, skip=said.settled).statements == ()


@pytest.mark.parametrize(
    "other",
    [
        {"respondent": "c2"},
        {"account": "B"},
        {"respondent_name": "Bo Muster"},  # somebody else under her id
    ],
)
def test_nobody_else_said_anything_for_her(other: dict[str, str]) -> None:
    said = answered(of=order(**other), rows=(RowAnswer("speed", Fit.NO),))
    assert said_by(order(), [said]) == Said()


def test_rows_count_within_the_segment_and_all_else_for_the_account() -> None:
    said = answered(
        of=order(segment="T"), rows=(RowAnswer("speed", Fit.NO),),
        statements=(StatementAnswer("d1", View.RIGHT),),
    )  # fmt: skip
    found = said_by(order(), [said])
    assert (found.fits, [type(one).__name__ for one in found.shown]) == ({}, ["PageStatement"])


# --- which answers count -------------------------------------------------------------------------


def settled(*replies: Reply, newest: Reply) -> dict[str, tuple[bool, set[str]]]:
    out = {newest.order.key: newest.order}
    found = settle_pages(replies, (), out)
    return {one.reply.source: (one.counts, {f.code for f in one.findings}) for one in found}


def returned(name: str, shown: ReplyPage, hour: int) -> Reply:
    base = answered(rows=(RowAnswer("speed", Fit.NO),))
    saved = datetime(2026, 5, 1, hour, tzinfo=UTC)
    return replace(base, source=name, order=replace(base.order, page=shown), saved=saved)


def test_the_latest_answer_to_a_page_counts() -> None:
    shown = page(reply(), FULL)
    one, two = returned("one", shown, 8), returned("two", shown, 9)
    found = settled(one, two, newest=one)
    assert found == {"one": (False, {"superseded"}), "two": (True, set())}


def test_an_older_page_after_a_newer_one_counts_for_what_only_it_asked() -> None:
    shown = page(reply(), FULL)
    more = replace(shown, rows=(*shown.rows, replace(shown.rows[0], id="w1", kind=RowKind.WISH)))
    less = replace(shown, rows=shown.rows[:1])
    late = returned("late", shown, 23)
    # the newer one asks all of it again, and was answered: it counts, whenever this one came
    found = settled(late, returned("new", more, 9), newest=returned("", more, 0))
    assert found == {"late": (False, {"page-older"}), "new": (True, set())}
    # it does not ask all of it again: nothing she said is lost
    found = settled(late, returned("new", less, 9), newest=returned("", less, 0))
    assert found == {"late": (True, {"page-older"}), "new": (True, set())}
    # nobody answered the newer one
    assert settled(late, newest=returned("", more, 0)) == {"late": (True, {"page-older"})}


def test_the_lines_of_a_page_are_as_they_were_written() -> None:
    shown = page(reply(), FULL)
    again = replace(shown, rows=tuple(replace(row, said=Fit.YES) for row in shown.rows))
    assert lines_of(again) == lines_of(shown)
