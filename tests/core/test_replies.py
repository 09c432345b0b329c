"""Which replies count."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.cards.replies import is_hers, person_of, settle
from kamxl.core.finding import CODES
from kamxl.core.method.scoring import Requirement, Scorecard
from kamxl.core.records.decision import Decision, Ruling
from kamxl.core.records.person import Called
from kamxl.core.records.register import Answers, AskedRequirement, CardOrder, Reply

ORDER = CardOrder(
    account="dorn",
    account_name="Dorn",
    segment="pumps",
    segment_name="Pumpen",
    respondent="meyer",
    respondent_name="Anna Meyer",
    period="2026-H1",
    language="de",
    company="Wir",
    requirements=(AskedRequirement("a", "A"), AskedRequirement("b", "B")),
)
NOON = datetime(2026, 3, 1, 12)


def reply(source, name="", *, day=0, rated=2, order=ORDER, saved=..., ruling=None, person=""):
    """A reply saved ``day`` days after noon of 1 March 2026; ``rated`` of two requirements."""
    requirements = [Requirement("a", "A", 50), Requirement("b", "B", 50)]
    card = Scorecard(requirements, {"us": dict(list({"a": 60, "b": 70}.items())[:rated])})
    when = NOON + timedelta(days=day) if saved is ... else saved
    decided = Decision(ruling, person=person) if ruling else None
    return Reply(source, order, Answers(card, name=name), saved=when, decision=decided)


def codes(settled):
    return [found.code for found in settled.findings]


def superseded_by(settled):
    """The source of the reply that counts instead, as its finding says; None if this one counts."""
    found = [dict(f.details)["by"] for f in settled.findings if f.code == "superseded"]
    return found[0] if found else None


def by_source(replies):
    """Source to (superseded by, codes)."""
    settled = settle(replies)
    assert [s.reply for s in settled] == list(replies)
    assert all(s.counts == (superseded_by(s) is None) for s in settled)
    return {s.reply.source: (superseded_by(s), codes(s)) for s in settled}


def test_one_reply_counts():
    assert by_source([reply("one", "Anna Meyer")]) == {"one": (None, [])}
    assert by_source([reply("one")]) == {"one": (None, [])}
    assert settle([]) == ()


def test_the_later_one_counts():
    assert by_source([reply("new", day=1), reply("old"), reply("older", day=-1)]) == {
        "new": (None, []),
        "old": ("new", ["superseded"]),
        "older": ("new", ["superseded"]),
    }


def test_the_superseded_says_by_what():
    old, _ = settle([reply("old"), reply("new", day=1)])
    assert dict(old.findings[0].details) == {"by": "new"}
    assert not old.shared


def test_a_time_beats_no_time_and_then_the_source_decides():
    assert by_source([reply("z", saved=None), reply("a")])["z"][0] == "a"
    assert by_source([reply("b", saved=None), reply("a", saved=None)])["a"][0] == "b"
    assert by_source([reply("b"), reply("a")])["a"][0] == "b"


def test_a_naive_time_is_utc():
    east = timezone(timedelta(hours=2))
    # 13:30 in the east is 11:30 UTC: earlier than noon
    assert by_source(
        [reply("east", saved=NOON.replace(hour=13, minute=30, tzinfo=east)), reply("n")]
    )["east"] == ("n", ["superseded"])
    assert by_source([reply("a", saved=NOON.replace(tzinfo=UTC)), reply("b")])["a"][0] == "b"
    # the ends of the calendar do no harm
    first = reply("first", saved=datetime.min.replace(tzinfo=east))
    assert by_source([first, reply("none", saved=None)])["none"][0] == "first"


@pytest.mark.parametrize(
    "change",
    [{"account": "x"}, {"segment": "x"}, {"respondent": "x"}, {"period": "2026-H2"}],
)
def test_replies_compete_only_within_the_same_question(change):
    other = replace(ORDER, **change)
    assert by_source([reply("one"), reply("two", order=other, day=1)]) == {
        "one": (None, []),
        "two": (None, []),
    }


def test_ids_are_compared_without_case():
    other = replace(ORDER, account="DORN", segment="Pumps", respondent="MEYER")
    assert by_source([reply("one"), reply("two", order=other, day=1)])["one"][0] == "two"


@pytest.mark.parametrize("name", ["anna meyer", "  Anna\u00a0  MEYER ", "Anna\tMeyer\n", ""])
def test_the_same_name(name):
    assert by_source([reply("one", "Anna Meyer"), reply("two", name, day=1)]) == {
        "one": ("two", ["superseded"]),
        "two": (None, []),
    }


def test_the_same_name_on_another_system():
    order = replace(ORDER, respondent_name="J\u00fcrgen Gro\u00df")
    assert by_source([reply("one", "Ju\u0308rgen GROSS", order=order)]) == {"one": (None, [])}


@pytest.mark.parametrize("name", ["A. Meyer", "Meyer, Anna", "Meyer", "AM", "meyer", "Anna Maier"])
def test_another_spelling_is_no_other_person(name):
    assert by_source(
        [reply("one", "Anna Meyer"), reply("two", name, day=1), reply("3", day=2)]
    ) == {
        "one": ("3", ["superseded"]),
        "two": ("3", ["superseded"]),
        "3": (None, []),
    }
    assert is_hers(reply("two", name))
    assert person_of(reply("two", name)) == "Anna Meyer"


def fates(replies, asked=()):
    return {
        s.reply.source: "waits" if s.waits else "counts" if s.counts else "superseded"
        for s in settle(replies, asked)
    }


def test_a_doubtful_name_waits_beside_another_answer():
    bernd = reply("bernd", "Bernd Meyer", day=1)
    for other in (reply("own", "Anna Meyer"), reply("own"), reply("own", "Eva Kern")):
        found = fates([other, bernd])
        assert found == {"own": "counts", "bernd": "waits"}
        assert fates([bernd, other]) == found
    (doubt,) = settle([reply("own"), bernd])[1].findings
    assert (doubt.code, doubt.value) == ("name-doubt", "Bernd Meyer")
    assert dict(doubt.details)["issued_to"] == "Anna Meyer"
    assert not is_hers(bernd)


def test_a_doubtful_name_counts_while_it_is_the_only_answer():
    old, new = settle([reply("old", "B. Meyer"), reply("new", "Bernd Meyer", day=1)])
    assert (old.counts, new.counts, new.unsure, new.waits) == (False, True, True, False)
    assert codes(new) == ["name-unsure"]


@pytest.mark.parametrize(
    ("ruling", "person", "expected"),
    [
        (Ruling.SAME_PERSON, "", {"own": "superseded", "b": "counts"}),
        (Ruling.SAME_PERSON, "meyer", {"own": "superseded", "b": "counts"}),
        (Ruling.SAME_PERSON, "Eva Kern", {"own": "counts", "b": "counts"}),
        (Ruling.OTHER_PERSON, "", {"own": "counts", "b": "counts"}),
        (Ruling.AS_TYPED, "", {"own": "counts", "b": "counts"}),
        (Ruling.ANSWER_OF, "", {"own": "superseded", "b": "counts"}),
        (Ruling.TEN, "", {"own": "counts", "b": "waits"}),  # settles something else
    ],
)
def test_a_decision_settles_it(ruling, person, expected):
    decided = reply("b", "Bernd Meyer", day=1, ruling=ruling, person=person)
    assert fates([reply("own", "Anna Meyer"), decided]) == expected


def test_the_same_person_as_nobody_is_said():
    def told(person, *others):
        decided = reply("b", "Bernd Meyer", day=1, ruling=Ruling.SAME_PERSON, person=person)
        return settle([*others, decided])[-1]

    assert codes(told("Eva Kern")) == ["decision-nobody", "shared-card"]
    assert dict(told("Eva Kern").findings[1].details)["name"] == "Eva Kern"
    assert codes(told("Eva Kern", reply("eva", "Eva Kern"))) == ["shared-card"]
    assert codes(told("meyer", reply("own", "Anna Meyer"))) == []


def test_somebody_decided_that_it_is_another_though_it_looks_like_her():
    decided = reply("b", "A. Meyer", day=1, ruling=Ruling.OTHER_PERSON)
    assert fates([reply("own", "Anna Meyer"), decided]) == {"own": "counts", "b": "counts"}
    assert person_of(decided) == "A. Meyer"
    assert not is_hers(decided)


def test_a_contact_with_a_card_of_her_own_is_asked_about():
    kern = replace(ORDER, respondent="kern", respondent_name="Eva Kern")
    wrong, own = reply("wrong", "Kern"), reply("own", "Eva Kern", order=kern)
    assert fates([wrong, own], [ORDER, kern]) == {"wrong": "waits", "own": "counts"}
    (doubt,) = settle([wrong, own], [ORDER, kern])[0].findings
    assert dict(doubt.details)["contact"] == "Eva Kern"
    # nothing counts twice as long as hers is out; and a test asked for nothing
    assert codes(settle([wrong], [ORDER, kern])[0]) == ["name-unsure"]
    assert codes(settle([wrong], [ORDER, replace(kern, test="x")])[0]) == ["shared-card"]
    assert codes(settle([wrong], [replace(kern, account="other")])[0]) == ["shared-card"]


@pytest.mark.parametrize("name", ["Dorn", "dorn pumpen", "Jana Rehfeldt", "j.rehfeldt@us.example"])
def test_the_customer_s_name_and_ours_are_asked_about(name):
    sent = replace(ORDER, account_name="Dorn Pumpen GmbH", sender_name="Jana Rehfeldt")
    assert fates([reply("own", order=sent), reply("it", name, order=sent)]) == {
        "own": "counts",
        "it": "waits",
    }
    assert (
        fates([reply("own", order=sent), reply("it", "Eva Dornseif", order=sent)])["it"] != "waits"
    )


def test_the_customer_s_name_beside_hers_is_no_second_person():
    def told(account, *names):
        one = reply("a", " / ".join(names), order=replace(ORDER, account_name=account))
        (settled,) = settle([replace(one, answers=replace(one.answers, called=Called(names)))])
        return codes(settled)

    assert told("Dorn Pumpen GmbH", "Anna Meyer", "Dorn Pumpen") == []
    assert told("Dorn Pumpen GmbH", "Dorn Pumpen") == ["name-unsure"]
    assert told("Anna Meyer GmbH", "Anna Meyer", "Voss") == ["name-unsure"]


def test_a_doubtful_name_is_one_for_a_blank_in_any_order():
    unnamed = replace(ORDER, respondent_name="")
    sent = [reply("a", "Bernd Meyer"), reply("b", "Bernd Meyer", order=unnamed), reply("c")]
    found = {s.reply.source: s for s in settle(sent)}
    assert {s.reply.source: s for s in settle(sent[::-1])} == found


def test_another_name_in_two_spellings_is_one_person():
    found = fates(
        [reply("a", "Eva Kern"), reply("b", "Kern, Eva", day=1), reply("c", "kern", day=2)]
    )
    assert found == {"a": "superseded", "b": "superseded", "c": "counts"}


def test_another_name_is_a_further_respondent():
    own, other = settle([reply("own", "Anna Meyer"), reply("other", "Eva Kern ", day=1)])
    assert (own.counts, own.shared, own.findings) == (True, False, ())
    assert (other.counts, other.shared, codes(other)) == (True, True, ["shared-card"])
    assert dict(other.findings[0].details) == {"name": "Eva Kern", "issued_to": "Anna Meyer"}


def test_another_name_is_marked_though_alone():
    assert by_source([reply("other", "Eva Kern")]) == {"other": (None, ["shared-card"])}


def test_another_name_has_its_own_latest():
    found = by_source(
        [reply("e1", "Eva Kern"), reply("e2", "eva kern", day=1), reply("a", "Anna Meyer", day=2)]
    )
    assert found == {
        "e1": ("e2", ["shared-card", "superseded"]),
        "e2": (None, ["shared-card"]),
        "a": (None, []),
    }


def test_a_blank_is_the_addressee_if_she_named_herself():
    found = by_source(
        [reply("a", "Anna Meyer"), reply("blank", day=1), reply("e", "Eva Kern", day=2)]
    )
    assert found["a"][0] == "blank"
    assert found["e"][0] is None


def test_a_blank_is_the_only_other_name():
    found = by_source([reply("e", "Eva Kern"), reply("blank", day=1)])
    assert found == {"e": ("blank", ["shared-card", "superseded"]), "blank": (None, [])}


def test_a_dash_is_the_addressee_beside_another_name():
    dash = reply("a", "-")
    dash = replace(dash, answers=replace(dash.answers, called=Called()))
    assert all(s.counts for s in settle([dash, reply("b", "Jo Kern", day=1)]))
    found = settle([dash, reply("b", "", day=1)])
    assert [s.counts for s in found] == [False, True]


def test_a_blank_among_several_other_names_is_the_addressee():
    found = by_source(
        [reply("e", "Eva Kern"), reply("o", "Otto Lang"), reply("b1"), reply("b2", day=1)]
    )
    assert {source for source, (by, _) in found.items() if by is None} == {"e", "o", "b2"}
    assert found["b1"][0] == "b2"


def test_a_corrected_name_makes_nobody_a_second_respondent():
    before = replace(ORDER, respondent_name="Anna Maier")
    assert by_source([reply("b1", order=before), reply("b2", day=1)])["b1"][0] == "b2"
    # the name she typed is the one of the corrected card, on which she left it blank
    found = by_source([reply("typed", "Anna Meyer", order=before), reply("blank", day=1)])
    assert found["typed"][0] == "blank"


def test_a_card_issued_to_no_name_is_not_shared():
    nobody = replace(ORDER, respondent_name=" ")
    found = by_source([reply("e", "Eva Kern", order=nobody), reply("o", "Otto", order=nobody)])
    assert found == {"e": (None, []), "o": (None, [])}


def test_the_later_covers_less():
    full, half, none = reply("full"), reply("half", day=1, rated=1), reply("none", day=2, rated=0)
    *_, last = settle([full, half, none])
    assert codes(last) == ["later-covers-less"]
    assert dict(last.findings[0].details) == {"earlier": "full", "before": 1, "now": 0}
    assert codes(settle([full, none, half])[0]) == ["superseded"]
    # of several fuller ones that cover the same the latest is named
    again = reply("again", rated=2, day=0.5)
    for inbox in ([full, again, half], [again, full, half]):
        assert dict(settle(inbox)[-1].findings[0].details)["earlier"] == "again"


def test_the_later_covers_as_much_or_more():
    assert by_source([reply("half", rated=1), reply("full", day=1)])["full"] == (None, [])
    assert by_source([reply("one"), reply("two", day=1)])["two"] == (None, [])
    # another person's fuller card is no earlier one
    assert by_source([reply("e", "Eva Kern"), reply("a", day=1, rated=1, name="Anna Meyer")])[
        "a"
    ] == (None, [])


@st.composite
def inboxes(draw, more=()):
    orders = [
        ORDER,
        replace(ORDER, account="DORN", respondent_name="anna  meyer"),
        replace(ORDER, respondent_name="Anna Maier"),
        replace(ORDER, respondent_name=""),
        replace(ORDER, segment="valves"),
    ]
    names = ["", " ", "Anna Meyer", "ANNA MEYER", "Anna Maier", "Eva Kern", "Otto Lang", *more]
    times = [None, NOON, NOON.replace(tzinfo=UTC), NOON + timedelta(days=1)]
    times.append(NOON.replace(tzinfo=timezone(timedelta(hours=-2))))
    return [
        reply(
            f"inbox/{n}.xlsx",
            draw(st.sampled_from(names)),
            rated=draw(st.integers(0, 2)),
            order=draw(st.sampled_from(orders)),
            saved=draw(st.sampled_from(times)),
        )
        for n in draw(st.permutations(range(draw(st.integers(0, 7)))))
    ]


@given(inboxes(("Bernd Meyer", "Meyer", "Kern", "Eva", "E. Kern", "Voss")), st.randoms())
def test_the_order_of_the_files_is_irrelevant(inbox, random):
    asked = [ORDER, replace(ORDER, respondent="voss", respondent_name="Jo Voss")]
    found = {s.reply.source: s for s in settle(inbox, asked)}
    random.shuffle(inbox)
    random.shuffle(asked)
    assert {s.reply.source: s for s in settle(inbox, asked)} == found
    assert all(s.counts + s.waits <= 1 for s in found.values())


def _spelled_once(settled):
    """The name typed; Anna Maier is how somebody heard Anna Meyer's."""
    return " ".join(settled.reply.answers.name.casefold().split()).replace("maier", "meyer")


@given(inboxes())
def test_every_reply_counts_or_is_superseded_by_one_that_counts(inbox):
    settled = {s.reply.source: s for s in settle(inbox)}
    assert len(settled) == len(inbox)
    for one in settled.values():
        assert [found.code in CODES for found in one.findings] == [True] * len(one.findings)
        assert ("superseded" in codes(one)) == (not one.counts)
        assert ("shared-card" in codes(one)) == one.shared
        if not one.counts:
            winner = settled[superseded_by(one)]
            assert winner.counts
            assert winner.reply.order.key == one.reply.order.key
            names = {_spelled_once(s) for s in (one, winner)}
            assert len(names - {""}) <= 1
    # every name that was typed has exactly one reply that counts; blanks add at most one person
    people = {}
    for s in settled.values():
        name = _spelled_once(s)
        people.setdefault(s.reply.order.key, set()).add(name)
    counting = Counter(s.reply.order.key for s in settled.values() if s.counts)
    for key, names in people.items():
        named = len(names - {""})
        assert counting[key] in ({named, named + 1} if "" in names and named > 1 else {named or 1})
