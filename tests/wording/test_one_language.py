"""Each workbook, the page and the mails speak one language: no text of another one's file in it.

Everything is looked at that a description of a workbook says: cells, the values and the literals of
formulas, drop-downs, help, charts, headers. What people typed is theirs, in whatever language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

import pytest

from kamxl.core.cards.shown import shown_card
from kamxl.forms.portfolio.book import book as portfolio
from kamxl.forms.scorecard.grid import size_of
from kamxl.wording.texts import languages, texts
from tests.forms import cards, plans, registers
from tests.forms import portfolio_sample as sample

# Of any language in every workbook: names of languages, and what people type (functions, the
# questions and signs that a plan begins with, the demo). The ribbon and the command line are none.
ELSEWHERE = (
    "language.", "plan.customer_functions.", "plan.questions.", "plan.indicators.", "demo.",
    "ribbon.", "setup.", "cli.", "addin.",
    "starter.",
)  # fmt: skip
_HOLE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_SHORTEST = 12  # letters of a piece between two values that tells a language


def strings(described: Any) -> set[str]:
    """Every text within a description, whatever row it stands in: "A7" is "A0" here."""
    found: set[str] = set()
    seen: set[int] = set()  # styles are shared by thousands of cells
    todo = [described]
    while todo:
        thing = todo.pop()
        if isinstance(thing, str):
            found.add(thing)
        elif id(thing) in seen or thing is None:
            continue
        elif is_dataclass(thing):
            seen.add(id(thing))
            todo.extend(getattr(thing, name) for name in _names(type(thing)))
        elif isinstance(thing, dict):
            todo.extend((*thing.keys(), *thing.values()))
        elif isinstance(thing, list | tuple | set | frozenset):
            todo.extend(thing)
    return {re.sub(r"\d+", "0", text) for text in found}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def said(described: Any) -> Iterator[str]:
    """Every text of a description, and what formulas and drop-downs say in quotes."""
    for text in sorted(strings(described)):
        if not re.match(
            r'(IFERROR\()?"?\|', text
        ):  # the words that are understood, of all languages
            yield text
            quoted = [found.replace('""', '"') for found in _LITERAL.findall(text)]
            yield from quoted
            yield from (one for found in quoted for one in found.split(","))


@cache
def sources(language: str) -> tuple[str, ...]:
    """The texts of a language that may stand in a workbook, as its file has them."""
    of = texts(language)
    keys = of.keys()
    return tuple(of.source(key) for key in keys if not key.startswith(ELSEWHERE))


@cache
def strangers(language: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """What only other languages say: whole texts, and pieces of those that hold values."""
    own = "\n".join(sources(language)).casefold()
    words = set(re.findall(r"[^\W\d_]+", own))
    whole, pieces = set(), set()
    for other in languages():
        for text in sources(other) if other != language else ():
            parts = [part.strip() for part in _HOLE.split(text)]
            if len(parts) == 1:
                whole.add(parts[0])
            pieces |= {part for part in parts[:: len(parts) > 1 or 1] if len(part) >= _SHORTEST}
    # a text that this language says as well is not strange, nor one of words that it has, nor a key
    strange = {t for t in whole if set(re.findall(r"[^\W\d_]+", t.casefold())) - words}
    keys = texts(language).keys()
    strange -= {part for key in keys for part in key.split(".")}
    # what formulas understand, people type in any language
    typed = (words for one in languages() for words in texts(one).typed.values())
    strange -= {word for words in typed for word in words}
    return frozenset(strange), tuple(p for p in pieces if " " in p and p.casefold() not in own)


def foreign(every: Sequence[str], language: str) -> list[str]:
    """What is said in another language than this one."""
    whole, pieces = strangers(language)
    found = [one for one in every if one.strip() in whole]
    return found + [one for one in every if any(piece in one for piece in pieces)]


def the_plan(language: str) -> Any:
    given = plans.of(plans.filled(language), language)
    return plans.form.book(given, language, plans.WORKSPACE, plans.STAMP)


def the_register(language: str) -> Any:
    return registers.form.book(language, registers.SMALL, registers.WORKSPACE, registers.STAMP)


def the_card(language: str) -> Any:
    order = cards.order(language, 8, 2)
    given = cards.answers(order)
    values = cards.scorecard.values(shown_card(order), cards.MARK, given)
    return cards.scorecard.book(language, size_of(order)), values


def the_portfolio(language: str) -> Any:
    return portfolio(sample.full(), language, sample.STAMP, {})


BOOKS: dict[str, Callable[[str], Any]] = {
    "card": the_card, "plan": the_plan, "register": the_register, "portfolio": the_portfolio,
}  # fmt: skip


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("name", BOOKS)
def test_no_word_of_another_language(name: str, language: str) -> None:
    every = tuple(dict.fromkeys(said(BOOKS[name](language))))
    assert foreign(every, language) == []
    other = next(one for one in languages() if one != language)
    assert len(foreign(every, other)) > 20  # the test can fail
