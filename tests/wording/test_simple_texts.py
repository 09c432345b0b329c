"""Texts in which nothing but values is put say what Jinja2 says, which need not be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kamxl.errors import TemplateError
from kamxl.wording.texts import _names_in, texts

VALUES: tuple[Any, ...] = ("a\nb", "{{ x }}", "é\u202e", "", 3, 2.5, None, True, date(2026, 1, 2))


@pytest.mark.parametrize("language", ["de", "en"])
def test_simple_texts_say_what_jinja_says(language: str) -> None:
    t = texts(language)
    count = 0
    every = t.keys()
    for key in every:
        names = _names_in(t.source(key))[1::2]
        for value in VALUES if names else ():
            given = dict.fromkeys(names, value)
            assert t(key, **given) == t._template(key).render(given), key
            count += 1
    assert count > 1_000


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("{{ a }}: {{b}}\n", ("", "a", ": ", "b", "")),
        ("{{ a|num(1) }}", ()),
        ("{% if a %}{{ a }}{% endif %}", ()),
        ("{{ a }} {# no #}", ()),
        ("{{- a }}", ()),
        ("{{ a.b }}", ()),
        ("{{ none }}", ()),
        ("{{ a }}\r\n", ()),
    ],
)
def test_what_says_more_is_left_to_jinja(source: str, pieces: tuple[str, ...]) -> None:
    assert _names_in(source) == pieces


def test_a_value_that_is_not_given_is_a_mistake() -> None:
    t = texts("en")
    key = "portfolio.words.rated"
    assert t(key, name="Borel", rating="3", more=1) == "Borel: 3"
    with pytest.raises(TemplateError):
        t(key, name="Borel")
