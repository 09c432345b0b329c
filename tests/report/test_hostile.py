"""Whatever stands in a cell, a name, a comment or a sentence comes out as text and nothing else."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from kamxl.core.finding import finding
from kamxl.core.method.scoring import Scorecard
from kamxl.core.portfolio.whole import Portfolio, assemble
from kamxl.core.records.register import Register
from kamxl.forms.paper.book import Book, Formula
from kamxl.forms.portfolio.book import book as book_of
from kamxl.forms.portfolio.news import news
from kamxl.report.html import render
from kamxl.report.plain import plain
from kamxl.wording.texts import texts
from tests.forms import portfolio_sample as sample
from tests.report.reading import Reader, assert_harmless

TEXTS = {
    "script": "<script>alert(1)</script>",
    "end of style": "</style><script>alert(1)</script>",
    "end of title": "</title></head><body onload=alert(1)>",
    "attribute": '"><img src=x onerror=alert(1)>',
    "single quote": "' onmouseover='alert(1)",
    "svg": "</text></svg><svg onload=alert(1)>",
    "comment": "<!-- --><![CDATA[ <?php ?>",
    "entity": "&lt;b&gt; &#60;script&#62; &amp;",
    "formula": "=cmd|'/c calc'!A0",
    "link": "javascript:alert(1)",
    "address": "https://evil.example/?q=1",
    "style": "};body{background:url(//evil.example)}",
    "template": "{{ 7*7 }}{% include 'x' %}{# #}",
    "full width": "＜script＞alert（１）＜／script＞",
    "long": "x" * 40_000,
    "long words": "lorem <b>ipsum</b> " * 2_000,
    "lines": "one\ntwo\r\nthree\u2028four",
}
UNSEEN = {
    "nul": ("a\x00b", "a␀b"),
    "controls": ("a\x01\x08\x1b[31m\x7f\x9fb", "a␁␈␛[31m␡⟨U+009F⟩b"),
    "override": ("card\u202excod.xlsx", "card⟨U+202E⟩xcod.xlsx"),
    "isolate": ("a\u2066b\u2069", "a⟨U+2066⟩b⟨U+2069⟩"),
    "half": ("a\ud800b", "a⟨U+D800⟩b"),
    "no character": ("a\ufffe\U0001ffffb", "a⟨U+FFFE⟩⟨U+1FFFF⟩b"),
    "tags": ("a\U000e0041\ufeffb", "a⟨U+E0041⟩⟨U+FEFF⟩b"),
    "breaks": ("a\r\nb\rc\u2029d", "a\nb\nc\nd"),
    "kept": ("Zoë\tŁódź 北京 שלום 👍🏽", "Zoë\tŁódź 北京 שלום 👍🏽"),
}


@pytest.fixture(scope="module")
def plainly() -> tuple[Book, dict[str, list[str]]]:
    portfolio = sample.single()
    book = book_of(portfolio, "de", sample.STAMP, {"BRACKENLEY": "remark"})
    return book, news(portfolio, texts("de"))


def everywhere(book: Book, bad: str) -> Book:
    """The book with ``bad`` as every text of it, but for the keys by which code knows columns."""
    made = copy.deepcopy(book)
    made.title = bad
    for number, sheet in enumerate(made.sheets):
        sheet.title = f"{bad}{number}"
    named = {
        old.ref("A1"): new.ref("A1") for old, new in zip(book.sheets, made.sheets, strict=True)
    }

    def moved(place: str | None) -> str | None:
        found = next((old for old in named if place and place.startswith(old[:-4])), None)
        return place if found is None else named[found][:-4] + str(place)[len(found) - 4 :]

    for sheet in made.sheets:
        keys = {sheet.title_rows[1] if sheet.title_rows else 0, 7}
        for at, cell in sheet.cells.items():
            content = cell.content
            if at[0] in keys:
                continue
            if isinstance(content, str) and content:
                sheet.cells[at] = replace(cell, content=bad)
            elif isinstance(content, Formula) and isinstance(content.value, str) and content.value:
                sheet.cells[at] = replace(cell, content=Formula(content.text, bad))
        sheet.charts = [
            replace(
                chart,
                title=bad,
                x_title=bad,
                y_title=bad,
                description=bad,
                series=tuple(
                    replace(
                        one,
                        values=str(moved(one.values)),
                        categories=moved(one.categories),
                        title_ref=moved(one.title_ref),
                        sizes=moved(one.sizes),
                        title=bad,
                    )
                    for one in chart.series
                ),
            )
            for chart in sheet.charts
        ]
    return made


@pytest.mark.proof
@pytest.mark.parametrize(
    "bad", [*TEXTS.values(), *(b for b, _ in UNSEEN.values())], ids=[*TEXTS, *UNSEEN]
)
def test_a_text_everywhere_stays_text(plainly, bad):
    book, lists = plainly
    before = Reader(render(book, lists))
    data = render(everywhere(book, bad), {key: [bad] * len(said) for key, said in lists.items()})
    page = Reader(data)
    assert_harmless(page)
    shown = plain(bad)
    assert page.text.count(shown) > 50
    # What unfolds and what leads to a file depends on the text itself; nothing else does.
    own = {"details", "summary", "span", "a", "figure", "svg", "rect", "path", "circle", "text",
           "g", "title", "ul", "li", "h3", "div"}  # fmt: skip
    unfolded = [tag for tag in page.tags if tag not in own]
    assert unfolded == [tag for tag in before.tags if tag not in own]
    described = [value for tag, name, value in page.attributes
                 if name == "aria-label" and tag == "svg"]  # fmt: skip
    assert set(described) == {shown}
    for number in (*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F)):
        assert chr(number) not in data.decode()


@pytest.mark.parametrize(("bad", "good"), UNSEEN.values(), ids=UNSEEN)
def test_what_cannot_be_seen(bad, good):
    assert plain(bad) == good
    assert plain(good) == good


def handed_in(bad: str, account: str = "BRACKENLEY") -> Portfolio:
    """One account's portfolio; somebody typed every name, label, comment, wish and path of it."""
    of = sample.register()
    made: Register = replace(
        of,
        settings=replace(of.settings, company=bad),
        accounts=tuple(replace(a, name=bad, manager=bad) for a in of.accounts if a.id == account),
        segments=tuple(replace(s, name=bad) for s in of.segments if s.account == account),
        candidates=tuple(c for c in of.candidates if c.account == account),
    )
    answered = []
    for reply in sample.replies(of):
        if reply.order.account != account:
            continue
        card = reply.answers.scorecard
        asked = tuple(replace(r, label=bad) for r in card.requirements)
        answers = replace(
            reply.answers,
            scorecard=Scorecard(asked, card.ratings),
            comments=dict.fromkeys((r.id for r in asked), bad),
            name=bad,
            wishes=tuple(replace(w, issue=bad, remedy=bad) for w in reply.answers.wishes),
        )
        answered.append(replace(reply, answers=answers))
    files = [
        replace(f, path=f"inbox/{n}{bad}", name=bad, findings=(finding("number-text", value=bad),))
        for n, f in enumerate(sample.files(answered))
    ]
    return assemble(made, sample.PERIOD, answered, files)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("key", "language"),
    [("script", "de"), ("attribute", "en"), ("formula", "de"), ("link", "en"), ("long", "de")],
)
def test_what_somebody_typed_stays_text(key, language):
    bad = TEXTS[key] + "\x00\u202e"
    portfolio = handed_in(bad)
    book = book_of(portfolio, language, sample.STAMP, {"BRACKENLEY": bad})
    page = Reader(render(book, news(portfolio, texts(language), 300)))
    assert_harmless(page)
    assert page.text.count(plain(bad)) > 40
    assert "\u202e" not in page.text
    assert "\x00" not in page.text
