"""The account brief on one page: the portfolio's figures, and no more than fits."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from kamxl.core.portfolio.brief import brief_of
from kamxl.forms.portfolio.brief import brief_page
from kamxl.forms.portfolio.one_page import (
    GAP,
    HEAD,
    LINE,
    WIDTHS,
    Item,
    OnePage,
    Part,
    fitted,
    height,
    shortened,
    told,
)
from kamxl.report import printing
from kamxl.report.html import render_page
from kamxl.wording.texts import languages, templates_folder
from tests.forms import portfolio_sample as sample

NASTY = {
    "wide": "WMWM " * 200,
    "word": "x" * 3000,
    "east": "漢字かな交じり文。" * 80,
    "pictures": "😀 ok " * 150,
    "capitals": "DIE LIEFERUNG KOMMT ZU SPÄT. " * 30,
    "short": "Kurz.",
    "turned": "abc \u202e def " * 20,
    "code": "<b>&amp; {{ x }}</b> " * 20,
}


def page_of(kind: str, language: str) -> OnePage:
    portfolio = getattr(sample, kind)()
    account = max(portfolio.accounts, key=lambda one: len(one.standing.actions))
    found = brief_of(portfolio, account.id)
    return brief_page(found, portfolio, language)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["full", "odd", "single", "unplanned"])
def test_it_can_be_said_of_every_portfolio(kind: str, language: str) -> None:
    page = page_of(kind, language)
    html = render_page(page).decode()
    assert html.count("<h2>") == 7
    assert "{{" not in html
    assert sample.HOSTILE not in html  # its quotes are escaped: it is text


def test_every_figure_is_the_portfolios() -> None:
    portfolio = sample.full()
    for account in portfolio.accounts:
        found = brief_of(portfolio, account.id)
        assert found.account is account
        for want in found.wants:
            (segment,) = [one for one in account.segments if one.id == want.segment]
            assert want.weight == segment.requirement(want.id).weight
            assert want.gap == segment.gaps.get(want.id)
            best = segment.best_per_requirement.get(want.id)
            assert want.best == (best.rating if best else None)
            of_rival = segment.rival(best.supplier) if best else None
            judged = of_rival is not None and of_rival.lead.verdict is not None
            part = of_rival.parts.get(want.id, 0.0) if judged else 0.0
            assert want.lost == pytest.approx(max(0.0, -part))
        assert {s.id for s in found.uncompared} == {
            s.id for s in account.answered if s.lead.verdict is None
        }
        days = [found.late(action) or 0 for action in found.actions]
        late = [action.id for action, by in zip(found.actions, days, strict=True) if by]
        assert late == [action.id for action in account.standing.overdue]
    with pytest.raises(KeyError):
        brief_of(portfolio, "nobody")


@pytest.mark.parametrize("kind", NASTY)
def test_what_does_not_fit_is_counted_and_nothing_is_cut(kind: str) -> None:
    text = told(NASTY[kind])
    items = tuple(Item(text[:60], text, text[:90]) for _ in range(60))
    parts = [Part(key, "Überschrift", items) for key in "abcd"]
    made = fitted(parts, 500, WIDTHS[0], str)
    used = sum(HEAD + LINE + GAP + sum(height(i, WIDTHS[0]) for i in p.items) for p in made)
    assert used <= 500
    for part in made:
        assert int(part.more) + len(part.items) == 60
        for item in part.items:
            assert text.startswith(item.text.removesuffix(" […]"))
            assert not item.text.endswith(" […]") or item.text[-5] in ".!?…"


def test_a_long_text_is_told_by_whole_sentences() -> None:
    long = "Das ist der erste Satz. " * 30
    made = shortened(Item("", long.strip()))
    assert made.text.endswith("Satz. […]")
    assert len(made.text) < 310
    whole = Item("", "ohne Punkt " * 60)
    assert shortened(whole) is whole


def test_nothing_printed_is_below_nine_points() -> None:
    style = (Path(templates_folder()) / "report" / "brief.html.j2").read_text(encoding="utf-8")
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: ([\d.]+)pt", style)]
    assert len(sizes) > 5
    assert min(sizes) >= 9


@pytest.mark.proof
@pytest.mark.skipif(printing.browser() is None, reason="no browser is installed here")
def test_printed_it_is_one_sheet_whatever_people_typed() -> None:
    """All nasty texts in one document, a sheet each: as many pages come out as sheets went in."""
    base = page_of("full", "de")
    command = printing.browser()
    assert command is not None
    for text in (NASTY["capitals"], NASTY["short"], NASTY["east"]):
        items = tuple(Item(told(text)[:60], told(text), told(text)[:90]) for _ in range(60))
        room = 540.0
        columns = tuple(
            fitted([Part(key, "Wort", items) for key in keys], room, width, str)
            for keys, width in zip(("abcd", "efg"), WIDTHS, strict=True)
        )
        pdf = printing.as_pdf(render_page(replace(base, columns=columns)), command)
        assert pdf is not None
        assert printing.pages_of(pdf) == 1


def test_below_the_line_nobody_is_behind_and_an_earlier_answer_says_so() -> None:
    """What is red has a verdict; what stands in for a missing answer names its period."""
    seen = set()
    for kind in ("full", "odd", "unplanned"):
        portfolio = getattr(sample, kind)()
        for account in portfolio.accounts:
            found = brief_of(portfolio, account.id)
            page = brief_page(found, portfolio, "en", room=9)
            wants = next(part for part in page.columns[0] if part.key == "wants")
            weighed = [want for want in found.wants if want.weight]
            for item, want in zip(wants.items, weighed, strict=True):
                (segment,) = [one for one in account.segments if one.id == want.segment]
                rivals = [one for one in segment.rivals if one.id == want.rival]
                judged = any(one.lead.verdict is not None for one in rivals)
                assert item.look != "bad" or judged
                assert ("(earlier)" in item.note) == segment.earlier
                seen |= {item.look, segment.earlier, judged}
            asked = next(part for part in page.columns[1] if part.key == "ask")
            assert asked.items or not found.lost
    assert seen == {"bad", "", True, False}
