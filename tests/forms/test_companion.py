"""The companion's workbook: known by its mark, the same for the same, safe and live."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import pairwise

import pytest

from kamxl.core.method.programmes import Action
from kamxl.core.records.plan import PlanIdentity
from kamxl.core.roles import Role
from kamxl.excel.reading.book import read as read_workbook
from kamxl.excel.writing.draw import build, render
from kamxl.forms.paper.book import Formula
from kamxl.forms.paper.raw import RawBook
from kamxl.forms.plan import book as plan_form
from kamxl.forms.plan import companion as form
from kamxl.forms.tables.mark import find_marks
from kamxl.wording.texts import texts
from tests.forms.companions import companion, plan, reply
from tests.proof import need, recalc, validate

LANGUAGES = ("de", "en")
STAMP = datetime(2026, 1, 1)


@cache
def drawn(language: str) -> bytes:
    return render(build(form.book(companion(), language, STAMP)))


@cache
def raw(language: str) -> RawBook:
    return read_workbook(drawn(language))


def texts_of(book: RawBook) -> set[str]:
    return {cell.text for sheet in book.sheets for cell in sheet.cells.values()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_known_by_its_mark_and_is_neither_plan_nor_card(language: str) -> None:
    found = form.marked(raw(language))
    digest = form.digest_of(companion(), language)
    assert found == form.Marked(PlanIdentity("w", "ALPHA", "2026-H1"), digest)
    assert not plan_form.is_plan(raw(language))
    assert not find_marks(raw(language))
    assert form.marked(RawBook(())) is None


def test_the_same_is_the_same_and_anything_else_another() -> None:
    assert render(build(form.book(companion(), "de", STAMP))) == drawn("de")
    digests = {
        form.digest_of(companion(), "de"),
        form.digest_of(companion(), "en"),
        form.digest_of(companion([reply()]), "de"),
        form.digest_of(replace(companion(), name="Alpha"), "de"),
    }
    assert len(digests) == 4


def test_nobody_types_into_what_is_written_anew() -> None:
    (sheet,) = form.book(companion(), "de", STAMP).sheets
    assert sheet.protected


@pytest.mark.parametrize("language", LANGUAGES)
def test_ids_stand_first_and_an_action_can_aim_at_them(language: str) -> None:
    first = {
        cell.text for (_, column), cell in raw(language).sheets[0].cells.items() if column == 1
    }
    wishes = {one.wish.id for one in companion().wishes}
    assert wishes | {"pumps/q", "pumps/t", "pumps/p", "pumps/own1", "growth", "v1"} <= first


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_was_said_is_there_as_text(language: str) -> None:
    said = {
        "=zu viele Ansprechpartner", "Im Norden und in Dänemark", "Freitags fehlt noch jemand",
        "Gemessen im Mai", "Nach dem Umbau", "Lager besichtigen", "Nähe zum Werk",
    }  # fmt: skip
    assert said <= texts_of(raw(language))
    formulas = [c for c in raw(language).sheets[0].cells.values() if c.formula]
    assert len(formulas) == 2 + 4  # totals, requirements


def test_nothing_came_back_is_said() -> None:
    book = form.book(companion([]), "en", STAMP)
    said = [cell.content for cell in book.sheets[0].cells.values()]
    assert "Nothing came back so far." in said
    assert not any(isinstance(one, Formula) for one in said)


def test_no_heading_ends_a_page() -> None:
    many = companion()
    long = replace(many, wishes=many.wishes * 12, requirements=many.requirements * 5)
    sheet = form.book(long, "de", STAMP).sheets[0]
    assert sheet.page_breaks
    assert sheet.scale is not None
    assert sheet.scale >= 80
    pages = [0, *sheet.page_breaks, max(row for row, _ in sheet.cells)]
    for first, last in pairwise(pages):
        assert sum(sheet.heights.get(row, 15) for row in range(first + 1, last + 1)) <= form.PAGE
        assert sheet.heights.get(last) != 30  # the heads of columns alone


@pytest.mark.proof
@pytest.mark.parametrize("language", LANGUAGES)
def test_other_programs_calculate_the_same(language: str, tmp_path) -> None:
    path = tmp_path / "companion.xlsx"
    path.write_bytes(drawn(language))
    need([*recalc.available(), *validate.available()])
    assert recalc.differences(path) == []
    assert validate.problems(path) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_her_people_are_apart_is_a_next_step(language: str) -> None:
    """Until an action names it; 30 apart is above the team's threshold, 20 is not."""
    apart = companion([reply(), reply("c2", Role.PURCHASER, (80.0, 80.0, 10.0))])
    (talk,) = apart.talks
    assert (talk.id, talk.range, talk.planned) == ("p", 30.0, False)
    found = texts_of(read_workbook(render(build(form.book(apart, language, STAMP)))))
    t = texts(language)
    assert {t("plan.companion.talks.title"), "Person c2 10, Person c1 40"} <= found
    aimed = Action("M1", "Darüber sprechen", account="ALPHA", segment="pumps", requirement="p")
    (talk,) = companion([reply(), reply("c2", us=(80, 80, 10))], plan(actions=(aimed,))).talks
    assert talk.planned
    assert not companion().talks
    assert t("plan.companion.talks.title") not in texts_of(raw(language))
