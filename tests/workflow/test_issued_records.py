"""The issued records as they travel to a process apart: the same, and looked through once."""

from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from kamxl.core.records.register import AskedRequirement
from kamxl.workflow.incoming.issued_records import IssuedRecords
from tests.core.test_seal import ORDER, OTHER

RECORDS = {
    "a": ORDER,
    "b": replace(ORDER, **OTHER),
    "c": replace(ORDER, respondent="c2", respondent_email="ADA@example.com"),
    "d": replace(ORDER, requirements=(AskedRequirement("z", "Zeit"),), respondent_email=""),
}


@pytest.fixture(params=["here", "there", "further"])
def records(request: pytest.FixtureRequest) -> IssuedRecords:
    """As they are where they were read, where they were sent, and where they were sent on."""
    made = IssuedRecords(RECORDS)
    for _ in range(["here", "there", "further"].index(request.param)):
        made = pickle.loads(pickle.dumps(made))  # noqa: S301 our own
    return made


def test_records_of_all_kinds_are_the_same_when_they_arrive(records: IssuedRecords) -> None:
    assert dict(records) == RECORDS
    assert list(records) == list(RECORDS)
    assert len(records) == len(RECORDS)
    assert "a" in records
    assert "e" not in records
    assert records.get("e") is None


def test_what_is_asked_of_all_of_them_is_what_going_through_them_finds(
    records: IssuedRecords,
) -> None:
    assert records.by_address == {"ada@example.com": ("a", "b", "c"), "": ("d",)}
    assert records.of_forgotten == (RECORDS["b"],)
    assert records.asking_alike == (RECORDS["a"], RECORDS["b"], RECORDS["d"])
    assert records.held > sum(len(digest) for digest in RECORDS)


def test_none_are_none() -> None:
    none = pickle.loads(pickle.dumps(IssuedRecords()))  # noqa: S301 our own
    assert (dict(none), none.by_address, none.held) == ({}, {}, 0)
