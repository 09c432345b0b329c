"""Periods: which texts are one, when they end, and their order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kamxl.core.period import Period

TEXTS = st.builds(
    lambda year, part: f"{year:04}{part}",
    st.integers(1, 9999),
    st.sampled_from(
        ["", "-H1", "-H2", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{month:02}" for month in range(1, 13))]
    ),
)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-H1", date(2026, 1, 1), date(2026, 6, 30)),
        ("2026-H2", date(2026, 7, 1), date(2026, 12, 31)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q2", date(2026, 4, 1), date(2026, 6, 30)),
        ("2026-Q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
        ("9999", date(9999, 1, 1), date(9999, 12, 31)),
        ("0001-01", date(1, 1, 1), date(1, 1, 31)),
    ],
)
def test_parse(text, first, last):
    period = Period.parse(text)
    assert (period.first_day, period.last_day, period.text) == (first, last, text)
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "26", "20266", "0000", "0000-Q1", "2026-H0", "2026-H3", "2026-Q0", "2026-Q5"),
        *("2026-00", "2026-13", "2026-1", "2026-h1", "2026-q1", "2026Q1", "2026-", "2026-Q"),
        *("2026-Q11", "H1-2026", " 2026", "2026 ", "2026\n", "-2026", "2026-01-01", "2026/01"),
        *("２０２６", "٢٠٢٦", "2026-H²"),
    ],
)
def test_anything_else_is_none(text):
    assert Period.parse(text) is None


def test_ordered_by_last_day_the_longer_first():
    order = ["2025-12", "2026-Q1", "2026-04", "2026-H1", "2026-Q2", "2026-06", "2026-11"]
    order += ["2026", "2026-H2", "2026-Q4", "2026-12", "2027-01"]
    assert [p.text for p in sorted(map(Period.parse, reversed(order)))] == order


@given(TEXTS, TEXTS)
def test_the_order_is_total_and_equal_means_equal_text(one, other):
    a, b = Period.parse(one), Period.parse(other)
    assert (a == b) == (one == other)
    assert (hash(a) == hash(b)) or one != other
    assert [a < b, a == b, a > b].count(True) == 1
    if a.last_day != b.last_day:
        assert (a < b) == (a.last_day < b.last_day)


@given(st.text(max_size=10))
def test_what_is_parsed_is_kept_as_it_stands(text):
    period = Period.parse(text)
    assert period is None or (period.text == text and period.first_day < period.last_day)
