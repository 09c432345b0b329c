"""consolidate writes Portfolio.html beside Portfolio.xlsx; without it the workbook still stands."""

import os
from datetime import timedelta

import pytest

from kamxl.commands.consolidate import as_json as consolidate_json
from kamxl.commands.consolidate import words as consolidate_lines
from kamxl.errors import TemplateError
from kamxl.excel.reading.book import read
from kamxl.report import html
from kamxl.store import atomic
from kamxl.wording.texts import texts
from kamxl.workflow.incoming.consolidate import consolidate
from tests.report.reading import Reader, assert_harmless
from tests.workflow.making import NOW, hashes
from tests.workflow.test_consolidate import Screen, remark

DAY = timedelta(days=1)


@pytest.fixture
def answered(team):
    team.put("ALPHA.xlsx", team.filled(team.order()))
    return team


def run(team, **options):
    return consolidate(team.root, **{"now": NOW, **options})


def refusing(monkeypatch, name):
    """Another program holds the file of this name."""
    real = os.replace

    def refuses(source, target):
        if str(target).endswith(name):
            raise PermissionError(13, "in use")
        real(source, target)

    monkeypatch.setattr(atomic, "_RETRY_SECONDS", 0)
    monkeypatch.setattr(os, "replace", refuses)


@pytest.mark.proof
@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_is_written_after_the_workbook(answered, language):
    result = run(answered, language=language)
    assert (result.written, result.report) == ("Portfolio.xlsx", "Portfolio.html")
    data = (answered.root / "Portfolio.html").read_bytes()
    page = Reader(data)
    assert_harmless(page)
    assert ("html", "lang", language) in page.attributes
    assert "Alpha Werke" in page.text
    assert texts(language).number(66.0) in page.text
    said = consolidate_lines(result)
    assert [line for line in said if "Portfolio.html" in line] == said[-1:]
    run(answered, language=language)
    assert (answered.root / "Portfolio.html").read_bytes() == data
    assert not list(answered.root.glob(".kamxl-tmp-*"))


@pytest.mark.proof
def test_nothing_new_in_the_json(answered):
    assert set(consolidate_json(run(answered))) == {
        "counts", "register", "files", "accounts", "improvements", "what_if", "follow_up",
        "benefits", "chase", "portfolio", "companions",
    }  # fmt: skip


@pytest.mark.proof
def test_a_remark_is_on_the_page(answered):
    run(answered)
    remark(answered, ALPHA="<b>Termin</b> am 12.11.")
    run(answered)
    assert "<b>Termin</b> am 12.11." in Reader((answered.root / "Portfolio.html").read_bytes()).text


@pytest.mark.proof
def test_a_page_open_elsewhere_gets_a_dated_sibling(answered, monkeypatch):
    run(answered)
    before = (answered.root / "Portfolio.html").read_bytes()
    refusing(monkeypatch, "Portfolio.html")
    result = run(answered, now=NOW + DAY)
    assert (result.written, result.report) == ("Portfolio.xlsx", "Portfolio-2026-05-05.html")
    (found,) = [f for f in result.findings if f.code == "report-locked"]
    assert "Portfolio-2026-05-05.html" in texts("en").sentence(found)
    assert (answered.root / "Portfolio.html").read_bytes() == before
    assert_harmless(Reader((answered.root / result.report).read_bytes()))


@pytest.mark.proof
def test_a_workbook_open_elsewhere_costs_the_page_nothing(answered, monkeypatch):
    run(answered)
    refusing(monkeypatch, "Portfolio.xlsx")
    result = run(answered, now=NOW + DAY)
    assert (result.written, result.report) == ("Portfolio-2026-05-05.xlsx", "Portfolio.html")


def test_a_page_that_cannot_be_written_costs_only_itself(answered):
    (answered.root / "Portfolio.html").mkdir()
    result = run(answered)
    assert (result.written, result.report) == ("Portfolio.xlsx", None)
    (found,) = [f for f in result.findings if f.code == "report-locked"]
    for language in ("de", "en"):
        assert "Portfolio.html" in texts(language).sentence(found)
    assert read((answered.root / "Portfolio.xlsx").read_bytes()).sheets
    assert not any("Portfolio.html" in line for line in consolidate_lines(result)[-1:])
    assert not list(answered.root.glob(".kamxl-tmp-*"))


@pytest.mark.proof
@pytest.mark.parametrize(
    ("source", "told"),
    [("{{ page.nothing }}", "Zeile 1"), ("\n{% if %}", "Zeile 2")],
)
def test_a_broken_template_costs_only_the_page(answered, monkeypatch, tmp_path, source, told):
    folder = tmp_path / "templates" / "report"
    folder.mkdir(parents=True)
    (folder / html.NAME).write_text(source, encoding="utf-8")
    monkeypatch.setattr(html, "templates_folder", lambda: tmp_path / "templates")
    result = run(answered)
    (found,) = [f for f in result.findings if f.code == "report-locked"]
    assert told in texts("de").sentence(found)
    assert (answered.root / "Portfolio.xlsx").is_file()


@pytest.mark.proof
def test_without_its_template_nothing_is_replaced(answered, monkeypatch, tmp_path):
    run(answered)
    before = hashes(answered.root, "Portfolio.xlsx", "Portfolio.html")
    monkeypatch.setattr(html, "templates_folder", lambda: tmp_path / "templates")
    with pytest.raises(TemplateError, match=r"portfolio\.html\.j2 is missing"):
        run(answered, now=NOW + DAY)
    assert hashes(answered.root, "Portfolio.xlsx", "Portfolio.html") == before


def test_a_broken_template_names_its_place(monkeypatch, tmp_path):
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / html.NAME).write_text("\n\n{{ page.nothing }}", encoding="utf-8")
    monkeypatch.setattr(html, "templates_folder", lambda: tmp_path)
    from kamxl.forms.portfolio.book import book
    from tests.forms import portfolio_sample as sample

    with pytest.raises(TemplateError, match=r"portfolio\.html\.j2, line 3"):
        html.render(book(sample.empty(), "de", sample.STAMP, {}), {})


@pytest.mark.proof
def test_an_open_portfolio_that_is_refreshed_has_its_page(answered):
    run(answered)
    (answered.root / "open.xlsx").write_bytes((answered.root / "Portfolio.xlsx").read_bytes())
    (answered.root / "Portfolio.html").unlink()
    result = run(answered, screen=Screen(answered, takes=True))
    assert result.report == "Portfolio.html"
    assert_harmless(Reader((answered.root / "Portfolio.html").read_bytes()))
    refused = run(answered, screen=Screen(answered, takes=False))
    assert (refused.written, refused.report) == ("Portfolio-2026-05-04.xlsx", "Portfolio.html")
