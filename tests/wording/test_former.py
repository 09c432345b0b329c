"""What headers and choices said in earlier versions goes on being read; it is told from today's."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kamxl.forms.paper.raw import RawBook, RawSheet
from kamxl.forms.plan import choices as plan_choices
from kamxl.forms.register.criteria import GROWTH
from kamxl.forms.register.sheets import FORM, FORMS, RIVALS, SOURCE
from kamxl.forms.tables.columns import ANSWER, ROLE, Choices
from kamxl.forms.tables.declared import Table
from kamxl.forms.tables.reading import read_tables
from kamxl.wording import texts as wording
from kamxl.wording.texts import languages, spoken, texts, whole
from tests.forms.registers import raw_cell, table
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


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
@pytest.mark.parametrize("language", languages())
def test_a_table_of_earlier_words_is_found_by_its_headers(form: Table, language: str) -> None:
    """A register as an earlier version labelled it, with the row of keys deleted."""
    heads = [form.headers(column, language)[-1] for column in form.columns]
    cells = {(form.header_row, n): raw_cell(head) for n, head in enumerate(heads, 1)}
    book = RawBook((RawSheet(form.title(language), cells),))
    read = read_tables(book, [form], re.compile("none"))[form.key]
    assert read.located is not None
    assert set(read.located.columns) == {column.id for column in form.columns}
    assert read.language == language
    assert read.findings == ()


def test_a_long_word_is_whole_where_it_is_no_narrow_header() -> None:
    assert whole("Grundaus-\nlastung") == "Grundauslastung"
    assert whole("Philosophy-Fit") == "Philosophy-Fit"
    assert whole("E-Mail an\nuns") == "E-Mail an uns"
    selection = table("selection")
    for column in selection.columns:
        assert "\n" not in selection.header(column, "de")
