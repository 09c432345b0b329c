"""What headers and choices said in earlier versions goes on being read; it is told from today's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.plan import choices as plan_choices
from kamxl.forms.register import book as register_form
from kamxl.forms.register.criteria import GROWTH
from kamxl.forms.register.sheets import FORM, RIVALS, SOURCE
from kamxl.forms.tables.columns import ANSWER, ROLE, Choices
from kamxl.wording import texts as wording
from kamxl.wording.texts import languages, shared, spoken, texts, whole
from tests.forms.registers import SHEETS, SMALL, raw_cell, small, table
from tests.wording.test_texts import own_keys

EVERY = (ANSWER, FORM, GROWTH, RIVALS, ROLE, SOURCE,
         *(one for one in vars(plan_choices).values() if isinstance(one, Choices)))  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_each_names_a_text_that_says_something_else_today(language: str) -> None:
    now = own_keys(language)
    for key, words in texts(language).former.items():
        assert key in now, f"{key} is no text, or a shared word says it: then this is its key"
        assert words
        assert now[key] not in words


def test_words_of_today_come_first_and_earlier_ones_follow() -> None:
    said = spoken("register.accounts.columns.id.header")
    assert said[0] == "ID"
    assert "Kennung" in said
    assert spoken("scorecard.wishes.effort")[0] == texts("de")("scorecard.wishes.effort")


def test_no_choice_of_today_means_another_one_of_before(monkeypatch: pytest.MonkeyPatch) -> None:
    for choices in EVERY:
        words = [w for code in choices.codes for w in spoken(f"{choices.texts}.{code}")]
        folded = [word.casefold() for word in words]
        assert len(set(folded)) == len(folded), choices.texts
    # one that is renamed goes on being read, typed and by formulas
    german = texts("de")
    earlier = replace(german, former={"register.choices.role.requirer": ("Bedarfsstelle",)})
    monkeypatch.setattr(wording, "texts", {"de": earlier, "en": texts("en")}.__getitem__)
    spoken.cache_clear()
    try:
        assert ROLE.code("bedarfsstelle") == "requirer"
        assert ROLE.spelled()["bedarfsstelle"] == "requirer"
        assert ROLE.label("requirer", "de") == "Bedarfsträger"
    finally:
        spoken.cache_clear()


def with_earlier_headers(raw: RawBook, language: str) -> RawBook:
    """A register as an earlier version labelled it, with the rows of keys deleted."""
    former = texts(language).former
    sheets = []
    for sheet, key in zip(raw.sheets, SHEETS, strict=True):
        cells = dict(sheet.cells)
        form = table(key) if key in _tables() else None
        for number, column in enumerate(form.columns if form else (), 1):
            name = f"register.{key}.columns.{column.id}.header"
            for before in former.get(shared().get(name, name), ()):
                cells[form.header_row, number] = raw_cell(before)  # type: ignore[union-attr]
            cells.pop((form.header_row + 1, number), None)  # type: ignore[union-attr]
        sheets.append(RawSheet(sheet.title, cells))
    return replace(raw, sheets=tuple(sheets))


def _tables() -> set[str]:
    return {key for key in SHEETS if key != "picture"}


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_register_of_earlier_words_is_read_by_its_headers(language: str) -> None:
    raw = with_earlier_headers(small(language), language)
    seen = {cell.text for sheet in raw.sheets for cell in sheet.cells.values()}
    assert {"de": "Grundlast", "en": "Potential left"}[language] in seen
    assert register_form.read(raw) == SMALL


def test_a_long_word_is_whole_where_it_is_no_narrow_header() -> None:
    assert whole("Grundaus-\nlastung") == "Grundauslastung"
    assert whole("Philosophy-Fit") == "Philosophy-Fit"
    assert whole("E-Mail an\nuns") == "E-Mail an uns"
    selection = table("selection")
    for column in selection.columns:
        assert "\n" not in selection.header(column, "de")
