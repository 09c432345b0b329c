"""When an answer was given: dates that cannot be true are skipped and said; honest ones stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.cards.timing import AHEAD, claimed, lateness, one_timed, timed
from kamxl.core.finding import Fate
from kamxl.core.records.dated import DISK, INSIDE, MAIL, Dated
from kamxl.core.records.register import FileResult

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
BEFORE, FAR = NOW - timedelta(days=3), datetime(2199, 1, 1, tzinfo=UTC)


def file(path: str = "a", kind: str = "scorecard", **dates: datetime) -> FileResult:
    said = tuple(Dated(by, dates[by]) for by in (MAIL, INSIDE, DISK) if by in dates)
    saved = said[0].at if said else None
    return FileResult(path, path, kind, Fate.ACCEPTED, saved=saved, dates=said)


def told(found: FileResult) -> list[tuple[str, object]]:
    assert {one.code for one in found.findings} <= {"saved-in-future"}
    return [(str(dict(f.details)["by"]), dict(f.details)["instead"]) for f in found.findings]


@pytest.mark.parametrize(
    ("dates", "saved", "said"),
    [
        ({"mail": BEFORE, "inside": NOW, "disk": NOW}, BEFORE, []),
        ({"inside": BEFORE, "disk": NOW}, BEFORE, []),
        ({"inside": BEFORE, "disk": FAR}, BEFORE, []),  # which nobody would have looked at
        ({}, None, []),
        ({"inside": FAR, "disk": BEFORE}, BEFORE, [("inside", "disk")]),
        ({"mail": BEFORE, "inside": FAR, "disk": NOW}, BEFORE, [("inside", "mail")]),
        ({"mail": FAR, "inside": BEFORE, "disk": NOW}, BEFORE, [("mail", "inside")]),
        ({"mail": FAR, "inside": FAR, "disk": NOW}, NOW, [("mail", "disk")]),
        ({"disk": FAR}, None, [("disk", "name")]),
        ({"inside": FAR, "disk": FAR}, None, [("inside", "name")]),  # said once of a file
    ],
)
def test_the_first_date_that_can_be_true_counts(dates, saved, said) -> None:
    found = one_timed(file(**dates), NOW)
    assert (found.saved, told(found)) == (saved, said)


def test_honest_clocks_differ() -> None:
    """A clock some minutes fast, and a program in the easternmost zone that takes it for UTC."""
    early = one_timed(file(inside=NOW - timedelta(hours=1), disk=BEFORE), NOW)
    for ahead in (timedelta(minutes=4), AHEAD):
        late = one_timed(file(inside=NOW + ahead, disk=BEFORE), NOW)
        assert (late.saved, told(late)) == (NOW + ahead, [])
        assert lateness(late.saved, None, "a") > lateness(early.saved, None, "b")
    beyond = one_timed(file(inside=NOW + AHEAD + timedelta(seconds=1), disk=BEFORE), NOW)
    assert (beyond.saved, told(beyond)) == (BEFORE, [("inside", "disk")])


def test_a_zone_is_no_future_and_a_date_without_one_is_utc() -> None:
    east = timezone(timedelta(hours=14))
    there = (NOW + timedelta(hours=13)).astimezone(east)
    assert told(one_timed(file(inside=there), NOW)) == []
    assert told(one_timed(file(inside=FAR.replace(tzinfo=None)), NOW)) == [("inside", "name")]
    assert told(one_timed(file(inside=datetime.max.replace(tzinfo=east)), NOW)) != []
    assert told(one_timed(file(inside=datetime.min.replace(tzinfo=east)), NOW)) == []


@pytest.mark.parametrize("kind", ["register", "portfolio", "unknown"])
def test_only_answers_and_plans_say_so(kind: str) -> None:
    assert told(one_timed(file(kind=kind, disk=FAR), NOW)) == []
    assert told(one_timed(file(kind="plan", disk=FAR), NOW)) != []
    ignored = replace(file(disk=FAR), fate=Fate.IGNORED)
    assert told(one_timed(ignored, NOW)) == []


def test_a_clock_that_is_behind_is_said_once_and_reorders_nothing() -> None:
    files = [file("a", inside=NOW, disk=NOW), file("b", inside=BEFORE, disk=NOW), file("c")]
    then = NOW - timedelta(days=400)
    listed, said = timed(files, then)
    assert listed == files
    (behind,) = said
    assert behind.code == "clock-behind"
    assert dict(behind.details) == {"now": "2025-03-30", "earliest": "2026-05-01", "count": 2}


def test_one_file_alone_is_no_sign_of_the_clock() -> None:
    (found, other), said = timed([file("a", disk=FAR), file("b", disk=BEFORE)], NOW)
    assert (said, told(found), told(other)) == ((), [("disk", "name")], [])
    (found,), said = timed([file("a", disk=FAR)], NOW)
    assert (said, told(found)) == ((), [("disk", "name")])


def test_without_a_clock_dates_stand() -> None:
    assert timed([file(inside=FAR)], None) == ([file(inside=FAR)], ())


def test_whoever_has_no_true_date_is_earlier_and_among_those_what_they_say_counts() -> None:
    true, far, farther, none = (
        one_timed(file(name, **dates), NOW)
        for name, dates in (
            ("d", {"disk": BEFORE}), ("c", {"disk": FAR}),
            ("b", {"disk": FAR + timedelta(days=1)}), ("a", {}),
        )
    )  # fmt: skip
    order = sorted([true, far, farther, none], key=lambda f: lateness(f.saved, claimed(f), f.path))
    assert [one.path for one in order] == ["a", "c", "b", "d"]


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(st.lists(st.dictionaries(st.sampled_from([MAIL, INSIDE, DISK]), MOMENTS), max_size=6))
def test_the_order_tomorrow_is_that_of_today_for_what_can_be_true(every) -> None:
    files = [file(str(n), **dates) for n, dates in enumerate(every)]

    def order(now: datetime) -> list[str]:
        settled = [one_timed(one, now) for one in files]
        return [
            f.path for f in sorted(settled, key=lambda f: lateness(f.saved, claimed(f), f.path))
        ]

    latest = max((d.at for f in files for d in f.dates), default=NOW)
    assert order(latest - AHEAD) == order(latest) == order(latest + timedelta(days=900))
