"""The portfolio on paper: nothing smaller than one can read, nothing cut, whatever people write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl.utils import range_boundaries

from kamxl.core.portfolio.following import Handled
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import Reply, Wish
from kamxl.excel.writing.draw import build, render
from kamxl.forms.portfolio.book import book
from kamxl.forms.portfolio.map import HELP
from kamxl.wording.texts import texts
from kamxl.workflow.start.sample import PERIOD
from tests.forms import portfolio_sample as sample
from tests.forms.portfolio_plans import AS_OF, plans
from tests.proof.printed import missing, printed, too_small

LONG = (
    "Die Ersatzteilverfügbarkeitsgarantie für Hochgeschwindigkeitsabfüllanlagen hilft uns wenig, "
    "solange der Wiederanlauf nach einem Stillstand jedes Mal neu verhandelt werden muss; "
)


def _nasty() -> Portfolio:
    """Long texts wherever somebody types one, long words, many rivals, over 16 requirements."""
    of = sample.register()
    of = replace(
        of,
        accounts=tuple(
            replace(one, name=f"{one.name} Donaudampfschifffahrtsgesellschaft und Söhne {n}")
            for n, one in enumerate(of.accounts)
        ),
    )
    answered = [_talkative(reply, n) for n, reply in enumerate(sample.replies(of))]
    return assemble(of, PERIOD, answered, sample.files(answered), plans(of, answered), AS_OF)


def _talkative(reply: Reply, number: int) -> Reply:
    if number % 5:
        return reply
    comments = {one.id: f"{LONG * 3}Nr. {number}" for one in reply.order.requirements[:2]}
    wish = Wish("W1", f"{LONG * 2}Nr. {number}", f"Abhilfe: {LONG * 2}", 70.0)
    answers = replace(reply.answers, comments=comments, wishes=(wish,))
    return replace(reply, answers=answers)


@pytest.mark.proof
def test_all_of_it_can_be_read_on_paper(tmp_path: Path) -> None:
    portfolio = _nasty()
    remarks = {one.id: f"{LONG * 4} {n}" for n, one in enumerate(portfolio.accounts[:3])}
    made = book(portfolio, "de", sample.STAMP, remarks)
    assert all(len(sheet.column_breaks) < 9 for sheet in made.sheets)
    page = printed(render(build(made)), tmp_path)
    assert too_small(page) == []
    # what pictures are drawn with stands right of them; of what was said, what was handled is
    # printed, and how many rows are not is said above
    follow = made.sheet("follow")
    _, _, _, last = range_boundaries(str(follow.print_area))
    beside = {made.sheet("map").title: HELP} | {
        sheet.title: range_boundaries(str(sheet.print_area))[2] + 1
        for sheet in map(made.sheet, ("follow", "voices", "trend", "benchmark"))
    }
    assert missing(page, beside, {follow.title: last}) == []
    waiting = sum(one.handled is Handled.NONE for one in portfolio.follow.threads)
    said = texts("de")("portfolio.follow.printed", count=waiting)
    assert "".join(said.split()) in "".join(page.text.split())
    assert page.pages < 300
