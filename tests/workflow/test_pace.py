"""How fast work gets on, as it is told: by a clock that is handed in."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest

from kamxl.cli.screen import _Counter
from kamxl.wording.texts import texts
from kamxl.workflow.pace import Pace, step


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lines(pace: Pace, clock: Clock, total: int, each: float, until: int) -> Iterator[str | None]:
    """What is shown while one after the other is done, each in so many seconds."""
    for done in range(1, until + 1):
        clock.now += each
        yield pace.line(done, total)


def test_what_takes_long_tells_how_long(clock: Clock) -> None:
    pace = Pace(texts("en"), clock)
    list(lines(pace, clock, 10_000, 1 / 45, 1_230))
    clock.now += 10 / 45
    assert pace.line(1_240, 10_000) == "1,240 of 10,000 · 45 a second · 4 min left"


def test_numbers_are_written_as_the_language_writes_them(clock: Clock) -> None:
    pace = Pace(texts("de"), clock)
    shown = [line for line in lines(pace, clock, 10_000, 0.25, 1_240) if line]
    assert shown[-1] == "1.240 von 10.000 · 4,0 pro Sekunde · noch 37 min"


def test_what_is_quick_says_only_how_much(clock: Clock) -> None:
    shown = [line for line in lines(Pace(texts("en"), clock), clock, 20, 0.1, 20) if line]
    assert shown[0] == "1 of 20"
    assert shown[-1] == "20 of 20"
    assert not any("second" in line for line in shown)


def test_a_line_comes_a_few_times_a_second_and_at_the_end(clock: Clock) -> None:
    shown = list(lines(Pace(texts("en"), clock), clock, 1_000, 0.001, 1_000))
    told = [line for line in shown if line]
    assert len(told) <= 7
    assert (told[0], shown[-1]) == ("1 of 1,000", "1,000 of 1,000")


def test_the_speed_is_that_of_now(clock: Clock) -> None:
    """Half of it was known from the last time; the rest takes what it takes."""
    pace = Pace(texts("en"), clock)
    assert pace.line(5_000, 10_000) == "5,000 of 10,000"
    list(lines(pace, clock, 10_000, 0.0001, 5_000))
    clock.now += 30
    for done in range(5_001, 5_101):
        clock.now += 1
        shown = pace.line(done, 10_000)
    assert shown == "5,100 of 10,000 · 1.0 a second · 1 h 30 min left"


@pytest.mark.parametrize(
    ("left", "told"),
    [(1, "5 s"), (42, "45 s"), (59, "60 s"), (60, "1 min"), (61, "2 min"), (3_599, "60 min"),
     (3_600, "1 h"), (5_000, "1 h 30 min"), (7_200, "2 h")],
)  # fmt: skip
def test_time_is_told_as_exactly_as_anybody_can_know(clock: Clock, left: int, told: str) -> None:
    pace = Pace(texts("en"), clock)
    total = 10 + left
    pace.line(0, total)
    clock.now += 10
    assert pace.line(10, total) == f"10 of {total:,} · 1.0 a second · {told} left"


def test_another_piece_of_work_begins_anew(clock: Clock) -> None:
    pace = Pace(texts("en"), clock)
    list(lines(pace, clock, 100, 0.5, 100))
    assert pace.line(1, 30) == "1 of 30"


def test_what_is_not_counted_has_a_name(clock: Clock) -> None:
    pace = Pace(texts("de"), clock)
    list(lines(pace, clock, 100, 0.5, 50))
    assert pace.step("portfolio") == "Das Portfolio wird geschrieben …"
    assert pace.step("") == ""
    assert pace.line(51, 100) == "51 von 100"  # what is counted after it has a pace of its own


def test_who_counts_alone_is_told_of_no_step() -> None:
    class Steps:
        told: list[str]

        def __call__(self, done: int, total: int) -> None:
            raise AssertionError

        def step(self, name: str) -> None:
            self.told.append(name)

    watching = Steps()
    watching.told = []
    step(watching, "portfolio")
    step(watching)
    assert watching.told == ["portfolio", ""]
    step(lambda done, total: None, "portfolio")
    step(None, "portfolio")


@pytest.mark.parametrize("counted", [False, True])
def test_a_line_is_taken_away_where_one_stands(counted: bool) -> None:
    screen = StringIO()
    counter = _Counter(Pace(texts("en"), Clock()), screen)
    counter.step("")
    assert screen.getvalue() == ""
    if counted:
        counter(1, 2)
    else:
        counter.step("portfolio")
    assert not screen.getvalue().endswith("\r\x1b[K")
    counter.step("")
    assert screen.getvalue().endswith("\r\x1b[K")
    before = screen.getvalue()
    counter.step("")
    assert screen.getvalue() == before
