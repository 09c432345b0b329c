"""What becomes of a card whose rows or columns nobody can tell, and of one that lost its mark."""

from __future__ import annotations

import pytest

from kamxl.core.finding import Fate
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.scorecard import reading
from kamxl.store.inbox import Entry
from kamxl.workflow.incoming.issued_records import IssuedRecords
from kamxl.workflow.incoming.judge import Known, judge
from tests.forms.test_scorecard_beside import CARD, LABELS, sheet_of
from tests.forms.test_scorecard_identity import CARD as ENGLISH
from tests.forms.test_scorecard_identity import FILLED, down, typed, with_cells

KNOWN = Known("abcd1234", (b"key",), IssuedRecords({"digest": CARD}))


def judged(book: RawBook, known: Known | None = KNOWN) -> tuple[Fate, list[str]]:
    entry = Entry("inbox/a.xlsx", data=b"x")
    found = judge(entry, known, lambda _: book)
    return found.fate, [one.code for one in found.findings]


def test_a_card_that_lost_its_mark_waits_and_a_strangers_workbook_does_not() -> None:
    assert judged(sheet_of(*((label, 80.0) for label in LABELS))) == (
        Fate.ATTENTION,
        ["mark-missing"],
    )
    assert judged(sheet_of(("Name", "Gewicht"), ("Kiste", 5.0))) == (Fate.IGNORED, ["not-ours"])


@pytest.mark.parametrize(
    ("change", "fate"),
    [
        (typed(B11="Price"), Fate.ATTENTION),
        (typed(D8="Krones AG"), Fate.ATTENTION),
        (down("D", 12, 25), Fate.ATTENTION),
        (typed(E8="Krones AG"), Fate.PROVISIONAL),
        (down("E", 12, 25), Fate.PROVISIONAL),
        (typed(E8="Quandt & Reuter KG", F8="Borel Systèmes SA"), Fate.ACCEPTED),
        (typed(L12="please call me"), Fate.ACCEPTED),
    ],
)
def test_only_what_nobody_can_tell_waits(change, fate, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    whole = reading.read
    monkeypatch.setattr(reading, "read", lambda raw, *_: whole(raw, ENGLISH))
    assert judged(with_cells(FILLED, change), None)[0] is fate
