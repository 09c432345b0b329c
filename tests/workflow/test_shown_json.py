"""The JSON of one card: what its lead rests on stands beside it."""

from __future__ import annotations

import pytest

from kamxl.core.finding import Fate
from kamxl.core.ids import US
from kamxl.core.records.register import Answers, FileResult, Requirement, Scorecard
from kamxl.wording.texts import texts
from kamxl.workflow.shown.json import file_json


def card(*rival: float | None) -> dict[str, object]:
    """The JSON of a card whose requirements weigh 30, 20 and 50, and who see us at 80."""
    rows = tuple(Requirement(i, i, w) for i, w in (("a", 30.0), ("b", 20.0), ("c", 50.0)))
    theirs = dict(zip("abc", rival, strict=True))
    ratings = {US: dict.fromkeys("abc", 80.0), "borel": theirs}
    answers = Answers(Scorecard(rows, ratings), {})
    file = FileResult("f.xlsx", "f.xlsx", "scorecard", Fate.ACCEPTED, answers=answers)
    found = file_json(file, texts("en"))["scorecard"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("rival", "best", "lead", "raters", "weights", "enough"),
    [
        ((70.0, 70.0, 70.0), "borel", 10.0, 1, 1.0, True),
        ((70.0, 70.0, None), "borel", 10.0, 1, 0.5, True),
        ((40.0, None, None), "borel", 40.0, 1, 0.3, False),
        ((None, None, None), None, None, 0, 0.0, False),
    ],
)
def test_a_lead_says_what_it_rests_on(rival, best, lead, raters, weights, enough):
    found = card(*rival)
    assert (found["best_competitor"], found["lead"]) == (best, lead)
    assert found["basis"] == {
        "raters": raters,
        "of": 1,
        "weights": pytest.approx(weights),
        "revenue": None,
        "enough": enough,
    }
